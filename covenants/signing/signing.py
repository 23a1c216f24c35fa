"""A leader signs in the seat of a board.

One signature at a time: the paper's row lock covers reading the newest bytes, signing them and
storing the longer file. Two signatures on the same bytes would fork the file and lose one.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib import pades
from emulation_bloc.lib.pades import KeyPair
from emulation_bloc.lib.refusal import Refusal
from emulation_bloc.lib.text import nfc
from members.models import Post, StoredFile, User
from members.models.people import SIGNING_POSTS
from members.permissions import require
from members.records import audit, files, letterhead
from members.records.authority import keys

from ..models import Paper, Party, Signature, SigningKey
from ..models.drafts import PaperState
from ..papers import printing
from ..transitions import NotNow, lock
from . import completion, enrolment
from .sealing import PDF


class AlreadySigned(Refusal):
    """The seat is filled; a signature cannot be made twice."""


class NamesAnotherBoard(Refusal):
    """The actor's key was issued for another board than that of the seat."""


def sign(party: Party, *, passphrase: str, picture: bytes | None, actor: User) -> Signature:
    """Sign in a seat with the actor's key, and complete the covenant when it was the last one.

    `picture` is a PNG of the handwritten signature, or None for a stamp in words. Asks
    "covenants.sign"; raises WrongPassphrase, SigningLocked, NotEnrolled, AlreadySigned, NotNow,
    NamesAnotherBoard.
    """
    require(actor, "covenants.sign", party)
    refuse_unless_open(Paper.objects.get(pk=party.paper_id), party)
    person = post_for(actor, party).person
    key, pair = enrolment.unlock(person, passphrase=passphrase)
    with transaction.atomic():
        paper = lock(party.paper)
        party = paper.parties.select_related("membership").get(pk=party.pk)
        refuse_unless_open(paper, party)
        # Meanwhile the bloc may have let the board leave, or another one carry it on.
        require(actor, "covenants.sign", party)
        post = post_for(actor, party)
        refuse_revoked(key)
        _refuse_other_post(key, post)
        signature = fill_seat(paper, party, post=post, key=key, pair=pair, picture=picture)
        audit.record(
            "covenants.signed",
            actor=actor,
            subject=party,
            bloc=paper.bloc_year.bloc,
            details={"sha256": signature.after.sha256, "certificate": key.serial},
        )
        completion.complete_when_full(paper)
    return signature


def post_for(actor: User, party: Party) -> Post:
    """The post in which the actor signs here; leaders before deputies."""
    posts = [
        post
        for post in actor.current_posts
        if post.board_id == party.membership.acting_board_id and post.kind in SIGNING_POSTS
    ]
    return min(posts, key=lambda post: post.kind != "leader")


def refuse_unless_open(paper: Paper, party: Party) -> None:
    if party.is_signed:
        raise AlreadySigned(_("This seat is already signed."))
    if paper.state == PaperState.ANNULLED:
        raise NotNow(_("This covenant was annulled; it can no longer be signed."))
    if paper.state != PaperState.SIGNING or paper.bloc_year.is_closed:
        raise NotNow(_("This covenant is not open for signing."))


def refuse_revoked(key: SigningKey) -> None:
    """A key may be revoked while its holder waits for the paper; afterwards it signs nothing."""
    if not SigningKey.objects.in_use().select_for_update().filter(pk=key.pk).exists():
        raise enrolment.NotEnrolled(_("Your signing key was revoked meanwhile."))


def _refuse_other_post(key: SigningKey, post: Post) -> None:
    """The certificate tells for whom was signed, long after the portal: it must name this board."""
    if not enrolment.speaks_as(key, post):
        raise NamesAnotherBoard(
            _("Your signing key names another board than this seat. A person signs for one board.")
        )


def fill_seat(
    paper: Paper,
    party: Party,
    *,
    post: Post,
    key: SigningKey,
    pair: KeyPair,
    picture: bytes | None,
) -> Signature:
    """Write the signature into the newest bytes and make them the paper's document."""
    before, at = paper.newest, timezone.now()
    signed = pades.sign(
        files.read_content(before),
        field=party.field_name,
        signer=pair,
        authority=keys().authority,
        stamp_pdf=stamp(paper, party, post, at, picture),
        at=at,
        reason="Đồng ý và ký giao ước",
        location=paper.place,
    )
    after = files.store(signed, media_type=PDF)
    signature = record_signature(party, post, key, at, before, after)
    put_in_place(paper, before, after)
    return signature


def stamp(paper: Paper, party: Party, post: Post, at: dt.datetime, picture: bytes | None) -> bytes:
    return printing.stamp(
        signer=post.person.full_name,
        signed_for=signed_for(party, post),
        board=_board_unlike_print(party, post),
        label=paper.bloc_year.bloc.label,
        at=at,
        picture=picture,
    )


def put_in_place(paper: Paper, before: StoredFile, after: StoredFile) -> None:
    """Make the longer file the paper's document, only if nobody did so in between."""
    if not Paper.objects.filter(pk=paper.pk, document=before).update(document=after):
        raise RuntimeError("The paper changed while its row was locked.")
    paper.document = after


def signed_for(party: Party, post: Post) -> list[str]:
    """Lines for the stamp when somebody other than the printed person signs as a deputy."""
    if post.kind == "leader" or post.person.full_name == party.printed_name:
        return []
    return letterhead.post_lines(post.title, letterhead.signs_for(post))


def _board_unlike_print(party: Party, post: Post) -> str:
    """The name that the signer's board bears today; "" where it is the one that is printed."""
    if post.board is None:
        return ""
    name = post.board.name_on(timezone.localdate()).name
    return "" if nfc(name) == nfc(party.printed_board) else name


def record_signature(
    party: Party,
    post: Post,
    key: SigningKey,
    at: dt.datetime,
    before: StoredFile,
    after: StoredFile,
) -> Signature:
    return Signature.objects.create(
        party=party,
        post=post,
        signer_name=post.person.full_name,
        signer_title=post.title,
        signer_board=_board_unlike_print(party, post),
        method=Signature.Method.PORTAL,
        signed_at=at,
        key=key,
        before=before,
        after=after,
    )
