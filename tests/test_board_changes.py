"""The pages for recording a change of boards and the decision how the year continues."""

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from emulation_bloc.board_changes import recording
from members.history.changes import Change, Move
from members.models import Board, Continuation, OutboxMessage, Succession
from tests.covenants.pages import text_of
from tests.members.pages import as_user, message_of, page, traces
from tests.mergers import DAY, consolidation, fresh_year, merge, with_everybody
from tests.people import (
    Cast,
    adopt,
    draft_covenant,
    draft_regulation,
    fresh,
    issue,
    join,
    make_board,
    make_leader,
    seal_covenant,
)


@pytest.fixture
def other(cast: Cast) -> Board:
    board = make_board("GLA", province="Gia Lai")
    join(cast.year, board)
    make_leader(board, "giang")
    return board


BOARDS = {
    "kind": "consolidation",
    "document": "Quyết định 1498/QĐ-TTg",
    "effective_on": "01/07/2025",
    "parents": ["BDI", "GLA"],
    "new-TOTAL_FORMS": "1",
    "new-INITIAL_FORMS": "0",
    "new-0-code": "TSN",
    "new-0-name": "Ban Quản lý các Khu kinh tế Tây Sơn",
    "new-0-short_name": "BQL các KKT Tây Sơn",
    "new-0-province": "Gia Lai",
    "new-0-kinds": ["KKT"],
}


def people(cast: Cast, other: Board) -> dict[str, str]:
    """Bình leads on, Em goes on, the other leader ends."""
    binh, em = cast.binh.person.posts.get(), cast.em.person.posts.get()
    typed = {f"post-{other.posts.get().pk}-to": "ends"}
    for post in (binh, em):
        typed |= {
            f"post-{post.pk}-to": "TSN",
            f"post-{post.pk}-kind": post.kind,
            f"post-{post.pk}-title": post.title,
        }
    typed |= {
        f"post-{other.posts.get().pk}-kind": "leader",
        f"post-{other.posts.get().pk}-title": "Trưởng ban",
    }
    return typed


def post(client: Client, cast: Cast, step: str, *typed: dict[str, Any]) -> Any:
    data = {key: value for part in typed for key, value in part.items()}
    return client.post(page("arrange", cast.year), {**data, "step": step})


def templates(response: Any) -> str:
    return next(t.name for t in response.templates if t.name.startswith("board_changes/"))


def seen_of(response: Any) -> dict[str, str]:
    found = re.search(r'name="seen" value="(\w+)"', response.content.decode())
    assert found
    return {"seen": found[1]}


def test_the_secretary_chooses_the_kind_first(cast: Cast) -> None:
    response = as_user(cast.chi).get(page("arrange", cast.year))
    assert templates(response) == "board_changes/choose.html"
    assert len(response.context["kinds"]) == 6


@pytest.mark.parametrize("kind", list(Succession.Kind))
def test_each_kind_asks_for_what_it_needs(cast: Cast, kind: str) -> None:
    response = as_user(cast.chi).get(page("arrange", cast.year), {"kind": kind})
    founded = len(response.context["founded"].forms)
    shown = ("children" in response.context["decision"].fields, founded, bool(
        response.context["naming"]))  # fmt: skip
    assert shown == {
        "consolidation": (True, 1, False),
        "absorption": (True, 0, False),
        "split": (True, 3, False),
        "rename": (False, 0, True),
        "scope_transfer": (True, 0, False),
        "dissolution": (False, 0, False),
    }[kind]  # fmt: skip


def test_the_way_from_the_boards_to_the_record(cast: Cast, other: Board) -> None:
    client, before = as_user(cast.chi), traces()

    asked = post(client, cast, "nguoi", BOARDS)
    assert templates(asked) == "board_changes/people.html"
    assert len(asked.context["rows"]) == 3

    shown = post(client, cast, "xem", BOARDS, people(cast, other))
    assert templates(shown) == "board_changes/preview.html"
    assert traces() == before
    text = text_of(shown)
    assert "Ban Quản lý Khu kinh tế tỉnh Bình Định ngày cuối 30/06/2025" in text
    assert (
        "Trần Thanh Bình Trưởng ban, Ban Quản lý các Khu kinh tế Tây Sơn; từ ngày 01/07/2025"
        in (text)
    )

    done = post(client, cast, "ghi", BOARDS, people(cast, other), seen_of(shown))
    made = Succession.objects.get()
    assert (done.status_code, done["Location"]) == (302, page("decide", cast.year, made.pk))
    assert Board.objects.get(code="TSN").posts.count() == 2


def test_nobody_is_moved_without_a_choice(cast: Cast, other: Board) -> None:
    typed = people(cast, other)
    typed.pop(f"post-{cast.binh.person.posts.get().pk}-to")
    response = post(as_user(cast.chi), cast, "xem", BOARDS, typed)
    assert templates(response) == "board_changes/people.html"
    assert Succession.objects.count() == 0


def test_what_was_typed_is_kept_when_a_board_is_wrong(cast: Cast, other: Board) -> None:
    response = post(as_user(cast.chi), cast, "nguoi", BOARDS, {"parents": ["BDI"]})
    assert templates(response) == "board_changes/boards.html"
    assert "Hợp nhất là từ hai ban trở lên thành một ban khác." in text_of(response)
    assert 'value="BQL các KKT Tây Sơn"' in response.content.decode()


def test_a_refusal_about_people_keeps_their_page(cast: Cast, other: Board) -> None:
    typed = people(cast, other) | {f"post-{other.posts.get().pk}-to": "TSN"}
    response = post(as_user(cast.chi), cast, "xem", BOARDS, typed)
    assert templates(response) == "board_changes/people.html"
    assert "hai người đứng đầu" in message_of(response)


def test_a_confirmation_of_what_has_changed_since_records_nothing(cast: Cast, other: Board) -> None:
    client = as_user(cast.chi)
    shown = post(client, cast, "xem", BOARDS, people(cast, other))
    draft_covenant(cast.year, actor=cast.chi)

    again = post(client, cast, "ghi", BOARDS, people(cast, other), seen_of(shown))

    assert Succession.objects.count() == 0
    assert templates(again) == "board_changes/preview.html"
    assert "Trong lúc đó dữ liệu đã thay đổi." in message_of(again)
    assert seen_of(again) != seen_of(shown)


def test_a_change_without_people_goes_straight_to_the_preview(cast: Cast) -> None:
    typed = {
        "kind": "rename",
        "document": "Quyết định 5/QĐ",
        "effective_on": "01/07/2025",
        "parents": ["BDI"],
        "name-name": "Ban Quản lý Khu kinh tế Nhơn Hội",
        "name-short_name": "BQL KKT Nhơn Hội",
        "name-province": "Bình Định",
        "new-TOTAL_FORMS": "0",
        "new-INITIAL_FORMS": "0",
    }
    client = as_user(cast.chi)
    shown = post(client, cast, "nguoi", typed)
    assert templates(shown) == "board_changes/preview.html"
    done = post(client, cast, "ghi", typed, seen_of(shown))
    assert done["Location"] == page("members:boards", cast.year)
    assert cast.board.names.count() == 2


# --- How the year goes on -----------------------------------------------------------------------


def merged(cast: Cast, other: Board) -> Succession:
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    return merge(cast.year, change, actor=cast.chi)


DECISION = {
    "treatment": "sum_targets",
    "document": "Biên bản số 02/BB-KTĐ",
    "decided_on": "10/07/2025",
    "note": "",
}


def test_home_asks_for_the_decision_until_it_is_made(cast: Cast, other: Board) -> None:
    made = merged(cast, other)
    client, url = as_user(fresh(cast.chi)), page("decide", cast.year, made.pk)
    home = page("home", cast.year)
    assert "Quyết định của Khối về việc tiếp tục năm" in text_of(client.get(home))

    shown = client.get(url)
    done = client.post(url, {**DECISION, **seen_of(shown)})

    assert done.status_code == 302
    assert Continuation.objects.get().treatment == "sum_targets"
    assert "Quyết định của Khối về việc" not in text_of(client.get(home))


def test_the_page_shows_what_passes_on_and_to_whom(cast: Cast, other: Board) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    made = merged(cast, other)
    text = text_of(as_user(fresh(cast.chi)).get(page("decide", cast.year, made.pk)))
    assert text.count("Ô ký trong “Giao ước thi đua 2019” đang chờ chữ ký.") == 2
    assert text.count("Có 1 chỉ tiêu trong phụ lục.") == 2
    assert "Trần Thanh Bình, Trưởng ban; Võ Thị Em, Chuyên viên" in text


def test_leaders_of_the_new_board_are_invited_to_the_seats_that_wait(
    cast: Cast, other: Board
) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    made = merged(cast, other)
    before = OutboxMessage.objects.count()
    client, url = as_user(fresh(cast.chi)), page("decide", cast.year, made.pk)
    client.post(url, {**DECISION, **seen_of(client.get(url))})
    # Bình was asked for his own seat before; now for the seat of the other board as well.
    assert OutboxMessage.objects.count() == before + 1


def test_a_decision_on_what_has_changed_since_is_not_recorded(cast: Cast, other: Board) -> None:
    made = merged(cast, other)
    client, url = as_user(fresh(cast.chi)), page("decide", cast.year, made.pk)
    shown = client.get(url)
    draft_covenant(cast.year, actor=cast.chi)

    again = client.post(url, {**DECISION, **seen_of(shown)})

    assert (again.status_code, Continuation.objects.count()) == (200, 0)
    assert "Trong lúc đó dữ liệu đã thay đổi." in message_of(again)


def test_a_decision_that_was_made_is_shown(cast: Cast, other: Board) -> None:
    made = merged(cast, other)
    client, url = as_user(fresh(cast.chi)), page("decide", cast.year, made.pk)
    client.post(url, {**DECISION, **seen_of(client.get(url))})
    assert "Biên bản số 02/BB-KTĐ" in text_of(client.get(url))


def test_a_change_of_another_bloc_does_not_exist_here(cast: Cast) -> None:
    third = make_board("HYN", province="Hưng Yên")
    join(cast.foreign_year, third)
    boss = cast.foreign_board
    change = with_everybody(consolidation(third, boss), except_of=third)
    elsewhere = merge(fresh_year(cast.foreign_year), change, actor=cast.ngoai)
    assert as_user(cast.chi).get(page("decide", cast.year, elsewhere.pk)).status_code == 404


def test_an_open_task_is_told_among_what_waits(cast: Cast, other: Board) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    [(_year, kept)] = recording.preview_change(fresh_year(cast.year), change).waiting
    assert [one.membership.board.code for one in kept] == ["BDI", "GLA"]
    assert "Việc chưa xong: Ký giao ước." in kept[0].sentences


def test_after_a_dissolution_the_page_tells_that_the_board_leaves(cast: Cast) -> None:
    change = with_everybody(
        Change(Succession.Kind.DISSOLUTION, "QĐ", dt.date(2025, 7, 1), (cast.board,))
    )
    made = merge(cast.year, change, actor=cast.chi)
    shown = text_of(as_user(fresh(cast.chi)).get(page("decide", cast.year, made.pk)))
    assert "Không có ban kế thừa: ban rời Khối" in shown
    assert "Cộng chỉ tiêu" not in shown


def test_the_seat_of_an_issued_paper_is_passed_on_with_its_invitation(cast: Cast) -> None:
    regulation = adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)
    seat = issue(regulation, actor=cast.chi).parties.get()
    everybody = with_everybody(consolidation(cast.head, cast.board))
    moves = [
        Move(one.post) if one.post.person == cast.an.person else one for one in everybody.moves
    ]
    made = merge(cast.year, replace(everybody, moves=tuple(moves)), actor=cast.chi)

    year = fresh_year(cast.year)
    left = recording.preview_continuation(year, made)
    recording.decide(
        year,
        made,
        decision={"treatment": "sum_targets", "document": "BB", "decided_on": DAY, "note": ""},
        successors={one.passing.membership.pk: one.passing.heirs[0].board for one in left},
        seen=recording.digest(left),
        actor=fresh(cast.chi),
    )
    invited = OutboxMessage.objects.filter(key__startswith=f"covenants.invited:{seat.pk}:")
    assert [mail.recipient for mail in invited] == ["an@example.vn", "binh@example.vn"]
