"""Records changes of boards and decisions: the acts of `members`, with previews by all apps."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

import covenants.merger_effects
import covenants.signing.completion
import covenants.signing.sealing
import scoring.merger_effects
from covenants.models import Paper
from covenants.models.drafts import PaperState
from emulation_bloc.lib.refusal import Refusal
from emulation_bloc.queries import obligations
from members.history import continuation, succession
from members.history.changes import Change
from members.models import BlocYear, Board, Continuation, Membership, Succession, User

# Apps with data of boards; each has `merger_effects(memberships)`.
KEEPING = (covenants.merger_effects, scoring.merger_effects)


class MovedOn(Refusal):
    """Something changed between preview and confirmation; nothing was recorded."""


@dataclass(frozen=True)
class BoardHoldings:
    """What a membership has in a year, as sentences of the apps and its open tasks."""

    membership: Membership
    sentences: list[str]


def _board_holdings(year: BlocYear, memberships: Iterable[Membership]) -> list[BoardHoldings]:
    memberships = list(memberships)
    said: dict[int, list[str]] = {membership.pk: [] for membership in memberships}
    for app in KEEPING:
        for effect in app.merger_effects(memberships):
            said[effect.membership.pk].append(effect.what)
    for task in obligations(year):
        if task.membership is not None and task.membership.pk in said and not task.is_done:
            said[task.membership.pk].append(_("Open task: %(task)s.") % {"task": task.title})
    return [BoardHoldings(membership, said[membership.pk]) for membership in memberships]


def digest(*shown: Any) -> str:
    """SHA-256 of what a page showed, to be compared with what would happen now."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()


# --- A change of boards -------------------------------------------------------------------------


@dataclass(frozen=True)
class ChangePreview:
    """What recording a change does, and for each open year what then needs a decision."""

    change: succession.Preview
    waiting: list[tuple[BlocYear, list[BoardHoldings]]]

    @property
    def digest(self) -> str:
        return digest(self.change, self.waiting)


def preview_change(year: BlocYear, change: Change) -> ChangePreview:
    """What recording the change does, and what then needs the bloc's decision in each open year.

    Raises what the act would raise.
    """
    ending = [board.pk for board in change.ending]
    shown = succession.preview(year, change)
    return ChangePreview(
        shown,
        [(one, _board_holdings(one, _memberships_left(one, ending))) for one in shown.years],
    )


def _memberships_left(year: BlocYear, boards: list[int]) -> list[Membership]:
    return list(year.memberships.acted_for_by(boards).select_related("name"))


@transaction.atomic
def record(year: BlocYear, *, change: Change, seen: str, actor: User) -> Succession:
    """Record a change as it was previewed; `seen` is the preview's digest.

    Asks "members.manage_year"; raises MovedOn if the preview has changed, WrongParties, WrongMove,
    Refusal.
    """
    year = _locked(year)
    if preview_change(year, change).digest != seen:
        raise MovedOn(_("Meanwhile something changed. Nothing was recorded; look again."))
    return succession.record_succession(year, change=change, actor=actor)


def _locked(year: BlocYear) -> BlocYear:
    return BlocYear.objects.select_for_update().get(pk=year.pk)


# --- How a year goes on -------------------------------------------------------------------------


@dataclass(frozen=True)
class Left:
    """A membership whose board has ended, what it has, and who could carry it on."""

    passing: continuation.Passing
    sentences: list[str]


def preview_continuation(year: BlocYear, change: Succession) -> list[Left]:
    """The memberships that the decision passes on, with what they have."""
    passing = continuation.preview(year, change)
    held = {
        one.membership.pk: one for one in _board_holdings(year, [one.membership for one in passing])
    }
    return [Left(one, held[one.membership.pk].sentences) for one in passing]


@transaction.atomic
def decide(
    year: BlocYear,
    change: Succession,
    *,
    decision: Mapping[str, Any],
    successors: Mapping[int, Board],
    seen: str,
    actor: User,
) -> Continuation:
    """Record how the year continues; `seen` is the preview's digest.

    In papers being signed, the new signers are invited, and papers no longer waiting for anybody
    are completed. Asks "members.decide_continuation"; raises MovedOn, AlreadyDecided, Refusal.
    """
    year = _locked(year)
    if digest(preview_continuation(year, change)) != seen:
        raise MovedOn(_("Meanwhile something changed. Nothing was recorded; look again."))
    papers = _papers_in_signing(year)
    made = continuation.carry_on(year, change, **decision, successors=successors, actor=actor)
    for paper in papers:
        covenants.signing.sealing.invite_signers(paper)
        covenants.signing.completion.complete_when_full(paper)
    return made


def _papers_in_signing(year: BlocYear) -> list[Paper]:
    """The papers of the year being signed, locked before the decision as signing does.

    Unfinished papers are locked too, as one may be opened for signing while this waits for its row.
    """
    # Not `year.papers`: their `bloc_year` would be this object, with its roles cached before.
    going_on = Paper.objects.filter(bloc_year=year.pk).standing().exclude(state=PaperState.COMPLETE)
    locked_papers = going_on.select_for_update().order_by("pk")
    return [paper for paper in locked_papers if paper.state == PaperState.SIGNING]
