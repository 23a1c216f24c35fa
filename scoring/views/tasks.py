"""What boards are measured by: plans that the covenant does not give, criteria not assigned, and
who scores whom. Never set by the board itself (scoring.set_task)."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.forms import BoundField
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib.refusal import Refusal
from members.pages.guards import Visit
from members.permissions import require
from members.records.acts import NotNow

from ..appraising import cross_scoring
from ..forms.appraisal import ScoresForm
from ..forms.tasks import AssignForm, PlansForm
from ..models import CrossDuty, Evidence, Line, Scoring, Sheet
from ..result import progress
from ..sheets import adding_up, tasks
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_scoring
from .evidence import handed_out

SECTION = {"section": "scoring", "tab": "appraisal"}
SET_TASK = "scoring.set_task"


# --- Plans ----------------------------------------------------------------------------------------


@GET_POST
@on_scoring
def plans(request: Visit, scoring: Scoring) -> HttpResponse:
    """The grid of plans: those of the covenant as text, the others as fields for users who may set
    them."""
    require(request.user, "scoring.follow", scoring)
    grid = Grid.for_request(request, scoring)
    if request.method != "POST":
        return plans_page(request, scoring, grid, PlansForm(lines=grid.open_lines))
    require_any(request, scoring, grid.sheets)
    if "add_up" in request.POST:
        return add_up(request, scoring, grid)
    form = PlansForm(request.POST, lines=grid.open_lines)
    if not form.is_valid():
        return plans_page(request, scoring, grid, form, status=UNPROCESSABLE)
    try:
        write_plans(form, request)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return plans_page(request, scoring, grid, form, status=CONFLICT)
    messages.success(request, _("The plans are saved."))
    return go(scoring.bloc_year, "plans")


def require_any(request: Visit, scoring: Scoring, sheets: list[Sheet]) -> None:
    """403 with the reason if the user may not set the plans of any of the boards."""
    if not any(request.user.has_perm(SET_TASK, sheet) for sheet in sheets):
        require(request.user, "scoring.keep", scoring)


def add_up(request: Visit, scoring: Scoring, grid: "Grid") -> HttpResponse:
    """Give a sheet the plans of all boards that the bloc added up in it after the scoring was
    opened."""
    asked = request.POST["add_up"]
    sheet = next((one for one in grid.sheets if str(one.pk) == asked), None)
    if sheet is None:
        raise Http404
    try:
        adding_up.add_up(sheet, actor=request.user)
    except Refusal as refusal:
        form = PlansForm(lines=grid.open_lines)
        return plans_page(request, scoring, grid, form, status=CONFLICT, refusal=str(refusal))
    messages.success(request, _("The plans are added up."))
    return go(scoring.bloc_year, "plans")


@transaction.atomic
def write_plans(form: PlansForm, request: Visit) -> None:
    reason = form.cleaned_data["document"]
    for line, plan in form.changed():
        tasks.set_plan(line, plan=plan, reason=reason, actor=request.user)


@dataclass
class Grid:
    """Boards by criteria; `open_lines` are the lines whose plan the user may set now."""

    sheets: list[Sheet]
    criteria: list[Any]
    lines: dict[tuple[int, int], Line]
    open_lines: list[Line]

    @classmethod
    def for_request(cls, request: Visit, scoring: Scoring) -> "Grid":
        criteria = progress.criteria_with_plan(scoring)
        sheets = list(
            scoring.sheets.select_related("membership__name").order_by("membership__order")
        )
        known = {sheet.pk: sheet for sheet in sheets}
        lines = {}
        for line in Line.objects.filter(sheet__in=sheets, criterion__in=criteria).order_by("pk"):
            line.sheet = known[line.sheet_id]
            line.sheet.scoring = scoring
            line.criterion = next(one for one in criteria if one.pk == line.criterion_id)
            lines[line.sheet_id, line.criterion_id] = line
        free = {sheet.pk for sheet in progress.settable_sheets(scoring, request.user)}
        given = tasks.given_by_the_covenant(scoring)
        open_lines = [
            line
            for (sheet, criterion), line in lines.items()
            if sheet in free and (line.sheet.membership_id, criterion) not in given
        ]
        return cls(sheets, criteria, lines, open_lines)

    def rows(self, form: PlansForm) -> list[tuple[Sheet, list[tuple[Line, BoundField | None]]]]:
        """For each sheet its lines, each with the field of its plan, or None if it is text."""
        return [
            (
                sheet,
                [
                    (line, form[key] if (key := f"plan-{line.pk}") in form.fields else None)
                    for one in self.criteria
                    for line in [self.lines[sheet.pk, one.pk]]
                ],
            )
            for sheet in self.sheets
        ]


def plans_page(
    request: Visit,
    scoring: Scoring,
    grid: Grid,
    form: PlansForm,
    *,
    status: int = 200,
    refusal: str = "",
) -> HttpResponse:
    additions = adding_up.additions(scoring)
    may_add = {one.sheet.pk for one in additions if request.user.has_perm(SET_TASK, one.sheet)}
    context = {
        **SECTION,
        "additions": additions,
        "may_add": may_add,
        "refusal": refusal,
        "scoring": scoring,
        "criteria": grid.criteria,
        "rows": grid.rows(form),
        "form": form,
        "may_set": bool(grid.open_lines),
    }
    return render(request, "scoring/plans.html", context, status=status)


# --- Not assigned ---------------------------------------------------------------------------------


@GET_POST
@on_scoring
def assignments(request: Visit, scoring: Scoring) -> HttpResponse:
    """Which criteria are not assigned to which board, and why."""
    require(request.user, "scoring.follow", scoring)
    sheets = progress.settable_sheets(scoring, request.user)
    criteria = list(scoring.scale.criteria.select_related("group"))
    if request.method != "POST":
        return assignments_page(request, scoring, AssignForm(sheets=sheets, criteria=criteria))
    every = list(scoring.sheets.select_related("membership"))
    require_any(request, scoring, [known(sheet, scoring) for sheet in every])
    if "again" in request.POST:
        return assign_again(request, scoring)
    form = AssignForm(request.POST, sheets=sheets, criteria=criteria)
    if not form.is_valid():
        return assignments_page(request, scoring, form, status=UNPROCESSABLE)
    cleaned = form.cleaned_data
    line = Line.objects.get(sheet=cleaned["board"], criterion=cleaned["criterion"])
    return assigned(request, scoring, line, cleaned["reason"], form)


def known(sheet: Sheet, scoring: Scoring) -> Sheet:
    sheet.scoring = scoring
    return sheet


def assign_again(request: Visit, scoring: Scoring) -> HttpResponse:
    number = request.POST["again"]
    asked = int(number) if number.isascii() and number.isdigit() and len(number) <= 18 else 0
    line = get_object_or_404(Line, pk=asked, sheet__scoring=scoring)
    return assigned(request, scoring, line, "", None)


def assigned(
    request: Visit, scoring: Scoring, line: Line, reason: str, form: AssignForm | None
) -> HttpResponse:
    try:
        along = tasks.assign(line, unassigned_because=reason, actor=request.user)
    except Refusal as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return go(scoring.bloc_year, "assignments")
        form.add_error(None, str(refusal))
        return assignments_page(request, scoring, form, status=CONFLICT)
    messages.success(request, saved_words(along))
    return go(scoring.bloc_year, "assignments")


def saved_words(along: list[Line]) -> str:
    if not along:
        return _("Saved.")
    codes = ", ".join(line.criterion.code for line in along)
    return _("Saved, and with it what takes over its figure: %(codes)s.") % {"codes": codes}


def assignments_page(
    request: Visit, scoring: Scoring, form: AssignForm, *, status: int = 200
) -> HttpResponse:
    free = {sheet.pk for sheet in progress.settable_sheets(scoring, request.user)}
    context = {
        **SECTION,
        "scoring": scoring,
        "form": form,
        "rows": [(line, line.sheet_id in free) for line in progress.unassigned_lines(scoring)],
        "may_set": bool(free),
    }
    return render(request, "scoring/assignments.html", context, status=status)


# --- Cross-scoring --------------------------------------------------------------------------------


@GET_POST
@on_scoring
def draw_cross_scoring(request: Visit, scoring: Scoring) -> HttpResponse:
    """Draw which board scores which, once; after that the page shows the draw."""
    require(request.user, "scoring.keep", scoring)
    refusal = ""
    if request.method == "POST":
        try:
            cross_scoring.draw(scoring, actor=request.user)
        except Refusal as told:
            refusal = str(told)
        else:
            messages.success(request, _("It is drawn who scores whom."))
            return go(scoring.bloc_year, "draw_cross_scoring")
    context = {
        **SECTION,
        "scoring": scoring,
        "duties": progress.duties(scoring),
        "can_draw": progress.can_draw(scoring),
        "refusal": refusal,
    }
    status = CONFLICT if refusal else 200
    return render(request, "scoring/draw_cross_scoring.html", context, status=status)


@GET_POST
@on_scoring
def cross_score(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """The lines that the board was drawn to score; it sees nothing else of the other sheet."""
    duty = duty_here(scoring, pk)
    require(request.user, "scoring.cross_score", duty)
    lines = cross_scoring.lines_to_score(duty)
    if request.method != "POST":
        return cross_page(request, duty, ScoresForm(lines=lines))
    form = ScoresForm(request.POST, lines=lines)
    if not form.is_valid():
        return cross_page(request, duty, form, status=UNPROCESSABLE)
    try:
        cross_scoring.score(duty, figures=form.figures, actor=request.user)
    except NotNow as refusal:
        form.add_error(None, str(refusal))
        return cross_page(request, duty, form, status=CONFLICT)
    messages.success(request, _("Your scores are in."))
    return go(scoring.bloc_year, "index")


@require_safe
@on_scoring
def cross_evidence(request: Visit, scoring: Scoring, pk: int, evidence_pk: int) -> HttpResponse:
    """A file of a line that the board was drawn to score."""
    duty = duty_here(scoring, pk)
    require(request.user, "scoring.cross_score", duty)
    of_the_lines = Evidence.objects.filter(lines__in=cross_scoring.lines_to_score(duty))
    return handed_out(get_object_or_404(of_the_lines.distinct(), pk=evidence_pk))


def duty_here(scoring: Scoring, pk: int) -> CrossDuty:
    duties = CrossDuty.objects.filter(scoring=scoring).select_related(
        "scorer__name", "sheet__membership__name"
    )
    duty = get_object_or_404(duties, pk=pk)
    duty.scoring = duty.sheet.scoring = scoring
    return duty


def cross_page(
    request: Visit, duty: CrossDuty, form: ScoresForm, *, status: int = 200
) -> HttpResponse:
    context = {
        **SECTION,
        "scoring": duty.scoring,
        "duty": duty,
        "form": form,
        "obstacle": cross_scoring.obstacle_of_sheet(duty.sheet),
        "given": list(duty.scores.select_related("line__criterion", "given_by__person")),
    }
    return render(request, "scoring/cross_score.html", context, status=status)
