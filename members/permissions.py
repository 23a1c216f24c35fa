"""The one question asked before anything is done: may this person do this to that?

Each permission is registered with the sentence that tells a person why not.
"""

from collections.abc import Callable
from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.functional import Promise

from .models import User

# A sentence, or what chooses one for a person and a subject.
Reason = str | Promise | Callable[[User, Any], str]
_reasons: dict[str, Reason] = {}


def allow(permission: str, predicate: Any, *, otherwise: Reason) -> None:
    """Register who holds a permission, and what others are told."""
    rules.add_perm(permission, predicate)
    _reasons[permission] = otherwise


def require(actor: User, permission: str, subject: models.Model) -> None:
    """Raise PermissionDenied with the registered sentence unless the rules allow it."""
    if not actor.has_perm(permission, subject):
        reason = _reasons[permission]
        raise PermissionDenied(reason(actor, subject) if callable(reason) else str(reason))


def unless(
    holds: Callable[[User, Any], bool], obstacle: Callable[[Any], str], sentence: str | Promise
) -> Callable[[User, Any], str]:
    """The sentence for those who never hold a permission; who would hold it at another time
    (`holds`) is told what is in the way of the subject now."""

    def reason(actor: User, subject: Any) -> str:
        return (holds(actor, subject) and obstacle(subject)) or str(sentence)

    return reason
