"""What is due for the covenant of a year, from its boards and from the secretariat."""

import datetime as dt
from collections.abc import Iterable
from functools import partial

from django.db.models import Min
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from members.models import BlocYear, Post
from members.models.blocs import StepKind
from members.records.due_dates import Audience, Obligation

from . import paper_obligations
from .models import Comment, Covenant, Paper, Party
from .models.drafts import PaperState
from .paper_obligations import day_of
from .signing import enrolment


def obligations(year: BlocYear) -> list[Obligation]:
    """Everything due for the papers of the year, done or not, in the order of the work.

    The number of queries does not depend on the number of boards or papers.
    """
    return [*_of_covenant(year), *paper_obligations.obligations(year)]


def _of_covenant(year: BlocYear) -> list[Obligation]:
    """What is due for the year's covenant in its present state."""
    paper = Covenant.objects.standing().filter(bloc_year=year).first()
    if paper is None:
        return [_start_the_covenant(year)]
    if paper.state == PaperState.DRAFTING:
        return [_ask_for_comments(year, paper), *_answer_comments(year, paper)]
    if paper.state == PaperState.CONSULTING:
        return [
            *_comment_on_the_draft(year, paper),
            *_answer_comments(year, paper),
            _seal_the_covenant(year, paper),
        ]
    return list(_of_the_seats(year, paper))


def _covenant_page(year: BlocYear) -> str:
    """The URL of the year's covenant."""
    return reverse("covenants:paper", args=[year.bloc.slug, year.year])


def _signing_opens(year: BlocYear, paper: Paper | None = None) -> dt.date | None:
    """The day on which the text should be ready: the paper's date, else the first day of the
    signing step in the year's plan, else None.
    """
    if paper is not None and paper.dated_on is not None:
        return paper.dated_on
    step = year.steps.filter(kind=StepKind.SIGNING).first()
    return step.starts_on if step else None


def _of_secretariat(year: BlocYear, paper: Paper | None) -> partial[Obligation]:
    """An Obligation of the secretariat with day and URLs filled in."""
    page = _covenant_page(year)
    return partial(
        Obligation,
        audience=Audience.SECRETARIAT,
        due_on=_signing_opens(year, paper),
        url=page,
        page=page,
    )


def _start_the_covenant(year: BlocYear) -> Obligation:
    """Due while the year has no covenant."""
    return _of_secretariat(year, None)(
        step="start",
        title=_("Start the covenant of the year"),
        note=_("From last year's text, or from a blank page"),
        action=_("Start"),
    )


def _ask_for_comments(year: BlocYear, paper: Paper) -> Obligation:
    """Due while the covenant is being drafted."""
    return _of_secretariat(year, paper)(
        step="consult",
        title=_("Finish the draft and ask the boards for comments"),
        note=_("The covenant is being drafted"),
        action=_("Go on drafting"),
    )


def _seal_the_covenant(year: BlocYear, paper: Paper) -> Obligation:
    """Due while the covenant is in consultation."""
    return _of_secretariat(year, paper)(
        step="seal",
        title=_("Seal the covenant and open it for signing"),
        note=_("Every comment has to be answered first"),
        action=_("Check and seal"),
    )


def _answer_comments(year: BlocYear, paper: Paper) -> list[Obligation]:
    """Due while comments are unanswered; empty otherwise."""
    count = paper.comments.unanswered().count()
    if not count:
        return []
    title = ngettext_lazy(
        "Answer %(count)d comment on the draft", "Answer %(count)d comments on the draft", "count"
    )
    return [
        _of_secretariat(year, paper)(
            step="answer",
            title=title % {"count": count},
            note=_("A comment that is not taken over needs a reason"),
            action=_("Answer"),
        )
    ]


def _comment_on_the_draft(year: BlocYear, paper: Paper) -> Iterable[Obligation]:
    """An invitation to each board. It has no day, so nobody is late with it."""
    first = dict(
        Comment.objects.filter(paper=paper)
        .values_list("membership")
        .annotate(first=Min("made_at"))
        .order_by()
    )
    page = _covenant_page(year)
    for membership in year.memberships.staying().select_related("name"):
        yield Obligation(
            step="comment",
            title=_("Comment on the draft covenant"),
            column=_("Comment on the draft covenant"),
            note=_("Open while the draft is in consultation"),
            audience=Audience.BOARD,
            membership=membership,
            done_on=day_of(first.get(membership.pk)),
            url=page,
            action=_("Comment"),
            page=page,
        )


def _of_the_seats(year: BlocYear, paper: Paper) -> Iterable[Obligation]:
    """For each seat: sign; while signing is open also: have a signing key."""
    parties = paper.parties.select_related("signature", "membership__name")
    keys = _first_keys(year) if paper.state == PaperState.SIGNING else None
    for party in parties.awaited():
        if keys is not None:
            yield _hold_a_key(
                year, paper, party, day_of(keys.get(party.membership.acting_board_id))
            )
        yield sign(year, paper, party)


def _first_keys(year: BlocYear) -> dict[int, dt.datetime]:
    """Board id -> when the earliest usable key of its present leaders was made."""
    leading = Post.objects.current().signing()
    here = leading.filter(board__in=year.roles).values("person")
    posts = leading.filter(person__in=here).select_related("board").order_by("pk")
    held = list(posts.prefetch_related("board__names"))
    keys = enrolment.usable_keys(held)
    made = [(keys[post.person_id].made_at, post) for post in held if post.person_id in keys]
    latest_first = sorted(made, key=lambda pair: pair[0], reverse=True)
    return {post.board_id: made_at for made_at, post in latest_first if post.board_id}


def _hold_a_key(year: BlocYear, paper: Paper, party: Party, made_on: dt.date | None) -> Obligation:
    """Make a signing key; done when a leader of the board has a usable one, or the seat
    is signed.
    """
    return _of_seat(year, paper, party)(
        step="key",
        title=_("Make a signing key"),
        column=_("Make a signing key"),
        note=_("Takes a minute, once; without it nobody of the board can sign"),
        done_on=signed_on(party) or made_on,
        url=reverse_lazy("covenants:enrol", args=[year.bloc.slug, year.year]),
        action=_("Make the key"),
    )


def sign(year: BlocYear, paper: Paper, party: Party) -> Obligation:
    """Sign in the board's seat."""
    return _of_seat(year, paper, party)(
        step="sign",
        title=_("Sign the covenant"),
        column=_("Sign the covenant"),
        note=_("In the seat of %(board)s") % {"board": party.membership.name.short_name},
        done_on=signed_on(party),
        url=reverse_lazy("covenants:sign", args=[year.bloc.slug, year.year, party.pk]),
        action=_("Sign"),
    )


def _of_seat(year: BlocYear, paper: Paper, party: Party) -> partial[Obligation]:
    """An Obligation of the board's leader with day and page filled in."""
    return partial(
        Obligation,
        audience=Audience.BOARD_LEADER,
        membership=party.membership,
        due_on=paper.sign_by or paper.dated_on,
        page=_covenant_page(year),
    )


def signed_on(party: Party) -> dt.date | None:
    """The day on which the seat was signed, None if it is not."""
    return day_of(party.signature.signed_at) if party.is_signed else None
