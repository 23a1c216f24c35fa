"""Search for boards, people and papers of a bloc, with and without diacritics."""

import datetime as dt
from typing import Any

import pytest

from members.history.changes import NewBoard, NewName
from members.models import BoardName
from tests.members.pages import as_user, page, queries_of
from tests.mergers import consolidation, merge, with_everybody
from tests.people import Cast, draft_covenant, join, make_board, make_leader
from tests.scoring.scales import open_year, sheet_of, submitted


def search(cast: Cast, words: str, who: str = "binh") -> Any:
    return as_user(getattr(cast, who)).get(page("search", cast.year), {"q": words}).context


def boards(cast: Cast, words: str) -> list[str]:
    return [hit.board.code for hit in search(cast, words)["boards"].hits]


def test_the_search_of_a_foreign_bloc_does_not_exist(cast: Cast) -> None:
    assert as_user(cast.ngoai).get(page("search", cast.year)).status_code == 404


@pytest.mark.parametrize("words", ["Đắk Lắk", "dak lak", "ĐẮK", "lắk kkt", "dlk"])
def test_boards_are_found_with_and_without_marks(cast: Cast, words: str) -> None:
    assert boards(cast, words) == ["DLK"]


def test_d_is_not_confused_with_other_letters(cast: Cast) -> None:
    assert boards(cast, "tak lak") == []


def test_a_board_is_found_by_an_old_name_which_is_told(cast: Cast) -> None:
    BoardName.objects.create(
        board=cast.board,
        since=dt.date(2025, 7, 1),
        name="Ban Quản lý Khu kinh tế tỉnh Gia Lai",
        short_name="BQL KKT Gia Lai",
        province="Gia Lai",
    )
    [hit] = search(cast, "binh dinh")["boards"].hits
    assert (hit.name.province, hit.found_as.province) == ("Gia Lai", "Bình Định")
    [hit] = search(cast, "gia lai")["boards"].hits
    assert (hit.name.province, hit.found_as) == ("Gia Lai", None)


def test_two_boards_of_one_name_are_told_apart(cast: Cast) -> None:
    """As with Dung Quất: the new board bears the name of one that it was made of."""
    other = make_board("KTU", province="Kon Tum")
    join(cast.year, other)
    make_leader(other)
    same = NewName("Ban Quản lý Khu kinh tế Bình Định", "BQL KKT Bình Định", "Gia Lai", ("KKT",))
    change = consolidation(cast.board, other, founded=(NewBoard("BDKT", same),))
    merge(cast.year, with_everybody(change, except_of=other), actor=cast.chi)

    old, new = search(cast, "binh dinh", "an")["boards"].hits

    assert (old.board.code, old.before, old.after) == ("BDI", [], ["BQL KKT Bình Định (BDKT)"])
    assert (old.since, old.last_day) == (dt.date(2019, 1, 1), dt.date(2025, 6, 30))
    assert (new.board.code, new.after, new.last_day) == ("BDKT", [], None)
    assert new.before == ["BQL KKT Bình Định (BDI)", "BQL KKT Kon Tum (KTU)"]
    assert new.since == dt.date(2025, 7, 1)


def test_boards_of_another_bloc_are_not_found(cast: Cast) -> None:
    assert boards(cast, "hải phòng") == []


def test_people_are_found_and_tell_their_posts(cast: Cast) -> None:
    hits = search(cast, "do thi")["people"].hits
    assert [(hit.person.full_name, hit.posts) for hit in hits] == [("Đỗ Thị Hoa", "Thủ quỹ")]


def test_people_of_another_bloc_are_not_found(cast: Cast) -> None:
    assert search(cast, "ngoài")["people"].hits == []


@pytest.mark.parametrize("words", ["giao uoc 2019", "kỷ cương", "GIAO ƯỚC"])
def test_papers_are_found_by_title_year_and_theme(cast: Cast, words: str) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    assert search(cast, words)["papers"].hits == [paper]


def test_papers_of_another_bloc_are_not_found(cast: Cast) -> None:
    draft_covenant(cast.foreign_year, actor=make_leader(cast.foreign_board))
    assert search(cast, "giao uoc")["papers"].hits == []


def test_a_search_without_a_hit_says_what_to_try(cast: Cast) -> None:
    response = as_user(cast.binh).get(page("search", cast.year), {"q": "không-có-đâu"})
    assert "Không tìm thấy gì cho “không-có-đâu”" in response.content.decode()


def test_an_empty_search_asks_for_words(cast: Cast) -> None:
    assert "boards" not in search(cast, "  ")


def test_a_group_shows_twenty_and_says_how_many_more(cast: Cast) -> None:
    for _ in range(22):
        make_leader(cast.board)
    people = search(cast, "lanh dao")["people"]
    assert (len(people.hits), people.total, people.more) == (20, 22, 2)


def test_what_was_typed_is_shown_as_text(cast: Cast) -> None:
    response = as_user(cast.binh).get(page("search", cast.year), {"q": "<b>x</b>"})
    assert "<b>x</b>" not in response.content.decode()


def test_a_search_costs_the_same_for_one_hit_and_for_three(cast: Cast) -> None:
    client = as_user(cast.binh)
    url = page("search", cast.year) + "?q=dak"
    draft_covenant(cast.year, actor=cast.chi)
    assert queries_of(client, url) == 13
    for code in ("DNO", "DXX"):
        board = make_board(code, province=f"Đắk {code}")
        join(cast.year, board)
        make_leader(board)
    assert queries_of(client, url) == 13


def test_a_search_takes_any_character(cast: Cast) -> None:
    assert search(cast, "b\0ình")["people"].total == 1


@pytest.mark.parametrize("who", ["binh", "em", "khach", "chi"])
def test_nothing_of_a_score_sheet_is_found(cast: Cast, who: str) -> None:
    """Neither its explanations nor its evidence nor its criteria, whoever searches."""
    scoring = open_year(cast.year, actor=cast.chi, leader=cast.an)
    submitted(sheet_of(scoring, cast.head), actor=cast.an)
    for words in ("Theo báo cáo", "Quy hoạch đúng tiến độ", "Xuất sắc"):
        found = search(cast, words, who)
        assert [found[kind].total for kind in ("boards", "people", "papers")] == [0, 0, 0]
