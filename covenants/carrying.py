"""What a covenant shows beside its sealed text after boards merged: who signs for whom, by which
decision, and whose targets add up. The sealed paper itself is never changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_decimal
from members.models import Continuation, Membership
from members.queries import CarriedOn, carried_on

from .models import Paper

# Rates of two boards do not add up to the rate of the board that both became.
RATES = ("%", "‰")
BETWEEN = " / "


@dataclass(frozen=True)
class SummedRow:
    """The targets that a board took over from others, added up."""

    board: str
    parents: list[str]
    figures: list[str]

    @property
    def sentence(self) -> str:
        return _("added up from %(boards)s") % {"boards": ", ".join(self.parents)}


@dataclass(frozen=True)
class Carrying:
    """What the bloc decided for the memberships of a covenant's year; empty where it had not to.

    `notes` holds a sentence, or "", for each row of the annex, in the rows' order.
    """

    by_membership: dict[int, CarriedOn]
    notes: list[str] = field(default_factory=list)
    sums: list[SummedRow] = field(default_factory=list)

    def seat_note(self, membership_id: int) -> str:
        """Who signs in place of the printed board, and by which decision; "" where it does."""
        one = self.by_membership.get(membership_id)
        if one is None:
            return ""
        return _("%(board)s carries on and signs, by %(document)s") % {
            "board": one.name.short_name,
            "document": one.continuation.succession.document,
        }


def carrying(paper: Paper, content: dict[str, Any]) -> Carrying:
    """Who carries on for the boards of a covenant, and what that means for its annex."""
    by_membership = carried_on(paper.bloc_year)
    if not by_membership:
        return Carrying({})
    # The rows of the annex were frozen in the order of the year's list.
    memberships = list(paper.bloc_year.memberships.select_related("name").order_by("order"))
    return Carrying(
        by_membership,
        notes=[row_note(by_membership.get(membership.pk)) for membership in memberships],
        sums=summed_rows(content, memberships, by_membership),
    )


def row_note(one: CarriedOn | None) -> str:
    if one is None:
        return ""
    sentences = {
        Continuation.Treatment.CLOSE_AT_DATE: _("closed at %(day)s; carried on by %(board)s"),
        Continuation.Treatment.SUM_TARGETS: _("added up for %(board)s from %(day)s"),
        Continuation.Treatment.NOT_RANKED: _("not ranked this year; carried on by %(board)s"),
    }
    day = one.continuation.succession.effective_on or one.continuation.decided_on
    sentence = sentences[Continuation.Treatment(one.continuation.treatment)]
    return "{} ({})".format(
        sentence % {"board": one.name.short_name, "day": day.strftime("%d/%m/%Y")},
        one.continuation.document,
    )


def summed_rows(
    content: dict[str, Any], memberships: Sequence[Membership], by_membership: dict[int, CarriedOn]
) -> list[SummedRow]:
    """A row for each board for which the bloc decided to add up; its own targets count in."""
    adding = {
        one.membership.acting_board_id: one
        for one in by_membership.values()
        if one.continuation.treatment == Continuation.Treatment.SUM_TARGETS
    }
    rows = list(zip(memberships, content["targets"], strict=False))
    units = [column["unit"] for column in content["indicators"]]
    return [
        SummedRow(
            board=one.name.short_name,
            parents=[row["board"] for member, row in rows if member.acting_board_id == board],
            figures=summed(
                [row["figures"] for member, row in rows if member.acting_board_id == board], units
            ),
        )
        for board, one in adding.items()
    ]


def summed(rows: list[list[str]], units: list[str]) -> list[str]:
    """Figures of several boards column by column: amounts added up, rates put side by side."""
    columns = [[row[column] for row in rows] for column in range(len(units))]
    return [
        side_by_side(figures) if unit.strip().startswith(RATES) else total(figures)
        for figures, unit in zip(columns, units, strict=True)
    ]


def side_by_side(figures: list[str]) -> str:
    """Each figure once: “100”, or “100 / 105”."""
    return BETWEEN.join(dict.fromkeys(figure or "–" for figure in figures))


def total(figures: list[str]) -> str:
    try:
        return vn_decimal(sum((parse_decimal(figure) for figure in figures), Decimal()))
    except NotANumber:
        return side_by_side(figures)
