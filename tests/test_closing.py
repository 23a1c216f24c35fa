"""Closing a year, and what the apps report as unfinished."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from emulation_bloc import closing
from members.models import BlocYear
from members.years.closing import OpenEnd
from tests.covenants.pages import signed_in_just_now
from tests.covenants.traces import acts, nothing_changes
from tests.members.pages import page
from tests.people import Cast, fresh
from tests.scoring.scales import opened_year
from tests.scoring.years import final_stage

NOT_FINAL = "Chấm điểm năm 2019 chưa có kết quả chính thức: chốt kết quả trước khi đóng năm."
NONE_AT_ALL = "Năm 2019 chưa mở chấm điểm; đóng năm rồi thì không chấm được nữa."
BUTTON = 'type="submit">Đóng năm'


def press(cast: Cast, year: BlocYear) -> HttpResponse:
    return signed_in_just_now(cast.chi).post(page("close_year", year))


def is_closed(year: BlocYear) -> bool:
    return BlocYear.objects.get(pk=year.pk).is_closed


def test_a_year_whose_scores_are_not_final_stays_open(cast: Cast) -> None:
    year = opened_year(cast).bloc_year
    with nothing_changes(), pytest.raises(closing.NotDone, match="chưa có kết quả chính thức"):
        closing.close_year(year, actor=fresh(cast.chi))

    shown = signed_in_just_now(cast.chi).get(page("close_year", year))
    refused = press(cast, year)
    for html in (shown.content.decode(), refused.content.decode()):
        assert (NOT_FINAL in html, BUTTON in html) == (True, False)
    assert (shown.status_code, refused.status_code, is_closed(year)) == (200, 409, False)


def test_a_year_without_scores_closes_and_says_that_it_has_none(cast: Cast) -> None:
    assert closing.open_ends(cast.year) == [OpenEnd(NONE_AT_ALL, is_obstacle=False)]
    html = signed_in_just_now(cast.chi).get(page("close_year", cast.year)).content.decode()
    assert (NONE_AT_ALL in html, BUTTON in html) == (True, True)

    assert press(cast, cast.year).status_code == 302
    assert is_closed(cast.year)


def test_a_year_with_a_final_result_closes_without_a_word(cast: Cast) -> None:
    year = final_stage(cast).year
    assert closing.open_ends(year) == []

    closing.close_year(year, actor=fresh(cast.chi))

    assert (is_closed(year), acts()[-1]) == (True, "members.year_closed")


def test_only_the_secretariat_closes_a_year(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        closing.close_year(cast.year, actor=cast.binh)
