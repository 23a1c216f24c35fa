"""Inviting people: the form, the link, and refused input."""

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client

from members.models import OutboxMessage, Post, User
from members.models.people import PostKind
from tests.members.pages import (
    NEW_PASSWORD,
    as_user,
    can_log_in,
    message_of,
    page,
    path_of,
    set_password,
    traces,
)
from tests.people import Cast

MEMBERS = ["binh", "dung", "em", "hoa", "khach"]


def invitation(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Đặng Thị Mới",
        "username": "bdi.moi",
        "email": "moi@example.vn",
        "phone": "0905 000 000",
        "board": cast.board.pk,
        "kind": PostKind.OFFICER,
        "title": "Chuyên viên",
        "starts_on": "01/06/2019",
        **changes,
    }


def invite(cast: Cast, client: Client, **changes: Any) -> Any:
    url = page("members:invite", cast.year)
    return client.post(url, invitation(cast, **changes), follow=True)


def test_the_secretary_invites_and_the_link_is_shown_once(cast: Cast) -> None:
    client = as_user(cast.chi)
    response = invite(cast, client)
    assert response.redirect_chain == [(page("members:admission", cast.year), 302)]
    assert response.context["link"].startswith("http://127.0.0.1:8000/tai-khoan/")
    again = client.get(page("members:admission", cast.year), follow=True)
    assert again.redirect_chain == [(page("members:people", cast.year), 302)]
    assert message_of(again) == (
        "Đường dẫn chỉ hiện một lần. Nếu đã mất, đề nghị đặt lại mật khẩu để có đường dẫn mới."
    )


def test_the_invited_sets_a_password_and_logs_in(cast: Cast) -> None:
    link = invite(cast, as_user(cast.chi)).context["link"]
    set_password(Client(), link)
    assert can_log_in("bdi.moi", NEW_PASSWORD)


def test_a_link_does_not_work_twice(cast: Cast) -> None:
    link = invite(cast, as_user(cast.chi)).context["link"]
    set_password(Client(), link)
    replay = Client().get(path_of(link), follow=True)
    assert replay.context["token_fail"] is True
    assert can_log_in("bdi.moi", NEW_PASSWORD)


def test_the_link_is_mailed_to_the_invited(cast: Cast) -> None:
    link = invite(cast, as_user(cast.chi)).context["link"]
    mail = OutboxMessage.objects.get(key__startswith="members.link")
    assert (mail.recipient, mail.subject) == (
        "moi@example.vn",
        "Tài khoản của Ông/Bà trên Cổng Khối thi đua",
    )
    assert re.findall(r"http\S+", mail.body)[0] == link


def test_a_name_is_kept_in_one_line(cast: Cast) -> None:
    invite(cast, as_user(cast.chi), full_name="Đặng\r\nThị  Mới", title="Chuyên\tviên")
    post = Post.objects.get(person__user__username="bdi.moi")
    assert (post.person.full_name, post.title) == ("Đặng Thị Mới", "Chuyên viên")


def test_the_slip_of_somebody_without_an_address_says_to_hand_it_over(cast: Cast) -> None:
    response = invite(cast, as_user(cast.chi), email="")
    assert "đề nghị trao phiếu này" in response.content.decode()


@pytest.mark.parametrize("who", MEMBERS)
def test_a_member_invites_nobody(cast: Cast, who: str) -> None:
    before = (User.objects.count(), Post.objects.count(), *traces())
    response = invite(cast, as_user(getattr(cast, who)))
    assert response.status_code == 403
    assert (User.objects.count(), Post.objects.count(), *traces()) == before


def test_a_login_name_that_is_taken_is_told_and_nothing_typed_is_lost(cast: Cast) -> None:
    before = (User.objects.count(), *traces())
    response = invite(cast, as_user(cast.chi), username="binh")
    form = response.context["form"]
    assert form.errors == {"username": ["Đã có người đăng nhập bằng tên “binh”."]}
    assert form["full_name"].value() == "Đặng Thị Mới"
    assert (User.objects.count(), *traces()) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "Bình Định"}, "username"),
        ({"board": ""}, "board"),
        ({"kind": PostKind.OBSERVER}, "board"),
        ({"starts_on": "31/02/2019"}, "starts_on"),
        ({"email": "moi"}, "email"),
    ],
)
def test_an_invitation_that_does_not_fit_is_refused_at_its_field(
    cast: Cast, changes: dict[str, Any], field: str
) -> None:
    before = (User.objects.count(), *traces())
    response = invite(cast, as_user(cast.chi), **changes)
    assert list(response.context["form"].errors) == [field]
    assert (User.objects.count(), *traces()) == before


def test_a_foreign_board_cannot_be_chosen(cast: Cast) -> None:
    response = invite(cast, as_user(cast.chi), board=cast.foreign_board.pk)
    assert list(response.context["form"].errors) == ["board"]


def test_an_observer_is_invited_without_a_board(cast: Cast) -> None:
    invite(cast, as_user(cast.chi), board="", kind=PostKind.OBSERVER)
    post = Post.objects.get(person__full_name="Đặng Thị Mới")
    assert (post.board, post.bloc) == (None, cast.bloc)


def test_nobody_is_invited_into_a_closed_year(cast: Cast) -> None:
    cast.year.closed_on = dt.date(2020, 1, 1)
    cast.year.save()
    assert invite(cast, as_user(cast.chi)).status_code == 403
