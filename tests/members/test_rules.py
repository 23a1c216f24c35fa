import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import BlocYear, Membership, Post, User
from members.models.blocs import Role
from members.permissions import require
from tests.people import Cast, fresh


def year_of(cast: Cast) -> BlocYear:
    return BlocYear.objects.get(pk=cast.year.pk)


def secretariat(cast: Cast) -> set[str]:
    people = (cast.an, cast.binh, cast.chi, cast.dung, cast.em, cast.hoa, cast.khach, cast.ngoai)
    year = year_of(cast)
    return {
        user.username for user in people if fresh(user).has_perm("members.be_secretariat", year)
    }


def test_secretariat_is_the_staff_of_the_head_board(cast: Cast) -> None:
    assert secretariat(cast) == {"an", "chi"}


def test_secretariat_follows_the_head_when_it_rotates(cast: Cast) -> None:
    Membership.objects.filter(board=cast.head).update(role=Role.MEMBER)
    Membership.objects.filter(board=cast.board).update(role=Role.HEAD)

    assert secretariat(cast) == {"binh", "em"}


def test_secretariat_ends_with_the_post(cast: Cast) -> None:
    yesterday = timezone.localdate() - dt.timedelta(days=1)
    Post.objects.filter(person__user=cast.chi).update(ends_on=yesterday)

    assert secretariat(cast) == {"an"}


def test_closed_year_gives_no_right_to_change_it(cast: Cast) -> None:
    BlocYear.objects.update(closed_on=timezone.localdate())

    assert not cast.chi.has_perm("members.manage_people", year_of(cast))
    assert not cast.chi.has_perm("members.manage_year", year_of(cast))


def test_administrator_holds_no_permission_on_objects(cast: Cast) -> None:
    admin = User.objects.create_superuser("quantri")

    assert admin.has_perm("members.change_bloc")
    assert not admin.has_perm("members.manage_people", year_of(cast))


def test_refusal_is_a_sentence(cast: Cast) -> None:
    with pytest.raises(PermissionDenied) as refusal:
        require(cast.binh, "members.manage_people", year_of(cast))

    assert str(refusal.value) == (
        "Chỉ bộ phận giúp việc của năm mới nhất đang mở mới thay đổi được người và chức vụ."
    )


@pytest.mark.parametrize("name", ["an", "binh", "hoa", "khach"])
def test_people_of_the_bloc_see_it(cast: Cast, name: str) -> None:
    assert list(BlocYear.objects.visible_to(getattr(cast, name))) == [cast.year]


def test_foreign_leader_sees_only_the_own_bloc(cast: Cast) -> None:
    assert list(BlocYear.objects.visible_to(cast.ngoai)) == [cast.foreign_year]


def test_person_whose_posts_ended_sees_nothing(cast: Cast) -> None:
    Post.objects.filter(person__user=cast.em).update(ends_on="2019-02-01")

    assert list(BlocYear.objects.visible_to(cast.em)) == []
