"""Appraising many lines in one act: each is checked separately, all are written together."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from emulation_bloc.lib.numbers import plain_decimal
from emulation_bloc.lib.refusal import Refusal
from members.models import AuditEntry, User
from members.records import audit
from scoring.appraising import appraisal
from scoring.appraising.appraisal import Given
from scoring.models import Criterion, Figure, Line, Sheet
from scoring.models.appraisal import Column
from tests.covenants.pages import as_
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh
from tests.scoring.scale_pages import url
from tests.scoring.scales import line_of, opened_year, sheet_of
from tests.scoring.years import Stage, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def given(sheet: Sheet, **typed: Any) -> dict[int, Given]:
    """By codes of lines with _ for a dot: (figure, reason)."""
    return {
        line_of(sheet, code.replace("_", ".")).pk: Given(Decimal(fact), reason)
        for code, (fact, reason) in typed.items()
    }


def words(answers: dict[int, Figure | Refusal]) -> dict[str, str]:
    """What came of each line, by its code."""
    codes = dict(Line.objects.filter(pk__in=answers).values_list("pk", "criterion__code"))
    return {
        codes[pk]: type(one).__name__ if isinstance(one, Refusal) else plain_decimal(one.fact)
        for pk, one in answers.items()
    }


def test_each_line_has_its_answer_and_a_refused_one_keeps_none_from_being_saved(
    stage: Stage,
) -> None:
    sheet, before = stage.sheet(stage.third), AuditEntry.objects.count()
    typed = given(
        sheet,
        I_1=("90", ""),
        I_2=("2", " "),
        II_2=("0", "Có đơn thư"),
        III_1=("7", "Nhiều"),
        III_2=("1", "Theo công văn"),
        T_1=("1", "x"),
    )
    answers = appraisal.appraise_lines(sheet, given=typed, actor=stage.cast.chi)

    assert words(answers) == {
        "I.1": "90",
        "I.2": "ReasonMissing",
        "II.2": "0",
        "III.1": "NotAFigure",
        "III.2": "DocumentMissing",
        "T.1": "NotNow",
    }
    figures = Figure.objects.filter(line__sheet=sheet, column=Column.APPRAISED)
    assert list(figures.values_list("line__criterion__code", "reason")) == [
        ("I.1", ""),
        ("II.2", "Có đơn thư"),
    ]
    assert AuditEntry.objects.count() == before + 2


def test_every_line_leaves_its_own_entry_in_an_unbroken_chain(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    typed = given(sheet, I_1=("80", "Số thẩm tra"), II_2=("1", ""))
    appraisal.appraise_lines(sheet, given=typed, actor=stage.cast.chi)

    entries = AuditEntry.objects.order_by("number")
    first, second = entries[len(entries) - 2 :]
    assert acts()[-2:] == ["scoring.appraised"] * 2
    assert [one.subject for one in (first, second)] == [
        audit.subject_of(line_of(sheet, code)) for code in ("I.1", "II.2")
    ]
    assert (first.reason, first.details) == ("Số thẩm tra", {"before": "90", "after": "80"})
    assert (second.number, second.previous_hash) == (first.number + 1, first.hash)
    assert list(audit.faults()) == []


def test_nobody_appraises_many_lines_of_the_own_board(stage: Stage) -> None:
    sheet = stage.sheet(stage.cast.head)
    with nothing_changes(), pytest.raises(PermissionDenied):
        appraisal.appraise_lines(sheet, given=given(sheet, I_1=("90", "")), actor=stage.cast.an)


def test_saying_nothing_new_writes_nothing(stage: Stage) -> None:
    sheet = stage.sheet(stage.third)
    typed = given(sheet, I_1=("90", ""), II_2=("1", ""))
    first = appraisal.appraise_lines(sheet, given=typed, actor=stage.cast.chi)

    with nothing_changes():
        assert appraisal.appraise_lines(sheet, given=typed, actor=stage.cast.chi) == first
        assert appraisal.appraise_lines(sheet, given={}, actor=stage.cast.chi) == {}


# --- How many queries -----------------------------------------------------------------------------


def queries_of(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)


def long_sheet(cast: Cast, sheet: Sheet, lines: int) -> list[Line]:
    """The sheet submitted, with so many lines in group II that wait for a figure."""
    model = Criterion.objects.get(scale=sheet.scoring.scale, code="II.2")
    made = []
    for number in range(lines):
        model.pk, model.code, model.order = None, f"II.9{number}", 100 + number
        model._state.adding = True
        model.save()
        line = Line.objects.create(sheet=sheet, criterion=model, actual=Decimal(1))
        Figure.objects.create(
            line=line,
            column=Column.SELF,
            round=1,
            fact=Decimal(1),
            by=cast.binh,
            by_name="Trần Thanh Bình",
            at=sheet.scoring.opened_at,
        )
        made.append(line)
    values = {"state": "submitted", "round": 1, "submitted_at": sheet.scoring.opened_at}
    Sheet.objects.filter(pk=sheet.pk).update(**values, submitted_by=cast.binh)
    return made


def typed_in(lines: list[Line]) -> dict[str, str]:
    """The form of the desk with a figure and a reason for each line."""
    figures = {f"figure-{line.pk}": "0" for line in lines}
    return figures | {f"why-{line.pk}": "Có đơn thư" for line in lines}


def pressed(cast: Cast, sheet: Sheet, name: str, data: dict[str, str]) -> int:
    client = as_(User.objects.get(pk=cast.chi.pk))
    page = url(name, sheet.pk)
    return queries_of(lambda: client.post(page, data))


@in_scene(opened_year)
@pytest.mark.parametrize("lines", [5, 60])
def test_the_queries_do_not_depend_on_the_lines(cast: Cast, scoring: Any, lines: int) -> None:
    sheet = sheet_of(scoring, cast.board)
    made = long_sheet(cast, sheet, lines)
    chi = fresh(cast.chi)
    half, rest = made[: lines // 2], made[lines // 2 :]
    by_id = {line.pk: Given(Decimal(0), "Có đơn thư") for line in half}
    chosen = [line.pk for line in rest]
    found = (
        queries_of(lambda: appraisal.appraise_lines(sheet, given=by_id, actor=chi)),
        queries_of(lambda: appraisal.take_as_proposed(sheet, lines=chosen, actor=fresh(cast.chi))),
    )

    figures = Figure.objects.filter(line__in=made, column=Column.APPRAISED)
    assert figures.count() == lines
    assert found == (28, 29)


@in_scene(opened_year)
@pytest.mark.parametrize("lines", [5, 60])
def test_the_queries_of_the_form_do_not_depend_on_the_lines(
    cast: Cast, scoring: Any, lines: int
) -> None:
    sheet = sheet_of(scoring, cast.board)
    made = long_sheet(cast, sheet, lines)
    half, rest = made[: lines // 2], made[lines // 2 :]
    group = {"group": str(rest[0].criterion.group_id)}
    found = (
        pressed(cast, sheet, "appraise_line", typed_in(half)),
        pressed(cast, sheet, "take_as_proposed", group),
    )

    figures = Figure.objects.filter(line__in=made, column=Column.APPRAISED)
    assert figures.count() == lines
    assert found == (55, 55)
