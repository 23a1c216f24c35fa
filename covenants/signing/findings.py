"""What a check of a file found: the verdict, the change, the paper it belongs to."""

from dataclasses import dataclass
from enum import Enum

from emulation_bloc.lib import pades
from members.models import PaperOfRecord

from ..models import Paper

Issued = Paper | PaperOfRecord
# The portal's own two signatures in a paper with seats.
PORTAL_FIELDS = frozenset({pades.CERTIFICATION_FIELD, pades.CLOSING_FIELD})


def fields_of(inspection: pades.Inspection) -> set[str]:
    """The names of the signed fields."""
    return {report.field for report in inspection.signatures}


class Verdict(Enum):
    """What a file is, compared with what the portal stored."""

    COMPLETE = "complete"
    IN_SIGNING = "in_signing"
    OUTDATED = "outdated"
    ANNULLED = "annulled"
    CERTIFICATE = "certificate"
    # A paper that the portal printed and certified alone.
    RECORD = "record"
    CHANGED = "changed"
    UNKNOWN = "unknown"
    # Only of the portal's own copy, never of an uploaded file.
    DAMAGED = "damaged"


class Change(Enum):
    """How a file differs from the one that the portal issued."""

    ADDED = "added"
    CUT = "cut"
    ALTERED = "altered"
    REWRITTEN = "rewritten"
    UNREADABLE = "unreadable"
    # The bytes are as stored, but their signatures are not those recorded.
    UNEXPECTED = "unexpected"


@dataclass(frozen=True)
class Finding:
    """What the portal says of a file: the verdict, what it belongs to, the inspection.

    `change` is set if the verdict is CHANGED; `faults` are technical lines in English.
    """

    verdict: Verdict
    issued: Issued | None = None
    inspection: pades.Inspection | None = None
    change: Change | None = None
    faults: tuple[str, ...] = ()

    @property
    def is_unchanged(self) -> bool:
        return self.verdict not in (Verdict.CHANGED, Verdict.UNKNOWN, Verdict.DAMAGED)

    @property
    def paper(self) -> Paper | None:
        """The paper with seats that the file belongs to."""
        return self.issued if isinstance(self.issued, Paper) else None

    @property
    def record(self) -> PaperOfRecord | None:
        """The paper of record that the file belongs to."""
        return self.issued if isinstance(self.issued, PaperOfRecord) else None

    @property
    def of_paper(self) -> Paper:
        """The paper with seats. Raises ValueError where the file belongs to none."""
        if self.paper is None:
            raise ValueError("Nothing is known of a stranger's file.")
        return self.paper

    @property
    def seats_in_file(self) -> int:
        """How many boards signed in this file; the portal's own two signatures are not counted."""
        return len(fields_of(self.inspection) - PORTAL_FIELDS) if self.inspection else 0
