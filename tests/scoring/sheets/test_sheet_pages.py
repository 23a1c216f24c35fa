"""The page of a sheet: permissions, and saving cell by cell."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from members.models import User
from scoring.appraising import appraisal
from scoring.models import Criterion, Line, Scoring, Sheet
from scoring.sheets import tasks
from tests.covenants.pages import HTMX, as_, signed_in_just_now, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.large import large_sheet
from tests.scoring.scales import fill, line_of, opened_year, sheet_of, submitted
from tests.scoring.years import Stage, open_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(opened_year)


def url(name: str, *args: Any, year: int = 2019) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", year, *args])


@pytest.fixture
def sheet(cast: Cast, scoring: Scoring) -> Sheet:
    """Bình's sheet by the small scale; Em is the board's officer."""
    return sheet_of(scoring, cast.board)


def key(sheet: Sheet, code: str, what: str = "figure") -> str:
    return f"{what}-{line_of(sheet, code).pk}"


def save(
    sheet: Sheet,
    user: User,
    typed: Mapping[str, str],
    *,
    seen: Mapping[str, str] | None = None,
    plain: bool = False,
    **more: str,
) -> HttpResponse:
    """Send cells as htmx does: {"figure-7": "90"}, with what their writer saw; `plain` without."""
    year = sheet.scoring.bloc_year.year
    served = json.dumps(dict(seen or dict.fromkeys(typed, "")))
    page = url("save_figures", sheet.pk, year=year)
    return as_(user).post(page, {**typed, **more, "served": served}, **({} if plain else HTMX))


def actual(sheet: Sheet, code: str) -> Decimal | None:
    return line_of(sheet, code).actual


def part(response: HttpResponse, name: str) -> str:
    """The text of an element of the answer, by its id."""
    found = re.search(rf'id="{name}"[^>]*>(.*?)</(div|span|p)>', response.content.decode(), re.S)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


# --- Who opens it ---------------------------------------------------------------------------------


def test_the_board_writes_its_sheet_and_only_a_leader_is_offered_to_send_it(
    cast: Cast, sheet: Sheet
) -> None:
    save_at, send = f'action="{url("save_figures", sheet.pk)}"', 'name="submit"'
    pages = {
        name: as_(getattr(cast, name)).get(url("sheet", sheet.pk)).content.decode()
        for name in ("em", "binh", "chi", "an")
    }
    assert {name: (save_at in html, send in html) for name, html in pages.items()} == {
        "em": (True, False),
        "binh": (True, True),
        "chi": (False, False),
        "an": (False, False),
    }


@pytest.mark.parametrize("who", ["hoa", "khach", "ngoai"])
def test_to_others_the_sheet_does_not_exist_before_publication(
    cast: Cast, sheet: Sheet, who: str
) -> None:
    client = as_(getattr(cast, who))
    line = line_of(sheet, "I.1").pk
    found = {
        name: client.get(url(name, sheet.pk, *more)).status_code
        for name, *more in (
            ["sheet"],
            ["line", line],
            ["submit"],
            ["add_evidence"],
            ["sheet_excel"],
            ["sheet_import"],
            ["sheet_paper"],
        )
    }
    assert set(found.values()) == {404}, found


@in_scene(open_stage)
def test_a_board_opens_no_other_boards_sheet(cast: Cast, stage: Stage) -> None:
    foreign = stage.sheet(cast.board)
    client = as_(stage.giang)
    assert client.get(url("sheet", foreign.pk, year=2018)).status_code == 404
    with nothing_changes():
        response = save(foreign, stage.giang, {key(foreign, "I.2"): "4"})
    assert response.status_code == 404


def test_who_reads_without_filling_saves_nothing(cast: Cast, sheet: Sheet) -> None:
    with nothing_changes():
        by_htmx = save(sheet, cast.chi, {key(sheet, "I.2"): "4"})
        by_form = save(sheet, cast.chi, {key(sheet, "I.2"): "4"}, plain=True)
    assert (by_htmx.status_code, by_form.status_code) == (409, 403)


# --- Saving ---------------------------------------------------------------------------------------


def test_one_cell_is_saved_and_its_points_and_sums_follow(cast: Cast, sheet: Sheet) -> None:
    figure = key(sheet, "I.1")
    response = save(sheet, cast.em, {figure: "110"})

    assert (response.status_code, actual(sheet, "I.1")) == (200, Decimal(110))
    line, bonus = line_of(sheet, "I.1"), line_of(sheet, "T.1")
    groups = {one.code: one.pk for one in sheet.scoring.scale.groups.all()}
    assert part(response, f"own-{line.pk}") == "6,00"
    assert part(response, f"own-{bonus.pk}") == "1,00"
    assert part(response, f"own-group-{groups['I']}") == "6,00"
    assert part(response, f"own-group-{groups['T']}") == "1,00"
    assert part(response, "own-total") == part(response, "meter-own").split()[-3]
    assert "110" in part(response, f"calc-{line.pk}")
    assert response.context["form"].seen_json == json.dumps({figure: "110"})
    assert "<html" not in response.content.decode()
    assert f'id="own-{line_of(sheet, "I.2").pk}"' not in response.content.decode()


def test_what_the_portal_counts_on_the_sheet_follows_what_is_saved(
    cast: Cast, sheet: Sheet
) -> None:
    Criterion.objects.filter(code="II.1").update(source="targets_unreported")
    counted = line_of(sheet, "II.1").pk
    assert "0/1 chỉ tiêu" in text_of(as_(cast.em).get(url("sheet", sheet.pk)))

    response = save(sheet, cast.em, {key(sheet, "I.1"): "110"})

    assert part(response, f"known-{counted}") == "Đã báo cáo kết quả 1/1 chỉ tiêu trên phiếu"
    assert part(response, f"own-{counted}").startswith("3,00")


@pytest.mark.parametrize(
    ("typed", "figure"),
    [
        ("1.234,5", "1234.5"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        (" 0 ", "0"),
        ("90%", None),
        ("chín mươi", None),
        ("-1", None),
        ("1,23456", None),
        ("9" * 15, None),
    ],
)
def test_figures_are_read_as_offices_type_them_or_refused_in_a_sentence(
    cast: Cast, sheet: Sheet, typed: str, figure: str | None
) -> None:
    response = save(sheet, cast.em, {key(sheet, "I.1"): typed})
    expected = None if figure is None else Decimal(figure)
    assert (response.status_code, actual(sheet, "I.1")) == (200 if figure else 422, expected)
    assert bool(part(response, f"id_{key(sheet, 'I.1')}_error")) == (figure is None)


def test_a_bad_cell_keeps_no_good_one_from_being_saved_and_keeps_what_was_typed(
    cast: Cast, sheet: Sheet
) -> None:
    bad, good, choice = key(sheet, "I.1"), key(sheet, "I.2"), key(sheet, "II.2")
    words = key(sheet, "I.1", "explanation")
    typed = {bad: "chín mươi", good: "2", choice: "7", words: "Theo báo cáo\r\nsố 5."}

    response = save(sheet, cast.em, typed, plain=True)

    assert response.status_code == 422
    assert (actual(sheet, "I.1"), actual(sheet, "I.2"), actual(sheet, "II.2")) == (
        None,
        Decimal(2),
        None,
    )
    assert line_of(sheet, "I.1").explanation == "Theo báo cáo\nsố 5."
    html = response.content.decode()
    assert 'value="chín mươi"' in html
    assert part(response, f"id_{bad}_error") == (
        "“chín mươi” không phải là số. Ghi 1.234,5 hoặc 1234.5."
    )
    assert "I.1 :" in text_of(response)
    assert json.loads(response.context["form"].served_json)[good] == "2"


def test_a_cell_that_somebody_else_wrote_shows_both_and_can_be_replaced(
    cast: Cast, sheet: Sheet
) -> None:
    figure = key(sheet, "I.1")
    save(sheet, cast.binh, {figure: "90"})

    with nothing_changes():
        response = save(sheet, cast.em, {figure: "1.234,5"})
    whole = save(sheet, cast.em, {figure: "1.234,5"}, plain=True)

    assert (response.status_code, whole.status_code) == (409, 409)
    for one in (response, whole):
        assert "Hiện là “90”" in part(one, f"id_{figure}_error")
        assert f'name="overtake" value="{figure}:90"' in one.content.decode()
    assert 'value="1.234,5"' in whole.content.decode()
    save(sheet, cast.em, {figure: "1.234,5"}, overtake=f"{figure}:90")
    assert actual(sheet, "I.1") == Decimal("1234.5")


def test_words_that_somebody_else_wrote_are_told_while_figures_are_saved(
    cast: Cast, sheet: Sheet
) -> None:
    words, figure = key(sheet, "I.1", "explanation"), key(sheet, "I.1")
    save(sheet, cast.binh, {words: "Theo báo cáo quý"})

    response = save(sheet, cast.em, {words: "Theo báo cáo năm", figure: "90"})

    assert response.status_code == 409
    assert "Theo báo cáo quý" in part(response, f"id_{words}_error")
    assert (actual(sheet, "I.1"), line_of(sheet, "I.1").explanation) == (
        Decimal(90),
        "Theo báo cáo quý",
    )


def test_a_cell_that_was_only_seen_and_not_changed_overwrites_nothing(
    cast: Cast, sheet: Sheet
) -> None:
    figure = key(sheet, "I.1")
    save(sheet, cast.binh, {figure: "90"})
    with nothing_changes():
        response = save(sheet, cast.em, {figure: ""})
    assert response.status_code == 200


@pytest.mark.parametrize("served", ["", "[]", "{", "[" * 5000, '{"a": ' + "9" * 5000 + "}"])
def test_what_the_page_carried_is_not_trusted(cast: Cast, sheet: Sheet, served: str) -> None:
    save(sheet, cast.binh, {key(sheet, "I.1"): "90"})
    page = url("save_figures", sheet.pk)
    with nothing_changes():
        data = {key(sheet, "I.1"): "50", "served": served}
        response = as_(cast.em).post(page, data, **HTMX)
    assert response.status_code in (409, 422)


def test_cells_that_are_not_the_boards_are_told_with_what_was_typed(
    cast: Cast, sheet: Sheet
) -> None:
    foreign = line_of(sheet_of(sheet.scoring, cast.head), "I.1")
    tasks.assign(line_of(sheet, "II.2"), unassigned_because="Không có", actor=cast.chi)
    for cell in (f"figure-{foreign.pk}", key(sheet, "II.1"), key(sheet, "II.2")):
        with nothing_changes():
            response = save(sheet, cast.em, {cell: "1"})
        assert response.status_code == 422
        assert ": 1." in part(response, "sheet-notice")


def test_a_sheet_that_was_signed_off_meanwhile_says_so_in_place(cast: Cast, sheet: Sheet) -> None:
    submitted(sheet, actor=cast.binh)
    with nothing_changes():
        response = save(sheet, cast.em, {key(sheet, "I.1"): "50"})
    assert response.status_code == 409
    assert "Trần Thanh Bình, Trưởng ban" in text_of(response)


def test_a_leader_who_sends_is_led_on_once_everything_is_saved(cast: Cast, sheet: Sheet) -> None:
    figure, on = key(sheet, "I.1"), url("submit", sheet.pk)
    faulty = save(sheet, cast.binh, {figure: "x"}, submit="1")
    saved = save(sheet, cast.binh, {figure: "90"}, submit="1")
    by_form = save(sheet, cast.binh, {figure: "91"}, seen={figure: "90"}, plain=True, submit="1")
    assert "HX-Redirect" not in faulty
    assert (saved["HX-Redirect"], by_form["Location"]) == (on, on)


# --- Signing off ----------------------------------------------------------------------------------


def test_the_page_of_signing_off_names_what_is_missing_and_then_sends(
    cast: Cast, sheet: Sheet
) -> None:
    page, leader = url("submit", sheet.pk), signed_in_just_now(cast.binh)
    early = leader.get(page)
    with nothing_changes():
        refused = leader.post(page)
        asked_again = as_(cast.binh).post(page)
    assert [one.line.criterion.code for one in early.context["full"].missing] == [
        "I.1",
        "I.2",
        "II.2",
    ]
    assert (refused.status_code, "II.2: Thiếu số liệu." in text_of(refused)) == (422, True)
    assert as_(cast.em).get(page).status_code == 403
    assert asked_again["Location"].startswith(reverse("account_reauthenticate"))

    fill(sheet, actor=cast.em)
    sent = leader.post(page)
    assert (sent["Location"], Sheet.objects.get(pk=sheet.pk).state) == (
        url("sheet", sheet.pk),
        "submitted",
    )
    with nothing_changes():
        assert leader.post(page)["Location"] == url("sheet", sheet.pk)


@in_scene(open_stage)
def test_after_a_return_only_what_came_back_has_controls(cast: Cast, stage: Stage) -> None:
    sheet = submitted(stage.sheet(stage.third), actor=stage.giang)
    line = line_of(sheet, "I.1")
    appraisal.return_lines(sheet, reasons={line.pk: "Thiếu số"}, reply_by=None, actor=cast.chi)

    response = as_(stage.giang).get(url("sheet", sheet.pk, year=2018))

    assert set(response.context["form"].cells) == {
        f"{what}-{line.pk}" for what in ("figure", "explanation", "reply")
    }
    assert "Thiếu số" in text_of(response)
    saved = save(Sheet.objects.get(pk=sheet.pk), stage.giang, {f"reply-{line.pk}": "Đã gửi"})
    assert (saved.status_code, line.returns.get().reply) == (200, "Đã gửi")


# --- Size -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lines", [5, 120])
def test_a_sheet_is_drawn_and_a_cell_saved_with_as_many_queries_whatever_its_length(
    cast: Cast, lines: int, django_assert_num_queries: Any
) -> None:
    sheet = large_sheet(cast, lines) if lines > 5 else sheet_of(opened_year(cast), cast.board)
    assert Line.objects.filter(sheet=sheet).count() == lines
    client, figure = as_(cast.em), key(sheet, "I.1")
    data = {figure: "90", "served": json.dumps({figure: ""})}

    with django_assert_num_queries(33):
        page = client.get(url("sheet", sheet.pk))
    with django_assert_num_queries(46):
        answer = client.post(url("save_figures", sheet.pk), data, **HTMX)

    assert (page.status_code, answer.status_code) == (200, 200)
    assert len(answer.content) < 6_000


def test_a_sheet_stands_under_its_own_tab(cast: Cast, sheet: Sheet) -> None:
    html = as_(cast.binh).get(url("sheet", sheet.pk)).content.decode()
    tabs = html[html.index('<ul class="toc') :]
    marked = re.findall(r'<a href="([^"]+)" aria-current="page">', tabs[: tabs.index("</ul>")])
    assert marked == [url("sheet", sheet.pk)]
