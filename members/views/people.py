import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from emulation_bloc.lib import qr
from emulation_bloc.lib.refusal import Refusal
from members import queries
from members.forms.people import EndPostForm, InviteForm, PeopleFilter, PostForm
from members.models import BlocYear, Person
from members.models.people import SIGNING_POSTS
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit, enter_year, require_fresh_login
from members.people import appointments
from members.permissions import require

PAGE_SIZE = 50
SHOWN_ONCE = "members.admission"
LINK_LASTS = dt.timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
def people(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    wanted = PeopleFilter(
        request.GET,
        queryset=queries.posts_of_bloc(bloc_year, request.user),
        boards=queries.board_names(bloc_year),
    )
    posts = sorted(wanted.qs, key=lambda post: queries.by_given_name(post.person.full_name))
    rows = queries.post_rows(bloc_year, posts)
    if asks_for_excel(request):
        return people_as_excel(bloc_year, rows)
    context = {
        "section": "members",
        "filter": wanted,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "is_filtered": any(request.GET.get(name) for name in wanted.filters),
        "may_manage": request.user.has_perm("members.manage_people", bloc_year),
    }
    return render(request, "members/people.html", context)


def people_as_excel(bloc_year: BlocYear, rows: list[queries.PostRow]) -> HttpResponse:
    headings = [
        _("Full name"),
        _("Post"),
        _("Kind of post"),
        _("Board"),
        _("From"),
        _("Until"),
        _("Telephone"),
        _("E-mail"),
    ]
    table = (
        (
            row.post.person.full_name,
            row.post.title,
            row.post.get_kind_display(),
            row.place,
            row.post.starts_on,
            row.post.ends_on,
            row.post.person.phone,
            row.post.person.email,
        )
        for row in rows
    )
    filename = f"nhan-su-{bloc_year.bloc.slug}-{bloc_year.year}"
    return excel(filename, _("People and posts"), headings, table)


@require_safe
def person(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    found = person_here(request, bloc_year, pk)
    context = {
        "section": "members",
        "found": found,
        "rows": queries.post_rows(bloc_year, queries.posts_of_person(found, request.user)),
        "may_manage": request.user.has_perm("members.manage_people", bloc_year),
    }
    return render(request, "members/person.html", context)


def person_here(request: Visit, bloc_year: BlocYear, pk: int) -> Person:
    visible = queries.people_of_bloc(bloc_year, request.user).select_related("user")
    return get_object_or_404(visible, pk=pk)


@GET_POST
def invite(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_people", bloc_year)
    form = InviteForm(request.POST or None, year=bloc_year)
    if form.is_valid():
        require_login_for(request, form.cleaned_data["kind"])
        try:
            admitted = appointments.invite(bloc_year, **form.cleaned_data, actor=request.user)
        except appointments.UsernameTaken as refusal:
            form.add_error("username", str(refusal))
        else:
            return show_once(request, bloc_year, admitted)
    return render(request, "members/invite.html", {"section": "members", "form": form})


def require_login_for(request: Visit, kind: str) -> None:
    """Posts that may sign are changed only with a recent login."""
    if kind in SIGNING_POSTS:
        require_fresh_login(request)


def show_once(
    request: Visit, bloc_year: BlocYear, admitted: appointments.Admission
) -> HttpResponse:
    """Pass the one-time link to the next page in the session, so that a reload repeats nothing."""
    request.session[SHOWN_ONCE] = {"person": admitted.person.pk, "link": admitted.link}
    return redirect("members:admission", bloc=bloc_year.bloc.slug, year=bloc_year.year)


@require_safe
def admission(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The slip with the one-time link; shown once."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_people", bloc_year)
    kept = request.session.pop(SHOWN_ONCE, None)
    if kept is None:
        messages.info(
            request,
            _("A link is shown only once. If it was lost, reset the password to get a new one."),
        )
        return redirect("members:people", bloc=bloc, year=year)
    context = {
        "section": "members",
        "found": person_here(request, bloc_year, kept["person"]),
        "link": kept["link"],
        "code": qr.svg(kept["link"]),
        "valid_until": timezone.localtime() + LINK_LASTS,
    }
    return render(request, "members/admission.html", context)


@GET_POST
def appoint(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    found = person_here(request, bloc_year, pk)
    require(request.user, "members.manage_people", bloc_year)
    form = PostForm(request.POST or None, year=bloc_year)
    if form.is_valid():
        require_login_for(request, form.cleaned_data["kind"])
        try:
            post = appointments.appoint(bloc_year, found, **form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(post)s: the post is held from now on.") % {"post": post})
            return redirect("members:person", bloc=bloc, year=year, pk=pk)
    context = {"section": "members", "form": form, "found": found}
    return render(request, "members/appoint.html", context)


@GET_POST
def end_post(request: Visit, bloc: str, year: int, pk: int, post_pk: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    found = person_here(request, bloc_year, pk)
    posts = queries.posts_of_bloc(bloc_year, request.user).filter(person=found)
    post = get_object_or_404(posts, pk=post_pk)
    require(request.user, "members.manage_people", bloc_year)
    form = EndPostForm(request.POST or None)
    if form.is_valid():
        require_login_for(request, post.kind)
        try:
            appointments.end_post(bloc_year, post, **form.cleaned_data, actor=request.user)
        except Refusal as refusal:
            form.add_error("ends_on", str(refusal))
        else:
            messages.success(request, _("%(post)s: the last day is recorded.") % {"post": post})
            return redirect("members:person", bloc=bloc, year=year, pk=pk)
    context = {
        "section": "members",
        "form": form,
        "found": found,
        "ending": queries.post_rows(bloc_year, [post])[0],
    }
    return render(request, "members/end_post.html", context)


@GET_POST
def reset_password(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    found = person_here(request, bloc_year, pk)
    require(request.user, "members.manage_people", bloc_year)
    if request.method == "POST":
        require_fresh_login(request)
        try:
            admitted = appointments.reset_password(bloc_year, found, actor=request.user)
        except Refusal as refusal:
            messages.error(request, str(refusal))
        else:
            return show_once(request, bloc_year, admitted)
    context = {"section": "members", "found": found}
    return render(request, "members/reset_password.html", context)
