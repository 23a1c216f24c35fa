"""The history of a line: every figure on record, its returns and objections, and the audit
entries."""

import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.models import AuditEntry
from members.records import audit

from ..models import Figure, Line, Objection, Return

# Acts recorded on the sheet; OF_FIGURES and OF_FILES name the lines they are about by code.
OF_FIGURES = "scoring.figures_written"
OF_FILES = ("scoring.evidence_added", "scoring.evidence_used", "scoring.evidence_dropped")
OF_THE_SHEET = (
    *("scoring.submitted", "scoring.recalled"),
    *("scoring.concluded", "scoring.reopened"),
)

WORDS: dict[str, str | Promise] = {
    OF_FIGURES: _("Figure written"),
    "scoring.explanation_written": _("Explanation written"),
    "scoring.dispute_written": _("Figure of the portal disputed"),
    "scoring.reply_written": _("Reply written"),
    "scoring.evidence_added": _("Evidence added"),
    "scoring.evidence_used": _("Evidence used for this line, too"),
    "scoring.evidence_dropped": _("Evidence taken from this line"),
    "scoring.submitted": _("Sheet signed off and submitted"),
    "scoring.returned": _("Line sent back"),
    "scoring.recalled": _("Return taken back"),
    "scoring.appraised": _("Appraised"),
    "scoring.outside_entered": _("Figure of the outside body"),
    "scoring.taken_as_proposed": _("Taken over as proposed"),
    "scoring.concluded": _("Appraisal concluded"),
    "scoring.reopened": _("Appraisal taken up again"),
    "scoring.assigned": _("Assigned to the board again"),
    "scoring.unassigned": _("Not assigned to the board"),
    "scoring.plan_set": _("Plan entered"),
    "scoring.agreed_changed": _("Agreed figure changed"),
    "scoring.objected": _("Objection made"),
    "scoring.objection_answered": _("Objection answered"),
}


@dataclass(frozen=True)
class HistoryEntry:
    """An audit entry in words, with the content before and after it."""

    entry: AuditEntry
    what: str | Promise
    before: str = ""
    after: str = ""
    text: str = ""


def figures(line: Line) -> QuerySet[Figure]:
    """Every figure put on record, in all columns, the first one first."""
    return line.figures.order_by("pk")


def returns(line: Line) -> QuerySet[Return]:
    """Every return of the line, the first one first."""
    return line.returns.select_related("returned_by__person").order_by("round")


def objections(line: Line) -> QuerySet[Objection]:
    """Every objection to the line, the first one first."""
    found = line.objections.select_related("membership__name", "answered_by__person")
    return found.order_by("pk")


def trail(line: Line) -> QuerySet[AuditEntry]:
    """The audit entries about the line, the newest first."""
    code = line.criterion.code
    of_sheet = Q(subject=audit.subject_of(line.sheet)) & (
        Q(act=OF_FIGURES, details__changed__has_key=code)
        | Q(act="scoring.returned", details__reasons__has_key=code)
        | Q(act="scoring.taken_as_proposed", details__figures__has_key=code)
        | (Q(act__in=OF_FILES) & _listed(code))
        | Q(act__in=OF_THE_SHEET)
    )
    found = AuditEntry.objects.filter(Q(subject=audit.subject_of(line)) | of_sheet)
    return found.order_by("-number")


def _listed(code: str) -> Q:
    """Whether the code is in the list `details.lines`. The two databases have no common test for a
    member of a JSON list, so the text of the list is searched for the quoted code; SQLite keeps
    non-ASCII letters escaped, PostgreSQL does not."""
    escaped, plain = json.dumps(code), json.dumps(code, ensure_ascii=False)
    return Q(details__lines__icontains=escaped) | Q(details__lines__icontains=plain)


def history_entry(entry: AuditEntry, line: Line) -> HistoryEntry:
    """What an audit entry says about this line."""
    details: dict[str, Any] = entry.details
    code = line.criterion.code
    what = WORDS.get(entry.act, entry.act)
    if entry.act == OF_FIGURES:
        before, after = details["changed"][code]
        return HistoryEntry(entry, what, before, after)
    if entry.act == "scoring.returned":
        return HistoryEntry(entry, what, text=details["reasons"][code])
    if entry.act == "scoring.taken_as_proposed":
        return HistoryEntry(entry, what, after=details["figures"][code])
    if entry.act in OF_FILES:
        return HistoryEntry(entry, what, text=details["name"])
    before, after = str(details.get("before", "")), str(details.get("after", ""))
    return HistoryEntry(entry, what, before, after, entry.reason)
