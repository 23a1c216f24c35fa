"""The audit chain: an entry per act, each with the hash of the entry before."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from ..models import AuditEntry, Bloc, ChainHead, User
from . import origin

START = "0" * 64


def record(
    act: str,
    *,
    actor: User | None,
    subject: models.Model,
    bloc: Bloc | None,
    reason: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry in the caller's transaction, so that act and entry are both kept or both
    lost.

    `act` is dotted, "covenants.signed"; `details` must be JSON. `actor` None means the portal
    itself. Locks the end of the chain, so call it late in the transaction.
    """
    [entry] = record_each(act, [Deed(subject, reason, details or {})], actor=actor, bloc=bloc)
    return entry


@dataclass(frozen=True)
class Deed:
    """What an act did to one row; `details` must be JSON."""

    subject: models.Model
    reason: str = ""
    details: dict[str, Any] = field(default_factory=dict)


def record_each(
    act: str, deeds: Sequence[Deed], *, actor: User | None, bloc: Bloc | None
) -> list[AuditEntry]:
    """Append an entry for each row that one act touched, in as many queries as a single one. See
    `record`.

    Raises RuntimeError outside a transaction.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("An audit entry belongs in the transaction of what it records.")
    if not deeds:
        return []
    head = _locked_head()
    entries: list[AuditEntry] = []
    number, previous_hash = head.number, head.hash
    for number, deed in enumerate(deeds, start=head.number + 1):
        entry = AuditEntry(
            number=number,
            at=timezone.now(),
            actor=actor,
            actor_name=actor_name(actor),
            actor_post=actor_post(actor),
            bloc=bloc,
            act=act,
            subject=subject_of(deed.subject),
            reason=deed.reason,
            details=deed.details,
            address=origin.address.get(),
            previous_hash=previous_hash,
        )
        previous_hash = entry.hash = digest(entry)
        entries.append(entry)
    AuditEntry.objects.bulk_create(entries)
    ChainHead.objects.filter(pk=1).update(number=number, hash=previous_hash)
    return entries


def _locked_head() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)


def subject_of(row: models.Model) -> str:
    """A row as entries refer to it: "app.model:pk"."""
    return f"{row._meta.label_lower}:{row.pk}"


def actor_name(actor: User | None) -> str:
    """The full name of the user's person, else the login name; the portal's name for None."""
    if actor is None:
        return "Cổng Khối thi đua"
    person = getattr(actor, "person", None)
    return person.full_name if person else actor.get_username()


def actor_post(actor: User | None) -> str:
    """The user's present posts as text, at most 250 characters."""
    posts = actor.current_posts if actor else []
    return "; ".join(f"{post.title}, {post.board or post.bloc}" for post in posts)[:250]


def digest(entry: AuditEntry) -> str:
    """SHA-256 in hex over the entry's values as canonical JSON, the previous hash included."""
    facts = {
        "number": entry.number,
        "at": entry.at.astimezone(timezone.get_default_timezone()).isoformat(),
        "actor": entry.actor_id,
        "actor_name": entry.actor_name,
        "actor_post": entry.actor_post,
        "bloc": entry.bloc_id,
        "act": entry.act,
        "subject": entry.subject,
        "reason": entry.reason,
        "details": entry.details,
        "address": entry.address,
        "previous_hash": entry.previous_hash,
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def faults() -> Iterator[str]:
    """A line for each place where the stored chain was altered or is incomplete."""
    previous, number = START, 0
    for entry in AuditEntry.objects.order_by("number").iterator():
        number += 1
        if entry.number != number:
            yield f"audit chain: entry {number} is missing before entry {entry.number}"
            number = entry.number
        if entry.previous_hash != previous:
            yield f"audit chain: entry {entry.number} does not follow the entry before it"
        if digest(entry) != entry.hash:
            yield f"audit chain: entry {entry.number} was changed"
        previous = entry.hash
    head = ChainHead.objects.filter(pk=1).first() or ChainHead()
    if (head.number, head.hash) != (number, previous):
        yield f"audit chain: it ends at entry {number}, its head says {head.number}"
