"""Starting a paper: blank, from the last of its kind, pasted, or with an attached file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from covenants.models import Paper
from covenants.papers import consultation
from tests.covenants.pages import as_, page, text_of
from tests.covenants.pages import url as in_year
from tests.lib.signed_papers import small_paper
from tests.people import Cast, adopt, draft_regulation, enrol, issue, sign

SCALE = {"kind": "point_scale", "title": "", "source": "blank"}


@pytest.fixture
def paper(cast: Cast) -> Paper:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


# --- Starting -------------------------------------------------------------------------------------


def test_a_paper_is_started_blank_under_the_name_of_its_kind(cast: Cast) -> None:
    response = as_(cast.chi).post(in_year("new_paper"), SCALE)

    paper = Paper.objects.get(kind="point_scale")
    assert response["Location"] == page(paper, "workshop")
    assert paper.title == "Quy định thang điểm chuẩn"


def test_of_a_kind_of_several_each_needs_a_name_of_its_own(cast: Cast) -> None:
    response = as_(cast.chi).post(in_year("new_paper"), SCALE | {"kind": "document"})

    assert (response.status_code, Paper.objects.count()) == (422, 0)
    shown = text_of(response)
    assert "Cần ghi tên gọi" in shown
    assert "Văn bản khác (Thông báo, …/TB)" in shown


@pytest.mark.parametrize(("source", "name"), [("pasted", "paste"), ("file", "attachment")])
def test_the_start_leads_to_where_the_text_comes_from(cast: Cast, source: str, name: str) -> None:
    response = as_(cast.chi).post(in_year("new_paper"), SCALE | {"source": source})

    assert response["Location"] == page(Paper.objects.get(kind="point_scale"), name)


def test_a_second_one_of_a_single_kind_is_refused_and_what_was_typed_kept(
    paper: Paper, cast: Cast
) -> None:
    typed = {"kind": "operating_regulation", "title": "Quy chế mới", "source": "last"}
    response = as_(cast.chi).post(in_year("new_paper"), typed)

    assert response.status_code == 422
    assert "đang được soạn" in text_of(response)
    assert "Quy chế mới" in response.content.decode()
    assert Paper.objects.filter(kind="operating_regulation").count() == 1


def test_a_paper_starts_from_the_last_of_its_kind(paper: Paper, cast: Cast) -> None:
    enrol(cast.an)
    adopted = adopt(draft_regulation(cast.year, actor=cast.chi, kind="document"), actor=cast.chi)
    issued = issue(adopted, actor=cast.chi)
    sign(issued, cast.head, actor=cast.an)

    as_(cast.chi).post(in_year("new_paper"), {"kind": "document", "title": "Mới", "source": "last"})

    new = Paper.objects.get(title="Mới")
    assert list(new.articles.values_list("heading", flat=True)) == [
        "Phạm vi điều chỉnh",
        "Nguyên tắc hoạt động",
    ]


# --- Text from outside ----------------------------------------------------------------------------


def test_a_pasted_text_is_shown_before_anything_is_saved(paper: Paper, cast: Cast) -> None:
    html = "<p>Điều 1. Mới<script>alert(1)</script></p><p>a) Một;</p>"
    shown = as_(cast.chi).post(page(paper, "paste"), {"html": html, "text": "Điều 1. Mới"})
    assert paper.articles.count() == 2
    assert "alert" not in shown.content.decode()

    cleaned = shown.context["cleaned"]
    taken = as_(cast.chi).post(page(paper, "paste"), {"text": cleaned, "act": "take"})

    assert taken.status_code == 302
    last = paper.articles.last()
    assert last is not None
    assert (last.heading, last.body) == ("Mới", "a) Một;")


def test_five_megabytes_of_styles_are_taken_and_dropped(paper: Paper, cast: Cast) -> None:
    styles = "<style>" + "p.MsoNormal {margin:0cm}\n" * 220_000 + "</style>"
    response = as_(cast.chi).post(page(paper, "paste"), {"html": styles + "<p>Điều 1. Mới</p>"})

    assert len(styles) > 5_000_000
    assert response.context["cleaned"] == "Điều 1. Mới"


def test_a_pasted_text_without_articles_says_what_is_missing(paper: Paper, cast: Cast) -> None:
    response = as_(cast.chi).post(page(paper, "paste"), {"text": "Không có gì", "act": "take"})

    assert "Không tìm được điều nào" in text_of(response)
    assert paper.articles.count() == 2


def test_a_part_too_long_to_be_written_on_is_not_taken(paper: Paper, cast: Cast) -> None:
    text = "Điều 1. Dài\n" + "chữ " * 6_000
    response = as_(cast.chi).post(page(paper, "paste"), {"text": text, "act": "take"})

    assert (response.status_code, paper.articles.count()) == (422, 2)
    assert "“Dài” dài hơn 20.000 ký tự" in text_of(response)


def test_a_pdf_is_attached_and_taken_out_again(paper: Paper, cast: Cast) -> None:
    client = as_(cast.chi)
    file = SimpleUploadedFile("ke-hoach.pdf", small_paper(), content_type="application/pdf")

    client.post(page(paper, "attachment"), {"file": file})
    attached = Paper.objects.get(pk=paper.pk)
    client.post(page(paper, "attachment"), {"act": "detach"})

    assert attached.attachment_name == "ke-hoach.pdf"
    assert Paper.objects.get(pk=paper.pk).attachment is None


def test_what_is_no_pdf_is_not_attached(paper: Paper, cast: Cast) -> None:
    file = SimpleUploadedFile("x.pdf", b"MZ", content_type="application/pdf")
    response = as_(cast.chi).post(page(paper, "attachment"), {"file": file})

    assert (response.status_code, Paper.objects.get(pk=paper.pk).attachment) == (422, None)


def test_an_annex_is_added_and_printed_as_one(paper: Paper, cast: Cast) -> None:
    as_(cast.chi).post(
        page(paper, "add_article"), {"heading": "Biểu mẫu", "body": "x", "part": "annex"}
    )

    assert "Phụ lục. Biểu mẫu" in text_of(as_(cast.em).get(page(paper, "paper")))
