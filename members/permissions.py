"""Permission checks with a sentence for the user."""

from collections.abc import Callable
from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.functional import Promise

from .models import User

# A sentence, or a function of actor and subject that returns one.
Reason = str | Promise | Callable[[User, Any], str]
_reasons: dict[str, Reason] = {}


def allow(permission: str, predicate: Any, *, otherwise: Reason) -> None:
    """Register a permission with its rule and the sentence for users who lack it."""
    rules.add_perm(permission, predicate)
    _reasons[permission] = otherwise


def require(actor: User, permission: str, subject: models.Model) -> None:
    """Raise PermissionDenied with the registered sentence unless the actor has the permission."""
    if not actor.has_perm(permission, subject):
        reason = _reasons[permission]
        raise PermissionDenied(reason(actor, subject) if callable(reason) else str(reason))


def unless(
    holds: Callable[[User, Any], bool], obstacle: Callable[[Any], str], sentence: str | Promise
) -> Callable[[User, Any], str]:
    """A Reason for `allow`: `sentence` for users who never have the permission.

    Users for whom `holds` is true would have it at another time; they get `obstacle(subject)`, the
    sentence why not now.
    """

    def reason(actor: User, subject: Any) -> str:
        return (holds(actor, subject) and obstacle(subject)) or str(sentence)

    return reason
