"""Workbooks that are refused as a whole."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_LZMA, ZipFile

import pytest

from emulation_bloc.lib.workbooks import Reason, WorkbookRefused, package, read_form, sentence
from emulation_bloc.lib.workbooks.words import SENTENCES
from tests.lib import workbooks_made as made
from tests.lib.workbooks_made import (
    A_MEGABYTE,
    BOOK,
    CODE,
    LIMIT,
    SHEET,
    TITLE,
    TYPES,
    reason,
    refusal,
)

# --- By the first bytes ---


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == (Reason.EMPTY, "")


def test_a_workbook_is_taken_up_to_the_limit_and_not_beyond() -> None:
    content = made.sample()
    assert read_form(content, limit=len(content)).problems == []
    assert refusal(content, len(content) - 1) == (Reason.TOO_BIG, "")


def test_ten_megabytes_of_nothing_are_not_opened() -> None:
    assert reason(b"\0" * (10 * A_MEGABYTE)) == Reason.TOO_BIG


@pytest.mark.parametrize(
    "content",
    [b"x", b"\0" * 1000, "Mã;Điểm\nI.1;9,5\n".encode(), b"%PDF-1.7", b"<table><tr><td>1</table>"],
    ids=["letter", "zeros", "csv", "pdf", "html that Excel opens"],
)
def test_what_is_no_zip_is_refused(content: bytes) -> None:
    assert reason(content) == Reason.NOT_A_WORKBOOK


def test_a_workbook_of_the_old_kind_is_refused() -> None:
    assert reason(package.OLE + b"\0" * 504 + "Workbook".encode("utf-16-le")) == Reason.OLD_EXCEL


def test_a_workbook_locked_with_a_password_is_refused() -> None:
    locked = package.OLE + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le")
    assert reason(locked) == Reason.ENCRYPTED


# --- By the directory of the zip ---


def test_a_file_cut_off_on_its_way_is_refused() -> None:
    content = made.sample()
    assert reason(content[: len(content) // 2]) == Reason.BROKEN


@pytest.mark.parametrize(
    "parts",
    [
        {"content.xml": b"<office/>", "mimetype": b"application/vnd.oasis"},
        {TYPES: b"<Types/>"},
        {
            TYPES: b"<Types/>",
            "_rels/.rels": b'<R><R Id="1" Type="x/officeDocument" Target="word/document.xml"/></R>',
            "word/document.xml": b"<document/>",
        },
    ],
    ids=["LibreOffice's own", "nothing inside", "a letter of Word"],
)
def test_a_zip_that_is_no_workbook_is_refused(parts: dict[str, bytes]) -> None:
    assert reason(made.packed(parts)) == Reason.NOT_A_WORKBOOK


def test_a_zip_with_a_password_is_refused() -> None:
    content = bytearray(made.sample())
    content[content.index(b"PK\x01\x02") + 8] |= 1
    assert reason(bytes(content)) == Reason.ENCRYPTED


def test_a_way_of_packing_that_excel_does_not_know_is_refused() -> None:
    output = BytesIO()
    with ZipFile(output, "w", ZIP_LZMA) as archive:
        for name, part in made.parts_of(made.sample()).items():
            archive.writestr(name, part)
    assert reason(output.getvalue()) == Reason.BROKEN


@pytest.mark.parametrize("name", [SHEET, SHEET.upper(), SHEET.replace("/", "\\")])
def test_a_part_that_is_there_twice_is_refused(name: str) -> None:
    parts = made.parts_of(made.sample())
    assert reason(made.packed(parts, extra=(name, parts[SHEET]))) == Reason.BROKEN


def test_names_of_parts_may_be_written_as_windows_writes_paths() -> None:
    parts = made.parts_of(made.sample())
    content = made.packed({name.replace("/", "\\"): part for name, part in parts.items()})
    assert read_form(content, limit=LIMIT).problems == []


# --- What a form never holds ---


PLAIN = "openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
FOREIGN: dict[str, tuple[bytes, Reason, str]] = {
    "a program": (made.with_part("xl/vbaProject.bin"), Reason.MACROS, "/xl/vbaproject.bin"),
    "a file made for macros": (
        made.replaced(TYPES, PLAIN, "ms-excel.sheet.macroEnabled.main+xml"),
        Reason.MACROS,
        "application/vnd.ms-excel.sheet.macroenabled.main+xml",
    ),
    "a program by another name": (
        made.with_relation("vbaProject", "harmless.bin"),
        Reason.MACROS,
        f"{made.OFFICE}/vbaProject".lower(),
    ),
    "a sheet of macros": (
        made.with_relation("xlMacrosheet", "sheets/sheet9.xml"),
        Reason.MACROS,
        f"{made.OFFICE}/xlMacrosheet".lower(),
    ),
    "a binary workbook": (
        made.replaced(TYPES, PLAIN, "ms-excel.sheet.binary.macroEnabled.main"),
        Reason.NOT_A_WORKBOOK,
        "application/vnd.ms-excel.sheet.binary.macroenabled.main",
    ),
    "a link to another workbook": (
        made.with_part("xl/externalLinks/externalLink1.xml"),
        Reason.LINKS,
        "/xl/externallinks/externallink1.xml",
    ),
    "a query": (made.with_part("xl/connections.xml"), Reason.LINKS, "/xl/connections.xml"),
    "a picture from elsewhere": (
        made.with_relation("image", "http://example.com/a.png", mode="External"),
        Reason.LINKS,
        f"{made.OFFICE}/image",
    ),
    "an object": (
        made.with_part("xl/embeddings/oleObject1.bin"),
        Reason.EMBEDDED,
        "/xl/embeddings/oleobject1.bin",
    ),
    "a letter": (
        made.with_relation("package", "letter.docx"),
        Reason.EMBEDDED,
        f"{made.OFFICE}/package".lower(),
    ),
    "a control": (
        made.with_part("xl/activeX/activeX1.xml"),
        Reason.EMBEDDED,
        "/xl/activex/activex1.xml",
    ),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_programs_links_and_other_files_are_refused(name: str) -> None:
    content, *expected = FOREIGN[name]
    assert list(refusal(content)) == expected


def test_an_address_written_into_a_cell_is_taken() -> None:
    content = made.with_relation("hyperlink", "https://example.vn/minh-chung", mode="External")
    assert read_form(content, limit=LIMIT).problems == []


LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'


@pytest.mark.parametrize("part", [TYPES, "_rels/.rels", BOOK, SHEET, "xl/styles.xml"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_any_part_that_is_read(part: str, encoding: str) -> None:
    parts = made.parts_of(made.sample())
    root = parts[part].decode().removeprefix("<?xml version='1.0' encoding='UTF-8'?>")
    laughing = f'<?xml version="1.0" encoding="{encoding}"?>{LAUGHS}{root}'.encode(encoding)
    assert reason(made.packed(parts | {part: laughing})) == Reason.ENTITIES


# --- Forms that lack what makes them one ---


def hide_nothing(book: Any) -> None:
    book.remove(book["_facts"])


def forget_the_table(book: Any) -> None:
    book["_facts"].delete_rows(len(made.FACTS) + 1)


def rename_the_table(book: Any) -> None:
    book[TITLE].title = "Sheet1"


def clear_the_headings(book: Any) -> None:
    for cell in book[TITLE][1]:
        cell.value = None


def clear_the_table(book: Any) -> None:
    book[TITLE].delete_rows(1, 10)


def repeat_a_heading(book: Any) -> None:
    book[TITLE]["G1"] = f"  {CODE}\n"


def merge_cells(book: Any) -> None:
    book[TITLE].merge_cells("A2:B3")


def go_far_down(book: Any) -> None:
    book[TITLE]["A2001"] = "I.9"


def go_far_right(book: Any) -> None:
    book[TITLE]["BI2"] = 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (hide_nothing, (Reason.NO_FACTS, "")),
        (forget_the_table, (Reason.NO_FACTS, "")),
        (rename_the_table, (Reason.NO_TABLE, TITLE)),
        (clear_the_headings, (Reason.NO_HEADINGS, TITLE)),
        (clear_the_table, (Reason.NO_HEADINGS, TITLE)),
        (repeat_a_heading, (Reason.HEADING_TWICE, CODE)),
        (merge_cells, (Reason.MERGED, "A2:B3")),
        (go_far_down, (Reason.TOO_MANY_ROWS, TITLE)),
        (go_far_right, (Reason.TOO_MANY_COLUMNS, TITLE)),
    ],
)
def test_a_form_that_lost_its_shape_is_refused(
    change: Callable[[Any], None], expected: tuple[Reason, str]
) -> None:
    assert refusal(made.edited(change)) == expected


def test_a_missing_heading_is_named() -> None:
    form = read_form(made.sample(), limit=LIMIT)
    form.require([CODE, made.POINTS])
    with pytest.raises(WorkbookRefused) as refused:
        form.require([CODE, "Điểm thẩm định"])
    assert (refused.value.reason, refused.value.where) == (
        Reason.HEADING_MISSING,
        "Điểm thẩm định",
    )


# --- Words ---


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)


@pytest.mark.parametrize("reason", Reason)
def test_a_sentence_is_complete(reason: Reason) -> None:
    assert "%" not in sentence(WorkbookRefused(reason, "I.1"), 5 * A_MEGABYTE)
