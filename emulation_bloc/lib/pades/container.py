"""Checks that a signature's container has not been altered in parts that no digest covers.

A signature covers the whole file except its own container (the hexadecimal /Contents). The
containers of earlier signatures are covered by the next signature, the last one is not. The
signer's certificate, the signed attributes and the signature value are protected by cryptography;
version numbers, the list of digests, the copy of the issuer's name, other certificates and padding
are not. Those are compared here with what RFC 5652 requires, so that every byte of the file is
checked.
"""

from typing import Any, Final

from asn1crypto import cms  # type: ignore[import-untyped]
from asn1crypto.x509 import Name  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

# Version 1 for a signer identified by issuer and serial, 3 by key (RFC 5652, 5.1 and 5.3).
VERSIONS: Final = {"issuer_and_serial_number": "v1", "subject_key_identifier": "v3"}


def hole_is_filled(gap: bytes, contents: bytes) -> bool:
    """Whether `gap`, the bytes not covered, is `contents` in hexadecimal within angle brackets.

    All digits must be capital or all small, so that there are only two ways to write it.
    """
    digits = contents.hex().encode("ascii")
    return gap in (b"<" + digits + b">", b"<" + digits.upper() + b">")


def container_is_whole(
    contents: bytes, signer: x509.Certificate, authorities: list[x509.Certificate]
) -> bool:
    """Whether the CMS container has only protected or expected content, followed by zeros.

    `signer` is the certificate with which the signature was verified. Other certificates are
    allowed if they are trusted authorities, or issued by one of them or by each other. Raises what
    asn1crypto and cryptography raise on broken bytes.
    """
    signed = cms.ContentInfo.load(contents)["content"]
    certificates = [
        x509.load_der_x509_certificate(choice.dump()) for choice in signed["certificates"]
    ]
    # Compared with the bytes themselves, not with asn1crypto's dump: that normalises lengths ending
    # in 0x80 and would hide such a change.
    rebuilt = _rebuilt(signed, signer)
    return (
        contents.startswith(rebuilt)
        and not contents[len(rebuilt) :].strip(b"\x00")
        and all(_vouched(other, [signer], [*authorities, *certificates]) for other in certificates)
    )


def _vouched(
    certificate: x509.Certificate, known: list[x509.Certificate], issuers: list[x509.Certificate]
) -> bool:
    return certificate in known or any(_issued(certificate, issuer) for issuer in issuers)


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    # The byte before the signature is the number of unused bits; verification ignores it.
    return certificate.public_bytes(Encoding.DER).endswith(b"\x00" + certificate.signature)


def _rebuilt(signed: Any, signer: x509.Certificate) -> bytes:
    """The container built from its protected parts, as RFC 5652 requires, in DER."""
    (info,) = signed["signer_infos"]
    version = VERSIONS[info["sid"].name]
    content = {
        "version": version,
        "digest_algorithms": [_plain_digest(info)],
        "encap_content_info": {"content_type": "data"},
        "certificates": signed["certificates"],
        "signer_infos": [_rebuilt_signer_info(info, version, signer)],
    }
    rebuilt = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})
    return bytes(rebuilt.dump())


def _rebuilt_signer_info(info: Any, version: str, signer: x509.Certificate) -> Any:
    parts = {
        "version": version,
        "sid": _rebuilt_sid(info["sid"], signer),
        "digest_algorithm": _plain_digest(info),
        "signed_attrs": info["signed_attrs"],
        "signature_algorithm": info["signature_algorithm"],
        "signature": info["signature"],
    }
    if len(info["unsigned_attrs"]):
        parts["unsigned_attrs"] = info["unsigned_attrs"]
    return cms.SignerInfo(parts)


def _rebuilt_sid(sid: Any, signer: x509.Certificate) -> Any:
    if sid.name == "subject_key_identifier":
        return sid
    issuer = Name.load(signer.issuer.public_bytes())
    pair = cms.IssuerAndSerialNumber({"issuer": issuer, "serial_number": signer.serial_number})
    return cms.SignerIdentifier({"issuer_and_serial_number": pair})


def _plain_digest(info: Any) -> Any:
    """The digest algorithm with parameters NULL, or absent as RFC 5754, 2 prefers."""
    algorithm = info["digest_algorithm"]
    plain = cms.DigestAlgorithm({"algorithm": algorithm["algorithm"].native})
    name = plain["algorithm"].dump()
    left_out = b"\x30" + len(name).to_bytes(1, "big") + name
    return algorithm if algorithm.dump() == left_out else plain
