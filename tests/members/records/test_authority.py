"""The portal's own keys: made once, kept secret, and what is certified with them."""

from pathlib import Path

import pytest

from emulation_bloc.lib import pades, pdf
from members.records import authority


def test_the_authority_is_made_once_and_read_again(tmp_path: Path) -> None:
    first = authority.load(str(tmp_path))
    authority.load.cache_clear()
    assert authority.load(str(tmp_path)) == first
    modes = {
        path.name: oct(path.stat().st_mode)[-3:] for path in (tmp_path / "authority").iterdir()
    }
    assert set(modes.values()) == {"600"}
    assert sorted(modes) == [
        "authority.crt",
        "authority.key",
        "portal.crt",
        "portal.key",
        "server.key",
    ]


def test_of_two_processes_that_make_an_authority_one_wins(tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    authority.make(folder)
    kept = (folder / "server.key").read_bytes()

    authority.make(folder)

    assert (folder / "server.key").read_bytes() == kept
    assert [path.name for path in tmp_path.iterdir()] == ["authority"]


def test_an_authority_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "authority").write_text("in the way")
    with pytest.raises(NotADirectoryError):
        authority.make(tmp_path / "authority")


def test_a_certified_paper_bears_the_signature_of_the_portal_alone() -> None:
    printed = pdf.render("<!DOCTYPE html><html lang=vi><title>Biên bản</title>Nội dung").pdf

    certified = authority.certify(printed, reason="Chứng nhận")

    pem = authority.keys().authority.certificate_pem
    [report] = pades.inspect(certified, authority_pems=[pem]).signatures
    assert (report.good, report.signer_name) == (True, authority.PORTAL_NAME)
