"""The pages of the legal register: list, document, new document."""

import datetime as dt
import io
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from covenants.models import LegalReference, Paper
from covenants.papers import bases, drafting
from members.models.people import PostKind
from members.records import files
from tests.covenants.pages import as_, text_of, url
from tests.covenants.traces import acts, nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, draft_covenant, fresh, give_post, join, make_law, make_year

TYPED = {
    "kind": "Nghị định",
    "number": "1/2019/NĐ-CP",
    "issuer": "Chính phủ",
    "subject": "Quy định mới",
    "issued_on": "01/02/2019",
}


@pytest.fixture
def laws(db: None) -> dict[str, LegalReference]:
    """An expired decree, the decree that replaced it, and a law of the future."""
    values = {"kind": "Nghị định", "issuer": "Chính phủ"}
    new = make_law("98/2023", issued_on=dt.date(2023, 12, 31), subject="Chi tiết", **values)
    old = make_law(
        "91/2017",
        issued_on=dt.date(2017, 7, 31),
        expired_on=dt.date(2024, 1, 1),
        replaced_by=new,
        subject="Khen thưởng",
        is_second_hand=True,
        **values,
    )
    future = make_law("1/2090", issued_on=dt.date(2090, 1, 1))
    return {"old": old, "new": new, "future": future}


def listed(client: Client, **query: str) -> list[str]:
    return [row.law.number for row in client.get(url("laws"), query).context["page"]]


# --- List ---------------------------------------------------------------------------------------


def test_the_newest_stand_first_with_their_state_as_a_word(
    cast: Cast, laws: dict[str, LegalReference]
) -> None:
    page = as_(cast.binh).get(url("laws"))
    shown = text_of(page)
    assert [row.law.number for row in page.context["page"]] == ["1/2090", "98/2023", "91/2017"]
    assert "Hết hiệu lực Được thay thế bằng Nghị định 98/2023." in shown
    assert ("Chưa có hiệu lực" in shown, "theo nguồn thứ cấp" in shown) == (True, True)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "khen thuong"}, ["1/2090", "91/2017"]),
        ({"q": "KHEN THƯỞNG chính"}, ["91/2017"]),
        ({"kind": "Luật"}, ["1/2090"]),
        ({"kind": "Chỉ thị"}, ["1/2090", "98/2023", "91/2017"]),
        ({"day": "04/05/2019"}, ["91/2017"]),
        ({"day": "01/01/2024"}, ["98/2023"]),
        ({"day": "hôm nay"}, ["1/2090", "98/2023", "91/2017"]),
        ({"sort": "document"}, ["1/2090", "91/2017", "98/2023"]),
        ({"sort": "issuer"}, ["91/2017", "98/2023", "1/2090"]),
        ({"sort": "effective"}, ["1/2090", "98/2023", "91/2017"]),
        ({"sort": "expired"}, ["91/2017", "98/2023", "1/2090"]),
        ({"sort": "x"}, ["1/2090", "98/2023", "91/2017"]),
    ],
)
def test_the_list_is_filtered_and_sorted(
    cast: Cast, laws: dict[str, LegalReference], query: dict[str, str], found: list[str]
) -> None:
    assert sorted(listed(as_(cast.khach), **query)) == sorted(found)
    if query.get("sort") != "expired":
        assert listed(as_(cast.khach), **query) == found


def test_on_a_chosen_day_the_state_is_that_of_the_day(
    cast: Cast, laws: dict[str, LegalReference]
) -> None:
    shown = text_of(as_(cast.binh).get(url("laws"), {"day": "04/05/2019"}))
    assert ("tính đến ngày 04/05/2019" in shown, "Đang hiệu lực" in shown) == (True, True)


def test_the_list_is_paged(cast: Cast) -> None:
    for n in range(51):
        make_law(f"{n}/2018")
    client = as_(cast.binh)
    assert (len(listed(client)), len(listed(client, page="2"))) == (50, 1)


def test_what_is_listed_is_exported(cast: Cast, laws: dict[str, LegalReference]) -> None:
    response = as_(cast.binh).get(url("laws"), {"xuat": "excel", "kind": "Nghị định"})
    rows = list(openpyxl.load_workbook(io.BytesIO(response.content)).active.values)
    exported = [(row[1], row[7], row[8]) for row in rows if row[0] == "Nghị định"]
    assert exported == [
        ("98/2023", "Đang hiệu lực", None),
        ("91/2017", "Hết hiệu lực", "Nghị định 98/2023"),
    ]


def test_an_empty_register_and_an_empty_search_say_what_to_do(cast: Cast) -> None:
    client = as_(cast.binh)
    assert "Danh mục chưa có văn bản" in text_of(client.get(url("laws")))
    assert "Không có văn bản phù hợp" in text_of(client.get(url("laws"), {"q": "x"}))


# --- Document -----------------------------------------------------------------------------------


def test_a_document_shows_its_chain_and_its_amendments(
    cast: Cast, laws: dict[str, LegalReference]
) -> None:
    laws["future"].amends.add(laws["new"])
    older = make_law("42/2010", issued_on=dt.date(2010, 4, 15), replaced_by=laws["old"])
    page = as_(cast.binh).get(url("law", laws["new"].pk))
    assert [one for one, _standing in page.context["chain"]] == [older, laws["old"], laws["new"]]
    assert list(page.context["amended_by"]) == [laws["future"]]
    assert "Được sửa đổi, bổ sung bởi Luật 1/2090" in text_of(page)


def test_papers_that_cite_it_are_named_with_its_state_on_their_date(
    cast: Cast, laws: dict[str, LegalReference]
) -> None:
    for year, dated in ((2019, dt.date(2019, 5, 4)), (2024, dt.date(2024, 5, 4))):
        bloc_year = cast.year if year == 2019 else next_year(cast, year)
        paper = draft_covenant(bloc_year, actor=fresh(cast.chi))
        bases.cite(paper, references=[laws["old"]], actor=cast.chi)
        Paper.objects.filter(pk=paper.pk).update(dated_on=dated)
    page = as_(cast.binh).get(url("law", laws["old"].pk))
    rows = [(r.paper.bloc_year.year, r.citation.warning) for r in page.context["citing"]]
    assert rows == [
        (2024, "Hết hiệu lực ngày 01/01/2024. Đã được thay thế bằng Nghị định 98/2023."),
        (2019, ""),
    ]


def next_year(cast: Cast, year: int) -> Any:
    made = make_year(cast.bloc, year)
    join(made, cast.head, role="head")
    join(made, cast.board)
    return made


def test_papers_of_a_foreign_bloc_are_not_named(cast: Cast, paper: Paper) -> None:
    law = paper.references.get()
    give_post(cast.ngoai, PostKind.OFFICER, board=cast.foreign_board)
    foreign = draft_covenant(cast.foreign_year, actor=fresh(cast.ngoai))
    assert list(foreign.references.all()) == [law]
    shown = as_(cast.binh).get(url("law", law.pk)).context["citing"]
    assert [row.paper for row in shown] == [paper]


def test_an_unknown_number_is_not_found(cast: Cast) -> None:
    assert as_(cast.binh).get(url("law", 999)).status_code == 404


def test_its_text_is_handed_out_as_an_attachment(cast: Cast) -> None:
    law = make_law(file=files.store(b"%PDF-1.7", media_type="application/pdf"))
    response = as_(cast.khach).get(url("law_file", law.pk))
    assert (response.content, response["X-Content-Type-Options"]) == (b"%PDF-1.7", "nosniff")
    assert response["Content-Disposition"].startswith("attachment;")


def test_without_a_text_nothing_is_handed_out(cast: Cast) -> None:
    assert as_(cast.binh).get(url("law_file", make_law().pk)).status_code == 404


# --- New document -------------------------------------------------------------------------------


def test_a_document_is_added_with_its_text_and_its_links(
    cast: Cast, laws: dict[str, LegalReference]
) -> None:
    pdf = SimpleUploadedFile("nd.pdf", small_paper(), content_type="application/pdf")
    typed = {**TYPED, "number": "1/2024/NĐ-CP", "issued_on": "01/02/2024"}
    typed |= {"replaces": "98/2023\n\n 98/2023 ", "amends": "91/2017", "link": "vbpl.vn/1"}
    response = as_(cast.chi).post(url("new_law"), {**typed, "text": pdf})
    law = LegalReference.objects.get(number="1/2024/NĐ-CP")
    assert response["Location"] == url("law", law.pk)
    assert (law.link, law.file.media_type) == ("https://vbpl.vn/1", "application/pdf")
    assert ([*law.replaces.all()], [*law.amends.all()]) == ([laws["new"]], [laws["old"]])


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"number": ""}, "Số, ký hiệu"),
        ({"issued_on": "31/02/2019"}, "ngày"),
        ({"effective_on": "01/01/2019"}, "Văn bản không thể có hiệu lực trước ngày ban hành."),
        ({"replaces": "7/1999\n8/1999"}, "Không có trong danh mục: 7/1999; 8/1999."),
        ({"replaces": "91/2017"}, "đã được thay thế bằng Nghị định 98/2023"),
        ({"number": "98/2023"}, "Văn bản này đã có trong danh mục."),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_is_kept(
    cast: Cast, laws: dict[str, LegalReference], typed: dict[str, str], sentence: str
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("new_law"), {**TYPED, **typed})
    assert (response.status_code, sentence in text_of(response)) == (422, True)
    assert "Quy định mới" in text_of(response)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"MZ not a paper", "Tệp này không đọc được như một tệp PDF."),
        (small_paper() + b"MZ more", "còn nội dung thêm vào"),
        (b"%PDF-" + b"0" * (11 * 1024 * 1024), "Tệp PDF này lớn hơn 10 MB."),
    ],
)
def test_a_file_that_is_no_plain_pdf_is_refused(cast: Cast, content: bytes, sentence: str) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(
            url("new_law"), {**TYPED, "text": SimpleUploadedFile("nd.pdf", content)}
        )
    assert (response.status_code, sentence in text_of(response)) == (422, True)


def test_others_are_offered_no_button(cast: Cast) -> None:
    assert "Thêm văn bản" in text_of(as_(cast.chi).get(url("laws")))
    assert "Thêm văn bản" not in text_of(as_(cast.binh).get(url("laws")))


# --- Warnings -----------------------------------------------------------------------------------


@pytest.mark.parametrize("back", ["bases", "seal"])
def test_one_press_cites_what_replaced_an_expired_basis(
    cast: Cast, paper: Paper, laws: dict[str, LegalReference], back: str
) -> None:
    bases.cite(paper, references=[laws["old"]], actor=cast.chi)
    drafting.save_header(
        paper, values={"dated_on": dt.date(2024, 5, 4)}, revision=1, actor=cast.chi
    )
    client = as_(cast.chi)
    page = text_of(client.get(url(back)))
    assert "Đã được thay thế bằng Nghị định 98/2023." in page
    assert "Thay bằng Nghị định 98/2023" in page
    response = client.post(url("bases"), {"swap": laws["old"].pk, "back": back})
    assert response["Location"] == url(back)
    assert ([*paper.references.all()], acts()[-1]) == ([laws["new"]], "covenants.cited")
    assert "Đã được thay thế" not in text_of(client.get(url(back)))


def test_a_basis_in_force_is_not_swapped(cast: Cast, paper: Paper) -> None:
    law = paper.references.get()
    with nothing_changes():
        as_(cast.chi).post(url("bases"), {"swap": law.pk})


def test_the_covenant_leads_to_the_register(cast: Cast, paper: Paper) -> None:
    for name in ("paper", "bases"):
        assert url("laws") in as_(cast.chi).get(url(name)).content.decode()


# --- Queries ------------------------------------------------------------------------------------


def grow(cast: Cast, law: LegalReference, count: int) -> None:
    newest = law
    for n in range(count):
        newer = make_law(f"{n}/2020", issued_on=dt.date(2020 + n, 1, 1))
        LegalReference.objects.filter(pk=newest.pk).update(
            replaced_by=newer, expired_on=newer.issued_on
        )
        newest = newer
        newer.amends.add(law)
        law.amends.add(make_law(f"{n}/2002", issued_on=dt.date(2002, 1, 1 + n)))
        bases.cite(
            draft_covenant(next_year(cast, 2030 + n), actor=fresh(cast.chi)),
            references=[law],
            actor=cast.chi,
        )


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("laws", 10), ("law", 15)])
def test_queries_do_not_grow_with_the_register(
    cast: Cast, django_assert_num_queries: Any, name: str, queries: int, count: int
) -> None:
    law = make_law()
    grow(cast, law, count)
    address = url(name, law.pk) if name == "law" else url(name)
    client = as_(cast.binh)
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200
