"""Importing a scale from Excel: checked row by row, compared, then replaced after confirmation."""

import json
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from emulation_bloc.lib import workbooks
from members.pages.guards import Visit
from members.records.acts import Overtaken

from ..forms.scales import ScaleFileForm
from ..models import Scale
from ..scale import differences, workbook, writing
from ..scale.drafts import CriterionDraft, GroupDraft, ScaleDraft, draft_of
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go
from .scale_workshop import fresh, on_written
from .scales import around

# The draft that was compared is sent back signed, so that exactly it is imported, within a day.
SALT = "scoring.scale-import"
LASTS = 24 * 60 * 60
TEMPLATE = "scoring/scale_import.html"


@GET_POST
@on_written
def import_scale(request: Visit, scale: Scale) -> HttpResponse:
    if request.method != "POST":
        return import_page(request, scale, ScaleFileForm())
    if "draft" in request.POST:
        return take(request, scale)
    form = ScaleFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return import_page(request, scale, form, status=UNPROCESSABLE)
    try:
        draft, found = workbook.read_scale(
            form.cleaned_data["file"], limit=settings.UPLOAD_LIMIT_BYTES
        )
    except workbooks.WorkbookRefused as refused:
        form.add_error("file", workbooks.sentence(refused, settings.UPLOAD_LIMIT_BYTES))
        return import_page(request, scale, form, status=UNPROCESSABLE)
    if found.problems:
        problems = sorted(found.problems, key=lambda one: one.row or 0)
        return import_page(request, scale, form, problems=problems, status=UNPROCESSABLE)
    return compared(request, scale, draft)


def import_page(
    request: Visit, scale: Scale, form: ScaleFileForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {**around(scale.paper.bloc_year, scale), "form": form, **more}
    return render(request, TEMPLATE, context, status=status)


def compared(request: Visit, scale: Scale, draft: ScaleDraft, *, status: int = 200) -> HttpResponse:
    """What the import would change in the current scale; nothing is written."""
    changes = differences.between(draft_of(scale), draft)
    more = {"draft": sealed(scale, draft), "changes": changes, "counted": draft}
    return import_page(request, scale, ScaleFileForm(), status=status, **more)


def take(request: Visit, scale: Scale) -> HttpResponse:
    year = scale.paper.bloc_year
    try:
        draft, revision = opened(scale, request.POST["draft"])
    except signing.BadSignature:
        messages.error(request, _("The page is out of date. Choose the file again."))
        return import_page(request, scale, ScaleFileForm(), status=UNPROCESSABLE)
    try:
        writing.replace(scale, draft, revision=revision, actor=request.user)
    except Overtaken:
        messages.error(
            request,
            _("Somebody else changed the scale meanwhile. Compared with it as it stands now:"),
        )
        return compared(request, fresh(scale), draft, status=CONFLICT)
    messages.success(request, _("The scale of the file is in place."))
    return go(year, "scale_workshop", anchor="tree")


def sealed(scale: Scale, draft: ScaleDraft) -> str:
    """The draft for the page to send back, signed with the scale and its revision."""
    content = {"scale": scale.pk, "revision": scale.revision, **asdict(draft)}
    text = json.dumps(content, default=str, ensure_ascii=False)
    return signing.dumps(text, salt=SALT, compress=True)


def opened(scale: Scale, text: str) -> tuple[ScaleDraft, int]:
    """The draft and the revision from `sealed`; raises BadSignature for anything else, and after a
    day."""
    content = json.loads(signing.loads(text, salt=SALT, max_age=LASTS))
    if content["scale"] != scale.pk:
        raise signing.BadSignature
    draft = ScaleDraft(
        groups=tuple(GroupDraft(**with_points(row)) for row in content["groups"]),
        criteria=tuple(CriterionDraft(**with_points(row)) for row in content["criteria"]),
    )
    return draft, content["revision"]


def with_points(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: Decimal(value) if name in ("max_points", "bonus_points") else value
        for name, value in row.items()
    }
