"""Reminders of what is due: a text to copy into a chat, and the same by mail."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from members.models import BlocYear, Membership, OutboxMessage, Person, User
from members.permissions import require
from members.records import audit, outbox, recipients
from members.records.due_dates import POSTS, Obligation

from .lib.refusal import Refusal
from .queries import obligations

# Time given for what is late.
ANSWER_WITHIN = dt.timedelta(days=4)


class NothingToRemind(Refusal):
    """No board owes anything."""


@dataclass(frozen=True)
class OwingBoard:
    """A board and its open obligations with a day, in the order of the work."""

    membership: Membership
    obligations: list[Obligation]

    def is_late(self, today: dt.date) -> bool:
        return any(obligation.is_late(today) for obligation in self.obligations)


def owing_boards(found: Iterable[Obligation], *, year: BlocYear) -> list[OwingBoard]:
    """The boards with open obligations that have a day, in the year's order; [] in a
    closed year.
    """
    if year.is_closed:
        return []
    owing: dict[Membership, list[Obligation]] = {}
    for one in found:
        if one.membership is not None and one.due_on is not None and not one.is_done:
            owing.setdefault(one.membership, []).append(one)
    boards = [OwingBoard(membership, owed) for membership, owed in owing.items()]
    return sorted(boards, key=lambda board: board.membership.order)


def reminder_text(boards: list[OwingBoard], *, year: BlocYear, today: dt.date) -> str:
    """The reminder text, always in Vietnamese. Raises NothingToRemind."""
    if not boards:
        raise NothingToRemind(_("No board owes anything now: there is nobody to remind."))
    label = year.bloc.label
    with translation.override("vi"):
        lines = [
            "Kính gửi các anh, chị đầu mối,",
            f"Tính đến ngày {today:%d/%m/%Y}, {label} còn chờ:",
            *_numbered(boards),
            f"{request_sentence(boards, today)} Trân trọng cảm ơn.",
            f"Thư ký {label} thi đua",
        ]
    return "\n".join(lines)


def request_sentence(boards: list[OwingBoard], today: dt.date) -> str:
    """The sentence that asks to act in time; what is late, within ANSWER_WITHIN."""
    owed = [one.is_late(today) for board in boards for one in board.obligations]
    soon = f"trước ngày {today + ANSWER_WITHIN:%d/%m}"
    if all(owed):
        return f"Đề nghị các ban thực hiện {soon}."
    if any(owed):
        return f"Đề nghị các ban thực hiện đúng hạn; việc đã quá hạn thực hiện {soon}."
    return "Đề nghị các ban thực hiện đúng hạn."


def _numbered(boards: list[OwingBoard]) -> list[str]:
    """A line per board: “1. Đắk Nông: Ký giao ước (hạn 04/05).”"""
    provinces = Counter(board.membership.name.province for board in boards)
    return [
        f"{number}. {_name_in_chat(board.membership, provinces)}: {_owed_words(board)}."
        for number, board in enumerate(boards, start=1)
    ]


def _name_in_chat(membership: Membership, provinces: Counter[str]) -> str:
    """The board's province, or its short name if two boards share the province."""
    name = membership.name
    return name.province if provinces[name.province] == 1 else name.short_name


def _owed_words(board: OwingBoard) -> str:
    return "; ".join(f"{one.title} (hạn {one.due_on:%d/%m})" for one in board.obligations)


@transaction.atomic
def send(year: BlocYear, *, actor: User) -> int:
    """Mail the reminder to those who may act in the boards that owe, at most once per person and
    day.

    Returns how many mails were queued. Asks "members.manage_year"; raises NothingToRemind.
    """
    require(actor, "members.manage_year", year)
    today = timezone.localdate()
    boards = owing_boards(obligations(year), year=year)
    words = reminder_text(boards, year=year, today=today)
    people = {_key_for(year, person, today): person for person in _people_to_remind(boards)}
    known = OutboxMessage.objects.filter(key__in=people).values_list("key", flat=True)
    fresh = {key: person for key, person in people.items() if key not in set(known)}
    for key, person in fresh.items():
        context = {"text": words, "year": year}
        outbox.queue(person, key=key, template="members/mail/reminder.txt", context=context)
    if fresh:
        _record(year, boards, mails=len(fresh), actor=actor)
    return len(fresh)


def _key_for(year: BlocYear, person: Person, today: dt.date) -> str:
    return f"reminders.late:{year.pk}:{person.pk}:{today.isoformat()}"


def _people_to_remind(boards: list[OwingBoard]) -> list[Person]:
    """People with an address who hold a post today that may do what is owed, and contact
    officers.
    """
    kinds: dict[int, set[str]] = {}
    for board in boards:
        kinds.setdefault(board.membership.acting_board_id, set()).update(_kinds_for(board))
    return [person for person in recipients.people_in_posts(kinds) if person.email]


def _kinds_for(board: OwingBoard) -> set[str]:
    """The posts that may do what is owed, and the contact officer's."""
    acting = {kind for one in board.obligations for kind in POSTS[one.audience]}
    return acting | {"officer"}


def _record(year: BlocYear, owing: list[OwingBoard], *, mails: int, actor: User) -> None:
    """Write the audit entry of the reminder."""
    boards = [board.membership.board_id for board in owing]
    audit.record(
        "reminders.sent",
        actor=actor,
        subject=year,
        bloc=year.bloc,
        details={"boards": boards, "mails": mails},
    )
