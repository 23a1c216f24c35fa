"""People come, go and forget their passwords; the secretariat sees to it on the spot."""

import datetime as dt
from dataclasses import dataclass

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

from . import audit, outbox
from .models import Bloc, BlocYear, Board, Person, Post, User
from .models.people import PostKind
from .permits import demand


class UsernameTaken(Refusal):
    """Somebody else logs in with this name."""


class NotOfThisBloc(Refusal):
    """The board or person belongs to another bloc."""


@dataclass(frozen=True)
class Admission:
    """A login that was given, and the one-time link with which its holder sets a password."""

    person: Person
    link: str


@transaction.atomic
def invite(
    year: BlocYear,
    *,
    full_name: str,
    username: str,
    email: str,
    phone: str,
    board: Board | None,
    kind: str,
    title: str,
    starts_on: dt.date,
    actor: User,
) -> Admission:
    """Give a new person a post and a login; without a board the person observes the bloc.

    Asks "members.manage_people". The link works once and for two days; it is mailed when there
    is an address, and shown to the secretariat to hand over or print.
    """
    demand(actor, "members.manage_people", year)
    refuse_foreign_board(year, board)
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(_("Somebody already logs in as “%(name)s”.") % {"name": username})
    user = User.objects.create_user(username=username, email=email)
    person = Person.objects.create(user=user, full_name=full_name, email=email, phone=phone)
    post = place(year.bloc, person, board, kind=kind, title=title, starts_on=starts_on)
    audit.record("members.invited", actor=actor, subject=post, bloc=year.bloc)
    return admit(person, template="members/mail/invitation.txt")


def refuse_foreign_board(year: BlocYear, board: Board | None) -> None:
    if board is not None and board.pk not in year.roles:
        raise NotOfThisBloc(_("That board is not a member of this year."))


def place(
    bloc: Bloc,
    person: Person,
    board: Board | None,
    *,
    kind: str,
    title: str,
    starts_on: dt.date,
) -> Post:
    return Post.objects.create(
        person=person,
        board=board,
        bloc=bloc if kind == PostKind.OBSERVER else None,
        kind=kind,
        title=title,
        starts_on=starts_on,
    )


def admit(person: Person, *, template: str) -> Admission:
    """A fresh one-time link for a person with a login, mailed where there is an address."""
    user = login_of(person)
    link = one_time_link(user)
    outbox.queue(
        person,
        key=f"members.link:{person.pk}:{timezone.now().isoformat()}",
        template=template,
        context={"link": link, "username": user.get_username()},
    )
    return Admission(person=person, link=link)


def login_of(person: Person) -> User:
    if person.user is None:
        raise Refusal(_("This person has no login."))
    return person.user


def one_time_link(user: User) -> str:
    """Where the holder of a login sets a new password; void after use and after two days."""
    path: str = reverse(
        "account_reset_password_from_key",
        kwargs={
            "uidb36": user_pk_to_url_str(user),
            "key": default_token_generator.make_token(user),
        },
    )
    return f"{settings.PUBLIC_URL}{path}"


@transaction.atomic
def reset_password(year: BlocYear, person: Person, *, actor: User) -> Admission:
    """Void the person's password and give a one-time link. Asks "members.manage_people"."""
    demand(actor, "members.manage_people", year)
    refuse_foreign_person(year, person)
    user = login_of(person)
    if user.is_staff:
        raise Refusal(_("An administrator's password cannot be reset here."))
    user.set_unusable_password()
    user.save(update_fields=["password"])
    audit.record("members.password_reset", actor=actor, subject=person, bloc=year.bloc)
    return admit(person, template="members/mail/new_password.txt")


def refuse_foreign_person(year: BlocYear, person: Person) -> None:
    """Only people who served this bloc and serve no other: a login reaches all its blocs."""
    ours = Q(board__memberships__bloc_year__bloc=year.bloc_id) | Q(bloc=year.bloc_id)
    ours_ever = person.posts.filter(ours)
    elsewhere = person.posts.current().exclude(pk__in=ours_ever)
    if not ours_ever.exists() or elsewhere.exists():
        raise NotOfThisBloc(_("That person does not belong to this bloc alone."))


@transaction.atomic
def appoint(
    year: BlocYear,
    person: Person,
    *,
    board: Board | None,
    kind: str,
    title: str,
    starts_on: dt.date,
    actor: User,
) -> Post:
    """Give a person of the bloc a further post from a day on."""
    demand(actor, "members.manage_people", year)
    refuse_foreign_board(year, board)
    refuse_foreign_person(year, person)
    post = place(year.bloc, person, board, kind=kind, title=title, starts_on=starts_on)
    audit.record("members.appointed", actor=actor, subject=post, bloc=year.bloc)
    return post


@transaction.atomic
def end_post(year: BlocYear, post: Post, *, ends_on: dt.date, actor: User) -> None:
    """End a post on a day; what was done in it stays under it for ever."""
    demand(actor, "members.manage_people", year)
    if post.board_id not in year.boards and post.bloc_id != year.bloc_id:
        raise NotOfThisBloc(_("That post does not belong to this bloc."))
    if ends_on < post.starts_on:
        raise Refusal(_("A post cannot end before it starts."))
    Post.objects.filter(pk=post.pk).update(ends_on=ends_on)
    audit.record(
        "members.post_ended",
        actor=actor,
        subject=post,
        bloc=year.bloc,
        details={"ends_on": ends_on.isoformat()},
    )
