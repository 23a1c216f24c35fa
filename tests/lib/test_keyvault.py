import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib import keyvault
from emulation_bloc.lib.keyvault import (
    DamagedBox,
    WrongPassphrase,
    WrongServerKey,
    new_server_key,
    open_sealed,
    seal,
)
from tests.costs import dear_boxes

PASSPHRASE = "Đà Lạt mùa hoa 2024"
SERVER_KEY = bytes(range(32))
SECRET = b"-----BEGIN PRIVATE KEY-----"
with dear_boxes():
    BOX = seal(SECRET, passphrase=PASSPHRASE, server_key=SERVER_KEY)


@pytest.fixture(scope="module", autouse=True)
def as_dear_as_in_an_installation() -> Iterator[None]:
    with dear_boxes():
        yield


def test_a_sealed_secret_opens_with_both_keys():
    assert open_sealed(BOX, passphrase=PASSPHRASE, server_key=SERVER_KEY) == SECRET


def test_an_empty_secret_opens_too():
    box = seal(b"", passphrase=PASSPHRASE, server_key=SERVER_KEY)
    assert open_sealed(box, passphrase=PASSPHRASE, server_key=SERVER_KEY) == b""


def test_the_passphrase_alone_does_not_open_the_box():
    with pytest.raises(WrongServerKey):
        open_sealed(BOX, passphrase=PASSPHRASE, server_key=new_server_key())


def test_the_server_key_alone_does_not_open_the_box():
    with pytest.raises(WrongPassphrase):
        open_sealed(BOX, passphrase="Đà Lạt mùa hoa 2025", server_key=SERVER_KEY)


def test_a_wrong_server_key_is_never_the_leaders_fault():
    assert issubclass(WrongServerKey, DamagedBox)
    assert not issubclass(WrongServerKey, WrongPassphrase)


def test_the_passphrase_may_be_typed_in_decomposed_letters():
    typed = unicodedata.normalize("NFD", PASSPHRASE)
    assert typed != PASSPHRASE
    assert open_sealed(BOX, passphrase=typed, server_key=SERVER_KEY) == SECRET


def test_two_boxes_of_one_secret_share_only_the_version_and_the_key_number():
    other = seal(SECRET, passphrase=PASSPHRASE, server_key=SERVER_KEY)
    same = [
        at for at, (one, two) in enumerate(zip(BOX[:40], other[:40], strict=True)) if one == two
    ]
    assert same[:13] == list(range(13))
    assert BOX[13:29] != other[13:29]
    assert SECRET not in BOX


@pytest.mark.parametrize("position", range(len(BOX)))
def test_a_box_with_any_byte_changed_is_damaged(position):
    box = bytearray(BOX)
    box[position] ^= 1
    with pytest.raises(DamagedBox):
        open_sealed(bytes(box), passphrase=PASSPHRASE, server_key=SERVER_KEY)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_that_are_not_a_box_are_damaged(noise):
    for box in (noise, BOX[:5] + noise, BOX[: len(noise)]):
        with pytest.raises(DamagedBox):
            open_sealed(box, passphrase=PASSPHRASE, server_key=SERVER_KEY)


@settings(max_examples=5, deadline=None)
@given(st.binary(max_size=500), st.text(min_size=1), st.binary(min_size=32, max_size=32))
def test_every_secret_comes_back_under_every_passphrase(secret, passphrase, server_key):
    box = seal(secret, passphrase=passphrase, server_key=server_key)
    assert open_sealed(box, passphrase=passphrase, server_key=server_key) == secret


def test_an_empty_passphrase_is_refused():
    with pytest.raises(ValueError, match="passphrase must not be empty"):
        seal(SECRET, passphrase="", server_key=SERVER_KEY)


def test_a_short_server_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes, not 5"):
        seal(SECRET, passphrase=PASSPHRASE, server_key=b"short")


def test_new_server_keys_differ_and_have_32_bytes():
    first, second = new_server_key(), new_server_key()
    assert (len(first), len(second)) == (32, 32)
    assert first != second


def test_a_guess_costs_32_mib():
    assert 128 * keyvault.SCRYPT_N * keyvault.SCRYPT_R == 32 * 1024**2
