"""Who may be appointed to which post, by whom, and who is notified."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import AuditEntry, BlocYear, OutboxMessage, Post, User
from members.models.blocs import Role
from members.models.people import PostKind
from members.people import appointments
from tests.members.pages import traces
from tests.people import START, TITLES, Cast, fresh, give_post, join, make_board, make_year


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = (list(Post.objects.order_by("pk").values()), *traces())
    passwords = list(User.objects.order_by("pk").values_list("password", flat=True))
    yield
    assert (list(Post.objects.order_by("pk").values()), *traces()) == before
    assert list(User.objects.order_by("pk").values_list("password", flat=True)) == passwords


def appoint(cast: Cast, user: User, kind: PostKind, **changes: Any) -> Post:
    values: dict[str, Any] = {
        "board": cast.board,
        "kind": kind,
        "title": TITLES[kind],
        "starts_on": START,
        "actor": cast.chi,
        **changes,
    }
    return appointments.appoint(cast.year, user.person, **values)


def told(occasion: str) -> list[str]:
    mails = OutboxMessage.objects.filter(key__startswith=occasion).order_by("recipient")
    return list(mails.values_list("recipient", flat=True))


# --- Nobody for oneself -------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [PostKind.LEADER, PostKind.OFFICER, PostKind.ACCOUNTANT])
def test_nobody_gives_a_post_to_oneself(cast: Cast, kind: PostKind) -> None:
    with nothing_changes(), pytest.raises(appointments.NotForOneself):
        appoint(cast, cast.chi, kind)


def test_nobody_resets_the_own_password(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(appointments.NotForOneself):
        appointments.reset_password(cast.year, cast.chi.person, actor=cast.chi)


# --- One board ----------------------------------------------------------------------------------


def test_nobody_signs_for_two_boards(cast: Cast) -> None:
    with nothing_changes(), pytest.raises(appointments.LeadsAnotherBoard):
        appoint(cast, cast.an, PostKind.DEPUTY_LEADER)


def test_a_leader_moves_to_another_board_on_the_day_the_old_post_ends(cast: Cast) -> None:
    moved_on = dt.date(2019, 9, 1)
    Post.objects.filter(person=cast.an.person).update(ends_on=moved_on)
    given = appoint(cast, cast.an, PostKind.LEADER, starts_on=moved_on)
    assert (given.board, given.starts_on) == (cast.board, moved_on)


def test_a_leader_may_do_other_work_in_another_board(cast: Cast) -> None:
    assert appoint(cast, cast.an, PostKind.OFFICER).board == cast.board


# --- Who is told --------------------------------------------------------------------------------


def test_the_board_and_the_person_are_told_of_a_new_signing_post(cast: Cast) -> None:
    post = appoint(cast, cast.em, PostKind.DEPUTY_LEADER)
    assert told("members.post_given") == ["binh@example.vn", "em@example.vn"]
    mail = OutboxMessage.objects.get(recipient="binh@example.vn")
    assert mail.subject == ("Phó Trưởng ban mới của Ban Quản lý Khu kinh tế tỉnh Bình Định")
    assert "Người thực hiện trên Cổng: Lê Thị Chi." in mail.body
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject, entry.details) == (
        "members.appointed",
        f"members.post:{post.pk}",
        {"person": "Võ Thị Em", "kind": "deputy_leader", "place": "BDI"},
    )


def test_nobody_is_bothered_with_a_post_that_signs_nothing(cast: Cast) -> None:
    appoint(cast, cast.hoa, PostKind.OFFICER)
    assert OutboxMessage.objects.count() == 0


def test_the_leaders_of_a_board_are_told_of_an_invited_deputy(cast: Cast) -> None:
    appointments.invite(
        cast.year,
        full_name="Đặng Mới",
        username="moi",
        email="moi@example.vn",
        phone="",
        board=cast.board,
        kind=PostKind.DEPUTY_LEADER,
        title="Phó Trưởng ban",
        starts_on=START,
        actor=cast.chi,
    )
    assert told("members.post_given") == ["binh@example.vn", "moi@example.vn"]


def test_the_leaders_of_a_board_are_told_of_a_password_reset_in_it(cast: Cast) -> None:
    appointments.reset_password(cast.year, cast.em.person, actor=cast.chi)
    assert told("members.password_reset") == ["binh@example.vn"]
    assert told("members.link") == ["em@example.vn"]


def test_the_board_is_told_when_its_leader_leaves(cast: Cast) -> None:
    post = cast.binh.person.posts.get()
    appointments.end_post(cast.year, post, ends_on=timezone.localdate(), actor=cast.chi)
    assert told("members.post_ended") == ["binh@example.vn"]


# --- The end of a post --------------------------------------------------------------------------


def test_an_ended_post_is_not_revived(cast: Cast) -> None:
    post = give_post(cast.em, PostKind.OFFICER, board=cast.head, ends_on=dt.date(2020, 1, 1))
    with nothing_changes(), pytest.raises(appointments.AlreadyEnded):
        appointments.end_post(cast.year, post, ends_on=dt.date(2099, 1, 1), actor=cast.chi)


def test_the_end_of_a_post_that_lasts_may_be_moved(cast: Cast) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    post = give_post(cast.em, PostKind.OFFICER, board=cast.head, ends_on=tomorrow)
    appointments.end_post(cast.year, post, ends_on=timezone.localdate(), actor=cast.chi)
    post.refresh_from_db()
    assert post.ends_on == timezone.localdate()


def test_a_post_of_a_board_that_left_the_bloc_can_still_be_ended(cast: Cast) -> None:
    left = make_board("GLA", province="Gia Lai")
    join(make_year(cast.bloc, 2018, closed_on=dt.date(2019, 1, 1)), left)
    post = give_post(cast.em, PostKind.OFFICER, board=left)
    appointments.end_post(cast.year, post, ends_on=START, actor=cast.chi)
    post.refresh_from_db()
    assert post.ends_on == START


def test_a_post_of_a_foreign_bloc_is_not_ended(cast: Cast) -> None:
    post = cast.ngoai.person.posts.get()
    with nothing_changes(), pytest.raises(appointments.NotOfThisBloc):
        appointments.end_post(cast.year, post, ends_on=START, actor=cast.chi)


# --- After the head has turned over -------------------------------------------------------------


@pytest.fixture
def next_year(cast: Cast) -> BlocYear:
    """2020 is headed by Bình's board while 2019 is still open."""
    year = make_year(cast.bloc, 2020)
    join(year, cast.board, role=Role.HEAD)
    join(year, cast.head)
    return year


def test_the_secretariat_of_an_older_year_touches_nobody(cast: Cast, next_year: BlocYear) -> None:
    chi = fresh(cast.chi)
    with nothing_changes(), pytest.raises(PermissionDenied):
        appointments.reset_password(cast.year, cast.binh.person, actor=chi)
    with nothing_changes(), pytest.raises(PermissionDenied):
        appoint(cast, cast.hoa, PostKind.OFFICER)
    post = cast.binh.person.posts.get()
    with nothing_changes(), pytest.raises(PermissionDenied):
        appointments.end_post(cast.year, post, ends_on=timezone.localdate(), actor=chi)


def test_the_new_secretariat_sees_to_the_people(cast: Cast, next_year: BlocYear) -> None:
    post = appointments.appoint(
        next_year,
        cast.hoa.person,
        board=cast.head,
        kind=PostKind.OFFICER,
        title="Chuyên viên",
        starts_on=START,
        actor=fresh(cast.em),
    )
    assert post.board == cast.head


def test_an_older_year_has_its_say_again_once_the_newer_one_is_closed(
    cast: Cast, next_year: BlocYear
) -> None:
    BlocYear.objects.filter(pk=next_year.pk).update(closed_on=dt.date(2021, 1, 31))
    assert appoint(cast, cast.hoa, PostKind.OFFICER).board == cast.board
