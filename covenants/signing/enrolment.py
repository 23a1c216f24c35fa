"""Signing keys of leaders: issuing, unlocking with a passphrase, revoking."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from cryptography.x509 import load_pem_x509_certificate
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emulation_bloc.lib import keyvault
from emulation_bloc.lib.pades import KeyPair, issue, read_certificate
from emulation_bloc.lib.pades.certificates import tidy_name
from emulation_bloc.lib.refusal import Refusal
from members.models import Bloc, BlocYear, Person, Post, User
from members.models.people import PostKind
from members.people import appointments
from members.permissions import require
from members.records import audit, outbox
from members.records.acts import ReasonMissing
from members.records.authority import keys

from ..models import SigningKey

MOST_WRONG = 5
LOCKED_FOR = dt.timedelta(minutes=15)


class NotEnrolled(Refusal):
    """The person has no signing key that can be used today."""


class WeakPassphrase(Refusal):
    """The passphrase is too short, too common, or the login password."""


class WrongPassphrase(Refusal):
    """The passphrase does not open the key; the attempt was counted."""


class SigningLocked(Refusal):
    """MOST_WRONG wrong passphrases in a row: signing is locked for LOCKED_FOR."""


@transaction.atomic
def enrol(person: Person, *, passphrase: str, actor: User) -> SigningKey:
    """Issue a signing key to the person, encrypted under the passphrase.

    A key in use is revoked in the same transaction and the person is told by mail. A locked key is
    not replaced, as that would bypass the lock. Asks "covenants.hold_key"; raises WeakPassphrase,
    SigningLocked.
    """
    require(actor, "covenants.hold_key", person)
    _refuse_weak(passphrase, actor)
    # One enrolment of a person at a time: the second revokes the key of the first.
    Person.objects.select_for_update().get(pk=person.pk)
    _replace_key(person)
    pair = _issue_to(person, signing_post(person))
    key = SigningKey.objects.create(
        person=person,
        serial=_serial_of(pair),
        certificate=pair.certificate_pem,
        sealed_private_key=keyvault.seal(
            pair.private_key_pem, passphrase=passphrase, server_key=keys().server_key
        ),
        made_at=timezone.now(),
    )
    audit.record("covenants.enrolled", actor=actor, subject=key, bloc=None)
    outbox.queue(
        person,
        key=f"covenants.enrolled:{key.pk}",
        template="covenants/mail/enrolled.txt",
        context={"key": key},
    )
    return key


def _replace_key(person: Person) -> None:
    """Revoke the person's key in use, if any. Raises SigningLocked if any key of the person is
    locked, revoked ones included, as a new key would bypass the lock.
    """
    keys_made = SigningKey.objects.select_for_update().filter(person=person)
    for key in keys_made:
        if key.is_locked:
            raise SigningLocked(locked_sentence(key))
    keys_made.in_use().update(revoked_at=timezone.now(), revoked_reason="Thay bằng khóa mới")


def _refuse_weak(passphrase: str, actor: User) -> None:
    if actor.check_password(passphrase):
        raise WeakPassphrase(_("The signing passphrase must differ from the login password."))
    try:
        validate_password(passphrase, actor)
    except ValidationError as error:
        raise WeakPassphrase(" ".join(error.messages)) from error


def _issue_to(person: Person, post: Post) -> KeyPair:
    board = post.board.name_on(timezone.localdate()).name if post.board else ""
    return issue(keys().authority, name=person.full_name, organisation=board, title=post.title)


def signing_post(person: Person) -> Post:
    """The signing post held today, a leader's before a deputy's. The person must hold one."""
    return _foremost(person.posts.current().signing().select_related("board").order_by("pk"))


def _foremost(posts: Iterable[Post]) -> Post:
    return min(posts, key=lambda post: post.kind != PostKind.LEADER)


def _serial_of(pair: KeyPair) -> str:
    return format(load_pem_x509_certificate(pair.certificate_pem).serial_number, "x")


def usable_key(person: Person) -> SigningKey | None:
    """The person's key in use, None if its certificate is out of date; see `speaks_as`."""
    key = SigningKey.objects.in_use().filter(person=person).first()
    return key if key is not None and _is_up_to_date(key) else None


def usable_keys(posts: Iterable[Post]) -> dict[int, SigningKey]:
    """Person id -> usable key, for many people in a constant number of queries.

    `posts` are all signing posts that these people hold today, ordered by id.
    """
    held: dict[int, list[Post]] = defaultdict(list)
    for post in posts:
        held[post.person_id].append(post)
    keys = SigningKey.objects.in_use().filter(person__in=held).select_related("person")
    return {key.person_id: key for key in keys if speaks_as(key, _foremost(held[key.person_id]))}


def _is_up_to_date(key: SigningKey) -> bool:
    """Whether the certificate fits today's post: after a change of post or board it must
    not sign.
    """
    return speaks_as(key, signing_post(key.person))


def speaks_as(key: SigningKey, post: Post) -> bool:
    """Whether the certificate is in date and names the holder, this post and its board.

    Any name that the board has had is accepted.
    """
    facts = read_certificate(bytes(key.certificate))
    names = [name.name for name in post.board.names.all()] if post.board else []
    return (
        timezone.now() < facts.valid_until
        and (facts.name, facts.title) == (tidy_name(key.person.full_name), tidy_name(post.title))
        and facts.organisation in map(tidy_name, names)
    )


def unlock(person: Person, *, passphrase: str) -> tuple[SigningKey, KeyPair]:
    """The person's key with its decrypted key pair. Raises NotEnrolled, WrongPassphrase,
    SigningLocked.

    A wrong passphrase is counted in a transaction of its own under the key's row lock. So the count
    survives when the caller's act fails, and simultaneous attempts are counted one by one.
    """
    with transaction.atomic(durable=True):
        key = _key_in_use(person)
        if key.is_locked:
            raise SigningLocked(locked_sentence(key))
        pair = open_key(key, passphrase)
        if pair is None:
            _count_wrong(key)
        elif key.wrong_passphrases:
            SigningKey.objects.filter(pk=key.pk).update(wrong_passphrases=0, locked_until=None)
    if pair is None:
        raise _refusal_after_wrong(key)
    return key, pair


def _key_in_use(person: Person) -> SigningKey:
    key = SigningKey.objects.in_use().select_for_update().filter(person=person).first()
    if key is None:
        raise NotEnrolled(_("You have no signing key yet. Make one first; it takes a minute."))
    if not _is_up_to_date(key):
        raise NotEnrolled(
            _("Your signing key has run out or names a former post. Make a new one first.")
        )
    return key


def open_key(key: SigningKey, passphrase: str) -> KeyPair | None:
    """The decrypted key pair, None if the passphrase is wrong. Raises NotEnrolled if the stored key
    cannot be read with this server's key.
    """
    try:
        private_key = keyvault.open_sealed(
            bytes(key.sealed_private_key), passphrase=passphrase, server_key=keys().server_key
        )
    except keyvault.WrongPassphrase:
        return None
    except keyvault.DamagedBox as error:
        raise NotEnrolled(
            _("Your signing key cannot be read on this server any more. Make a new one first.")
        ) from error
    return KeyPair(certificate_pem=bytes(key.certificate), private_key_pem=private_key)


def _count_wrong(key: SigningKey) -> None:
    key.wrong_passphrases += 1
    if key.wrong_passphrases >= MOST_WRONG:
        key.wrong_passphrases = 0
        key.locked_until = timezone.now() + LOCKED_FOR
        audit.record("covenants.signing_locked", actor=None, subject=key, bloc=None)
        outbox.queue(
            key.person,
            key=f"covenants.signing_locked:{key.pk}:{key.locked_until.isoformat()}",
            template="covenants/mail/signing_locked.txt",
            context={"until": key.locked_until},
        )
    key.save(update_fields=["wrong_passphrases", "locked_until"])


def _refusal_after_wrong(key: SigningKey) -> Refusal:
    if key.is_locked:
        return SigningLocked(locked_sentence(key))
    left = MOST_WRONG - key.wrong_passphrases
    return WrongPassphrase(
        ngettext(
            "Wrong passphrase. %(left)d attempt is left before signing is locked.",
            "Wrong passphrase. %(left)d attempts are left before signing is locked.",
            left,
        )
        % {"left": left}
    )


def locked_sentence(key: SigningKey) -> str:
    """The sentence that signing is locked, with the time at which the lock ends."""
    until = timezone.localtime(key.locked_until)
    return _("Too many wrong passphrases: signing is locked until %(time)s.") % {
        "time": until.strftime("%H:%M")
    }


@transaction.atomic
def revoke(key: SigningKey, *, reason: str, actor: User) -> None:
    """Revoke a key; signatures made with it stay valid.

    Asks "covenants.hold_key" unless the actor is staff of the installation. Raises Refusal without
    a reason, NotEnrolled if it is revoked already.
    """
    if not actor.is_staff:
        require(actor, "covenants.hold_key", key.person)
    _end_key(key, bloc=None, reason=reason, actor=actor)


@transaction.atomic
def revoke_of_member(year: BlocYear, person: Person, *, reason: str, actor: User) -> None:
    """Revoke the key of another person, whose phone was lost or whose passphrase was seen.

    Asks "members.manage_people"; raises NotOfThisBloc, NotEnrolled, and Refusal without a reason.
    """
    require(actor, "members.manage_people", year)
    appointments.refuse_foreign_person(year, person)
    key = SigningKey.objects.in_use().filter(person=person).first()
    if key is None:
        raise NotEnrolled(_("This person has no signing key in use."))
    _end_key(key, bloc=year.bloc, reason=reason, actor=actor)


def _end_key(key: SigningKey, *, bloc: Bloc | None, reason: str, actor: User) -> None:
    """Revoke, write the audit entry and mail the holder, who may not have asked for it."""
    if not reason.strip():
        raise ReasonMissing(_("Say why the key is ended."))
    in_use = SigningKey.objects.in_use().filter(pk=key.pk)
    if not in_use.update(revoked_at=timezone.now(), revoked_reason=reason):
        raise NotEnrolled(_("This key has ended already."))
    audit.record("covenants.key_revoked", actor=actor, subject=key, bloc=bloc, reason=reason)
    outbox.queue(
        key.person,
        key=f"covenants.key_revoked:{key.pk}",
        template="covenants/mail/key_revoked.txt",
        context={"key": key, "reason": reason, "by": audit.actor_name(actor)},
    )
