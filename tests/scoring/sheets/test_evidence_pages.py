"""Evidence: uploaded as checked documents, and read only by those concerned."""

from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from PIL import Image

from emulation_bloc.lib import xlsx
from members.models import User
from members.records import files
from members.records.attachments import EVIDENCE_BYTES
from scoring.models import Evidence, Sheet
from scoring.sheets import filling
from tests.covenants.pages import as_, text_of
from tests.covenants.pictures_drawn import drawn
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, make_board, make_leader
from tests.scoring.scales import line_of, submitted
from tests.scoring.years import PDF, Stage, open_stage, published_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(open_stage)


def url(name: str, *args: Any) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", 2018, *args])


@pytest.fixture
def sheet(stage: Stage) -> Sheet:
    return stage.sheet(stage.third)


def hand_in(
    sheet: Sheet, user: User, *codes: str, content: bytes, name: str, field: str = "file"
) -> HttpResponse:
    data = {
        field: SimpleUploadedFile(name, content),
        "lines": [str(line_of(sheet, code).pk) for code in codes],
    }
    return as_(user).post(url("add_evidence", sheet.pk), data)


def kept(sheet: Sheet, content: bytes = PDF, code: str = "I.1", *, actor: User) -> Evidence:
    return filling.add_evidence(
        sheet,
        lines=[line_of(sheet, code)],
        content=content,
        media_type="application/pdf",
        name="bao-cao-mat.pdf",
        actor=actor,
    )


def scripted() -> bytes:
    """A PDF that runs a script when it is opened."""
    output = BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        document.Root.OpenAction = script
        document.save(output)
    return output.getvalue()


def workbook() -> bytes:
    return xlsx.table("Số liệu", ["Tháng", "Dự án"], [["1", Decimal(3)]])


# --- Handing in -----------------------------------------------------------------------------------


def test_one_file_is_handed_in_for_several_lines(stage: Stage, sheet: Sheet) -> None:
    paper = small_paper()
    response = hand_in(sheet, stage.giang, "I.1", "I.2", content=paper, name="Báo cáo năm.PDF")

    one = sheet.evidence.get()
    assert response["Location"] == f"{url('sheet', sheet.pk)}#line-{line_of(sheet, 'I.1').pk}"
    assert (one.name, one.added_by, files.read_content(one.file)) == (
        "Báo cáo năm.pdf",
        stage.giang,
        paper,
    )
    assert sorted(line.criterion.code for line in one.lines.all()) == ["I.1", "I.2"]
    assert "Báo cáo năm.pdf" in text_of(as_(stage.giang).get(url("sheet", sheet.pk)))


def test_a_photograph_is_named_by_its_line_and_loses_where_it_was_taken(
    stage: Stage, sheet: Sheet
) -> None:
    place = Image.Exif()
    place[0x010F] = "Máy ảnh"
    output = BytesIO()
    Image.open(BytesIO(drawn("JPEG"))).save(output, "JPEG", exif=place)

    hand_in(sheet, stage.giang, "I.2", content=output.getvalue(), name="IMG_1.jpg", field="photo")

    one = sheet.evidence.get()
    assert (one.name[:8], one.name[-4:]) == ("Ảnh I.2 ", ".jpg")
    assert len(Image.open(BytesIO(files.read_content(one.file))).getexif()) == 0


def test_a_workbook_is_handed_out_and_never_shown_in_place(stage: Stage, sheet: Sheet) -> None:
    hand_in(sheet, stage.giang, "I.1", content=workbook(), name="so-lieu.xlsx")
    hand_in(sheet, stage.giang, "I.1", content=small_paper(), name="bao-cao.pdf")

    sent = {
        one.name: as_(stage.giang).get(url("evidence", sheet.pk, one.pk))["Content-Disposition"]
        for one in sheet.evidence.all()
    }
    assert {name: how.partition(";")[0] for name, how in sent.items()} == {
        "so-lieu.xlsx": "attachment",
        "bao-cao.pdf": "inline",
    }


@pytest.mark.parametrize(
    ("name", "made", "why"),
    [
        ("bao-cao.pdf", scripted, "chứa mã chạy tự động"),
        ("bao-cao.jpg", small_paper, "không đúng với đuôi tên tệp"),
        ("anh.pdf", drawn, "không đúng với đuôi tên tệp"),
        ("so-lieu.pdf", workbook, "không đúng với đuôi tên tệp"),
        ("bao-cao.docx", lambda: b"PK\x03\x04 word", "Tệp này bị hỏng"),
        ("anh.heic", lambda: b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
        ("trang.html", lambda: b"<script>alert(1)</script>", "không phải là PDF"),
        ("rong.pdf", lambda: b"", "Tệp này trống"),
        ("lon.pdf", lambda: b"%PDF-1.7" + b"0" * EVIDENCE_BYTES, "20 MB"),
    ],
)
def test_what_is_no_plain_document_is_refused_in_a_sentence(
    stage: Stage, sheet: Sheet, name: str, made: Any, why: str
) -> None:
    with nothing_changes():
        response = hand_in(sheet, stage.giang, "I.1", content=made(), name=name)
    [sentence] = response.context["form"].errors["file"]
    assert (response.status_code, why in sentence) == (422, True), sentence
    assert sentence in text_of(response)


def test_without_a_file_or_a_line_nothing_is_handed_in(stage: Stage, sheet: Sheet) -> None:
    page, line = url("add_evidence", sheet.pk), str(line_of(sheet, "I.1").pk)
    foreign = str(stage.line(stage.cast.board, "I.1").pk)
    file = small_paper()
    for data, field in (
        ({"lines": [line]}, "file"),
        ({"file": SimpleUploadedFile("a.pdf", file)}, "lines"),
        ({"file": SimpleUploadedFile("a.pdf", file), "lines": [line, foreign]}, "lines"),
    ):
        with nothing_changes():
            response = as_(stage.giang).post(page, data)
        assert (response.status_code, list(response.context["form"].errors)) == (422, [field])


def test_a_file_of_the_sheet_is_used_for_another_line_and_taken_from_one(
    stage: Stage, sheet: Sheet
) -> None:
    one = kept(sheet, actor=stage.giang)
    old, new = line_of(sheet, "I.1"), line_of(sheet, "II.2")
    foreign = stage.line(stage.cast.board, "II.2")
    client = as_(stage.giang)

    client.post(url("use_evidence", sheet.pk, one.pk), {"line": new.pk})
    client.post(url("drop_evidence", sheet.pk, one.pk), {"line": old.pk})
    for wrong in (foreign.pk, "", "x", "9" * 30):
        with nothing_changes():
            response = client.post(url("use_evidence", sheet.pk, one.pk), {"line": wrong})
        assert response.status_code == 404

    assert list(one.lines.all()) == [new]


# --- Who reads it ---------------------------------------------------------------------------------


def statuses(page: str, *users: User) -> list[int]:
    return [as_(user).get(page).status_code for user in users]


def test_before_publication_the_board_and_its_appraisers_read_it_and_nobody_else(
    stage: Stage, sheet: Sheet
) -> None:
    cast = stage.cast
    one = kept(sheet, actor=stage.giang)
    heads = kept(stage.sheet(cast.head), actor=cast.chi, content=b"%PDF-1.7 head")
    deputys = kept(stage.sheet(cast.board), actor=cast.em, content=b"%PDF-1.7 deputy")
    outsider = make_leader(make_board("KHO"), "ngoaikhoi")
    people = (stage.giang, cast.chi, cast.binh, cast.hoa, cast.khach, cast.ngoai, outsider)

    found = [
        statuses(url("evidence", each.sheet_id, each.pk), *people) for each in (one, heads, deputys)
    ]

    #          giang chi  binh hoa  khach ngoai outsider
    assert found == [
        [200, 200, 200, 404, 404, 404, 404],
        [404, 200, 200, 200, 404, 404, 404],
        [404, 200, 200, 404, 404, 404, 404],
    ]
    mixed = url("evidence", sheet.pk, heads.pk)
    assert statuses(mixed, stage.giang, cast.chi) == [404, 404]


def test_no_export_of_the_year_hands_it_out_before_publication(stage: Stage) -> None:
    """To a board none of the year's papers and workbooks, and nothing of another sheet."""
    foreign = submitted(stage.sheet(stage.cast.board), actor=stage.cast.binh)
    kept_line = line_of(foreign, "I.1").pk
    exports = {
        url("sheet_excel", foreign.pk): 404,
        url("sheet_paper", foreign.pk): 404,
        url("line", foreign.pk, kept_line): 404,
        url("appraisal_minutes"): 403,
        url("appraisal_minutes") + "?xuat=excel": 403,
        url("summary_paper"): 403,
        url("comparison_paper"): 403,
        url("comparison") + "?xuat=excel": 403,
        url("ranking") + "?xuat=excel": 403,
        url("board_result", foreign.pk): 404,
    }
    client = as_(stage.giang)
    assert {page: client.get(page).status_code for page in exports} == exports


@pytest.mark.parametrize(("openness", "status"), [("points", 404), ("all", 200)])
def test_after_publication_the_scale_says_whether_other_boards_read_it(
    cast: Cast, openness: str, status: int
) -> None:
    stage = published_stage(cast, openness=openness)
    sheet = stage.sheet(cast.board)
    one = sheet.evidence.get()
    page = url("evidence", sheet.pk, one.pk)
    assert statuses(page, stage.giang, cast.em, cast.ngoai) == [status, 200, 404]
    assert statuses(url("sheet_excel", sheet.pk), stage.giang) == [status]
