import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from covenants.models import Comment, Paper, PaperKind
from covenants.papers import consultation, drafting
from covenants.signing import sealing
from members.models import BlocYear, OutboxMessage
from members.models.people import PostKind
from members.records.acts import NotNow, ReasonMissing
from tests.covenants.traces import acts, nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, draft_covenant, fresh, give_post
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    paper = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def say(paper: Paper, cast: Cast, text: str = "Đề nghị nêu rõ.") -> Comment:
    article = paper.articles.standing().first()
    return consultation.comment(paper, article=article, text=text, actor=cast.em)


def test_opening_keeps_a_version_and_tells_every_person_of_the_members(cast: Cast) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    version = consultation.open_consultation(paper, actor=cast.chi)
    told = OutboxMessage.objects.order_by("recipient").values_list("recipient", flat=True)
    assert (version.number, version.occasion) == (1, "consultation")
    assert list(told) == [
        f"{name}@example.vn" for name in ("an", "binh", "chi", "dung", "em", "hoa")
    ]
    assert acts()[-1] == "covenants.consultation_opened"


def test_a_paper_without_articles_is_not_discussed(cast: Cast) -> None:
    paper = drafting.start_covenant(cast.year, source=None, actor=cast.chi)
    with nothing_changes(), pytest.raises(consultation.NothingToDiscuss):
        consultation.open_consultation(paper, actor=cast.chi)


def test_an_attached_text_alone_is_discussed(cast: Cast) -> None:
    kind = PaperKind.objects.get(pk="exchange_plan")
    paper = drafting.start_paper(
        cast.year, kind=kind, title="Kế hoạch", source=None, actor=cast.chi
    )
    drafting.attach(paper, content=small_paper(), name="ke-hoach.pdf", actor=cast.chi)
    consultation.open_consultation(Paper.objects.get(pk=paper.pk), actor=cast.chi)
    assert Paper.objects.get(pk=paper.pk).state == "consulting"


@pytest.mark.parametrize("name", ["binh", "em", "dung", "khach", "ngoai"])
def test_only_the_secretariat_opens_and_closes_the_round(
    cast: Cast, paper: Paper, name: str
) -> None:
    actor = getattr(cast, name)
    with nothing_changes(), pytest.raises(PermissionDenied):
        consultation.resume_drafting(paper, actor=actor)
    consultation.resume_drafting(paper, actor=cast.chi)
    with nothing_changes(), pytest.raises(PermissionDenied):
        consultation.open_consultation(paper, actor=actor)


def test_a_second_round_keeps_the_comments_of_the_first(cast: Cast, paper: Paper) -> None:
    say(paper, cast)
    consultation.resume_drafting(paper, actor=cast.chi)
    version = consultation.open_consultation(paper, actor=cast.chi)
    assert (version.number, paper.comments.count()) == (2, 1)


@pytest.mark.parametrize("name", ["an", "chi", "binh", "em"])
def test_leaders_and_officers_comment_for_their_board(cast: Cast, paper: Paper, name: str) -> None:
    actor = getattr(cast, name)
    made = consultation.comment(paper, article=None, text="Đồng ý.", actor=actor)
    boards = [post.board_id for post in actor.current_posts]
    assert (made.membership.board_id, made.author_name) == (boards[0], actor.person.full_name)


def test_who_keeps_the_money_of_another_board_speaks_for_the_own_one(
    cast: Cast, paper: Paper
) -> None:
    give_post(cast.em, PostKind.CASHIER, board=cast.head)
    assert say(paper, cast).membership.board == cast.board


def test_the_same_words_sent_twice_are_one_comment(cast: Cast, paper: Paper) -> None:
    first = say(paper, cast)
    with nothing_changes():
        assert say(paper, cast) == first


def test_the_same_words_after_an_answer_are_said_again(cast: Cast, paper: Paper) -> None:
    first = say(paper, cast)
    consultation.answer(first, verdict="declined", answer="Giữ nguyên.", actor=cast.chi)
    assert say(paper, cast) != first


def told(occasion: str) -> list[tuple[str, str]]:
    mails = OutboxMessage.objects.filter(key__startswith=occasion).order_by("recipient")
    return list(mails.values_list("recipient", "subject"))


def test_the_secretariat_is_told_of_a_comment(cast: Cast, paper: Paper) -> None:
    say(paper, cast)
    subject = "Góp ý của BQL KKT Bình Định cho dự thảo Giao ước thi đua năm 2019"
    assert told("covenants.commented") == [
        ("an@example.vn", subject),
        ("chi@example.vn", subject),
    ]


def test_nobody_is_told_of_the_own_comment_or_answer(cast: Cast, paper: Paper) -> None:
    made = consultation.comment(paper, article=None, text="Đồng ý.", actor=cast.chi)
    consultation.answer(made, verdict="accepted", answer="", actor=cast.chi)
    assert [who for who, _subject in told("covenants.comment")] == ["an@example.vn"]


def test_the_author_is_told_of_the_answer_and_of_its_correction(cast: Cast, paper: Paper) -> None:
    made = say(paper, cast)
    consultation.answer(made, verdict="accepted", answer="", actor=cast.chi)
    consultation.answer(made, verdict="declined", answer="Giữ 100 %.", actor=cast.chi)
    mails = OutboxMessage.objects.filter(key__startswith="covenants.comment_answered")
    assert [(mail.recipient, "Giữ 100 %." in mail.body) for mail in mails.order_by("pk")] == [
        ("em@example.vn", False),
        ("em@example.vn", True),
    ]


def test_nobody_comments_in_a_closed_year(cast: Cast, paper: Paper) -> None:
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    with nothing_changes(), pytest.raises(PermissionDenied):
        say(Paper.objects.get(pk=paper.pk), cast)


@pytest.mark.parametrize("name", ["dung", "hoa", "khach", "ngoai"])
def test_others_do_not_comment(cast: Cast, paper: Paper, name: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        consultation.comment(paper, article=None, text="x", actor=getattr(cast, name))


def test_nobody_comments_outside_the_consultation(cast: Cast, paper: Paper) -> None:
    consultation.resume_drafting(paper, actor=cast.chi)
    with nothing_changes(), pytest.raises(PermissionDenied):
        say(Paper.objects.get(pk=paper.pk), cast)


def test_an_empty_comment_is_refused(cast: Cast, paper: Paper) -> None:
    with nothing_changes(), pytest.raises(consultation.NothingSaid):
        say(paper, cast, text="  \n")


def test_a_comment_on_a_removed_article_is_refused(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    drafting.remove_article(article, actor=cast.chi)
    with nothing_changes(), pytest.raises(consultation.NothingSaid):
        consultation.comment(paper, article=article, text="x", actor=cast.em)


@pytest.mark.parametrize(("verdict", "answer"), [("accepted", ""), ("declined", "Giữ 100 %.")])
def test_a_comment_is_answered(cast: Cast, paper: Paper, verdict: str, answer: str) -> None:
    made = say(paper, cast)
    consultation.answer(made, verdict=verdict, answer=answer, actor=cast.chi)
    made.refresh_from_db()
    assert (made.verdict, made.answer, made.answered_by) == (verdict, answer, cast.chi)
    assert acts()[-1] == "covenants.comment_answered"


def test_declining_needs_a_reason(cast: Cast, paper: Paper) -> None:
    made = say(paper, cast)
    with nothing_changes(), pytest.raises(ReasonMissing):
        consultation.answer(made, verdict="declined", answer=" ", actor=cast.chi)


@pytest.mark.parametrize("verdict", ["open", "", "maybe"])
def test_an_answer_takes_over_or_declines(cast: Cast, paper: Paper, verdict: str) -> None:
    made = say(paper, cast)
    with nothing_changes(), pytest.raises(ReasonMissing):
        consultation.answer(made, verdict=verdict, answer="x", actor=cast.chi)


@pytest.mark.parametrize("name", ["binh", "em", "dung", "khach", "ngoai"])
def test_only_the_secretariat_answers(cast: Cast, paper: Paper, name: str) -> None:
    made = say(paper, cast)
    with nothing_changes(), pytest.raises(PermissionDenied):
        consultation.answer(made, verdict="accepted", answer="", actor=getattr(cast, name))


def test_answers_close_when_the_paper_is_sealed(cast: Cast) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    made = say(Paper.objects.get(pk=paper.pk), cast)
    consultation.answer(made, verdict="accepted", answer="", actor=cast.chi)
    sealing.seal(paper, actor=cast.chi)
    with nothing_changes(), pytest.raises(NotNow):
        consultation.answer(made, verdict="declined", answer="x", actor=cast.chi)


# --- Who speaks for two boards ------------------------------------------------------------------


def test_who_speaks_for_two_boards_says_for_which(cast: Cast, paper: Paper) -> None:
    give_post(cast.em, PostKind.OFFICER, board=cast.head)
    own = cast.year.memberships.get(board=cast.board)
    made = [
        consultation.comment(
            paper, article=None, text="Đồng ý.", actor=fresh(cast.em), membership=membership
        )
        for membership in (None, own)
    ]
    assert [one.membership.board for one in made] == [cast.head, cast.board]


def test_nobody_speaks_for_a_board_of_others(cast: Cast, paper: Paper) -> None:
    head = cast.year.memberships.get(board=cast.head)
    with nothing_changes(), pytest.raises(consultation.NotYourBoard):
        consultation.comment(paper, article=None, text="x", actor=cast.em, membership=head)
