"""Queries for the pages of the legal register."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from emulation_bloc.lib.text import sort_key
from members.models import User
from members.queries import containing

from ..models import LegalReference, Paper
from ..models.laws import Standing
from . import citations

LAST_DAY = dt.date.max


@dataclass(frozen=True)
class Sort:
    """An order of the register; `direction` is the value of the aria-sort attribute."""

    key: Callable[[LegalReference], Any]
    direction: str = "ascending"


SORTS = {
    "issued": Sort(lambda law: (law.issued_on, law.number), "descending"),
    "document": Sort(lambda law: (sort_key(law.kind), law.issued_on)),
    "issuer": Sort(lambda law: (sort_key(law.issuer), law.issued_on)),
    "effective": Sort(lambda law: law.starts_on, "descending"),
    "expired": Sort(lambda law: law.expired_on or LAST_DAY),
}


@dataclass(frozen=True)
class LawRow:
    """A document of the register and whether it is in force on the chosen day."""

    law: LegalReference
    standing: Standing


def laws_listed(
    today: dt.date, *, words: str = "", kind: str = "", day: dt.date | None = None, sort: str
) -> list[LawRow]:
    """The documents found, in the order SORTS[sort].

    `words` are searched without diacritics, `kind` is a document type. With `day`, only documents
    in force on it are listed; without, each is judged on `today`.
    """
    laws = LegalReference.objects.select_related("replaced_by").filter(containing(words, "folded"))
    if kind:
        laws = laws.filter(kind=kind)
    if day:
        laws = laws.in_force_on(day)
    order = SORTS[sort]
    found = sorted(laws, key=order.key, reverse=order.direction == "descending")
    return [LawRow(law, law.standing_on(day or today)) for law in found]


def kinds() -> list[str]:
    """The document types in the register, in Vietnamese order."""
    kinds = LegalReference.objects.order_by().values_list("kind", flat=True).distinct()
    return sorted(kinds, key=sort_key)


# --- One document -------------------------------------------------------------------------------


def chain_of(law: LegalReference) -> list[LegalReference]:
    """The document, everything it replaced and everything that replaced it, by date of issue."""
    replaced = LegalReference.objects.exclude(replaced_by=None).select_related("replaced_by")
    linked = {law.pk: law} | {one.pk: one for one in replaced}
    linked |= {one.replaced_by.pk: one.replaced_by for one in replaced if one.replaced_by}
    pks = _predecessor_ids(law.pk, linked.values()) | _successor_ids(law, linked)
    return sorted((linked[pk] for pk in pks), key=lambda one: (one.issued_on, one.number))


def _predecessor_ids(pk: int, laws: Iterable[LegalReference]) -> set[int]:
    """Ids of the document and of everything it replaced, directly or in steps."""
    found = {pk}
    waiting = [pk]
    while waiting:
        newer = waiting.pop()
        older = {law.pk for law in laws if law.replaced_by_id == newer} - found
        found |= older
        waiting += older
    return found


def _successor_ids(law: LegalReference, laws: dict[int, LegalReference]) -> set[int]:
    """Ids of the document and of everything that replaced it, directly or in steps."""
    found = {law.pk}
    pk = law.replaced_by_id
    while pk is not None and pk not in found:
        found.add(pk)
        pk = laws[pk].replaced_by_id
    return found


def papers_citing(law: LegalReference, user: User) -> QuerySet[Paper]:
    """The papers that cite the document and that the user may see, newest year first."""
    papers = Paper.objects.visible_to(user).filter(references=law)
    return papers.select_related("bloc_year__bloc").order_by("-bloc_year__year", "pk")


@dataclass(frozen=True)
class Citing:
    """A paper that cites a document, and the document judged on the paper's date."""

    paper: Paper
    citation: citations.Citation

    @property
    def is_draft_without_date(self) -> bool:
        return self.paper.dated_on is None


def citations_of_law(law: LegalReference, papers: Iterable[Paper]) -> list[Citing]:
    """Pairs each of the papers with the document, judged on that paper's date."""
    known = citations.successors()
    days = {paper: citations.day_of(paper) for paper in papers}
    return [
        Citing(paper, citations.Citation(law, day, citations.successor_on(law, day, known)))
        for paper, day in days.items()
    ]
