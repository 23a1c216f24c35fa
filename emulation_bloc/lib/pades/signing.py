"""Adds signature fields to a paper and signs them: PAdES B-B, by incremental updates.

The order is fixed: `prepare` once, `sign` once per seat, `close` at the end. Each step only
appends, so the bytes that somebody signed are kept. The functions are synchronous and start an
event loop: call them from synchronous views only. Hold the row lock from reading the file to
storing the result: two signatures on the same revision would fork the file.
"""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any, Final, TypeVar

from cryptography import x509
from pyhanko.keys import load_certs_from_pemder_data, load_private_key_from_pemder_data
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import AxisAlignment, InnerScaling, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.rw_common import PdfHandler
from pyhanko.sign.fields import (
    MDPPerm,
    SigFieldSpec,
    SigSeedSubFilter,
    append_signature_field,
    enumerate_sig_fields,
)
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko.stamp import NoOpStampStyle, StaticStampStyle
from pyhanko.stamp.base import BaseStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from emulation_bloc.lib.pades.certificates import KeyPair
from emulation_bloc.lib.pades.waiting import wait_for

# The portal's own two fields, both invisible and on the first page.
CERTIFICATION_FIELD: Final = "portal-certification"
CLOSING_FIELD: Final = "portal-closing"

Box = tuple[float, float, float, float]
Result = TypeVar("Result")


class PadesError(Exception):
    """The paper could not be signed; the input is unchanged."""


class UnreadablePdf(PadesError):
    """The bytes are not a PDF that can be signed."""


class FieldTaken(PadesError):
    """The field is already signed, or a field of that name already exists."""


class FieldMissing(PadesError):
    """The paper has no signature field of that name."""


class CertificateOutOfDate(PadesError):
    """The signer's certificate is not valid at the moment of signing."""


@dataclass(frozen=True)
class SeatField:
    """A signature field: name, page (from 0), box (left, bottom, right, top) in PDF points from the
    bottom left corner.
    """

    name: str
    page: int
    box: Box


@dataclass(frozen=True)
class Identity:
    """A certificate with its key and the authority's certificate, ready to sign."""

    certificate: x509.Certificate
    signer: SimpleSigner

    @classmethod
    def load(cls, pair: KeyPair, *, authority: KeyPair) -> "Identity":
        """Load the PEM texts; of the authority only the certificate is used."""
        (certificate,) = load_certs_from_pemder_data(pair.certificate_pem)
        chain = SimpleCertificateStore()  # type: ignore[no-untyped-call, unused-ignore]
        for link in load_certs_from_pemder_data(authority.certificate_pem):
            chain.register(link)
        signer = SimpleSigner(
            signing_cert=certificate,
            signing_key=load_private_key_from_pemder_data(pair.private_key_pem, passphrase=None),
            cert_registry=chain,
        )
        return cls(x509.load_pem_x509_certificate(pair.certificate_pem), signer)

    def check_valid_at(self, moment: datetime) -> None:
        """Raise CertificateOutOfDate unless the certificate is valid at that aware moment."""
        start = self.certificate.not_valid_before_utc
        end = self.certificate.not_valid_after_utc
        if not start <= moment <= end:
            raise CertificateOutOfDate(f"The certificate is valid from {start} to {end}.")


class _PunctualSigner(PdfSigner):
    """A PdfSigner that uses a given time, the one printed on the stamp."""

    def __init__(
        self,
        meta: PdfSignatureMetadata,
        identity: Identity,
        *,
        at: datetime,
        stamp: BaseStampStyle,
    ) -> None:
        super().__init__(meta, identity.signer, stamp_style=stamp)
        self.at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.at
        return session


def prepare(
    pdf: bytes,
    *,
    seats: Sequence[SeatField],
    authority: KeyPair,
    portal: KeyPair,
    reason: str,
    at: datetime | None = None,
) -> bytes:
    """Add all empty signature fields and the portal's certification, in one revision.

    Adds one field per seat and one for the closing seal, and signs the invisible field
    "portal-certification"; afterwards only signing is permitted (DocMDP FILL_FORMS). All fields
    must exist before it, as no later revision may add one. `at` is the aware time of the
    certification, default now.

    Raises UnreadablePdf, FieldTaken (two seats of one name, or already prepared), FieldMissing (a
    seat on a page that does not exist), CertificateOutOfDate.
    """
    moment = _aware(at or datetime.now(UTC))
    identity = Identity.load(portal, authority=authority)
    writer = _open(pdf)
    names = [CERTIFICATION_FIELD, CLOSING_FIELD, *(seat.name for seat in seats)]
    taken = set(_states(writer.prev)) & set(names)
    if taken or len(set(names)) < len(names):
        raise FieldTaken(f"Each field needs a name of its own: {', '.join(names)}")
    _add_fields(writer, seats)
    meta = PdfSignatureMetadata(
        field_name=CERTIFICATION_FIELD,
        reason=reason,
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    return _write(writer, meta, identity, at=moment, stamp=NoOpStampStyle())


def sign(
    pdf: bytes,
    *,
    field: str,
    signer: KeyPair,
    authority: KeyPair,
    stamp_pdf: bytes | None,
    at: datetime,
    reason: str,
    location: str,
) -> bytes:
    """Sign one empty field; the result begins with the bytes of `pdf`.

    `stamp_pdf` is a PDF whose first page is drawn in the field, centred and scaled without
    distortion; None leaves the field empty. `at` is an aware time, also shown on the stamp. The
    level is PAdES B-B: no third-party time stamp, no proof of revocation.

    Raises UnreadablePdf (paper or stamp), FieldMissing, FieldTaken, CertificateOutOfDate,
    ValueError for a naive `at`.
    """
    moment = _aware(at)
    identity = Identity.load(signer, authority=authority)
    writer = _open(pdf)
    _require_empty(writer.prev, field)
    meta = PdfSignatureMetadata(
        field_name=field,
        reason=reason,
        location=location,
        subfilter=SigSeedSubFilter.PADES,
    )
    if stamp_pdf is None:
        return _write(writer, meta, identity, at=moment, stamp=NoOpStampStyle())
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(stamp_pdf)
        file.flush()
        return _write(writer, meta, identity, at=moment, stamp=_stamp_style(file.name))


def close(
    pdf: bytes,
    *,
    portal: KeyPair,
    authority: KeyPair,
    at: datetime,
    reason: str,
    field: str = CLOSING_FIELD,
) -> bytes:
    """Sign the portal's closing seal, in the invisible field added by `prepare`.

    Raises what `sign` raises. The file does not forbid later signatures; callers of `inspect`
    detect them by comparing the signed fields with their records.
    """
    return sign(
        pdf,
        field=field,
        signer=portal,
        authority=authority,
        stamp_pdf=None,
        at=at,
        reason=reason,
        location="",
    )


def _open(pdf: bytes) -> IncrementalPdfFileWriter:
    return _reading(lambda: IncrementalPdfFileWriter(BytesIO(pdf)))


def _states(reader: PdfHandler) -> dict[str, bool]:
    return _reading(
        lambda: {name: value is not None for name, value, _ref in enumerate_sig_fields(reader)}
    )


def _reading(read: Callable[[], Result]) -> Result:
    # pyHanko reads lazily, so even writing may hit a broken part of the paper or the stamp, and it
    # then raises more than PdfError (KeyError, TypeError, zlib.error, RecursionError).
    try:
        return read()
    except Exception as error:
        raise UnreadablePdf(f"{type(error).__name__}: {error}") from error


def _require_empty(reader: PdfFileReader, field: str) -> None:
    states = _states(reader)
    if field not in states:
        raise FieldMissing(f"The paper has no signature field {field!r}.")
    if states[field]:
        raise FieldTaken(f"The signature field {field!r} is signed already.")


def _add_fields(writer: IncrementalPdfFileWriter, seats: Sequence[SeatField]) -> None:
    append_signature_field(writer, SigFieldSpec(CERTIFICATION_FIELD))
    for seat in seats:
        spec = SigFieldSpec(seat.name, on_page=seat.page, box=seat.box)  # type: ignore[arg-type]
        try:
            append_signature_field(writer, spec)
        except PdfError as error:
            raise FieldMissing(f"The paper has no page {seat.page} for {seat.name!r}.") from error
    append_signature_field(writer, SigFieldSpec(CLOSING_FIELD))


def _stamp_style(path: str) -> StaticStampStyle:
    fit = SimpleBoxLayoutRule(
        x_align=AxisAlignment.ALIGN_MID,
        y_align=AxisAlignment.ALIGN_MID,
        margins=Margins(),
        inner_content_scaling=InnerScaling.STRETCH_TO_FIT,
    )
    return StaticStampStyle.from_pdf_file(path, border_width=0, background_layout=fit)


def _write(
    writer: IncrementalPdfFileWriter,
    meta: PdfSignatureMetadata,
    identity: Identity,
    *,
    at: datetime,
    stamp: BaseStampStyle,
) -> bytes:
    identity.check_valid_at(at)
    signer = _PunctualSigner(meta, identity, at=at, stamp=stamp)
    output = BytesIO()
    signing = signer.async_sign_pdf(writer, existing_fields_only=True, output=output)
    _reading(lambda: wait_for(signing))
    return output.getvalue()


def _aware(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("The moment of signing needs a time zone.")
    return moment.replace(microsecond=0)
