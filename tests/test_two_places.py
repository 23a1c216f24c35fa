"""A board in two blocs in one year, and a person with posts in two boards."""

import datetime as dt

import pytest

from covenants.models import Paper
from covenants.papers import consultation
from covenants.signing import signing
from emulation_bloc import queries
from members.models import BlocYear
from members.models.people import PostKind
from members.records import files
from tests.covenants.pages import text_of
from tests.covenants.signing.test_completion import text_of_pdf
from tests.members.pages import as_user, page
from tests.mergers import fresh_year
from tests.people import (
    Cast,
    draft_covenant,
    enrol,
    fresh,
    give_post,
    join,
    make_leader,
    party_of,
    seal_covenant,
    sign,
)

TODAY = dt.date(2026, 1, 1)


@pytest.fixture
def in_two_blocs(cast: Cast) -> BlocYear:
    """Bình's board is a member of the other bloc's year as well."""
    join(cast.foreign_year, cast.board)
    return cast.foreign_year


@pytest.fixture
def in_two_boards(cast: Cast) -> Cast:
    """Bình leads the member board and is deputy of the head board, too."""
    give_post(cast.binh, PostKind.DEPUTY_LEADER, board=cast.head)
    return cast


# --- A board in two blocs -----------------------------------------------------------------------


def test_its_people_enter_both_blocs(cast: Cast, in_two_blocs: BlocYear) -> None:
    client = as_user(fresh(cast.binh))
    assert client.get(page("home", cast.year)).status_code == 200
    assert client.get(page("home", in_two_blocs)).status_code == 200


def test_nobody_else_of_the_one_bloc_enters_the_other(cast: Cast, in_two_blocs: BlocYear) -> None:
    assert as_user(fresh(cast.chi)).get(page("home", in_two_blocs)).status_code == 404
    assert as_user(fresh(cast.ngoai)).get(page("home", cast.year)).status_code == 404


def test_the_menu_leads_to_the_newest_year_of_the_other_bloc(
    cast: Cast, in_two_blocs: BlocYear
) -> None:
    answer = as_user(fresh(cast.binh)).get(page("home", cast.year))
    assert answer.context["other_blocs"] == [in_two_blocs]
    assert [one.year for one in answer.context["years"]] == [2019]
    assert page("home", in_two_blocs) in answer.content.decode()


def test_who_belongs_to_one_bloc_sees_no_other(cast: Cast, in_two_blocs: BlocYear) -> None:
    assert as_user(fresh(cast.chi)).get(page("home", cast.year)).context["other_blocs"] == []


def test_each_bloc_asks_for_its_own_covenant(cast: Cast, in_two_blocs: BlocYear) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    own, foreign = fresh_year(cast.year), fresh_year(in_two_blocs)
    binh = fresh(cast.binh)

    def tasks(year: BlocYear) -> list[str]:
        found = queries.dues(queries.obligations(year), user=binh, year=year, today=TODAY)
        return [str(line.obligation.title) for line in found]

    assert tasks(own) == ["Tạo khóa ký", "Ký giao ước"]
    assert tasks(foreign) == []


def test_one_key_signs_in_both_blocs(cast: Cast, in_two_blocs: BlocYear) -> None:
    here = seal_covenant(cast.year, actor=cast.chi)
    there = seal_covenant(fresh_year(in_two_blocs), actor=cast.ngoai)
    enrol(cast.binh)
    for paper in (here, there):
        sign(paper, cast.board, actor=fresh(cast.binh))
    assert [paper.parties.signed().count() for paper in Paper.objects.all()] == [1, 1]


# --- A person in two boards ---------------------------------------------------------------------


def test_the_tasks_of_both_boards_are_the_persons(in_two_boards: Cast) -> None:
    cast = in_two_boards
    seal_covenant(cast.year, actor=cast.chi)
    year, binh = fresh_year(cast.year), fresh(cast.binh)
    found = queries.dues(queries.obligations(year), user=binh, year=year, today=TODAY)
    seats = [
        str(line.obligation.note)
        for line in found
        if line.is_mine and line.obligation.step == "sign"
    ]
    assert seats == ["Tại ô của BQL KKT Đắk Lắk", "Tại ô của BQL KKT Bình Định"]


def test_in_each_seat_the_post_of_that_board_signs(in_two_boards: Cast) -> None:
    cast = in_two_boards
    paper = seal_covenant(cast.year, actor=cast.chi)
    binh = fresh(cast.binh)
    own, head = party_of(paper, cast.board), party_of(paper, cast.head)
    assert signing.post_for(binh, own).title == "Trưởng ban"
    assert signing.post_for(binh, head).title == "Phó Trưởng ban"

    # A key names one board: who leads one signs for it, and in no other seat.
    enrol(binh)
    with pytest.raises(signing.NamesAnotherBoard):
        sign(paper, cast.head, actor=fresh(cast.binh))
    made = sign(paper, cast.board, actor=fresh(cast.binh))

    assert (made.signer_title, made.signer_board, made.differs_from_print) == (
        "Trưởng ban",
        "",
        False,
    )


def test_both_posts_stand_in_the_menu_of_the_person(in_two_boards: Cast) -> None:
    answer = as_user(fresh(in_two_boards.binh)).get(page("home", in_two_boards.year))
    assert answer.context["other_posts"] == [("Phó Trưởng ban", "BQL KKT Đắk Lắk")]
    assert "Trưởng ban, BQL KKT Bình Định" in text_of(answer)


def test_a_post_without_a_voice_does_not_speak_for_its_board(cast: Cast) -> None:
    """The accountant of the head board is also the officer of the member board."""
    give_post(cast.dung, PostKind.OFFICER, board=cast.board)
    paper = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    made = consultation.comment(
        Paper.objects.get(), article=None, text="Đề nghị nêu rõ.", actor=fresh(cast.dung)
    )
    assert made.membership.board == cast.board


# --- A leader replaced between sealing and signing ----------------------------------------------


def test_the_seat_keeps_the_printed_name_and_tells_who_signed(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    cast.binh.person.posts.update(ends_on=dt.date(2019, 6, 1))
    successor = make_leader(cast.board, "moi")
    enrol(successor)
    made = sign(paper, cast.board, actor=fresh(successor))
    party = party_of(paper, cast.board)

    assert (party.printed_name, party.printed_post) == ("Trần Thanh Bình", "Trưởng ban")
    assert (made.signer_name, made.signer_board) == ("Lãnh đạo BDI", "")
    shown = text_of(as_user(fresh(cast.chi)).get(page("covenants:paper", cast.year)))
    receipt = text_of(as_user(fresh(cast.chi)).get(page("covenants:receipt", cast.year, party.pk)))
    assert "Văn bản in: Trần Thanh Bình, Trưởng ban Người ký: Lãnh đạo BDI, Trưởng ban" in shown
    assert "Văn bản in Trần Thanh Bình, Trưởng ban" in receipt


def test_the_certificate_tells_it_too(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    cast.binh.person.posts.update(ends_on=dt.date(2019, 6, 1))
    successor = make_leader(cast.board, "moi")
    for user, board in ((cast.an, cast.head), (successor, cast.board)):
        enrol(user)
        sign(paper, board, actor=fresh(user))
    text = " ".join(text_of_pdf(files.read_content(Paper.objects.get().certificate)).split())
    assert text.count("Văn bản in: Trần Thanh Bình") == 1
    assert text.count("Văn bản in:") == 1
