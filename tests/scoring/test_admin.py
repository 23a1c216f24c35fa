"""The Django admin of scoring: everything is read-only."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from scoring.models import Evidence, Figure, Line, Scoring, Sheet
from tests.covenants.traces import nothing_changes
from tests.members.pages import as_user, queries_of
from tests.people import Cast
from tests.scoring.crowds import crowd
from tests.scoring.scales import line_of, published_year, sheet_of
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)

MODELS = [model for model in admin.site._registry if model._meta.app_label == "scoring"]


def address(model: Any, what: str, *args: Any) -> str:
    return reverse(f"admin:scoring_{model._meta.model_name}_{what}", args=args)


@pytest.fixture
def administrator(cast: Cast) -> Client:
    cast.dung.is_staff = cast.dung.is_superuser = True
    cast.dung.save()
    return as_user(cast.dung)


def test_nothing_can_be_added_or_changed_or_deleted(
    published: Scoring, administrator: Client
) -> None:
    rows = [(model, model._default_manager.first()) for model in MODELS]
    with nothing_changes():
        found = {
            (model._meta.model_name, what): administrator.post(
                address(model, what, *args)
            ).status_code
            for model, row in rows
            for what, args in [
                ("add", ()),
                *([("change", (row.pk,)), ("delete", (row.pk,))] if row else []),
            ]
        }
    assert set(found.values()) == {403}


def test_every_list_is_read_and_every_row_of_it(published: Scoring, administrator: Client) -> None:
    for model in MODELS:
        assert administrator.get(address(model, "changelist")).status_code == 200
        if row := model._default_manager.first():
            assert administrator.get(address(model, "change", row.pk)).status_code == 200


def test_an_administrator_reads_figures_and_evidence(
    cast: Cast, published: Scoring, administrator: Client
) -> None:
    sheet = sheet_of(published, cast.board)
    page = administrator.get(address(Sheet, "change", sheet.pk)).content.decode()
    assert page.count("Theo báo cáo.") == 2

    figures = administrator.get(address(Figure, "changelist"), {"q": "Bình"}).content.decode()
    assert "I.2" in figures


@pytest.mark.parametrize("who", ["chi", "binh", "khach"])
def test_it_is_closed_to_everybody_else(cast: Cast, published: Scoring, who: str) -> None:
    client = as_user(getattr(cast, who))
    found = {client.get(address(model, "changelist")).status_code for model in MODELS}
    assert found == {302}


@pytest.mark.parametrize("model", [Sheet, Figure])
def test_lists_ask_as_often_for_two_boards_as_for_twelve(
    cast: Cast, published: Scoring, administrator: Client, model: Any
) -> None:
    few = queries_of(administrator, address(model, "changelist"))
    crowd(published, 12, actor=cast.an)

    assert queries_of(administrator, address(model, "changelist")) == few


def test_what_was_cross_scored_is_shown_to_nobody() -> None:
    assert not [model for model in MODELS if model._meta.model_name == "crossscore"]
    assert {Evidence, Figure, Line} & set(MODELS) == {Evidence, Figure}


def test_a_sheet_asks_as_often_whatever_the_number_of_its_lines(
    cast: Cast, published: Scoring, administrator: Client
) -> None:
    line = line_of(sheet_of(published, cast.board), "T.1")
    many = queries_of(administrator, address(Sheet, "change", line.sheet_id))
    line.delete()

    assert (many, queries_of(administrator, address(Sheet, "change", line.sheet_id))) == (13, 13)
