"""Signs a sheet off: what is still missing, and putting the board's figures on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require
from members.records import audit
from members.records.acts import NotNow, transition

from .. import facts
from ..models import Figure, Line, Return, Sheet
from ..models.appraisal import Column
from ..models.scales import Owner
from ..models.sheets import SHEET_TRANSITIONS, SheetState
from ..transitions import lock_sheet, new_figure, record
from .filling import may_write, returned_lines


class Incomplete(Refusal):
    """Something is missing on the sheet; the sentence names the lines."""


@dataclass(frozen=True)
class Missing:
    """A line that is not complete, and what is missing, as a sentence."""

    line: Line
    what: str


def missing(lines: Iterable[Line], returned: set[int]) -> list[Missing]:
    """The lines that lack a figure, evidence or an explanation, in the order of the lines.

    `lines` need their criterion and prefetched evidence; `returned` has the ids of the lines
    returned in the current round. After a return only those are checked, for nothing else can be
    written. A figure of 0 is a figure.
    """
    own = [line for line in lines if line.is_for_the_board and may_write(line, returned)]
    return [Missing(line, what) for line in own if (what := _lack_of(line))]


def _lack_of(line: Line) -> str:
    if line.actual is None:
        return _("The figure is missing.")
    if line.criterion.needs_evidence and not line.evidence.all() and not line.explanation.strip():
        return _("Evidence is missing, or an explanation instead.")
    return ""


def unanswered(sheet: Sheet) -> list[Return]:
    """The returns of the current round to which the board has neither replied nor given another
    figure. Lines scored by others always need a reply, as the board cannot change their figure."""
    back = Return.objects.filter(line__sheet=sheet, round=sheet.round, reply="")
    waiting = back.select_related("line__criterion").order_by("line__criterion__order")
    recorded = on_record(sheet)
    return [
        one
        for one in waiting
        if not one.line.is_for_the_board or recorded.get(one.line_id) == one.line.actual
    ]


def missing_or_unanswered(sheet: Sheet, lines: Iterable[Line], returned: set[int]) -> list[Missing]:
    """What is missing on the sheet, then returned lines without a reply; each line once."""
    found = missing(lines, returned)
    if sheet.state != SheetState.RETURNED:
        return found
    named = {one.line.pk for one in found}
    what = _("Reply to why it came back, or correct the figure.")
    waiting = [one.line for one in unanswered(sheet) if one.line_id not in named]
    return [*found, *(Missing(line, what) for line in waiting)]


def on_record(sheet: Sheet) -> dict[int, object]:
    """The board's figure on record, by line id."""
    figures = Figure.objects.filter(line__sheet=sheet, column=Column.SELF).order_by("pk")
    return dict(figures.values_list("line", "fact"))


def lines_with_evidence(sheet: Sheet) -> list[Line]:
    """The lines of a sheet with criterion, group and evidence, in the order of the scale."""
    lines = sheet.lines.select_related("criterion__group").prefetch_related("evidence")
    return list(lines.order_by("criterion__group__order", "criterion__order"))


@transaction.atomic
def submit(sheet: Sheet, *, actor: User) -> None:
    """Sign the sheet off and send it to the appraisers; the figures of its lines go on record.

    Asks "scoring.sign_off"; raises Incomplete, which names the lines, and NotNow.
    """
    sheet = lock_sheet(sheet)
    if not sheet.is_with_the_board:
        raise NotNow(_("The sheet has been submitted already."))
    require(actor, "scoring.sign_off", sheet)
    lines = lines_with_evidence(sheet)
    _refuse_incomplete(sheet, lines)
    number = sheet.round + 1
    _put_on_record(sheet, lines, number, actor)
    transition(
        sheet,
        SHEET_TRANSITIONS,
        "submit",
        round=number,
        submitted_at=timezone.now(),
        submitted_by=actor,
        signed_off_as=f"{audit.actor_name(actor)}, {_title_of(sheet, actor)}",
        reply_by=None,
    )
    record(sheet, "submitted", actor, round=number)


def _refuse_incomplete(sheet: Sheet, lines: Iterable[Line]) -> None:
    lacking = missing_or_unanswered(sheet, lines, returned_lines(sheet))
    if lacking:
        raise Incomplete(" ".join(f"{one.line.criterion.code}: {one.what}" for one in lacking))


def _title_of(sheet: Sheet, actor: User) -> str:
    own = [p for p in actor.current_posts if p.board_id == sheet.membership.acting_board_id]
    return min(own, key=lambda post: post.rank).title


def _put_on_record(sheet: Sheet, lines: Iterable[Line], number: int, actor: User) -> None:
    """The board's figures and those of the portal; after a return only those of returned lines."""
    returned = returned_lines(sheet)
    sent = [line for line in lines if not sheet.round or line.pk in returned]
    codes = {line.criterion.source for line in sent if line.criterion.owner == Owner.PORTAL}
    known = facts.portal_figures(sheet.scoring.bloc_year, codes)
    Figure.objects.bulk_create(
        new_figure(
            line,
            Column.SELF,
            fact,
            reason=line.explanation or line.dispute,
            actor=actor,
            number=number,
        )
        for line in sent
        for fact in [_declared(line, sheet, known)]
        if line.is_assigned and fact is not None
    )


def _declared(
    line: Line, sheet: Sheet, known: dict[str, dict[int, facts.PortalFigure]]
) -> Decimal | None:
    if line.criterion.owner == Owner.PORTAL:
        found = known.get(line.criterion.source, {}).get(sheet.membership_id)
        return found.value if found else None
    return line.actual if line.is_for_the_board else None
