"""The pages of the conference, of ties and of boards held back."""

import re
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone

from members.models import Board, User
from scoring.models import Restriction, Scale, Sheet
from scoring.papers import printing
from scoring.result import conference, standings
from tests.covenants.pages import as_, signed_in_just_now, text_of
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.years import (
    Stage,
    agreed_stage,
    end_of_objections,
    final_stage,
    open_stage,
    published_stage,
)
from tests.shared_scene import in_scene


def today() -> str:
    return f"{timezone.localdate():%d/%m/%Y}"


CONFERENCE = "Hội nghị tổng kết 2018"


@in_scene(published_stage)
def test_the_conference_is_recorded_after_the_last_day_of_objections(
    cast: Cast, stage: Stage
) -> None:
    data = {"on": today(), "where": CONFERENCE}
    with nothing_changes():
        early = as_(cast.chi).post(url("agree"), data)
    assert (early.status_code, f'value="{CONFERENCE}"' in early.content.decode()) == (409, True)
    assert 'name="where"' not in as_(cast.chi).get(url("agree")).content.decode()
    end_of_objections(stage)
    assert 'name="where"' in as_(cast.chi).get(url("agree")).content.decode()
    for changed in ({"where": " "}, {"on": "1/1/2100"}, {"on": ""}):
        with nothing_changes():
            assert as_(cast.chi).post(url("agree"), data | changed).status_code == 422

    assert as_(cast.chi).post(url("agree"), data)["Location"] == url("appraisal")
    assert (stage.again().state, stage.scoring.agreed_where) == ("agreed", CONFERENCE)


@in_scene(agreed_stage)
def test_an_agreed_figure_is_changed_from_the_list_of_its_sheet(cast: Cast, stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    client = as_(cast.chi)
    assert (
        url("change_agreed", line.pk)
        in client.get(url("agreed_lines", line.sheet_id)).content.decode()
    )
    page = url("change_agreed", line.pk)
    told = client.get(page).content.decode()
    assert re.findall("<dt>(.+?)</dt>", told) == ["Tự chấm", "Thẩm định", "Thống nhất"]
    for figure, reason in (("2", " "), ("3", "x"), ("", "x")):
        with nothing_changes():
            assert client.post(page, {"figure": figure, "reason": reason}).status_code == 422
    with nothing_changes():
        assert client.post(page, {"figure": "4", "reason": "x"}).status_code == 409

    with nothing_changes():
        shown = client.post(page, {"figure": "2", "reason": "", "preview": "1"})
        same = client.post(page, {"figure": "4", "preview": "1"})
        none = client.post(page, {"figure": "3", "preview": "1"})
    assert "4,00 → 2,00" in text_of(shown)
    assert [one.status_code for one in (shown, same, none)] == [200, 409, 422]

    done = client.post(page, {"figure": "2", "reason": "Hội nghị kết luận"})

    assert done["Location"] == url("agreed_lines", line.sheet_id)
    assert "Hội nghị kết luận" in text_of(client.get(url("agreed_lines", line.sheet_id)))


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (published_stage, "Hội nghị chưa thống nhất: sau khi thống nhất mới thay đổi số liệu."),
        (final_stage, "Kết quả đã chốt."),
    ],
)
def test_a_figure_that_is_not_changed_now_has_a_page_that_says_why(
    cast: Cast, make: Any, why: str
) -> None:
    stage = make(cast)
    line = stage.line(stage.third, "I.2")
    page, client = url("change_agreed", line.pk), as_(cast.chi)
    sent = {"figure": "2", "reason": "Hội nghị kết luận"}

    with nothing_changes():
        answers = [client.get(page), client.post(page, sent), client.post(page, {"preview": "1"})]

    assert [one.status_code for one in answers] == [409, 409, 409]
    for html in (one.content.decode() for one in answers):
        assert why in html
        assert 'name="figure"' not in html
        assert f'href="{url("agreed_lines", line.sheet_id)}"' in html


@in_scene(agreed_stage)
def test_a_line_that_takes_over_a_figure_says_so_at_once(cast: Cast, stage: Stage) -> None:
    response = as_(cast.chi).get(url("change_agreed", stage.line(stage.third, "T.1").pk))
    assert response.status_code == 409
    assert "lấy số liệu của dòng khác" in response.content.decode()


@in_scene(agreed_stage)
def test_the_result_becomes_final_after_a_fresh_login(cast: Cast, stage: Stage) -> None:
    with nothing_changes():
        asked = as_(cast.chi).post(url("finalise"))
    assert "/tai-khoan/" in asked["Location"]
    page = as_(cast.chi).get(url("finalise"))
    assert len(page.context["ties"]) == 1

    assert signed_in_just_now(cast.chi).post(url("finalise"))["Location"] == url("ranking")
    assert stage.again().state == "final"
    with nothing_changes():
        again = signed_in_just_now(cast.chi).post(url("finalise"))
    assert again.status_code == 409


SECRETARIAT = ("agree", "finalise", "rule_on_tie", "take_back", "publish")


@in_scene(published_stage)
def test_all_of_it_is_the_secretariats(cast: Cast, stage: Stage) -> None:
    sheet, line = stage.sheet(stage.third), stage.line(stage.third, "I.2")
    pages = [
        *(url(name) for name in SECRETARIAT),
        url("restrict", sheet.pk),
        url("agreed_lines", sheet.pk),
        url("change_agreed", line.pk),
    ]
    admin = User.objects.create_superuser("quantri")
    for user in (cast.binh, cast.em, stage.giang, cast.hoa, cast.khach, admin):
        for page in pages:
            assert (as_(user).get(page).status_code, page) == (403, page)
        with nothing_changes():
            for page in pages:
                assert as_(user).post(page).status_code in (403, 405)


# --- Ties -----------------------------------------------------------------------------------------


@in_scene(agreed_stage)
def test_the_places_of_a_ballot_are_recorded_for_boards_of_one_rank(
    cast: Cast, stage: Stage
) -> None:
    [form] = as_(cast.chi).get(url("rule_on_tie")).context["forms"]
    assert [by for by, _label in form.fields["by"].choices] == ["ballot"]
    sheets = [sheet.pk for sheet in form.sheets]
    key = sheets[0]
    data = {
        "tie": str(key),
        f"{key}-by": "ballot",
        f"{key}-document": "Biên bản kiểm phiếu",
        **{f"{key}-place-{pk}": str(place) for place, pk in enumerate(reversed(sheets), 1)},
    }
    same_place = dict.fromkeys((f"{key}-place-{pk}" for pk in sheets), "1")
    too_far = {f"{key}-place-{key}": "4"}
    for changed in (same_place, too_far, {f"{key}-document": ""}, {f"{key}-by": "head"}):
        with nothing_changes():
            response = as_(cast.chi).post(url("rule_on_tie"), data | changed)
        assert response.status_code == 422
        assert ("Thứ tự chỉ từ 1 đến 3." in text_of(response)) == (changed == too_far)

    assert as_(cast.chi).post(url("rule_on_tie"), data)["Location"] == url("ranking")

    ranked = [ruling.place for ruling in rulings(stage)]
    assert ranked == [3, 2, 1]


def ruled_by_ballot(stage: Stage) -> list[Sheet]:
    """The sheets of the three tied boards in the order in which a ballot placed them."""
    sheets = list(stage.scoring.sheets.order_by("membership__order"))
    places = {sheet.pk: place for place, sheet in enumerate(sheets, 1)}
    conference.rule_on_tie(
        stage.scoring, by="ballot", places=places, document="Biên bản 2", actor=stage.cast.chi
    )
    return sheets


@in_scene(agreed_stage)
def test_a_tie_that_was_decided_is_corrected_until_the_result_is_final(
    cast: Cast, stage: Stage
) -> None:
    sheets = ruled_by_ballot(stage)
    client = as_(cast.chi)
    [form] = client.get(url("rule_on_tie")).context["forms"]
    shown = {field.html_name: field.value() for field in form}
    assert list(shown.values()) == ["ballot", "Biên bản 2", 1, 2, 3]
    places_1_and_2 = [f"{form.prefix}-place-{sheet.pk}" for sheet in sheets[:2]]

    changed = shown | {"tie": form.prefix} | dict(zip(places_1_and_2, (2, 1), strict=True))
    assert client.post(url("rule_on_tie"), changed)["Location"] == url("ranking")

    assert [ruling.place for ruling in rulings(stage)] == [2, 1, 3]
    conference.finalise(stage.again(), actor=cast.chi)
    with nothing_changes():
        assert client.post(url("rule_on_tie"), changed).status_code == 422
    last = client.get(url("rule_on_tie"))
    assert (last.context["forms"], "Kết quả đã chốt." in text_of(last)) == ([], True)


@in_scene(agreed_stage)
def test_a_ruling_that_counts_no_more_is_told_where_ties_are_and_on_paper(
    cast: Cast, stage: Stage
) -> None:
    ruled_by_ballot(stage)
    said = "Phán quyết theo Biên bản 2 không còn áp dụng"
    pages = [url("rule_on_tie"), url("ranking")]
    before = [said in text_of(as_(cast.chi).get(page)) for page in pages]
    line = stage.line(stage.third, "I.2")
    conference.change_agreed(line, fact=Decimal(2), reason="Kết luận", actor=cast.chi)

    after = [said in text_of(as_(cast.chi).get(page)) for page in pages]

    assert (before, after) == ([False, False], [True, True])
    [form] = as_(cast.chi).get(url("rule_on_tie")).context["forms"]
    assert (len(form.sheets), form.ruling) == (2, None)
    [told] = printing.conference(standings.compute_standings(stage.again()))["rulings"]
    assert (told[0].document, told[1]) == ("Biên bản 2", False)


@in_scene(agreed_stage)
def test_a_scale_without_ballot_and_head_leaves_its_ties(cast: Cast, stage: Stage) -> None:
    Scale.objects.update(tie_break=["group:I"])
    page = as_(cast.chi).get(url("rule_on_tie"))
    assert page.context["forms"] == []
    assert "Thang điểm không quy định bỏ phiếu" in text_of(page)


def rulings(stage: Stage) -> list[Any]:
    return [sheet.tie_places.get() for sheet in stage.scoring.sheets.order_by("membership__order")]


# --- Held back ------------------------------------------------------------------------------------


def restrict(stage: Stage, user: User, board: Board | None = None, **changed: Any) -> HttpResponse:
    data = {
        "kind": "award_hold",
        "reason": "Chưa nộp quỹ",
        "document": "Thông báo số 3",
        "on": today(),
        "file": SimpleUploadedFile("tb.pdf", small_paper(), "application/pdf"),
    }
    kept = {key: value for key, value in (data | changed).items() if value is not None}
    return as_(user).post(url("restrict", stage.sheet(board or stage.third).pk), kept)


@in_scene(agreed_stage)
def test_the_desk_leads_to_what_is_open_to_the_reader(cast: Cast, stage: Stage) -> None:
    restrict(stage, cast.binh, cast.head)
    boards = {"head": cast.head, "deputy": cast.board, "third": stage.third}
    pages = {
        f"{name} {which}": url(name, stage.sheet(board).pk)
        for name in ("agreed_lines", "restrict")
        for which, board in boards.items()
    } | {"resolve_hold": url("resolve_hold", Restriction.objects.get().pk)}
    of_the_head = ["agreed_lines head", "restrict head", "resolve_hold"]
    of_others = [name for name in pages if name not in of_the_head]
    for user, expected in ((cast.binh, of_the_head), (cast.chi, of_others)):
        client = as_(user)
        desk = client.get(url("appraisal")).content.decode()
        assert [name for name, page in pages.items() if f'href="{page}"' in desk] == expected
        opened = [name for name, page in pages.items() if client.get(page).status_code == 200]
        assert opened == expected


@in_scene(published_stage)
def test_a_board_is_held_back_with_its_document_and_released(cast: Cast, stage: Stage) -> None:
    for changed in ({"file": None}, {"reason": " "}, {"document": ""}, {"on": "1/1/2100"}):
        with nothing_changes():
            assert restrict(stage, cast.chi, **changed).status_code == 422
    assert restrict(stage, cast.chi).status_code == 302
    hold = Restriction.objects.get()
    desk = text_of(as_(cast.chi).get(url("appraisal")))
    assert "Thông báo số 3" in desk

    page = url("resolve_hold", hold.pk)
    assert as_(cast.chi).get(page).status_code == 200
    with nothing_changes():
        assert as_(cast.chi).post(page, {"on": today(), "resolution": " "}).status_code == 422
    as_(cast.chi).post(page, {"on": today(), "resolution": "Đã nộp đủ"})
    hold.refresh_from_db()
    assert hold.resolution == "Đã nộp đủ"
    with nothing_changes():
        again = as_(cast.chi).post(page, {"on": today(), "resolution": "x"})
    assert again.status_code == 409


@in_scene(published_stage)
def test_the_document_is_for_the_board_and_who_appraises(cast: Cast, stage: Stage) -> None:
    restrict(stage, cast.chi)
    page = url("restriction_file", Restriction.objects.get().pk)
    found = {
        user.username: as_(user).get(page).status_code
        for user in (cast.chi, cast.em, stage.giang, cast.khach, cast.ngoai)
    }
    assert found == {"chi": 200, "em": 200, "giang": 200, "khach": 404, "ngoai": 404}
    response = as_(cast.chi).get(page)
    assert response.headers["Content-Disposition"].startswith("attachment")


@in_scene(final_stage)
def test_after_the_end_nobody_is_held_back(cast: Cast, stage: Stage) -> None:
    with nothing_changes():
        assert restrict(stage, cast.chi).status_code == 409
    page = as_(cast.chi).get(url("restrict", stage.sheet(stage.third).pk))
    assert "Kết quả đã chốt." in text_of(page)
    assert "multipart" not in page.content.decode()


def test_before_publication_nothing_is_agreed(cast: Cast) -> None:
    open_stage(cast)
    client = signed_in_just_now(cast.chi)
    with nothing_changes():
        answers = [
            client.post(url("agree"), {"on": today(), "where": "x"}).status_code,
            client.post(url("finalise")).status_code,
            client.post(url("rule_on_tie"), {"tie": "1"}).status_code,
        ]
    assert answers == [409, 409, 422]
