"""The public verification of papers of record, of which the minutes of a vote are one."""

from io import BytesIO

import pikepdf
import pytest

from covenants.models import Voting
from covenants.signing import verification
from covenants.signing.findings import Change, Verdict
from members.models import Bloc, PaperOfRecord
from members.records import codes, files, printed
from tests.covenants.outside_tools import text_of_pdf
from tests.covenants.pages import text_of
from tests.covenants.signing.test_verify_pages import check, heading, look_up
from tests.covenants.traces import nothing_changes
from tests.lib.test_pades_inspection import appended, change_title, draw_over, flipped
from tests.people import Cast, adopt, draft_regulation


@pytest.fixture
def record(cast: Cast) -> PaperOfRecord:
    adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)
    minutes = Voting.objects.get().minutes
    assert minutes is not None
    return minutes


def saved_anew(content: bytes) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        document.save(output)
    return output.getvalue()


def test_the_minutes_print_the_code_by_which_they_are_verified(record: PaperOfRecord) -> None:
    assert codes.grouped(record.code) in text_of_pdf(printed.read_content(record))


def test_an_unchanged_paper_is_recognised_by_its_bytes(record: PaperOfRecord) -> None:
    with nothing_changes():
        finding = verification.check_file(printed.read_content(record))

    assert (finding.verdict, finding.record, finding.faults) == (Verdict.RECORD, record, ())
    assert finding.is_unchanged


def test_every_change_is_told_from_the_untouched_paper(record: PaperOfRecord) -> None:
    issued = printed.read_content(record)
    changed = {
        "a title changed in a new revision": appended(issued, change_title),
        "a drawing laid over it": appended(issued, draw_over),
        "junk after the end": issued + b"junk",
        "cut": issued[:-500],
        "a byte flipped": flipped(issued, 4000),
        "saved anew": saved_anew(issued),
    }

    found = {name: verification.check_file(content) for name, content in changed.items()}

    assert {one.record for one in found.values()} == {record}
    assert {name: (one.verdict, one.change) for name, one in found.items()} == {
        "a title changed in a new revision": (Verdict.CHANGED, Change.ADDED),
        "a drawing laid over it": (Verdict.CHANGED, Change.ADDED),
        "junk after the end": (Verdict.CHANGED, Change.ADDED),
        "cut": (Verdict.CHANGED, Change.CUT),
        "a byte flipped": (Verdict.CHANGED, Change.ALTERED),
        "saved anew": (Verdict.CHANGED, Change.REWRITTEN),
    }


def test_the_page_says_what_it_is_of_whom_and_when_it_was_printed(record: PaperOfRecord) -> None:
    for answer in (check(printed.read_content(record)), look_up(record.code.lower())):
        text = text_of(answer)
        wanted = [
            "Biên bản biểu quyết thông qua Quy chế tổ chức và hoạt động",
            "Khối thi đua tay-nguyen",
            "2019",
            codes.grouped(record.code),
            record.file.sha256[:4].upper(),
        ]
        assert heading(answer) == "Văn bản nguyên vẹn như khi cổng lập"
        assert [words for words in wanted if words not in text] == []


def test_the_page_tells_a_changed_copy_and_where_the_true_one_is(record: PaperOfRecord) -> None:
    answer = check(printed.read_content(record) + b"x")

    assert heading(answer) == "Tệp đã bị thay đổi, không phải bản cổng phát hành"
    assert f"/xac-minh/{record.code}/" in answer.content.decode()


def test_a_damaged_stored_paper_is_not_called_unchanged(record: PaperOfRecord) -> None:
    files.path_of(record.file.sha256).write_bytes(b"%PDF-1.7")

    assert heading(look_up(record.code)) == "Bản lưu của văn bản này tại cổng bị hỏng"


def test_a_sample_paper_says_that_it_is(record: PaperOfRecord) -> None:
    Bloc.objects.update(is_sample=True)
    assert "Dữ liệu mẫu" in text_of(look_up(record.code))


def test_stored_papers_are_sound(record: PaperOfRecord) -> None:
    assert list(verification.faults()) == []


def test_a_stored_paper_that_the_portal_did_not_sign_is_a_fault(cast: Cast) -> None:
    file = files.store(b"%PDF-1.7", media_type="application/pdf")
    values = {"sort": "tests.x", "about": "x:1", "title": "X", "code": "0" * 12}
    PaperOfRecord.objects.create(
        **values, bloc_year=cast.year, file=file, printed_at=cast.an.date_joined
    )

    assert [fault.split(":")[0] for fault in verification.faults()] == ["paper 000000000000"] * 2
