"""Pages of a returned sheet: what the board has to do, and what the appraiser sees first."""

import pytest
from django.http import HttpResponse
from django.utils import timezone

from scoring.papers import stored
from scoring.sheets import submitting
from tests.covenants.pages import as_, markup_of
from tests.scoring.appraising.test_appraisal_pages import press, standing, url
from tests.scoring.papers.test_printing import words_of
from tests.scoring.years import Stage, cross_scored, figures_given, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def send_back(stage: Stage) -> None:
    press(stage, "return_lines", stage.cast.chi, back_I_1="on", because_I_1="Thiếu báo cáo")


def come_back(stage: Stage) -> None:
    """I.1 is sent back, the board replies and sends its sheet again."""
    send_back(stage)
    stage.line(stage.third, "I.1").returns.update(reply="Đã gửi bổ sung")
    submitting.submit(stage.sheet(stage.third), actor=stage.giang)


def desk(stage: Stage) -> HttpResponse:
    return as_(stage.cast.chi).get(url("appraise", stage.sheet(stage.third).pk))


def owed(stage: Stage, page: str) -> list[tuple[str, str]]:
    response = as_(stage.giang).get(url(page, stage.sheet(stage.third).pk))
    return [(one.line.criterion.code, one.what) for one in response.context["full"].missing]


@pytest.mark.parametrize("page", ["sheet", "submit"])
def test_a_reply_counts_as_missing_until_it_is_written(stage: Stage, page: str) -> None:
    send_back(stage)
    assert owed(stage, page) == [("I.1", "Trả lời lý do bị trả lại hoặc sửa số liệu.")]
    stage.line(stage.third, "I.1").returns.update(reply="Đã gửi bổ sung")
    assert owed(stage, page) == []


def test_a_line_that_lacks_its_figure_and_a_reply_is_named_once(stage: Stage) -> None:
    send_back(stage)
    stage.sheet(stage.third).lines.filter(criterion__code="I.1").update(actual=None)
    assert owed(stage, "sheet") == [("I.1", "Thiếu số liệu.")]


def test_what_came_back_stands_first_with_its_reply(stage: Stage) -> None:
    come_back(stage)
    response = desk(stage)
    content = response.content.decode()
    first, second = (
        content.index(f'id="line-{stage.line(stage.third, code).pk}"') for code in ("I.1", "I.2")
    )
    assert first < content.index('<details class="mt-4"') < second
    assert "Đã gửi bổ sung" in content
    assert [row.line.criterion.code for row in response.context["appraisal_page"].came_back] == [
        "I.1"
    ]


def test_the_other_lines_are_folded_away_only_once_they_have_their_figures(stage: Stage) -> None:
    come_back(stage)
    assert '<details class="mt-4" open>' in markup_of(desk(stage))
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    assert '<details class="mt-4">' in markup_of(desk(stage))


def test_a_group_of_the_other_lines_takes_over_none_that_came_back(stage: Stage) -> None:
    come_back(stage)
    group = stage.line(stage.third, "I.1").criterion.group_id
    press(stage, "take_as_proposed", stage.cast.chi, group=str(group))
    assert (standing(stage, "I.1"), standing(stage, "I.2")) == ([], [("4", "")])


def test_the_appraiser_takes_a_return_back_on_the_page(stage: Stage) -> None:
    send_back(stage)
    assert "Rút lại yêu cầu giải trình" in desk(stage).content.decode()
    assert press(stage, "recall", stage.cast.chi, reason=" ").status_code == 422
    assert press(stage, "recall", stage.cast.chi, reason="Quá hạn").status_code == 302
    page = desk(stage)
    assert "Rút lại yêu cầu giải trình" not in page.content.decode()
    assert [row.line.criterion.code for row in page.context["appraisal_page"].came_back] == ["I.1"]
    assert press(stage, "recall", stage.cast.chi, reason="Quá hạn").status_code == 409


def test_a_return_that_was_taken_back_is_no_further_submission(stage: Stage) -> None:
    """Nobody signed the sheet off again: page and minutes count what was signed."""
    send_back(stage)
    press(stage, "recall", stage.cast.chi, reason="Quá hạn")
    sheet = stage.sheet(stage.third)
    assert (sheet.round, sheet.submission) == (2, 1)
    assert "Gửi lần 1, " in desk(stage).content.decode()

    press(stage, "return_lines", stage.cast.chi, back_I_1="on", because_I_1="Thiếu")
    assert "Một số dòng của lần gửi 1 đang ở ban." in desk(stage).content.decode()
    stage.line(stage.third, "I.1").returns.update(reply="Đã gửi bổ sung")
    submitting.submit(stage.sheet(stage.third), actor=stage.giang)
    assert "Gửi lần 2, " in desk(stage).content.decode()
    words, day = (
        words_of(stored.appraisal_minutes(stage.again())),
        f"{timezone.localdate():%d/%m/%Y}",
    )
    assert (f"{day} 2 " in words, f"{day} 3 " in words) == (True, False)
