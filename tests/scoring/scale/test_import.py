"""Importing a scale from Excel: preview, comparison, and only then saving."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from scoring.models import Scale
from scoring.scale import workbook
from scoring.scale.drafts import draft_of
from tests.covenants.pages import as_
from tests.covenants.traces import nothing_changes
from tests.people import Cast
from tests.scoring.scale_pages import group, smaller, upload, url, year_of
from tests.scoring.scales import draft_scale, drafted_scale
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


# --- Excel ----------------------------------------------------------------------------------------


def test_a_workbook_is_compared_and_only_then_put_in_place(cast: Cast, scale: Scale) -> None:
    with nothing_changes():
        looked = as_(cast.chi).post(url("scale_import"), upload(smaller(scale)))

    response = as_(cast.chi).post(url("scale_import"), {"draft": looked.context["draft"]})

    assert [(one.what, one.code) for one in looked.context["changes"]] == [
        ("gone", "II"),
        ("gone", "T"),
        ("gone", "II.1"),
        ("gone", "II.2"),
        ("gone", "T.1"),
    ]
    assert (looked.status_code, response.status_code) == (200, 302)
    assert [one.code for one in draft_of(scale).criteria] == ["I.1", "I.2"]


def test_mistakes_in_a_workbook_are_listed_by_their_rows(cast: Cast, scale: Scale) -> None:
    book = load_workbook(BytesIO(workbook.workbook(draft_of(scale))))
    book.worksheets[1]["E4"] = "bốn"
    book.worksheets[1]["C3"] = "IX"
    file = BytesIO()
    book.save(file)

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_import"), upload(file.getvalue()))

    assert (response.status_code, [one.row for one in response.context["problems"]]) == (
        422,
        [3, 4],
    )


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused_at_its_field(
    cast: Cast, scale: Scale, content: bytes
) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("scale_import"), upload(content))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_a_file_that_is_too_large_is_not_read(cast: Cast, scale: Scale, settings: Any) -> None:
    settings.UPLOAD_LIMIT_BYTES = 1024

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_import"), upload(b"P" * 1025))

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["file"])


def test_what_the_portal_did_not_hand_out_is_not_put_in_place(cast: Cast, scale: Scale) -> None:
    looked = as_(cast.chi).post(url("scale_import"), upload(smaller(scale)))
    draft = looked.context["draft"]
    other = draft_scale(year_of(cast, 2020), actor=cast.chi)

    with nothing_changes():
        changed = as_(cast.chi).post(url("scale_import"), {"draft": "x" + draft})
        elsewhere = as_(cast.chi).post(url("scale_import", year=2020), {"draft": draft})

    assert (changed.status_code, elsewhere.status_code, other.criteria.count()) == (422, 422, 5)


def test_a_scale_that_moved_on_is_compared_anew(cast: Cast, scale: Scale) -> None:
    looked = as_(cast.chi).post(url("scale_import"), upload(smaller(scale)))
    as_(cast.an).post(url("new_scale_group"), group(scale))

    with nothing_changes():
        response = as_(cast.chi).post(url("scale_import"), {"draft": looked.context["draft"]})
    taken = as_(cast.chi).post(url("scale_import"), {"draft": response.context["draft"]})

    gone = [one.code for one in response.context["changes"] if one.what == "gone"]
    assert (response.status_code, gone[:3]) == (409, ["II", "T", "III"])
    assert (taken.status_code, len(draft_of(scale).groups)) == (302, 1)
