"""The pages of publication and objections: what prevents publishing, and who may read what."""

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.models import User
from scoring.models import Objection
from scoring.result import objections
from tests.covenants.pages import as_, signed_in_just_now, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.years import (
    Stage,
    appraised_stage,
    end_of_objections,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene


def in_days(days: int) -> str:
    return f"{timezone.localdate() + dt.timedelta(days=days):%d/%m/%Y}"


def totals_published(cast: Cast) -> Stage:
    return published_stage(cast, openness="totals")


# --- Publishing -----------------------------------------------------------------------------------


@in_scene(submitted_stage)
@pytest.mark.usefixtures("stage")
def test_the_page_lists_what_blocks_board_by_board_and_offers_no_button(cast: Cast) -> None:
    response = as_(cast.chi).get(url("publish"))
    names = [one.membership.name.short_name for one in response.context["blockers"]]
    assert names == ["BQL KKT Đắk Lắk", "BQL KKT Bình Định", "BQL KKT Gia Lai"]
    assert "objections_until" not in response.content.decode()
    data = {"objections_until": in_days(3)}
    with nothing_changes():
        forced = signed_in_just_now(cast.chi).post(url("publish"), data)
    assert forced.status_code == 409
    assert "BQL KKT Gia Lai" in text_of(forced)


@in_scene(appraised_stage)
def test_the_scores_are_published_after_a_fresh_login(cast: Cast, stage: Stage) -> None:
    data = {"objections_until": in_days(3)}
    with nothing_changes():
        asked = as_(cast.chi).post(url("publish"), data)
        past = signed_in_just_now(cast.chi).post(url("publish"), {"objections_until": in_days(-1)})
    assert (asked.status_code, past.status_code) == (302, 422)
    assert "/tai-khoan/" in asked["Location"]

    done = signed_in_just_now(cast.chi).post(url("publish"), data)

    assert (done["Location"], stage.again().state) == (url("appraisal"), "published")
    assert as_(cast.chi).get(url("publish"))["Location"] == url("appraisal")


@in_scene(published_stage)
def test_a_publication_is_taken_back_with_a_reason(cast: Cast, stage: Stage) -> None:
    client = as_(cast.chi)
    assert client.get(url("take_back")).status_code == 200
    with nothing_changes():
        assert client.post(url("take_back"), {"reason": " "}).status_code == 422
    client.post(url("take_back"), {"reason": "Sót số liệu"})
    assert stage.again().state == "open"
    with nothing_changes():
        assert client.post(url("take_back"), {"reason": "x"}).status_code == 409


@in_scene(published_stage)
def test_what_cannot_be_taken_back_says_why_and_offers_no_form(cast: Cast, stage: Stage) -> None:
    client = as_(cast.chi)
    assert url("take_back") in client.get(url("appraisal")).content.decode()
    made_objections(stage)
    page = client.get(url("take_back"))
    assert "Còn kiến nghị chưa được trả lời." in text_of(page)
    assert '<textarea name="reason"' not in page.content.decode()
    assert url("take_back") not in client.get(url("appraisal")).content.decode()


@in_scene(published_stage)
def test_the_agreement_leads_the_desk_once_nothing_waits_any_more(cast: Cast, stage: Stage) -> None:
    def look() -> str:
        desk = as_(cast.chi).get(url("appraisal")).content.decode()
        [found] = re.findall(f'class="btn (\\S+)"\\s+href="{url("agree")}"', desk)
        return str(found)

    early = look()
    end_of_objections(stage)
    assert (early, look()) == ("btn-quiet", "btn-primary")


# --- Objecting ------------------------------------------------------------------------------------


def object_to(stage: Stage, user: User, board: Any = None, **changed: str) -> HttpResponse:
    line = stage.line(board or stage.third, "I.2")
    member = stage.year.memberships.get(board=stage.third)
    data = {"board": str(member.pk), "text": "Quy hoạch đã duyệt"}
    return as_(user).post(url("object", line.pk), data | changed)


@in_scene(published_stage)
def test_a_board_objects_from_the_line_on_its_sheet(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    sheet_page = as_(stage.giang).get(url("sheet", line.sheet_id)).content.decode()
    assert url("object", line.pk) in sheet_page
    assert as_(stage.giang).get(url("object", line.pk)).status_code == 200

    with nothing_changes():
        blank = object_to(stage, stage.giang, text=" ")
    assert blank.status_code == 422
    assert object_to(stage, stage.giang)["Location"] == url("objections")
    assert Objection.objects.get().membership.board == stage.third


@in_scene(published_stage)
@pytest.mark.parametrize(("who", "status"), [("hoa", 403), ("khach", 403), ("ngoai", 404)])
def test_who_speaks_for_no_board_does_not_object(
    cast: Cast, stage: Stage, who: str, status: int
) -> None:
    assert object_to(stage, getattr(cast, who)).status_code == status


@in_scene(totals_published)
def test_a_line_that_is_not_open_to_the_board_does_not_exist_for_it(
    cast: Cast, stage: Stage
) -> None:
    assert object_to(stage, stage.giang, cast.head).status_code == 404


@in_scene(published_stage)
def test_after_the_last_day_the_page_says_so(stage: Stage) -> None:
    end_of_objections(stage)
    line = stage.line(stage.third, "I.2")
    page = as_(stage.giang).get(url("object", line.pk))
    assert "<textarea" not in page.content.decode()
    with nothing_changes():
        assert object_to(stage, stage.giang).status_code == 409
    assert (
        url("object", line.pk)
        not in as_(stage.giang).get(url("sheet", line.sheet_id)).content.decode()
    )


@in_scene(published_stage)
def test_the_own_objections_stand_first_and_all_members_read_them(cast: Cast, stage: Stage) -> None:
    made = made_objections(stage)
    mine = as_(stage.giang).get(url("objections")).context
    assert [one.pk for one in mine["mine"]] == [made[1].pk]
    assert [one.pk for one in mine["others"]] == [made[0].pk]
    assert mine["answerable"] == set()
    observed = as_(cast.khach).get(url("objections"))
    assert [one.pk for one in observed.context["others"]] == [one.pk for one in made]
    assert as_(cast.ngoai).get(url("objections")).status_code == 404


def made_objections(stage: Stage) -> list[Objection]:
    """Of the deputy about the head, of the third board about itself."""
    cast = stage.cast
    return [
        objections.make_objection(
            stage.line(about, "I.2"),
            membership=stage.year.memberships.get(board=by),
            text="Sai",
            actor=actor,
        )
        for about, by, actor in (
            (cast.head, cast.board, cast.binh),
            (stage.third, stage.third, stage.giang),
        )
    ]


@in_scene(totals_published)
def test_where_only_totals_are_open_others_objections_are_not_read(
    cast: Cast, stage: Stage
) -> None:
    line = stage.line(stage.third, "I.2")
    member = line.sheet.membership
    objections.make_objection(line, membership=member, text="Sai", actor=stage.giang)
    found = {
        user.username: len(context["mine"]) + len(context["others"])
        for user in (stage.giang, cast.hoa, cast.khach, cast.chi)
        for context in [as_(user).get(url("objections")).context]
    }
    assert found == {"giang": 1, "hoa": 0, "khach": 0, "chi": 1}


@in_scene(appraised_stage)
@pytest.mark.usefixtures("stage")
def test_before_publication_there_is_no_list(cast: Cast) -> None:
    assert as_(cast.chi).get(url("objections")).status_code == 404


# --- Answering ------------------------------------------------------------------------------------

UPHELD = {"verdict": "figure", "figure": "2", "text": "Đã xem lại"}


@in_scene(published_stage)
def test_the_effect_is_shown_before_anything_is_written(cast: Cast, stage: Stage) -> None:
    made = made_objections(stage)[1]
    page = url("answer_objection", made.pk)
    client = as_(cast.chi)
    assert client.get(page).status_code == 200
    with nothing_changes():
        shown = client.post(page, {"verdict": "figure", "figure": "2", "preview": "1"})
    assert shown.status_code == 200
    assert "4,00 → 2,00" in text_of(shown)

    assert client.post(page, UPHELD)["Location"] == url("objections")
    assert "4,00 → 2,00" in text_of(as_(stage.giang).get(url("objections")))
    with nothing_changes():
        assert client.post(page, UPHELD | {"figure": "0"}).status_code == 409


@in_scene(published_stage)
@pytest.mark.parametrize(
    "changed",
    [
        {"text": " "},
        {"verdict": ""},
        {"figure": ""},
        {"figure": "4"},
        {"figure": "3", "preview": "1"},
        {"verdict": "", "preview": "1"},
    ],
)
def test_an_answer_that_lacks_something_keeps_what_was_typed(
    cast: Cast, stage: Stage, changed: dict[str, str]
) -> None:
    made = made_objections(stage)[1]
    with nothing_changes():
        response = as_(cast.chi).post(url("answer_objection", made.pk), UPHELD | changed)
    assert response.status_code == 422


@in_scene(published_stage)
def test_nobody_answers_who_is_a_party_and_the_page_says_who_does(cast: Cast, stage: Stage) -> None:
    of_both, about_third = made_objections(stage)
    about_head = objections.make_objection(
        stage.line(cast.head, "I.2"),
        membership=stage.year.memberships.get(board=stage.third),
        text="Sai",
        actor=stage.giang,
    )
    page = text_of(as_(stage.giang).get(url("objections")))
    for said in (
        "Khối trưởng hoặc Khối phó trả lời.",
        "Khối phó trả lời",
        "Khối trưởng, Khối phó không trả lời kiến nghị mà mình là bên liên quan",
    ):
        assert said in page
    answers = [
        as_(user).post(url("answer_objection", made.pk), UPHELD).status_code
        for user, made in (
            (cast.chi, about_head),
            (stage.giang, about_third),
            (cast.khach, about_third),
            (cast.ngoai, about_third),
            (cast.chi, of_both),
            (cast.binh, of_both),
            (cast.binh, about_head),
        )
    ]
    assert answers == [403, 403, 403, 404, 403, 403, 302]


@in_scene(published_stage)
def test_dismissing_shows_that_nothing_changes(cast: Cast, stage: Stage) -> None:
    made = made_objections(stage)[1]
    page = url("answer_objection", made.pk)
    shown = as_(cast.chi).post(page, {"verdict": "dismissed", "preview": "1"})
    assert "4,00 → 4,00" in text_of(shown)


@in_scene(published_stage)
def test_the_queries_do_not_depend_on_the_objections(cast: Cast, stage: Stage) -> None:
    counts = []
    for _round in (1, 2, 3):
        made_objections(stage)
        client = as_(cast.chi)
        client.get(url("objections"))
        with CaptureQueriesContext(connection) as found:
            client.get(url("objections"))
        counts.append(len(found))
    assert counts == [13, 13, 13]
