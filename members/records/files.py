"""Stored files: kept once under their SHA-256 below FILES_DIR, outside any served folder."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from ..models import StoredFile


class FileDamaged(Exception):
    """The bytes on disk are missing or are not those that were stored."""


def store(content: bytes, *, media_type: str) -> StoredFile:
    """Keep the bytes and return their row; the same bytes give the same row.

    Written under a temporary name, synced, renamed, and only then referred to: a process killed
    on the way leaves at most an unreferred file.
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
    """The bytes of a stored file; raises FileDamaged rather than hand out anything else."""
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
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def write_durably(path: Path, content: bytes) -> None:
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
