import datetime as dt
from typing import Any

import pytest

from members.models import BlocYear, Board, YearStep
from members.models.blocs import Role, StepKind
from tests.members.pages import as_user, as_user_just_now, excel_rows, page, queries_of, traces
from tests.people import Cast, join, make_board, make_year

MEMBERS = ["binh", "dung", "em", "hoa", "khach"]


def date_the_signing(year: BlocYear) -> None:
    YearStep.objects.create(
        bloc_year=year,
        kind=StepKind.SIGNING,
        starts_on=dt.date(year.year, 5, 4),
        ends_on=dt.date(year.year, 5, 6),
    )


def form_as_served(cast: Cast, **changes: Any) -> dict[str, Any]:
    """What the browser sends back when nothing is touched, with some changes."""
    context = as_user(cast.chi).get(page("members:new_year", cast.year)).context
    forms = [context["form"], *context["places"], *context["steps"]]
    forms += [context["places"].management_form, context["steps"].management_form]
    sent = {
        field.html_name: field.value()
        for form in forms
        for field in form
        if field.value() not in (None, False)
    }
    days = {key: f"{v:%d/%m/%Y}" for key, v in sent.items() if isinstance(v, dt.date)}
    return {**sent, **days, **changes}


def open_year(cast: Cast, who: str = "chi", **changes: Any) -> Any:
    sent = form_as_served(cast, **changes)
    return as_user(getattr(cast, who)).post(page("members:new_year", cast.year), sent)


def places(year: BlocYear) -> list[tuple[int, str, str]]:
    return list(year.memberships.values_list("order", "board__code", "role"))


def test_everybody_of_the_bloc_reads_its_years(cast: Cast) -> None:
    for who in ("an", "chi", *MEMBERS):
        response = as_user(getattr(cast, who)).get(page("members:years", cast.year))
        assert response.status_code == 200


def test_the_years_of_a_foreign_bloc_do_not_exist(cast: Cast) -> None:
    for name in ("members:years", "members:new_year", "members:change_dates", "close_year"):
        response = as_user(cast.ngoai).get(page(name, cast.year))
        assert response.status_code == 404


def test_a_year_tells_its_head_and_how_many_take_part(cast: Cast) -> None:
    response = as_user(cast.khach).get(page("members:years", cast.year))
    [row] = response.context["rows"]
    assert (row.head.board, row.deputy, row.members) == (cast.head, None, 2)


def test_the_newest_year_stands_first(cast: Cast) -> None:
    join(make_year(cast.bloc, 2020), cast.board, role=Role.HEAD)
    context = as_user(cast.em).get(page("members:years", cast.year)).context
    assert [row.year.year for row in context["rows"]] == [2020, 2019]
    assert (context["may_open"], context["may_manage"]) == (True, False)


def test_the_list_of_years_costs_the_same_for_one_and_for_three(cast: Cast) -> None:
    client = as_user(cast.an)
    url = page("members:years", cast.year)
    assert queries_of(client, url) == 11
    for year in (2020, 2021):
        join(make_year(cast.bloc, year), cast.head, role=Role.HEAD)
    assert queries_of(client, url) == 11


def test_the_next_year_carries_over_boards_roles_and_dates(cast: Cast) -> None:
    date_the_signing(cast.year)
    response = open_year(cast, theme="Đổi mới")
    opened = cast.bloc.years.get(year=2020)
    assert response["Location"] == page("home", opened)
    assert (opened.theme, places(opened)) == (
        "Đổi mới",
        [(1, "DLK", "head"), (2, "BDI", "member")],
    )
    assert list(opened.steps.values_list("kind", "starts_on", "ends_on")) == [
        ("signing", dt.date(2020, 5, 4), dt.date(2020, 5, 6))
    ]


def test_the_head_rotates_and_boards_join_leave_and_change_places(cast: Cast) -> None:
    newcomer = make_board("KHA", province="Khánh Hòa")
    leaving = make_board("GLA", province="Gia Lai")
    join(cast.year, leaving)
    open_year(
        cast,
        **{
            "places-0-role": Role.DEPUTY,
            "places-0-order": 3,
            "places-1-role": Role.HEAD,
            "places-2-takes_part": "",
            "places-3-takes_part": "on",
            "places-3-board": newcomer.pk,
            "places-3-role": Role.MEMBER,
            "places-3-order": 1,
        },
    )
    assert places(cast.bloc.years.get(year=2020)) == [
        (1, "KHA", "member"),
        (2, "BDI", "head"),
        (3, "DLK", "deputy"),
    ]


def test_two_heads_are_refused_with_a_sentence_and_nothing_is_lost(cast: Cast) -> None:
    before = traces()
    response = open_year(cast, **{"places-1-role": Role.HEAD, "theme": "Đổi mới"})
    assert response.context["form"].errors == {"__all__": ["Chọn đúng một ban làm Khối trưởng."]}
    assert response.context["form"]["theme"].value() == "Đổi mới"
    assert [form["role"].value() for form in response.context["places"]][:2] == ["head", "head"]
    assert (cast.bloc.years.count(), traces()) == (1, before)


def test_a_year_that_exists_is_refused(cast: Cast) -> None:
    response = open_year(cast, year=2019)
    assert response.context["form"].errors == {"__all__": ["Khối đã có năm 2019."]}
    assert cast.bloc.years.count() == 1


def test_all_that_is_wrong_is_told_at_once(cast: Cast) -> None:
    date_the_signing(cast.year)
    response = open_year(
        cast,
        **{
            "year": "",
            "places-2-takes_part": "on",
            "steps-0-ends_on": "01/05/2020",
            "steps-1-starts_on": "01/06/2020",
        },
    )
    context = response.context
    assert list(context["form"].errors) == ["year"]
    assert context["places"].errors[2] == {"board": ["Chọn ban tham gia."]}
    assert context["steps"].errors[:2] == [
        {"ends_on": ["Một bước không thể kết thúc trước khi bắt đầu."]},
        {"ends_on": ["Nhập cả hai ngày, hoặc để trống cả hai."]},
    ]
    assert cast.bloc.years.count() == 1


def test_a_board_of_another_bloc_cannot_be_taken_in(cast: Cast) -> None:
    response = open_year(
        cast,
        **{"places-2-takes_part": "on", "places-2-board": cast.foreign_board.pk},
    )
    assert list(response.context["places"].errors[2]) == ["board"]
    assert cast.bloc.years.count() == 1


def test_a_board_that_was_dissolved_is_not_carried_over(cast: Cast) -> None:
    Board.objects.filter(pk=cast.board.pk).update(dissolved_on=dt.date(2019, 12, 1))
    open_year(cast)
    assert places(cast.bloc.years.get(year=2020)) == [(1, "DLK", "head")]


def test_the_29th_of_february_becomes_the_28th(cast: Cast) -> None:
    leap = make_year(cast.bloc, 2024)
    join(leap, cast.head, role=Role.HEAD)
    day = dt.date(2024, 2, 29)
    YearStep.objects.create(bloc_year=leap, kind=StepKind.SIGNING, starts_on=day, ends_on=day)
    open_year(cast)
    assert cast.bloc.years.get(year=2025).steps.get().starts_on == dt.date(2025, 2, 28)


def test_a_year_is_opened_by_the_secretariat_of_the_newest_year_only(cast: Cast) -> None:
    newest = make_year(cast.bloc, 2020)
    join(newest, cast.board, role=Role.HEAD)
    old, new = as_user(cast.chi), as_user(cast.em)
    url = page("members:new_year", cast.year)
    assert (old.get(url).status_code, new.get(url).status_code) == (403, 200)


@pytest.mark.parametrize("who", MEMBERS)
def test_a_member_opens_dates_and_closes_no_year(cast: Cast, who: str) -> None:
    sent, before = form_as_served(cast), traces()
    client = as_user(getattr(cast, who))
    statuses = [
        client.post(page(name, cast.year), sent).status_code
        for name in ("members:new_year", "members:change_dates", "close_year")
    ]
    assert statuses == [403, 403, 403]
    cast.year.refresh_from_db()
    assert (cast.bloc.years.count(), cast.year.closed_on, traces()) == (1, None, before)


def steps_sent(first: str, last: str) -> dict[str, Any]:
    kinds = {f"steps-{number}-kind": kind for number, kind in enumerate(StepKind)}
    count = len(StepKind)
    form = {"steps-TOTAL_FORMS": count, "steps-INITIAL_FORMS": count}
    return {**kinds, **form, "steps-0-starts_on": first, "steps-0-ends_on": last}


def test_the_dates_of_a_year_move(cast: Cast) -> None:
    date_the_signing(cast.year)
    url = page("members:change_dates", cast.year)
    as_user(cast.chi).post(url, steps_sent("10/05/2019", "11/05/2019"))
    assert list(cast.year.steps.values_list("starts_on", "ends_on")) == [
        (dt.date(2019, 5, 10), dt.date(2019, 5, 11))
    ]


def test_a_dated_step_does_not_vanish(cast: Cast) -> None:
    date_the_signing(cast.year)
    before = traces()
    response = as_user(cast.chi).post(page("members:change_dates", cast.year), steps_sent("", ""))
    assert response.context["steps"].errors[0] == {
        "starts_on": ["Bước đã có ngày thì không bỏ được: đề nghị dời ngày."]
    }
    assert (cast.year.steps.count(), traces()) == (1, before)


def test_a_year_is_closed_only_by_a_post(cast: Cast) -> None:
    client, url = as_user_just_now(cast.chi), page("close_year", cast.year)
    assert client.get(url).status_code == 200
    cast.year.refresh_from_db()
    assert cast.year.closed_on is None
    client.post(url)
    cast.year.refresh_from_db()
    assert cast.year.is_closed
    assert client.post(url).status_code == 403


def test_closing_asks_for_a_fresh_login(cast: Cast) -> None:
    before = traces()
    response = as_user(cast.chi).post(page("close_year", cast.year))
    assert "xac-nhan-lai" in response["Location"]
    cast.year.refresh_from_db()
    assert (cast.year.closed_on, traces()) == (None, before)


@pytest.mark.parametrize("day", ["01/01/1899", "31/12/9999"])
def test_a_day_that_no_bloc_knows_is_refused_in_words(cast: Cast, day: str) -> None:
    response = open_year(cast, **{"steps-0-starts_on": day, "steps-0-ends_on": day})
    assert len(response.context["steps"].forms[0].errors["starts_on"]) == 1
    assert cast.bloc.years.count() == 1


def test_days_at_the_end_of_time_do_not_close_the_page(cast: Cast) -> None:
    date_the_signing(cast.year)
    YearStep.objects.update(starts_on=dt.date(9999, 1, 1), ends_on=dt.date(9999, 12, 31))
    assert as_user(cast.chi).get(page("members:new_year", cast.year)).status_code == 200


def test_a_board_without_a_name_is_not_offered(cast: Cast) -> None:
    Board.objects.create(code="KHONGTEN")
    response = as_user(cast.chi).get(page("members:new_year", cast.year))
    assert response.status_code == 200
    assert "KHONGTEN" not in response.content.decode()


@pytest.mark.parametrize("count", ["1000000000", "9" * 5000, "x"])
def test_a_made_up_number_of_forms_does_no_harm(cast: Cast, count: str) -> None:
    before = traces()
    sent = {"steps-TOTAL_FORMS": count, "steps-INITIAL_FORMS": "8"}
    response = as_user(cast.chi).post(page("members:change_dates", cast.year), sent)
    assert (response.status_code, traces()) == (200, before)


def test_the_years_go_to_excel(cast: Cast) -> None:
    response = as_user(cast.em).get(page("members:years", cast.year) + "?xuat=excel")
    assert excel_rows(response.content)[1:] == [
        [2019, None, "Ban Quản lý Khu kinh tế tỉnh Đắk Lắk", None, 2, None]
    ]
