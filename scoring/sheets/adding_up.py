"""Boards whose targets the bloc added up after each had got its sheet: one sheet is ranked and gets
the sum of their plans, the others are kept aside unchanged."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from members.mergers import carried_on
from members.models import Membership, User

from ..models import Line, Scoring, Sheet
from ..transitions import CannotOpen
from . import boards_together
from .tasks import Plans, plan_of, plans_of, put_plan, sheet_to_set


@dataclass(frozen=True)
class Addition:
    """A ranked sheet and the memberships counted in it (`others`), by the decision in `document`.
    `plans` are the lines whose plan is not yet that of all boards together, each with that plan."""

    sheet: Sheet
    others: list[Membership]
    document: str
    plans: list[tuple[Line, Decimal]]

    @property
    def names(self) -> str:
        return ", ".join(one.name.short_name for one in self.others)

    @property
    def codes(self) -> str:
        return ", ".join(line.criterion.code for line, _plan in self.plans)


def additions(scoring: Scoring) -> list[Addition]:
    """The sheets in which other boards are counted, in the year's order."""
    year, decided = scoring.bloc_year, carried_on(scoring.bloc_year)
    aside = boards_together.counted_in(scoring, decided)
    if not aside:
        return []
    plans = plans_of(year)
    found = []
    for together in boards_together.grouped(year, decided):
        others = [member for member in together if member.pk in aside]
        if others:
            sheet = sheet_of(scoring, aside[others[0].pk])
            made = [decided[one.pk].continuation.document for one in together if one.pk in decided]
            document = "; ".join(dict.fromkeys(made))
            found.append(Addition(sheet, others, document, _to_add(sheet, together, plans)))
    return found


def sheet_of(scoring: Scoring, membership: Membership) -> Sheet:
    """The sheet of a membership, with `scoring` and `membership` set to these objects."""
    sheet = scoring.sheets.get(membership=membership)
    sheet.scoring, sheet.membership = scoring, membership
    return sheet


def _to_add(sheet: Sheet, together: list[Membership], plans: Plans) -> list[tuple[Line, Decimal]]:
    """The plans that differ from those of all boards together, computed as when the scoring is
    opened (`tasks.plan_of`)."""
    lines = sheet.lines.select_related("criterion__facts_from").order_by("criterion__order")
    summed = [(line, plan_of(line.criterion, together, plans)) for line in lines]
    return [(line, plan) for line, plan in summed if plan is not None and plan != line.plan]


@transaction.atomic
def add_up(sheet: Sheet, *, actor: User) -> int:
    """Give a sheet the plans of all boards counted in it; returns the number of plans changed.

    Asks "scoring.set_task". Raises CannotOpen if no other board is counted in the sheet, or if the
    sheet is not with its board, which has to give the figures of all boards.
    """
    sheet = sheet_to_set(sheet, actor)
    if not sheet.is_with_the_board:
        raise CannotOpen(_("The sheet was submitted: send its lines back to the board first."))
    mine = [one for one in additions(sheet.scoring) if one.sheet.pk == sheet.pk]
    if not mine:
        raise CannotOpen(_("No other board is counted in this sheet."))
    for line, plan in mine[0].plans:
        line.sheet = sheet
        put_plan(line, plan, mine[0].document, actor)
    return len(mine[0].plans)
