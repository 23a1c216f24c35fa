"""Adding documents to the legal register: one by one, or the list that every installation needs.

The register is shared by all blocs. A secretariat may add to it; only the administration corrects
it.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import BlocYear, User
from members.permissions import require
from members.records import audit, files

from ..models import LegalReference

PDF = "application/pdf"
FACTS = (
    *("kind", "number", "issuer", "subject", "issued_on", "effective_on", "expired_on"),
    *("scope", "link", "is_second_hand", "note"),
)
KNOWN_LAWS = Path(__file__).parent / "data" / "laws.json"


class NotRegistrable(Refusal):
    """The document is already registered, or its dates contradict each other."""


class AlreadyReplaced(Refusal):
    """A document that the new one is said to replace was already replaced by another."""


@transaction.atomic
def register_law(
    year: BlocYear,
    *,
    facts: Mapping[str, Any],
    text: bytes | None,
    replaces: Sequence[LegalReference],
    amends: Sequence[LegalReference],
    actor: User,
) -> LegalReference:
    """Add a document to the register and return it.

    `facts` has the keys FACTS, `text` is a PDF checked by lib.uploads. Documents in `replaces` get
    `replaced_by` set and, if they have no last day, expire when the new one takes effect. Asks
    "covenants.register_law"; raises NotRegistrable, AlreadyReplaced.
    """
    require(actor, "covenants.register_law", year)
    law = LegalReference(**{name: facts[name] for name in FACTS if name in facts})
    law.file = files.store(text, media_type=PDF) if text else None
    _save_new(law)
    law.amends.set(amends)
    for old in replaces:
        replace(old, law, year=year, actor=actor)
    numbers = {"replaces": [r.number for r in replaces], "amends": [a.number for a in amends]}
    audit.record(
        "covenants.law_registered",
        actor=actor,
        subject=law,
        bloc=year.bloc,
        details={"number": law.number, **numbers},
    )
    return law


def _save_new(law: LegalReference) -> None:
    """Validate and insert the document; raises NotRegistrable."""
    try:
        law.full_clean()
        with transaction.atomic():
            law.save()
    except ValidationError as error:
        raise NotRegistrable(" ".join(error.messages)) from error
    # Two secretariats at once: the second one is told, too.
    except IntegrityError as error:
        raise NotRegistrable(_("This document is already in the register.")) from error


def replace(old: LegalReference, law: LegalReference, *, year: BlocYear, actor: User) -> None:
    """Set `old.replaced_by` and its expiry. Raises AlreadyReplaced, NotRegistrable.

    Must run inside a transaction: it locks the row of `old`.
    """
    old = LegalReference.objects.select_for_update(of=("self",)).get(pk=old.pk)
    if old.replaced_by is not None:
        raise AlreadyReplaced(
            _("%(old)s has already been replaced by %(other)s. The administration corrects that.")
            % {"old": old, "other": old.replaced_by}
        )
    if law.starts_on <= old.issued_on:
        raise NotRegistrable(_("%(old)s was issued later: it cannot be replaced.") % {"old": old})
    old.replaced_by = law
    old.expired_on = old.expired_on or law.starts_on
    old.save()
    audit.record(
        "covenants.law_replaced",
        actor=actor,
        subject=old,
        bloc=year.bloc,
        details={"number": old.number, "by": law.number},
    )


# --- The documents that every installation needs ------------------------------------------------


@transaction.atomic
def seed_laws() -> list[LegalReference]:
    """Add the documents of data/laws.json that are missing, and return those added.

    Existing entries are not changed. A link between two documents is set only if one of them was
    added just now, so a link that staff removed is not restored. Asks no permission: it runs from a
    management command.
    """
    rows = json.loads(KNOWN_LAWS.read_text(encoding="utf-8"))
    known = set(LegalReference.objects.values_list("number", flat=True))
    new = [_seed(row) for row in rows if row["number"] not in known]
    link(rows, added={law.number for law in new})
    return new


def _seed(row: Mapping[str, Any]) -> LegalReference:
    """Insert one document of data/laws.json; its links are set by `link`."""
    law = LegalReference.objects.create(**{name: row[name] for name in FACTS if name in row})
    audit.record(
        "covenants.law_seeded",
        actor=None,
        subject=law,
        bloc=None,
        details={"number": law.number},
    )
    return law


def link(rows: Sequence[Mapping[str, Any]], *, added: set[str]) -> None:
    """Set "amends" and "replaced by" for each pair of documents with a number in `added`."""
    laws = {law.number: law for law in LegalReference.objects.order_by("-pk")}
    for row in rows:
        law, number = laws[row["number"]], row["number"]
        amended = [other for other in row.get("amends", []) if added & {number, other}]
        law.amends.add(*(laws[other] for other in amended))
        if added & {number, row.get("replaced_by")}:
            _mark_replaced(law, laws.get(row.get("replaced_by", "")), row.get("expired_on"))


def _mark_replaced(law: LegalReference, newer: LegalReference | None, on: str | None) -> None:
    """Set the successor and the expiry (an ISO date) unless a successor is already recorded."""
    if newer is not None and law.replaced_by is None:
        law.replaced_by = newer
        law.expired_on = law.expired_on or (dt.date.fromisoformat(on) if on else None)
        law.save()
