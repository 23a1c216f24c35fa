"""The appraisal page after one line was refused: the other lines are shown as saved."""

from typing import Any

from tests.covenants.pages import as_, text_of
from tests.scoring.appraising.test_appraisal_pages import press, standing, url
from tests.scoring.years import Stage, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def one_refused(stage: Stage, name: str, **more: str) -> Any:
    """I.1 is saved, III.1 cannot be."""
    typed = {"figure_I_1": "80", "why_I_1": "Theo số liệu thẩm tra", "figure_III_1": "hai"}
    return press(stage, name, stage.cast.chi, **typed, **more)


def test_what_was_saved_is_shown_saved_and_the_rest_as_it_was_typed(stage: Stage) -> None:
    line, wrong = stage.line(stage.third, "I.1"), stage.line(stage.third, "III.1")
    for name in ("appraise_line", "take_as_proposed", "return_lines", "conclude"):
        response: Any = one_refused(stage, name, back_I_2="on", because_I_2="Thiếu")
        desk = response.context["appraisal_page"]
        form = response.context["form"]

        assert response.status_code == 422
        assert line.pk not in desk.waiting
        assert wrong.pk in desk.waiting
        assert (form[f"figure-{line.pk}"].value(), form[f"why-{line.pk}"].value()) == ("80", "")
        assert form[f"figure-{wrong.pk}"].value() == "hai"
        assert form[f"because-{stage.line(stage.third, 'I.2').pk}"].value() == "Thiếu"
        assert response.context["full"].appraised.lines["I.1"].fact.actual == 80


def test_a_line_that_was_saved_can_be_changed_on_that_page(stage: Stage) -> None:
    response = one_refused(stage, "appraise_line")
    line, form = stage.line(stage.third, "I.1"), response.context["form"]
    data = {f"{name}-{line.pk}": form[f"{name}-{line.pk}"].value() for name in ("figure", "seen")}
    data |= {f"figure-{line.pk}": "70", f"why-{line.pk}": "Trừ thêm"}

    as_(stage.cast.chi).post(url("appraise_line", line.sheet_id), data)
    assert standing(stage, "I.1") == [("80", "Theo số liệu thẩm tra"), ("70", "Trừ thêm")]


def test_a_line_that_goes_back_without_a_reason_is_said_once(stage: Stage) -> None:
    response = press(stage, "return_lines", stage.cast.chi, back_I_1="on")
    words = text_of(response)

    assert "Chưa trả lại dòng nào. I.1 : Đề nghị nêu lý do." in words
    assert "Các dòng sau chưa lưu" not in words
    assert "Ghi lý do trả lại các dòng" not in words
