"""Text from outside: pasted from a word processor, or attached as a PDF."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emulation_bloc.lib import pasted
from members.pages.guards import Visit
from members.permissions import require

from ..forms.adoption import AttachmentForm, PasteForm
from ..models import Paper
from ..papers import drafting
from .drafting import UNPROCESSABLE, workshop_context
from .entrance import GET_POST, go, on_paper


@GET_POST
@on_paper
def paste(request: Visit, paper: Paper) -> HttpResponse:
    """Show what was found in the pasted text; a second POST adds it to the paper."""
    require(request.user, "covenants.draft", paper)
    form = PasteForm(request.POST if request.method == "POST" else None)
    context = workshop_context(paper, "paste") | {"form": form}
    if not form.is_valid():
        status = UNPROCESSABLE if form.is_bound else 200
        return render(request, "covenants/paste.html", context, status=status)
    lines = lines_of(form.cleaned_data)
    found = pasted.parts(lines)
    if not form.takes(found):
        return render(request, "covenants/paste.html", context, status=UNPROCESSABLE)
    if request.POST.get("act") == "take" and found.sections:
        return take(request, paper, found)
    return render(request, "covenants/paste.html", context | preview_of(lines, found))


def lines_of(cleaned: dict[str, str]) -> list[str]:
    """The lines of the pasted HTML, or of the plain text if there is none."""
    from_page = pasted.lines_of_html(cleaned["html"]) if cleaned["html"] else []
    return from_page or pasted.lines_of_text(cleaned["text"])


def preview_of(lines: list[str], found: pasted.Pasted) -> dict[str, Any]:
    """Context of the preview; `cleaned` is sent back by the second POST."""
    return {"found": found, "cleaned": "\n".join(lines)}


def take(request: Visit, paper: Paper, found: pasted.Pasted) -> HttpResponse:
    added = drafting.add_pasted(paper, found=found, actor=request.user)
    sentence = ngettext("%(count)d part is added.", "%(count)d parts are added.", added)
    messages.success(request, sentence % {"count": added})
    return go(paper, "workshop", anchor="articles")


@GET_POST
@on_paper
def attachment(request: Visit, paper: Paper) -> HttpResponse:
    """Attach a PDF as the text of the paper, or remove it."""
    require(request.user, "covenants.draft", paper)
    if request.POST.get("act") == "detach":
        drafting.detach(paper, actor=request.user)
        messages.success(request, _("The attached text is taken out."))
        return go(paper, "attachment")
    is_sent = request.method == "POST"
    form = AttachmentForm(request.POST, request.FILES) if is_sent else AttachmentForm()
    if form.is_valid():
        content = form.cleaned_data["file"]
        drafting.attach(paper, content=content, name=form.name, actor=request.user)
        messages.success(request, _("The text is attached."))
        return go(paper, "attachment")
    context = workshop_context(paper, "attachment") | {"form": form}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/attachment.html", context, status=status)
