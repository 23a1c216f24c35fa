import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from members.models import OutboxMessage, Person, Post, User
from members.models.people import PostKind
from tests.members.pages import (
    as_user,
    as_user_just_now,
    excel_rows,
    message_of,
    page,
    queries_of,
    traces,
)
from tests.people import PASSWORD, Cast, give_post, make_leader, make_user

MEMBERS = ["binh", "dung", "em", "hoa", "khach"]
NEW_PASSWORD = "mot-cau-dai-khac-han"


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


def names(cast: Cast, query: str = "") -> list[str]:
    response = as_user(cast.khach).get(page("members:people", cast.year) + query)
    return [row.post.person.full_name for row in response.context["page"].object_list]


# --- Reading ------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["an", "chi", *MEMBERS])
def test_everybody_of_the_bloc_reads_people_and_posts(cast: Cast, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert client.get(page("members:people", cast.year)).status_code == 200
    assert client.get(page("members:person", cast.year, cast.binh.person.pk)).status_code == 200


def test_people_of_a_foreign_bloc_do_not_exist(cast: Cast) -> None:
    assert as_user(cast.ngoai).get(page("members:people", cast.year)).status_code == 404
    foreign = page("members:person", cast.year, cast.ngoai.person.pk)
    assert as_user(cast.chi).get(foreign).status_code == 404
    assert "Hoàng Văn Ngoài" not in names(cast)


def test_a_person_of_another_own_bloc_is_not_shown_in_this_one(cast: Cast) -> None:
    give_post(cast.khach, PostKind.OBSERVER, bloc=cast.foreign_year.bloc)
    here = page("members:person", cast.year, cast.ngoai.person.pk)
    there = page("members:person", cast.foreign_year, cast.ngoai.person.pk)
    client = as_user(cast.khach)
    assert (client.get(here).status_code, client.get(there).status_code) == (404, 200)


def test_posts_in_a_bloc_that_the_reader_may_not_see_are_left_out(cast: Cast) -> None:
    give_post(cast.binh, PostKind.OFFICER, board=cast.foreign_board, title="Ở khối khác")
    response = as_user(cast.an).get(page("members:person", cast.year, cast.binh.person.pk))
    assert [row.post.title for row in response.context["rows"]] == ["Trưởng ban"]


def test_people_stand_by_given_name_in_vietnamese_order(cast: Cast) -> None:
    make_leader(cast.board, "dang")
    Person.objects.filter(user__username="dang").update(full_name="Lê Đăng")
    assert names(cast) == [
        "Nguyễn Văn An",
        "Trần Thanh Bình",
        "Lê Thị Chi",
        "Phạm Tiến Dũng",
        "Lê Đăng",
        "Võ Thị Em",
        "Đỗ Thị Hoa",
        "Mai Khách",
    ]


def test_a_remark_in_brackets_is_no_given_name(cast: Cast) -> None:
    Person.objects.filter(user=cast.chi).update(full_name="Lê Thị Chi (mẫu)")
    assert names(cast)[2] == "Lê Thị Chi (mẫu)"


@pytest.mark.parametrize("words", ["Đỗ", "do thi", "HOA"])
def test_people_are_found_with_and_without_marks(cast: Cast, words: str) -> None:
    assert names(cast, f"?q={words}") == ["Đỗ Thị Hoa"]


def test_people_are_filtered_by_board_kind_and_time(cast: Cast) -> None:
    former = make_user("cu", full_name="Người Cũ")
    give_post(former, PostKind.OFFICER, board=cast.board, ends_on=dt.date(2020, 1, 1))
    board = f"?board={cast.board.pk}"
    assert names(cast, board) == ["Trần Thanh Bình", "Người Cũ", "Võ Thị Em"]
    assert names(cast, f"{board}&kind=officer&held=now") == ["Võ Thị Em"]
    assert names(cast, "?held=before") == ["Người Cũ"]


def test_the_list_pages_by_fifty(cast: Cast) -> None:
    for _ in range(50):
        make_leader(cast.board)
    assert (len(names(cast)), len(names(cast, "?page=2"))) == (50, 7)


def test_people_go_to_excel_with_their_contacts(cast: Cast) -> None:
    Person.objects.filter(user=cast.em).update(phone="+84 905")
    response = as_user(cast.chi).get(page("members:people", cast.year) + "?q=em vo&xuat=excel")
    assert [row[:4] + row[6:] for row in excel_rows(response.content)[1:]] == [
        [
            "Võ Thị Em",
            "Chuyên viên",
            "Cán bộ đầu mối",
            "BQL KKT Bình Định",
            "+84 905",
            "em@example.vn",
        ]
    ]


def test_the_list_costs_the_same_for_one_post_and_for_three(cast: Cast) -> None:
    client = as_user(cast.an)
    url = page("members:people", cast.year) + f"?board={cast.board.pk}"
    Post.objects.filter(person__user=cast.em).delete()
    assert queries_of(client, url) == 16
    make_leader(cast.board)
    make_leader(cast.board)
    assert queries_of(client, url) == 16


# --- Inviting -----------------------------------------------------------------------------------


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


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


def set_password(visitor: Client, link: str) -> Any:
    form_page = visitor.get(path_of(link), follow=True)
    return visitor.post(
        form_page.request["PATH_INFO"],
        {"password1": NEW_PASSWORD, "password2": NEW_PASSWORD},
        follow=True,
    )


def can_log_in(username: str, password: str) -> bool:
    visitor = Client()
    visitor.post(reverse("account_login"), {"login": username, "password": password})
    return "_auth_user_id" in visitor.session


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


# --- Posts --------------------------------------------------------------------------------------


def test_the_secretary_gives_a_further_post(cast: Cast) -> None:
    url = page("members:appoint", cast.year, cast.em.person.pk)
    values = {
        "board": cast.head.pk,
        "kind": PostKind.OFFICER,
        "title": "Chuyên viên biệt phái",
        "starts_on": "01/07/2019",
    }
    response = as_user(cast.chi).post(url, values)
    assert response["Location"] == page("members:person", cast.year, cast.em.person.pk)
    assert cast.em.person.posts.filter(title="Chuyên viên biệt phái").get().board == cast.head


def test_the_secretary_ends_a_post(cast: Cast) -> None:
    post = cast.em.person.posts.get()
    url = page("members:end_post", cast.year, cast.em.person.pk, post.pk)
    as_user(cast.chi).post(url, {"ends_on": "31/12/2019"})
    post.refresh_from_db()
    assert post.ends_on == dt.date(2019, 12, 31)


def test_a_post_does_not_end_before_it_starts(cast: Cast) -> None:
    post = cast.em.person.posts.get()
    before = traces()
    url = page("members:end_post", cast.year, cast.em.person.pk, post.pk)
    response = as_user(cast.chi).post(url, {"ends_on": "31/12/2018"})
    assert response.context["form"].errors == {
        "ends_on": ["Chức vụ không thể kết thúc trước ngày bắt đầu."]
    }
    post.refresh_from_db()
    assert (post.ends_on, traces()) == (None, before)


def test_a_post_of_somebody_else_does_not_end_under_this_name(cast: Cast) -> None:
    other = cast.binh.person.posts.get()
    url = page("members:end_post", cast.year, cast.em.person.pk, other.pk)
    assert as_user(cast.chi).get(url).status_code == 404


@pytest.mark.parametrize("who", MEMBERS)
def test_a_member_gives_and_ends_no_post(cast: Cast, who: str) -> None:
    before = (list(Post.objects.values_list("pk", "ends_on")), *traces())
    client = as_user(getattr(cast, who))
    pk, post = cast.em.person.pk, cast.em.person.posts.get()
    appoint = client.post(page("members:appoint", cast.year, pk), {})
    end = client.post(page("members:end_post", cast.year, pk, post.pk), {"ends_on": "31/12/2019"})
    assert (appoint.status_code, end.status_code) == (403, 403)
    assert (list(Post.objects.values_list("pk", "ends_on")), *traces()) == before


# --- Passwords ----------------------------------------------------------------------------------


def test_a_reset_voids_the_password_and_gives_a_link(cast: Cast) -> None:
    url = page("members:reset_password", cast.year, cast.binh.person.pk)
    link = as_user_just_now(cast.chi).post(url, follow=True).context["link"]
    assert not can_log_in("binh", PASSWORD)
    set_password(Client(), link)
    assert can_log_in("binh", NEW_PASSWORD)


def test_a_reset_asks_first_and_changes_nothing_by_looking(cast: Cast) -> None:
    url = page("members:reset_password", cast.year, cast.binh.person.pk)
    assert as_user(cast.chi).get(url).status_code == 200
    assert can_log_in("binh", PASSWORD)


def test_the_password_of_somebody_who_also_serves_elsewhere_is_not_reset(cast: Cast) -> None:
    give_post(cast.binh, PostKind.OFFICER, board=cast.foreign_board)
    before = traces()
    url = page("members:reset_password", cast.year, cast.binh.person.pk)
    response = as_user_just_now(cast.chi).post(url)
    assert message_of(response) == (
        "Người này còn giữ chức vụ ở khối khác: đề nghị quản trị viên của Cổng xử lý."
    )
    assert can_log_in("binh", PASSWORD)
    assert traces() == before


@pytest.mark.parametrize("who", MEMBERS)
def test_a_member_resets_no_password(cast: Cast, who: str) -> None:
    before = traces()
    url = page("members:reset_password", cast.year, cast.an.person.pk)
    response = as_user(getattr(cast, who)).post(url)
    assert response.status_code == 403
    assert can_log_in("an", PASSWORD)
    assert traces() == before


def test_nobody_is_invited_into_a_closed_year(cast: Cast) -> None:
    cast.year.closed_on = dt.date(2020, 1, 1)
    cast.year.save()
    assert invite(cast, as_user(cast.chi)).status_code == 403


# --- A fresh login ------------------------------------------------------------------------------


def sent_to_the_password(response: Any) -> bool:
    return bool(response.status_code == 302 and "xac-nhan-lai" in response["Location"])


def test_a_signing_post_is_given_and_ended_with_a_fresh_login_only(cast: Cast) -> None:
    before = (Post.objects.count(), *traces())
    client, pk = as_user(cast.chi), cast.em.person.pk
    leader = cast.binh.person.posts.get()
    answers = [
        client.post(
            page("members:invite", cast.year),
            invitation(cast, kind=PostKind.LEADER, title="Trưởng ban"),
        ),
        client.post(
            page("members:appoint", cast.year, pk),
            {
                "board": cast.board.pk,
                "kind": PostKind.DEPUTY_LEADER,
                "title": "Phó Trưởng ban",
                "starts_on": "01/06/2019",
            },
        ),
        client.post(
            page("members:end_post", cast.year, cast.binh.person.pk, leader.pk),
            {"ends_on": "31/12/2019"},
        ),
        client.post(page("members:reset_password", cast.year, pk)),
    ]
    assert [sent_to_the_password(answer) for answer in answers] == [True] * 4
    assert (Post.objects.count(), *traces()) == before


def test_the_invitation_goes_on_after_the_password(cast: Cast) -> None:
    client, url = as_user(cast.chi), page("members:invite", cast.year)
    asked = client.post(url, invitation(cast, kind=PostKind.LEADER, title="Trưởng ban"))
    response = client.post(asked["Location"], {"password": PASSWORD, "next": url}, follow=True)
    assert response.redirect_chain == [(page("members:admission", cast.year), 302)]
    assert Post.objects.get(person__full_name="Đặng Thị Mới").kind == PostKind.LEADER
