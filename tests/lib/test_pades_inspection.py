import hashlib
import os
import re
import shutil
import socket
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner

from emulation_bloc.lib import pades
from emulation_bloc.lib.pades.certificates import load_private_key
from tests.lib.signed_papers import (
    SIGNED_AT,
    VALID_FROM,
    authority,
    blank_paper,
    closed_paper,
    flipped,
    inspect,
    leader,
    portal,
    prepared_paper,
    problems,
    saved,
    sign,
    small_paper,
)

HOLE = re.compile(rb"/Contents (<[0-9a-fA-F]{200,}>)")


def appended(pdf, change):
    """`pdf` with one more revision, in which `change` did something."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    output = BytesIO()
    writer.write(output)
    assert output.getvalue().startswith(pdf)
    return output.getvalue()


# --- papers nobody touched ---


@pytest.mark.parametrize("seats", [1, 11, 20])
def test_every_signature_of_a_closed_paper_is_good(seats):
    verdict = inspect(closed_paper(seats))
    assert [report.field for report in verdict.signatures] == [
        "portal-certification",
        *(f"seat-{number}" for number in range(seats)),
        "portal-closing",
    ]
    assert [report.good for report in verdict.signatures] == [True] * (seats + 2)
    assert (verdict.covers_whole_file, verdict.trailing_bytes, verdict.parse_error) == (True, 0, "")
    assert verdict.sound


@pytest.mark.parametrize("seats", [1, 11, 20])
def test_poppler_agrees_that_every_signature_is_good(seats, tmp_path):
    if not (shutil.which("pdfsig") and shutil.which("certutil")):
        pytest.skip("needs poppler-utils and libnss3-tools")
    paper, root, trust = tmp_path / "paper.pdf", tmp_path / "root.pem", f"sql:{tmp_path}"
    paper.write_bytes(closed_paper(seats))
    root.write_bytes(authority().certificate_pem)
    run("certutil", "-N", "-d", trust, "--empty-password")
    run("certutil", "-A", "-d", trust, "-n", "bloc", "-t", "C,C,C", "-i", str(root))
    answer = run("pdfsig", "-nssdir", trust, str(paper))
    assert answer.count("Signature Validation: Signature is Valid.") == seats + 2
    assert answer.count("Certificate Validation: Certificate is Trusted.") == seats + 2
    assert answer.count("  - Total document signed") == 1


def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout


def test_a_report_names_the_signer_as_the_certificate_does():
    (_certification, report, _closing) = inspect(small_paper()).signatures
    facts = pades.read_certificate(leader(0).certificate_pem)
    assert report == pades.SignatureReport(
        field="a",
        signer_name="Nguyễn Thị Phượng 0",
        organisation="Ban Quản lý các khu công nghiệp Đắk Lắk",
        title="Trưởng ban",
        signed_at=SIGNED_AT,
        certificate_sha256=facts.sha256,
        intact=True,
        trusted=True,
        covers_revision=True,
        problem="",
    )


def test_a_paper_is_sound_after_every_step():
    once = sign(prepared_paper(), "b", leader(0))
    assert [inspect(pdf).sound for pdf in (prepared_paper(), once)] == [True, True]


def test_a_paper_stays_sound_after_its_certificates_ran_out():
    old = datetime(2010, 1, 1, tzinfo=UTC)
    root = pades.make_authority("Khối", years=9, valid_from=old)
    key = pades.issue(root, name="An", organisation="", title="", years=1, valid_from=old)
    paper = pades.prepare(
        blank_paper(), seats=[], authority=root, portal=key, reason="", at=old + timedelta(days=9)
    )
    assert pades.inspect(paper, authority_pems=[root.certificate_pem]).sound


# --- the table of what was done to a signed file ---


def test_a_byte_flipped_in_the_base_breaks_every_signature():
    pdf = small_paper()
    verdict = inspect(flipped(pdf, pdf.index(b"/MediaBox") + 1))
    assert [report.problem for report in verdict.signatures] == ["altered"] * 3
    assert [report.intact for report in verdict.signatures] == [False] * 3
    assert not verdict.sound


def test_a_byte_flipped_in_the_last_revision_is_a_parse_error():
    pdf = small_paper()
    verdict = inspect(flipped(pdf, pdf.rindex(b"startxref") + 2))
    assert (verdict.signatures, verdict.covers_whole_file) == ((), False)
    assert verdict.parse_error.startswith("PdfReadError: ")
    assert not verdict.sound


def draw_over(writer):
    ink = generic.StreamObject(stream_data=b"0 0 300 200 re f")
    writer.add_stream_to_page(0, writer.add_object(ink))


def add_note(writer):
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
            generic.pdf_name("/Contents"): generic.pdf_string("Không đồng ý"),
        }
    )
    page = writer.find_page_for_modification(0)[0]
    writer.register_annotation(page, writer.add_object(note))


def change_title(writer):
    info = writer.trailer["/Info"]
    info["/Title"] = generic.pdf_string("Giao ước khác")
    writer.update_container(info)


@pytest.mark.parametrize("change", [draw_over, add_note])
def test_something_drawn_over_the_paper_in_a_new_revision_is_found(change):
    verdict = inspect(appended(small_paper(), change))
    assert [report.problem for report in verdict.signatures] == ["changed-after"] * 3
    assert not verdict.covers_whole_file
    assert not verdict.sound


def test_a_title_changed_in_a_new_revision_is_found_by_the_coverage():
    verdict = inspect(appended(small_paper(), change_title))
    assert [report.good for report in verdict.signatures] == [True] * 3
    assert not verdict.covers_whole_file
    assert not verdict.sound


def test_a_drawing_that_is_signed_over_is_found():
    drawn = appended(sign(prepared_paper(), "a", leader(0)), draw_over)
    verdict = inspect(sign(drawn, "b", leader(1)))
    assert [report.problem for report in verdict.signatures] == [
        "changed-after",
        "changed-after",
        "",
    ]
    assert verdict.covers_whole_file
    assert not verdict.sound


@pytest.mark.parametrize("linearize", [False, True])
def test_a_paper_written_anew_by_qpdf_is_found(linearize):
    output = BytesIO()
    with pikepdf.open(BytesIO(small_paper())) as document:
        document.save(output, linearize=linearize)
    verdict = inspect(output.getvalue())
    assert [report.good for report in verdict.signatures] == [False] * len(verdict.signatures)
    assert not verdict.sound


@pytest.mark.parametrize(
    ("junk", "counted"), [(b"x", 1), (b"\n", 1), (b"\0" * 9, 9), (b"<script>\n%%EOF\n", 0)]
)
def test_junk_after_the_end_is_found(junk, counted):
    verdict = inspect(small_paper() + junk)
    assert (verdict.trailing_bytes, verdict.covers_whole_file) == (counted, False)
    assert not verdict.sound


@pytest.mark.parametrize("ending", [b"", b"\n", b"\r", b"\r\n"])
def test_one_line_end_after_the_end_is_not_junk(ending):
    assert inspect(b"%PDF-1.7 %%EOF" + ending).trailing_bytes == 0


def test_a_roll_back_is_sound_in_itself_so_the_caller_compares_the_digest():
    earlier = sign(prepared_paper(), "a", leader(0))
    later = sign(earlier, "b", leader(1))
    assert (inspect(earlier).sound, inspect(later).sound) == (True, True)
    assert hashlib.sha256(earlier).digest() != hashlib.sha256(later).digest()


# --- certificates ---


def test_a_signature_of_a_stranger_is_not_trusted():
    stranger = pades.make_authority("Khối khác", valid_from=VALID_FROM)
    key = pades.issue(stranger, name="Ngoài", organisation="", title="", valid_from=VALID_FROM)
    assert problems(sign(prepared_paper(), "a", key)) == ["", "untrusted"]


def test_the_same_paper_is_trusted_by_those_who_trust_both_authorities():
    stranger = pades.make_authority("Khối khác", valid_from=VALID_FROM)
    key = pades.issue(stranger, name="Ngoài", organisation="", title="", valid_from=VALID_FROM)
    both = authority().certificate_pem + stranger.certificate_pem
    assert pades.inspect(sign(prepared_paper(), "a", key), authority_pems=[both]).sound


def test_without_an_authority_nothing_is_trusted():
    verdict = pades.inspect(small_paper(), authority_pems=[])
    assert [report.problem for report in verdict.signatures] == ["untrusted"] * 3
    assert [report.intact for report in verdict.signatures] == [True] * 3


def test_an_authority_that_is_not_a_certificate_is_the_callers_mistake():
    with pytest.raises(ValueError, match="PEM"):
        pades.inspect(small_paper(), authority_pems=[b"hello"])


def test_a_signature_that_names_a_moment_to_come_is_not_accepted():
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    paper = pades.prepare(
        blank_paper(),
        seats=[],
        authority=authority(),
        portal=portal(),
        reason="",
        at=tomorrow,
    )
    assert problems(paper) == ["future"]


class HastySigner(PdfSigner):
    """Another tool, which leaves the time zone out."""

    def init_signing_session(self, *args, **kwargs):
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = SIGNED_AT.replace(tzinfo=None)
        return session


def test_a_moment_without_time_zone_is_read_as_utc():
    identity = pades.Identity.load(leader(0), authority=authority())
    meta = PdfSignatureMetadata(field_name="a", subfilter=SigSeedSubFilter.PADES)
    writer = IncrementalPdfFileWriter(BytesIO(prepared_paper()))
    paper = HastySigner(meta, identity.signer).sign_pdf(writer).getvalue()
    assert inspect(paper).signatures[1].signed_at == SIGNED_AT


def test_nothing_is_asked_of_the_network(monkeypatch):
    def refuse(*_args, **_kwargs):
        raise AssertionError("the network was used")

    paper = sign(prepared_paper(), "a", with_addresses(leader(0)))
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert inspect(paper).sound


def with_addresses(pair):
    """The same certificate, but it names places on the network to ask about revocation."""
    old = x509.load_pem_x509_certificate(pair.certificate_pem)
    place = x509.UniformResourceIdentifier("http://127.0.0.1:9/ca")
    builder = x509.CertificateBuilder(
        issuer_name=old.issuer,
        subject_name=old.subject,
        public_key=old.public_key(),
        serial_number=old.serial_number + 1,
        not_valid_before=old.not_valid_before_utc,
        not_valid_after=old.not_valid_after_utc,
        extensions=list(old.extensions),
    )
    lists = [x509.DistributionPoint([place], None, None, None)]
    helps = [
        x509.AccessDescription(x509.AuthorityInformationAccessOID.OCSP, place),
        x509.AccessDescription(x509.AuthorityInformationAccessOID.CA_ISSUERS, place),
    ]
    builder = builder.add_extension(x509.CRLDistributionPoints(lists), critical=False)
    builder = builder.add_extension(x509.AuthorityInformationAccess(helps), critical=False)
    new = builder.sign(load_private_key(authority()), hashes.SHA256())
    pem = new.public_bytes(Encoding.PEM)
    return pades.KeyPair(pem, pair.private_key_pem)


# --- hostile files ---


@pytest.mark.parametrize(
    "noise", [b"", b"%PDF-1.7", b"%%EOF", b"\0" * 10_000_000, blank_paper()[:400]]
)
def test_a_file_that_is_no_pdf_is_a_parse_error(noise):
    verdict = inspect(noise)
    assert verdict.signatures == ()
    assert verdict.parse_error != ""
    assert not verdict.sound


def test_a_pdf_without_signatures_is_not_sound():
    assert inspect(blank_paper()) == pades.Inspection((), False, 0, "")
    assert not inspect(blank_paper()).sound


@pytest.mark.parametrize(("signatures", "error"), [(200, ""), (201, "ValueError: The file holds")])
def test_a_file_may_not_hold_endless_signatures(signatures, error):
    with pikepdf.new() as document:
        value = pikepdf.Dictionary(ByteRange=[0, 1, 2, 3], Contents=b"0")
        fields = [
            document.make_indirect(pikepdf.Dictionary(T=f"f{n}", FT=pikepdf.Name.Sig, V=value))
            for n in range(signatures)
        ]
        document.Root.AcroForm = pikepdf.Dictionary(Fields=fields)
        verdict = inspect(saved(document))
    assert verdict.parse_error[:26] == error
    assert not verdict.sound


def test_a_signature_whose_container_is_empty_is_listed_as_unreadable():
    pdf = small_paper()
    digits = HOLE.findall(pdf)[1][1:-1]
    verdict = inspect(pdf.replace(digits, b"0" * len(digits)))
    assert verdict.signatures[0] == pades.SignatureReport(
        field="a",
        signer_name="",
        organisation="",
        title="",
        signed_at=None,
        certificate_sha256="",
        intact=False,
        trusted=False,
        covers_revision=False,
        problem="unreadable",
    )
    assert not verdict.sound


def test_a_byte_range_of_another_shape_covers_nothing():
    pdf = small_paper()
    start = pdf.rindex(b"/ByteRange [0 ")
    verdict = inspect(pdf[:start] + b"/ByteRange [  " + pdf[start + 14 :])
    assert verdict.signatures[-1].covers_revision is False
    assert not verdict.covers_whole_file
    assert not verdict.sound


def test_ten_megabytes_of_noise_are_answered():
    noise = os.urandom(10_000_000)
    assert not inspect(b"%PDF-1.7\n" + noise + b"\nstartxref\n9\n%%EOF\n").sound


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_noise_makes_the_inspection_raise(noise, cut):
    pdf = small_paper()
    for hostile in (noise, b"%PDF-1.7\n" + noise, pdf[:-cut] + noise, pdf + noise + b"%%EOF\n"):
        assert inspect(hostile).sound == (hostile == pdf)
