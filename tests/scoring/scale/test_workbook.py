"""A scale as a workbook and back without loss; mistakes are reported per cell."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from openpyxl import load_workbook

from emulation_bloc.lib.workbooks import Reason, WorkbookRefused, form
from scoring.scale import workbook, writing
from scoring.scale.drafts import ScaleDraft, draft_of
from tests.people import Cast
from tests.scoring.scales import draft_scale
from tests.scoring.scales_made import drafts

LIMIT = 1024 * 1024
# The columns by what they hold.
LETTERS = dict(zip(workbook.headings(), "ABCDEFGHIJKLMNOPQRSTUVW", strict=False))


def faults_of(content: bytes) -> list[tuple[int | None, str]]:
    _draft, found = workbook.read_scale(content, limit=LIMIT)
    names = {heading: name for name, heading in workbook.headings().items()}
    return [(one.row, names[one.column]) for one in found.problems]


def changed(draft: ScaleDraft, **cells: Any) -> bytes:
    """The workbook of a scale with other values in some cells: changed(draft, code_3="I.9")."""
    book = load_workbook(BytesIO(workbook.workbook(draft)))
    for place, value in cells.items():
        name, _line, row = place.rpartition("_")
        book.worksheets[1][f"{LETTERS[name]}{row}"] = value
    file = BytesIO()
    book.save(file)
    return file.getvalue()


@settings(deadline=None, max_examples=40)
@given(drafts())
def test_any_scale_comes_back_as_it_was(draft: ScaleDraft) -> None:
    read, found = workbook.read_scale(workbook.workbook(draft), limit=LIMIT)

    assert found.problems == []
    assert read == draft


@pytest.fixture
def draft(cast: Cast) -> ScaleDraft:
    return draft_of(draft_scale(cast.year, actor=cast.chi))


def test_a_scale_of_the_portal_comes_back_as_it_was(draft: ScaleDraft) -> None:
    assert workbook.read_scale(workbook.workbook(draft), limit=LIMIT)[0] == draft


def test_a_cell_that_was_changed_is_what_is_read(draft: ScaleDraft) -> None:
    read, _found = workbook.read_scale(changed(draft, title_3="Dự án", max_points_3=5), limit=LIMIT)

    assert [(one.title, int(one.max_points)) for one in read.criteria[:2]] == [
        ("Dự án", 5),
        ("Quy hoạch đúng tiến độ", 4),
    ]


# Row 2 is group I, row 3 is I.1 (plan_ratio), row 4 is I.2 (levels), row 5 is group II.
@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        ({"sort_3": "Mục"}, (3, "sort")),
        ({"sort_3": None}, (3, "sort")),
        ({"code_4": "I.1"}, (4, "code")),
        ({"code_4": None}, (4, "code")),
        ({"code_4": "M" * 13}, (4, "code")),
        ({"title_2": None}, (2, "title")),
        ({"title_4": "x" * 251}, (4, "title")),
        ({"within_3": "IX"}, (3, "within")),
        ({"within_2": "II"}, (2, "within")),
        ({"within_5": "II"}, (5, "within")),
        ({"max_points_3": "sáu"}, (3, "max_points")),
        ({"max_points_3": -1}, (3, "max_points")),
        ({"max_points_3": "1,234"}, (3, "max_points")),
        ({"max_points_3": 100_000}, (3, "max_points")),
        ({"kind_3": "Bốc thăm"}, (3, "kind")),
        ({"kind_3": None}, (3, "kind")),
        ({"rows_4": "4 = Tốt\n9 = Rất tốt"}, (4, "kind")),
        ({"rows_3": "4 = Tốt"}, (3, "kind")),
        ({"each_3": "2"}, (3, "kind")),
        ({"cap_percent_3": "nhiều"}, (3, "cap_percent")),
        ({"combine_2": "Only the highest counts"}, (2, "combine")),
        ({"owner_3": "The portal, from its records"}, (3, "source")),
        ({"source_3": "Sổ tay"}, (3, "source")),
        ({"facts_from_4": "I.9"}, (4, "facts_from")),
        ({"facts_from_4": "I.2"}, (4, "facts_from")),
        ({"facts_from_4": "T.1"}, (4, "facts_from")),
        ({"needs_evidence_4": "có lẽ"}, (4, "needs_evidence")),
        ({"is_bonus_2": "?"}, (2, "is_bonus")),
    ],
)
def test_a_mistake_is_named_at_its_place(
    draft: ScaleDraft, cells: dict[str, Any], fault: tuple[int, str]
) -> None:
    spoken = {place: in_the_language(value) for place, value in cells.items()}

    assert faults_of(changed(draft, **spoken))[0] == fault


def in_the_language(value: Any) -> Any:
    """The portal's own words as it now says them."""
    said = {
        "Only the highest counts": workbook.choices()["combine"][1],
        "The portal, from its records": workbook.choices()["owner"][3],
    }
    return said.get(value, value)


def test_a_file_without_criteria_is_not_taken(draft: ScaleDraft) -> None:
    content = workbook.workbook(ScaleDraft(draft.groups, ()))

    assert faults_of(content) == [(None, "sort")]


def test_a_form_of_something_else_is_refused() -> None:
    content = form("Phiếu", guide=[], facts={"what": "score-sheet"}, columns=[], rows=[])

    with pytest.raises(WorkbookRefused) as refused:
        workbook.read_scale(content, limit=LIMIT)
    assert refused.value.reason in (Reason.NO_FACTS, Reason.NO_HEADINGS)


def test_a_column_that_was_deleted_is_missed(draft: ScaleDraft) -> None:
    book = load_workbook(BytesIO(workbook.workbook(draft)))
    book.worksheets[1].delete_cols(4)
    file = BytesIO()
    book.save(file)

    with pytest.raises(WorkbookRefused) as refused:
        workbook.read_scale(file.getvalue(), limit=LIMIT)
    assert refused.value.reason == Reason.HEADING_MISSING


def test_what_was_read_replaces_a_scale_without_loss(cast: Cast, draft: ScaleDraft) -> None:
    scale = cast.year.papers.get(kind="point_scale").scale

    writing.replace(scale, draft, revision=scale.revision, actor=cast.chi)

    assert draft_of(scale) == draft
