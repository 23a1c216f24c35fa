"""The pages of people: the list, posts, and password resets."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from members.models import Person, Post
from members.models.people import PostKind
from tests.members.pages import (
    NEW_PASSWORD,
    as_user,
    as_user_just_now,
    can_log_in,
    excel_rows,
    message_of,
    page,
    queries_of,
    set_password,
    traces,
)
from tests.members.people.test_invitation_pages import invitation
from tests.people import PASSWORD, Cast, give_post, make_leader, make_user

MEMBERS = ["binh", "dung", "em", "hoa", "khach"]


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
