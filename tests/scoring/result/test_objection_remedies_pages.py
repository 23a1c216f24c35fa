"""The page for answering an objection offers the remedies that fit; all pages show the remedy."""

from decimal import Decimal

import pytest

from scoring.models import Line, Objection
from scoring.result import objections
from scoring.result.objection_remedies import Remedy
from tests.covenants.pages import as_, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.result.test_objection_remedies import DOCUMENT, REASON, left_out_stage, objected
from tests.scoring.years import Stage, published_stage
from tests.shared_scene import in_scene

PLAN = {"verdict": "plan", "plan": "1", "document": DOCUMENT, "text": "Đúng", "figure": "x"}
LEFT_OUT = {"verdict": "not_assigned", "because": REASON, "text": "Đúng", "plan": "x"}


def upheld(stage: Stage, code: str, data: dict[str, str]) -> Objection:
    """The answer previewed, which changes nothing, and then given."""
    page = url("answer_objection", objected(stage, code).pk)
    client = as_(stage.cast.chi)
    with nothing_changes():
        assert "Điểm của tiêu chí:" in text_of(client.post(page, data | {"preview": "1"}))
    assert client.post(page, data)["Location"] == url("objections")
    return Objection.objects.get()


@in_scene(published_stage)
def test_what_stands_in_the_fields_of_other_remedies_does_not_count(stage: Stage) -> None:
    one = upheld(stage, "III.4", PLAN)
    assert (one.remedy, one.plan, one.grounds, one.fact) == ("plan", 1, DOCUMENT, None)


@in_scene(published_stage)
def test_every_page_tells_the_remedy(stage: Stage) -> None:
    one = upheld(stage, "III.4", LEFT_OUT)
    said = f"Không giao cho ban: {REASON}"
    pages = (
        url("objections"),
        url("line", one.line.sheet_id, one.line_id),
        url("answer_objection", one.pk),
        url("object", one.line_id),
    )
    readers = (stage.giang, stage.giang, stage.cast.chi, stage.giang)
    assert [
        said in text_of(as_(who).get(page)) for who, page in zip(readers, pages, strict=True)
    ] == [True] * 4


@in_scene(published_stage)
@pytest.mark.parametrize(
    ("code", "data", "field"),
    [
        ("III.4", {"plan": ""}, "plan"),
        ("III.4", {"document": " "}, "document"),
        ("III.4", {"plan": "một"}, "plan"),
        ("III.4", {"plan": "1000"}, "plan"),
        ("III.4", {"verdict": "not_assigned"}, "because"),
        # The covenant's plan is none of the choices.
        ("I.1", {}, "verdict"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field(
    stage: Stage, code: str, data: dict[str, str], field: str
) -> None:
    page = url("answer_objection", objected(stage, code).pk)
    with nothing_changes():
        response = as_(stage.cast.chi).post(page, PLAN | data)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


@in_scene(published_stage)
def test_the_page_says_where_the_covenants_plan_stands(stage: Stage) -> None:
    said = {
        code: "Kế hoạch của giao ước được giữ nguyên" in text_of(as_(stage.cast.chi).get(page))
        for code in ("I.1", "I.2", "III.4")
        for page in [url("answer_objection", objected(stage, code).pk)]
    }
    assert said == {"I.1": True, "I.2": False, "III.4": False}


@in_scene(left_out_stage)
def test_a_board_objects_to_a_criterion_that_is_not_assigned_to_it(stage: Stage) -> None:
    line = stage.line(stage.third, "III.4")
    assert url("object", line.pk) in as_(stage.giang).get(url("sheet", line.sheet_id)).text
    assert REASON in text_of(as_(stage.giang).get(url("object", line.pk)))
    data = {"board": str(line.sheet.membership_id), "text": "Ban có thu ngân sách"}
    assert as_(stage.giang).post(url("object", line.pk), data).status_code == 302
    answer = {"verdict": "assigned", "figure": "90", "plan": "100", "document": DOCUMENT}
    page = url("answer_objection", Objection.objects.get().pk)

    assert as_(stage.cast.chi).post(page, answer | {"text": "Đúng"}).status_code == 302

    line = Line.objects.get(pk=line.pk)
    assert (line.is_assigned, line.plan) == (True, 100)


@in_scene(published_stage)
def test_what_the_own_board_objected_before_stands_above_the_empty_form(
    cast: Cast, stage: Stage
) -> None:
    line = stage.line(stage.third, "I.2")
    others = stage.year.memberships.get(board=cast.board)
    objections.make_objection(line, membership=others, text="Của ban khác", actor=cast.binh)
    one = objected(stage, "I.2")
    objections.answer(one, remedy=Remedy("figure", Decimal(2)), text="Đã xem lại", actor=cast.chi)

    page = text_of(as_(stage.giang).get(url("object", line.pk)))

    assert "Của ban khác" not in page
    assert page.index("Chưa đúng") < page.rindex("Đã xem lại") < page.index("Nội dung kiến nghị")
