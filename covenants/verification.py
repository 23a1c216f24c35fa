"""Is this the paper that the portal issued? By its code, or by the file somebody holds.

No single tool is enough: a viewer accepts a changed title, bytes after the end, and a roll-back
to an older revision. So a file counts as unchanged only when its SHA-256 is one that the portal
stored, and the signatures in it are exactly those that the portal expects at that point.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

from django.core.cache import cache

from emulation_bloc.lib import pades
from members import files
from members.models import StoredFile

from .authority import keys
from .models import Paper, Party, Signature
from .sealing import CODE_LENGTH, CODE_LETTERS

CODE_IN_FILE = re.compile(rb"[%s]{4}-[%s]{4}-[%s]{4}" % ((CODE_LETTERS.encode(),) * 3))
PORTAL_FIELDS = {pades.CERTIFICATION_FIELD, pades.CLOSING_FIELD}


class Verdict(Enum):
    COMPLETE = "complete"
    IN_SIGNING = "in_signing"
    OUTDATED = "outdated"
    ANNULLED = "annulled"
    CERTIFICATE = "certificate"
    CHANGED = "changed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """What the portal says of a file: the verdict, the paper it belongs to, the inspection."""

    verdict: Verdict
    paper: Paper | None = None
    inspection: pades.Inspection | None = None
    faults: list[str] = field(default_factory=list)

    @property
    def is_unchanged(self) -> bool:
        return self.verdict not in (Verdict.CHANGED, Verdict.UNKNOWN)


def look_up(code: str) -> Paper | None:
    """The sealed paper of a verification code, however it was typed."""
    cleaned = re.sub(r"[\s-]", "", code).upper().replace("O", "0").replace("I", "1")
    if len(cleaned) != CODE_LENGTH:
        return None
    return Paper.objects.select_related("bloc_year__bloc").filter(code=cleaned).first()


def check_file(content: bytes) -> Finding:
    """Judge the bytes that somebody holds. Never raises on hostile input, changes nothing."""
    sha256 = hashlib.sha256(content).hexdigest()
    paper, verdict = issued_as(sha256)
    if paper is None:
        return judge_stranger(content, sha256)
    inspection = inspect(content, sha256)
    faults = list(signature_faults(paper, sha256, inspection))
    if faults:
        return Finding(Verdict.CHANGED, paper, inspection, faults)
    return Finding(verdict, paper, inspection)


def issued_as(sha256: str) -> tuple[Paper | None, Verdict]:
    """The paper for which the portal stored exactly these bytes, and as what."""
    papers = Paper.objects.select_related("bloc_year__bloc", "document")
    if paper := papers.filter(certificate__sha256=sha256).first():
        return paper, Verdict.CERTIFICATE
    if paper := papers.filter(document__sha256=sha256).first():
        return paper, Verdict(STATE_VERDICTS.get(paper.state, Verdict.ANNULLED))
    older = papers.filter(sealed_file__sha256=sha256) | papers.filter(
        parties__signature__after__sha256=sha256
    )
    return older.first(), Verdict.OUTDATED


STATE_VERDICTS = {"complete": Verdict.COMPLETE, "signing": Verdict.IN_SIGNING}


def judge_stranger(content: bytes, sha256: str) -> Finding:
    """Bytes that the portal never stored: a changed copy of one of its papers, or unknown."""
    paper = paper_named_in(content)
    if paper is None:
        return Finding(Verdict.UNKNOWN)
    return Finding(Verdict.CHANGED, paper, inspect(content, sha256))


def paper_named_in(content: bytes) -> Paper | None:
    """The paper whose code the file carries in its metadata, or whose bytes it begins with."""
    for found in set(CODE_IN_FILE.findall(content)):
        if paper := look_up(found.decode()):
            return paper
    return None


def inspect(content: bytes, sha256: str) -> pades.Inspection:
    """The inspection of these bytes; thirteen signatures take seconds, so it is cached."""
    key = f"covenants.inspection:{sha256}:{hashlib.sha256(authority_pem()).hexdigest()[:16]}"
    inspection: pades.Inspection | None = cache.get(key)
    if inspection is None:
        inspection = pades.inspect(content, authority_pems=[authority_pem()])
        cache.set(key, inspection, timeout=24 * 3600)
    return inspection


def authority_pem() -> bytes:
    return keys().authority.certificate_pem


def signature_faults(paper: Paper, sha256: str, inspection: pades.Inspection) -> Iterator[str]:
    """Where the signatures in a stored file are not those that the portal expects in it."""
    if not inspection.sound:
        yield from problems(inspection)
    found = {report.field for report in inspection.signatures} - PORTAL_FIELDS
    expected = expected_fields(paper, sha256)
    for name in sorted(expected - found):
        yield f"{name}: signature missing"
    for name in sorted(found - expected):
        yield f"{name}: signature not expected"
    yield from strange_certificates(paper, inspection)


def problems(inspection: pades.Inspection) -> Iterator[str]:
    for report in inspection.signatures:
        if report.problem:
            yield f"{report.field}: {report.problem}"
    if inspection.parse_error:
        yield f"unreadable: {inspection.parse_error}"
    if not inspection.covers_whole_file or inspection.trailing_bytes:
        yield "something was added after the last signature"


def expected_fields(paper: Paper, sha256: str) -> set[str]:
    """The seats that were signed when these bytes were stored."""
    if paper.certificate and paper.certificate.sha256 == sha256:
        return set()
    signed = Signature.objects.filter(party__paper=paper).select_related("party", "after")
    names: set[str] = set()
    if paper.sealed_file and paper.sealed_file.sha256 == sha256:
        return names
    for signature in signed.order_by("pk"):
        names.add(signature.party.field_name)
        if signature.after.sha256 == sha256:
            break
    return names


def strange_certificates(paper: Paper, inspection: pades.Inspection) -> Iterator[str]:
    """Seats signed with a certificate other than the one recorded for the signer."""
    recorded = {
        party.field_name: party.signature.key.fingerprint
        for party in Party.objects.filter(paper=paper).signed().select_related("signature__key")
    }
    for report in inspection.signatures:
        if recorded.get(report.field, report.certificate_sha256) != report.certificate_sha256:
            yield f"{report.field}: signed with another certificate than recorded"


def faults() -> Iterator[str]:
    """A line for each fault in the stored papers: bytes, signatures, order of revisions."""
    papers = Paper.objects.exclude(document=None).select_related("document", "bloc_year__bloc")
    for paper in papers.order_by("pk"):
        for stored in filter(None, (paper.document, paper.certificate)):
            yield from stored_faults(paper, stored)
        yield from chain_faults(paper)


def stored_faults(paper: Paper, stored: StoredFile) -> Iterator[str]:
    try:
        content = files.read(stored)
    except files.FileDamaged as damage:
        yield f"paper {paper.code}: {damage}"
        return
    inspection = pades.inspect(content, authority_pems=[authority_pem()])
    for fault in signature_faults(paper, stored.sha256, inspection):
        yield f"paper {paper.code}: {fault}"


def chain_faults(paper: Paper) -> Iterator[str]:
    """Each signature must start from the bytes that the one before it left."""
    last = paper.sealed_file_id
    for signature in Signature.objects.filter(party__paper=paper).order_by("pk"):
        if signature.before_id != last:
            yield f"paper {paper.code}: seat {signature.party_id} did not follow the one before"
        last = signature.after_id
