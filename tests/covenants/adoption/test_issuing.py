"""Number, date and signature of an adopted paper, and from when to when it is in force."""

import datetime as dt
from io import BytesIO
from itertools import pairwise
from typing import Any

import pikepdf
import pytest
from django.core.exceptions import PermissionDenied

from covenants.adoption import issuing, voting
from covenants.models import Paper, PaperKind
from covenants.papers import drafting, validity
from covenants.signing import sealing, verification
from members.models import AuditEntry, NumberSeries, OutboxMessage, Post
from members.records import codes, files
from members.records.acts import NotNow, ReasonMissing
from members.records.numbering import Numbering, NumberTaken
from tests.covenants.outside_tools import text_of_pdf
from tests.lib.signed_papers import small_paper
from tests.people import Cast, adopt, draft_regulation, enrol, fresh, issue, join, make_year, sign
from tests.scenes import prepared

DAY = dt.date(2019, 5, 4)


@prepared
def adopted(cast: Cast) -> Paper:
    return adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)


def trace() -> tuple[int, int, int]:
    numbers = NumberSeries.objects.count()
    return AuditEntry.objects.count(), OutboxMessage.objects.count(), numbers


def current(paper: Paper) -> Paper:
    return Paper.objects.get(pk=paper.pk)


# --- Number and date ------------------------------------------------------------------------------


def test_a_paper_takes_the_next_number_of_the_bloc(adopted: Paper, cast: Cast) -> None:
    issued = issue(adopted, actor=cast.chi)

    assert (issued.state, issued.full_number, issued.effective_on) == ("signing", "01/QC-KTĐ", DAY)
    [seat] = issued.parties.all()
    assert (seat.is_head, seat.printed_name) == (True, "Nguyễn Văn An")


def test_numbers_run_without_a_gap_over_all_kinds(cast: Cast) -> None:
    numbers = []
    for _time in range(3):
        paper = start("document", cast)
        numbers.append(issue(adopt(paper, actor=cast.chi), actor=cast.chi).number)
        refused = adopt(start("document", cast), actor=cast.chi)
        with pytest.raises(issuing.Refusal):
            issue(refused, actor=cast.chi, expires_on=DAY)

    assert numbers == [1, 2, 3]
    assert all(after == before + 1 for before, after in pairwise(numbers))


def start(kind: str, cast: Cast, year: Any = None) -> Paper:
    return draft_regulation(year or cast.year, actor=cast.chi, kind=kind)


def test_a_number_from_the_head_units_book_is_typed_in_once(cast: Cast) -> None:
    typed = Numbering(symbol="QC-BQLKCN", number=12)
    first = issue(adopt(start("document", cast), actor=cast.chi), actor=cast.chi, numbering=typed)
    second = adopt(start("document", cast), actor=cast.chi)
    before = trace()

    with pytest.raises(NumberTaken):
        issue(second, actor=cast.chi, numbering=Numbering(symbol="qc-bqlkcn", number=12))

    assert (first.full_number, first.number_is_typed, current(second).state) == (
        "12/QC-BQLKCN",
        True,
        "adopted",
    )
    assert trace() == before


def test_only_an_adopted_paper_is_issued_and_only_by_the_secretariat(
    adopted: Paper, cast: Cast
) -> None:
    draft = start("point_scale", cast)

    with pytest.raises(NotNow):
        issue(draft, actor=cast.chi)
    with pytest.raises(PermissionDenied):
        issue(adopted, actor=cast.binh)

    assert (current(draft).state, current(adopted).state) == ("drafting", "adopted")


def test_without_a_leader_of_the_head_nothing_is_issued(adopted: Paper, cast: Cast) -> None:
    Post.objects.filter(kind="leader", board=cast.head).update(ends_on=dt.date(2019, 2, 1))
    before = trace()

    with pytest.raises(issuing.NobodySigns):
        issue(adopted, actor=fresh(cast.chi))

    assert (current(adopted).state, trace()) == ("adopted", before)


# --- Print and signature --------------------------------------------------------------------------


def signed(paper: Paper, cast: Cast) -> Paper:
    sign(paper, cast.head, actor=cast.an)
    return current(paper)


def test_the_head_signs_and_the_paper_is_complete_and_verifiable(
    adopted: Paper, cast: Cast
) -> None:
    enrol(cast.an)
    complete = signed(issue(adopted, actor=cast.chi), cast)

    content = files.read_content(complete.newest)
    assert (complete.state, verification.check_file(content).verdict.value) == (
        "complete",
        "complete",
    )
    text = text_of_pdf(content)
    for words in (
        "Số: 01/QC-KTĐ",
        "Đắk Lắk, ngày 04 tháng 5 năm 2019",
        "QUY CHẾ Tổ chức và hoạt động",
        "Điều 1. Phạm vi điều chỉnh",
        "Nơi nhận:",
        "- Lưu: VT.",
        "TM. KHỐI THI ĐUA KHỐI TRƯỞNG",
        "Nguyễn Văn An",
    ):
        assert words in text
    assert list(verification.faults()) == []


def test_points_tables_chapters_and_annexes_are_printed(cast: Cast) -> None:
    paper = start("fund_regulation", cast)
    drafting.add_article(
        paper,
        chapter="Chương II. Mức chi",
        heading="Mức chi",
        body="1. Mức chi:\nđ) Thăm hỏi;\n| Nội dung | Mức |\n| Vòng hoa | 500.000 |",
        actor=cast.chi,
    )
    drafting.add_article(paper, heading="Biểu mẫu", body="Mẫu.", part="annex", actor=cast.chi)

    issued = issue(adopt(paper, actor=cast.chi), actor=cast.chi)

    text = text_of_pdf(files.read_content(issued.newest))
    for words in (
        "CHƯƠNG II. MỨC CHI",
        "Điều 3. Mức chi",
        "đ) Thăm hỏi;",
        "Vòng hoa",
        "500.000",
        "PHỤ LỤC BIỂU MẪU (Kèm theo Quy chế tổ chức và hoạt động số 01/QC-KTĐ)",
    ):
        assert words in text


def test_an_attached_text_is_printed_behind_and_signed_with_the_paper(cast: Cast) -> None:
    paper = start("exchange_plan", cast)
    drafting.attach(paper, content=small_paper(), name="ke-hoach.pdf", actor=cast.chi)
    enrol(cast.an)

    complete = signed(issue(adopt(current(paper), actor=cast.chi), actor=cast.chi), cast)

    with pikepdf.open(BytesIO(files.read_content(complete.newest))) as document:
        assert len(document.pages) == complete.pages
    text = text_of_pdf(files.read_content(complete.newest))
    assert "đính kèm ở các trang sau" in text
    assert text.count(codes.grouped(complete.code or "")) == complete.pages
    assert list(verification.faults()) == []


# --- From when to when ----------------------------------------------------------------------------


def holding(cast: Cast, kind: str, day: dt.date, year: Any = None) -> Paper | None:
    found = validity.in_force(year or cast.year, kind, on=day)
    return found.paper if found else None


def completed(cast: Cast, kind: str, *, year: Any = None, **dates: Any) -> Paper:
    paper = adopt(start(kind, cast, year), actor=cast.chi)
    return signed(issue(paper, actor=cast.chi, **dates), cast)


def test_a_paper_holds_from_its_first_day_once_it_is_signed(adopted: Paper, cast: Cast) -> None:
    enrol(cast.an)
    issued = issue(adopted, actor=cast.chi)
    assert holding(cast, "operating_regulation", DAY) is None

    complete = signed(issued, cast)

    before = DAY - dt.timedelta(days=1)
    assert holding(cast, "operating_regulation", before) is None
    assert holding(cast, "operating_regulation", DAY) == complete
    found = validity.in_force(cast.year, "operating_regulation", on=DAY)
    assert found is not None
    assert found.version.content["title"] == "Quy chế tổ chức và hoạt động"


def test_a_new_paper_replaces_the_old_one_on_its_first_day(cast: Cast) -> None:
    enrol(cast.an)
    old = completed(cast, "operating_regulation")
    later = dt.date(2019, 9, 1)
    new = completed(cast, "operating_regulation", dated_on=later, effective_on=later)

    old = current(old)
    assert (old.replaced_by, old.expires_on) == (new, later)
    assert holding(cast, "operating_regulation", later - dt.timedelta(days=1)) == old
    assert holding(cast, "operating_regulation", later) == new


def test_a_regulation_lasts_into_later_years_and_a_scale_does_not(cast: Cast) -> None:
    enrol(cast.an)
    regulation = completed(cast, "operating_regulation")
    completed(cast, "point_scale")
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    day = dt.date(2020, 6, 1)

    assert holding(cast, "operating_regulation", day, year) == regulation
    assert holding(cast, "point_scale", day, year) is None


def test_free_documents_stand_beside_each_other(cast: Cast) -> None:
    enrol(cast.an)
    first, second = completed(cast, "document"), completed(cast, "document")

    assert (current(first).replaced_by, current(second).replaced_by) == (None, None)
    kinds = {kind.pk: papers for kind, papers in validity.kinds_in_force(cast.year, DAY)}
    assert kinds["document"] == [second, first]


def test_a_paper_is_withdrawn_with_its_reason_only(cast: Cast) -> None:
    enrol(cast.an)
    paper = completed(cast, "operating_regulation")
    later = dt.date(2019, 9, 1)

    with pytest.raises(ReasonMissing):
        validity.withdraw(paper, on=later, reason=" ", actor=cast.chi)
    with pytest.raises(PermissionDenied):
        validity.withdraw(paper, on=later, reason="Sai", actor=cast.em)
    validity.withdraw(paper, on=later, reason="Trái quy định mới.", actor=cast.chi)

    assert holding(cast, "operating_regulation", later) is None
    assert current(paper).withdrawn_reason == "Trái quy định mới."
    with pytest.raises(NotNow):
        validity.withdraw(paper, on=later, reason="Lần nữa", actor=cast.chi)


def test_an_adopted_paper_may_be_given_up_before_it_is_printed(adopted: Paper, cast: Cast) -> None:
    sealing.annul(adopted, reason="Không còn cần.", actor=cast.chi)

    assert current(adopted).state == "annulled"
    assert voting.faults() == list(verification.faults()) == []


def test_the_standard_kinds_are_there_and_keep_what_the_bloc_made_of_them(db: None) -> None:
    from covenants import kinds

    PaperKind.objects.filter(pk="point_scale").update(name="Thang điểm của Khối")
    kinds.install()

    assert list(PaperKind.objects.values_list("pk", flat=True)) == [
        "covenant",
        "operating_regulation",
        "point_scale",
        "fund_regulation",
        "exchange_plan",
        "document",
    ]
    assert PaperKind.objects.get(pk="point_scale").name == "Thang điểm của Khối"
