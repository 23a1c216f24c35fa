"""A sheet as an Excel form, filled in without the portal and compared before it is imported.

The file contains which sheet and scale it belongs to, and the content of each cell when it was
made. So only cells that were changed in the file are imported, and changes made on the portal
meanwhile are noticed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from emulation_bloc.lib import workbooks
from emulation_bloc.lib.numbers import plain_decimal, vn_figure
from emulation_bloc.lib.workbooks import Column, Form, Row, text_in

from ..formulas import Rubric, YesNo
from ..models import Line, Sheet
from ..models.scales import Owner
from .filling import NotAFigure, check_figure
from .sheet_page import Row as SheetRow
from .sheet_page import SheetPage

LIMIT = 5 * 1024 * 1024
LONGEST_WORDS = 4_000


def columns() -> list[Column]:
    """The columns of the form. Code, plan, figure and explanation are read back, the others are for
    reading."""
    return [
        Column(_("Code"), 8, as_typed=True),
        Column(_("Criterion"), 46),
        Column(_("How it is scored"), 46),
        Column(_("Unit"), 12),
        Column(_("Points"), 9),
        Column(_("Plan"), 12, as_typed=True),
        Column(_("Figure"), 16, editable=True, as_typed=True),
        Column(_("Explanation"), 50, editable=True, as_typed=True),
        Column(_("What to type"), 30),
    ]


def write_sheet(full: SheetPage) -> bytes:
    """The sheet as an Excel form to be filled in."""
    return workbooks.form(
        _("Score sheet"),
        guide=guide(full.sheet),
        facts=facts_of(full),
        columns=columns(),
        rows=[cells(row) for row in full.rows],
    )


def guide(sheet: Sheet) -> list[str]:
    """The sentences of the guide."""
    words = {"board": sheet.membership.name.name, "year": sheet.scoring.bloc_year.year}
    return [
        _("Score sheet of %(board)s, %(year)d") % words,
        _("Fill in the shaded cells: the figure, and an explanation where there is no evidence."),
        _("1.234,5 and 1234.5 are both read. Leave a cell empty when you do not know yet."),
        _not_typed(),
        _("Evidence is handed in on the portal. Add and delete no rows."),
        _("Then take the file in on the page of the sheet: you see each difference first."),
    ]


def _not_typed() -> str:
    return _("Plans and figures of the portal are not typed; what is typed over them is refused.")


def cells(row: SheetRow) -> tuple[str | Decimal, ...]:
    """The cells of one row, in the order of `columns`."""
    criterion = row.line.criterion
    return (
        criterion.code,
        criterion.title,
        row.rule,
        criterion.unit,
        criterion.max_points,
        row.plan,
        _figure_of(row),
        row.line.explanation,
        _what_to_type(row),
    )


def _figure_of(row: SheetRow) -> str:
    """The figure as it is written in its cell."""
    if row.known is not None:
        return vn_figure(row.known.value)
    return shown(row.line, row.line.actual)


def shown(line: Line, value: Decimal | None) -> str:
    """A figure of the line as people read it: “Yes”/“No”, or a number; "" for None."""
    if value is None:
        return ""
    if isinstance(line.criterion.formula, YesNo):
        return _("Yes") if value else _("No")
    return vn_figure(value)


def _what_to_type(row: SheetRow) -> str:
    line, formula = row.line, row.line.criterion.formula
    if not row.can_write or not line.is_for_the_board:
        return _why_nothing(row)
    if isinstance(formula, YesNo):
        return _("Yes or No")
    if isinstance(formula, Rubric) and formula.levels:
        levels = "; ".join(f"{vn_figure(one.points)} {one.words}".strip() for one in formula.levels)
        return _("One of: %(levels)s") % {"levels": levels}
    return _("A number")


def _why_nothing(row: SheetRow) -> str:
    line = row.line
    if not line.is_assigned:
        return _("Not assigned to the board")
    if line.criterion.facts_from_id is not None:
        return _("Nothing: taken over from another line")
    if line.criterion.owner == Owner.PORTAL:
        return _("Nothing: the portal knows it")
    if line.criterion.owner != Owner.BOARD:
        return _("Nothing: others score it")
    return _("Nothing: the line is not the board's to write on now")


def _identity(sheet: Sheet) -> dict[str, str]:
    """What a file must contain to be imported on this sheet."""
    year = sheet.scoring.bloc_year
    return {
        "bloc": year.bloc.slug,
        "year": str(year.year),
        "board": f"{sheet.membership.name.short_name} ({sheet.pk})",
        "scale": sheet.scoring.scale_digest,
    }


def facts_of(full: SheetPage) -> dict[str, str]:
    """The identity of the file, and the content of its cells when it was made."""
    found = _identity(full.sheet)
    for row in full.rows:
        code = row.line.criterion.code
        found[f"revision {code}"] = str(row.line.revision)
        found[f"plan {code}"] = row.plan
        found[f"figure {code}"] = _figure_of(row)
        found[f"explanation {code}"] = row.line.explanation
    return found


# --- Importing ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """A cell changed in the file: `now` is the portal's content, `new` that of the file, both as
    people read them. `sent` and `seen` are the new and the present content as the form of the sheet
    takes them."""

    key: str
    line: Line
    what: str
    now: str
    new: str
    sent: str
    seen: str
    is_overtaken: bool


def mismatches(form: Form, sheet: Sheet) -> list[str]:
    """Why a file does not belong to this sheet, as sentences; empty if it does."""
    sentences = {
        "bloc": _("This file belongs to another bloc: %(found)s."),
        "year": _("This file is one of %(found)s, the sheet one of %(expected)s."),
        "board": _("This file belongs to %(found)s, the sheet to %(expected)s."),
        "scale": _("This file was made by another point scale. Download the form again."),
    }
    return [
        sentences[one.fact] % {"found": one.found or "?", "expected": one.expected}
        for one in workbooks.differences(form.facts, _identity(sheet))
    ]


def changes(form: Form, full: SheetPage) -> list[Change]:
    """What the file would change, in the order of the sheet; problems are added to the form.

    Raises WorkbookRefused if a column is missing.
    """
    code, plan, figure_column, explanation = (columns()[place].heading for place in (0, 5, 6, 7))
    form.require([code, plan, figure_column, explanation])
    rows = {row.line.criterion.code: row for row in full.rows}
    typed = form.by_code(code, list(rows))
    for name, row in typed.items():
        if form.text(row, plan) != form.facts.get(f"plan {name}", ""):
            form.note(row, plan, _not_typed())
    return [
        change
        for name, row in rows.items()
        if name in typed
        for change in (
            *_figure_changes(form, typed[name], row, figure_column),
            *_word_changes(form, typed[name], row, explanation),
        )
    ]


def is_untouched(form: Form) -> bool:
    """Whether every cell is as it was when the form was made."""
    columns_by_fact = {"figure": columns()[6].heading, "explanation": columns()[7].heading}
    code = columns()[0].heading
    codes = [name.removeprefix("figure ") for name in form.facts if name.startswith("figure ")]
    return all(
        form.text(row, heading) == form.facts.get(f"{fact} {name}", "")
        for name, row in form.by_code(code, codes).items()
        for fact, heading in columns_by_fact.items()
    )


def _figure_changes(form: Form, typed: Row, row: SheetRow, column: str) -> Iterator[Change]:
    line = row.line
    base = form.facts.get(f"figure {line.criterion.code}", "")
    text = form.text(typed, column)
    if text == base:
        return
    if not row.can_write or not line.is_for_the_board:
        form.note(typed, column, _("This figure is not typed: %(why)s.") % {"why": why(row)})
        return
    before = len(form.problems)
    value = _read_figure(form, typed, column, line)
    now = shown(line, line.actual)
    if len(form.problems) > before or value == line.actual or shown(line, value) == base:
        return
    revision = form.facts.get(f"revision {line.criterion.code}", "")
    yield Change(
        key=f"figure-{line.pk}",
        line=line,
        what=_("Figure"),
        now=now,
        new=shown(line, value),
        sent=sent(line, value),
        seen=sent(line, line.actual),
        is_overtaken=revision != str(line.revision) and now != base,
    )


def why(row: SheetRow) -> str:
    """Why no figure is typed in this row, to follow a colon."""
    reason = _why_nothing(row)
    return reason[0].lower() + reason[1:]


def _read_figure(form: Form, typed: Row, column: str, line: Line) -> Decimal | None:
    """The figure in a cell; None if it is empty or not a figure, which is noted as a problem."""
    if isinstance(line.criterion.formula, YesNo):
        return _yes_or_no(form, typed, column)
    value = form.number(typed, column)
    if value is not None and value != value.quantize(Decimal("0.0001")):
        form.note(typed, column, _("Four decimals at most."))
        return None
    if value is not None and value >= Decimal(10) ** 14:
        form.note(typed, column, _("This number is too large."))
        return None
    try:
        check_figure(line, value)
    except NotAFigure as refusal:
        form.note(typed, column, str(refusal))
        return None
    return value


def _yes_or_no(form: Form, typed: Row, column: str) -> Decimal | None:
    text = form.text(typed, column).lower()
    meanings = {"": None, _("Yes").lower(): Decimal(1), _("No").lower(): Decimal(0)}
    meanings |= {"1": Decimal(1), "0": Decimal(0)}
    if text not in meanings:
        form.note(typed, column, _("Say yes or no."))
    return meanings.get(text)


def sent(line: Line, value: Decimal | None) -> str:
    """A figure as the form control of the line takes it."""
    formula = line.criterion.formula
    if value is None:
        return ""
    is_chosen = isinstance(formula, YesNo) or (isinstance(formula, Rubric) and formula.levels)
    return plain_decimal(value) if is_chosen else vn_figure(value)


def _word_changes(form: Form, typed: Row, row: SheetRow, column: str) -> Iterator[Change]:
    line = row.line
    base = form.facts.get(f"explanation {line.criterion.code}", "")
    text, now = form.text(typed, column), line.explanation
    if text in (base, text_in(now)):
        return
    if not row.can_write:
        form.note(typed, column, _("The line is not the board's to write on now."))
    elif len(text) > LONGEST_WORDS:
        form.note(typed, column, _("At most %(most)d letters.") % {"most": LONGEST_WORDS})
    else:
        yield Change(
            key=f"explanation-{line.pk}",
            line=line,
            what=_("Explanation"),
            now=now,
            new=text,
            sent=text,
            seen=now,
            is_overtaken=text_in(now) != base,
        )
