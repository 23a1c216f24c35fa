"""Makes deliberately slow cryptography fast in tests.

Django's password hashing is replaced in tests/conftest.py. Sealing or opening the box of a leader's
key takes 0.1 s each time; only tests/lib/test_keyvault.py uses the real parameters.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from emulation_bloc.lib import keyvault

DEAR_N = keyvault.SCRYPT_N
CHEAP_N = 2


def make_boxes_cheap() -> None:
    setattr(keyvault, "SCRYPT_N", CHEAP_N)  # noqa: B010 - a constant of the code, but for tests


@contextmanager
def dear_boxes() -> Iterator[None]:
    """Boxes cost what they cost in an installation."""
    setattr(keyvault, "SCRYPT_N", DEAR_N)  # noqa: B010
    try:
        yield
    finally:
        make_boxes_cheap()
