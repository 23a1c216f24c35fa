"""Workbooks made to exhaust or crash the reader, and damaged ones."""

import subprocess
import sys
from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.workbooks import Reason, WorkbookRefused, package, read_form
from tests.lib import workbooks_made as made
from tests.lib.workbooks_made import A_MEGABYTE, BOOK, LIMIT, SHEET, TITLE, TYPES, reason, refusal

# --- Files made to exhaust the reader ---


def bomb(name: str, before: bytes, piece: bytes, size: int) -> bytes:
    """The sample with a part that unpacks to `size` bytes: a thousandth of them."""
    parts = made.parts_of(made.sample())
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as archive:
        for other in parts.keys() - {name}:
            archive.writestr(other, parts[other])
        with archive.open(name, "w") as stream:
            stream.write(before)
            for _ in range(size // len(piece)):
                stream.write(piece)
    return output.getvalue()


ROWS = b'<worksheet><sheetData><row r="1">'
BLANKS, CELLS = b" " * A_MEGABYTE, b"<c/>" * (A_MEGABYTE // 4)


@pytest.mark.parametrize(
    ("name", "before", "piece", "size"),
    [
        ("xl/media/image1.png", b"", BLANKS, 80 * A_MEGABYTE),
        (SHEET, ROWS, BLANKS, 20 * A_MEGABYTE),
        (SHEET, ROWS, CELLS, 8 * A_MEGABYTE),
        (SHEET, b"<worksheet ", BLANKS, 2 * A_MEGABYTE),
        (SHEET, b"", b"<a>" * 100, 300),
    ],
    ids=["a huge picture", "a huge sheet", "countless cells", "an endless tag", "endless depth"],
)
def test_a_bomb_is_refused(name: str, before: bytes, piece: bytes, size: int) -> None:
    content = bomb(name, before, piece, size)
    assert len(content) < A_MEGABYTE // 8
    assert reason(content) == Reason.TOO_COMPLEX


def test_countless_shared_texts_are_refused() -> None:
    parts = made.parts_of(made.with_relation("sharedStrings", "sharedStrings.xml"))
    texts = b"<sst>%b</sst>" % (b"<si><t/></si>" * (package.MOST_ELEMENTS // 2 + 1))
    content = made.packed(parts | {"xl/sharedStrings.xml": texts})
    assert refusal(content) == (Reason.TOO_COMPLEX, "xl/sharedStrings.xml")


@pytest.mark.parametrize("row", [1_048_576, 10**14])
def test_one_cell_in_the_last_corner_makes_no_table_of_billions(row: int) -> None:
    """Readers that lay a sheet out as a rectangle end here, and the whole process with them."""
    cell = f'<row r="{row}"><c r="XFD{row}"><v>2</v></c></row></sheetData>'
    assert refusal(made.replaced(SHEET, "</sheetData>", cell)) == (Reason.TOO_MANY_ROWS, TITLE)


def test_a_zip_of_countless_parts_is_refused() -> None:
    parts = made.parts_of(made.sample())
    many = {f"xl/media/{number}.png": b"" for number in range(package.MOST_PARTS)}
    assert reason(made.packed(parts | many)) == Reason.TOO_COMPLEX


def test_a_part_larger_than_its_directory_says_is_refused() -> None:
    content = made.sample()
    size = len(made.parts_of(content)[SHEET]).to_bytes(4, "little")
    # Both headers claim a hundred bytes, as those of a bomb would.
    assert content.count(size) == 2
    assert reason(content.replace(size, (100).to_bytes(4, "little"))) == Reason.BROKEN


# Under a limit of its own process: only so can it be seen what reading a file takes.
UNDER_A_LIMIT = """
import resource, sys, time
from emulation_bloc.lib.workbooks import WorkbookRefused, read_form
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
start = time.perf_counter()
try:
    read_form(sys.stdin.buffer.read(), limit=10_000_000)
except WorkbookRefused as refused:
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(refused.reason.value, used, int(time.perf_counter() - start))
"""


ATTRIBUTES = b"<c " + b"".join(b'a%05d="" ' % n for n in range(20_000)) + b"/>"


@pytest.mark.parametrize("piece", [CELLS, ATTRIBUTES], ids=["cells", "attributes"])
def test_a_hostile_file_is_refused_in_a_hundred_megabytes_and_ten_seconds(piece: bytes) -> None:
    content = bomb(SHEET, ROWS, piece, 15 * A_MEGABYTE)

    said = subprocess.run(
        [sys.executable, "-c", UNDER_A_LIMIT], input=content, check=True, capture_output=True
    ).stdout.split()

    assert int(said[1]) * 1024 < 100 * A_MEGABYTE
    # It takes two; the machine of the tests may be busy.
    assert int(said[2]) < 10


# --- XML that is not what it should be ---


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, "</worksheet>", ""),
        (SHEET, '<row r="3">', '<row r="2">'),
        (SHEET, '<row r="3">', '<row r="0">'),
        (SHEET, '<row r="3">', '<row r="x">'),
        (SHEET, '<c r="B2"', '<c r="A2"'),
        (SHEET, '<c r="B2"', '<c r="B3"'),
        (SHEET, '<c r="B2"', '<c r="2B"'),
        (SHEET, '<c r="B2" s="', '<c r="B2" s="999'),
        (SHEET, 't="n"><v>1234.5', 't="s"><v>7'),
        (SHEET, 't="n"><v>1234.5', 't="unheard"><v>7'),
        (BOOK, 'name="_facts"', 'title="_facts"'),
        (BOOK, 'r:id="rId2"', 'r:id="rId77"'),
        (BOOK, 'r:id="rId2"', "id='rId2'"),
        (made.BOOK_RELATIONS, "/xl/worksheets/sheet2.xml", "/xl/worksheets/sheet9.xml"),
        ("_rels/.rels", 'Target="xl/workbook.xml"', 'Target="xl/other.xml"'),
    ],
)
def test_a_damaged_part_is_refused(part: str, old: str, new: str) -> None:
    assert reason(made.replaced(part, old, new)) == Reason.BROKEN


WHOLE = made.sample()


@given(st.data())
def test_no_flipped_byte_makes_the_reader_fall(data: st.DataObject) -> None:
    content = bytearray(WHOLE)
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(WorkbookRefused):
        read_form(bytes(content), limit=LIMIT)


@given(st.sampled_from([TYPES, "_rels/.rels", BOOK, SHEET, "xl/styles.xml"]), st.data())
def test_no_changed_part_makes_the_reader_fall(part: str, data: st.DataObject) -> None:
    parts = made.parts_of(WHOLE)
    xml = bytearray(parts[part])
    start = data.draw(st.integers(0, len(xml) - 1))
    xml[start : start + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=30))
    with suppress(WorkbookRefused):
        read_form(made.packed(parts | {part: bytes(xml)}), limit=LIMIT)
