"""Consultation: comments of the members and answers of the secretariat."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from emulation_bloc.lib.refusal import Refusal
from members.pages.downloads import asks_for_excel, excel, sent
from members.pages.guards import Visit
from members.permissions import require
from members.records import recipients
from members.records.acts import ReasonMissing

from .. import queries
from ..forms import AnswerForm, CommentForm, CommentsFilter
from ..models import Article, Comment, Paper
from ..papers import consultation, dossier, printing
from ..signing import sealing
from .drafting import CONFLICT, UNPROCESSABLE
from .entrance import GET_POST, go, on_paper, row_number
from .reading import PDF, comment_form_for, paper_page

PAGE_SIZE = 50


@GET_POST
@on_paper
def consult(request: Visit, paper: Paper) -> HttpResponse:
    """Open the consultation; the page says who is mailed and what is stored."""
    require(request.user, "covenants.keep", paper)
    if request.method == "POST":
        try:
            consultation.open_consultation(paper, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The draft is in consultation; the members are told."))
        return go(paper, "paper")
    context = {
        "section": "covenants",
        "paper": paper,
        "people": len(recipients.people_of_members(paper.bloc_year)),
        "unfinished": sealing.unfinished(paper),
        "has_text": consultation.has_text(paper),
    }
    return render(request, "covenants/consult.html", context)


@require_POST
@on_paper
def resume(request: Visit, paper: Paper) -> HttpResponse:
    try:
        consultation.resume_drafting(paper, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("The round of comments is closed. Comments made stay with the draft.")
        )
    return go(paper, "paper")


@require_safe
@on_paper
def comments(request: Visit, paper: Paper) -> HttpResponse:
    memberships = list(paper.bloc_year.memberships.select_related("name"))
    wanted = CommentsFilter(request.GET, memberships=memberships)
    found = queries.comments_listed(paper, **wanted.wanted())
    if asks_for_excel(request):
        return comments_as_excel(paper, found)
    if request.GET.get("xuat") == "pdf":
        content = printing.comments(paper, found)
        return sent(content, f"tong-hop-gop-y-{dossier.stem(paper)}.pdf", PDF)
    context = {
        "section": "covenants",
        "paper": paper,
        "filter": wanted,
        "is_filtered": any(request.GET.get(name) for name in wanted.fields),
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("page")),
        "counts": queries.comment_counts(paper),
        "may_answer": may_answer(request, paper),
        "answer_form": AnswerForm(),
        "back": "comments",
    }
    return render(request, "covenants/comments.html", context)


def may_answer(request: Visit, paper: Paper) -> bool:
    return paper.is_editable and request.user.has_perm("covenants.keep", paper)


def comments_as_excel(paper: Paper, found: list[Comment]) -> HttpResponse:
    headings = [
        _("Article"),
        _("Board"),
        _("By"),
        _("Made at"),
        _("Comment"),
        _("Verdict"),
        _("Answer"),
        _("Answered at"),
    ]
    rows = (
        (
            comment.article.heading if comment.article else _("The whole paper"),
            comment.membership.name.short_name,
            comment.author_name,
            timezone.localtime(comment.made_at),
            comment.text,
            comment.get_verdict_display(),
            comment.answer,
            comment.answered_at and timezone.localtime(comment.answered_at),
        )
        for comment in found
    )
    filename = f"gop-y-{dossier.stem(paper)}"
    return excel(filename, _("Comments"), headings, rows)


@require_POST
@on_paper
def comment(request: Visit, paper: Paper) -> HttpResponse:
    """Add a comment. For htmx the comments of that article are returned, else the page."""
    require(request.user, "covenants.comment", paper)
    form = comment_form_for(request, paper, request.POST)
    row = article_of(paper, form)
    if form.is_valid():
        try:
            made = consultation.comment(
                paper,
                article=row,
                text=form.cleaned_data["text"],
                actor=request.user,
                membership=form.membership,
            )
        except Refusal as refusal:
            form.add_error("text", str(refusal))
        else:
            return commented(request, paper, row, made)
    if request.htmx:
        return said_about(request, paper, row, form=form, status=UNPROCESSABLE)
    return paper_page(request, paper, comment_form=form, commented=row, status=UNPROCESSABLE)


def article_of(paper: Paper, form: CommentForm) -> Article | None:
    pk = row_number(form.data.get("article", ""))
    return get_object_or_404(paper.articles, pk=pk) if pk else None


def commented(request: Visit, paper: Paper, row: Article | None, made: Comment) -> HttpResponse:
    if request.htmx:
        form = comment_form_for(request, paper)
        return said_about(request, paper, row, form=form, beside=on_the_page(paper))
    messages.success(request, _("Your board's comment is sent to the secretariat."))
    return go(paper, "paper", anchor=f"comment-{made.pk}")


def said_about(
    request: Visit,
    paper: Paper,
    row: Article | None,
    *,
    form: CommentForm,
    status: int = 200,
    beside: Mapping[str, Any] = MappingProxyType({}),
) -> HttpResponse:
    context = {
        **beside,
        "paper": paper,
        "article": row.pk if row else None,
        "comments": queries.comments_of(paper).filter(article=row),
        "may_comment": True,
        "may_answer": may_answer(request, paper),
        "answer_form": AnswerForm(),
        "comment_form": form,
        "is_open": form.is_bound,
    }
    return render(request, "covenants/partials/comments.html", context, status=status)


def on_the_page(paper: Paper) -> dict[str, Any]:
    """Context for the parts of the page that htmx replaces besides the comment: the counts."""
    return {"counts": queries.comment_counts(paper), "in_place": True}


@GET_POST
@on_paper
def answer(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    """Answer a comment: in place with htmx, on a page of its own without JavaScript."""
    row = get_object_or_404(queries.comments_of(paper), pk=pk)
    require(request.user, "covenants.keep", paper)
    initial = {**answered(row), "back": request.GET.get("back", "")}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        verdict, text = form.cleaned_data["verdict"], form.cleaned_data["answer"]
        try:
            consultation.answer(row, verdict=verdict, answer=text, actor=request.user)
        except ReasonMissing as refusal:
            form.add_error("answer", str(refusal))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return answer_given(request, paper, row, back=form.cleaned_data["back"])
    context = {
        "section": "covenants",
        "paper": paper,
        "comment": row,
        "form": form,
        "may_answer": may_answer(request, paper),
        "is_open": True,
    }
    status = UNPROCESSABLE if form.is_bound else 200
    if form.is_bound and form.non_field_errors():
        status = CONFLICT
    template = "partials/comment.html" if request.htmx else "answer.html"
    return render(request, f"covenants/{template}", context, status=status)


def answered(comment: Comment) -> dict[str, str]:
    verdict = "" if comment.verdict == "open" else comment.verdict
    return {"verdict": verdict, "answer": comment.answer}


def answer_given(request: Visit, paper: Paper, comment: Comment, *, back: str) -> HttpResponse:
    if request.htmx:
        fresh = queries.comments_of(paper).get(pk=comment.pk)
        context = {"paper": paper, "comment": fresh, "may_answer": True, "back": back}
        if back == "comments":
            return render(request, "covenants/partials/comment.html", context)
        context |= on_the_page(paper)
        return render(request, "covenants/partials/answered.html", context)
    messages.success(request, _("The comment is answered."))
    page = "comments" if back == "comments" else "paper"
    return go(paper, page, anchor=f"comment-{comment.pk}")
