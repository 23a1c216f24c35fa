"""Starting, sealing and annulling a covenant."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from emulation_bloc.lib.refusal import Refusal
from members.pages.guards import Visit, enter_year, fresh_login_required
from members.permissions import require

from .. import queries
from ..forms import AnnulForm
from ..laws import citations
from ..models import Paper
from ..models.drafts import PAPER_TRANSITIONS
from ..papers import drafting
from ..signing import sealing
from .entrance import GET_POST, go, on_paper

UNPROCESSABLE = 422


@require_POST
def start(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Start the covenant, blank or from the latest earlier one."""
    bloc_year = enter_year(request, bloc, year)
    wants_source = request.POST.get("source") == "last"
    source = queries.covenant_before(bloc_year) if wants_source else None
    try:
        drafting.start_covenant(bloc_year, source=source, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("covenants:paper", bloc=bloc, year=year)
    return redirect("covenants:workshop", bloc=bloc, year=year)


@GET_POST
@on_paper
def seal(request: Visit, paper: Paper) -> HttpResponse:
    """Show what prevents sealing, or what it does; sealing requires a fresh login."""
    require(request.user, "covenants.keep", paper)
    if not paper.is_editable:
        messages.info(request, _("The covenant is sealed."))
        return go(paper, "paper")
    return seal_now(request, paper) if request.method == "POST" else seal_page(request, paper)


@fresh_login_required
def seal_now(request: Visit, paper: Paper) -> HttpResponse:
    try:
        sealing.seal(paper, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return seal_page(request, paper, status=UNPROCESSABLE)
    messages.success(request, _("The covenant is sealed and open for signing."))
    return go(paper, "paper")


def seal_page(request: Visit, paper: Paper, *, status: int = 200) -> HttpResponse:
    checks = sealing.checks(paper)
    context = {
        "section": "covenants",
        "paper": paper,
        "checks": checks,
        "is_ready": not any(check.faults for check in checks),
        "may_seal_now": (paper.state, "seal") in PAPER_TRANSITIONS,
        # A warning, not an obstacle: the secretariat may have its reasons to cite an old law.
        "faulty": citations.faulty_citations(paper),
        "seats": paper.bloc_year.memberships.staying().count(),
    }
    return render(request, "covenants/seal.html", context, status=status)


@GET_POST
@on_paper
def annul(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.keep", paper)
    if (paper.state, "annul") not in PAPER_TRANSITIONS:
        messages.info(request, _("Only a paper that is sealed and not complete can be annulled."))
        return go(paper, "paper")
    form = AnnulForm(request.POST if request.method == "POST" else None)
    return annul_now(request, paper, form) if form.is_valid() else annul_page(request, paper, form)


@fresh_login_required
def annul_now(request: Visit, paper: Paper, form: AnnulForm) -> HttpResponse:
    try:
        sealing.annul(paper, reason=form.cleaned_data["reason"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return annul_page(request, paper, form)
    messages.success(request, _("The paper is annulled; a new draft may follow."))
    return go(paper, "paper")


def annul_page(request: Visit, paper: Paper, form: AnnulForm) -> HttpResponse:
    context = {
        "section": "covenants",
        "paper": paper,
        "form": form,
        "signed": paper.parties.signed().count(),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/annul.html", context, status=status)
