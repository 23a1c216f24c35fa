"""The installation's own certificate authority: keys, certificates, revocation lists.

Such a certificate proves integrity and consent inside the bloc; it is not the State's official
digital signature. The profile follows RFC 5280, name lengths X.520.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

# ub-common-name, ub-organization-name and ub-title of X.520 (RFC 5280, appendix A.1).
NAME_LIMIT: Final = 64
DAYS_A_YEAR: Final = 365.2425
# So that a computer whose clock is behind accepts a new certificate.
CLOCK_SKEW: Final = timedelta(days=1)
CRL_LIFE: Final = timedelta(days=7)


@dataclass(frozen=True)
class KeyPair:
    """A certificate and its private key, both PEM; the key is PKCS#8 without a password.

    The private key may be empty where only the certificate is needed. It is left out of the repr,
    so that it does not get into logs.
    """

    certificate_pem: bytes
    private_key_pem: bytes = field(repr=False)


@dataclass(frozen=True)
class CertificateFacts:
    """What the portal shows of a certificate; `sha256` is of its DER, in hex."""

    name: str
    organisation: str
    title: str
    serial: int
    sha256: str
    valid_from: datetime
    valid_until: datetime


def make_authority(name: str, *, years: int = 20, valid_from: datetime | None = None) -> KeyPair:
    """A self-signed authority (EC P-256) for signing certificates and revocation lists.

    `valid_from` is an aware datetime, by default a day ago. Raises ValueError for an empty name.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(name, "", "")
    builder = _builder(subject, subject, key.public_key(), x509.random_serial_number())
    start = _start(valid_from)
    builder = builder.not_valid_before(start).not_valid_after(_end(start, years))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_key_usage(authority=True), critical=True)
    return _pair(builder.sign(key, hashes.SHA256()), key)


def issue(
    authority: KeyPair,
    *,
    name: str,
    organisation: str,
    title: str,
    serial: int | None = None,
    years: int = 5,
    valid_from: datetime | None = None,
) -> KeyPair:
    """Issue a signing certificate (EC P-256) to a leader or to the portal.

    Names are tidied by `tidy_name`; an empty organisation or title is left out. The certificate
    ends at the latest with the authority's. `serial` is random by default. Raises ValueError for an
    empty name.
    """
    issuer = x509.load_pem_x509_certificate(authority.certificate_pem)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(name, organisation, title)
    number = x509.random_serial_number() if serial is None else serial
    builder = _builder(subject, issuer.subject, key.public_key(), number)
    start = max(_start(valid_from), issuer.not_valid_before_utc)
    end = min(_end(start, years), issuer.not_valid_after_utc)
    builder = builder.not_valid_before(start).not_valid_after(end)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
    builder = builder.add_extension(_key_usage(authority=False), critical=True)
    builder = builder.add_extension(_issuer_identifier(issuer), critical=False)
    return _pair(builder.sign(load_private_key(authority), hashes.SHA256()), key)


def revocation_list(
    authority: KeyPair,
    revoked: Iterable[tuple[int, datetime]],
    *,
    at: datetime | None = None,
) -> bytes:
    """The authority's certificate revocation list in DER, for `revoked`: (serial, aware datetime).

    Its number is `at` (default now) in seconds, so later lists have higher numbers; the next update
    is due after seven days. `inspect` does not use it: callers compare certificates with their
    records.
    """
    moment = (at or datetime.now(UTC)).astimezone(UTC)
    issuer = x509.load_pem_x509_certificate(authority.certificate_pem)
    builder = x509.CertificateRevocationListBuilder().issuer_name(issuer.subject)
    builder = builder.last_update(moment).next_update(moment + CRL_LIFE)
    builder = builder.add_extension(x509.CRLNumber(int(moment.timestamp())), critical=False)
    builder = builder.add_extension(_issuer_identifier(issuer), critical=False)
    for serial, since in sorted(revoked):
        entry = x509.RevokedCertificateBuilder().serial_number(serial)
        builder = builder.add_revoked_certificate(
            entry.revocation_date(since.astimezone(UTC)).build()
        )
    signed = builder.sign(load_private_key(authority), hashes.SHA256())
    return signed.public_bytes(serialization.Encoding.DER)


def read_certificate(certificate_pem: bytes) -> CertificateFacts:
    """The facts of a PEM certificate; raises ValueError if it is not one."""
    return certificate_facts(x509.load_pem_x509_certificate(certificate_pem))


def certificate_facts(certificate: x509.Certificate) -> CertificateFacts:
    """The names, serial number, digest and validity of a certificate."""
    return CertificateFacts(
        name=_attribute(certificate, NameOID.COMMON_NAME),
        organisation=_attribute(certificate, NameOID.ORGANIZATION_NAME),
        title=_attribute(certificate, NameOID.TITLE),
        serial=certificate.serial_number,
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        valid_from=certificate.not_valid_before_utc,
        valid_until=certificate.not_valid_after_utc,
    )


def load_private_key(pair: KeyPair) -> ec.EllipticCurvePrivateKey:
    """The private key of a pair made here; raises TypeError for keys of another kind."""
    key = serialization.load_pem_private_key(pair.private_key_pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("Only elliptic-curve keys are used here.")
    return key


def tidy_name(text: str) -> str:
    """The text in NFC without control and invisible characters, with single spaces, cut to 64
    characters with "…".
    """
    # Format characters (zero-width joiners, directions) go; tabs and line ends become spaces.
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    name = re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", unicodedata.normalize("NFC", seen)).strip()
    if len(name) <= NAME_LIMIT:
        return name
    cut = NAME_LIMIT - 1
    # A combining mark that NFC could not compose must not be cut off from its letter.
    while unicodedata.combining(name[cut]):
        cut -= 1
    return name[:cut].rstrip() + "…"


def _subject(name: str, organisation: str, title: str) -> x509.Name:
    common_name = tidy_name(name)
    if not common_name:
        raise ValueError("A certificate needs a name.")
    parts = [(NameOID.COMMON_NAME, common_name)]
    parts += [(NameOID.ORGANIZATION_NAME, tidy_name(organisation))]
    parts += [(NameOID.TITLE, tidy_name(title))]
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts if value])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, serial: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    builder = builder.public_key(key).serial_number(serial)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)
    return builder.add_extension(identifier, critical=False)


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    identifier = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(identifier.value)


def _start(valid_from: datetime | None) -> datetime:
    moment = valid_from or datetime.now(UTC) - CLOCK_SKEW
    return moment.astimezone(UTC).replace(microsecond=0)


def _end(start: datetime, years: int) -> datetime:
    return start + timedelta(days=round(years * DAYS_A_YEAR))


def _pair(certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> KeyPair:
    return KeyPair(
        certificate_pem=certificate.public_bytes(serialization.Encoding.PEM),
        private_key_pem=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )


def _attribute(certificate: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    found = certificate.subject.get_attributes_for_oid(oid)
    return unicodedata.normalize("NFC", str(found[0].value)) if found else ""
