"""A criterion of the scale: the form follows the way of scoring, sums are updated while typing."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from members.pages.guards import Visit
from members.records.acts import Overtaken

from .. import queries
from ..forms.criteria import CriterionForm
from ..models import Criterion, Scale
from ..scale import text, tree, writing
from .entrance import GET_POST, go
from .scale_workshop import (
    conflict,
    form_page,
    fresh,
    fresh_row,
    lost,
    on_written,
    remove,
    revision_of,
)

TEMPLATE = "scoring/scale_criterion.html"
# Sent by the button "change the way of scoring", which works without JavaScript.
CHANGE_KIND = "kind"


@GET_POST
@on_written
def criterion(request: Visit, scale: Scale, pk: int) -> HttpResponse:
    row = scale.criteria.filter(pk=pk).first()
    if row is not None:
        return write(request, scale, row)
    if not request.POST.get("title"):
        raise Http404
    form = CriterionForm.for_row(scale, None, request.POST)
    more = beside(scale, None) | lost(scale.paper.bloc_year, "new_scale_criterion")
    return form_page(request, scale, TEMPLATE, form, **more)


@GET_POST
@on_written
def new_criterion(request: Visit, scale: Scale) -> HttpResponse:
    return write(request, scale, None)


def write(request: Visit, scale: Scale, row: Criterion | None) -> HttpResponse:
    if request.method != "POST":
        return unsent(request, scale, row)
    if request.POST.get("act") == CHANGE_KIND:
        return form_page(
            request, scale, TEMPLATE, typed_so_far(request, scale, row), **beside(scale, row)
        )
    form = CriterionForm.for_row(scale, row, request.POST)
    if "thu" in request.GET:
        return tried(request, scale, form)
    if not form.is_valid():
        more = beside(scale, row) | as_typed(scale, form)
        return form_page(request, scale, TEMPLATE, form, **more)
    return saved(request, scale, row, form)


def unsent(request: Visit, scale: Scale, row: Criterion | None) -> HttpResponse:
    """The page; for htmx, after another way of scoring is chosen, only the fields of its
    parameters."""
    if request.htmx and "kind" in request.GET:
        form = CriterionForm.for_row(scale, row, initial=request.GET.dict())
        return render(request, "scoring/partials/scale_parameters.html", {"form": form})
    begun = {"group": request.GET["nhom"]} if "nhom" in request.GET else {}
    form = CriterionForm.for_row(scale, row, initial=begun)
    return form_page(request, scale, TEMPLATE, form, **beside(scale, row))


def typed_so_far(request: Visit, scale: Scale, row: Criterion | None) -> CriterionForm:
    """The form for the way of scoring just chosen, with everything typed, unchecked."""
    typed = request.POST.dict() | {"needs_evidence": "needs_evidence" in request.POST}
    return CriterionForm.for_row(scale, row, initial=typed)


def beside(scale: Scale, row: Criterion | None) -> dict[str, Any]:
    return {
        "row": row,
        "sums": tree.sums(scale, list(scale.groups.all()), list(scale.criteria.all())),
        "indicators": queries.indicator_titles(scale.paper.bloc_year, scale),
    }


def tried(request: Visit, scale: Scale, form: CriterionForm) -> HttpResponse:
    """The sums and the words as they would be after saving; nothing is written."""
    form.is_valid()
    context = {"scale": scale, **as_typed(scale, form)}
    return render(request, "scoring/partials/scale_sums.html", context)


def as_typed(scale: Scale, form: CriterionForm) -> dict[str, Any]:
    """The sums with what was typed, where it can be read, and the rule in words."""
    rows = list(scale.criteria.all())
    group, worth = form.cleaned_data.get("group"), form.cleaned_data.get("max_points")
    if group is not None and worth is not None:
        row = Criterion(pk=form.row.pk if form.row else None, group=group, max_points=worth)
        rows = tree.with_row(rows, row)
    formula = form.formula
    return {
        "sums": tree.sums(scale, list(scale.groups.all()), rows),
        "words": text.rule_in_words(formula) if formula else "",
        "refused": form.formula_fault,
    }


def saved(request: Visit, scale: Scale, row: Criterion | None, form: CriterionForm) -> HttpResponse:
    try:
        writing.save_criterion(
            scale,
            row,
            values=form.values,
            revision=revision_of(form, scale, row),
            actor=request.user,
        )
    except Overtaken as overtaken:
        current = CriterionForm.for_row(fresh(scale), fresh_row(row))
        notice = conflict(scale, form, current, overtaken)
        more = beside(scale, row) | as_typed(scale, form)
        return form_page(request, scale, TEMPLATE, form, notice=notice, **more)
    code = {"code": form.cleaned_data["code"]}
    messages.success(request, _("Criterion %(code)s is saved.") % code)
    year = scale.paper.bloc_year
    if request.POST.get("act") == "next":
        response = go(year, "new_scale_criterion")
        response["Location"] += f"?nhom={form.cleaned_data['group'].pk}"
        return response
    return go(year, "scale_workshop", anchor="tree")


@GET_POST
@on_written
def remove_criterion(request: Visit, scale: Scale, pk: int) -> HttpResponse:
    row = get_object_or_404(scale.criteria, pk=pk)
    row.scale = scale
    return remove(request, scale, row, writing.remove_criterion)
