"""A board with places in open years of two blocs: neither secretariat has a hold on its people, for
whoever has their login, or a post beside theirs, acts in the other bloc as well."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.models import AuditEntry, BlocYear, OutboxMessage, Person
from members.models.people import PostKind
from members.people import appointments
from tests.members.pages import as_user, as_user_just_now, message_of, page
from tests.members.people.test_appointments import nothing_changes, told
from tests.members.people.test_people_page import can_log_in
from tests.people import (
    PASSWORD,
    START,
    Cast,
    fresh,
    give_post,
    join,
    make_board,
    make_user,
    make_year,
)

SENTENCE = (
    "Ban này tham gia nhiều khối: đề nghị quản trị viên của Cổng cập nhật chức vụ, mật khẩu của "
    "người trong ban."
)


@pytest.fixture
def shared(cast: Cast) -> Cast:
    """Bình's board is a member of the foreign bloc's year as well."""
    join(cast.foreign_year, cast.board)
    for year in (cast.year, cast.foreign_year):
        year.__dict__.pop("roles", None)
    return cast


def invite(year: BlocYear, cast: Cast, **changed: Any) -> appointments.Admission:
    usual: dict[str, Any] = {
        "full_name": "Đặng Mới",
        "username": "moi",
        "email": "moi@example.vn",
        "phone": "",
        "board": cast.board,
        "kind": PostKind.OFFICER,
        "title": "Chuyên viên",
        "starts_on": START,
    }
    return appointments.invite(year, **usual | changed)


def deeds(cast: Cast, year: BlocYear, actor: Any) -> list[Callable[[], Any]]:
    """Whatever gives a hold on the people of the member board."""
    post = cast.binh.person.posts.get()
    place = {"board": cast.board, "title": "Phó Trưởng ban", "starts_on": START}
    return [
        lambda: appointments.reset_password(year, cast.binh.person, actor=actor),
        lambda: appointments.reset_password(year, cast.em.person, actor=actor),
        lambda: invite(year, cast, actor=actor),
        lambda: appointments.appoint(
            year, cast.em.person, kind=PostKind.DEPUTY_LEADER, actor=actor, **place
        ),
        lambda: appointments.end_post(year, post, ends_on=timezone.localdate(), actor=actor),
    ]


@pytest.mark.parametrize("whose", ["chi", "ngoai"])
def test_neither_secretariat_touches_its_people(shared: Cast, whose: str) -> None:
    year = shared.year if whose == "chi" else shared.foreign_year
    for deed in deeds(shared, year, fresh(getattr(shared, whose))):
        with nothing_changes(), pytest.raises(appointments.SharedBoard) as refused:
            deed()
        assert str(refused.value) == SENTENCE


def test_the_page_says_whom_to_ask(shared: Cast) -> None:
    url = page("members:reset_password", shared.year, shared.binh.person.pk)
    response = as_user_just_now(fresh(shared.chi)).post(url)
    assert message_of(response) == SENTENCE
    assert can_log_in("binh", PASSWORD)


def test_the_secretariat_still_sees_to_its_own_board_and_to_the_others(shared: Cast) -> None:
    """The head board takes part elsewhere, too: its own people are no strangers there."""
    join(shared.foreign_year, shared.head)
    appointments.reset_password(shared.year, shared.an.person, actor=fresh(shared.chi))

    other = make_board("GLA", province="Gia Lai")
    join(shared.year, other)
    shared.year.__dict__.pop("roles", None)
    assert invite(shared.year, shared, board=other, actor=fresh(shared.chi)).link


def test_a_closed_year_elsewhere_gives_no_share(shared: Cast) -> None:
    BlocYear.objects.filter(pk=shared.foreign_year.pk).update(closed_on=dt.date(2020, 1, 31))
    for deed in deeds(shared, shared.year, fresh(shared.chi)):
        deed()


def test_a_board_that_went_to_another_bloc_is_the_others(cast: Cast) -> None:
    """It belonged here in a year that is closed; its people serve elsewhere now."""
    gone = make_board("GLA", province="Gia Lai")
    join(make_year(cast.bloc, 2018, closed_on=dt.date(2019, 1, 1)), gone)
    join(cast.foreign_year, gone)
    giang = make_user("giang")
    give_post(giang, PostKind.LEADER, board=gone)
    post = giang.person.posts.get()

    for deed in (
        lambda: appointments.reset_password(cast.year, giang.person, actor=cast.chi),
        lambda: appointments.end_post(cast.year, post, ends_on=START, actor=cast.chi),
    ):
        with nothing_changes(), pytest.raises(appointments.SharedBoard):
            deed()
    appointments.reset_password(
        BlocYear.objects.get(pk=cast.foreign_year.pk), giang.person, actor=fresh(cast.ngoai)
    )


def test_a_post_that_has_not_begun_counts(cast: Cast) -> None:
    """Who is to lead a board elsewhere from tomorrow on is no more the secretariat's today."""
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    third = make_board("GLA", province="Gia Lai")
    join(cast.year, third)
    join(cast.foreign_year, third)
    give_post(cast.em, PostKind.OFFICER, board=third, starts_on=tomorrow)

    with nothing_changes(), pytest.raises(appointments.SharedBoard):
        appointments.reset_password(cast.year, cast.em.person, actor=fresh(cast.chi))


def test_a_board_that_another_carries_on_is_shared_through_it(cast: Cast) -> None:
    third = make_board("GLA", province="Gia Lai")
    membership = join(cast.foreign_year, third)
    type(membership).objects.filter(pk=membership.pk).update(carried_on_by=cast.board)

    with nothing_changes(), pytest.raises(appointments.SharedBoard):
        appointments.reset_password(cast.year, cast.binh.person, actor=fresh(cast.chi))


# --- The administrator ----------------------------------------------------------------------------


@pytest.fixture
def administrator(cast: Cast) -> Any:
    user = make_user("quantri")
    type(user).objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return fresh(user)


def asked_for_a_link(administrator: Any, *people: Person) -> Client:
    client = as_user_just_now(administrator)
    data = {"action": "give_link", "_selected_action": [one.pk for one in people]}
    client.post(reverse("admin:members_person_changelist"), data)
    return client


def test_an_administrator_gives_the_link_and_the_board_is_told(
    shared: Cast, administrator: Any
) -> None:
    client = asked_for_a_link(administrator, shared.binh.person)

    [said] = [
        str(one)
        for one in client.get(reverse("admin:members_person_changelist")).context["messages"]
    ]
    assert "/tai-khoan/" in said
    assert not can_log_in("binh", PASSWORD)
    assert told("members.link") == ["binh@example.vn"]
    assert told("members.password_reset") == ["em@example.vn"]
    mail = OutboxMessage.objects.get(recipient="em@example.vn")
    assert "Quản trị viên của Cổng đã hủy mật khẩu" in mail.body
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.subject) == (
        "members.password_reset",
        f"members.person:{shared.binh.person.pk}",
    )


def test_an_administrator_gives_one_link_at_a_time_and_none_to_administrators(
    shared: Cast, administrator: Any
) -> None:
    with nothing_changes():
        asked_for_a_link(administrator, shared.binh.person, shared.em.person)
        asked_for_a_link(administrator, administrator.person)


def test_an_unlocked_screen_of_an_administrator_gives_no_link(
    shared: Cast, administrator: Any
) -> None:
    data = {"action": "give_link", "_selected_action": [shared.binh.person.pk]}
    answer = as_user(administrator).post(reverse("admin:members_person_changelist"), data)
    assert reverse("account_reauthenticate") in answer["Location"]
    assert can_log_in("binh", PASSWORD)


def test_nobody_else_gives_a_link_as_an_administrator(shared: Cast) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        appointments.give_link(shared.binh.person, actor=fresh(shared.chi))
    address = reverse("admin:members_person_changelist")
    data = {"action": "give_link", "_selected_action": [shared.binh.person.pk]}
    assert as_user(shared.chi).post(address, data).status_code in (302, 403)
    assert can_log_in("binh", PASSWORD)


# --- Who is told of a link ------------------------------------------------------------------------


def test_where_nobody_else_leads_the_officers_are_told_of_a_reset(cast: Cast) -> None:
    appointments.reset_password(cast.year, cast.binh.person, actor=cast.chi)
    assert told("members.password_reset") == ["em@example.vn"]


def test_the_leaders_are_told_of_everybody_who_is_given_a_login_in_the_board(cast: Cast) -> None:
    invite(cast.year, cast, actor=cast.chi)
    assert told("members.invited") == ["binh@example.vn"]
    mail = OutboxMessage.objects.get(recipient="binh@example.vn")
    assert mail.subject == "Tài khoản mới tại Ban Quản lý Khu kinh tế tỉnh Bình Định"
    assert "Đặng Mới, giữ chức vụ Chuyên viên" in mail.body
