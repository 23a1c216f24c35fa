"""Pages of voting, issuing and withdrawing papers."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from emulation_bloc.lib.refusal import Refusal
from members.models import Membership
from members.pages.downloads import sent
from members.pages.guards import Visit, fresh_login_required, posted
from members.permissions import require
from members.records import printed
from members.records.numbering import NumberTaken

from .. import queries
from ..adoption import issuing
from ..adoption import voting as adoption_voting
from ..forms.adoption import HandsForm, IssueForm, ReasonForm, TermsForm, VoteForm, WithdrawForm
from ..models import Paper, Voting
from ..models.adoption import Method
from ..models.drafts import PAPER_TRANSITIONS, PaperState
from ..models.kinds import Openness
from ..papers import validity
from ..signing import sealing
from .entrance import GET_POST, go, on_paper
from .reading import PDF

CONFLICT, UNPROCESSABLE = 409, 422


def context_of(paper: Paper, **more: Any) -> dict[str, Any]:
    return {"section": "covenants", "subsection": "papers", "paper": paper, **more}


# --- Rounds -------------------------------------------------------------------------------------


@require_safe
@on_paper
def votings(request: Visit, paper: Paper) -> HttpResponse:
    """All rounds on the paper: who has voted in the open one, the numbers of the closed ones."""
    rounds = queries.votings_of(paper)
    running = next((voting for voting in rounds if voting.is_open), None)
    may_keep = request.user.has_perm("covenants.keep", paper)
    context = context_of(
        paper,
        rounds=[(voting, votes_shown(voting)) for voting in rounds if not voting.is_open],
        running=running,
        turnout=queries.turnout(running) if running else [],
        may_keep=may_keep,
        may_close=may_keep and running is not None and adoption_voting.may_close(running),
        may_put_to_vote=(paper.state, "put_to_vote") in PAPER_TRANSITIONS,
        may_issue=may_keep and (paper.state, "issue") in PAPER_TRANSITIONS,
        my_boards=boards_to_vote_for(request, running),
    )
    return render(request, "covenants/votings.html", context)


def votes_shown(voting: Voting) -> list[Any]:
    """The votes by board, if the round is decided and its rule publishes them; else []."""
    if voting.openness != Openness.NAMES or voting.method != Method.ONLINE or not voting.count:
        return []
    return list(voting.votes.select_related("membership__name"))


def boards_to_vote_for(request: Visit, voting: Voting | None) -> list[Membership]:
    """The boards for which the user may vote and that have not voted yet."""
    if voting is None or not adoption_voting.takes_votes(voting):
        return []
    return [
        membership
        for membership in queries.yet_to_vote(voting)
        if request.user.has_perm("covenants.vote", membership)
    ]


@GET_POST
@on_paper
def put_to_vote(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.keep", paper)
    if (paper.state, "put_to_vote") not in PAPER_TRANSITIONS:
        messages.info(request, _("A paper is put to the vote out of the consultation."))
        return go(paper, "paper")
    form = TermsForm.proposing(posted(request), adoption_voting.proposed_terms(paper))
    if form.is_valid():
        try:
            adoption_voting.put_to_vote(paper, terms=form.terms, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The text is frozen and put to the vote."))
            return go(paper, "votings")
    checks = sealing.checks(paper)
    context = context_of(
        paper,
        form=form,
        checks=checks,
        is_ready=not any(check.faults for check in checks),
        members=paper.bloc_year.memberships.staying().count(),
    )
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/put_to_vote.html", context, status=status)


def running_round(paper: Paper) -> Voting:
    """The open round of the paper, or 404."""
    voting = get_object_or_404(Voting, paper=paper, closed_at=None)
    voting.paper = paper
    return voting


@never_cache
@GET_POST
@on_paper
def vote(request: Visit, paper: Paper) -> HttpResponse:
    """Cast the vote of a board; a page made for phones."""
    voting = running_round(paper)
    boards = boards_to_vote_for(request, voting)
    if not boards:
        return no_vote(request, voting)
    as_deputy = any(not adoption_voting.leads(request.user, board) for board in boards)
    form = VoteForm(posted(request), memberships=boards, needs_proxy=as_deputy)
    if form.is_valid():
        return cast(request, voting, boards, form)
    return vote_page(request, voting, form)


def no_vote(request: Visit, voting: Voting) -> HttpResponse:
    """403 for users who may not vote, else a message on the page of the rounds."""
    memberships = voting.paper.bloc_year.memberships.select_related("bloc_year")
    may_vote = [row for row in memberships if request.user.has_perm("covenants.vote", row)]
    if not may_vote:
        require(request.user, "covenants.vote", memberships[0])
    messages.info(request, _("Your board has already voted, or the round is closed."))
    return go(voting.paper, "votings")


@fresh_login_required
def cast(request: Visit, voting: Voting, boards: list[Membership], form: VoteForm) -> HttpResponse:
    cleaned = form.cleaned_data
    membership = next(board for board in boards if board.pk == cleaned["board"])
    try:
        adoption_voting.cast_vote(
            voting,
            membership,
            choice=cleaned["choice"],
            proxy=cleaned.get("proxy", ""),
            actor=request.user,
        )
    except adoption_voting.ProxyMissing as refusal:
        form.add_error("proxy", str(refusal))
        return vote_page(request, voting, form)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return go(voting.paper, "votings")
    messages.success(
        request, _("The vote of %(board)s is cast.") % {"board": membership.name.short_name}
    )
    return go(voting.paper, "votings")


def vote_page(request: Visit, voting: Voting, form: VoteForm) -> HttpResponse:
    context = context_of(voting.paper, voting=voting, form=form)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/vote.html", context, status=status)


@GET_POST
@on_paper
def close_voting(request: Visit, paper: Paper) -> HttpResponse:
    """Close the open round: count it, or enter the numbers of the show of hands."""
    require(request.user, "covenants.keep", paper)
    voting = running_round(paper)
    form = HandsForm.for_voting(voting, posted(request)) if voting.method == Method.HANDS else None
    if request.method == "POST" and (form is None or form.is_valid()):
        return close_now(request, voting, form)
    return close_page(request, voting, form)


@fresh_login_required
def close_now(request: Visit, voting: Voting, form: HandsForm | None) -> HttpResponse:
    try:
        if form is None:
            adoption_voting.close_voting(voting, actor=request.user)
        else:
            adoption_voting.enter_hands(voting, meeting=form.meeting, actor=request.user)
    except Refusal as refusal:
        if form is None:
            messages.error(request, str(refusal))
            return close_page(request, voting, form, status=CONFLICT)
        form.add_error(None, str(refusal))
        return close_page(request, voting, form)
    messages.success(request, _("The vote is closed; the minutes are ready."))
    return go(voting.paper, "votings")


def close_page(
    request: Visit, voting: Voting, form: HandsForm | None, *, status: int = 200
) -> HttpResponse:
    context = context_of(
        voting.paper,
        voting=voting,
        form=form,
        voted=voting.votes.count(),
        members=voting.electorate().count(),
        may_close=adoption_voting.may_close(voting),
    )
    if form is not None and form.is_bound:
        status = UNPROCESSABLE
    return render(request, "covenants/close_voting.html", context, status=status)


@GET_POST
@on_paper
def call_off(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.keep", paper)
    voting = running_round(paper)
    form = ReasonForm(posted(request))
    if form.is_valid():
        try:
            adoption_voting.call_off(voting, reason=form.cleaned_data["reason"], actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The vote is called off; the text may be changed again."))
            return go(paper, "votings")
    context = context_of(paper, voting=voting, form=form, voted=voting.votes.count())
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/call_off.html", context, status=status)


@require_safe
@on_paper
def minutes(request: Visit, paper: Paper, number: int) -> HttpResponse:
    """The minutes of a decided round, as stored."""
    voting = get_object_or_404(paper.votings.select_related("minutes__file"), number=number)
    if voting.minutes is None:
        raise Http404
    name = f"bien-ban-bieu-quyet-{paper.bloc_year.year}-{paper.pk}-lan-{number}.pdf"
    return sent(printed.read_content(voting.minutes), name, PDF, inline="xem" in request.GET)


# --- Number, date, signature; and the end ---------------------------------------------------------


@GET_POST
@on_paper
def issue(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.keep", paper)
    if paper.state != PaperState.ADOPTED:
        messages.info(request, _("Only an adopted paper is numbered and sent for signing."))
        return go(paper, "paper")
    form = IssueForm.for_paper(paper, posted(request))
    return issue_now(request, paper, form) if form.is_valid() else issue_page(request, paper, form)


@fresh_login_required
def issue_now(request: Visit, paper: Paper, form: IssueForm) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        issued = issuing.issue(
            paper,
            numbering=form.numbers,
            dated_on=cleaned["dated_on"],
            effective_on=cleaned["effective_on"],
            expires_on=cleaned["expires_on"],
            actor=request.user,
        )
    except Refusal as refusal:
        form.add_error(at_fault(refusal), str(refusal))
        return issue_page(request, paper, form)
    messages.success(
        request,
        _("The paper has the number %(number)s and waits for the head's signature.")
        % {"number": issued.full_number},
    )
    return go(paper, "paper")


def at_fault(refusal: Refusal) -> str | None:
    """The field of numbering and dating that a refusal is about; None when about none of them."""
    return "number" if isinstance(refusal, NumberTaken) else None


def issue_page(request: Visit, paper: Paper, form: IssueForm) -> HttpResponse:
    older = validity.in_force(paper.bloc_year, paper.kind_id) if paper.kind.is_single else None
    context = context_of(paper, form=form, older=older.paper if older else None)
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/issue.html", context, status=status)


@GET_POST
@on_paper
def withdraw(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.keep", paper)
    if paper.state != PaperState.COMPLETE or paper.withdrawn_at:
        messages.info(request, _("Only an adopted paper that is signed can be withdrawn."))
        return go(paper, "paper")
    form = WithdrawForm(posted(request))
    if form.is_valid():
        return withdraw_now(request, paper, form)
    return withdraw_page(request, paper, form)


@fresh_login_required
def withdraw_now(request: Visit, paper: Paper, form: WithdrawForm) -> HttpResponse:
    cleaned = form.cleaned_data
    try:
        validity.withdraw(paper, on=cleaned["on"], reason=cleaned["reason"], actor=request.user)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return withdraw_page(request, paper, form)
    messages.success(request, _("The paper is withdrawn."))
    return go(paper, "paper")


def withdraw_page(request: Visit, paper: Paper, form: WithdrawForm) -> HttpResponse:
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/withdraw.html", context_of(paper, form=form), status=status)
