"""The home page: what is due, from whom, by when, who is late, and the reminder for them."""

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from covenants.models import Paper
from covenants.papers import consultation
from emulation_bloc import queries, views
from members.models import BlocYear, YearStep
from members.models.blocs import Role, StepKind
from members.models.people import PostKind
from tests.members.pages import as_user, excel_rows, page, queries_of
from tests.people import (
    Cast,
    draft_covenant,
    enrol,
    fresh,
    give_post,
    join,
    make_board,
    make_leader,
    make_user,
    seal_covenant,
    sign,
)

MEMBERS = ["binh", "dung", "em", "hoa", "khach"]
DUE = dt.date(2019, 5, 4)


def home(cast: Cast, who: str) -> Any:
    return as_user(getattr(cast, who)).get(page("home", cast.year)).context


def titles(cast: Cast, who: str) -> list[tuple[str, bool]]:
    """What stands under “mine and my board's”, and whether the reader may do it."""
    return [(str(line.obligation.title), line.is_mine) for line in home(cast, who)["dues"]]


def seal_due_tomorrow(cast: Cast) -> Paper:
    paper = seal_covenant(cast.year, actor=cast.chi)
    Paper.objects.filter(pk=paper.pk).update(sign_by=timezone.localdate() + dt.timedelta(days=1))
    return Paper.objects.get(pk=paper.pk)


# --- Who gets in --------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["an", "chi", *MEMBERS])
def test_everybody_of_the_bloc_has_a_home(cast: Cast, who: str) -> None:
    response = as_user(getattr(cast, who)).get(page("home", cast.year))
    assert response.status_code == 200


def test_the_home_of_a_foreign_bloc_does_not_exist(cast: Cast) -> None:
    client = as_user(cast.ngoai)
    assert client.get(page("home", cast.year)).status_code == 404
    assert client.post(page("home", cast.year)).status_code == 404


def later_year(cast: Cast, number: int) -> BlocYear:
    year = BlocYear.objects.create(bloc=cast.bloc, year=number)
    join(year, cast.head, role=Role.HEAD)
    join(year, cast.board)
    return year


def start_of(cast: Cast) -> str:
    return as_user(cast.an).get("/")["Location"]


def test_the_start_page_leads_to_the_newest_year(cast: Cast) -> None:
    later_year(cast, 2020)
    assert start_of(cast) == reverse("home", args=["tay-nguyen", 2020])


def test_a_year_opened_ahead_does_not_take_the_place_of_the_present_one(cast: Cast) -> None:
    later_year(cast, timezone.localdate().year + 1)
    assert start_of(cast) == page("home", cast.year)


def test_a_year_whose_signing_has_begun_before_january_is_the_present_one(cast: Cast) -> None:
    year, today = later_year(cast, timezone.localdate().year + 1), timezone.localdate()
    step(year, StepKind.SIGNING, today, today)
    assert start_of(cast) == page("home", year)


def test_somebody_whose_only_year_is_ahead_lands_there(cast: Cast) -> None:
    BlocYear.objects.filter(pk=cast.year.pk).update(year=timezone.localdate().year + 2)
    BlocYear.objects.create(bloc=cast.bloc, year=timezone.localdate().year + 3)
    assert start_of(cast) == reverse("home", args=["tay-nguyen", timezone.localdate().year + 2])


def test_somebody_without_a_post_is_told_whom_to_ask(cast: Cast) -> None:
    response = as_user(make_user("le")).get("/")
    assert "Tài khoản của Ông/Bà chưa gắn với khối nào" in response.content.decode()


@pytest.mark.parametrize("name", ["fund:index", "events:index", "scoring:index"])
def test_parts_that_are_not_built_yet_say_so(cast: Cast, name: str) -> None:
    client = as_user(cast.binh)
    assert client.get(page(name, cast.year)).status_code == 200
    assert as_user(cast.ngoai).get(page(name, cast.year)).status_code == 404


# --- What is due --------------------------------------------------------------------------------


def test_without_a_covenant_the_secretariat_starts_one(cast: Cast) -> None:
    assert titles(cast, "chi") == [("Bắt đầu soạn giao ước của năm", True)]
    assert titles(cast, "binh") == []


def test_a_draft_waits_for_the_secretariat(cast: Cast) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    assert titles(cast, "chi") == [("Soạn xong dự thảo và lấy ý kiến các ban", True)]
    assert titles(cast, "em") == []


def test_in_consultation_members_comment_and_the_secretariat_answers(cast: Cast) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    assert titles(cast, "em") == [("Góp ý dự thảo giao ước", True)]
    assert titles(cast, "dung") == [
        ("Chốt giao ước và mở ký", False),
        ("Góp ý dự thảo giao ước", False),
    ]
    consultation.comment(paper, article=None, text="Nên rõ hơn.", actor=cast.em)
    assert titles(cast, "em") == []
    assert titles(cast, "chi") == [
        ("Trả lời 1 góp ý về dự thảo", True),
        ("Chốt giao ước và mở ký", True),
        ("Góp ý dự thảo giao ước", True),
    ]


def test_a_leader_makes_a_key_and_then_signs(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    assert titles(cast, "binh") == [("Tạo khóa ký", True), ("Ký giao ước", True)]
    enrol(cast.binh)
    assert titles(cast, "binh") == [("Ký giao ước", True)]


def test_an_officer_sees_what_the_board_owes_but_cannot_do_it(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    assert titles(cast, "em") == [("Tạo khóa ký", False), ("Ký giao ước", False)]
    body = as_user(cast.em).get(page("home", cast.year)).content.decode()
    assert page("covenants:enrol", cast.year) not in body.split('class="dues"')[1]


def test_an_observer_owes_nothing(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    assert titles(cast, "khach") == []


def test_what_is_signed_is_no_longer_due(cast: Cast) -> None:
    paper = seal_due_tomorrow(cast)
    enrol(cast.binh)
    sign(paper, cast.board, actor=fresh(cast.binh))
    assert titles(cast, "binh") == []


def test_a_due_line_tells_the_day_and_how_long_is_left(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    line = home(cast, "binh")["dues"][0]
    assert (line.left, line.is_late, line.whose) == (
        "còn 1 ngày",
        False,
        "lãnh đạo BQL KKT Bình Định",
    )


def test_a_late_line_tells_how_late_it_is(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    line = home(cast, "binh")["dues"][0]
    days = (timezone.localdate() - DUE).days
    assert (line.day, line.left, line.is_late) == ("04/05", f"trễ {days} ngày", True)


def test_nothing_is_due_in_a_closed_year(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    context = home(cast, "an")
    assert (context["dues"], context["late"]) == ([], [])
    assert [cell.state for row in context["matrix"].rows for cell in row.cells] == ["wait"] * 4


def of_other_years(cast: Cast, who: str, year: BlocYear) -> list[tuple[int, list[str]]]:
    context = as_user(getattr(cast, who)).get(page("home", year)).context
    return [
        (other.year.year, [str(line.obligation.title) for line in other.dues])
        for other in context["elsewhere"]
    ]


def test_home_tells_what_is_due_in_the_other_open_years(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    enrol(cast.binh)
    year = later_year(cast, 2020)
    assert of_other_years(cast, "binh", year) == [(2019, ["Ký giao ước"])]
    assert of_other_years(cast, "khach", year) == []
    context = as_user(cast.binh).get(page("home", year)).context
    assert (context["due_count"], context["waiting"]) == (1, "một việc chờ Ông/Bà")


def test_a_closed_year_asks_for_nothing_in_another_one(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    assert of_other_years(cast, "binh", later_year(cast, 2020)) == []


def test_the_weekday_is_written_as_the_office_writes_it() -> None:
    with translation.override("vi"):
        words = [str(word) for word in views.WEEKDAYS]
    assert words == [
        "Thứ Hai",
        "Thứ Ba",
        "Thứ Tư",
        "Thứ Năm",
        "Thứ Sáu",
        "Thứ Bảy",
        "Chủ nhật",
    ]


# --- The matrix ---------------------------------------------------------------------------------


def test_only_the_secretariat_sees_the_matrix(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    seen = {who for who in ["an", "chi", *MEMBERS] if "matrix" in home(cast, who)}
    assert seen == {"an", "chi"}


def states(cast: Cast) -> dict[str, list[str]]:
    rows = home(cast, "chi")["matrix"].rows
    return {row.membership.board.code: [cell.state for cell in row.cells] for row in rows}


def test_the_matrix_tells_who_is_late_and_who_is_not(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.binh)
    sign(paper, cast.board, actor=fresh(cast.binh))
    assert states(cast) == {"DLK": ["late", "late"], "BDI": ["done", "done"]}


def test_the_matrix_names_what_is_still_open(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    enrol(cast.binh)
    rows = home(cast, "chi")["matrix"].rows
    assert [row.open_steps for row in rows] == [["Tạo khóa ký", "Ký giao ước"], ["Ký giao ước"]]


def test_a_key_of_a_former_post_is_no_key_in_the_matrix(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    enrol(cast.binh)
    assert states(cast)["BDI"] == ["done", "wait"]
    cast.binh.person.posts.update(title="Trưởng ban phụ trách")
    assert states(cast)["BDI"] == ["wait", "wait"]


def test_a_key_of_a_former_board_is_no_key_in_the_matrix(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    enrol(cast.binh)
    cast.binh.person.posts.update(board=make_board("GLA"))
    give_post(cast.binh, PostKind.DEPUTY_LEADER, board=cast.board)
    assert states(cast)["BDI"] == ["wait", "wait"]


def test_before_the_day_nobody_is_late(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    assert states(cast) == {"DLK": ["wait", "wait"], "BDI": ["wait", "wait"]}
    assert home(cast, "chi")["late"] == []


def test_the_day_itself_is_not_late(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    Paper.objects.filter(pk=paper.pk).update(sign_by=timezone.localdate())
    assert home(cast, "chi")["late"] == []


def test_the_lead_says_in_words_how_many_are_late_and_wait(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    body = as_user(cast.an).get(page("home", cast.year)).content.decode()
    assert "Hai ban đang trễ, hai việc chờ Ông/Bà." in body


def test_the_matrix_goes_to_excel(cast: Cast) -> None:
    seal_due_tomorrow(cast)
    response = as_user(cast.chi).get(page("home", cast.year) + "?xuat=excel")
    assert [row[0] for row in excel_rows(response.content)[1:]] == [
        "Ban Quản lý Khu kinh tế tỉnh Đắk Lắk",
        "Ban Quản lý Khu kinh tế tỉnh Bình Định",
    ]


def test_home_costs_the_same_for_one_board_and_for_three(cast: Cast) -> None:
    cast.year.memberships.filter(board=cast.board).delete()
    assert home_queries(cast) == HOME_QUERIES
    Paper.objects.update(state="annulled")
    for code in ("DNO", "GLA"):
        board = make_board(code)
        join(cast.year, board)
        make_leader(board)
    cast.year.__dict__.pop("roles", None)
    assert home_queries(cast) == HOME_QUERIES


HOME_QUERIES = 20


def home_queries(cast: Cast) -> int:
    seal_covenant(cast.year, actor=fresh(cast.chi))
    return queries_of(as_user(cast.an), page("home", cast.year))


# --- The strip ----------------------------------------------------------------------------------


def step(year: BlocYear, kind: StepKind, first: dt.date, last: dt.date) -> None:
    YearStep.objects.create(bloc_year=year, kind=kind, starts_on=first, ends_on=last)


def strip(cast: Cast, today: dt.date) -> list[tuple[str, str, int | None]]:
    step(cast.year, StepKind.SIGNING, DUE, DUE)
    step(cast.year, StepKind.SELF_SCORING, dt.date(2019, 11, 15), dt.date(2019, 11, 30))
    step(cast.year, StepKind.HANDOVER, dt.date(2020, 1, 20), dt.date(2020, 1, 20))
    with translation.override("vi"):
        return [(s.state, s.span, s.tenth) for s in queries.strip(cast.year, today)]


def test_today_stands_inside_the_step_under_way(cast: Cast) -> None:
    assert strip(cast, dt.date(2019, 11, 26)) == [
        ("done", "04/05", None),
        ("now", "15–30/11, còn 4 ngày", 6),
        ("todo", "20/01/2020", None),
    ]


def test_before_the_first_step_today_stands_nowhere(cast: Cast) -> None:
    assert strip(cast, dt.date(2018, 11, 25)) == [
        ("todo", "04/05", None),
        ("todo", "15–30/11", None),
        ("todo", "20/01/2020", None),
    ]


def test_a_year_opened_ahead_says_when_it_begins(cast: Cast) -> None:
    today = timezone.localdate()
    year = later_year(cast, today.year + 1)
    first = dt.date(today.year + 1, 11, 15)
    step(year, StepKind.SIGNING, first, first)
    context = as_user(cast.chi).get(page("home", year)).context
    assert context["begins_on"] == first
    assert [line.day for line in context["dues"]] == [f"15/11/{today.year + 1}"]
    assert home(cast, "chi")["begins_on"] is None


def test_between_two_steps_today_stands_before_the_next(cast: Cast) -> None:
    assert strip(cast, dt.date(2019, 12, 31)) == [
        ("done", "04/05", None),
        ("done", "15–30/11", None),
        ("now", "20/01/2020, còn 20 ngày", 0),
    ]


def test_after_the_last_step_all_is_done(cast: Cast) -> None:
    assert [state for state, _span, _tenth in strip(cast, dt.date(2020, 2, 1))] == ["done"] * 3


def test_a_step_over_two_months_names_both(cast: Cast) -> None:
    step(cast.year, StepKind.APPRAISAL, dt.date(2019, 11, 20), dt.date(2019, 12, 5))
    [stage] = queries.strip(cast.year, dt.date(2019, 1, 1))
    assert stage.span.startswith("20/11–05/12")
