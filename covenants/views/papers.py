"""The papers of a year, and starting a new one."""

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib.refusal import Refusal
from members.models import BlocYear
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit, enter_year
from members.permissions import require
from members.queries import day_of

from .. import queries
from ..addresses import address
from ..forms.adoption import FILE, LAST, PASTED, NewPaperForm
from ..forms.papers import DayFilter
from ..models import Paper
from ..papers import drafting, validity
from .entrance import GET_POST

UNPROCESSABLE = 422
SECTION = {"section": "covenants", "subsection": "papers"}


@require_safe
def papers(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The papers in force on a day, by kind, and all papers of the year with their states."""
    bloc_year = enter_year(request, bloc, year)
    asked = DayFilter(request.GET)
    day = asked.day or day_of(bloc_year)
    found = list(queries.papers_listed(bloc_year, words=asked.words))
    if asks_for_excel(request):
        return papers_as_excel(bloc_year, found, day)
    context = {
        **SECTION,
        "filter": asked,
        "day": day,
        "kinds": validity.kinds_in_force(bloc_year, day),
        "found": [(paper, paper.is_in_force_on(day)) for paper in found],
        "may_start": request.user.has_perm("members.manage_year", bloc_year),
    }
    return render(request, "covenants/papers.html", context)


def papers_as_excel(year: BlocYear, found: list[Paper], day: dt.date) -> HttpResponse:
    headings = [
        _("Kind"),
        _("Title"),
        _("Number"),
        _("Date of the paper"),
        _("State"),
        _("In force from"),
        _("No longer in force from"),
        _("In force on %(day)s") % {"day": f"{day:%d/%m/%Y}"},
    ]
    rows = (
        (
            paper.kind.name,
            paper.title,
            paper.full_number,
            paper.dated_on,
            paper.get_state_display(),
            paper.effective_on,
            paper.expires_on,
            _("yes") if paper.is_in_force_on(day) else _("no"),
        )
        for paper in found
    )
    return excel(f"van-ban-{year.year}-{year.bloc.slug}", _("Papers"), headings, rows)


@GET_POST
def new_paper(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    initial = {"kind": request.GET.get("loai", "")}
    form = NewPaperForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            return started(request, bloc_year, form)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/new_paper.html", {**SECTION, "form": form}, status=status)


def started(request: Visit, year: BlocYear, form: NewPaperForm) -> HttpResponse:
    """Start the paper and redirect to the page for its text."""
    kind, source = form.cleaned_data["kind"], form.cleaned_data["source"]
    before = queries.paper_before(year, kind) if source == LAST else None
    paper = drafting.start_paper(
        year, kind=kind, title=form.cleaned_data["title"], source=before, actor=request.user
    )
    if source == LAST and before is None:
        messages.info(request, _("There is no earlier paper of this kind: you begin on a blank."))
    page = {PASTED: "paste", FILE: "attachment"}.get(source, "workshop")
    return HttpResponseRedirect(address(paper, page))
