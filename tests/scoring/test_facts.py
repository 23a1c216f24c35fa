"""Figures that the portal knows itself, from the sealed covenant and the sheets."""

import datetime as dt
from decimal import Decimal

import pytest
from django.utils import timezone

from covenants.models import Paper, Target
from scoring import facts
from scoring.appraising import appraisal
from scoring.models import Criterion, Figure, Return, Scoring, Sheet
from scoring.sheets import filling, submitting, tasks
from tests.people import Cast, enrol, fresh, seal_covenant, sign
from tests.scoring.scales import fill, line_of, opened_year, sheet_of, submitted
from tests.shared_scene import in_scene


def values(cast: Cast, code: str) -> dict[str, int]:
    read = facts.portal_figures(cast.year, {code})[code]
    boards = dict(cast.year.memberships.values_list("pk", "board__code"))
    return {boards[pk]: int(one.value) for pk, one in read.items()}


def test_before_the_covenant_is_sealed_nothing_is_known(cast: Cast) -> None:
    assert values(cast, "covenant_late") == values(cast, "targets_missing") == {}


def test_a_record_that_no_app_keeps_is_not_answered(cast: Cast) -> None:
    assert facts.portal_figures(cast.year, {"dues_paid"}) == {}


def test_a_board_that_signed_by_its_day_is_on_time_and_the_other_one_is_late(cast: Cast) -> None:
    covenant = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(covenant, cast.head, actor=cast.an)

    assert values(cast, "covenant_late") == {"DLK": 0, "BDI": 1}
    assert values(cast, "covenant_on_time") == {"DLK": 1, "BDI": 0}
    assert facts.not_signed(cast.year) == {cast.year.memberships.get(board=cast.board).pk}


def test_a_signature_after_the_day_is_late_and_says_when(cast: Cast) -> None:
    covenant = seal_covenant(cast.year, actor=cast.chi)
    Paper.objects.filter(pk=covenant.pk).update(sign_by=dt.date(2019, 5, 4))
    enrol(cast.an)
    sign(covenant, cast.head, actor=fresh(cast.an))

    known = facts.portal_figures(cast.year, {"covenant_late"})["covenant_late"]
    head = known[cast.year.memberships.get(board=cast.head).pk]
    assert head.value == Decimal(1)
    assert head.words.startswith("Đã ký giao ước ngày ")
    assert head.page == "/k/tay-nguyen/2019/giao-uoc/"


def test_targets_are_counted_against_the_columns_of_the_annex(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    Target.objects.filter(membership__board=cast.board).delete()

    assert values(cast, "targets_registered") == {"DLK": 1, "BDI": 0}
    assert values(cast, "targets_missing") == {"DLK": 0, "BDI": 1}


@pytest.mark.parametrize("code", sorted(facts.SOURCES))
def test_each_record_is_read_with_the_same_queries_for_any_number_of_boards(
    cast: Cast, code: str, django_assert_max_num_queries: object
) -> None:
    seal_covenant(cast.year, actor=cast.chi)

    with django_assert_max_num_queries(4):  # type: ignore[operator]
        facts.portal_figures(cast.year, {code})


# --- What the sheets themselves tell --------------------------------------------------------------


def by_another_record(source: str) -> None:
    """The scale takes the figure of II.1 from another record of the portal."""
    Criterion.objects.filter(code="II.1").update(source=source)


def on_record(sheet: Sheet) -> int:
    """The figure of II.1 with which the sheet went on record."""
    figure = Figure.objects.filter(line=line_of(sheet, "II.1"), column="self").latest("pk")
    assert figure.fact is not None
    return int(figure.fact)


@in_scene(opened_year)
@pytest.mark.parametrize(("source", "before", "after"), [("reported", 0, 1), ("unreported", 1, 0)])
def test_a_target_is_reported_when_its_result_stands_on_the_sheet(
    cast: Cast, scoring: Scoring, source: str, before: int, after: int
) -> None:
    by_another_record(f"targets_{source}")
    sheet = sheet_of(scoring, cast.board)
    assert values(cast, f"targets_{source}") == {"DLK": before, "BDI": before}

    fill(sheet, actor=cast.binh, I_1=Decimal(0))

    assert values(cast, f"targets_{source}") == {"DLK": before, "BDI": after}
    known = facts.portal_figures(cast.year, {f"targets_{source}"})[f"targets_{source}"]
    assert known[sheet.membership_id].words == "Đã báo cáo kết quả 1/1 chỉ tiêu trên phiếu"
    assert known[sheet.membership_id].page == f"/k/tay-nguyen/2019/cham-diem/phieu/{sheet.pk}/"
    submitting.submit(sheet, actor=cast.binh)
    assert on_record(sheet) == after


@in_scene(opened_year)
def test_a_target_that_is_not_assigned_needs_no_report(cast: Cast, scoring: Scoring) -> None:
    line = line_of(sheet_of(scoring, cast.board), "I.1")
    tasks.assign(line, unassigned_because="Không có khu công nghiệp mới", actor=cast.chi)
    assert values(cast, "targets_unreported") == {"DLK": 1, "BDI": 0}


@in_scene(opened_year)
@pytest.mark.parametrize(("days", "late"), [(0, 0), (1, 0), (-1, 1), (None, 0)])
def test_a_sheet_is_late_after_its_last_day(
    cast: Cast, scoring: Scoring, days: int | None, late: int
) -> None:
    by_another_record("sheet_late")
    until = None if days is None else timezone.localdate() + dt.timedelta(days=days)
    Scoring.objects.filter(pk=scoring.pk).update(self_until=until)

    sheet = submitted(sheet_of(scoring, cast.board), actor=cast.binh)

    assert on_record(sheet) == late
    assert values(cast, "sheet_on_time")["BDI"] == 1 - late
    words = facts.portal_figures(cast.year, {"sheet_late"})["sheet_late"][sheet.membership_id].words
    assert words.startswith("Phiếu gửi lần đầu ngày ")


@in_scene(opened_year)
def test_a_line_that_comes_back_does_not_make_the_sheet_late(
    cast: Cast, scoring: Scoring, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_another_record("sheet_late")
    now = timezone.now()
    Scoring.objects.filter(pk=scoring.pk).update(self_until=timezone.localdate(now))
    sheet = submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    monkeypatch.setattr(timezone, "now", lambda: now + dt.timedelta(days=3))
    line = line_of(sheet, "II.1")
    appraisal.return_lines(
        sheet, reasons={line.pk: "Xem lại."}, reply_by=None, actor=fresh(cast.an)
    )
    filling.reply(Return.objects.get(), text="Đã xem lại.", seen="", actor=fresh(cast.binh))

    submitting.submit(Sheet.objects.get(pk=sheet.pk), actor=fresh(cast.binh))

    assert line.figures.filter(column="self").count() == 2
    assert on_record(sheet) == 0
