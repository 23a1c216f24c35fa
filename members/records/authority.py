"""The portal's own certificate authority and signing identity, below KEYS_DIR.

Made once for an installation. They prove integrity and consent inside the bloc; they are not the
State's official digital signature, and every page that shows a signature says so. The keys of
leaders are issued and kept by `covenants.signing.enrolment`.
"""

import os
import shutil
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from emulation_bloc.lib import pades
from emulation_bloc.lib.keyvault import new_server_key
from emulation_bloc.lib.pades import KeyPair

# Not longer: with an authority of 44 bytes, poppler 22.12 (NSS) cannot judge the closing seal of a
# paper with eighteen seats or more, though nothing is wrong with it.
AUTHORITY_NAME = "Chứng thực Khối thi đua"
PORTAL_NAME = "Cổng Khối thi đua"


@dataclass(frozen=True)
class Keys:
    """What the portal signs with (PEM), and the server's half of every leader's lock (bytes)."""

    authority: KeyPair
    portal: KeyPair
    server_key: bytes


def keys() -> Keys:
    """The keys of the installation, made on first use. Raises OSError where KEYS_DIR cannot be
    read or written."""
    return load(str(settings.KEYS_DIR))


@lru_cache(maxsize=4)
def load(keys_dir: str) -> Keys:
    """The keys below a folder, made if there are none; read once in a process."""
    folder = Path(keys_dir) / "authority"
    if not folder.exists():
        make(folder)
    return Keys(
        authority=_read_pair(folder, "authority"),
        portal=_read_pair(folder, "portal"),
        server_key=(folder / "server.key").read_bytes(),
    )


def make(folder: Path) -> None:
    """Write a whole new set beside its place and rename it in: of two at once, the first wins.

    Raises OSError where something else stands in the place of the folder.
    """
    authority = pades.make_authority(AUTHORITY_NAME)
    portal = pades.issue(authority, name=PORTAL_NAME, organisation=PORTAL_NAME, title="")
    draft = Path(tempfile.mkdtemp(dir=folder.parent))
    _write_pair(draft, "authority", authority)
    _write_pair(draft, "portal", portal)
    _write_secret(draft / "server.key", new_server_key())
    try:
        draft.rename(folder)
    except OSError:
        shutil.rmtree(draft)
        if not folder.is_dir():
            raise


def certify(pdf: bytes, *, reason: str) -> bytes:
    """The PDF signed by the portal, so that any later change shows.

    `reason` is the Vietnamese sentence that a reader shows with the signature. The moment is the
    server's. Raises `lib.pades.PadesError` where the PDF cannot be signed.
    """
    return pades.prepare(
        pdf, seats=[], authority=keys().authority, portal=keys().portal, reason=reason
    )


def _write_pair(folder: Path, name: str, pair: KeyPair) -> None:
    _write_secret(folder / f"{name}.crt", pair.certificate_pem)
    _write_secret(folder / f"{name}.key", pair.private_key_pem)


def _write_secret(path: Path, content: bytes) -> None:
    with open(path, "xb", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _read_pair(folder: Path, name: str) -> KeyPair:
    return KeyPair(
        certificate_pem=(folder / f"{name}.crt").read_bytes(),
        private_key_pem=(folder / f"{name}.key").read_bytes(),
    )
