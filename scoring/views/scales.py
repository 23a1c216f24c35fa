"""The scale of a year for all members, its differences from last year's, and a trial
computation."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from covenants.addresses import address
from emulation_bloc.lib import xlsx
from members.models import BlocYear
from members.pages.downloads import asks_for_excel
from members.pages.guards import Visit, enter_year
from members.permissions import require

from .. import queries
from ..models import Scale
from ..result import what_if
from ..scale import differences as scale_differences
from ..scale import drafts, text, tree, workbook
from .entrance import scoring_of

DRAFT = "du-thao"


@require_safe
def scale(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The scale in the words of its paper: a table of groups and criteria, and the rules."""
    bloc_year = enter_year(request, bloc, year)
    shown = shown_scale(bloc_year, wants_draft=request.GET.get("ban") == DRAFT)
    if shown is not None and asks_for_excel(request):
        return as_excel(shown)
    draft = queries.scale_in_writing(bloc_year)
    context = {
        **around(bloc_year, shown),
        "draft": draft if draft and shown and draft.pk != shown.pk else None,
        "may_start": request.user.has_perm("members.manage_year", bloc_year),
        "may_write": shown is not None and request.user.has_perm("scoring.write_scale", shown),
    }
    if shown is not None:
        context |= {
            "branches": tree.branches(shown),
            "rules": list(text.rules_of(shown)),
            "faults": list(text.faults_of(shown)) if shown.paper.is_editable else [],
            "pdf": pdf_of(shown),
        }
    return render(request, "scoring/scale.html", context)


def shown_scale(year: BlocYear, *, wants_draft: bool) -> Scale | None:
    found = queries.scale_in_writing(year) if wants_draft else queries.scale_of(year)
    return knowing(found, year)


def knowing(scale: Scale | None, year: BlocYear) -> Scale | None:
    """The scale; its paper gets this `bloc_year` object if it is of that year."""
    if scale is not None and scale.paper.bloc_year_id == year.pk:
        scale.paper.bloc_year = year
    return scale


def around(year: BlocYear, scale: Scale | None) -> dict[str, Any]:
    """The context that all pages of the scale share."""
    return {"section": "scoring", "tab": "scale", "scoring": scoring_of(year), "scale": scale}


def pdf_of(scale: Scale) -> str:
    """The address of the sealed paper, or of the preview of its draft."""
    if scale.paper.document_id:
        return address(scale.paper, "download", "van-ban") + "?xem=1"
    return address(scale.paper, "preview")


def as_excel(scale: Scale) -> HttpResponse:
    year = scale.paper.bloc_year
    filename = f"thang-diem-{year.year}-{year.bloc.slug}.xlsx"
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    return HttpResponse(
        workbook.workbook(drafts.draft_of(scale)),
        content_type=xlsx.MEDIA_TYPE,
        headers={"Content-Disposition": disposition},
    )


@require_safe
def differences(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The differences from last year's scale, of the scale being written or else of the one in
    force."""
    bloc_year = enter_year(request, bloc, year)
    found = queries.scale_in_writing(bloc_year) or queries.scale_of(bloc_year)
    if found is None:
        raise Http404
    before = queries.scale_before(bloc_year)
    context = {**around(bloc_year, knowing(found, bloc_year)), "before": before}
    if before is not None:
        context |= {
            "changes": scale_differences.between(drafts.draft_of(before), drafts.draft_of(found)),
            "rules": scale_differences.between_rules(before, found),
        }
    return render(request, "scoring/scale_differences.html", context)


@require_safe
def preview(request: Visit, bloc: str, year: int) -> HttpResponse:
    """An earlier year's figures computed by this scale. Asks "members.manage_year", for figures of
    all boards are shown."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    found = queries.scale_in_writing(bloc_year) or queries.scale_of(bloc_year)
    if found is None:
        raise Http404
    source = what_if.scoring_before(bloc_year)
    context = {
        **around(bloc_year, knowing(found, bloc_year)),
        "what_if": what_if.what_if(found, source) if source else None,
    }
    return render(request, "scoring/scale_preview.html", context)
