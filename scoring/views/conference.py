"""The closing conference: agreement, agreed figures, final result, ties, restrictions."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib.refusal import Refusal
from members.pages.downloads import sent
from members.pages.guards import Visit, fresh_login_required, posted
from members.permissions import require
from members.records import files

from ..forms.conference import AgreedFigureForm, AgreeForm, ResolveForm, RestrictForm, TieForm
from ..models import Line, Restriction, Scoring, Sheet, TieRuling
from ..models.sheets import ScoringState
from ..result import conference, standings, ties
from ..sheets import line_history
from ..sheets.sheet_page import build_sheet_page
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_scoring, on_sheet
from .publication import line_seen

SECTION = {"section": "scoring", "tab": "appraisal"}


def attempted(
    request: Visit, template: str, context: dict[str, Any], act: Callable[[], object]
) -> HttpResponse | None:
    """Do the act if the form of the context is valid; returns the page with the errors, or None
    when done."""
    form: forms.BaseForm = context["form"]
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, template, context, status=status)
    try:
        act()
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, template, context, status=CONFLICT)
    return None


# --- Agreed ---------------------------------------------------------------------------------------


@GET_POST
@on_scoring
def agree(request: Visit, scoring: Scoring) -> HttpResponse:
    """Record that the conference agreed; the page says first what prevents it."""
    require(request.user, "scoring.keep", scoring)
    form = AgreeForm(posted(request))
    context = {
        **SECTION,
        "scoring": scoring,
        "form": form,
        "obstacle": conference.obstacle_to_agreeing(scoring),
        "is_due": scoring.state == ScoringState.PUBLISHED,
    }

    def act() -> None:
        conference.agree(scoring, **form.cleaned_data, actor=request.user)

    if page := attempted(request, "scoring/agree.html", context, act):
        return page
    messages.success(request, _("The scores are agreed."))
    return go(scoring.bloc_year, "appraisal")


@require_safe
@on_sheet
def agreed_lines(request: Visit, sheet: Sheet) -> HttpResponse:
    """The agreed lines of a sheet, each with a link to change it."""
    require(request.user, "scoring.set_task", sheet)
    context = {
        **SECTION,
        "scoring": sheet.scoring,
        "sheet": sheet,
        "full": build_sheet_page(sheet, reader=request.user),
        "is_open": sheet.scoring.state == ScoringState.AGREED,
    }
    return render(request, "scoring/agreed_lines.html", context)


@GET_POST
@on_scoring
def change_agreed(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """Record another figure that the conference decided, with its reason. “preview” shows the
    effect and writes nothing."""
    line = line_seen(request, scoring, pk)
    require(request.user, "scoring.set_task", line.sheet)
    form = AgreedFigureForm(posted(request), line=line)
    context = {
        **SECTION,
        "scoring": scoring,
        "sheet": line.sheet,
        "line": line,
        "form": form,
        "figures": line_history.figures(line),
    }
    try:
        conference.refuse_to_change(line, scoring)
    except Refusal as refusal:
        context["obstacle"] = str(refusal)
        return render(request, "scoring/change_agreed.html", context, status=CONFLICT)
    if "preview" in request.POST:
        return previewed_change(request, line, context)

    def act() -> None:
        cleaned = form.cleaned_data
        conference.change_agreed(
            line, fact=cleaned["figure"], reason=cleaned["reason"], actor=request.user
        )

    if page := attempted(request, "scoring/change_agreed.html", context, act):
        return page
    messages.success(request, _("The agreed figure is on record."))
    return go(scoring.bloc_year, "agreed_lines", line.sheet_id)


def previewed_change(request: Visit, line: Line, context: dict[str, Any]) -> HttpResponse:
    """The page with the effect of the figure; the reason may still be missing."""
    form: AgreedFigureForm = context["form"]
    form.errors.pop("reason", None)

    def try_out() -> None:
        context["effect"] = conference.effect_of_change(line, form.cleaned_data["figure"])

    template = "scoring/change_agreed.html"
    return attempted(request, template, context, try_out) or render(request, template, context)


@GET_POST
@on_scoring
def finalise(request: Visit, scoring: Scoring) -> HttpResponse:
    """Make the result final; the page says what that means."""
    require(request.user, "scoring.keep", scoring)
    if request.method == "POST":
        return finalise_now(request, scoring)
    return finalise_page(request, scoring)


@fresh_login_required
def finalise_now(request: Visit, scoring: Scoring) -> HttpResponse:
    try:
        conference.finalise(scoring, actor=request.user)
    except Refusal as refusal:
        return finalise_page(request, scoring, refusal=str(refusal))
    messages.success(request, _("The result is final."))
    return go(scoring.bloc_year, "ranking")


def finalise_page(request: Visit, scoring: Scoring, *, refusal: str = "") -> HttpResponse:
    context = {
        **SECTION,
        "scoring": scoring,
        "is_due": scoring.state == ScoringState.AGREED,
        "ties": ties.tied(scoring) if scoring.state == ScoringState.AGREED else [],
        "refusal": refusal,
    }
    status = CONFLICT if refusal else 200
    return render(request, "scoring/finalise.html", context, status=status)


# --- Ties -----------------------------------------------------------------------------------------


def tie_forms(request: Visit, scoring: Scoring) -> list[TieForm]:
    """A form for each tie that only a ruling can decide; the one that was sent is bound."""
    asked = request.POST.get("tie") if request.method == "POST" else None
    ruled = {
        frozenset(place.sheet_id for place in one.places.all()): one
        for one in ties.rulings_of(scoring)
    }
    return [
        TieForm(
            request.POST if asked == str(group[0].pk) else None,
            sheets=group,
            ruling=ruled.get(frozenset(sheet.pk for sheet in group)),
            steps=conference.steps(scoring),
        )
        for group in ties.tied(scoring, with_rulings=False)
    ]


def lapsed_rulings(scoring: Scoring) -> list[TieRuling]:
    return ties.lapsed(ties.rulings_of(scoring), standings.compute_standings(scoring).year)


@GET_POST
@on_scoring
def rule_on_tie(request: Visit, scoring: Scoring) -> HttpResponse:
    """Record the places that a ballot or the head gave to the boards of a tie."""
    require(request.user, "scoring.keep", scoring)
    obstacle = conference.obstacle_to_ruling(scoring)
    made = [] if obstacle or not scoring.is_published else tie_forms(request, scoring)
    sent_one = next((form for form in made if form.is_bound), None)
    context: dict[str, Any] = {**SECTION, "scoring": scoring, "forms": made, "form": sent_one}
    context |= {"obstacle": obstacle, "lapsed": lapsed_rulings(scoring)}
    if sent_one is None:
        status = UNPROCESSABLE if request.method == "POST" else 200
        return render(request, "scoring/rule_on_tie.html", context, status=status)

    def act() -> None:
        cleaned = sent_one.cleaned_data
        conference.rule_on_tie(
            scoring,
            by=cleaned["by"],
            places=sent_one.places,
            document=cleaned["document"],
            actor=request.user,
        )

    if page := attempted(request, "scoring/rule_on_tie.html", context, act):
        return page
    messages.success(request, _("The places are on record."))
    return go(scoring.bloc_year, "ranking")


# --- Restrictions ---------------------------------------------------------------------------------


@GET_POST
@on_sheet
def restrict(request: Visit, sheet: Sheet) -> HttpResponse:
    """Disqualify a board or hold its award back; the score remains."""
    require(request.user, "scoring.set_task", sheet)
    is_sent = request.method == "POST"
    form = RestrictForm(request.POST, request.FILES) if is_sent else RestrictForm()
    obstacle = conference.obstacle_beside(sheet.scoring)
    context = {
        **SECTION,
        "scoring": sheet.scoring,
        "sheet": sheet,
        "form": form,
        "obstacle": obstacle,
    }

    def act() -> None:
        cleaned = dict(form.cleaned_data)
        file = cleaned.pop("file")
        conference.restrict(
            sheet,
            **cleaned,
            content=file.content,
            media_type=file.media_type,
            file_name=file.name,
            actor=request.user,
        )

    if page := attempted(request, "scoring/restrict.html", context, act):
        return page
    messages.success(request, _("It is recorded beside the score."))
    return go(sheet.scoring.bloc_year, "appraisal", anchor="restrictions")


def restriction_here(request: Visit, scoring: Scoring, pk: int) -> Restriction:
    """A restriction on a sheet that the reader reads in full; else 404."""
    sheets = Sheet.objects.read_whole_by(request.user).filter(scoring=scoring)
    found = Restriction.objects.select_related("sheet__membership__name", "file")
    one = get_object_or_404(found, pk=pk, sheet__in=sheets)
    one.sheet.scoring = scoring
    return one


@GET_POST
@on_scoring
def resolve_hold(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """End an award hold."""
    restriction = restriction_here(request, scoring, pk)
    require(request.user, "scoring.resolve_hold", restriction.sheet)
    form = ResolveForm(posted(request))
    context = {**SECTION, "scoring": scoring, "restriction": restriction, "form": form}

    def act() -> None:
        conference.resolve_hold(restriction, **form.cleaned_data, actor=request.user)

    if page := attempted(request, "scoring/resolve_hold.html", context, act):
        return page
    messages.success(request, _("The hold is resolved."))
    return go(scoring.bloc_year, "appraisal", anchor="restrictions")


@require_safe
@on_scoring
def restriction_file(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """The document of a restriction."""
    one = restriction_here(request, scoring, pk)
    return sent(files.read_content(one.file), one.file_name, one.file.media_type)
