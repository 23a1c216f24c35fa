"""The ceremony screen for a projector: signatures appear as leaders sign."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from emulation_bloc.lib.text import official_date
from members.pages.guards import Visit, enter_year
from members.records import codes, files

from .. import queries
from ..models import Paper, Party, Signature
from .entrance import on_paper

PICTURE = "post__person__signature_picture"


@dataclass(frozen=True)
class Seat:
    """A seat on the screen; `picture` is the SHA-256 of the signer's stored picture, or ""."""

    party: Party
    picture: str


@require_safe
def wall(request: Visit, bloc: str, year: int) -> HttpResponse:
    paper = queries.covenant_of(enter_year(request, bloc, year))
    if paper is None or paper.is_editable:
        return render(request, "covenants/wall.html")
    return render(request, "covenants/wall.html", wall_context(paper))


@require_safe
@cache_control(private=True, no_cache=True)
@on_paper
def wall_seats(request: Visit, paper: Paper) -> HttpResponse:
    """The seats only, polled every two seconds; 304 if nothing changed."""
    if paper.is_editable:
        raise Http404
    context = wall_context(paper)
    unchanged = get_conditional_response(request, etag=context["etag"])
    if unchanged is not None:
        return unchanged
    response = render(request, "covenants/wall_seats.html", context)
    response["ETag"] = context["etag"]
    return response


def wall_context(paper: Paper) -> dict[str, Any]:
    seats = seats_of(paper)
    etag = etag_of(paper, seats)
    return {
        "paper": paper,
        "seats": seats,
        "awaited": sum(not seat.party.is_given_up for seat in seats),
        "signed": sum(seat.party.is_signed for seat in seats),
        "etag": etag,
        "if_none_match": json.dumps({"If-None-Match": etag}),
        "code": codes.grouped(paper.code or ""),
        "official_date": official_date(paper.dated_on) if paper.dated_on else "",
    }


def seats_of(paper: Paper) -> list[Seat]:
    shown = dict(pictures_of(paper).values_list("party", PICTURE + "__file__sha256"))
    return [Seat(party, shown.get(party.pk, "")) for party in queries.seats_of(paper)]


def pictures_of(paper: Paper) -> QuerySet[Signature]:
    """The signatures whose signer had stored a picture by then and still has it."""
    return Signature.objects.filter(
        party__paper=paper, **{PICTURE + "__kept_at__lte": F("signed_at")}
    ).order_by()


def etag_of(paper: Paper, seats: list[Seat]) -> str:
    """A hash of everything shown, and of the language, which is in the session."""
    shown = [
        get_language(),
        paper.state,
        paper.newest.sha256,
        *(seat.picture for seat in seats),
        *(seat.party.is_given_up for seat in seats),
    ]
    return quote_etag(hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32])


@require_safe
@cache_control(private=True, max_age=3600)
@on_paper
def seat_picture(request: Visit, paper: Paper, pk: int) -> HttpResponse:
    """The stored picture of the seat's signer."""
    signature = get_object_or_404(pictures_of(paper).select_related(PICTURE + "__file"), party=pk)
    return HttpResponse(
        files.read_content(signature.post.person.signature_picture.file),
        content_type="image/png",
        headers={"X-Content-Type-Options": "nosniff"},
    )
