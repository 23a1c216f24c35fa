"""The public verification pages: by code, by QR code, by uploaded file.

They need no login, write nothing, and show only the paper asked for.
"""

from dataclasses import dataclass, field
from typing import Any

from allauth.core.internal import ratelimit
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from emulation_bloc.lib import pades
from members.records import authority, codes

from ..forms.verification import CodeForm, FileForm, too_big
from ..models import Paper, Party, SigningKey
from ..signing import verification
from ..signing.findings import Change, Finding, Verdict
from .entrance import GET_POST

# Only unknown codes are counted, which limits guessing.
LIMITS = {"guess_code": "20/m/ip", "verify_file": "10/m/ip"}
# Allowance for the form data around the file.
FORM_BYTES = 16 * 1024


def may_go_on(request: HttpRequest, action: str) -> bool:
    """Whether the request is within its limit; counted in the cache shared by all processes."""
    usage = ratelimit.consume(
        request, app="covenants", action=action, config=LIMITS, limit_get=True
    )
    return usage is not None


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


# --- By code ------------------------------------------------------------------------------------


@login_not_required
@never_cache
@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """The paper with this code; its stored bytes are checked on each request."""
    paper = verification.look_up(code)
    if paper is None:
        return unknown_code(request, code)
    return answer(request, verification.check_stored(paper))


def unknown_code(request: HttpRequest, code: str) -> HttpResponse:
    if not may_go_on(request, "guess_code"):
        return too_many(request)
    form = CodeForm({"ma": code})
    form.add_error(
        "ma", _("The portal knows no paper with this code. Compare it letter by letter.")
    )
    return front_page(request, code_form=form, status=404)


# --- By file ------------------------------------------------------------------------------------


class InMemoryOnly(MemoryFileUploadHandler):
    """Keeps an uploaded file out of the file system, temporary folders included."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.activated = True


# csrf_exempt: the page changes nothing and works without cookies, and a token would have to be read
# before a file that is too large could be refused.
@login_not_required
@never_cache
@csrf_exempt
@GET_POST
def verify_file(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return check_upload(request)
    if request.GET.get("ma"):
        return to_code(request)
    return front_page(request)


def to_code(request: HttpRequest) -> HttpResponse:
    form = CodeForm(request.GET)
    if not form.is_valid():
        return front_page(request, code_form=form)
    paper = verification.look_up(form.cleaned_data["ma"])
    if paper is None:
        return unknown_code(request, form.cleaned_data["ma"])
    return HttpResponseRedirect(reverse("covenants_public:verify", args=[paper.code]))


def check_upload(request: HttpRequest) -> HttpResponse:
    if not may_go_on(request, "verify_file"):
        return too_many(request)
    if declared_size(request) > settings.UPLOAD_LIMIT_BYTES + FORM_BYTES:
        return refuse_large(request)
    request.upload_handlers = [InMemoryOnly(request)]
    form = FileForm(request.POST, request.FILES)
    if not form.is_valid():
        return front_page(request, file_form=form)
    content = form.cleaned_data["file"].read()
    return answer(request, verification.check_file(content), of_file=True)


def declared_size(request: HttpRequest) -> int:
    """The Content-Length of the request; 0 if it is missing or not a number."""
    said = request.headers.get("Content-Length") or ""
    # Twenty digits exceed any limit; parsing more would only cost time.
    return int(said[:20]) if said.isdecimal() else 0


def refuse_large(request: HttpRequest) -> HttpResponse:
    form = FileForm(data={})
    form.errors.clear()
    form.add_error("file", too_big())
    return front_page(request, file_form=form, status=413)


def front_page(
    request: HttpRequest,
    *,
    code_form: CodeForm | None = None,
    file_form: FileForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "code_form": code_form or CodeForm(),
        "file_form": file_form or FileForm(),
        "limit": settings.UPLOAD_LIMIT_BYTES,
    }
    return render(request, "covenants/verify_file.html", context, status=status)


# --- The answer ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Answer:
    """The verdict in words; `is_good` if nothing is wrong."""

    heading: str
    sentences: list[str] = field(default_factory=list)
    is_good: bool = False


@dataclass(frozen=True)
class Row:
    """A seat, and "good", "broken", "missing" or "" for its signature in the uploaded file."""

    party: Party
    in_file: str


def answer(request: HttpRequest, finding: Finding, *, of_file: bool = False) -> HttpResponse:
    paper = finding.paper
    context: dict[str, Any] = {
        "answer": WORDING[finding.verdict](finding),
        "verdict": finding.verdict.value,
        "of_file": of_file,
        "paper": paper,
        "record": finding.record,
        "code": codes.grouped(finding.issued.code or "") if finding.issued else "",
        "file_form": FileForm(),
        "limit": settings.UPLOAD_LIMIT_BYTES,
    }
    if paper is not None:
        rows = rows_of(paper, finding if of_file else None)
        context |= {
            "rows": rows,
            "awaited": sum(not row.party.is_given_up for row in rows),
            "signed": sum(row.party.is_signed for row in rows),
        }
    return render(request, "covenants/verify.html", context)


def rows_of(paper: Paper, finding: Finding | None) -> list[Row]:
    parties = paper.parties.select_related("signature", "membership__name")
    states = signature_states(finding)
    return [Row(party, states.get(party.field_name, states.get("", ""))) for party in parties]


def signature_states(finding: Finding | None) -> dict[str, str]:
    """Field -> "good" or "broken"; the key "" has the value for all other fields. Empty unless the
    file is outdated or changed.
    """
    if finding is None or finding.verdict not in (Verdict.OUTDATED, Verdict.CHANGED):
        return {}
    reports = finding.inspection.signatures if finding.inspection else ()
    return {"": "missing"} | {r.field: "good" if r.good else "broken" for r in reports}


def complete(finding: Finding) -> Answer:
    count = finding.seats_in_file
    at = timezone.localtime(finding.of_paper.completed_at)
    return Answer(
        ngettext(
            "The paper is unchanged and carries its %(count)d signature",
            "The paper is unchanged and carries all %(count)d signatures",
            count,
        )
        % {"count": count},
        [
            _("It has not changed since the portal sealed it as complete at %(time)s on %(day)s.")
            % {"time": at.strftime("%H:%M"), "day": at.strftime("%d/%m/%Y")}
        ],
        is_good=True,
    )


def in_signing(finding: Finding) -> Answer:
    numbers = {"count": finding.seats_in_file, "all": finding.of_paper.parties.awaited().count()}
    return Answer(
        _("The paper is unchanged and is being signed: %(count)d of %(all)d") % numbers,
        [_("It is the newest copy, but not every board has signed yet.")],
        is_good=True,
    )


def outdated(finding: Finding) -> Answer:
    count = finding.seats_in_file
    heading = ngettext(
        "An old copy with %(count)d signature, not the newest one",
        "An old copy with %(count)d signatures, not the newest one",
        count,
    )
    return Answer(
        heading % {"count": count},
        [
            _("The portal issued exactly this file, but others signed afterwards."),
            _("Ask for the newest copy, or look at it under the verification code below."),
        ],
    )


def annulled(finding: Finding) -> Answer:
    return Answer(
        _("This paper was annulled"),
        [_("The portal issued exactly this text, and the bloc gave it up before it was complete.")],
    )


def certificate(finding: Finding) -> Answer:
    return Answer(
        _("The certificate of completion is unchanged"),
        [_("It belongs to the paper below. Check the paper itself with its own file.")],
        is_good=True,
    )


def of_record(finding: Finding) -> Answer:
    return Answer(
        _("The paper is unchanged since the portal printed it"),
        [_("The portal printed it from its own records and certified it; nobody signs it here.")],
        is_good=True,
    )


def changed(finding: Finding) -> Answer:
    return Answer(
        _("This file was changed: it is not what the portal issued"),
        [
            CHANGES[finding.change or Change.ALTERED](),
            _("Do not rely on this file. The unchanged paper is stored in the portal."),
        ],
    )


def unknown(finding: Finding) -> Answer:
    return Answer(
        _("The portal does not know this file"),
        [
            _("It never issued a file with this content, and it finds no code of a paper in it."),
            _("A print or a scan is checked by the code at the foot of its pages."),
        ],
    )


def damaged(finding: Finding) -> Answer:
    return Answer(
        _("The portal's own copy of this paper is damaged"),
        [
            _("The portal does not vouch for it until it has been restored from a backup."),
            _("A copy that you hold can still be checked below."),
        ],
    )


WORDING = {
    Verdict.COMPLETE: complete,
    Verdict.IN_SIGNING: in_signing,
    Verdict.OUTDATED: outdated,
    Verdict.ANNULLED: annulled,
    Verdict.CERTIFICATE: certificate,
    Verdict.RECORD: of_record,
    Verdict.CHANGED: changed,
    Verdict.UNKNOWN: unknown,
    Verdict.DAMAGED: damaged,
}
CHANGES = {
    Change.ADDED: lambda: _("Something was added after what the portal issued."),
    Change.CUT: lambda: _("A part at the end is missing."),
    Change.ALTERED: lambda: _("Its content was altered after signing."),
    Change.REWRITTEN: lambda: _(
        "Another program wrote it anew: it may look the same, but its signatures hold no longer."
    ),
    Change.UNREADABLE: lambda: _("It is damaged and cannot be read."),
    Change.UNEXPECTED: lambda: _("Its signatures are not those that the portal recorded."),
}


# --- What other programs need to check for themselves ---------------------------------------------


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def revocation_list(request: HttpRequest) -> HttpResponse:
    """The authority's certificate revocation list (RFC 5280, DER)."""
    revoked = SigningKey.objects.exclude(revoked_at=None).values_list("serial", "revoked_at")
    content = pades.revocation_list(
        authority.keys().authority, [(int(serial, 16), since) for serial, since in revoked if since]
    )
    return HttpResponse(content, content_type="application/pkix-crl")


@login_not_required
@cache_control(public=True, max_age=3600)
@require_safe
def authority_certificate(request: HttpRequest) -> HttpResponse:
    """The authority's certificate (PEM), for checking papers with other programs."""
    return HttpResponse(
        authority.keys().authority.certificate_pem,
        content_type="application/x-x509-ca-cert",
        headers={"Content-Disposition": 'attachment; filename="chung-thu-cong.crt"'},
    )
