"""Encrypts a leader's private key so that two secrets are needed to read it.

A box opens only with the leader's signing passphrase *and* the server's key. A stolen database
without the server's key, or the server's key without the passphrase, is not enough.

Layout of a box, version 1 (bytes)::

     4  magic "EBKV"         1  version                8  which server key sealed it
    16  salt of scrypt      12  nonce of GCM           n  AES-256-GCM text and tag
    32  SHA-256 of everything before it

The digest is no protection (anybody can recompute it). It tells a damaged box from a wrong
passphrase, because only wrong passphrases count towards the lock.

Sources: scrypt RFC 7914, HKDF RFC 5869, AES-GCM NIST SP 800-38D.
"""

import hashlib
import hmac
import os
import unicodedata
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC: Final = b"EBKV\x01"
SERVER_KEY_BYTES: Final = 32
KEY_ID_BYTES: Final = 8
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
TAG_BYTES: Final = 16
DIGEST_BYTES: Final = 32
HEADER_BYTES: Final = len(MAGIC) + KEY_ID_BYTES + SALT_BYTES + NONCE_BYTES

# 32 MiB of memory per guess. Changing the parameters needs a new version of the box.
SCRYPT_N: Final = 2**15
SCRYPT_R: Final = 8
SCRYPT_P: Final = 1


class VaultError(Exception):
    """A box did not open."""


class WrongPassphrase(VaultError):
    """The box is intact and of this server, but the passphrase does not open it."""


class DamagedBox(VaultError):
    """The bytes are not a box, or they were changed."""


class WrongServerKey(DamagedBox):
    """The box is intact but was sealed with another server key; the passphrase may be right."""


def new_server_key() -> bytes:
    """32 random bytes, to be stored outside the database and its backups."""
    return os.urandom(SERVER_KEY_BYTES)


def seal(secret: bytes, *, passphrase: str, server_key: bytes) -> bytes:
    """Encrypt `secret` under the passphrase and the server's key. The result differs on every call.

    The passphrase is normalised to NFC, as phones and PCs may encode Vietnamese letters
    differently. Takes about 0.1 s, intentionally. Raises ValueError for an empty passphrase or a
    server key that is not 32 bytes.
    """
    salt, nonce = os.urandom(SALT_BYTES), os.urandom(NONCE_BYTES)
    header = MAGIC + _key_id(server_key) + salt + nonce
    key = _derive(passphrase, server_key, salt)
    body = header + AESGCM(key).encrypt(nonce, secret, header)
    return body + hashlib.sha256(body).digest()


def open_sealed(box: bytes, *, passphrase: str, server_key: bytes) -> bytes:
    """The secret in the box.

    Raises DamagedBox if the bytes are damaged, WrongServerKey (a DamagedBox) if another server key
    sealed them, WrongPassphrase if only the passphrase is wrong.
    """
    parts = _take_apart(box)
    if not hmac.compare_digest(parts.key_id, _key_id(server_key)):
        raise WrongServerKey("The box was sealed with another server key.")
    key = _derive(passphrase, server_key, parts.salt)
    try:
        return AESGCM(key).decrypt(parts.nonce, parts.text, parts.header)
    except InvalidTag as error:
        raise WrongPassphrase("The passphrase does not open the box.") from error


@dataclass(frozen=True)
class _Parts:
    header: bytes
    key_id: bytes
    salt: bytes
    nonce: bytes
    text: bytes


def _take_apart(box: bytes) -> _Parts:
    body, digest = box[:-DIGEST_BYTES], box[-DIGEST_BYTES:]
    if len(body) < HEADER_BYTES + TAG_BYTES or not body.startswith(MAGIC):
        raise DamagedBox("These bytes are not a sealed box of a known version.")
    if not hmac.compare_digest(hashlib.sha256(body).digest(), digest):
        raise DamagedBox("The sealed box was changed after it was written.")
    header, text = body[:HEADER_BYTES], body[HEADER_BYTES:]
    salt_at = len(MAGIC) + KEY_ID_BYTES
    nonce_at = salt_at + SALT_BYTES
    return _Parts(
        header=header,
        key_id=header[len(MAGIC) : salt_at],
        salt=header[salt_at:nonce_at],
        nonce=header[nonce_at:],
        text=text,
    )


def _key_id(server_key: bytes) -> bytes:
    if len(server_key) != SERVER_KEY_BYTES:
        raise ValueError(f"A server key has {SERVER_KEY_BYTES} bytes, not {len(server_key)}.")
    return hmac.digest(server_key, b"emulation-bloc key id", "sha256")[:KEY_ID_BYTES]


def _derive(passphrase: str, server_key: bytes, salt: bytes) -> bytes:
    if not passphrase:
        raise ValueError("A passphrase must not be empty.")
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8")
    stretched = Scrypt(salt=salt, length=32, n=SCRYPT_N, r=SCRYPT_R, p=SCRYPT_P).derive(typed)
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"emulation-bloc keyvault 1")
    return hkdf.derive(stretched + server_key)
