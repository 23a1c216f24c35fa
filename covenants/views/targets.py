"""The annex of targets: its columns, and one form for all boards."""

from contextlib import suppress
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.pages.guards import Visit
from members.permissions import require
from members.records.acts import Overtaken

from ..addresses import address
from ..forms import IndicatorForm, NewIndicatorForm, TargetsForm
from ..models import Indicator, Paper
from ..papers import drafting
from ..papers import targets as papers_targets
from .drafting import CONFLICT, UNPROCESSABLE, Notice, conflict, invalid, refused, workshop_context
from .entrance import GET_POST, go, on_paper


@GET_POST
@on_paper
def targets(request: Visit, paper: Paper) -> HttpResponse:
    """The form for all targets; valid cells are saved even if others are refused."""
    require(request.user, "covenants.draft", paper)
    if request.method != "POST":
        return targets_page(request, paper, targets_form(paper, None))
    form = saved(request, paper)
    if request.htmx:
        return saved_answer(request, paper, form)
    if form.errors:
        return targets_page(request, paper, form, status=status_of(form))
    at = timezone.localtime()
    messages.success(request, _("Targets saved at %(time)s.") % {"time": f"{at:%H:%M}"})
    return go(paper, "targets")


def saved(request: Visit, paper: Paper) -> TargetsForm:
    """Save what can be saved; the form returned has the errors of the other cells."""
    form = targets_form(paper, request.POST)
    started_from = form.started_from()
    try:
        overtaken = papers_targets.set_targets(
            paper, norms=form.changed(), started_from=started_from, actor=request.user
        )
    except drafting.Gone:
        # Built again, the form knows which cells were removed and reports them.
        return saved(request, paper)
    form.settle(overtaken)
    return form


def saved_answer(request: Visit, paper: Paper, form: TargetsForm) -> HttpResponse:
    """For htmx: the new state and the errors, without touching the inputs."""
    context = {"paper": paper, "form": form}
    template = "covenants/partials/targets_saved.html"
    response = render(request, template, context, status=status_of(form))
    if form.is_written:
        response["HX-Trigger"] = "paper-saved"
    return response


def status_of(form: TargetsForm) -> int:
    if not form.errors:
        return 200
    return CONFLICT if form.is_only_overtaken else UNPROCESSABLE


def targets_form(paper: Paper, data: Any) -> TargetsForm:
    return TargetsForm(
        data,
        indicators=list(paper.indicators.all()),
        memberships=list(paper.bloc_year.memberships.select_related("name")),
        current=papers_targets.current_norms(paper),
    )


def targets_page(
    request: Visit,
    paper: Paper,
    form: TargetsForm,
    *,
    new: NewIndicatorForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **workshop_context(paper, "targets"),
        "form": form,
        "new": new or NewIndicatorForm(auto_id="new-%s"),
    }
    return render(request, "covenants/targets.html", context, status=status)


@require_POST
@on_paper
def add_indicator(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    form = NewIndicatorForm(request.POST, auto_id="new-%s")
    if not form.is_valid():
        if request.htmx:
            return refused(request, paper, "new", form, invalid("new", form))
        grid = targets_form(paper, None)
        return targets_page(request, paper, grid, new=form, status=UNPROCESSABLE)
    papers_targets.add_indicator(paper, **form.cleaned_data, actor=request.user)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address(paper, "targets")})
    return go(paper, "targets")


@GET_POST
@on_paper
def indicator(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    """Change title and unit of a column."""
    require(request.user, "covenants.draft", paper)
    column = get_object_or_404(paper.indicators, pk=pk)
    initial = {"title": column.title, "unit": column.unit, "version": column.revision}
    form = IndicatorForm(request.POST if request.method == "POST" else None, initial=initial)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return indicator_page(request, column, form, status=status)
    try:
        papers_targets.save_indicator(
            column,
            title=form.cleaned_data["title"],
            unit=form.cleaned_data["unit"],
            revision=form.revision,
            actor=request.user,
        )
    except Overtaken as overtaken:
        notice = conflict("indicator", form, overtaken)
        return indicator_page(request, column, form, notice=notice, status=notice.status)
    except drafting.Gone as gone:
        messages.error(request, str(gone))
    return go(paper, "targets")


def indicator_page(
    request: Visit,
    column: Indicator,
    form: IndicatorForm,
    *,
    notice: Notice | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {"section": "covenants", "paper": column.paper, "indicator": column, "form": form}
    context["notice"] = notice
    return render(request, "covenants/indicator.html", context, status=status)


@require_POST
@on_paper
def move_indicator(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    column = get_object_or_404(paper.indicators, pk=pk)
    step = -1 if request.POST.get("step") == "-1" else 1
    try:
        papers_targets.move_indicator(column, step=step, actor=request.user)
    except drafting.Gone as gone:
        messages.error(request, str(gone))
    return go(paper, "targets", anchor="columns")


@GET_POST
@on_paper
def remove_indicator(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    column = get_object_or_404(paper.indicators, pk=pk)
    if request.method == "POST":
        # If it was removed meanwhile (a double click, or somebody else), the result is the same.
        with suppress(drafting.Gone):
            papers_targets.remove_indicator(column, actor=request.user)
        messages.success(request, _("“%(title)s” was taken out.") % {"title": column.title})
        return go(paper, "targets")
    context = {"section": "covenants", "paper": paper, "indicator": column}
    context["figures"] = column.targets.count()
    return render(request, "covenants/remove_indicator.html", context)
