from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from emulation_bloc.lib.refusal import Refusal
from members import queries
from members.forms.years import KeptStepFormSet, StepFormSet, YearForm, place_formset, steps_of
from members.models import Bloc
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit, enter_year
from members.permissions import require
from members.years import opening

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def years(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    rows = queries.years_of_bloc(bloc_year.bloc)
    if asks_for_excel(request):
        return years_as_excel(bloc_year.bloc, rows)
    context = {
        "section": "members",
        "rows": rows,
        "may_open": request.user.has_perm("members.open_next_year", rows[0].year),
        "may_manage": request.user.has_perm("members.manage_year", bloc_year),
    }
    return render(request, "members/years.html", context)


def years_as_excel(bloc: Bloc, rows: list[queries.YearRow]) -> HttpResponse:
    headings = [
        _("Year"),
        _("Theme"),
        bloc.head_title,
        bloc.deputy_title,
        pgettext("number", "Members"),
        _("Closed on"),
    ]
    table = (
        (
            row.year.year,
            row.year.theme,
            row.head.name.name if row.head else "",
            row.deputy.name.name if row.deputy else "",
            row.members,
            row.year.closed_on,
        )
        for row in rows
    )
    return excel(f"cac-nam-{bloc.slug}", _("Years of the bloc"), headings, table)


@GET_POST
def new_year(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Open the next year. It is always based on the newest one, whatever year the URL has."""
    bloc_year = enter_year(request, bloc, year)
    last = bloc_year.bloc.years.select_related("bloc").latest("year")
    require(request.user, "members.open_next_year", last)
    data = request.POST or None
    form = YearForm(data, initial={"year": last.year + 1})
    places = place_formset(last, data)
    steps = StepFormSet(data, prefix="steps", initial=steps_of(last, shifted=1))
    # A list, so that all three are validated and all errors shown at once.
    sound = [part.is_valid() for part in (form, places, steps)]
    if all(sound):
        try:
            opened = opening.open_next_year(
                last,
                **form.cleaned_data,
                places=places.places(),
                steps=steps.dates(),
                actor=request.user,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The year %(year)d is open.") % {"year": opened.year})
            return redirect("home", bloc=bloc, year=opened.year)
    context = {"section": "members", "last": last, "form": form, "places": places, "steps": steps}
    return render(request, "members/new_year.html", context)


@GET_POST
def change_dates(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    steps = KeptStepFormSet(request.POST or None, prefix="steps", initial=steps_of(bloc_year))
    if steps.is_valid():
        opening.change_dates(bloc_year, steps=steps.dates(), actor=request.user)
        messages.success(request, _("The dates of the year are changed."))
        return redirect("home", bloc=bloc, year=year)
    return render(request, "members/change_dates.html", {"section": "members", "steps": steps})
