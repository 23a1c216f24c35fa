"""The overview of the appraisal, the publication of the scores, and objections to them."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib.refusal import Refusal
from members.models import Membership
from members.pages.guards import Visit, fresh_login_required
from members.permissions import require

from .. import queries
from ..forms.appraisal import ReasonForm
from ..forms.publication import AnswerForm, ObjectionForm, ProlongForm, PublishForm
from ..models import Line, Objection, Scoring, Sheet
from ..result import conference, objections, progress, publication
from ..sheets import adding_up
from ..sheets.boards import board_sheets
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_scoring

SECTION = {"section": "scoring", "tab": "appraisal"}
USUAL_TERM = dt.timedelta(days=7)


# --- Overview -------------------------------------------------------------------------------------


@require_safe
@on_scoring
def appraisal(request: Visit, scoring: Scoring) -> HttpResponse:
    """How far every board is, what blocks the publication, and the year's next step."""
    require(request.user, "scoring.follow", scoring)
    rows = progress.rows(scoring, request.user)
    restrictions = progress.restrictions(scoring)
    any_counted = any(row.board.counted_in for row in rows)
    context = {
        **SECTION,
        "scoring": scoring,
        "rows": rows,
        "blocked": [row for row in rows if row.blocker],
        "step": progress.next_step(scoring, request.user),
        "may_keep": request.user.has_perm("scoring.keep", scoring),
        "objections": objections.unanswered(scoring) if scoring.is_published else [],
        "restrictions": restrictions,
        "resolvable": {
            one.pk
            for one in restrictions
            if request.user.has_perm("scoring.resolve_hold", one.sheet)
        },
        "duties": progress.duties(scoring),
        "additions": adding_up.additions(scoring) if any_counted else [],
        "can_draw": progress.can_draw(scoring),
        "may_take_back": not publication.obstacle_to_taking_back(scoring),
        "waits_because": conference.obstacle_to_agreeing(scoring) if scoring.is_published else "",
    }
    return render(request, "scoring/appraisal.html", context)


# --- Publishing -----------------------------------------------------------------------------------


@GET_POST
@on_scoring
def publish(request: Visit, scoring: Scoring) -> HttpResponse:
    """What blocks the publication, board by board; the button if nothing does."""
    require(request.user, "scoring.keep", scoring)
    if not scoring.is_open:
        messages.info(request, _("The scores are published already."))
        return go(scoring.bloc_year, "appraisal")
    if request.method != "POST":
        day = timezone.localdate() + USUAL_TERM
        return publish_page(request, scoring, PublishForm(initial={"objections_until": day}))
    form = PublishForm(request.POST)
    if not form.is_valid():
        return publish_page(request, scoring, form, status=UNPROCESSABLE)
    return publish_now(request, scoring, form)


@fresh_login_required
def publish_now(request: Visit, scoring: Scoring, form: PublishForm) -> HttpResponse:
    until = form.cleaned_data["objections_until"]
    try:
        publication.publish(scoring, objections_until=until, actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return publish_page(request, scoring, form, status=CONFLICT)
    messages.success(request, _("The scores are published to all boards."))
    return go(scoring.bloc_year, "appraisal")


def publish_page(
    request: Visit, scoring: Scoring, form: PublishForm, *, status: int = 200
) -> HttpResponse:
    boards = board_sheets(scoring)
    context = {
        **SECTION,
        "scoring": scoring,
        "form": form,
        "blockers": publication.blockers(boards),
        "left_out": [board for board in boards if publication.is_out(board)],
        "boards": len(boards),
    }
    return render(request, "scoring/publish.html", context, status=status)


@GET_POST
@on_scoring
def take_back(request: Visit, scoring: Scoring) -> HttpResponse:
    """Take a publication back if no objection waits for an answer."""
    require(request.user, "scoring.keep", scoring)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    obstacle = publication.obstacle_to_taking_back(scoring)
    context = {**SECTION, "scoring": scoring, "form": form, "obstacle": obstacle}
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "scoring/take_back.html", context, status=status)
    try:
        publication.take_back(scoring, reason=form.cleaned_data["reason"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "scoring/take_back.html", context, status=CONFLICT)
    messages.success(request, _("The publication is taken back."))
    return go(scoring.bloc_year, "appraisal")


@GET_POST
@on_scoring
def prolong(request: Visit, scoring: Scoring) -> HttpResponse:
    """Put off the last day for sheets or for objections, depending on the state."""
    require(request.user, "scoring.keep", scoring)
    form = ProlongForm(request.POST if request.method == "POST" else None)
    day = getattr(scoring, publication.LAST_DAYS.get(scoring.state, ""), None)
    obstacle = publication.obstacle_to_prolonging(scoring)
    context = {**SECTION, "scoring": scoring, "form": form, "day": day, "obstacle": obstacle}
    if obstacle:
        return render(request, "scoring/prolong.html", context, status=CONFLICT)
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "scoring/prolong.html", context, status=status)
    try:
        publication.prolong(scoring, **form.cleaned_data, actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return render(request, "scoring/prolong.html", context, status=CONFLICT)
    messages.success(request, _("The day is put off."))
    return go(scoring.bloc_year, "appraisal")


# --- Objections -----------------------------------------------------------------------------------


@require_safe
@on_scoring
def objection_list(request: Visit, scoring: Scoring) -> HttpResponse:
    """All objections to lines that the reader may see, those of own boards first."""
    if not scoring.is_published:
        raise Http404
    own = {member.pk for member in queries.own_memberships(scoring.bloc_year, request.user)}
    found = objections.objections_seen_by(scoring, request.user, own)
    context = {
        "section": "scoring",
        "tab": "objections",
        "scoring": scoring,
        "mine": [one for one in found if one.membership_id in own],
        "others": [one for one in found if one.membership_id not in own],
        "answerable": {one.pk for one in found if request.user.has_perm("scoring.answer", one)},
        "own_sheets": [
            row.sheet
            for row in queries.sheets_for(scoring, request.user)
            if row.sheet.membership_id in own
        ],
        "is_taken": objections.are_taken(scoring),
        "may_prolong": not publication.obstacle_to_prolonging(scoring)
        and request.user.has_perm("scoring.keep", scoring),
    }
    return render(request, "scoring/objections.html", context)


def line_seen(request: Visit, scoring: Scoring, pk: int) -> Line:
    """A line of a sheet that the reader may see, with this `scoring` object; else 404."""
    sheets = Sheet.objects.visible_to(request.user).filter(scoring=scoring)
    lines = Line.objects.filter(sheet__in=sheets)
    line = get_object_or_404(
        lines.select_related("criterion__facts_from", "sheet__membership__name"), pk=pk
    )
    line.sheet.scoring = scoring
    return line


@GET_POST
@on_scoring
def object_to(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """Object to a line on behalf of one of the reader's boards."""
    line = line_seen(request, scoring, pk)
    require(request.user, "scoring.object", line)
    memberships = objections.memberships_of(line, request.user)
    form = ObjectionForm(
        request.POST if request.method == "POST" else None, memberships=memberships
    )
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return object_page(request, line, form, memberships, status)
    membership = next(one for one in memberships if one.pk == form.cleaned_data["board"])
    try:
        objections.make_objection(
            line, membership=membership, text=form.cleaned_data["text"], actor=request.user
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return object_page(request, line, form, memberships, CONFLICT)
    messages.success(request, _("The objection is made. You are told when it is answered."))
    return go(scoring.bloc_year, "objections")


def object_page(
    request: Visit, line: Line, form: ObjectionForm, memberships: list[Membership], status: int
) -> HttpResponse:
    context = {
        **line_context(line),
        "form": form,
        "made_before": objections.made_before(line, memberships),
        "obstacle": objections.obstacle_to_objecting(line.sheet.scoring),
        "may_read": request.user.has_perm("scoring.read_figures", line.sheet),
    }
    return render(request, "scoring/object.html", context, status=status)


def line_context(line: Line) -> dict[str, Any]:
    """The line with its appraised figure and its points."""
    effect = objections.effect_of(line, None)
    return {
        "section": "scoring",
        "tab": "objections",
        "scoring": line.sheet.scoring,
        "sheet": line.sheet,
        "line": line,
        "points": effect.points[0],
        "standing": line.figures.filter(column="appraised").last(),
    }


@GET_POST
@on_scoring
def answer_objection(request: Visit, scoring: Scoring, pk: int) -> HttpResponse:
    """Answer an objection. “preview” shows the effect and writes nothing."""
    objection = get_object_or_404(Objection, pk=pk, line__sheet__scoring=scoring)
    objection.line = line_seen(request, scoring, objection.line_id)
    require(request.user, "scoring.answer", objection)
    form = AnswerForm(request.POST if request.method == "POST" else None, line=objection.line)
    if not form.is_bound:
        return answer_page(request, objection, form)
    is_sound = form.is_valid()
    if "preview" in request.POST:
        return previewed(request, objection, form)
    if not is_sound:
        return answer_page(request, objection, form, status=UNPROCESSABLE)
    return answer_now(request, objection, form)


def previewed(request: Visit, objection: Objection, form: AnswerForm) -> HttpResponse:
    """The page with the effect of the chosen remedy; the reasons may still be missing."""
    form.errors.pop("text", None)
    if form.errors:
        return answer_page(request, objection, form, status=UNPROCESSABLE)
    effect = objections.effect_of_remedy(objection.line, form.remedy)
    return answer_page(request, objection, form, effect=effect)


def answer_now(request: Visit, objection: Objection, form: AnswerForm) -> HttpResponse:
    text = form.cleaned_data["text"]
    try:
        objections.answer(objection, remedy=form.remedy, text=text, actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return answer_page(request, objection, form, status=CONFLICT)
    messages.success(request, _("The objection is answered, and its board is told."))
    return go(objection.line.sheet.scoring.bloc_year, "objections")


def answer_page(
    request: Visit,
    objection: Objection,
    form: AnswerForm,
    *,
    effect: objections.Effect | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        **line_context(objection.line),
        "objection": objection,
        "form": form,
        "effect": effect,
    }
    return render(request, "scoring/answer_objection.html", context, status=status)
