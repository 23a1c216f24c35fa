"""The papers of a final result name those who led on the day it became final, whenever they are
first printed.
"""

import datetime as dt

import pytest
from django.utils import timezone

from members.models import Board, Post, User
from members.models.people import PostKind
from scoring import visibility
from scoring.models import Scoring
from scoring.papers import stored
from tests.members.pages import as_user, excel_rows, page
from tests.mergers import consolidation, go_on, merge, with_everybody
from tests.people import Cast, give_post, make_user
from tests.scoring.papers.test_printing import words_of
from tests.scoring.years import DAY, Stage, agreed_stage, final_stage
from tests.shared_scene import in_scene

NEW = {"head": "Cao Tân Nhiệm", "board": "Vũ Kế Vị"}
OLD = {"head": "Nguyễn Văn An", "board": "Trần Thanh Bình"}


def rotate(board: Board, name: str, *, last: dt.date) -> User:
    """The board's leader leaves after a day, another leads from the next one on."""
    leading = Post.objects.filter(board=board, kind=PostKind.LEADER, ends_on=None)
    leading.update(ends_on=last)
    successor = make_user(f"{board.code.lower()}.moi", full_name=name)
    give_post(
        successor, PostKind.LEADER, board=board, title="Quyền Trưởng ban", starts_on=last + DAY
    )
    return successor


def rotated(cast: Cast) -> Stage:
    """A year that became final ten days ago, and whose head and deputy got new leaders since."""
    stage = final_stage(cast)
    final = timezone.now() - 10 * DAY
    Scoring.objects.filter(pk=stage.scoring.pk).update(finalised_at=final)
    rotate(cast.head, NEW["head"], last=timezone.localdate(final))
    rotate(cast.board, NEW["board"], last=timezone.localdate(final) + 3 * DAY)
    stage.again()
    return stage


pytestmark = in_scene(rotated)


def printed(stage: Stage, which: str) -> str:
    if which == "sheet":
        # The deputy appraises the head's sheet, the head every other.
        sheets = (stage.sheet(stage.cast.head), stage.sheet(stage.third))
        seen = visibility.visibility_of(stage.cast.chi, stage.scoring)
        return " ".join(words_of(stored.sheet_paper(one, seen)) for one in sheets)
    return words_of(getattr(stored, which)(stage.scoring))


@pytest.mark.parametrize(
    ("which", "named"),
    [
        ("summary_paper", ["head"]),
        ("comparison_paper", ["head"]),
        ("appraisal_minutes", ["head", "board"]),
        ("sheet", ["head", "board"]),
    ],
)
def test_a_final_paper_names_who_led_when_it_became_final(
    stage: Stage, which: str, named: list[str]
) -> None:
    words = printed(stage, which)

    assert [OLD[one] in words for one in named] == [True] * len(named)
    assert [one in words for one in (*NEW.values(), "Quyền Trưởng ban")] == [False] * 3


@in_scene(agreed_stage)
def test_before_it_is_final_a_paper_names_who_leads_today(stage: Stage) -> None:
    rotate(stage.cast.head, NEW["head"], last=timezone.localdate() - DAY)
    words = printed(stage, "summary_paper")

    assert (NEW["head"] in words, OLD["head"] in words) == (True, False)


def merged(stage: Stage, *, on: dt.date) -> None:
    """The deputy became one with the third board, whose leader leads both; the bloc lets it act."""
    cast = stage.cast
    change = consolidation(cast.board, stage.third, effective_on=on)
    made = merge(stage.year, with_everybody(change, except_of=cast.board), actor=cast.chi)
    go_on(stage.year, made, actor=cast.chi, decided_on=on)
    stage.again()


@in_scene(final_stage)
def test_a_board_that_was_merged_since_still_speaks_for_itself(stage: Stage) -> None:
    final = timezone.now() - 10 * DAY
    Scoring.objects.filter(pk=stage.scoring.pk).update(finalised_at=final)
    merged(stage, on=timezone.localdate())
    words = printed(stage, "appraisal_minutes")

    assert (OLD["board"] in words, stage.giang.person.full_name in words) == (True, False)


@in_scene(final_stage)
def test_a_board_that_was_merged_before_is_spoken_for_by_its_heir(stage: Stage) -> None:
    merged(stage, on=timezone.localdate() - DAY)

    assert stage.giang.person.full_name in printed(stage, "appraisal_minutes")


@pytest.mark.parametrize("name", ["ranking", "comparison", "appraisal_minutes"])
def test_the_tables_in_excel_name_nobody_of_a_later_day(stage: Stage, name: str) -> None:
    address = page(f"scoring:{name}", stage.year)
    content = as_user(stage.cast.chi).get(address, {"xuat": "excel"}).content
    cells = {str(cell) for row in excel_rows(content) for cell in row}

    assert cells.isdisjoint(NEW.values())
    assert any("Đắk Lắk" in cell for cell in cells)
