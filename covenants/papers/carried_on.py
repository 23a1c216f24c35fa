"""What a covenant shows beside its sealed text after boards merged or ended: who signs for whom, by
which decision, whose targets add up, who left. The sealed paper itself is never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_decimal
from members.mergers import CarriedOn, carried_on, departures
from members.models import Continuation

from ..models import Paper

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

    by_membership: dict[int, CarriedOn] = field(default_factory=dict)
    left: dict[int, Continuation] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sums: list[SummedRow] = field(default_factory=list)

    def seat_note(self, membership_id: int) -> str:
        """Why another board signs in place of the printed one, or nobody; "" where it does."""
        if made := self.left.get(membership_id):
            return departure(made)
        one = self.by_membership.get(membership_id)
        if one is None:
            return ""
        return _("%(board)s carries on and signs, by %(document)s") % {
            "board": one.name.short_name,
            "document": one.continuation.succession.document,
        }


def carrying(paper: Paper, content: dict[str, Any]) -> Carrying:
    """Who carries on for the boards of a covenant, and what that means for its annex."""
    by_membership, left = carried_on(paper.bloc_year), departures(paper.bloc_year)
    if not by_membership and not left:
        return Carrying()
    acting = {member.pk: member.acting_board_id for member in paper.bloc_year.memberships.all()}
    rows = memberships_of(content, list(acting))
    return Carrying(
        by_membership,
        left,
        notes=[_row_note(by_membership.get(row), left.get(row)) for row in rows],
        sums=_summed_rows(content, [acting[row] for row in rows], by_membership),
    )


def memberships_of(content: dict[str, Any], listed: Sequence[int]) -> list[int]:
    """The membership of each row of the annex. A content frozen before the rows named theirs has
    one for each board that was `listed`, in the order of the year."""
    rows = content["targets"]
    return [row.get("membership", by_place) for row, by_place in zip(rows, listed, strict=False)]


def departure(made: Continuation) -> str:
    return _("left the bloc on %(day)s, by %(document)s") % {
        "day": made.day.strftime("%d/%m/%Y"),
        "document": made.document,
    }


def _row_note(one: CarriedOn | None, left: Continuation | None) -> str:
    if left is not None:
        return departure(left)
    if one is None:
        return ""
    sentences = {
        Continuation.Treatment.CLOSE_AT_DATE: _("closed at %(day)s; carried on by %(board)s"),
        Continuation.Treatment.SUM_TARGETS: _("added up for %(board)s from %(day)s"),
        Continuation.Treatment.NOT_RANKED: _("not ranked this year; carried on by %(board)s"),
    }
    day = one.continuation.day
    sentence = sentences[Continuation.Treatment(one.continuation.treatment)]
    return "{} ({})".format(
        sentence % {"board": one.name.short_name, "day": day.strftime("%d/%m/%Y")},
        one.continuation.document,
    )


def _summed_rows(
    content: dict[str, Any], acting: Sequence[int], by_membership: Mapping[int, CarriedOn]
) -> list[SummedRow]:
    """A row for each board for which the bloc decided to add up; its own targets count in.

    `acting` holds the id of the board that acts for each row of the annex.
    """
    adding = {
        one.membership.acting_board_id: one
        for one in by_membership.values()
        if one.continuation.treatment == Continuation.Treatment.SUM_TARGETS
    }
    units = [column["unit"] for column in content["indicators"]]
    shown = list(zip(acting, content["targets"], strict=True))
    rows = {board: [row for acts, row in shown if acts == board] for board in adding}
    return [
        SummedRow(
            board=one.name.short_name,
            parents=[row["board"] for row in rows[board]],
            figures=summed([row["figures"] for row in rows[board]], units),
        )
        for board, one in adding.items()
    ]


def summed(rows: list[list[str]], units: list[str]) -> list[str]:
    """Figures of several boards column by column: amounts added up, rates put side by side."""
    columns = [[row[column] for row in rows] for column in range(len(units))]
    return [
        _side_by_side(figures) if unit.strip().startswith(RATES) else total(figures)
        for figures, unit in zip(columns, units, strict=True)
    ]


def _side_by_side(figures: list[str]) -> str:
    """Each figure once: “100”, or “100 / 105”."""
    return BETWEEN.join(dict.fromkeys(figure or "–" for figure in figures))


def total(figures: list[str]) -> str:
    try:
        return vn_decimal(sum((parse_decimal(figure) for figure in figures), Decimal()))
    except NotANumber:
        return _side_by_side(figures)
