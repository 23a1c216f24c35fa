"""The conference of 04/05/2019: four texts from draft to adopted, in force, and cited."""

import datetime as dt

import pytest

from covenants.adoption import voting as adoption_voting
from covenants.models import Paper, PaperKind
from covenants.papers import bases, consultation, drafting, validity
from covenants.signing import sealing, verification
from members.models import AuditEntry
from members.records import audit, files
from tests.covenants.outside_tools import text_of_pdf
from tests.people import Cast, draft_covenant, enrol, issue, make_law, sign

DAY = dt.date(2019, 5, 4)
TEXTS = {
    "operating_regulation": "Quy chế tổ chức và hoạt động",
    "point_scale": "Quy định thang điểm chuẩn",
    "fund_regulation": "Quy chế quản lý và sử dụng quỹ",
    "exchange_plan": "Kế hoạch giao lưu văn nghệ, thể thao năm 2019",
}


def draft(cast: Cast, kind: str, title: str) -> Paper:
    paper = drafting.start_paper(
        cast.year,
        kind=PaperKind.objects.get(pk=kind),
        title=title,
        source=None,
        actor=cast.chi,
    )
    values = {"place": "Đắk Lắk", "dated_on": DAY}
    drafting.save_header(paper, values=values, revision=0, actor=cast.chi)
    drafting.add_article(paper, heading="Nội dung", body="a) Một;\nđ) Hai.", actor=cast.chi)
    bases.cite(paper, references=[make_law(f"{kind}/2018")], actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def discuss(paper: Paper, cast: Cast) -> Paper:
    """A member comments on the article, and the secretariat keeps the text with a reason."""
    consultation.open_consultation(paper, actor=cast.chi)
    paper = Paper.objects.get(pk=paper.pk)
    said = consultation.comment(
        paper, article=paper.articles.get(), text="Đề nghị bổ sung.", actor=cast.em
    )
    consultation.answer(said, verdict="declined", answer="Đã có ở điều khác.", actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def vote(paper: Paper, cast: Cast) -> Paper:
    voting = adoption_voting.put_to_vote(
        paper, terms=adoption_voting.proposed_terms(paper), actor=cast.chi
    )
    for leader, board in ((cast.an, cast.head), (cast.binh, cast.board)):
        seat = cast.year.memberships.get(board=board)
        adoption_voting.cast_vote(voting, seat, choice="for", proxy="", actor=leader)
    adoption_voting.close_voting(voting, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def put_in_force(paper: Paper, cast: Cast) -> Paper:
    sign(issue(paper, actor=cast.chi), cast.head, actor=cast.an)
    return Paper.objects.get(pk=paper.pk)


def test_four_texts_are_adopted_in_force_and_cited_by_the_covenant(cast: Cast) -> None:
    enrol(cast.an)
    papers = {
        kind: put_in_force(vote(discuss(draft(cast, kind, title), cast), cast), cast)
        for kind, title in TEXTS.items()
    }

    held = {kind: validity.in_force(cast.year, kind, on=DAY) for kind in TEXTS}
    assert {kind: found.paper for kind, found in held.items() if found} == papers
    numbers = [paper.full_number for paper in papers.values()]
    assert numbers == ["01/QC-KTĐ", "02/QĐ-KTĐ", "03/QC-KTĐ", "04/KH-KTĐ"]

    covenant = draft_covenant(cast.year, actor=cast.chi)
    bases.cite_papers(covenant, cited=papers.values(), actor=cast.chi)
    consultation.open_consultation(covenant, actor=cast.chi)
    sealed = sealing.seal(covenant, actor=cast.chi)

    text = text_of_pdf(files.read_content(sealed.newest))
    for paper in papers.values():
        assert f"Căn cứ {paper.title} số {paper.full_number} ngày 04 tháng 5 năm 2019" in text
    assert [*adoption_voting.faults(), *verification.faults(), *audit.faults()] == []
    acts = AuditEntry.objects.filter(act="covenants.adopted").count()
    assert acts == len(TEXTS)


def test_a_paper_cites_only_what_is_in_force_on_its_own_date(cast: Cast) -> None:
    enrol(cast.an)
    title = TEXTS["operating_regulation"]
    regulation = put_in_force(
        vote(discuss(draft(cast, "operating_regulation", title), cast), cast), cast
    )
    earlier = draft(cast, "exchange_plan", TEXTS["exchange_plan"])
    Paper.objects.filter(pk=earlier.pk).update(dated_on=dt.date(2019, 5, 3))
    before = AuditEntry.objects.count()

    with pytest.raises(bases.NotCitable):
        bases.cite_papers(Paper.objects.get(pk=earlier.pk), cited=[regulation], actor=cast.chi)

    assert (earlier.cited_papers.count(), AuditEntry.objects.count()) == (0, before)
