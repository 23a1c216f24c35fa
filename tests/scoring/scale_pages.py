"""Helpers of the scale's page tests: URLs and form data."""

import re
from decimal import Decimal
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse

from members.models import BlocYear
from scoring.models import Scale
from scoring.scale import workbook
from scoring.scale.drafts import draft_of
from tests.people import Cast, join, make_year
from tests.scoring.scales import add_criterion


def url(name: str, *args: Any, year: int = 2019) -> str:
    return reverse(f"scoring:{name}", args=["tay-nguyen", year, *args])


def again(scale: Scale) -> Scale:
    return Scale.objects.get(pk=scale.pk)


def year_of(cast: Cast, number: int) -> BlocYear:
    year = make_year(cast.bloc, number)
    join(year, cast.head, role="head")
    join(year, cast.board)
    return year


def errors_in(response: HttpResponse) -> list[str]:
    """The fields that say what is wrong with them, by their names."""
    found = re.findall(r'class="invalid-feedback" id="id_(\w+)_error"', response.content.decode())
    return sorted(found)


def rules(scale: Scale, **changed: Any) -> dict[str, Any]:
    return {
        "version": scale.revision,
        "total": "15",
        "bonus_cap": "2,5",
        "rounding": "0.25",
        "grades": "0 = Yếu\n13 = Xuất sắc\n7.5 = Khá",
        "basis": "points",
        "not_assigned": "full",
        "openness": "all",
        "crossing": "mean",
        "crossing_each": "2",
        "tie_1": "head",
        "tie_2": "group:I",
        "unrankable": ["not_signed"],
        **changed,
    }


def group(scale: Scale, **changed: Any) -> dict[str, Any]:
    return {
        "version": scale.revision,
        "code": "III",
        "title": "Hoạt động Khối",
        "max_points": "2,5",
        "parent": "",
        "combine": "sum",
        **changed,
    }


def criterion(scale: Scale, **changed: Any) -> dict[str, Any]:
    return {
        "version": scale.revision,
        "group": scale.groups.get(code="II").pk,
        "code": "II.3",
        "title": "Báo cáo đúng hạn",
        "max_points": "2,5",
        "bonus_points": "",
        "kind": "count",
        "each": "0.5",
        "cap": "",
        "owner": "board",
        "source": "",
        "unit": "báo cáo",
        "indicator": "",
        "facts_from": "",
        "needs_evidence": "on",
        "help_text": "Tính theo ngày gửi.",
        **changed,
    }


def upload(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("thang-diem.xlsx", content)}


def smaller(scale: Scale) -> bytes:
    draft = draft_of(scale)
    return workbook.workbook(type(draft)(draft.groups[:1], draft.criteria[:2]))


def lengthen(scale: Scale, more: int, cast: Cast) -> None:
    for number in range(more):
        values = {
            "code": f"II.{number + 3}",
            "title": "Báo cáo",
            "kind": "yes_no",
            "max_points": Decimal(1),
        }
        scale = add_criterion(again(scale), "II", values, actor=cast.chi)
