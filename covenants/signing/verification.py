"""Whether a paper is the one that the portal issued, by its code or by an uploaded file.

PDF viewers are not enough: they accept a changed title, bytes after the end, and a roll-back to an
older revision. So a file counts as unchanged only if its SHA-256 is stored by the portal and its
signatures are exactly those recorded for that revision.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pikepdf
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from emulation_bloc.lib import pades, uploads
from emulation_bloc.lib.pades.certificates import tidy_name
from members.models import BoardName, PaperOfRecord, StoredFile
from members.records import codes, files, printed
from members.records.authority import keys

from ..models import Paper, Signature
from ..models.drafts import PaperQuerySet, PaperState
from .findings import PORTAL_FIELDS, Change, Finding, Issued, Verdict, fields_of

CODE_IN_FILE = re.compile("-".join([f"[{codes.CODE_LETTERS}]{{4}}"] * 3))
# A hostile file may name thousands of codes; only so many are looked up.
MOST_CODES = 20
INSPECTION_KEPT_S = 24 * 3600


def look_up(code: str) -> Issued | None:
    """The sealed paper, or the paper of record, of a verification code, however it was typed."""
    parsed = codes.parse_code(code)
    return _with_code([parsed]) if parsed else None


def _with_code(some: list[str]) -> Issued | None:
    return _sealed_papers().filter(code__in=some).first() or printed.find_by_codes(some)


def _sealed_papers() -> PaperQuerySet:
    """All sealed papers, with what a check reads of them."""
    return Paper.objects.select_related(
        "bloc_year__bloc", "document", "sealed_file", "certificate"
    ).exclude(document=None)


def check_file(content: bytes) -> Finding:
    """Judge the bytes of an uploaded file. Never raises on hostile input, writes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    issued, verdict = _issued_as(sha256)
    if issued is None:
        return _judge_stranger(content)
    inspection = _inspect_issued(content, sha256)
    faults = tuple(_signature_faults(issued, sha256, inspection))
    if faults:
        return Finding(Verdict.CHANGED, issued, inspection, Change.UNEXPECTED, faults)
    return Finding(verdict, issued, inspection)


def check_stored(issued: Issued) -> Finding:
    """Judge the portal's own newest copy of a paper, read and compared now."""
    stored = issued.newest if isinstance(issued, Paper) else issued.file
    try:
        finding = check_file(files.read_content(stored))
    except files.FileDamaged as damage:
        return Finding(Verdict.DAMAGED, issued, faults=(str(damage),))
    if finding.is_unchanged:
        return finding
    return replace(finding, verdict=Verdict.DAMAGED, change=None)


# --- Files that the portal issued ----------------------------------------------------------------


def _issued_as(sha256: str) -> tuple[Issued | None, Verdict]:
    """The paper for which the portal stored exactly these bytes, and as what."""
    if paper := _sealed_papers().filter(certificate__sha256=sha256).first():
        return paper, Verdict.CERTIFICATE
    any_revision = Q(document__sha256=sha256) | Q(sealed_file__sha256=sha256)
    any_revision |= Q(parties__signature__after__sha256=sha256)
    if paper := _sealed_papers().filter(any_revision).first():
        return paper, _verdict_on_issued(paper, sha256)
    return printed.find_by_sha256(sha256), Verdict.RECORD


def _verdict_on_issued(paper: Paper, sha256: str) -> Verdict:
    if paper.state == PaperState.ANNULLED:
        return Verdict.ANNULLED
    if paper.document and paper.document.sha256 != sha256:
        return Verdict.OUTDATED
    return Verdict.COMPLETE if paper.state == PaperState.COMPLETE else Verdict.IN_SIGNING


def _inspect_issued(content: bytes, sha256: str) -> pades.Inspection:
    """The inspection of stored bytes; it takes up to a second, so it is cached for a day.

    Files from outside are not cached: they could push out everything else.
    """
    authority = hashlib.sha256(authority_pem()).hexdigest()
    key = f"covenants.inspection:{sha256}:{authority[:16]}"
    inspection: pades.Inspection | None = cache.get(key)
    if inspection is None:
        inspection = inspect(content)
        cache.set(key, inspection, timeout=INSPECTION_KEPT_S)
    return inspection


def inspect(content: bytes) -> pades.Inspection:
    """The inspection of a PDF's signatures against the installation's own authority."""
    return pades.inspect(content, authority_pems=[authority_pem()])


def authority_pem() -> bytes:
    """The certificate of the installation's authority, as PEM."""
    return keys().authority.certificate_pem


# --- Files that it did not -----------------------------------------------------------------------


def _judge_stranger(content: bytes) -> Finding:
    """Bytes that the portal never stored: a changed copy of one of its papers, or unknown."""
    issued = _paper_begun_with(content) or printed.find_begun_with(content) or _named_in(content)
    if issued is None:
        return Finding(Verdict.UNKNOWN)
    inspection = _inspect_stranger(content)
    change = _change_to(issued, content, inspection)
    return Finding(Verdict.CHANGED, issued, inspection, change, tuple(problems(inspection)))


def _paper_begun_with(content: bytes) -> Paper | None:
    """The paper whose sealed bytes are the beginning of the file, or None."""
    sealed = Paper.objects.exclude(sealed_file=None).order_by("sealed_file__size")
    digest, hashed = hashlib.sha256(), 0
    for pk, size, sha256 in sealed.values_list("pk", "sealed_file__size", "sealed_file__sha256"):
        if size > len(content):
            break
        digest.update(content[hashed:size])
        hashed = size
        if digest.hexdigest() == sha256:
            return _sealed_papers().get(pk=pk)
    return None


def _named_in(content: bytes) -> Issued | None:
    """The paper whose verification code the file carries among its keywords."""
    found = [code.replace("-", "") for code in CODE_IN_FILE.findall(_keywords(content))]
    return _with_code(found[:MOST_CODES]) if found else None


def _keywords(content: bytes) -> str:
    # A hostile file makes the reader raise many kinds of error; then it names no paper.
    try:
        uploads.refuse_bomb(content)
        with pikepdf.open(BytesIO(content)) as document:
            return str(document.docinfo.get("/Keywords", ""))
    except Exception:
        return ""


def _inspect_stranger(content: bytes) -> pades.Inspection:
    """The inspection of bytes from outside; files that could exhaust the reader are not opened."""
    try:
        uploads.refuse_bomb(content)
    except uploads.UploadRefused as refused:
        return pades.Inspection((), False, 0, f"not opened: {refused.reason.value}")
    return inspect(content)


def _change_to(issued: Issued, content: bytes, inspection: pades.Inspection) -> Change:
    """What was done to the paper, as far as the bytes tell."""
    known = list(_issued_contents(issued))
    if any(content.startswith(whole) for whole in known):
        return Change.ADDED
    if any(whole.startswith(content) for whole in known):
        return Change.CUT
    # The same length: bytes were exchanged in place, which no program that writes anew would do.
    if len(content) in map(len, known):
        return Change.ALTERED
    if inspection.parse_error:
        return Change.UNREADABLE
    is_partly_intact = any(report.intact for report in inspection.signatures)
    return Change.ALTERED if is_partly_intact else Change.REWRITTEN


def _issued_contents(issued: Issued) -> Iterator[bytes]:
    """The newest bytes of the paper and of its certificate, as far as they can be read."""
    for stored in _newest_files(issued):
        with suppress(files.FileDamaged):
            yield files.read_content(stored)


def _newest_files(issued: Issued) -> list[StoredFile]:
    if isinstance(issued, PaperOfRecord):
        return [issued.file]
    return [stored for stored in (issued.document, issued.certificate) if stored]


# --- What the signatures ought to be -------------------------------------------------------------


def _signature_faults(issued: Issued, sha256: str, inspection: pades.Inspection) -> Iterator[str]:
    """Where the signatures in a stored file are not those that the portal expects in it."""
    yield from problems(inspection)
    expected, found = _expected_fields(issued, sha256), fields_of(inspection)
    for name in sorted(expected - found):
        yield f"{name}: signature missing"
    for name in sorted(found - expected):
        yield f"{name}: signature not expected"
    recorded = _recorded_certificates(issued)
    for report in inspection.signatures:
        if not report.problem and recorded.get(report.field) != report.certificate_sha256:
            yield f"{report.field}: signed with another certificate than recorded"


def problems(inspection: pades.Inspection) -> Iterator[str]:
    """A line per fault that the file itself shows: bad signatures, unreadable, bytes appended."""
    for report in inspection.signatures:
        if not report.good:
            yield f"{report.field}: {report.problem}"
    if inspection.parse_error:
        yield f"unreadable: {inspection.parse_error}"
    elif not inspection.covers_whole_file or inspection.trailing_bytes:
        yield "something was added after the last signature"


def _expected_fields(issued: Issued, sha256: str) -> set[str]:
    """The seats that were signed when these bytes were stored, and the portal's own seals."""
    names = {pades.CERTIFICATION_FIELD}
    if isinstance(issued, PaperOfRecord) or _is_before_the_seats(issued, sha256):
        return names
    for signature in _signatures_of(issued):
        names.add(signature.party.field_name)
        if signature.after.sha256 == sha256:
            return names
    return names | {pades.CLOSING_FIELD}


def _is_before_the_seats(paper: Paper, sha256: str) -> bool:
    """Whether it is the sealed paper, or the certificate of completion, which has no seats."""
    without_seats = filter(None, (paper.sealed_file, paper.certificate))
    return sha256 in {stored.sha256 for stored in without_seats}


def _signatures_of(paper: Paper) -> Iterable[Signature]:
    """The signatures of a paper in the order in which they were made."""
    signatures = Signature.objects.filter(party__paper=paper).order_by("pk")
    return signatures.select_related("party", "post", "key", "before", "after")


def _recorded_certificates(issued: Issued) -> dict[str, str]:
    """Field to the SHA-256 of the certificate that must stand in it."""
    portal = pades.read_certificate(keys().portal.certificate_pem).sha256
    signatures = _signatures_of(issued) if isinstance(issued, Paper) else []
    seats = {signature.party.field_name: signature.key.fingerprint for signature in signatures}
    return dict.fromkeys(PORTAL_FIELDS, portal) | seats


# --- Everything that is stored -------------------------------------------------------------------


def faults() -> Iterator[str]:
    """A line per fault in any stored paper: bytes, signatures, order of revisions."""
    for paper in _sealed_papers().order_by("pk"):
        for fault in _paper_faults(paper):
            yield f"paper {paper.code}: {fault}"
    for record in PaperOfRecord.objects.select_related("file").order_by("pk"):
        for fault in _stored_faults(record, record.file):
            yield f"paper {record.code}: {fault}"


def _paper_faults(paper: Paper) -> Iterator[str]:
    for stored in _newest_files(paper):
        yield from _stored_faults(paper, stored)
    yield from _chain_faults(paper)
    yield from _seat_faults(paper)


def _stored_faults(issued: Issued, stored: StoredFile) -> Iterator[str]:
    try:
        content = files.read_content(stored)
    except files.FileDamaged as damage:
        yield str(damage)
    else:
        yield from _signature_faults(issued, stored.sha256, inspect(content))


def _chain_faults(paper: Paper) -> Iterator[str]:
    """Each signature must start from the bytes left by the one before, and only append to them."""
    last = paper.sealed_file
    for signature in _signatures_of(paper):
        if signature.before != last:
            yield f"{signature.party.field_name} did not follow the signature before it"
        last = signature.after
        yield from _growth_faults(signature.before, signature.after)
    if paper.state == PaperState.COMPLETE and last and paper.document:
        yield from _growth_faults(last, paper.document)
    elif paper.document != last:
        yield "the document is not what the last signature left"


def _growth_faults(before: StoredFile, after: StoredFile) -> Iterator[str]:
    try:
        grown = files.read_content(after).startswith(files.read_content(before))
    except files.FileDamaged as damage:
        yield str(damage)
    else:
        if not grown or before == after:
            yield f"file {after.sha256} does not continue file {before.sha256}"


def _seat_faults(paper: Paper) -> Iterator[str]:
    """A paper is complete exactly if every awaited seat is signed. Each signature must be made with
    a key not yet revoked, whose certificate names the signer and the board, in a post that had
    begun.
    """
    is_full = paper.parties.all().are_full()
    if paper.state != PaperState.ANNULLED and is_full != (paper.state == PaperState.COMPLETE):
        yield "its state and its seats contradict each other"
    for signature in _signatures_of(paper):
        revoked_at = signature.key.revoked_at
        if revoked_at is not None and revoked_at < signature.signed_at:
            yield f"{signature.party.field_name}: signed after the key was revoked"
        if not _certificate_names(signature):
            yield f"{signature.party.field_name}: the certificate names another person or board"
        if timezone.localdate(signature.signed_at) < signature.post.starts_on:
            yield f"{signature.party.field_name}: signed before the post began"


def _certificate_names(signature: Signature) -> bool:
    """Whether the certificate names signer and board. Names may have been corrected since, so the
    name printed in the seat is accepted too.
    """
    facts = pades.read_certificate(bytes(signature.key.certificate))
    names = BoardName.objects.filter(board=signature.post.board_id).values_list("name", flat=True)
    boards = {tidy_name(name) for name in [*names, signature.party.printed_board]}
    return facts.name == tidy_name(signature.signer_name) and facts.organisation in boards
