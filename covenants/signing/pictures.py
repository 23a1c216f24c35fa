"""The picture of a person's signature, kept only when its owner asks for it."""

import datetime as dt

from django.db import transaction

from members.models import Person, User
from members.permissions import require
from members.records import audit, files

from ..models import SignaturePicture

PNG = "image/png"


@transaction.atomic
def keep(person: Person, *, png: bytes, at: dt.datetime, actor: User) -> SignaturePicture:
    """Keep a picture for the next signature, in place of the one kept before.

    `png` comes from `uploads.check_picture`; `at` is the moment from which it counts as theirs.
    Asks "covenants.hold_key".
    """
    require(actor, "covenants.hold_key", person)
    kept, _created = SignaturePicture.objects.update_or_create(
        person=person, defaults={"file": files.store(png, media_type=PNG), "kept_at": at}
    )
    audit.record("covenants.picture_kept", actor=actor, subject=kept, bloc=None)
    return kept


@transaction.atomic
def forget(person: Person, *, actor: User) -> None:
    """Stop offering and showing the person's picture. Papers that were signed keep theirs."""
    require(actor, "covenants.hold_key", person)
    for kept in SignaturePicture.objects.filter(person=person):
        audit.record("covenants.picture_forgotten", actor=actor, subject=kept, bloc=None)
        kept.delete()


def of_person(person: Person) -> bytes | None:
    """The PNG that the person keeps, or None. Raises FileDamaged."""
    kept = SignaturePicture.objects.select_related("file").filter(person=person).first()
    return files.read_content(kept.file) if kept else None
