"""Checks the signatures of a PDF from anywhere.

No single tool finds everything: pyHanko accepts a changed title or bytes appended at the end, and
raises on a broken last revision; poppler misses a drawing added in a new revision. So pyHanko's
result is combined with own checks: the last signature covers every byte, its container is filled
completely, nothing follows the end.

The file alone cannot show that it was rolled back to an older revision, or that a seat was signed
with another leader's certificate. The caller compares SHA-256, signed fields and certificates with
its records. Revocation is **not** checked online.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import BytesIO
from itertools import islice
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.keys import load_certs_from_pemder_data
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from emulation_bloc.lib.pades.certificates import certificate_facts
from emulation_bloc.lib.pades.container import container_is_whole, hole_is_filled
from emulation_bloc.lib.pades.waiting import wait_for

logger = logging.getLogger(__name__)

END_OF_FILE: Final = b"%%EOF"
# More than any covenant has; each one takes time, and the file may be hostile.
MAX_SIGNATURES: Final = 200
CLOCK_SKEW: Final = timedelta(minutes=5)

# They log stack traces for hostile files; the report has the result.
for _name in ("pyhanko.pdf_utils", "pyhanko.sign", "pyhanko_certvalidator"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Problem(StrEnum):
    """The first problem of a signature, most serious first."""

    UNREADABLE = "unreadable"
    ALTERED = "altered"
    UNTRUSTED = "untrusted"
    FUTURE = "future"
    UNCOVERED = "uncovered"
    CHANGED_AFTER = "changed-after"
    CONSTRAINT = "constraint"
    CONTAINER = "container"


@dataclass(frozen=True)
class SignatureReport:
    """The result for one signature. `problem` is "" or a value of Problem.

    intact: the signature matches the signed bytes. trusted: the certificate was issued by a given
    authority and valid at `signed_at` (aware; claimed by the signer, not proven). covers_revision:
    the signature covers every byte of its revision. `certificate_sha256` is of the DER, in hex;
    names are in NFC, "" if unknown.
    """

    field: str
    signer_name: str
    organisation: str
    title: str
    signed_at: datetime | None
    certificate_sha256: str
    intact: bool
    trusted: bool
    covers_revision: bool
    problem: str

    @property
    def good(self) -> bool:
        """Whether nothing is wrong with this signature, nor with what was appended after it."""
        return self.intact and self.trusted and self.covers_revision and not self.problem


@dataclass(frozen=True)
class Inspection:
    """The result for a file: its signatures, oldest first, and the rest of the file.

    covers_whole_file: the last signature covers every byte but its own container. trailing_bytes:
    number of bytes after the last %%EOF and its line end. parse_error: "" or why the file could not
    be read as a PDF, for logs and experts.
    """

    signatures: tuple[SignatureReport, ...]
    covers_whole_file: bool
    trailing_bytes: int
    parse_error: str

    @property
    def sound(self) -> bool:
        """At least one signature, all good, the last covers the whole file, nothing follows it."""
        return (
            bool(self.signatures)
            and all(report.good for report in self.signatures)
            and self.covers_whole_file
            and self.trailing_bytes == 0
            and not self.parse_error
        )


def inspect(pdf: bytes, *, authority_pems: Sequence[bytes]) -> Inspection:
    """Check every signature of `pdf` against the given authorities, without network.

    Never raises because of the content of `pdf`. Certificates are checked at the time of signing,
    so that papers stay good after certificates expire; revocation is not checked. Every revision is
    compared with every later one (0.4 s for 13 signatures, 1.2 s for 22), so callers should cache
    the result by SHA-256. Raises ValueError if an authority is not a PEM certificate.
    """
    authorities = [one for pem in authority_pems for one in x509.load_pem_x509_certificates(pem)]
    # A hostile file makes pyHanko raise nearly anything (KeyError, RecursionError, MemoryError).
    # The file is then not sound, and the visitor gets that answer instead of an error page.
    try:
        return _inspect(pdf, authorities)
    except Exception as error:
        message = f"{type(error).__name__}: {error}"[:300]
        return Inspection((), False, _trailing_bytes(pdf), message)


def _inspect(pdf: bytes, authorities: list[x509.Certificate]) -> Inspection:
    reader = PdfFileReader(BytesIO(pdf))
    signatures: list[EmbeddedPdfSignature] = []
    reports: list[SignatureReport] = []
    found = list(islice(enumerate_sig_fields(reader, filled_status=True), MAX_SIGNATURES + 1))
    if len(found) > MAX_SIGNATURES:
        raise ValueError(f"The file holds more than {MAX_SIGNATURES} signatures.")
    for name, _value, field in found:
        try:
            signatures.append(EmbeddedPdfSignature(reader, field.get_object(), name))
        except Exception as error:
            reports.append(_unreadable(name, error))
    signatures.sort(key=lambda signature: signature.signed_revision)
    reports += wait_for(_judge_all(signatures, authorities))
    return Inspection(
        signatures=tuple(reports),
        covers_whole_file=bool(signatures) and _covers_whole_file(pdf, signatures[-1]),
        trailing_bytes=_trailing_bytes(pdf),
        parse_error="",
    )


async def _judge_all(
    signatures: list[EmbeddedPdfSignature], authorities: list[x509.Certificate]
) -> list[SignatureReport]:
    # The container of an earlier signature is covered by the next one.
    return [
        await _judge(signature, authorities, is_last=signature is signatures[-1])
        for signature in signatures
    ]


async def _judge(
    signature: EmbeddedPdfSignature, authorities: list[x509.Certificate], *, is_last: bool
) -> SignatureReport:
    try:
        signed_at = _signed_at(signature)
        status = await _status(signature, authorities, signed_at)
        signer = x509.load_der_x509_certificate(signature.signer_cert.dump())
        whole = not is_last or container_is_whole(signature.pkcs7_content, signer, authorities)
    except Exception as error:
        return _unreadable(signature.field_name, error)
    facts = certificate_facts(signer)
    return SignatureReport(
        field=signature.field_name,
        signer_name=facts.name,
        organisation=facts.organisation,
        title=facts.title,
        signed_at=signed_at,
        certificate_sha256=facts.sha256,
        intact=status.intact and status.valid,
        trusted=status.trusted,
        covers_revision=_covers_revision(status),
        problem=_problem(status, signed_at, container_whole=whole),
    )


async def _status(
    signature: EmbeddedPdfSignature, authorities: list[x509.Certificate], signed_at: datetime | None
) -> PdfSignatureStatus:
    """pyHanko's status. Later revisions are compared only for a signature that is good by itself,
    because the comparison is slow.
    """
    pems = b"".join(authority.public_bytes(Encoding.PEM) for authority in authorities)
    roots = list(load_certs_from_pemder_data(pems)) if authorities else []
    context = ValidationContext(trust_roots=roots, moment=signed_at, allow_fetching=False)
    status = await async_validate_pdf_signature(signature, context, skip_diff=True)
    if not (status.trusted and _covers_revision(status)):
        return status
    signature.compute_integrity_info()  # type: ignore[no-untyped-call, unused-ignore]
    return replace(status, **signature.summarise_integrity_info())


def _problem(
    status: PdfSignatureStatus, signed_at: datetime | None, *, container_whole: bool
) -> str:
    in_future = signed_at is not None and signed_at > datetime.now(UTC) + CLOCK_SKEW
    found = (
        (not (status.intact and status.valid), Problem.ALTERED),
        (not status.trusted, Problem.UNTRUSTED),
        (in_future, Problem.FUTURE),
        (not _covers_revision(status), Problem.UNCOVERED),
        (not status.docmdp_ok, Problem.CHANGED_AFTER),
        (not status.bottom_line, Problem.CONSTRAINT),
        (not container_whole, Problem.CONTAINER),
    )
    return next((problem.value for is_so, problem in found if is_so), "")


def _covers_revision(status: PdfSignatureStatus) -> bool:
    return status.coverage in (
        SignatureCoverageLevel.ENTIRE_REVISION,
        SignatureCoverageLevel.ENTIRE_FILE,
    )


def _covers_whole_file(pdf: bytes, signature: EmbeddedPdfSignature) -> bool:
    # pyHanko only adds up lengths; here the gap must be exactly the container.
    if len(signature.byte_range) != 4:
        return False
    start, hole, after, rest = (int(number) for number in signature.byte_range)
    return (
        start == 0
        and after + rest == len(pdf)
        and hole_is_filled(pdf[hole:after], signature.pkcs7_content)
        and signature.signed_revision == signature.reader.xrefs.total_revisions - 1
    )


def _trailing_bytes(pdf: bytes) -> int:
    _before, _mark, rest = pdf.rpartition(END_OF_FILE)
    for line_end in (b"\r\n", b"\n", b"\r"):
        if rest.startswith(line_end):
            return len(rest) - len(line_end)
    return len(rest)


def _signed_at(signature: EmbeddedPdfSignature) -> datetime | None:
    moment: datetime | None = signature.self_reported_timestamp
    if moment is None or moment.utcoffset() is not None:
        return moment
    return moment.replace(tzinfo=UTC)


def _unreadable(field: str, error: Exception) -> SignatureReport:
    logger.info("The signature in field %r could not be read.", field, exc_info=error)
    return SignatureReport(
        field=field,
        signer_name="",
        organisation="",
        title="",
        signed_at=None,
        certificate_sha256="",
        intact=False,
        trusted=False,
        covers_revision=False,
        problem=Problem.UNREADABLE.value,
    )
