"""Revoking a signing key: by its holder, or by the secretariat for somebody else."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import Person
from members.pages.guards import Visit, enter_year, require_fresh_login
from members.permissions import require
from members.queries import people_of_bloc

from ..forms.signing import RevokeForm
from ..models import SigningKey
from ..signing import enrolment
from .entrance import GET_POST
from .signing import holder

UNPROCESSABLE = 422


@GET_POST
def revoke(request: Visit, bloc: str, year: int) -> HttpResponse:
    enter_year(request, bloc, year)
    person = holder(request)
    back = reverse("covenants:enrol", args=[bloc, year])

    def act(key: SigningKey, reason: str) -> None:
        enrolment.revoke(key, reason=reason, actor=request.user)

    return page(request, person, back, act)


@GET_POST
def revoke_of(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    person = get_object_or_404(people_of_bloc(bloc_year, request.user), pk=pk)
    require(request.user, "members.manage_people", bloc_year)
    back = reverse("members:person", args=[bloc, year, pk])

    def act(key: SigningKey, reason: str) -> None:
        enrolment.revoke_of_member(bloc_year, key.person, reason=reason, actor=request.user)

    return page(request, person, back, act)


def page(
    request: Visit, person: Person, back: str, act: Callable[[SigningKey, str], None]
) -> HttpResponse:
    """Confirm with a reason, then revoke; requires a fresh login."""
    key = SigningKey.objects.in_use().select_related("person").filter(person=person).first()
    if key is None:
        messages.info(request, _("There is no signing key in use."))
        return HttpResponseRedirect(back)
    form = RevokeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        require_fresh_login(request)
        try:
            act(key, form.cleaned_data["reason"])
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The signing key has ended; its holder is told by mail."))
        return HttpResponseRedirect(back)
    context = {"section": "members", "form": form, "key": key, "holder": person, "back": back}
    status = UNPROCESSABLE if form.is_bound else 200
    return render(request, "covenants/revoke.html", context, status=status)
