"""The pages of the annex of targets: saving cell by cell, and refused cells."""

import json
import re
from html import unescape

import pytest
from django.http import HttpResponse

from covenants.models import Paper, Target
from covenants.papers import targets
from members.history.changes import Change
from members.models import Succession
from tests.covenants.pages import HTMX, as_, text_of, url
from tests.covenants.traces import nothing_changes
from tests.mergers import DAY, go_on, merge, with_everybody
from tests.people import Cast, fresh


def grid(paper: Paper, *figures: str, served: dict[str, str] | None = None) -> dict[str, str]:
    indicator = paper.indicators.get()
    members = paper.bloc_year.memberships.all()
    keys = [f"cell-{indicator.pk}-{member.pk}" for member in members]
    seen = dict.fromkeys(keys, "100.00") if served is None else served
    return {"served": json.dumps(seen), **dict(zip(keys, figures, strict=True))}


def seen_of(response: HttpResponse) -> dict[str, str]:
    """What the page now says that its writer saw."""
    found = re.search(r'name="served"\s+value="([^"]*)"', response.content.decode())
    assert found is not None
    seen: dict[str, str] = json.loads(unescape(found[1]))
    return seen


def seen_in(response: HttpResponse) -> list[str]:
    return list(seen_of(response).values())


def marked(response: HttpResponse) -> int:
    """How many cells say why they were not saved."""
    return response.content.decode().count("cell-fault")


def norms() -> list[str]:
    return [
        str(norm) for norm in Target.objects.order_by("membership").values_list("norm", flat=True)
    ]


def test_both_ways_of_writing_a_figure_are_read(cast: Cast, paper: Paper) -> None:
    response = as_(cast.chi).post(url("targets"), grid(paper, "1.234,5", "1234.5"))
    assert (response.status_code, norms()) == (302, ["1234.50", "1234.50"])


def test_htmx_learns_what_it_saw_and_draws_the_preview_anew(cast: Cast, paper: Paper) -> None:
    response = as_(cast.chi).post(url("targets"), grid(paper, "90", ""), **HTMX)
    assert (response.status_code, response["HX-Trigger"]) == (200, "paper-saved")
    assert (seen_in(response), norms()) == (["90", ""], ["90.00"])


def test_a_save_that_changes_nothing_leaves_no_trace(cast: Cast, paper: Paper) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("targets"), grid(paper, "100,0", "100"), **HTMX)
    assert (response.status_code, seen_in(response)) == (200, ["100.00", "100.00"])


@pytest.mark.parametrize("wrong", ["chín mươi", "1,2,3", "1,234", "9" * 15, "9" * 30])
def test_a_wrong_cell_says_why_and_the_good_one_is_saved(
    cast: Cast, paper: Paper, wrong: str
) -> None:
    response = as_(cast.chi).post(url("targets"), grid(paper, "95", wrong), **HTMX)
    assert (response.status_code, marked(response)) == (422, 1)
    assert (response["HX-Trigger"], norms()) == ("paper-saved", ["95.00", "100.00"])
    assert seen_in(response) == ["95", "100.00"]
    assert "BQL KKT Bình Định: Dự án mới so với kế hoạch" in text_of(response)


def test_without_javascript_the_page_comes_back_with_what_was_typed(
    cast: Cast, paper: Paper
) -> None:
    response = as_(cast.chi).post(url("targets"), grid(paper, "95", "chín mươi"))
    html = response.content.decode()
    assert (response.status_code, marked(response), norms()) == (422, 1, ["95.00", "100.00"])
    assert ('value="95"' in html, 'value="chín mươi"' in html) == (True, True)


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_cell_filled_by_somebody_else_is_shown_and_not_overwritten(
    cast: Cast, paper: Paper, extra: dict[str, str]
) -> None:
    client = as_(cast.chi)
    as_(cast.an).post(url("targets"), grid(paper, "80", "100"))
    response = client.post(url("targets"), grid(paper, "70", "60"), **extra)
    assert (response.status_code, marked(response)) == (409, 1)
    assert "Hiện là 80, do người khác điền." in text_of(response)
    assert (seen_in(response), norms()) == (["100.00", "60"], ["80.00", "60.00"])
    again = grid(paper, "70", "61", served=seen_of(response))
    assert client.post(url("targets"), again, **extra).status_code == 409
    assert norms() == ["80.00", "61.00"]


def test_a_refusal_elsewhere_overwrites_no_cell_of_somebody_else(cast: Cast, paper: Paper) -> None:
    """The page still shows the old figure of that cell, and sends it along."""
    client = as_(cast.chi)
    as_(cast.an).post(url("targets"), grid(paper, "80", "100"))
    refused = client.post(url("targets"), grid(paper, "100", "chín mươi"))
    client.post(url("targets"), grid(paper, "100", "90", served=seen_of(refused)))
    assert norms() == ["80.00", "90.00"]


@pytest.mark.parametrize(("standing", "outcome"), [("80", "70.00"), ("81", "81.00")])
def test_the_writer_replaces_the_figure_that_was_shown_and_no_newer_one(
    cast: Cast, paper: Paper, standing: str, outcome: str
) -> None:
    as_(cast.an).post(url("targets"), grid(paper, standing, "100"))
    sent = grid(paper, "70", "100")
    overtake = f"{next(key for key in sent if key.startswith('cell'))}:80"
    as_(cast.chi).post(url("targets"), {**sent, "overtake": overtake}, **HTMX)
    assert norms() == [outcome, "100.00"]


def test_the_button_of_a_conflict_names_the_cell_and_what_stands_in_it(
    cast: Cast, paper: Paper
) -> None:
    as_(cast.an).post(url("targets"), grid(paper, "", "100"))
    sent = grid(paper, "70", "100")
    response = as_(cast.chi).post(url("targets"), sent, **HTMX)
    key = next(key for key in sent if key.startswith("cell"))
    assert f'name="overtake" value="{key}:"' in response.content.decode()
    assert "Hiện để trống: người khác đã xóa." in text_of(response)


def test_the_figure_that_somebody_else_filled_is_no_conflict_when_typed(
    cast: Cast, paper: Paper
) -> None:
    as_(cast.an).post(url("targets"), grid(paper, "80", "100"))
    with nothing_changes():
        response = as_(cast.chi).post(url("targets"), grid(paper, "80", "100"), **HTMX)
    assert (response.status_code, seen_in(response)) == (200, ["80", "100.00"])


@pytest.mark.parametrize(
    "served", ["[1]", "{broken", '{"x": "y"}', "[" * 100_000, '{"x": %s}' % ("9" * 5000)]
)
@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_forged_page_harms_nothing(
    cast: Cast, paper: Paper, served: str, extra: dict[str, str]
) -> None:
    data = {**grid(paper, "90", "90"), "served": served}
    with nothing_changes():
        assert as_(cast.chi).post(url("targets"), data, **extra).status_code in (409, 422)


def test_indicators_are_added_and_removed(cast: Cast, paper: Paper) -> None:
    client = as_(cast.chi)
    with nothing_changes():
        assert client.post(url("add_indicator"), {"title": "Vốn"}).status_code == 422
    client.post(url("add_indicator"), {"title": "Vốn", "unit": "tỷ đồng"})
    new = paper.indicators.get(title="Vốn")
    assert "Bỏ “Vốn”" in text_of(client.get(url("remove_indicator", new.pk)))
    client.post(url("remove_indicator", new.pk))
    assert [i.title for i in paper.indicators.all()] == ["Dự án mới so với kế hoạch"]


def test_an_indicator_is_worded_anew_and_moved(cast: Cast, paper: Paper) -> None:
    client, first = as_(cast.chi), paper.indicators.get()
    client.post(url("add_indicator"), {"title": "Vốn", "unit": "tỷ đồng"})
    with nothing_changes():
        assert client.post(url("indicator", first.pk), {"title": ""}).status_code == 422
    client.post(url("indicator", first.pk), {"title": "Dự án", "unit": "dự án", "version": 0})
    client.post(url("move_indicator", first.pk), {"step": "1"})
    assert [(i.title, i.unit) for i in paper.indicators.all()] == [
        ("Vốn", "tỷ đồng"),
        ("Dự án", "dự án"),
    ]


def test_of_two_who_word_an_indicator_the_second_sees_both_and_decides(
    cast: Cast, paper: Paper
) -> None:
    column, client = paper.indicators.get(), as_(cast.chi)
    targets.save_indicator(column, title="Dự án của An", unit="%", revision=0, actor=cast.an)
    sent = {"title": "Dự án của Chi", "unit": "%", "version": 0}
    with nothing_changes():
        response = client.post(url("indicator", column.pk), sent)
    shown = text_of(response)
    assert response.status_code == 409
    assert ("Dự án của An" in shown, "Dự án của Chi" in shown) == (True, True)
    assert "Nguyễn Văn An đã lưu lúc" in shown
    assert f'href="{url("indicator", column.pk)}"' in response.content.decode()
    client.post(url("indicator", column.pk), {**sent, "overtake": 1})
    assert paper.indicators.get().title == "Dự án của Chi"


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_figure_typed_into_a_column_that_was_taken_out_is_not_lost(
    cast: Cast, paper: Paper, extra: dict[str, str]
) -> None:
    sent = grid(paper, "100", "95")
    new = targets.add_indicator(paper, title="Vốn", unit="tỷ đồng", actor=cast.an)
    targets.remove_indicator(paper.indicators.first(), actor=cast.an)
    sent[f"cell-{new.pk}-{paper.bloc_year.memberships.first().pk}"] = "7"
    response = as_(cast.chi).post(url("targets"), sent, **extra)
    assert (response.status_code, norms()) == (422, ["7.00"])
    assert "đã bị bỏ trong lúc đó: BQL KKT Bình Định: 95." in text_of(response)


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_figure_typed_for_a_board_that_left_is_not_lost(
    cast: Cast, paper: Paper, extra: dict[str, str]
) -> None:
    sent = grid(paper, "90", "95")
    change = Change(Succession.Kind.DISSOLUTION, "QĐ", DAY, (cast.board,))
    made = merge(cast.year, with_everybody(change), actor=cast.chi)
    go_on(cast.year, made, actor=fresh(cast.chi), treatment="close_at_date")

    response = as_(fresh(cast.chi)).post(url("targets"), sent, **extra)
    assert (response.status_code, norms()) == (422, ["90.00", "100.00"])
    assert "đã bị bỏ trong lúc đó: BQL KKT Bình Định: 95." in text_of(response)


def test_a_column_taken_out_in_which_nothing_was_typed_stops_nobody(
    cast: Cast, paper: Paper
) -> None:
    sent = grid(paper, "100", "100,0")
    targets.remove_indicator(paper.indicators.get(), actor=cast.an)
    assert as_(cast.chi).post(url("targets"), sent).status_code == 302


def test_the_grid_stands_beside_the_paper_as_it_will_be_printed(cast: Cast, paper: Paper) -> None:
    html = as_(cast.chi).get(url("targets")).content.decode()
    assert f'src="{url("preview")}?' in html
    assert 'hx-trigger="paper-saved from:body delay:2s"' in html
