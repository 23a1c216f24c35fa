"""Permission checks with a sentence for the user."""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.functional import Promise

from .models import User

_reasons: dict[str, str | Promise] = {}


def allow(permission: str, predicate: Any, *, otherwise: str | Promise) -> None:
    """Register a permission with its rule and the sentence for users who lack it."""
    rules.add_perm(permission, predicate)
    _reasons[permission] = otherwise


def require(actor: User, permission: str, subject: models.Model) -> None:
    """Raise PermissionDenied with the registered sentence unless the actor has the permission."""
    if not actor.has_perm(permission, subject):
        raise PermissionDenied(str(_reasons[permission]))
