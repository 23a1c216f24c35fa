"""Signing on a phone, the receipt, and making a signing key."""

from dataclasses import dataclass
from typing import Any

from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from emulation_bloc.lib.text import title_lines
from emulation_bloc.lib.words import number_in_sentence
from members.models import BlocYear, Person
from members.pages.guards import Visit, enter_year, has_fresh_login
from members.permissions import require
from members.records import codes, letterhead
from members.records.acts import NotNow

from .. import queries
from ..addresses import address
from ..forms.signing import EnrolForm, SignForm, as_data_url
from ..models import Paper, Party, Signature, Version
from ..models.drafts import PaperState
from ..models.kinds import COVENANT
from ..papers import printing
from ..signing import enrolment, pictures, signing
from .entrance import GET_POST

# How many waiting boards the sentence names; the full list is below it.
MOST_NAMED = 6


# --- Signing ------------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("passphrase")
@GET_POST
def sign(
    request: Visit, bloc: str, year: int, pk: int, paper_pk: int | None = None
) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    party = party_here(request, bloc_year, paper_pk, pk)
    require(request.user, "covenants.sign", party)
    if why := why_closed(party):
        return closed_page(request, party, why)
    person = request.user.person
    if enrolment.usable_key(person) is None:
        return to_enrolment(request, bloc_year)
    form = sign_form(request, person)
    if request.method == "POST" and form.is_valid():
        return attempt(request, party, form)
    return sign_page(request, party, form)


def party_here(request: Visit, bloc_year: BlocYear, paper_pk: int | None, pk: int) -> Party:
    """The seat in the paper of the URL, or in a covenant of this year; else 404."""
    seats = Party.objects.visible_to(request.user).filter(paper__bloc_year=bloc_year)
    seats = seats.filter(paper=paper_pk) if paper_pk else seats.filter(paper__kind=COVENANT)
    party = get_object_or_404(
        seats.select_related("paper__document", "membership__name", "signature"), pk=pk
    )
    party.paper.bloc_year = bloc_year
    return party


def why_closed(party: Party) -> str:
    """Why the seat cannot be signed now; "" if it can."""
    try:
        signing.refuse_unless_open(party.paper, party)
    except (signing.AlreadySigned, NotNow) as refusal:
        return str(refusal)
    return ""


def closed_page(request: Visit, party: Party, why: str, *, status: int = 200) -> HttpResponse:
    context = {"paper": party.paper, "party": party, "why": why, "was_refused": status != 200}
    return render(request, "covenants/sign_closed.html", context, status=status)


def to_enrolment(request: Visit, bloc_year: BlocYear) -> HttpResponse:
    enrol_url = reverse("covenants:enrol", args=[bloc_year.bloc.slug, bloc_year.year])
    return HttpResponseRedirect(f"{enrol_url}?{urlencode({'next': request.path})}")


def sign_form(request: Visit, person: Person) -> SignForm:
    kept = pictures.read_picture(person)
    if request.method == "POST":
        return SignForm(request.POST, request.FILES, kept=kept)
    return SignForm(kept=kept, initial={"reuse": True})


def attempt(request: Visit, party: Party, form: SignForm) -> HttpResponse:
    """Sign, or show the refusal with the form kept except the passphrase."""
    passphrase = form.cleaned_data["passphrase"]
    try:
        signature = signing.sign(
            party, passphrase=passphrase, picture=form.picture, actor=request.user
        )
    except enrolment.NotEnrolled as refusal:
        messages.error(request, str(refusal))
        return to_enrolment(request, party.paper.bloc_year)
    except (signing.AlreadySigned, signing.NamesAnotherBoard, NotNow) as refusal:
        return closed_page(request, party, str(refusal), status=409)
    except (enrolment.WrongPassphrase, enrolment.SigningLocked) as refusal:
        form.refuse_passphrase(str(refusal))
        return sign_page(request, party, form)
    keep_picture(request, signature, form)
    return HttpResponseRedirect(address(party.paper, "receipt", party.pk))


def keep_picture(request: Visit, signature: Signature, form: SignForm) -> None:
    if form.picture_to_keep is not None:
        pictures.store_picture(
            request.user.person,
            png=form.picture_to_keep,
            at=signature.signed_at,
            actor=request.user,
        )


def sign_page(request: Visit, party: Party, form: SignForm) -> HttpResponse:
    paper = party.paper
    content = sealed_content(paper)
    seats = queries.seats_of(paper)
    key = enrolment.usable_key(request.user.person)
    context = {
        "paper": paper,
        "party": party,
        "form": form,
        "kept_url": as_data_url(form.kept) if form.kept else "",
        "content": content,
        "printed": printing.context_of(paper, content, seats, paper.code or ""),
        "targets": targets_of(party, seats, content),
        "progress": Progress.of_seats(seats, party),
        "as_printed": title_lines(party.printed_board, 26),
        "title_lines": letterhead.post_lines(party.printed_post, party.signs_for),
        "signer": request.user.person.full_name,
        "locked": enrolment.locked_sentence(key) if key and key.is_locked else "",
    }
    return render(request, "covenants/sign.html", context)


def sealed_content(paper: Paper) -> dict[str, Any]:
    return paper.versions.filter(occasion=Version.Occasion.SEALING).latest("number").content


def targets_of(party: Party, seats: list[Party], content: dict[str, Any]) -> list[tuple[Any, str]]:
    """(indicator, figure) of this board; seats and rows were frozen in the same order."""
    row = [seat.pk for seat in seats].index(party.pk)
    return list(zip(content["indicators"], content["targets"][row]["figures"], strict=True))


@dataclass(frozen=True)
class Progress:
    """How many boards have signed, and which have not."""

    seats: list[Party]
    mine: Party
    signed: int
    waiting: list[Party]

    @classmethod
    def of_seats(cls, seats: list[Party], mine: Party) -> "Progress":
        seats = [seat for seat in seats if not seat.is_given_up]
        waiting = [seat for seat in seats if not seat.is_signed]
        return cls(seats, mine, len(seats) - len(waiting), waiting)

    @property
    def sentence(self) -> str:
        if not self.signed:
            return _("No board has signed yet")
        said = _("%(signed)s of %(all)s boards have signed") % {
            "signed": number_in_sentence(self.signed),
            "all": number_in_sentence(len(self.seats)),
        }
        return said[:1].upper() + said[1:]

    @property
    def named(self) -> list[Party]:
        """The waiting boards to name: the user's own, and others up to MOST_NAMED."""
        others = [seat for seat in self.waiting if seat != self.mine]
        shown = {self.mine.pk, *(seat.pk for seat in others[: MOST_NAMED - 1])}
        return [seat for seat in self.waiting if seat.pk in shown]

    @property
    def not_named(self) -> int:
        return len(self.waiting) - len(self.named)


# --- Receipt ------------------------------------------------------------------------------------


@require_safe
def receipt(
    request: Visit, bloc: str, year: int, pk: int, paper_pk: int | None = None
) -> HttpResponse:
    """What was signed, when, and the SHA-256 of the paper at that time."""
    party = party_here(request, enter_year(request, bloc, year), paper_pk, pk)
    if not party.is_signed:
        raise Http404
    context = {
        "paper": party.paper,
        "party": party,
        "signature": party.signature,
        "code": codes.grouped(party.paper.code or ""),
        "is_mine": request.user.has_perm("covenants.sign", party),
        "is_complete": party.paper.state == PaperState.COMPLETE,
        "waiting": party.paper.parties.waiting().count(),
    }
    return render(request, "covenants/receipt.html", context)


# --- The signing key ----------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("passphrase", "again")
@GET_POST
def enrol(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Make a signing key, or show the one in use.

    Requires a login of the last minutes, so that somebody who finds an unlocked phone cannot make a
    key and sign with it.
    """
    bloc_year = enter_year(request, bloc, year)
    person = holder(request)
    if request.POST.get("act") == "forget":
        return forget_picture(request, person)
    if not has_fresh_login(request):
        return ask_for_login(request)
    form = EnrolForm(request.POST or None)
    if form.is_valid() and made(request, person, form):
        return HttpResponseRedirect(way_on(request, bloc_year))
    return enrol_page(request, person, form)


def holder(request: Visit) -> Person:
    """The user's person; 403 if the user has none (administrators) or may not hold a key."""
    person = Person.objects.filter(user=request.user).first()
    if person is None:
        raise PermissionDenied(_("Only leaders hold a signing key, each their own."))
    require(request.user, "covenants.hold_key", person)
    return person


def ask_for_login(request: Visit) -> HttpResponse:
    """Ask for a login on a GET only: allauth would store a POST with its passphrase in
    the session.
    """
    if request.method == "POST":
        messages.info(request, _("Your login is too old for this. Nothing was changed."))
        return HttpResponseRedirect(request.get_full_path())
    raise ReauthenticationRequired


def made(request: Visit, person: Person, form: EnrolForm) -> bool:
    passphrase = form.cleaned_data["passphrase"]
    try:
        enrolment.enrol(person, passphrase=passphrase, actor=request.user)
    except (enrolment.WeakPassphrase, enrolment.SigningLocked) as refusal:
        form.add_error("passphrase", str(refusal))
        return False
    messages.success(request, _("Your signing key is ready."))
    return True


def way_on(request: Visit, bloc_year: BlocYear) -> str:
    """The URL of the paper to be signed, else of this page."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return request.path


def enrol_page(request: Visit, person: Person, form: EnrolForm) -> HttpResponse:
    kept = pictures.read_picture(person)
    context = {
        "form": form,
        "key": enrolment.usable_key(person),
        "has_old_key": person.signing_keys.in_use().exists(),
        "post_held": enrolment.signing_post(person),
        "kept_url": as_data_url(kept) if kept else "",
        "goes_on": bool(request.GET.get("next")),
    }
    return render(request, "covenants/enrol.html", context)


def forget_picture(request: Visit, person: Person) -> HttpResponse:
    pictures.delete_picture(person, actor=request.user)
    messages.success(request, _("Your signature picture is no longer kept."))
    return HttpResponseRedirect(request.path)
