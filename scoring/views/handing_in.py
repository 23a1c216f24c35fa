"""Signing a sheet off: what is still missing, what will happen, and the leader's confirmation."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from members.models.people import SIGNING_POSTS
from members.pages.guards import Visit, require_fresh_login
from members.permissions import require
from members.records.acts import NotNow

from ..models import Sheet
from ..rules import serves_in
from ..sheets import submitting
from ..sheets.sheet_page import build_sheet_page
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go, on_sheet


@GET_POST
@on_sheet
def submit(request: Visit, sheet: Sheet) -> HttpResponse:
    if is_over(request, sheet):
        messages.info(request, _("The sheet has been submitted already."))
        return go(sheet.scoring.bloc_year, "sheet", sheet.pk)
    require(request.user, "scoring.sign_off", sheet)
    if request.method != "POST":
        return submit_page(request, sheet)
    require_fresh_login(request)
    try:
        submitting.submit(sheet, actor=request.user)
    except submitting.Incomplete as refusal:
        return submit_page(request, sheet, str(refusal), status=UNPROCESSABLE)
    except NotNow as refusal:
        return submit_page(request, sheet, str(refusal), status=CONFLICT)
    messages.success(request, _("The sheet was sent to the %(head)s.") % {"head": sheet.goes_to})
    return go(sheet.scoring.bloc_year, "sheet", sheet.pk)


def is_over(request: Visit, sheet: Sheet) -> bool:
    """Whether a leader of the board opens a sheet that is submitted already, by a second click or
    by another leader."""
    return not sheet.is_with_the_board and serves_in(
        request.user, sheet.membership.acting_board_id, SIGNING_POSTS
    )


def submit_page(
    request: Visit, sheet: Sheet, refusal: str = "", *, status: int = 200
) -> HttpResponse:
    full = build_sheet_page(sheet, reader=request.user)
    context = {
        "section": "scoring",
        "scoring": sheet.scoring,
        "sheet": sheet,
        "full": full,
        "refusal": refusal,
        "disputed": [row for row in full.rows if row.line.dispute],
    }
    return render(request, "scoring/submit.html", context, status=status)
