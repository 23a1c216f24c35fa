"""Asserts that a refused act changed nothing: no row, no audit entry, no mail."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from covenants.models import (
    Article,
    Comment,
    Indicator,
    LegalReference,
    Paper,
    PaperBasis,
    Party,
    Signature,
    Target,
    Version,
)
from members.models import AuditEntry, OutboxMessage, StoredFile
from scoring import models as scoring

WATCHED = [Paper, PaperBasis, Article, Comment, Indicator, Target, Version, Party, Signature]
WATCHED += [LegalReference, AuditEntry, OutboxMessage, StoredFile]
WATCHED += [getattr(scoring, name) for name in scoring.__all__]


def everything() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in WATCHED}


@contextmanager
def nothing_changes() -> Iterator[None]:
    before = everything()
    yield
    assert everything() == before


def acts() -> list[str]:
    """The acts in the audit chain, in order."""
    return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))
