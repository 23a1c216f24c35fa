from typing import Any

import pytest
from django.utils import timezone

from covenants.models import Paper
from covenants.signing import pictures, signing
from members.models.people import PostKind
from tests.covenants.pages import as_, complete, markup_of, text_of, url
from tests.covenants.pictures_drawn import stroke
from tests.people import (
    PASSPHRASE,
    Cast,
    draft_covenant,
    enrol,
    give_post,
    join,
    make_board,
    make_user,
    party_of,
    seal_covenant,
    sign,
)
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    enrol(cast.an)
    enrol(cast.binh)
    return seal_covenant(cast.year, actor=cast.chi)


def of_boards(cast: Cast, count: int) -> Paper:
    """A sealed covenant of that many boards."""
    if count == 1:
        cast.year.memberships.filter(board=cast.board).delete()
    for number in range(count - 2):
        board = make_board(f"X{number:02}", province=f"Tỉnh {number}")
        give_post(make_user(f"x{number}"), PostKind.LEADER, board=board)
        join(cast.year, board)
    return seal_covenant(cast.year, actor=cast.chi)


def seats(user: Any, **headers: str) -> Any:
    return as_(user).get(url("wall_seats"), headers=headers)


@pytest.mark.parametrize("count", [1, 11, 20])
def test_the_wall_has_a_seat_for_each_board(cast: Cast, count: int) -> None:
    of_boards(cast, count)
    html = as_(cast.an).get(url("wall")).content.decode()
    assert html.count('<li class="seat">') == count
    assert f"<b>0</b><span> / {count}</span>" in html
    assert html.count("Khối trưởng") == 1


@pytest.mark.parametrize("count", [2, 20])
def test_a_poll_costs_as_many_queries_whatever_the_number_of_boards(
    cast: Cast, django_assert_num_queries: Any, count: int
) -> None:
    of_boards(cast, count)
    client = as_(cast.an)
    with django_assert_num_queries(11):
        client.get(url("wall_seats"))


def test_a_seat_fills_as_its_leader_signs(cast: Cast, paper: Paper) -> None:
    signature = sign(paper, cast.board, actor=cast.binh)
    answer = seats(cast.khach)
    at = timezone.localtime(signature.signed_at).strftime("%H:%M")
    assert (
        f"Bình Định Ban Quản lý Khu kinh tế tỉnh Bình Định Trần Thanh Bình Đã ký {at}"
        in text_of(answer)
    )
    assert answer.content.decode().count('class="seat signed"') == 1


def test_the_count_is_put_where_a_screen_reader_is_told_of_it(cast: Cast, paper: Paper) -> None:
    page = as_(cast.an).get(url("wall")).content.decode()
    fragment = markup_of(seats(cast.an))
    assert page.count('role="status" id="wall-count"') == 1
    assert page.count("hx-swap-oob") == 0
    assert '<div hx-swap-oob="innerHTML:#wall-count"><b>0</b>' in fragment


def test_nothing_is_sent_while_nothing_has_changed(cast: Cast, paper: Paper) -> None:
    first = seats(cast.an)
    again = seats(cast.an, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")

    sign(paper, cast.board, actor=cast.binh)

    changed = seats(cast.an, if_none_match=first["ETag"])
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_the_page_asks_with_the_tag_of_what_it_shows(cast: Cast, paper: Paper) -> None:
    tag = seats(cast.an)["ETag"]
    html = as_(cast.an).get(url("wall")).content.decode()
    assert f"If-None-Match&quot;: &quot;\\&quot;{tag[1:-1]}\\&quot;" in html


def test_a_complete_covenant_says_so(cast: Cast) -> None:
    complete(cast)
    assert "Các đơn vị đã ký đủ: giao ước hoàn tất." in text_of(seats(cast.an))


def test_before_the_text_is_sealed_there_are_no_seats(cast: Cast) -> None:
    for _state in ("none", "draft"):
        assert "Giao ước chưa chốt văn bản" in text_of(as_(cast.an).get(url("wall")))
        assert seats(cast.an).status_code == 404
        if not Paper.objects.exists():
            draft_covenant(cast.year, actor=cast.chi)


# --- Who sees it ---


@pytest.mark.parametrize(
    ("name", "status"), [("an", 200), ("em", 200), ("khach", 200), ("ngoai", 404)]
)
def test_the_wall_is_for_the_members_of_the_year(
    cast: Cast, paper: Paper, name: str, status: int
) -> None:
    user = getattr(cast, name)
    assert (as_(user).get(url("wall")).status_code, seats(user).status_code) == (status, status)


# --- Pictures ---


def with_picture(cast: Cast, paper: Paper) -> str:
    """Bình signs with a picture and keeps it: the address of the picture."""
    party = party_of(paper, cast.board)
    signature = signing.sign(party, passphrase=PASSPHRASE, picture=stroke(), actor=cast.binh)
    pictures.store_picture(cast.binh.person, png=stroke(), at=signature.signed_at, actor=cast.binh)
    return url("seat_picture", party.pk)


def test_a_kept_picture_is_shown_in_the_seat(cast: Cast, paper: Paper) -> None:
    address = with_picture(cast, paper)
    assert markup_of(seats(cast.em)).count(f'<img class="sig" src="{address}?v=') == 1
    answer = as_(cast.em).get(address)
    assert (answer.content, answer["Content-Type"]) == (stroke(), "image/png")


def test_a_picture_kept_after_the_signature_is_not_shown(cast: Cast, paper: Paper) -> None:
    address = with_picture(cast, paper)
    pictures.store_picture(cast.binh.person, png=b"new", at=timezone.now(), actor=cast.binh)
    assert "<img" not in seats(cast.em).content.decode()
    assert as_(cast.em).get(address).status_code == 404


def test_a_picture_is_not_shown_before_the_signature(cast: Cast, paper: Paper) -> None:
    pictures.store_picture(cast.binh.person, png=stroke(), at=timezone.now(), actor=cast.binh)
    address = url("seat_picture", party_of(paper, cast.board).pk)
    assert "<img" not in seats(cast.an).content.decode()
    assert as_(cast.an).get(address).status_code == 404


def test_a_picture_is_not_shown_to_another_bloc(cast: Cast, paper: Paper) -> None:
    address = with_picture(cast, paper)
    assert as_(cast.ngoai).get(address).status_code == 404


def test_a_new_picture_is_a_change_of_the_wall(cast: Cast, paper: Paper) -> None:
    with_picture(cast, paper)
    tag = seats(cast.an)["ETag"]
    pictures.delete_picture(cast.binh.person, actor=cast.binh)
    assert seats(cast.an, if_none_match=tag).status_code == 200
