"""A sheet as its pages show it: group by group, points in three columns, last year's beside them.

What the board is still writing is computed as if it were submitted now. Points that depend on the
figures of other boards are left open until publication, before which nobody may see those.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from django.db.models import prefetch_related_objects

from emulation_bloc.lib.numbers import vn_figure
from members.models import Membership, User

from .. import computing, facts
from ..computing import NotAssigned
from ..formulas import Fact
from ..models import CriterionGroup, Line, Return, Sheet
from ..models.appraisal import Column
from ..models.scales import Owner
from ..models.sheets import ScoringState, SheetState
from ..scale import computable
from ..scale.drafts import tree_of
from ..scale.text import rule_of
from . import submitting
from .boards import board_sheets, computable_sheet, needs_figure, waiting_lines
from .filling import may_write
from .last_year import LastYear, last_year_of

# A code that no criterion has: a formula that takes its figure from there finds none.
NOBODY = "\N{EM DASH}"


@dataclass(frozen=True)
class Mark:
    """A line's result in a column. `points` is None if there is none yet; `words` is the
    calculation; `is_changed` is true if the points differ from those of the column before, and
    `reason` says why."""

    points: Decimal | None = None
    words: str = ""
    reason: str = ""
    is_changed: bool = False


@dataclass
class Row:
    """A line on the page. `returned` is its last return, `lack` what is still missing, as a
    sentence."""

    line: Line
    own: Mark
    appraised: Mark
    agreed: Mark
    rule: str
    waits_for_all: bool
    before: Decimal | None = None
    known: facts.PortalFigure | None = None
    returned: Return | None = None
    is_back: bool = False
    can_write: bool = False
    lack: str = ""
    # The figure proposed to the appraiser, which the button “as proposed” enters.
    proposed: Decimal | None = None
    # The form controls of the row by what they hold ("figure", "explanation"); put in by the view.
    cells: dict[str, Any] = field(default_factory=dict)

    @property
    def plan(self) -> str:
        return "" if self.line.plan is None else vn_figure(self.line.plan)


@dataclass
class Section:
    """A group with its rows and its points in each column; `depth` is 0 for a top group."""

    group: CriterionGroup
    depth: int
    rows: list[Row]
    points: dict[str, Decimal | None]
    before: Decimal | None


@dataclass
class SheetPage:
    sheet: Sheet
    sections: list[Section]
    results: dict[str, computing.BoardResult | None]
    missing: list[submitting.Missing]
    before: LastYear | None
    # The membership in whose sheet the board is counted, if this sheet is kept aside.
    counted_in: Membership | None
    # Number of lines that need an appraised figure, and of those that do not have it yet.
    to_appraise: int
    waiting: int

    @property
    def waits(self) -> bool:
        """Whether the appraisal has begun but is not complete, so that the appraised points say
        nothing yet."""
        return self.appraised is not None and self.waiting > 0

    @property
    def done(self) -> int:
        return self.to_appraise - self.waiting

    @property
    def rows(self) -> list[Row]:
        return [row for section in self.sections for row in section.rows]

    @property
    def own(self) -> computing.BoardResult | None:
        return self.results[Column.SELF]

    @property
    def appraised(self) -> computing.BoardResult | None:
        return self.results[Column.APPRAISED]

    @property
    def agreed(self) -> computing.BoardResult | None:
        return self.results[Column.AGREED]

    @property
    def waiting_for_all(self) -> list[str]:
        """The codes of lines whose points depend on the sheets of all boards, before
        publication."""
        return [row.line.criterion.code for row in self.rows if row.waits_for_all]


def build_sheet_page(sheet: Sheet, *, reader: User) -> SheetPage:
    """The sheet with everything that its page shows; the number of queries does not depend on its
    lines."""
    return Reading(sheet, reader).whole()


class Reading:
    """Reads a sheet once and builds its page row by row."""

    def __init__(self, sheet: Sheet, reader: User) -> None:
        self.sheet, self.reader = sheet, reader
        self.scoring, self.scale = sheet.scoring, sheet.scoring.scale
        self.rules = computable.rules_of(self.scale)
        self.boards = board_sheets(self.scoring, None if self.needs_all else [sheet])
        self.board = next(one for one in self.boards if one.sheet.pk == sheet.pk)
        prefetch_related_objects(self.board.lines, "evidence")
        _share_sources(self.board.lines)
        self.returns = returns_of(sheet)
        self.back = {pk for pk, one in self.returns.items() if one.round == sheet.round}
        self.known = _known_for(sheet, self.board.lines)
        self.before = last_year_of(sheet, reader=reader)
        self.missing = submitting.missing_or_unanswered(sheet, self.board.lines, self.back)
        self.can_fill = reader.has_perm("scoring.fill", sheet)

    @property
    def needs_all(self) -> bool:
        """Whether other boards' sheets are needed: a criterion compares boards, and the scores are
        published."""
        compares = any(one.formula.compares for one in self.rules.criteria)
        return compares and self.scoring.is_published

    def whole(self) -> SheetPage:
        found = {column: self.result(column) for column in Column.values}
        rows = {line.pk: self.row(line, found) for line in self.board.lines}
        for one in self.missing:
            rows[one.line.pk].lack = one.what
        return SheetPage(
            sheet=self.sheet,
            sections=self.sections(list(rows.values()), found),
            results=found,
            missing=self.missing,
            before=self.before,
            counted_in=self.board.counted_in,
            to_appraise=sum(needs_figure(line) for line in self.board.lines),
            waiting=len(waiting_lines(self.board)),
        )

    # --- Points -----------------------------------------------------------------------------------

    def result(self, column: str) -> computing.BoardResult | None:
        """The board's points in a column; None for the appraised and agreed column before there are
        any."""
        agreed = self.scoring.state in (ScoringState.AGREED, ScoringState.FINAL)
        if column == Column.AGREED and not agreed:
            return None
        sheets = [computable_sheet(board, column) for board in self.boards]
        if column == Column.SELF:
            sheets = [
                replace(one, facts=self.own_facts()) if one.board == self.membership else one
                for one in sheets
            ]
        elif not any(one.facts for one in sheets if one.board == self.membership):
            return None
        return computing.compute(self.comparable(), sheets).of_board(self.membership)

    @property
    def membership(self) -> int:
        return self.sheet.membership_id

    def comparable(self) -> computing.Scale:
        """The scale for computing this sheet alone: before publication, criteria that compare
        boards get no figures."""
        if self.scoring.is_published:
            return self.rules
        criteria = (
            replace(one, facts_from=NOBODY) if one.formula.compares else one
            for one in self.rules.criteria
        )
        return replace(self.rules, criteria=tuple(criteria))

    def own_facts(self) -> Mapping[str, Fact]:
        found = ((line.criterion.code, self.own_fact(line)) for line in self.board.lines)
        return {code: fact for code, fact in found if fact is not None}

    def own_fact(self, line: Line) -> Fact | None:
        """The figure that would go on record now if the board may write on the line, else the one
        on record."""
        if not line.is_assigned:
            return None
        if self.scoring.is_open and may_write(line, self.back):
            actual = self.writing(line)
        else:
            current = self.board.figure_in(line, Column.SELF)
            actual = current.fact if current else None
        return None if actual is None else Fact(actual=actual, plan=line.plan)

    def writing(self, line: Line) -> Decimal | None:
        if line.criterion.owner == Owner.PORTAL:
            known = self.known_of(line)
            return known.value if known else None
        return line.actual if line.is_for_the_board else None

    def known_of(self, line: Line) -> facts.PortalFigure | None:
        return self.known.get(line.criterion.source, {}).get(self.membership)

    # --- Rows and groups --------------------------------------------------------------------------

    def row(self, line: Line, found: Mapping[str, computing.BoardResult | None]) -> Row:
        marks = {column: self.mark(line, column, result) for column, result in found.items()}
        criterion, returned = line.criterion, self.returns.get(line.pk)
        return Row(
            line=line,
            own=marks[Column.SELF],
            appraised=self.against(marks, line, Column.APPRAISED, Column.SELF),
            agreed=self.against(marks, line, Column.AGREED, Column.APPRAISED),
            rule=rule_of(criterion),
            waits_for_all=self.waits_for_all(line),
            before=self.before.lines.get(criterion.code) if self.before else None,
            known=self.known_of(line) if criterion.owner == Owner.PORTAL else None,
            returned=returned,
            is_back=line.pk in self.back and self.sheet.state == SheetState.RETURNED,
            can_write=self.can_fill and may_write(line, self.back),
        )

    def waits_for_all(self, line: Line) -> bool:
        return line.is_assigned and self.scoring.is_open and line.criterion.formula.compares

    def mark(self, line: Line, column: str, result: computing.BoardResult | None) -> Mark:
        if result is None:
            return Mark()
        computed = result.lines[line.criterion.code]
        if not line.is_assigned:
            full = self.scale.not_assigned == NotAssigned.FULL
            return Mark(computed.points) if full else Mark()
        if computed.fact.actual is None:
            return Mark()
        words = line.criterion.formula.words(computed.fact, self.scale.rounding)
        return Mark(computed.points, words)

    def against(self, marks: Mapping[str, Mark], line: Line, column: str, before: str) -> Mark:
        """The mark of a column, with the reason of its figure and whether its points differ from
        those of the column before."""
        mark, current = marks[column], self.board.figure_in(line, column)
        if mark.points is None:
            return mark
        reason = current.reason if current and current.column == column else ""
        changed = marks[before].points not in (None, mark.points)
        return replace(mark, reason=reason, is_changed=changed)

    def sections(
        self, rows: Iterable[Row], found: Mapping[str, computing.BoardResult | None]
    ) -> list[Section]:
        by_group: dict[int, list[Row]] = {}
        for row in rows:
            by_group.setdefault(row.line.criterion.group_id, []).append(row)
        depths: dict[int | None, int] = {None: -1}
        sections = []
        for group in tree_of(self.scale):
            depths[group.pk] = depths[group.parent_id] + 1
            sections.append(
                Section(
                    group=group,
                    depth=depths[group.pk],
                    rows=by_group.get(group.pk, []),
                    points={
                        column: result.groups[group.code] if result else None
                        for column, result in found.items()
                    },
                    before=self.before.groups.get(group.code) if self.before else None,
                )
            )
        return sections


def _share_sources(lines: Iterable[Line]) -> None:
    """Set `facts_from` of each criterion to the loaded criterion, which saves a query per line."""
    criteria = {line.criterion_id: line.criterion for line in lines}
    for criterion in criteria.values():
        if criterion.facts_from_id is not None:
            criterion.facts_from = criteria[criterion.facts_from_id]


def returns_of(sheet: Sheet) -> dict[int, Return]:
    """The last return of each line that was ever returned, by line id."""
    return {one.line_id: one for one in Return.objects.filter(line__sheet=sheet).order_by("round")}


def _known_for(sheet: Sheet, lines: Iterable[Line]) -> dict[str, dict[int, facts.PortalFigure]]:
    codes = {line.criterion.source for line in lines if line.criterion.owner == Owner.PORTAL}
    return facts.portal_figures(sheet.scoring.bloc_year, codes)
