"""The groups and criteria of a scale as a workbook, and back without loss.

One row per group or criterion; the rules of the whole scale and the grades are not in the file.
Reading writes nothing: it returns a draft, and the problems of each row.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from emulation_bloc.lib import workbooks, xlsx
from emulation_bloc.lib.workbooks import Column, Form, Row

from .. import facts, formulas
from ..computing import Combine
from ..models.scales import COMBINE_LABELS, Kind, Owner
from . import parameters as scale_parameters
from .drafts import CriterionDraft, GroupDraft, ScaleDraft

WHAT, KIND_OF_FILE = "what", "point-scale"
MOST_POINTS = Decimal(100_000)
LONGEST = {"code": 12, "title": 250, "unit": 40, "indicator": 200}
# No criterion has both levels and steps: they share one column.
PARAMETERS = scale_parameters.NUMBERS
ROWS = tuple(scale_parameters.LISTS)


# --- The words of the table -----------------------------------------------------------------------


def _sorts() -> dict[str, str]:
    return {"group": _("Group"), "criterion": _("Criterion")}


def yes_no() -> dict[bool, str]:
    """The words for yes and no."""
    return {True: _("Yes"), False: _("No")}


def headings() -> dict[str, str]:
    """The headings of the columns by field, in their order."""
    return {
        "sort": _("Group or criterion"),
        "code": _("Code"),
        "within": _("Stands in group"),
        "title": _("Title"),
        "max_points": _("Points"),
        "bonus_points": _("Bonus points at most"),
        "is_bonus": _("Bonus group"),
        "combine": _("Bonus criteria are"),
        "kind": _("Way of scoring"),
        "rows": _("Levels or steps, one a line"),
        **{name: str(formulas.LABELS[name]) for name in PARAMETERS},
        "owner": _("The figure comes from"),
        "source": _("Record of the portal"),
        "unit": _("Unit"),
        "indicator": _("Indicator of the covenant"),
        "facts_from": _("Uses the figure of"),
        "needs_evidence": _("Evidence is required"),
        "help_text": _("Guidance"),
    }


def choices() -> dict[str, list[str]]:
    """The words that may be chosen in a column, by field."""
    return {
        "sort": list(_sorts().values()),
        "is_bonus": list(yes_no().values()),
        "needs_evidence": list(yes_no().values()),
        "combine": words(COMBINE_LABELS.items()),
        "kind": words(Kind.choices),
        "owner": words(Owner.choices),
        "source": [str(source.title) for source in facts.SOURCES.values()],
    }


def words(pairs: Iterable[tuple[Any, Any]]) -> list[str]:
    """The labels of Django choices."""
    return [str(label) for _value, label in pairs]


WIDTHS = {"title": 44, "rows": 36, "help_text": 40, "kind": 26, "owner": 24, "source": 26}
NUMERIC = {"max_points", "bonus_points", *PARAMETERS}


# --- Writing --------------------------------------------------------------------------------------


def workbook(draft: ScaleDraft) -> bytes:
    """The workbook of a scale, with guide and spare rows."""
    offered = choices()
    columns = [
        Column(
            heading,
            WIDTHS.get(name, 0),
            editable=True,
            as_typed=name not in NUMERIC,
            choices=offered.get(name, ()),
        )
        for name, heading in headings().items()
    ]
    return workbooks.form(
        _("Point scale"),
        guide=guide(),
        facts={WHAT: KIND_OF_FILE},
        columns=columns,
        rows=table(draft),
        spare_rows=40,
    )


def guide() -> list[str]:
    """The sentences of the guide."""
    return [
        _("Each row is a group or a criterion; the order of the rows is the order of the scale."),
        _("A criterion, and a group within another, names in “Stands in group” the code of it."),
        _("Levels: one a line, the points, “=”, the words, as in “10 = Đúng tiến độ”."),
        _("Steps: one a line, from which figure on, “=”, the points, as in “95 = 6”."),
        _("The file replaces all groups and criteria; the rules and the grades stay."),
        _("Nothing changes before you have seen the differences in the portal and confirmed them."),
    ]


def table(draft: ScaleDraft) -> Iterator[list[xlsx.Value]]:
    """The rows: each group, its criteria, then the groups inside it."""
    for group in draft.groups:
        yield _as_row(_cells_of_group(group))
        for criterion in draft.criteria:
            if criterion.group == group.code:
                yield _as_row(_cells_of_criterion(criterion))


def _as_row(cells: dict[str, xlsx.Value]) -> list[xlsx.Value]:
    return [cells.get(name) for name in headings()]


def _cells_of_group(group: GroupDraft) -> dict[str, xlsx.Value]:
    return {
        "sort": _sorts()["group"],
        "code": group.code,
        "within": group.parent,
        "title": group.title,
        "max_points": group.max_points,
        "is_bonus": yes_no()[group.is_bonus],
        "combine": str(COMBINE_LABELS[group.combine]),
    }


def _cells_of_criterion(one: CriterionDraft) -> dict[str, xlsx.Value]:
    texts = scale_parameters.texts_of(one.parameters)
    source = facts.SOURCES.get(one.source)
    return {
        "sort": _sorts()["criterion"],
        "code": one.code,
        "within": one.group,
        "title": one.title,
        "max_points": one.max_points,
        "bonus_points": one.bonus_points,
        "kind": str(Kind(one.kind).label),
        "rows": "\n".join(texts[name] for name in ROWS if name in texts),
        **{name: Decimal(one.parameters[name]) for name in PARAMETERS if name in one.parameters},
        "owner": str(Owner(one.owner).label),
        "source": str(source.title) if source else one.source,
        "unit": one.unit,
        "indicator": one.indicator,
        "facts_from": one.facts_from,
        "needs_evidence": yes_no()[one.needs_evidence],
        "help_text": one.help_text,
    }


# --- Reading --------------------------------------------------------------------------------------


def read_scale(content: bytes, *, limit: int) -> tuple[ScaleDraft, Form]:
    """The draft in a workbook, and the form with the problems found; with problems the draft must
    not be used.

    Raises WorkbookRefused if the file is not a workbook of this kind.
    """
    form = workbooks.read_form(content, limit=limit)
    if form.facts.get(WHAT) != KIND_OF_FILE:
        raise workbooks.WorkbookRefused(workbooks.Reason.NO_FACTS)
    form.require(headings().values())
    return Reading(form).draft(), form


class Reading:
    """Reads one workbook; problems are noted in the form, at their cell."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.headings = headings()
        self.sorts = {label: sort for sort, label in _sorts().items()}

    def draft(self) -> ScaleDraft:
        rows: dict[str, list[Row]] = {"group": [], "criterion": []}
        for row in self.form.rows:
            if sort := self.one_of(row, "sort", self.sorts):
                rows[sort].append(row)
        if not rows["criterion"]:
            self.form.note(None, self.headings["sort"], _("The file holds no criterion."))
        groups = self.by_code(rows["group"])
        criteria = self.by_code(rows["criterion"])
        return ScaleDraft(
            groups=tuple(
                self.group(row, groups, place) for place, row in enumerate(groups.values())
            ),
            criteria=tuple(self.criterion(row, groups, criteria) for row in criteria.values()),
        )

    def by_code(self, rows: list[Row]) -> dict[str, Row]:
        """The rows by their codes; a group and a criterion may have the same code."""
        part = Form(self.form.facts, self.form.headings, rows)
        found = part.by_code(self.headings["code"])
        for problem in part.problems:
            self.form.note_at(problem.row, problem.column, problem.sentence)
        return found

    def group(self, row: Row, groups: dict[str, Row], place: int) -> GroupDraft:
        parent = self.text(row, "within")
        # A group must come below the group that contains it, which rules out cycles.
        if parent and parent not in list(groups)[:place]:
            self.note(row, "within", _("No row above is a group with this code."))
        is_bonus = self.flag(row, "is_bonus", otherwise=False)
        combine = self.choice(row, "combine", COMBINE_LABELS.items()) or Combine.SUM.value
        if combine != Combine.SUM and not is_bonus:
            self.note(row, "combine", _("Only in a bonus group can the highest alone count."))
        return GroupDraft(
            code=self.short(row, "code"),
            title=self.needed(row, "title"),
            max_points=self.points(row, "max_points"),
            is_bonus=is_bonus,
            combine=combine,
            parent=parent,
        )

    def criterion(
        self, row: Row, groups: dict[str, Row], criteria: dict[str, Row]
    ) -> CriterionDraft:
        if self.text(row, "within") not in groups:
            self.note(row, "within", _("No row of this file is a group with this code."))
        kind = self.choice(row, "kind", Kind.choices)
        if not kind:
            self.note(row, "kind", _("Choose the way of scoring."))
        found_before = len(self.form.problems)
        max_points = self.points(row, "max_points")
        # The check of the formula needs the points: if they cannot be read, only that is reported.
        judged = kind if len(self.form.problems) == found_before else ""
        owner = self.choice(row, "owner", Owner.choices) or Owner.BOARD.value
        return CriterionDraft(
            group=self.text(row, "within"),
            code=self.short(row, "code"),
            title=self.needed(row, "title"),
            kind=kind,
            max_points=max_points,
            parameters=self.parameters(row, judged, max_points),
            bonus_points=self.points(row, "bonus_points"),
            help_text=self.text(row, "help_text"),
            owner=owner,
            source=self.source(row, owner),
            unit=self.short(row, "unit"),
            indicator=self.short(row, "indicator"),
            facts_from=self.facts_from(row, criteria),
            needs_evidence=self.flag(row, "needs_evidence", otherwise=True),
        )

    def parameters(self, row: Row, kind: str, max_points: Decimal) -> dict[str, Any]:
        """The parameters of the row's formula as they are stored; {} if they are not valid, which
        is noted."""
        names = scale_parameters.names_of(kind)
        numbers = {name: self.form.number(row, self.headings[name]) for name in PARAMETERS}
        texts = {name: format(value, "f") for name, value in numbers.items() if value is not None}
        lines = self.text(row, "rows")
        given: dict[str, Any] = dict(texts)
        if lines:
            where = next((name for name in ROWS if name in names), ROWS[0])
            given[where] = scale_parameters.parameters_in({where: lines})[where]
        if not kind:
            return {}
        try:
            return formulas.parameters_of(formulas.read_formula(kind, given, max_points))
        except formulas.BadFormula as fault:
            self.note(row, "kind", str(fault))
            return {}

    def source(self, row: Row, owner: str) -> str:
        titles = {str(source.title): code for code, source in facts.SOURCES.items()}
        text = self.text(row, "source")
        if owner == Owner.PORTAL and not text:
            self.note(row, "source", _("Say from which record the portal takes the figure."))
        if text and text not in titles:
            self.note(row, "source", _("The portal keeps no such record yet."))
        return titles.get(text, text)

    def facts_from(self, row: Row, criteria: dict[str, Row]) -> str:
        code = self.text(row, "facts_from")
        if not code:
            return ""
        source = criteria.get(code)
        if source is None:
            self.note(row, "facts_from", _("No row of this file is a criterion with this code."))
        elif self.text(source, "facts_from") or source is row:
            sentence = _("%(code)s has no figure of its own.") % {"code": code}
            self.note(row, "facts_from", sentence)
        return code

    # --- Cells ---

    def note(self, row: Row, name: str, sentence: str) -> None:
        self.form.note(row, self.headings[name], sentence)

    def text(self, row: Row, name: str) -> str:
        return self.form.text(row, self.headings[name])

    def short(self, row: Row, name: str) -> str:
        """The text on one line; noted if it is longer than the record can hold."""
        text = " ".join(self.text(row, name).split())
        most = LONGEST[name]
        if len(text) > most:
            self.note(row, name, _("At most %(most)d letters.") % {"most": most})
        return text

    def needed(self, row: Row, name: str) -> str:
        text = self.short(row, name)
        if not text:
            self.note(row, name, _("This cell must not be empty."))
        return text

    def points(self, row: Row, name: str) -> Decimal:
        value = self.form.number(row, self.headings[name]) or Decimal(0)
        if not 0 <= value < MOST_POINTS or value != round(value, 2):
            self.note(row, name, _("Points are from 0 on, with two decimals at most."))
            return Decimal(0)
        return round(value, 2)

    def choice(self, row: Row, name: str, pairs: Iterable[tuple[str, Any]]) -> str:
        return self.one_of(row, name, {str(label): value for value, label in pairs})

    def flag(self, row: Row, name: str, *, otherwise: bool) -> bool:
        answers = {label: str(int(value)) for value, label in yes_no().items()}
        found = self.one_of(row, name, answers)
        return otherwise if not found else found == "1"

    def one_of(self, row: Row, name: str, known: dict[str, str]) -> str:
        """The value of the word in a cell; "" if the cell is empty, or holds an unknown word, which
        is noted."""
        text = self.text(row, name)
        if text and text not in known:
            listed = {"words": " / ".join(known)}
            self.note(row, name, _("Choose one of: %(words)s.") % listed)
        if not text and name == "sort":
            self.note(row, name, _("Say whether the row is a group or a criterion."))
        return known.get(text, "")
