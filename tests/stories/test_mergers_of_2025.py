"""The mergers of 2025.

2019 is signed by all and does not change. In 2025 two boards merge during signing: the new board's
leader signs in both seats, the targets are added up, and the covenant is completed; the pages of
2019 are unchanged.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse

from covenants.models import Paper, Signature
from covenants.signing import verification
from emulation_bloc import queries
from emulation_bloc.board_changes import recording
from members.models import BlocYear, Board, User
from members.records import files
from tests.covenants.pages import text_of
from tests.covenants.signing.test_completion import text_of_pdf
from tests.members.pages import as_user, excel_rows, page
from tests.mergers import DAY, consolidation, fresh_year, with_everybody
from tests.people import (
    PASSPHRASE,
    Cast,
    enrol,
    fresh,
    join,
    make_board,
    make_leader,
    make_year,
    party_of,
    seal_covenant,
    sign,
)
from tests.shared_scene import in_scene


@dataclass
class Story:
    """The third board and its leader Giang; 2019 signed by all, 2025 by the head alone."""

    other: Board
    giang: User
    signed_2019: Paper
    signing_2025: Paper


def in_the_middle_of_2025(cast: Cast) -> Story:
    other = make_board("GLA", province="Gia Lai")
    join(cast.year, other)
    giang = make_leader(other, "giang")
    signed = seal_covenant(cast.year, actor=cast.chi)
    for leader, board in ((cast.an, cast.head), (cast.binh, cast.board), (giang, other)):
        enrol(leader)
        sign(signed, board, actor=leader)
    year = make_year(cast.bloc, 2025)
    for board, role in ((cast.head, "head"), (cast.board, "member"), (other, "member")):
        join(year, board, role=role)
    signing = seal_covenant(year, actor=cast.chi)
    sign(signing, cast.head, actor=cast.an)
    return Story(other, giang, again(signed), again(signing))


def again(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


pytestmark = in_scene(in_the_middle_of_2025)


@pytest.fixture
def other(set_up: Story) -> Board:
    return set_up.other


@pytest.fixture
def giang(set_up: Story) -> User:
    return set_up.giang


@pytest.fixture
def signed_2019(set_up: Story) -> Paper:
    return set_up.signed_2019


@pytest.fixture
def signing_2025(set_up: Story) -> Paper:
    return set_up.signing_2025


def merge_boards(cast: Cast, paper: Paper, other: Board) -> None:
    """Recorded and decided as the pages do it: previewed, then confirmed."""
    year = fresh_year(paper.bloc_year)
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    seen = recording.preview_change(year, change).digest
    made = recording.record(year, change=change, seen=seen, actor=cast.chi)
    year = fresh_year(year)
    left = recording.preview_continuation(year, made)
    recording.decide(
        year,
        made,
        decision={
            "treatment": "sum_targets",
            "document": "Biên bản số 02/BB-KTĐ",
            "decided_on": DAY,
            "note": "",
        },
        successors={one.passing.membership.pk: one.passing.heirs[0].board for one in left},
        seen=recording.digest(left),
        actor=fresh(cast.chi),
    )


@pytest.fixture
def merged(cast: Cast, signing_2025: Paper, other: Board) -> Paper:
    merge_boards(cast, signing_2025, other)
    return again(signing_2025)


def complete(merged: Paper, cast: Cast, other: Board) -> Paper:
    binh = fresh(cast.binh)
    enrol(binh)
    for board in (cast.board, other):
        sign(merged, board, actor=fresh(cast.binh))
    return again(merged)


def test_the_seats_of_both_wait_for_the_new_leader(
    cast: Cast, merged: Paper, giang: User, other: Board
) -> None:
    binh, year = fresh(cast.binh), fresh_year(merged.bloc_year)
    tasks = [line.obligation.title for line in queries.dues(
        queries.obligations(year), user=binh, year=year, today=DAY)]  # fmt: skip

    # His key of 2019 names the old board: he makes one that names the new one, then signs twice.
    assert sorted(map(str, tasks)) == ["Ký giao ước"] * 2 + ["Tạo khóa ký"] * 2
    assert binh.has_perm("covenants.sign", party_of(merged, cast.board))
    assert binh.has_perm("covenants.sign", party_of(merged, other))
    assert not fresh(giang).has_perm("covenants.sign", party_of(merged, other))


def test_the_page_says_who_signs_for_whom_and_what_adds_up(cast: Cast, merged: Paper) -> None:
    shown = text_of(as_user(fresh(cast.chi)).get(page("covenants:paper", merged.bloc_year)))
    carried = "do BQL các KKT Tây Sơn kế thừa ký, theo Quyết định 1498/QĐ-TTg"
    assert shown.count(carried) == 2
    assert "cộng từ BQL KKT Bình Định, BQL KKT Gia Lai" in shown


def test_the_annex_as_excel_has_the_sum_and_how_each_row_goes_on(cast: Cast, merged: Paper) -> None:
    url = page("covenants:download", merged.bloc_year, "phu-luc")
    rows = excel_rows(as_user(fresh(cast.chi)).get(url).content)
    last = rows[-1]
    assert (last[1], last[2], last[3]) == (
        "BQL các KKT Tây Sơn",
        "100",
        "cộng từ BQL KKT Bình Định, BQL KKT Gia Lai",
    )
    assert [bool(row[3]) for row in rows[-4:]] == [False, True, True, True]


def test_the_new_leader_signs_both_seats_and_the_covenant_is_complete_and_good(
    cast: Cast, merged: Paper, other: Board
) -> None:
    paper = complete(merged, cast, other)

    assert paper.state == "complete"
    inspection = verification.inspect(files.read_content(paper.newest))
    assert inspection.sound
    boards = Signature.objects.filter(party__paper=paper).order_by("party__order")
    assert list(boards.values_list("signer_name", "signer_board")) == [
        ("Nguyễn Văn An", ""),
        ("Trần Thanh Bình", "Ban Quản lý các Khu kinh tế Tây Sơn"),
        ("Trần Thanh Bình", "Ban Quản lý các Khu kinh tế Tây Sơn"),
    ]


def test_page_receipt_and_certificate_say_what_is_printed_and_who_signed(
    cast: Cast, merged: Paper, other: Board
) -> None:
    paper = complete(merged, cast, other)
    client = as_user(fresh(cast.chi))
    signer = "Trần Thanh Bình, Trưởng ban, Ban Quản lý các Khu kinh tế Tây Sơn"

    shown = text_of(client.get(page("covenants:paper", paper.bloc_year)))
    receipt = text_of(
        client.get(page("covenants:receipt", paper.bloc_year, party_of(paper, other).pk))
    )
    certificate = " ".join(text_of_pdf(files.read_content(paper.certificate)).split())

    assert "Văn bản in: Lãnh đạo GLA, Trưởng ban Người ký: " + signer in shown
    assert signer in receipt
    assert "Văn bản in Lãnh đạo GLA, Trưởng ban" in receipt
    assert "Văn bản in: Lãnh đạo GLA" in certificate.replace("- ", "")


# --- 2019 ---------------------------------------------------------------------------------------

NEW_NAMES = ("Tây Sơn", "TSN")
PAGES = ("home", "members:boards", "members:people", "covenants:paper", "covenants:versions",
         "covenants:comments", "covenants:wall", "fund:index", "events:index", "scoring:index",
         "members:change_dates", "close_year")  # fmt: skip
EXPORTS = ("van-ban", "ban-chot", "chung-nhan", "ho-so", "phu-luc")


def downloads(client: Client, year: BlocYear) -> Iterator[tuple[str, str]]:
    for what in EXPORTS:
        response = client.get(page("covenants:download", year, what))
        assert response.status_code == 200
        yield what, hashlib.sha256(response.content).hexdigest()


def test_the_files_of_2019_are_byte_for_byte_the_stored_ones(
    cast: Cast, signed_2019: Paper, signing_2025: Paper, other: Board
) -> None:
    client = as_user(cast.chi)
    before = dict(downloads(client, cast.year))
    merge_boards(cast, signing_2025, other)

    after = dict(downloads(as_user(fresh(cast.chi)), cast.year))

    stored = {what: before[what] for what in before if what != "phu-luc"}
    assert {what: after[what] for what in stored} == stored
    assert after["van-ban"] == signed_2019.newest.sha256


def test_no_page_of_2019_shows_a_name_of_2025(
    cast: Cast, signed_2019: Paper, merged: Paper
) -> None:
    """All pages and lists of the year, as the secretary. Not walked is what tells history and
    says so: timeline, search, the page of a board."""
    client = as_user(fresh(cast.chi))
    shown = {name: client.get(page(name, cast.year)) for name in PAGES}
    excel = {
        name: client.get(page(name, cast.year) + "?xuat=excel")
        for name in ("members:boards", "members:people", "home")
    }

    assert {name: answer.status_code for name, answer in shown.items()} == dict.fromkeys(PAGES, 200)
    assert {
        name: word
        for name, answer in shown.items()
        for word in NEW_NAMES
        if word in text_of(answer)
    } == {}
    rows = {name: str(excel_rows(answer.content)) for name, answer in excel.items()}
    assert {name: word for name, row in rows.items() for word in NEW_NAMES if word in row} == {}


def test_the_seats_of_2019_show_nobody_carrying_on(
    cast: Cast, signed_2019: Paper, merged: Paper
) -> None:
    shown = text_of(as_user(fresh(cast.chi)).get(page("covenants:paper", cast.year)))
    assert ("kế thừa" in shown, "Văn bản in" in shown) == (False, False)


def test_the_board_of_2019_bears_its_name_of_2019_and_tells_what_became_of_it(
    cast: Cast, signed_2019: Paper, merged: Paper
) -> None:
    answer = as_user(fresh(cast.chi)).get(page("members:board", cast.year, "GLA"))
    assert answer.context["page"].name.short_name == "BQL KKT Gia Lai"
    assert "Hợp nhất" in text_of(answer)


def test_the_new_leader_reads_2019_under_the_old_names(
    cast: Cast, signed_2019: Paper, merged: Paper
) -> None:
    answer = as_user(fresh(cast.binh)).get(page("members:boards", cast.year))
    names = [row.name.short_name for row in answer.context["rows"]]
    assert names == ["BQL KKT Đắk Lắk", "BQL KKT Bình Định", "BQL KKT Gia Lai"]


def test_who_left_reads_nothing(cast: Cast, merged: Paper, giang: User) -> None:
    assert as_user(fresh(giang)).get(page("home", cast.year)).status_code == 404


def test_the_public_page_of_2019_stays_good(cast: Cast, signed_2019: Paper, merged: Paper) -> None:
    answer = Client().get(reverse("covenants_public:verify", args=[signed_2019.code]))
    assert answer.status_code == 200
    assert "Tây Sơn" not in text_of(answer)
    assert PASSPHRASE not in text_of(answer)


def test_a_seat_that_its_own_board_signed_before_the_merger_stays_its_own(
    cast: Cast, signing_2025: Paper, other: Board
) -> None:
    sign(signing_2025, cast.board, actor=cast.binh)
    merge_boards(cast, signing_2025, other)
    answer = as_user(fresh(cast.chi)).get(page("covenants:paper", signing_2025.bloc_year))
    notes = {seat.party.printed_board: seat.carried for seat in answer.context["seats"]}
    assert list(notes.values()) == [
        "",
        "",
        "do BQL các KKT Tây Sơn kế thừa ký, theo Quyết định 1498/QĐ-TTg",
    ]


def test_the_list_of_the_year_says_who_carries_on(cast: Cast, merged: Paper) -> None:
    client, url = as_user(fresh(cast.chi)), page("members:boards", merged.bloc_year)
    rows = client.get(url).context["rows"]
    assert [(row.carried_on_by, row.leader.person.full_name) for row in rows] == [
        ("", "Nguyễn Văn An"),
        ("BQL các KKT Tây Sơn", "Trần Thanh Bình"),
        ("BQL các KKT Tây Sơn", "Trần Thanh Bình"),
    ]
    excel = excel_rows(client.get(url + "?xuat=excel").content)
    assert [row[-1] for row in excel[1:]] == [None, "BQL các KKT Tây Sơn", "BQL các KKT Tây Sơn"]
