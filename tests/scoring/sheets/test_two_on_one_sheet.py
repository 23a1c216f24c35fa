"""Two people write on one sheet simultaneously, on a real database: lost writes are reported."""

import json
from decimal import Decimal

import pytest
from django.test import Client

from emulation_bloc.lib.numbers import plain_decimal
from members.models import AuditEntry
from members.records import audit
from scoring.models import Figure, Sheet
from scoring.sheets import filling, submitting
from scoring.sheets.filling import Cell
from tests.covenants.pages import HTMX, as_
from tests.people import Cast, fresh, make_cast
from tests.scoring.result.test_publication import at_once
from tests.scoring.scale_pages import url
from tests.scoring.scales import fill, line_of, open_year, sheet_of

pytestmark = pytest.mark.django_db(transaction=True)


def scene() -> tuple[Cast, Sheet]:
    """Bình leads the board whose sheet it is, Em is its officer."""
    cast = make_cast()
    return cast, sheet_of(open_year(cast.year, actor=cast.chi, leader=cast.an), cast.board)


class Writer:
    """Somebody who types a text into a cell of the page, and what the portal answers."""

    def __init__(self, client: Client, sheet: Sheet, cell: str, text: str) -> None:
        self.client, self.page = client, url("save_figures", sheet.pk)
        self.cell, self.text = cell, text
        self.status, self.answer = 0, ""

    def __call__(self) -> None:
        data = {self.cell: self.text, "served": json.dumps({self.cell: ""})}
        response = self.client.post(self.page, data, **HTMX)
        self.status, self.answer = response.status_code, response.content.decode()


def figures_written() -> int:
    return AuditEntry.objects.filter(act="scoring.figures_written").count()


def test_different_cells_are_both_kept() -> None:
    cast, sheet = scene()
    one, other = line_of(sheet, "I.1"), line_of(sheet, "I.2")
    writers = (
        Writer(as_(cast.em), sheet, f"figure-{one.pk}", "90"),
        Writer(as_(cast.binh), sheet, f"figure-{other.pk}", "4"),
        Writer(as_(cast.em), sheet, f"explanation-{one.pk}", "Theo báo cáo."),
        Writer(as_(cast.binh), sheet, f"explanation-{other.pk}", "Theo quyết định."),
    )

    assert at_once(*writers) == ["done"] * 4

    assert [writer.status for writer in writers] == [200] * 4
    found = [line_of(sheet, code) for code in ("I.1", "I.2")]
    assert [(line.actual, line.explanation) for line in found] == [
        (Decimal(90), "Theo báo cáo."),
        (Decimal(4), "Theo quyết định."),
    ]
    assert (figures_written(), list(audit.faults())) == (2, [])


@pytest.mark.parametrize(
    ("what", "texts"), [("figure", ("80", "90")), ("explanation", ("Theo quý", "Theo năm"))]
)
def test_of_two_in_the_same_cell_one_wins_and_the_other_is_told(
    what: str, texts: tuple[str, str]
) -> None:
    cast, sheet = scene()
    line = line_of(sheet, "I.1")
    writers = [
        Writer(as_(user), sheet, f"{what}-{line.pk}", text)
        for user, text in zip((cast.em, cast.binh), texts, strict=True)
    ]

    assert at_once(*writers) == ["done"] * 2

    winner, loser = sorted(writers, key=lambda writer: writer.status)
    assert (winner.status, loser.status) == (200, 409)
    found = line_of(sheet, "I.1")
    standing = found.explanation if what == "explanation" else plain_decimal(found.actual)
    assert standing == winner.text
    assert f"“{winner.text}”" in loser.answer
    assert f'value="{loser.cell}:{winner.text}"' in loser.answer
    assert list(audit.faults()) == []


def test_of_eight_attempts_on_one_cell_one_is_written() -> None:
    cast, sheet = scene()
    line = line_of(sheet, "I.1")
    told: list[int] = []

    def write(figure: int) -> object:
        def attempt() -> None:
            cells = {line.pk: Cell(Decimal(figure), 0)}
            told.append(len(filling.write_figures(sheet, cells=cells, actor=fresh(cast.em))))

        return attempt

    assert at_once(*map(write, range(1, 9))) == ["done"] * 8

    assert sorted(told) == [0] + [1] * 7
    assert (line_of(sheet, "I.1").revision, figures_written()) == (1, 1)
    assert list(audit.faults()) == []


def test_what_is_written_while_the_leader_signs_is_on_record_or_refused() -> None:
    cast, sheet = scene()
    fill(sheet, actor=cast.em)
    line = line_of(sheet, "I.1")
    cells = {line.pk: Cell(Decimal(95), line.revision)}

    said = at_once(
        lambda: filling.write_figures(sheet, cells=cells, actor=fresh(cast.em)),
        lambda: submitting.submit(sheet, actor=fresh(cast.binh)),
    )

    recorded = Figure.objects.get(line=line, column="self").fact
    assert (said, recorded) in (
        (["done", "done"], Decimal(95)),
        (["PermissionDenied", "done"], Decimal(90)),
    )
    assert line_of(sheet, "I.1").actual == recorded


def test_of_two_who_sign_at_once_one_is_told_that_it_is_done() -> None:
    cast, sheet = scene()
    fill(sheet, actor=cast.em)

    said = at_once(*[lambda: submitting.submit(sheet, actor=fresh(cast.binh))] * 2)

    assert said == ["NotNow", "done"]
    assert Figure.objects.filter(line=line_of(sheet, "I.1")).count() == 1
    assert Sheet.objects.get(pk=sheet.pk).round == 1
