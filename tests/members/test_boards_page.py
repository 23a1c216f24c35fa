import datetime as dt

import pytest

from members.models import BoardName, Succession, SuccessionParty
from members.models.blocs import Role
from members.models.people import PostKind
from tests.members.pages import as_user, excel_rows, page, queries_of
from tests.people import Cast, give_post, join, make_board, make_leader, make_user, make_year

ROLES = ["an", "binh", "chi", "dung", "em", "hoa", "khach"]


def shown(cast: Cast, query: str = "") -> list[str]:
    response = as_user(cast.khach).get(page("members:boards", cast.year) + query)
    return [row.name.province for row in response.context["rows"]]


@pytest.mark.parametrize("who", ROLES)
def test_everybody_of_the_bloc_reads_its_boards(cast: Cast, who: str) -> None:
    client = as_user(getattr(cast, who))
    assert client.get(page("members:boards", cast.year)).status_code == 200
    assert client.get(page("members:board", cast.year, "BDI")).status_code == 200


def test_a_foreign_bloc_does_not_exist(cast: Cast) -> None:
    client = as_user(cast.ngoai)
    assert client.get(page("members:boards", cast.year)).status_code == 404
    assert client.get(page("members:board", cast.year, "BDI")).status_code == 404


def test_a_foreign_board_does_not_exist_in_the_own_bloc(cast: Cast) -> None:
    assert as_user(cast.an).get(page("members:board", cast.year, "HPH")).status_code == 404


def test_boards_stand_in_the_order_of_the_year(cast: Cast) -> None:
    assert shown(cast) == ["Đắk Lắk", "Bình Định"]


@pytest.mark.parametrize("words", ["Đắk", "dak lak", "DAK", "kkt đak"])
def test_boards_are_found_with_and_without_marks(cast: Cast, words: str) -> None:
    assert shown(cast, f"?q={words}") == ["Đắk Lắk"]


def test_a_board_is_found_by_a_name_of_another_year_which_is_told(cast: Cast) -> None:
    BoardName.objects.create(
        board=cast.board,
        since=dt.date(2025, 7, 1),
        name="Ban Quản lý Khu kinh tế tỉnh Gia Lai",
        short_name="BQL KKT Gia Lai",
        province="Gia Lai",
    )
    response = as_user(cast.an).get(page("members:boards", cast.year) + "?q=gia lai")
    assert [(row.name.province, row.other_name) for row in response.context["rows"]] == [
        ("Bình Định", "Ban Quản lý Khu kinh tế tỉnh Gia Lai")
    ]


def test_provinces_sort_as_in_a_vietnamese_dictionary(cast: Cast) -> None:
    for code, province in [("DNA", "Đà Nẵng"), ("DTP", "Dầu Tiếng"), ("EAK", "Ea Kar")]:
        join(cast.year, make_board(code, province=province))
    assert shown(cast, "?sort=province") == [
        "Bình Định",
        "Dầu Tiếng",
        "Đà Nẵng",
        "Đắk Lắk",
        "Ea Kar",
    ]


def test_roles_sort_the_head_first(cast: Cast) -> None:
    join(cast.year, make_board("QNA", province="Quảng Nam"), role=Role.DEPUTY)
    assert shown(cast, "?sort=role") == ["Đắk Lắk", "Quảng Nam", "Bình Định"]


def test_a_sort_and_a_kind_that_do_not_exist_count_as_not_asked(cast: Cast) -> None:
    assert shown(cast, "?sort=password&kind=X") == ["Đắk Lắk", "Bình Định"]


def test_boards_are_filtered_by_the_kind_of_their_zones(cast: Cast) -> None:
    cast.board.names.update(kinds=["KCN"])
    assert shown(cast, "?kind=KCN") == ["Bình Định"]


def test_the_list_goes_to_excel_as_it_is_filtered(cast: Cast) -> None:
    response = as_user(cast.chi).get(page("members:boards", cast.year) + "?q=binh&xuat=excel")
    assert response["Content-Disposition"] == (
        'attachment; filename="thanh-vien-tay-nguyen-2019.xlsx"'
    )
    assert [row[1:3] + row[6:] for row in excel_rows(response.content)[1:]] == [
        ["BDI", "Ban Quản lý Khu kinh tế tỉnh Bình Định", "Trần Thanh Bình", "Võ Thị Em"]
    ]


def test_a_past_year_shows_who_led_then(cast: Cast) -> None:
    later = make_user("moi", full_name="Người Mới")
    give_post(later, PostKind.LEADER, board=cast.board, starts_on=dt.date(2024, 1, 1))
    response = as_user(cast.an).get(page("members:boards", cast.year))
    assert [row.leader.person.full_name for row in response.context["rows"]] == [
        "Nguyễn Văn An",
        "Trần Thanh Bình",
    ]


def test_the_list_costs_the_same_for_one_board_and_for_three(cast: Cast) -> None:
    client = as_user(cast.an)
    url = page("members:boards", cast.year)
    cast.year.memberships.filter(board=cast.board).delete()
    assert queries_of(client, url) == 12
    for code in ("DNO", "GLA"):
        board = make_board(code)
        join(cast.year, board)
        make_leader(board)
    assert queries_of(client, url) == 12


def merge_binh_dinh_into_gia_lai(cast: Cast) -> None:
    gia_lai = make_board("GLA", province="Gia Lai")
    join(cast.year, gia_lai)
    day = dt.date(2025, 7, 1)
    BoardName.objects.create(
        board=gia_lai,
        since=day,
        name="Ban Quản lý Khu kinh tế Gia Lai",
        short_name="BQL KKT Gia Lai",
        province="Gia Lai",
    )
    merger = Succession.objects.create(
        kind="consolidation", effective_on=day, document="Quyết định 1/QĐ-UBND"
    )
    for side, board in [("from", cast.board), ("from", gia_lai), ("to", gia_lai)]:
        SuccessionParty.objects.create(succession=merger, side=side, board=board)


def test_a_board_tells_what_happened_to_it_with_the_names_of_that_day(cast: Cast) -> None:
    merge_binh_dinh_into_gia_lai(cast)
    response = as_user(cast.an).get(page("members:board", cast.year, "BDI"))
    [event] = response.context["page"].events
    assert (event.succession.document, event.before, event.after) == (
        "Quyết định 1/QĐ-UBND",
        ["Ban Quản lý Khu kinh tế tỉnh Bình Định", "Ban Quản lý Khu kinh tế tỉnh Gia Lai"],
        ["Ban Quản lý Khu kinh tế Gia Lai"],
    )


def test_a_board_bears_in_each_year_the_name_of_that_year(cast: Cast) -> None:
    later = make_year(cast.bloc, 2026)
    BoardName.objects.create(
        board=cast.board,
        since=dt.date(2025, 7, 1),
        name="Ban Quản lý mới",
        short_name="BQL mới",
        province="Gia Lai",
    )
    join(later, cast.board)
    client = as_user(cast.an)
    names = [
        client.get(page("members:board", year, "BDI")).context["page"].name.name
        for year in (cast.year, later)
    ]
    assert names == ["Ban Quản lý Khu kinh tế tỉnh Bình Định", "Ban Quản lý mới"]


def test_a_board_page_parts_present_from_former_posts(cast: Cast) -> None:
    former = make_user("cu", full_name="Người Cũ")
    give_post(former, PostKind.LEADER, board=cast.board, ends_on=dt.date(2020, 1, 1))
    found = as_user(cast.an).get(page("members:board", cast.year, "BDI")).context["page"]
    assert [post.person.full_name for post in found.posts] == ["Trần Thanh Bình", "Võ Thị Em"]
    assert [post.person.full_name for post in found.former_posts] == ["Người Cũ"]


def test_a_board_page_costs_the_same_whatever_its_history(cast: Cast) -> None:
    client = as_user(cast.an)
    url = page("members:board", cast.year, "BDI")
    merge_binh_dinh_into_gia_lai(cast)
    assert queries_of(client, url) == 24
    for year in (2020, 2021):
        join(make_year(cast.bloc, year), cast.board)
        make_leader(cast.board)
    assert queries_of(client, url) == 24
