"""A leader signs in the seat of a board.

Signatures are made one at a time: under the paper's row lock the newest bytes are read, signed and
stored. Two signatures on the same bytes would fork the file and lose one.
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
from members.records.acts import NotNow
from members.records.authority import keys

from ..models import Paper, Party, Signature, SigningKey
from ..models.drafts import PaperState
from ..papers import printing
from ..transitions import lock
from . import completion, enrolment
from .sealing import PDF


class AlreadySigned(Refusal):
    """The seat is already signed."""


class NamesAnotherBoard(Refusal):
    """The actor's certificate names another board than that of the seat."""


def sign(party: Party, *, passphrase: str, picture: bytes | None, actor: User) -> Signature:
    """Sign a seat with the actor's key; the last signature completes the paper.

    `picture` is a PNG of the handwritten signature, None for a stamp in words only. Asks
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
        # Meanwhile the board may have left the bloc or been carried on by another.
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
    """The actor's signing post in the acting board of the seat; a leader's before a deputy's.

    The actor must hold one ("covenants.sign").
    """
    posts = [
        post
        for post in actor.current_posts
        if post.board_id == party.membership.acting_board_id and post.kind in SIGNING_POSTS
    ]
    return min(posts, key=lambda post: post.kind != "leader")


def refuse_unless_open(paper: Paper, party: Party) -> None:
    """Raises AlreadySigned, or NotNow if the paper is not open for signing."""
    if party.is_signed:
        raise AlreadySigned(_("This seat is already signed."))
    if paper.state == PaperState.ANNULLED:
        raise NotNow(_("This covenant was annulled; it can no longer be signed."))
    if paper.state != PaperState.SIGNING or paper.bloc_year.is_closed:
        raise NotNow(_("This covenant is not open for signing."))


def refuse_revoked(key: SigningKey) -> None:
    """Raises NotEnrolled if the key was revoked while its holder waited for the paper's lock."""
    if not SigningKey.objects.in_use().select_for_update().filter(pk=key.pk).exists():
        raise enrolment.NotEnrolled(_("Your signing key was revoked meanwhile."))


def _refuse_other_post(key: SigningKey, post: Post) -> None:
    """The certificate is what proves later for whom was signed, so it must name this board."""
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
    """Sign the newest bytes in the party's field, store them and make them the paper's document.

    `paper` is locked by the caller.
    """
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
    """The visible stamp of the signature as a PDF."""
    return printing.stamp(
        signer=post.person.full_name,
        signed_for=_signed_for(party, post),
        board=_board_unlike_print(party, post),
        label=paper.bloc_year.bloc.label,
        at=at,
        picture=picture,
    )


def put_in_place(paper: Paper, before: StoredFile, after: StoredFile) -> None:
    """Set the paper's document to `after`, by compare-and-set: it must still be `before`."""
    if not Paper.objects.filter(pk=paper.pk, document=before).update(document=after):
        raise RuntimeError("The paper changed while its row was locked.")
    paper.document = after


def _signed_for(party: Party, post: Post) -> list[str]:
    """ "KT. Trưởng ban" lines for the stamp, if a deputy other than the printed person signs."""
    if post.kind == "leader" or post.person.full_name == party.printed_name:
        return []
    return letterhead.post_lines(post.title, letterhead.signs_for(post))


def _board_unlike_print(party: Party, post: Post) -> str:
    """Today's name of the signer's board; "" if it is the printed one."""
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
    """Insert the Signature with the signer's name, title and board as text."""
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
