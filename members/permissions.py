"""The one question asked before anything is done: may this person do this to that?

Each permission is registered with the sentence that tells a person why not.
"""

from typing import Any

import rules
from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.functional import Promise

from .models import User

_reasons: dict[str, str | Promise] = {}


def allow(permission: str, predicate: Any, *, otherwise: str | Promise) -> None:
    """Register who holds a permission, and what others are told."""
    rules.add_perm(permission, predicate)
    _reasons[permission] = otherwise


def require(actor: User, permission: str, subject: models.Model) -> None:
    """Raise PermissionDenied with the registered sentence unless the rules allow it."""
    if not actor.has_perm(permission, subject):
        raise PermissionDenied(str(_reasons[permission]))
