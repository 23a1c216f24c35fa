"""Which documents a paper cites, whether each is in force on the paper's date, and what replaced
it.

Used by the drafting page, the checks before sealing and the legal register.
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
    """A cited document, judged on one day (the date of the paper that cites it).

    `successor` is the document in force on that day that replaced an expired one, directly or
    through further replacements; None if there is none, or if `reference` has not expired.
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
        """Why the document should not be cited on that day, as a sentence; "" if it is in force."""
        if self.standing == Standing.NOT_YET:
            return _("Not yet in force on that day.")
        if self.reference.expired_on is None or self.is_in_force:
            return ""
        on = date_format(self.reference.expired_on, "SHORT_DATE_FORMAT")
        return " ".join([_("Expired on %(on)s.") % {"on": on}, self.replacement]).strip()

    @property
    def replacement(self) -> str:
        """The sentence that names what replaced the document; "" if nothing did."""
        if self.successor is not None:
            return _("It has been replaced by %(other)s.") % {"other": self.successor}
        if self.reference.replaced_by is not None:
            return _("It has been replaced by %(other)s, which was not in force on that day.") % {
                "other": self.reference.replaced_by
            }
        return ""


def day_of(paper: Paper) -> dt.date:
    """The paper's date, or today while it has none: the day on which its citations are judged."""
    return paper.dated_on or timezone.localdate()


def citations_of(paper: Paper) -> list[Citation]:
    """The legal documents that the paper cites, in the paper's order."""
    bases = paper.bases.select_related("reference__replaced_by")
    return on_day([basis.reference for basis in bases], day_of(paper))


def faulty_citations(paper: Paper) -> list[Citation]:
    """The citations of documents that were not in force on the paper's date."""
    return [citation for citation in citations_of(paper) if not citation.is_in_force]


def on_day(references: Iterable[LegalReference], day: dt.date) -> list[Citation]:
    """The documents judged on a day, in the given order.

    Replacements are queried only if one of the documents has expired.
    """
    cited = list(references)
    has_expired = any(one.standing_on(day) == Standing.EXPIRED for one in cited)
    known = successors() if has_expired else {}
    return [Citation(one, day, successor_on(one, day, known)) for one in cited]


def successors() -> Successors:
    """Every document that replaced another one, by id. They are few, so all are read in
    one query.
    """
    return LegalReference.objects.filter(replaces__isnull=False).distinct().in_bulk()


def successor_on(
    reference: LegalReference, day: dt.date, known: Successors
) -> LegalReference | None:
    """What replaced an expired document and is in force on the day; None if nothing is, or if the
    document has not expired.

    Follows `replaced_by` link by link and stops at a loop.
    """
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
    """The cited documents, document `pk` exchanged for its successor. None is listed twice."""
    wanted = [
        citation.successor
        if citation.reference.pk == pk and citation.successor
        else citation.reference
        for citation in citations
    ]
    return list(dict.fromkeys(wanted))
