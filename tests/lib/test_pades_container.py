"""A change of any byte of a signed paper, its signature containers included, is detected."""

import random
import re

from asn1crypto import cms, core
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

from emulation_bloc.lib import pades
from emulation_bloc.lib.pades.container import container_is_whole, hole_is_filled
from tests.lib.signed_papers import (
    VALID_FROM,
    authority,
    flipped,
    inspect,
    leader,
    portal,
    prepared_paper,
    problems,
    sign,
    small_paper,
)

HOLE = re.compile(rb"/Contents (<[0-9a-fA-F]{200,}>)")


def test_no_flipped_byte_is_ever_sound():
    pdf = small_paper()
    chance = random.Random(2024)
    for position in sorted(chance.sample(range(len(pdf)), 200)):
        changed = flipped(pdf, position, 1 << chance.randrange(8))
        assert not inspect(changed).sound, position


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_no_flipped_byte_at_the_end_is_ever_sound(data):
    pdf = small_paper()
    start = pdf.rindex(b"/Contents <")
    position = data.draw(st.integers(start, len(pdf) - 1))
    mask = data.draw(st.integers(1, 255))
    assert not inspect(flipped(pdf, position, mask)).sound


def last_container():
    digits = HOLE.findall(small_paper())[-1]
    return bytes.fromhex(digits[1:-1].decode())


def whole(contents):
    signer = x509.load_pem_x509_certificate(portal().certificate_pem)
    root = x509.load_pem_x509_certificate(authority().certificate_pem)
    try:
        return container_is_whole(contents, signer, [root])
    except Exception:
        return False


def vouched_for(container):
    """Where the bytes are that pyHanko itself answers for, because the signature checks them."""
    signer = cms.ContentInfo.load(container)["content"]["signer_infos"][0]
    parts = [signer[name].dump() for name in ("signed_attrs", "signature_algorithm", "signature")]
    starts = [container.rindex(part) for part in parts]
    return {
        at
        for start, part in zip(starts, parts, strict=True)
        for at in range(start, start + len(part))
    }


def test_no_byte_of_the_container_changes_unseen():
    container = last_container()
    assert whole(container)
    unseen = {
        at
        for at in range(len(container))
        for mask in (1, 0x20, 0x80)
        if whole(flipped(container, at, mask))
    }
    assert unseen - vouched_for(container) == set()


def test_a_certificate_nobody_vouches_for_does_not_belong_in_the_container():
    stranger = pades.make_authority("Khối khác", valid_from=VALID_FROM)
    key = pades.issue(stranger, name="Ngoài", organisation="", title="", valid_from=VALID_FROM)
    assert problems(sign(prepared_paper(), "a", leader(0), chain=key)) == ["", "container"]


def test_a_container_that_names_its_signer_by_the_key_is_version_3():
    container = cms.ContentInfo.load(last_container())
    info = container["content"]["signer_infos"][0]
    signer = x509.load_pem_x509_certificate(portal().certificate_pem)
    key = x509.SubjectKeyIdentifier.from_public_key(signer.public_key()).digest
    assert whole(rewritten(container, info, sid={"subject_key_identifier": key}, version="v3"))
    assert not whole(rewritten(container, info, sid={"subject_key_identifier": key}, version="v1"))


def test_unsigned_attributes_belong_in_the_container():
    container = cms.ContentInfo.load(last_container())
    info = container["content"]["signer_infos"][0]
    stamp = cms.CMSAttribute({"type": "1.2.3.4", "values": [cms.Any(core.Null())]})
    assert whole(rewritten(container, info, unsigned_attrs=[stamp]))


def test_a_length_that_looks_like_an_indefinite_one_is_not_corrected_silently():
    container = cms.ContentInfo.load(last_container())
    info = container["content"]["signer_infos"][0]
    longer = next(
        content + bytes(0x100)
        for size in range(0x100)
        if (content := rewritten(container, info, unsigned_attrs=[filling(size)]))[3] == 0
    )
    assert whole(longer)
    assert not whole(flipped(longer, 3, 0x80))


def filling(size):
    return cms.CMSAttribute({"type": "1.2.3.4", "values": [core.OctetString(bytes(size))]})


def test_the_digest_may_be_named_without_parameters():
    container = cms.ContentInfo.load(last_container())
    info = container["content"]["signer_infos"][0]
    bare = cms.DigestAlgorithm.load(bytes.fromhex("300b0609608648016503040201"))
    assert whole(rewritten(container, info, digest_algorithm=bare))


def rewritten(container, info, version="v1", **changes):
    """The container as another tool might have written it."""
    names = ("sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")
    parts = {name: info[name] for name in names} | {"version": version} | changes
    content = {
        "version": version,
        "digest_algorithms": [parts["digest_algorithm"]],
        "encap_content_info": {"content_type": "data"},
        "certificates": container["content"]["certificates"],
        "signer_infos": [cms.SignerInfo(parts)],
    }
    return cms.ContentInfo(
        {"content_type": "signed_data", "content": cms.SignedData(content)}
    ).dump()


def test_the_hole_of_the_last_signature_is_written_in_one_manner():
    assert hole_is_filled(b"<ab01>", b"\xab\x01")
    assert hole_is_filled(b"<AB01>", b"\xab\x01")
    for other in (b"<aB01>", b"<ab 01>", b"<ab01 >", b"(ab01)", b"<ab0100>", b""):
        assert not hole_is_filled(other, b"\xab\x01")
