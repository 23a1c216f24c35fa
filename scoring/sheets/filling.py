"""What a board writes on its sheet before it is signed off, cell by cell.

Every save names what its writer saw. If somebody else saved a cell since, that cell is not written
and is reported; the other cells are saved.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from covenants.papers.carried_on import RATES
from emulation_bloc.lib.numbers import plain_decimal
from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require
from members.records import files
from members.records.acts import Overtaken

from ..formulas import Rubric, YesNo
from ..models import Criterion, Evidence, Line, Return, Sheet
from ..models.scales import Owner
from ..models.sheets import SheetState
from ..transitions import lock_sheet, record

# The fields of Line with text that a board writes.


class NotAFigure(Refusal):
    """The criterion cannot have this figure."""


class NotYours(Refusal):
    """The board may not write on this line now."""


@dataclass(frozen=True)
class Cell:
    """A figure for a line, and the revision of the line that the writer saw."""

    actual: Decimal | None
    revision: int


def may_write(line: Line, returned: set[int]) -> bool:
    """Whether the board may write on a line now: on every assigned line before the first
    submission, later only on returned lines. `returned` has the ids of the lines returned in the
    current round."""
    if line.sheet.state == SheetState.FILLING:
        return line.is_assigned
    return line.sheet.state == SheetState.RETURNED and line.pk in returned


def returned_lines(sheet: Sheet) -> set[int]:
    """The ids of the lines returned in the sheet's current round."""
    back = Return.objects.filter(line__sheet=sheet, round=sheet.round)
    return set(back.values_list("line", flat=True))


def check_figure(line: Line, actual: Decimal | None) -> None:
    """Raises NotAFigure if the criterion cannot have this figure; None is always allowed."""
    if actual is None:
        return
    if actual < 0:
        raise NotAFigure(_("The figure cannot be negative."))
    formula = line.criterion.formula
    if formula.counts and actual != actual.to_integral_value() and is_counted(line.criterion):
        raise NotAFigure(_("Give a whole number: cases are counted."))
    if isinstance(formula, YesNo) and actual not in (0, 1):
        raise NotAFigure(_("Say yes or no."))
    if isinstance(formula, Rubric):
        _check_level(formula, actual)


# First words of units that may have decimals, also where points are given per unit ("tỷ đồng").
IN_PARTS = (
    *("nghìn", "ngàn", "triệu", "tỷ", "tỉ", "đồng", "usd"),
    *("ha", "m", "m2", "m²", "km", "km2", "km²", "kg", "tạ", "tấn", "giờ", "điểm"),
)


def is_counted(criterion: Criterion) -> bool:
    """Whether only whole numbers make sense. Not for cross-scored criteria: the mean of several
    counts has decimals."""
    unit = criterion.unit.strip().lower()
    is_in_parts = unit.startswith(RATES) or unit.split(" ")[0] in IN_PARTS
    return not is_in_parts and criterion.owner != Owner.PEERS


def _check_level(formula: Rubric, actual: Decimal) -> None:
    if formula.levels and actual not in {level.points for level in formula.levels}:
        raise NotAFigure(_("Choose one of the levels of the criterion."))
    if actual > formula.max_points:
        raise NotAFigure(
            _("At most %(points)s points.") % {"points": plain_decimal(formula.max_points)}
        )


@transaction.atomic
def write_figures(sheet: Sheet, *, cells: Mapping[int, Cell], actor: User) -> dict[int, Line]:
    """Write figures by line id; None empties one. Only figures that differ are written.

    Returns the lines that somebody else changed meanwhile, with their current content; these are
    not written. Asks "scoring.fill"; raises NotYours and NotAFigure, and then writes nothing.
    """
    sheet = lock_sheet(sheet)
    require(actor, "scoring.fill", sheet)
    lines = list(Line.objects.select_related("criterion").filter(sheet=sheet, pk__in=cells))
    if len(lines) != len(cells):
        raise NotYours(_("The line is not the board's to write on now."))
    returned = returned_lines(sheet)
    overtaken, changed = {}, {}
    for line in lines:
        line.sheet = sheet
        cell = cells[line.pk]
        _refuse_foreign_line(line, returned)
        check_figure(line, cell.actual)
        if line.actual == cell.actual:
            continue
        if line.revision != cell.revision:
            overtaken[line.pk] = line
            continue
        changed[line.criterion.code] = [plain_decimal(line.actual), plain_decimal(cell.actual)]
        Line.objects.filter(pk=line.pk).update(actual=cell.actual, revision=F("revision") + 1)
    if changed:
        record(sheet, "figures_written", actor, changed=changed)
    return overtaken


def _refuse_foreign_line(line: Line, returned: set[int]) -> None:
    if not (line.is_for_the_board and may_write(line, returned)):
        raise NotYours(
            _("Line %(code)s is not the board's to fill in now.") % {"code": line.criterion.code}
        )


@transaction.atomic
def write_words(line: Line, *, field: str, text: str, seen: str, actor: User) -> None:
    """Write a line's explanation, or the board's dispute of a portal figure. `field` is one of
    WORDS, `seen` the text that the writer saw.

    Asks "scoring.fill"; raises NotYours, and Overtaken if the text is not the one seen any more.
    """
    sheet = lock_sheet(line.sheet)
    require(actor, "scoring.fill", sheet)
    current = Line.objects.select_related("criterion").get(pk=line.pk)
    current.sheet = sheet
    if not may_write(current, returned_lines(sheet)):
        raise NotYours(_("The line is not the board's to write on now."))
    if field == "dispute" and current.criterion.owner != Owner.PORTAL:
        raise NotYours(_("Only a figure of the portal is disputed; your own you can change."))
    before = getattr(current, field)
    if before == text:
        return
    if before != seen:
        raise Overtaken(current)
    Line.objects.filter(pk=line.pk).update(**{field: text})
    record(current, f"{field}_written", actor, before=before, after=text)


@transaction.atomic
def reply(returned: Return, *, text: str, seen: str, actor: User) -> None:
    """Write the board's reply to a returned line; `seen` is the reply that the writer saw.

    Asks "scoring.fill"; raises NotYours, and Overtaken if the reply is not the one seen any more.
    """
    sheet = lock_sheet(returned.line.sheet)
    require(actor, "scoring.fill", sheet)
    current = Return.objects.select_related("line__criterion").get(pk=returned.pk)
    if sheet.state != SheetState.RETURNED or current.round != sheet.round:
        raise NotYours(_("The line is not the board's to write on now."))
    if current.reply == text:
        return
    if current.reply != seen:
        raise Overtaken(current)
    Return.objects.filter(pk=returned.pk).update(reply=text)
    record(current.line, "reply_written", actor, before=current.reply, after=text)


# --- Evidence -------------------------------------------------------------------------------------


@transaction.atomic
def add_evidence(
    sheet: Sheet, *, lines: list[Line], content: bytes, media_type: str, name: str, actor: User
) -> Evidence:
    """Store a checked file as evidence for lines; a file that is already on the sheet is not stored
    twice but serves these lines too.

    Asks "scoring.fill"; raises NotYours for a line on which the board may not write now.
    """
    sheet = lock_sheet(sheet)
    require(actor, "scoring.fill", sheet)
    _refuse_lines(sheet, lines)
    stored = files.store(content, media_type=media_type)
    evidence, _made = Evidence.objects.get_or_create(
        sheet=sheet,
        file=stored,
        defaults={"name": name, "added_by": actor, "added_at": timezone.now()},
    )
    evidence.lines.add(*lines)
    codes = [line.criterion.code for line in lines]
    record(sheet, "evidence_added", actor, file=stored.sha256, name=name, lines=codes)
    return evidence


@transaction.atomic
def use_evidence(evidence: Evidence, *, line: Line, actor: User) -> None:
    """Let a file on the sheet serve one more line. Asks "scoring.fill"; raises NotYours."""
    sheet = lock_sheet(evidence.sheet)
    require(actor, "scoring.fill", sheet)
    _refuse_lines(sheet, [line])
    evidence.lines.add(line)
    record(sheet, "evidence_used", actor, name=evidence.name, lines=[line.criterion.code])


@transaction.atomic
def drop_evidence(evidence: Evidence, *, line: Line, actor: User) -> None:
    """Take a file from a line; the file stays stored, and on the sheet. Asks "scoring.fill"; raises
    NotYours."""
    sheet = lock_sheet(evidence.sheet)
    require(actor, "scoring.fill", sheet)
    _refuse_lines(sheet, [line])
    evidence.lines.remove(line)
    record(sheet, "evidence_dropped", actor, name=evidence.name, lines=[line.criterion.code])


def _refuse_lines(sheet: Sheet, lines: list[Line]) -> None:
    returned = returned_lines(sheet)
    for line in lines:
        line.sheet = sheet if line.sheet_id == sheet.pk else line.sheet
        if line.sheet_id != sheet.pk or not may_write(line, returned):
            raise NotYours(_("The line is not the board's to write on now."))
