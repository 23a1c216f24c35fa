"""The drafting pages: heading and articles (saved while typing), preview, legal bases."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from emulation_bloc.lib.refusal import Refusal
from members.models import AuditEntry
from members.pages.guards import Visit
from members.permissions import require
from members.records.acts import Overtaken

from .. import queries
from ..addresses import address
from ..forms import ArticleForm, HeaderForm, NewArticleForm, fitted
from ..laws import citations
from ..models import Article, LegalReference, Paper
from ..models.drafts import Part
from ..papers import bases as papers_bases
from ..papers import drafting, printing
from .entrance import GET_POST, go, on_paper, row_number

CONFLICT, UNPROCESSABLE = 409, 422


def workshop_context(paper: Paper, tab: str) -> dict[str, Any]:
    """The context that all drafting pages share."""
    return {
        "section": "covenants",
        "paper": paper,
        "tab": tab,
        "counts": queries.comment_counts(paper),
        "preview_stamp": f"{timezone.now():%H%M%S}",
    }


# --- Heading and articles -----------------------------------------------------------------------


@dataclass(frozen=True)
class Notice:
    """Why a part was not saved: errors in it, or a newer text saved by somebody else.

    `standing` and `typed` are (label, text) of the stored and of the typed text where they differ.
    """

    part: str
    sentence: str
    errors: Mapping[str, list[str]] = field(default_factory=dict)
    standing: list[tuple[str, str]] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    revision: int = 0
    saved: AuditEntry | None = None

    @property
    def status(self) -> int:
        return UNPROCESSABLE if self.errors else CONFLICT


@require_safe
@on_paper
def workshop(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    return workshop_page(request, paper)


def workshop_page(
    request: Visit,
    paper: Paper,
    *,
    bound: Mapping[str, Any] | None = None,
    notice: Notice | None = None,
) -> HttpResponse:
    """The drafting page; `bound` has the refused forms by part, with what was typed."""
    bound = bound or {}
    context = {
        **workshop_context(paper, "text"),
        "header": bound.get("header") or HeaderForm.for_paper(paper),
        "articles": editors(paper, Part.BODY, bound),
        "annexes": editors(paper, Part.ANNEX, bound),
        "new": bound.get("new") or fitted(NewArticleForm(auto_id="new-%s"), paper, Part.BODY),
        "notice": notice,
    }
    status = notice.status if notice else UNPROCESSABLE if bound else 200
    return render(request, "covenants/workshop.html", context, status=status)


def editors(paper: Paper, part: str, bound: Mapping[str, Any]) -> list[tuple[Article, ArticleForm]]:
    """The articles of a part, each with its form: the refused one, or a fresh one."""
    return [
        (article, bound.get(f"article-{article.pk}") or form_of(article, paper))
        for article in paper.articles.standing().filter(part=part)
    ]


def form_of(article: Article, paper: Paper) -> ArticleForm:
    initial = {
        "chapter": article.chapter,
        "heading": article.heading,
        "body": article.body,
        "version": article.revision,
    }
    form = ArticleForm(initial=initial, auto_id=f"article-{article.pk}-%s")
    return fitted(form, paper, article.part)


@require_POST
@on_paper
def header(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    form = HeaderForm(request.POST, auto_id="header-%s").fitted_to(paper)
    if not form.is_valid():
        return refused(request, paper, "header", form, invalid("header", form))
    try:
        saved = drafting.save_header(
            paper, values=form.values, revision=form.revision, actor=request.user
        )
    except Overtaken as overtaken:
        return refused(request, paper, "header", form, conflict("header", form, overtaken))
    return confirmed(request, paper, "header", saved.revision)


@require_POST
@on_paper
def article(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    row = get_object_or_404(paper.articles, pk=pk)
    part = f"article-{pk}"
    form = fitted(ArticleForm(request.POST, auto_id=f"{part}-%s"), paper, row.part)
    if not form.is_valid():
        return refused(request, paper, part, form, invalid(part, form))
    try:
        saved = drafting.save_article(
            row,
            chapter=form.cleaned_data.get("chapter", ""),
            heading=form.cleaned_data["heading"],
            body=form.cleaned_data["body"],
            revision=form.revision,
            actor=request.user,
        )
    except Overtaken as overtaken:
        return refused(request, paper, part, form, conflict(part, form, overtaken))
    except (drafting.Gone, drafting.NotByHand) as refusal:
        return refused(request, paper, part, form, lost(part, form, refusal))
    return confirmed(request, paper, part, saved.revision)


def confirmed(request: Visit, paper: Paper, part: str, revision: int) -> HttpResponse:
    """Saved. htmx gets the new revision and an empty notice; without htmx, a redirect."""
    if not request.htmx:
        at = timezone.localtime()
        messages.success(request, _("Saved at %(time)s.") % {"time": f"{at:%H:%M}"})
        return go(paper, "workshop", anchor=part)
    context = {"part": part, "revision": revision}
    response = render(request, "covenants/partials/part_saved.html", context)
    response["HX-Trigger"] = "paper-saved"
    return response


def refused(request: Visit, paper: Paper, part: str, form: Any, notice: Notice) -> HttpResponse:
    """Not saved: a notice beside the text, which is kept as typed."""
    if not request.htmx:
        return workshop_page(request, paper, bound={part: form}, notice=notice)
    response = render(
        request,
        "covenants/partials/part_notice.html",
        {"notice": notice, "paper": paper},
        status=notice.status,
    )
    response["HX-Retarget"] = f"#notice-{part}"
    response["HX-Reswap"] = "innerHTML"
    return response


def invalid(part: str, form: Any) -> Notice:
    errors = {str(form[name].label): list(map(str, form.errors[name])) for name in form.errors}
    return Notice(part, _("This part is not saved yet. What you typed is kept."), errors=errors)


def conflict(part: str, form: Any, overtaken: Overtaken) -> Notice:
    """Both texts side by side; nothing is overwritten before the writer has seen them."""
    standing = overtaken.standing
    names = [name for name in form.fields if name not in ("version", "overtake")]
    pairs = [
        (str(form[name].label), getattr(standing, name), form.cleaned_data[name])
        for name in names
        if getattr(standing, name) != form.cleaned_data[name]
    ]
    return Notice(
        part,
        str(overtaken),
        standing=[(label, theirs) for label, theirs, mine in pairs],
        typed=[(label, mine) for label, theirs, mine in pairs],
        revision=standing.revision,
        saved=queries.last_save(standing),
    )


def lost(part: str, form: Any, refusal: Refusal) -> Notice:
    names = [name for name in form.fields if name not in ("version", "overtake")]
    typed = [(str(form[name].label), form.cleaned_data[name]) for name in names]
    return Notice(part, str(refusal), typed=typed)


@require_POST
@on_paper
def add_article(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    is_annex = request.POST.get("part") == Part.ANNEX and not paper.is_covenant
    part = Part.ANNEX if is_annex else Part.BODY
    form = fitted(NewArticleForm(request.POST, auto_id="new-%s"), paper, part)
    if not form.is_valid():
        if request.htmx:
            return refused(request, paper, "new", form, invalid("new", form))
        return workshop_page(request, paper, bound={"new": form})
    made = drafting.add_article(paper, **form.cleaned_data, part=part, actor=request.user)
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address(paper, "workshop")})
    return go(paper, "workshop", anchor=f"article-{made.pk}")


@require_POST
@on_paper
def move_article(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    row = get_object_or_404(paper.articles, pk=pk)
    step = -1 if request.POST.get("step") == "-1" else 1
    try:
        drafting.move_article(row, step=step, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return go(paper, "workshop", anchor=f"article-{pk}")


@GET_POST
@on_paper
def remove_article(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    row = get_object_or_404(paper.articles, pk=pk)
    if row.by_portal:
        messages.error(request, str(drafting.NotByHand()))
        return go(paper, "workshop", anchor=f"article-{pk}")
    if request.method == "POST" or row.removed_at:
        # If it was removed meanwhile (a double click, or somebody else), the result is the same.
        with suppress(drafting.Gone):
            drafting.remove_article(row, actor=request.user)
        messages.success(request, _("“%(heading)s” was taken out.") % {"heading": row.heading})
        return go(paper, "workshop")
    context = {"section": "covenants", "paper": paper, "article": row}
    context["comments"] = row.comments.count()
    return render(request, "covenants/remove_article.html", context)


# --- Preview ------------------------------------------------------------------------------------


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@on_paper
def preview(request: Visit, paper: Paper) -> HttpResponse:
    """The draft as it would be printed now; shown in a frame of the drafting page."""
    if paper.document is not None:
        return redirect(address(paper, "download", "van-ban") + "?xem=1")
    response = HttpResponse(printing.preview(paper), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="ban-du-thao.pdf"'
    response["Cache-Control"] = "no-store"
    return response


# --- Legal bases --------------------------------------------------------------------------------


@GET_POST
@on_paper
def bases(request: Visit, paper: Paper) -> HttpResponse:
    require(request.user, "covenants.draft", paper)
    if request.method == "POST":
        if wish := pressed(request.POST):
            press, reference = wish
            papers_bases.rearrange(paper, press=press, reference=reference, actor=request.user)
        return go(paper, "seal" if request.POST.get("back") == "seal" else "bases")
    cited = citations.citations_of(paper)
    day = citations.day_of(paper)
    words = request.GET.get("q", "")
    register = queries.register(day, words=words, cited=[c.reference.pk for c in cited])
    context = {
        **workshop_context(paper, "bases"),
        "cited": cited,
        "register": [(reference, reference.is_in_force_on(day)) for reference in register],
        "own_papers": papers_bases.papers_to_choose(paper),
        "day": day,
        "words": words,
    }
    return render(request, "covenants/bases.html", context)


@require_POST
@on_paper
def cite_papers(request: Visit, paper: Paper) -> HttpResponse:
    """Set which papers of the bloc this one cites."""
    require(request.user, "covenants.draft", paper)
    ticked = [pk for pk in request.POST.getlist("papers") if pk.isdecimal() and len(pk) < 19]
    cited = Paper.objects.visible_to(request.user).filter(pk__in=ticked)
    try:
        papers_bases.cite_papers(paper, cited=cited, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The papers that this one rests on are saved."))
    return go(paper, "bases")


def pressed(data: Mapping[str, str]) -> tuple[str, LegalReference] | None:
    """(act, document) of the button pressed; None if there is none or the document is unknown."""
    for press in ("add", "swap", "remove", "up", "down"):
        if pk := row_number(data.get(press, "")):
            reference = LegalReference.objects.filter(pk=pk).first()
            return (press, reference) if reference else None
    return None
