"""The start page of scoring: the state of the year, and opening it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members.models import BlocYear
from members.models.blocs import StepKind
from members.pages.guards import Visit, enter_year
from members.permissions import require

from .. import queries, transitions
from ..forms.opening import OpenForm
from ..sheets import opening
from .entrance import GET_POST, UNPROCESSABLE, go, scoring_of


@require_safe
def index(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    scoring = scoring_of(bloc_year)
    own = {member.pk for member in queries.own_memberships(bloc_year, request.user)}
    rows = queries.sheets_for(scoring, request.user) if scoring else []
    context = {
        "section": "scoring",
        "tab": "index",
        "scoring": scoring,
        "scale": scoring.scale if scoring else queries.scale_of(bloc_year),
        "rows": rows,
        "own": [row for row in rows if row.sheet.membership_id in own],
        "may_keep": request.user.has_perm("members.manage_year", bloc_year),
    }
    return render(request, "scoring/index.html", context)


@GET_POST
def open_year(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Open the scoring of the year; the page says first what prevents it."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    form = OpenForm(
        request.POST if request.method == "POST" else None,
        initial={"self_until": last_day_of_scoring(bloc_year)},
    )
    if not form.is_valid():
        return open_page(request, bloc_year, form, status=UNPROCESSABLE if form.is_bound else 200)
    try:
        opening.open_scoring(bloc_year, actor=request.user, **form.cleaned_data)
    except transitions.CannotOpen as refusal:
        form.add_error(None, str(refusal))
        return open_page(request, bloc_year, form, status=UNPROCESSABLE)
    messages.success(request, _("The scoring is open: every board has its sheet."))
    return go(bloc_year, "index")


def last_day_of_scoring(year: BlocYear) -> Any:
    step = year.steps.filter(kind=StepKind.SELF_SCORING).first()
    return step.ends_on if step else None


def open_page(request: Visit, year: BlocYear, form: OpenForm, *, status: int) -> HttpResponse:
    context = {
        "section": "scoring",
        "form": form,
        "obstacle": obstacle(year),
        "boards": year.memberships.staying().count(),
    }
    return render(request, "scoring/open.html", context, status=status)


def obstacle(year: BlocYear) -> str:
    """Why the scoring cannot be opened now, as a sentence; "" if it can."""
    try:
        opening.scale_in_force(year)
    except transitions.CannotOpen as refusal:
        return str(refusal)
    return ""
