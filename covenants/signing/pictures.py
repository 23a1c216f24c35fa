"""The picture of a person's handwritten signature, stored only at the owner's request."""

import datetime as dt

from django.db import transaction

from members.models import Person, User
from members.permissions import require
from members.records import audit, files

from ..models import SignaturePicture

PNG = "image/png"


@transaction.atomic
def store_picture(person: Person, *, png: bytes, at: dt.datetime, actor: User) -> SignaturePicture:
    """Store a picture for the person's next signatures; it replaces an earlier one.

    `png` has been checked by `uploads.check_picture`. Asks "covenants.hold_key".
    """
    require(actor, "covenants.hold_key", person)
    kept, _created = SignaturePicture.objects.update_or_create(
        person=person, defaults={"file": files.store(png, media_type=PNG), "kept_at": at}
    )
    audit.record("covenants.picture_kept", actor=actor, subject=kept, bloc=None)
    return kept


@transaction.atomic
def delete_picture(person: Person, *, actor: User) -> None:
    """Delete the person's picture. Papers already signed keep theirs. Asks "covenants.hold_key"."""
    require(actor, "covenants.hold_key", person)
    for kept in SignaturePicture.objects.filter(person=person):
        audit.record("covenants.picture_forgotten", actor=actor, subject=kept, bloc=None)
        kept.delete()


def read_picture(person: Person) -> bytes | None:
    """The person's stored PNG, or None. Raises FileDamaged."""
    kept = SignaturePicture.objects.select_related("file").filter(person=person).first()
    return files.read_content(kept.file) if kept else None
