"""Logins and posts: people are invited, appointed, given new passwords, and their posts end."""

import datetime as dt
from collections.abc import Iterable
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

from ..models import Bloc, BlocYear, Board, Membership, Person, Post, User
from ..models.people import SIGNING_POSTS, PostKind
from ..permissions import require
from ..records import audit, outbox, recipients


class UsernameTaken(Refusal):
    """Somebody else logs in with this name."""


class NotOfThisBloc(Refusal):
    """The board or person belongs to another bloc."""


class SharedBoard(Refusal):
    """The board takes part in several blocs, whose secretariats have no hold on its people."""


class NotForOneself(Refusal):
    """The secretariat sees to others; its own posts and passwords are somebody else's act."""


class LeadsAnotherBoard(Refusal):
    """A person signs for one board: whoever led two would agree with herself."""


class AlreadyEnded(Refusal):
    """The post ended on a day that is past: its record stays as it is."""


@dataclass(frozen=True)
class Admission:
    """A person with a login, and the one-time link (URL) for setting a password."""

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

    Asks "members.manage_people"; raises NotOfThisBloc, SharedBoard, UsernameTaken. The link works
    once and for two days; it is mailed when there is an address, and shown to the secretariat to
    hand over or print. The leaders of the board are told.
    """
    require(actor, "members.manage_people", year)
    _refuse_foreign_board(year, board)
    _refuse_shared(year, [board] if board else [], actor)
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(_("Somebody already logs in as “%(name)s”.") % {"name": username})
    user = User.objects.create_user(username=username, email=email)
    person = Person.objects.create(user=user, full_name=full_name, email=email, phone=phone)
    post = _place(year.bloc, person, board, kind=kind, title=title, starts_on=starts_on)
    audit.record(
        "members.invited", actor=actor, subject=post, bloc=year.bloc, details=_facts_of(post)
    )
    _tell_of_signing_post(post, "given", actor=actor)
    _tell_of_login(post, actor=actor)
    return _admit(person, template="members/mail/invitation.txt")


def _refuse_foreign_board(year: BlocYear, board: Board | None) -> None:
    if board is not None and board.pk not in year.roles:
        raise NotOfThisBloc(_("That board is not a member of this year."))


def _refuse_shared(year: BlocYear, boards: Iterable[Board], actor: User) -> None:
    """Of a board that acts in an open year of another bloc too, a secretariat sees to nobody: with
    a login of that board, or a post in it, one acts in the other bloc. Who serves in the board
    itself is no stranger there; everybody else asks an administrator (`give_link`)."""
    foreign = {board.pk for board in boards} - {post.board_id for post in actor.current_posts}
    elsewhere = Membership.objects.acted_for_by(foreign).filter(bloc_year__closed_on=None)
    if elsewhere.exclude(bloc_year__bloc=year.bloc_id).exists():
        raise SharedBoard(
            _(
                "This board takes part in more than one bloc: ask an administrator of the portal "
                "to see to the posts and passwords of its people."
            )
        )


def _place(
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


def _facts_of(post: Post) -> dict[str, str]:
    """What the audit chain keeps of a post as text, because rows may be renamed later."""
    where = post.board.code if post.board else str(post.bloc)
    return {"person": post.person.full_name, "kind": post.kind, "place": where}


def _tell_of_signing_post(post: Post, change: str, *, actor: User) -> None:
    """Mail the leaders of the board, and the person, that a signing post was given or ended.

    `change` is "given" or "ended". The secretariat may do either alone, because a board's first
    leader can be appointed by nobody else; so the board must learn of it.
    """
    if post.kind not in SIGNING_POSTS or post.board is None:
        return
    for person in {*recipients.leaders_of([post.board.pk]), post.person}:
        outbox.queue(
            person,
            key=f"members.post_{change}:{post.pk}:{person.pk}:{post.ends_on or ''}",
            template=f"members/mail/post_{change}.txt",
            context={"post": post, "board": _name_today(post.board), "by": audit.actor_name(actor)},
        )


def _tell_of_login(post: Post, *, actor: User) -> None:
    """Mail the leaders of a board that somebody got a login in it; for a signing post
    `_tell_of_signing_post` does."""
    if post.board is None or post.kind in SIGNING_POSTS:
        return
    for leader in recipients.leaders_of([post.board.pk]):
        outbox.queue(
            leader,
            key=f"members.invited:{post.pk}:{leader.pk}",
            template="members/mail/login_given.txt",
            context={"post": post, "board": _name_today(post.board), "by": audit.actor_name(actor)},
        )


def _name_today(board: Board) -> str:
    return board.name_on(timezone.localdate()).name


def _admit(person: Person, *, template: str) -> Admission:
    """A new one-time link for a person, mailed if there is an address; raises Refusal without a
    login."""
    user = _login_of(person)
    link = _one_time_link(user)
    outbox.queue(
        person,
        key=f"members.link:{person.pk}:{timezone.now().isoformat()}",
        template=template,
        context={"link": link, "username": user.get_username()},
    )
    return Admission(person=person, link=link)


def _login_of(person: Person) -> User:
    if person.user is None:
        raise Refusal(_("This person has no login."))
    return person.user


def _one_time_link(user: User) -> str:
    """The URL for setting a new password; void once used and after two days."""
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
    """Void the person's password and give a one-time link; the leaders of the board are told.

    Asks "members.manage_people"; raises NotForOneself, NotOfThisBloc, SharedBoard.
    """
    require(actor, "members.manage_people", year)
    _refuse_oneself(person, actor, _("Nobody resets the own password here: change it instead."))
    refuse_foreign_person(year, person)
    _refuse_shared(year, _boards_served_by(person), actor)
    return _renew(person, bloc=year.bloc, actor=actor)


@transaction.atomic
def give_link(person: Person, *, actor: User) -> Admission:
    """What `reset_password` does, by an administrator of the portal: for the people of boards that
    take part in several blocs. Asks "members.give_link"; raises NotForOneself."""
    require(actor, "members.give_link", person)
    _refuse_oneself(person, actor, _("Nobody resets the own password here: change it instead."))
    return _renew(person, bloc=None, actor=actor)


def _renew(person: Person, *, bloc: Bloc | None, actor: User) -> Admission:
    user = _login_of(person)
    if user.is_staff:
        raise Refusal(_("An administrator's password cannot be reset here."))
    user.set_unusable_password()
    user.save(update_fields=["password"])
    audit.record("members.password_reset", actor=actor, subject=person, bloc=bloc)
    _tell_of_reset(person, by_secretariat=bloc is not None, actor=actor)
    return _admit(person, template="members/mail/new_password.txt")


def _boards_served_by(person: Person) -> list[Board]:
    """The boards in which a person holds a post today or will later."""
    lasting = person.posts.exclude(ends_on__lt=timezone.localdate())
    return [post.board for post in lasting.select_related("board") if post.board]


def _tell_of_reset(person: Person, *, by_secretariat: bool, actor: User) -> None:
    """Mail the other leaders of the person's boards, or the officers of a board that has none:
    whoever opens the link acts as this person."""
    at = timezone.now().isoformat()
    for board in _boards_served_by(person):
        others = [one for one in recipients.leaders_of([board.pk]) if one != person]
        for one in others or [one for one in recipients.officers_of(board.pk) if one != person]:
            outbox.queue(
                one,
                key=f"members.password_reset:{person.pk}:{one.pk}:{at}",
                template="members/mail/password_reset.txt",
                context={
                    "person": person,
                    "by_secretariat": by_secretariat,
                    "by": audit.actor_name(actor),
                },
            )


def _refuse_oneself(person: Person, actor: User, sentence: str) -> None:
    if person.user_id == actor.pk:
        raise NotForOneself(sentence)


def _refuse_second_board(person: Person, board: Board | None, starts_on: dt.date) -> None:
    """Raises LeadsAnotherBoard if the person signs for another board after `starts_on`. Locks the
    person's row, so that two appointments at once cannot both pass."""
    Person.objects.select_for_update().get(pk=person.pk)
    lasting = Q(ends_on__isnull=True) | Q(ends_on__gt=starts_on)
    if person.posts.signing().filter(lasting).exclude(board=board).exists():
        raise LeadsAnotherBoard(
            _("This person signs for another board. End that post first: nobody signs for two.")
        )


def refuse_foreign_person(year: BlocYear, person: Person) -> None:
    """Raises NotOfThisBloc unless the person holds or held a post in this bloc and holds none in
    another: a login opens all blocs of its holder."""
    ours = Q(board__memberships__bloc_year__bloc=year.bloc_id) | Q(bloc=year.bloc_id)
    ours_ever = person.posts.filter(ours)
    elsewhere = person.posts.current().exclude(pk__in=ours_ever)
    if not ours_ever.exists():
        raise NotOfThisBloc(_("That person does not belong to this bloc."))
    if elsewhere.exists():
        raise NotOfThisBloc(
            _("That person serves in another bloc, too: ask an administrator of the portal.")
        )


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
    """Give a person of the bloc a further post from a day on; the board is told of a signing post.

    Asks "members.manage_people"; raises NotForOneself, NotOfThisBloc, SharedBoard,
    LeadsAnotherBoard.
    """
    require(actor, "members.manage_people", year)
    _refuse_oneself(
        person, actor, _("Nobody gives a post to oneself: ask the leader or an administrator.")
    )
    _refuse_foreign_board(year, board)
    refuse_foreign_person(year, person)
    _refuse_shared(year, [board] if board else [], actor)
    if kind in SIGNING_POSTS:
        _refuse_second_board(person, board, starts_on)
    post = _place(year.bloc, person, board, kind=kind, title=title, starts_on=starts_on)
    audit.record(
        "members.appointed", actor=actor, subject=post, bloc=year.bloc, details=_facts_of(post)
    )
    _tell_of_signing_post(post, "given", actor=actor)
    return post


@transaction.atomic
def end_post(year: BlocYear, post: Post, *, ends_on: dt.date, actor: User) -> None:
    """End a post on a day; what was done in it keeps pointing to it.

    Asks "members.manage_people"; raises NotOfThisBloc, SharedBoard, AlreadyEnded.
    """
    require(actor, "members.manage_people", year)
    post = Post.objects.select_for_update().get(pk=post.pk)
    _refuse_foreign_post(year, post)
    _refuse_shared(year, [post.board] if post.board else [], actor)
    if post.ends_on is not None and post.ends_on < timezone.localdate():
        raise AlreadyEnded(_("This post has already ended. Give a new one instead."))
    if ends_on < post.starts_on:
        raise Refusal(_("A post cannot end before it starts."))
    Post.objects.filter(pk=post.pk).update(ends_on=ends_on)
    post.ends_on = ends_on
    details = {**_facts_of(post), "ends_on": ends_on.isoformat()}
    audit.record("members.post_ended", actor=actor, subject=post, bloc=year.bloc, details=details)
    _tell_of_signing_post(post, "ended", actor=actor)


def _refuse_foreign_post(year: BlocYear, post: Post) -> None:
    """Raises NotOfThisBloc unless the post is in a board that ever took part in the bloc, or
    observes it."""
    boards = Membership.objects.filter(bloc_year__bloc=year.bloc_id).values("board")
    ours = Q(board__in=boards) | Q(bloc=year.bloc_id)
    if not Post.objects.filter(ours, pk=post.pk).exists():
        raise NotOfThisBloc(_("That post does not belong to this bloc."))
