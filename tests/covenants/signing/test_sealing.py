import io
import zipfile

import pytest
from django.core.exceptions import PermissionDenied

from covenants.models import Paper, Party, Version
from covenants.papers import bases, consultation, dossier, drafting, targets
from covenants.signing import sealing
from emulation_bloc.lib.refusal import Refusal
from members.models import OutboxMessage, Post
from members.records import files
from tests.covenants.outside_tools import text_of_pdf
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, draft_covenant, enrol, seal_covenant, sign
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    paper = draft_covenant(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def refused(paper: Paper, cast: Cast) -> list[str]:
    with nothing_changes(), pytest.raises(sealing.NotReady) as refusal:
        sealing.seal(paper, actor=cast.chi)
    return refusal.value.obstacles


def test_sealing_freezes_the_text_and_opens_a_seat_per_board(cast: Cast, paper: Paper) -> None:
    sealed = sealing.seal(paper, actor=cast.chi)
    parties = Party.objects.filter(paper=sealed).values_list("printed_name", "is_head")
    assert list(parties) == [("Nguyễn Văn An", True), ("Trần Thanh Bình", False)]
    assert (sealed.state, sealed.document, len(sealed.code)) == ("signing", sealed.sealed_file, 12)
    assert files.read_content(sealed.document).startswith(b"%PDF")
    assert Version.objects.get(occasion="sealing").number == 2
    assert acts()[-1] == "covenants.sealed"
    invited = OutboxMessage.objects.filter(key__startswith="covenants.invited").order_by(
        "recipient"
    )
    assert [mail.recipient for mail in invited] == ["an@example.vn", "binh@example.vn"]


def test_the_printed_annex_gives_full_names(cast: Cast, paper: Paper) -> None:
    text = " ".join(
        text_of_pdf(files.read_content(sealing.seal(paper, actor=cast.chi).document)).split()
    )
    assert "1 Ban Quản lý Khu kinh tế tỉnh Đắk Lắk 100" in text
    assert "BQL" not in text


def test_an_unanswered_comment_keeps_the_paper_open(cast: Cast, paper: Paper) -> None:
    consultation.comment(paper, article=None, text="Xin bàn thêm.", actor=cast.em)
    assert refused(paper, cast) == ["Còn 1 góp ý chưa được trả lời."]


def test_an_empty_target_keeps_the_paper_open(cast: Cast, paper: Paper) -> None:
    targets.add_indicator(paper, title="Vốn", unit="tỷ đồng", actor=cast.chi)
    assert refused(paper, cast) == ["Còn 2 ô chỉ tiêu trong phụ lục để trống."]


def test_a_paper_without_a_legal_basis_stays_open(cast: Cast, paper: Paper) -> None:
    bases.cite(paper, references=[], actor=cast.chi)
    assert refused(paper, cast) == ["Văn bản chưa có căn cứ pháp lý."]


def test_another_year_in_the_text_is_told_and_keeps_nothing_open(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    drafting.save_article(
        article, heading="Tổng kết", body="So với năm 2018 và năm 2019.", revision=0, actor=cast.chi
    )
    paper = drafting.save_header(
        paper, values={"terms": "Hết năm 2020."}, revision=1, actor=cast.chi
    )
    doubts = {check.part: check.doubts for check in sealing.checks(paper) if check.doubts}
    assert doubts == {"text": ["“Tổng kết” ghi năm 2018.", "“Điều khoản thực hiện” ghi năm 2020."]}
    assert sealing.seal(paper, actor=cast.chi).state == "signing"


@pytest.mark.parametrize(("field", "value"), [("place", ""), ("dated_on", None), ("title", " ")])
def test_a_missing_heading_keeps_the_paper_open(
    cast: Cast, paper: Paper, field: str, value: str | None
) -> None:
    drafting.save_header(paper, values={field: value}, revision=1, actor=cast.chi)
    assert refused(paper, cast) == ["Văn bản còn thiếu tên gọi, địa danh hoặc ngày."]


def test_an_article_without_text_keeps_the_paper_open(cast: Cast, paper: Paper) -> None:
    drafting.add_article(paper, heading="Thu hút", body=" ", actor=cast.chi)
    assert refused(paper, cast) == ["Chưa có nội dung ở: Thu hút."]


def test_a_paper_without_articles_stays_open(cast: Cast, paper: Paper) -> None:
    drafting.remove_article(paper.articles.get(), actor=cast.chi)
    assert refused(paper, cast) == ["Văn bản chưa có điều nào."]


def test_a_board_without_a_leader_keeps_the_paper_open(cast: Cast, paper: Paper) -> None:
    Post.objects.filter(person=cast.binh.person).delete()
    assert refused(paper, cast) == ["BQL KKT Bình Định chưa có lãnh đạo để ký."]


def test_checks_name_the_part_in_which_the_fault_is(cast: Cast, paper: Paper) -> None:
    consultation.comment(paper, article=None, text="Xin bàn thêm.", actor=cast.em)
    assert [check.part for check in sealing.checks(paper) if check.faults] == ["comments"]


@pytest.mark.parametrize("name", ["binh", "em", "dung", "khach", "ngoai"])
def test_only_the_secretariat_seals_and_annuls(cast: Cast, paper: Paper, name: str) -> None:
    actor = getattr(cast, name)
    with nothing_changes(), pytest.raises(PermissionDenied):
        sealing.seal(paper, actor=actor)
    sealing.seal(paper, actor=cast.chi)
    with nothing_changes(), pytest.raises(PermissionDenied):
        sealing.annul(paper, reason="x", actor=actor)


def test_a_covenant_is_annulled_with_its_reason(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    with nothing_changes(), pytest.raises(Refusal):
        sealing.annul(paper, reason=" ", actor=cast.chi)
    sealing.annul(paper, reason="Sai tên đơn vị", actor=cast.chi)
    assert (Paper.objects.get().state, acts()[-1]) == ("annulled", "covenants.annulled")
    told = OutboxMessage.objects.filter(key__startswith="covenants.annulled")
    assert sorted(told.values_list("recipient", flat=True)) == [
        f"{name}@example.vn" for name in ("an", "binh", "chi", "dung", "em", "hoa")
    ]
    assert "Lý do: Sai tên đơn vị" in told[0].body


# --- Dossier ------------------------------------------------------------------------------------


def complete(cast: Cast) -> Paper:
    paper = seal_covenant(cast.year, actor=cast.chi)
    for leader, board in ((cast.an, cast.head), (cast.binh, cast.board)):
        enrol(leader)
        sign(paper, board, actor=leader)
    return Paper.objects.get()


def names(content: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_the_dossier_holds_the_signed_paper_and_its_certificate(cast: Cast) -> None:
    paper = complete(cast)
    content = dossier.dossier(paper)
    assert names(content) == [
        "giao-uoc-2019-tay-nguyen.pdf",
        "giay-chung-nhan-hoan-tat-2019-tay-nguyen.pdf",
    ]
    assert zipfile.ZipFile(io.BytesIO(content)).read(names(content)[0]) == files.read_content(
        paper.document
    )
    assert dossier.dossier(paper) == content


def test_several_dossiers_lie_in_folders(cast: Cast) -> None:
    folder = "giao-uoc-2019-tay-nguyen/"
    assert [name.startswith(folder) for name in names(dossier.dossiers([complete(cast)]))] == [
        True,
        True,
    ]


def test_there_is_no_dossier_before_the_last_signature(cast: Cast) -> None:
    with pytest.raises(dossier.NotComplete):
        dossier.dossier(seal_covenant(cast.year, actor=cast.chi))


def test_there_is_no_document_before_sealing(cast: Cast, paper: Paper) -> None:
    with pytest.raises(dossier.NotComplete):
        dossier.documents([paper])
