"""The law that a paper cites, on the paper's own date, and what replaced it where it had expired.

One place for every paper and every page: the workshop, the check before sealing, the register.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ..models import LegalReference, Paper
from ..models.laws import Standing

Successors = Mapping[int, LegalReference]


@dataclass(frozen=True)
class Citation:
    """A document on the day of the paper that cites it.

    `successor` is what replaced an expired one and was in force on that day, at whatever step of
    the chain; None when there is nothing to cite in its place.
    """

    reference: LegalReference
    day: dt.date
    successor: LegalReference | None

    @property
    def standing(self) -> Standing:
        return self.reference.standing_on(self.day)

    @property
    def is_in_force(self) -> bool:
        return self.standing == Standing.IN_FORCE

    @property
    def warning(self) -> str:
        """What is wrong with citing it on that day; empty when nothing is."""
        if self.standing == Standing.NOT_YET:
            return _("Not yet in force on that day.")
        if self.reference.expired_on is None or self.is_in_force:
            return ""
        on = date_format(self.reference.expired_on, "SHORT_DATE_FORMAT")
        return " ".join([_("Expired on %(on)s.") % {"on": on}, self.replacement]).strip()

    @property
    def replacement(self) -> str:
        if self.successor is not None:
            return _("It has been replaced by %(other)s.") % {"other": self.successor}
        if self.reference.replaced_by is not None:
            return _("It has been replaced by %(other)s, which was not in force on that day.") % {
                "other": self.reference.replaced_by
            }
        return ""


def day_of(paper: Paper) -> dt.date:
    """The day on which a paper's law is looked at: its own date, or today while it has none."""
    return paper.dated_on or timezone.localdate()


def citations_of(paper: Paper) -> list[Citation]:
    """What the paper cites, in its order."""
    bases = paper.bases.select_related("reference__replaced_by")
    return on_day([basis.reference for basis in bases], day_of(paper))


def faulty_citations(paper: Paper) -> list[Citation]:
    """Those of them that were not in force on the paper's date."""
    return [citation for citation in citations_of(paper) if not citation.is_in_force]


def on_day(references: Iterable[LegalReference], day: dt.date) -> list[Citation]:
    """The documents on one day; what replaced others is read only when one of them expired."""
    cited = list(references)
    has_expired = any(one.standing_on(day) == Standing.EXPIRED for one in cited)
    known = successors() if has_expired else {}
    return [Citation(one, day, successor_on(one, day, known)) for one in cited]


def successors() -> Successors:
    """Every document that replaced another: few, and read at once however long the chains are."""
    return LegalReference.objects.filter(replaces__isnull=False).distinct().in_bulk()


def successor_on(
    reference: LegalReference, day: dt.date, known: Successors
) -> LegalReference | None:
    """The document at the end of the chain that is in force on the day, for an expired one."""
    if reference.standing_on(day) != Standing.EXPIRED:
        return None
    passed = {reference.pk}
    pk = reference.replaced_by_id
    while pk is not None and pk not in passed:
        passed.add(pk)
        if known[pk].is_in_force_on(day):
            return known[pk]
        pk = known[pk].replaced_by_id
    return None


def swapped(citations: Iterable[Citation], pk: int) -> list[LegalReference]:
    """The documents with one changed for its successor, in its place; none is cited twice."""
    wanted = [
        citation.successor
        if citation.reference.pk == pk and citation.successor
        else citation.reference
        for citation in citations
    ]
    return list(dict.fromkeys(wanted))
