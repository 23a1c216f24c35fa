"""Stored files, named by SHA-256, below FILES_DIR and outside any folder that is served."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ..models import StoredFile


class FileDamaged(Exception):
    """The file on disk is missing or differs from what was stored."""


def store(content: bytes, *, media_type: str) -> StoredFile:
    """Store the bytes and return their row; identical bytes share one row.

    The file is written under a temporary name, synced and renamed before the row refers to it, so a
    crash leaves at most an unreferenced file.
    """
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if not path.exists():
        write_durably(path, content)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=sha256,
        defaults={
            "size": len(content),
            "media_type": media_type,
            "stored_at": timezone.now(),
        },
    )
    return stored


def read_content(stored: StoredFile) -> bytes:
    """The bytes of a stored file; raises FileDamaged if they are missing or their hash differs."""
    try:
        content = path_of(stored.sha256).read_bytes()
    except FileNotFoundError as error:
        raise FileDamaged(f"file {stored.sha256} is missing") from error
    if hashlib.sha256(content).hexdigest() != stored.sha256:
        raise FileDamaged(f"file {stored.sha256} was changed on disk")
    return content


def faults() -> Iterator[str]:
    """A line for each stored file that is missing or changed."""
    for stored in StoredFile.objects.order_by("pk").iterator():
        try:
            read_content(stored)
        except FileDamaged as damage:
            yield str(damage)


def path_of(sha256: str) -> Path:
    """The path of a stored file; folders are named by the first two hex digits."""
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def write_durably(path: Path, content: bytes) -> None:
    """Write to a temporary file, sync, rename, sync the folder."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def is_writable() -> bool:
    """Whether a new file could be stored now."""
    return os.access(settings.FILES_DIR, os.W_OK | os.X_OK)
