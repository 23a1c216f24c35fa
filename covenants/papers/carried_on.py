"""Notes beside a sealed covenant after boards merged or left the bloc: who signs for whom, by which
decision, and whose targets are added up. The sealed paper is not changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_decimal
from members.mergers import CarriedOn, carried_on, departures
from members.models import Continuation

from ..models import Paper

# Rates of two boards cannot be added up to the rate of the merged board.
RATES = ("%", "‰")
BETWEEN = " / "


@dataclass(frozen=True)
class SummedRow:
    """Targets of several boards added up for the board that carries them on; `figures` as
    printed.
    """

    board: str
    parents: list[str]
    figures: list[str]

    @property
    def sentence(self) -> str:
        return _("added up from %(boards)s") % {"boards": ", ".join(self.parents)}


@dataclass(frozen=True)
class MergerNotes:
    """The bloc's decisions that affect a covenant; empty if no merger or departure does.

    `by_membership` and `left` are keyed by membership id. `notes` has one sentence, or "", per row
    of the annex.
    """

    by_membership: dict[int, CarriedOn] = field(default_factory=dict)
    left: dict[int, Continuation] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    sums: list[SummedRow] = field(default_factory=list)

    def seat_note(self, membership_id: int) -> str:
        """Why another board signs in this seat, or nobody; "" if the printed board signs."""
        if made := self.left.get(membership_id):
            return departure(made)
        one = self.by_membership.get(membership_id)
        if one is None:
            return ""
        return _("%(board)s carries on and signs, by %(document)s") % {
            "board": one.name.short_name,
            "document": one.continuation.succession.document,
        }


def merger_notes(paper: Paper, content: dict[str, Any]) -> MergerNotes:
    """The decisions on boards of the covenant's year, with notes and sums for the annex in
    `content`.
    """
    by_membership, left = carried_on(paper.bloc_year), departures(paper.bloc_year)
    if not by_membership and not left:
        return MergerNotes()
    acting = {member.pk: member.acting_board_id for member in paper.bloc_year.memberships.all()}
    rows = memberships_of(content, list(acting))
    return MergerNotes(
        by_membership,
        left,
        notes=[_row_note(by_membership.get(row), left.get(row)) for row in rows],
        sums=_summed_rows(content, [acting[row] for row in rows], by_membership),
    )


def memberships_of(content: dict[str, Any], listed: Sequence[int]) -> list[int]:
    """The membership id of each row of the annex.

    Old versions do not store it; there the rows are matched to `listed` by position.
    """
    rows = content["targets"]
    return [row.get("membership", by_place) for row, by_place in zip(rows, listed, strict=False)]


def departure(made: Continuation) -> str:
    """The sentence that a board left the bloc, with day and document."""
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
    """One row per board whose decision is to add targets up; the board's own targets are included.

    `acting` has the id of the acting board for each row of the annex.
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
    """Per column, the sum of the boards' figures; rates (%, ‰) are listed side by side instead."""
    columns = [[row[column] for row in rows] for column in range(len(units))]
    return [
        _side_by_side(figures) if unit.strip().startswith(RATES) else total(figures)
        for figures, unit in zip(columns, units, strict=True)
    ]


def _side_by_side(figures: list[str]) -> str:
    """The different figures, each once: “100”, or “100 / 105”."""
    return BETWEEN.join(dict.fromkeys(figure or "–" for figure in figures))


def total(figures: list[str]) -> str:
    """The sum in Vietnamese notation; the figures side by side if one of them is not a number."""
    try:
        return vn_decimal(sum((parse_decimal(figure) for figure in figures), Decimal()))
    except NotANumber:
        return _side_by_side(figures)
