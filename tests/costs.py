"""What is made dear on purpose, so that nobody can guess, and what tests pay for it.

Django's own passwords are made cheap in tests/conftest.py. The box of a leader's key costs a tenth
of a second each time that it is sealed or opened; only tests/lib/test_keyvault.py pays that.
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
