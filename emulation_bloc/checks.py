"""System checks of an installation for `manage.py check`.

portal.E001 typeface of papers, portal.E002 triggers, portal.E003 secret key, portal.E004 keys.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from emulation_bloc.lib import fonts
from members.records import authority, triggers


@register(Tags.files)
def paper_faces_are_complete(**kwargs: Any) -> list[CheckMessage]:
    """portal.E001: no typeface with all Vietnamese letters is installed."""
    try:
        fonts.paper_faces()
    except fonts.FacesMissing as missing:
        return [Error(str(missing), id="portal.E001")]
    return []


@register(Tags.database)
def triggers_are_in_place(
    databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """portal.E002: an append-only table has no trigger. Only with --database."""
    if not databases or connection.alias not in databases:
        return []
    return [
        Error(
            f"The trigger {trigger} on {table} is missing: rows could be changed unseen.",
            hint="Run manage.py migrate; it puts triggers back.",
            id="portal.E002",
        )
        for table, trigger in triggers.missing_triggers()
    ]


@register(Tags.security)
def secret_is_set(**kwargs: Any) -> list[CheckMessage]:
    """portal.E003: SECRET_KEY is the development key although DEBUG is off."""
    if settings.DEBUG or settings.SECRET_KEY != settings.DEVELOPMENT_KEY:
        return []
    return [Error("SECRET_KEY is the one of a developer's desk.", id="portal.E003")]


@register(Tags.security)
def keys_are_readable(**kwargs: Any) -> list[CheckMessage]:
    """portal.E004: the keys exist but cannot be read. They are made on first use."""
    folder = Path(settings.KEYS_DIR) / "authority"
    if not folder.exists():
        return []
    try:
        authority.load(str(settings.KEYS_DIR))
    except (OSError, ValueError) as error:
        return [Error(f"The portal's keys cannot be read: {error}", id="portal.E004")]
    return []
