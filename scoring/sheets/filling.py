"""What a board writes on its sheet, cell by cell, before it is signed off.

Every save names what its writer saw. Where somebody else saved meanwhile, that cell is left as it
is and told; the other cells are saved.
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

# Words that a board writes beside a figure.
WORDS = ("explanation", "dispute")


class NotAFigure(Refusal):
    """The figure does not fit the criterion."""


class NotYours(Refusal):
    """The line is not one that the board writes on now."""


@dataclass(frozen=True)
class Cell:
    """A figure for a line, and the revision of the line that its writer saw."""

    actual: Decimal | None
    revision: int


def may_write(line: Line, returned: set[int]) -> bool:
    """Whether the board writes on a line now: on all of its own at first, and on those that came
    back after that. `returned` holds the ids of the lines returned in the sheet's round."""
    if line.sheet.state == SheetState.FILLING:
        return line.is_assigned
    return line.sheet.state == SheetState.RETURNED and line.pk in returned


def returned_lines(sheet: Sheet) -> set[int]:
    """The ids of the lines that came back in the round of the sheet."""
    back = Return.objects.filter(line__sheet=sheet, round=sheet.round)
    return set(back.values_list("line", flat=True))


def check_figure(line: Line, actual: Decimal | None) -> None:
    """Refuse a figure that the criterion cannot have; raises NotAFigure."""
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


# Units of which there are parts, by their first word: so many points for each percent, for each
# billion.
IN_PARTS = (
    *("nghìn", "ngàn", "triệu", "tỷ", "tỉ", "đồng", "usd"),
    *("ha", "m", "m2", "m²", "km", "km2", "km²", "kg", "tạ", "tấn", "giờ", "điểm"),
)


def is_counted(criterion: Criterion) -> bool:
    """Whether there are no parts of what is counted. What other boards score is the mean of their
    counts, which has decimals."""
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
    """Write figures by the id of their line; None empties one. Only what differs is touched.

    Returned are the lines that somebody else wrote on meanwhile, as they stand: they are left.
    Asks "scoring.fill"; raises NotYours and NotAFigure, and then writes nothing.
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
    """Write the explanation of a line, or what its board disputes of a figure of the portal.

    Asks "scoring.fill"; raises NotYours, and Overtaken when the words differ from those seen.
    """
    sheet = lock_sheet(line.sheet)
    require(actor, "scoring.fill", sheet)
    standing = Line.objects.select_related("criterion").get(pk=line.pk)
    standing.sheet = sheet
    if not may_write(standing, returned_lines(sheet)):
        raise NotYours(_("The line is not the board's to write on now."))
    if field == "dispute" and standing.criterion.owner != Owner.PORTAL:
        raise NotYours(_("Only a figure of the portal is disputed; your own you can change."))
    before = getattr(standing, field)
    if before == text:
        return
    if before != seen:
        raise Overtaken(standing)
    Line.objects.filter(pk=line.pk).update(**{field: text})
    record(standing, f"{field}_written", actor, before=before, after=text)


@transaction.atomic
def reply(returned: Return, *, text: str, seen: str, actor: User) -> None:
    """Write the board's reply to a line that came back; raises NotYours and Overtaken."""
    sheet = lock_sheet(returned.line.sheet)
    require(actor, "scoring.fill", sheet)
    standing = Return.objects.select_related("line__criterion").get(pk=returned.pk)
    if sheet.state != SheetState.RETURNED or standing.round != sheet.round:
        raise NotYours(_("The line is not the board's to write on now."))
    if standing.reply == text:
        return
    if standing.reply != seen:
        raise Overtaken(standing)
    Return.objects.filter(pk=returned.pk).update(reply=text)
    record(standing.line, "reply_written", actor, before=standing.reply, after=text)


# --- Evidence -------------------------------------------------------------------------------------


@transaction.atomic
def add_evidence(
    sheet: Sheet, *, lines: list[Line], content: bytes, media_type: str, name: str, actor: User
) -> Evidence:
    """Keep a checked file as evidence of lines; the same file twice is one, for the lines of both.

    Asks "scoring.fill"; raises NotYours for a line that the board does not write on now.
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
    """Let a file serve one more line of its sheet."""
    sheet = lock_sheet(evidence.sheet)
    require(actor, "scoring.fill", sheet)
    _refuse_lines(sheet, [line])
    evidence.lines.add(line)
    record(sheet, "evidence_used", actor, name=evidence.name, lines=[line.criterion.code])


@transaction.atomic
def drop_evidence(evidence: Evidence, *, line: Line, actor: User) -> None:
    """Take a file from a line; the file itself is kept, and the trace of it."""
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
