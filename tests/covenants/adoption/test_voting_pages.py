"""The pages from the vote to the issued paper: refused input, and votes that are not disclosed."""

import datetime as dt
from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from covenants.adoption import voting as adoption_voting
from covenants.models import Paper, Vote, Voting
from covenants.papers import consultation, drafting
from members.models import Membership
from members.models.people import PostKind
from tests.covenants.pages import as_, page, signed_in_just_now, text_of
from tests.covenants.pages import url as in_year
from tests.people import (
    Cast,
    adopt,
    draft_regulation,
    enrol,
    fresh,
    give_post,
    issue,
    join,
    make_board,
    make_user,
    sign,
)
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


@pytest.fixture
def voting(paper: Paper, cast: Cast) -> Voting:
    return adoption_voting.put_to_vote(
        paper, terms=adoption_voting.proposed_terms(paper), actor=cast.chi
    )


def terms(**values: str) -> dict[str, str]:
    usual = {
        "method": "online",
        "closes_on": f"{timezone.localdate() + dt.timedelta(days=3):%d/%m/%Y}",
        "quorum_percent": "66,67",
        "passing": "at_least",
        "threshold_percent": "80",
        "base": "present",
        "openness": "counts",
    }
    return usual | values


# --- Putting to the vote --------------------------------------------------------------------------


def test_the_rule_of_a_round_is_what_the_secretariat_sets(paper: Paper, cast: Cast) -> None:
    response = as_(cast.chi).post(page(paper, "put_to_vote"), terms())

    voting = Voting.objects.get()
    assert response["Location"] == page(paper, "votings")
    assert (str(voting.quorum_percent), voting.passing, voting.base, voting.openness) == (
        "66.67",
        "at_least",
        "present",
        "counts",
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"closes_on": "01/01/2019"}, "từ hôm nay trở đi"),
        ({"closes_on": ""}, "từ hôm nay trở đi"),
        ({"quorum_percent": "101"}, "từ 0 đến 100"),
        ({"threshold_percent": "abc"}, "từ 0 đến 100"),
        ({"threshold_percent": "9" * 40}, "từ 0 đến 100"),
    ],
)
def test_wrong_terms_are_refused_in_words(
    paper: Paper, cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    response = as_(cast.chi).post(page(paper, "put_to_vote"), terms(**wrong))

    assert (response.status_code, Voting.objects.count()) == (422, 0)
    assert sentence in text_of(response)


# --- Voting ---------------------------------------------------------------------------------------


def vote(voting: Voting, client: Any, cast: Cast, **values: Any) -> HttpResponse:
    seat = cast.year.memberships.get(board=cast.board)
    typed = {"board": seat.pk, "choice": "against", "proxy": ""} | values
    response: HttpResponse = client.post(page(voting.paper, "vote"), typed)
    return response


def test_a_leader_votes_and_no_page_tells_how_before_the_closing(
    voting: Voting, cast: Cast
) -> None:
    vote(voting, signed_in_just_now(cast.binh), cast)

    assert Vote.objects.get().choice == "against"
    for reader in (cast.chi, cast.an, cast.em, cast.khach, cast.binh):
        shown = text_of(as_(reader).get(page(voting.paper, "votings")))
        assert "BQL KKT Bình Định" in shown
        assert "Không tán thành" not in shown


def test_only_a_deputy_is_asked_for_a_proxy(voting: Voting, cast: Cast) -> None:
    asked = "Văn bản ủy quyền"
    assert asked not in text_of(as_(cast.binh).get(page(voting.paper, "vote")))
    deputy = make_user("pho")
    give_post(deputy, PostKind.DEPUTY_LEADER, board=cast.board)
    assert asked in text_of(as_(deputy).get(page(voting.paper, "vote")))
    refused = vote(voting, signed_in_just_now(fresh(deputy)), cast)
    assert (refused.status_code, Vote.objects.count()) == (422, 0)


def test_an_old_login_votes_nothing(voting: Voting, cast: Cast) -> None:
    response = vote(voting, as_(cast.binh), cast)

    assert (response.status_code, Vote.objects.count()) == (302, 0)


def test_a_replayed_vote_changes_nothing(voting: Voting, cast: Cast) -> None:
    client = signed_in_just_now(cast.binh)
    vote(voting, client, cast)

    again = vote(voting, client, cast, choice="for")

    assert (again["Location"], Vote.objects.get().choice) == (
        page(voting.paper, "votings"),
        "against",
    )


def test_another_board_cannot_be_named_in_the_vote(voting: Voting, cast: Cast) -> None:
    head = cast.year.memberships.get(board=cast.head)
    response = vote(voting, signed_in_just_now(cast.binh), cast, board=head.pk)

    assert (response.status_code, Vote.objects.count()) == (422, 0)


def test_votes_that_the_rule_keeps_to_itself_are_on_no_page(paper: Paper, cast: Cast) -> None:
    client = as_(cast.chi)
    client.post(page(paper, "put_to_vote"), terms(openness="counts", threshold_percent="50"))
    voting = Voting.objects.get()
    vote(voting, signed_in_just_now(cast.binh), cast)
    head = cast.year.memberships.get(board=cast.head)
    adoption_voting.cast_vote(voting, head, choice="for", proxy="", actor=cast.an)
    signed_in_just_now(cast.chi).post(page(paper, "close_voting"))

    shown = as_(cast.chi).get(page(paper, "votings"))

    assert [votes for _round, votes in shown.context["rounds"]] == [[]]
    assert "Ý kiến của từng đơn vị" not in text_of(shown)


# --- Closing --------------------------------------------------------------------------------------


HANDS = {
    "held_on": "04/05/2019",
    "place": "Đắk Lắk",
    "chair": "Nguyễn Văn An",
    "secretary": "Lê Thị Chi",
    "present": "2",
    "in_favour": "2",
    "against": "0",
    "abstaining": "0",
}


def test_impossible_hands_are_refused_and_kept(paper: Paper, cast: Cast) -> None:
    client = signed_in_just_now(cast.chi)
    client.post(page(paper, "put_to_vote"), terms(method="hands", closes_on=""))

    response = client.post(page(paper, "close_voting"), HANDS | {"against": "1"})

    assert response.status_code == 422
    assert "Số liệu không khớp" in text_of(response)
    assert 'value="Nguyễn Văn An"' in response.content.decode()
    assert Voting.objects.get().is_open


def test_hands_adopt_the_paper_and_the_minutes_can_be_read(paper: Paper, cast: Cast) -> None:
    client = signed_in_just_now(cast.chi)
    client.post(page(paper, "put_to_vote"), terms(method="hands", closes_on=""))
    client.post(page(paper, "close_voting"), HANDS)

    minutes = as_(cast.em).get(page(paper, "minutes", 1))

    assert Paper.objects.get(pk=paper.pk).state == "adopted"
    assert (minutes["Content-Type"], minutes.content[:5]) == ("application/pdf", b"%PDF-")


def test_a_round_with_votes_missing_is_not_closed(voting: Voting, cast: Cast) -> None:
    response = signed_in_just_now(cast.chi).post(page(voting.paper, "close_voting"))

    assert response.status_code == 409
    assert "còn được biểu quyết" in text_of(response)


# --- Number, signature, end -----------------------------------------------------------------------


def test_a_paper_is_numbered_signed_read_and_withdrawn(paper: Paper, cast: Cast) -> None:
    enrol(cast.an)
    adopted = adopt(draft_regulation(cast.year, actor=cast.chi, kind="document"), actor=cast.chi)
    client = signed_in_just_now(cast.chi)
    dates = {"dated_on": "04/05/2019", "effective_on": "05/05/2019", "expires_on": ""}
    client.post(page(adopted, "issue"), {"numbering": "own", "symbol": "TB-KTĐ", **dates})
    issued = Paper.objects.get(pk=adopted.pk)
    assert (issued.full_number, issued.state) == ("01/TB-KTĐ", "signing")

    sign(issued, cast.head, actor=cast.an)
    read = text_of(as_(cast.em).get(page(adopted, "paper")))
    assert "Số 01/TB-KTĐ. Đang hiệu lực 05/05/2019" in read

    client.post(page(adopted, "withdraw"), {"on": "01/06/2019", "reason": "Không còn phù hợp."})
    assert "Thu hồi: Không còn phù hợp." in text_of(as_(cast.em).get(in_year("papers")))


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"numbering": "typed", "number": ""}, "Nhập số lấy theo sổ"),
        ({"expires_on": "04/05/2019"}, "ít nhất một ngày"),
        ({"effective_on": "03/05/2019"}, "từ ngày ghi trên văn bản"),
        ({"dated_on": "31/02/2019"}, "ngày"),
    ],
)
def test_wrong_numbers_and_dates_are_refused(
    cast: Cast, wrong: dict[str, str], sentence: str
) -> None:
    adopted = adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)
    typed = {
        "numbering": "own",
        "symbol": "QC-KTĐ",
        "dated_on": "04/05/2019",
        "effective_on": "04/05/2019",
        "expires_on": "",
    }
    response = signed_in_just_now(cast.chi).post(page(adopted, "issue"), typed | wrong)

    assert (response.status_code, Paper.objects.get().state) == (422, "adopted")
    assert sentence in text_of(response)


def test_a_paper_of_another_year_is_not_found_here(paper: Paper, cast: Cast) -> None:
    foreign = reverse("covenants:paper:paper", args=["mien-bac", 2019, paper.pk])

    assert as_(cast.ngoai).get(foreign).status_code == 404


def test_an_article_of_another_paper_is_not_reached_through_this_one(
    paper: Paper, cast: Cast
) -> None:
    other = draft_regulation(cast.year, actor=cast.chi, kind="point_scale")
    article = other.articles.first()
    assert article is not None

    for name in ("article", "move_article", "remove_article"):
        assert as_(cast.chi).post(page(paper, name, article.pk)).status_code == 404


# --- Lists ----------------------------------------------------------------------------------------


def test_the_list_says_what_holds_on_a_day_and_hands_it_out(cast: Cast) -> None:
    enrol(cast.an)
    issued = issue(
        adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi), actor=cast.chi
    )
    sign(issued, cast.head, actor=cast.an)
    client = as_(cast.em)

    held = text_of(client.get(in_year("papers"), {"ngay": "04/05/2019"}))
    before = text_of(client.get(in_year("papers"), {"ngay": "03/05/2019"}))
    sheet = client.get(in_year("papers"), {"xuat": "excel"})

    assert "01/QC-KTĐ từ 04/05/2019" in held
    assert "Chưa có hiệu lực" in before
    assert sheet["Content-Disposition"].endswith('filename="van-ban-2019-tay-nguyen.xlsx"')


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("papers", 11), ("votings", 15), ("paper", 25), ("workshop", 12)]
)
def test_queries_do_not_grow(
    cast: Cast, count: int, name: str, queries: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        board = make_board(f"B{number}")
        join(cast.year, board)
        draft_regulation(cast.year, actor=cast.chi, kind="document")
    paper = draft_regulation(cast.year, actor=cast.chi)
    for number in range(count):
        drafting.add_article(paper, heading=f"Điều {number}", body="x", actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    if name == "votings":
        current = Paper.objects.get(pk=paper.pk)
        adoption_voting.put_to_vote(
            current, terms=adoption_voting.proposed_terms(current), actor=cast.chi
        )
    client = as_(cast.chi)
    address = in_year("papers") if name == "papers" else page(paper, name)
    client.get(address)

    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
    assert Membership.objects.filter(bloc_year=cast.year).count() == count + 2
