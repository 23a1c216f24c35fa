"""The next steps offered on a paper's pages, and what is shown of a withdrawn paper."""

import datetime as dt

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from covenants.models import LegalReference, Paper
from covenants.papers import bases, consultation, validity
from tests.covenants.pages import HTMX, as_, page, text_of
from tests.people import Cast, adopt, draft_regulation, enrol, issue, make_law, sign
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def issued_and_withdrawn(cast: Cast, **dates: dt.date) -> Paper:
    paper = adopt(draft_regulation(cast.year, actor=cast.chi, kind="document"), actor=cast.chi)
    issued = issue(paper, actor=cast.chi, **dates)
    sign(issued, cast.head, actor=cast.an)
    validity.withdraw(issued, on=timezone.localdate(), reason="Sai", actor=cast.chi)
    return Paper.objects.get(pk=issued.pk)


def test_a_comment_and_its_answer_in_place_change_the_count_above(paper: Paper, cast: Cast) -> None:
    said = {"article": "", "text": "Xin bàn thêm."}
    sent = as_(cast.em).post(page(paper, "comment"), said, **HTMX)

    assert text_of(sent).endswith("1 góp ý, 1 chưa trả lời.")
    assert 'id="after-comments"' not in sent.content.decode()

    comment = paper.comments.get()
    verdict = {"verdict": "accepted", "answer": "", "version": ""}
    given = as_(cast.chi).post(page(paper, "answer", comment.pk), verdict, **HTMX)

    assert text_of(given).endswith("1 góp ý. Đưa ra biểu quyết")
    assert given.content.decode().count('hx-swap-oob="true"') == 2


def test_before_the_consultation_no_law_is_asked_of_a_paper_that_needs_none(cast: Cast) -> None:
    paper = draft_regulation(cast.year, actor=cast.chi)

    shown = text_of(as_(cast.chi).get(page(paper, "consult")))

    assert "căn cứ pháp lý" not in shown.split("Khi mở lấy ý kiến")[1]
    assert "trước khi chốt" not in shown


def test_from_the_closed_round_the_secretariat_goes_on_to_the_number(cast: Cast) -> None:
    adopted = adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)

    for reader, is_offered in ((cast.chi, True), (cast.em, False)):
        shown = as_(reader).get(page(adopted, "votings")).content.decode()
        assert (page(adopted, "issue") in shown) is is_offered


def test_a_cited_paper_that_is_withdrawn_stays_in_sight_of_the_writer(
    paper: Paper, cast: Cast
) -> None:
    enrol(cast.an)
    own = adopt(draft_regulation(cast.year, actor=cast.chi, kind="document"), actor=cast.chi)
    sign(issue(own, actor=cast.chi), cast.head, actor=cast.an)
    own.refresh_from_db()
    bases.cite_papers(paper, cited=[own], actor=cast.chi)
    validity.withdraw(own, on=own.effective_on, reason="Sai", actor=cast.chi)

    shown = text_of(as_(cast.chi).get(page(paper, "bases")))

    assert f"({own.full_number}) Không có hiệu lực" in shown


def test_a_paper_withdrawn_before_its_first_day_does_not_wait_for_it(cast: Cast) -> None:
    enrol(cast.an)
    later = timezone.localdate() + dt.timedelta(days=5)
    paper = issued_and_withdrawn(cast, effective_on=later)

    shown = text_of(as_(cast.em).get(page(paper, "paper")))

    assert "Hết hiệu lực" in shown
    assert "Chưa có hiệu lực" not in shown


def test_who_checks_a_withdrawn_paper_is_told(cast: Cast) -> None:
    enrol(cast.an)
    paper = issued_and_withdrawn(cast)

    shown = text_of(Client().get(reverse("covenants_public:verify", args=[paper.code])))

    assert "hết hiệu lực từ" in shown
    assert "Sai" not in shown


def test_before_the_vote_the_page_doubts_what_no_longer_holds(paper: Paper, cast: Cast) -> None:
    enrol(cast.an)
    LegalReference.objects.filter(pk=make_law().pk).update(expired_on="2018-01-01")
    bases.cite(paper, references=[LegalReference.objects.get()], actor=cast.chi)
    own = adopt(draft_regulation(cast.year, actor=cast.chi, kind="document"), actor=cast.chi)
    issued = issue(own, actor=cast.chi)
    sign(issued, cast.head, actor=cast.an)
    bases.cite_papers(paper, cited=[issued], actor=cast.chi)
    validity.withdraw(
        Paper.objects.get(pk=issued.pk), on=dt.date(2019, 5, 4), reason="Sai", actor=cast.chi
    )
    Paper.objects.filter(pk=paper.pk).update(dated_on="2019-06-01")

    response = as_(cast.chi).get(page(paper, "put_to_vote"))

    shown = text_of(response)
    assert "Luật 15/2003/QH11: Hết hiệu lực ngày 01/01/2018." in shown
    assert "không còn hiệu lực vào ngày của văn bản này" in shown
    assert response.context["is_ready"]
