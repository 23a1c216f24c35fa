"""What a paper rests on: the law that it cites, and papers of the bloc itself."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import Membership, User
from members.permissions import require

from ..laws import citations
from ..models import Indicator, LegalReference, Paper, PaperBasis
from ..models.drafts import PaperQuerySet
from ..transitions import lock
from .drafting import record, swapped
from .validity import papers_for

Row = TypeVar("Row")
Cell = tuple[Indicator, Membership]
Norms = Mapping[Cell, Decimal | None]


class NotCitable(Refusal):
    """A paper that is not in force on the citing paper's date."""


@transaction.atomic
def cite(paper: Paper, *, references: Sequence[LegalReference], actor: User) -> None:
    """Set the legal bases of a paper, in the order given."""
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    _set_bases(paper, references, actor)


@transaction.atomic
def rearrange(paper: Paper, *, press: str, reference: LegalReference, actor: User) -> None:
    """Change the legal bases by one press: "add", "remove", "up", "down", "swap" for the successor.

    What stands is read under the lock, so that of two who press at once neither undoes the other.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    cited = [basis.reference for basis in paper.bases.select_related("reference")]
    if press == "swap":
        wanted = citations.swapped(citations.on_day(cited, citations.day_of(paper)), reference.pk)
    else:
        wanted = _rearranged(cited, press, reference)
    if wanted != cited:
        _set_bases(paper, wanted, actor)


def _rearranged(
    cited: list[LegalReference], press: str, reference: LegalReference
) -> list[LegalReference]:
    if press == "add":
        return cited if reference in cited else [*cited, reference]
    if reference not in cited:
        return cited
    if press == "remove":
        return [other for other in cited if other != reference]
    return swapped(cited, cited.index(reference), {"up": -1, "down": 1}[press])


def _set_bases(paper: Paper, references: Sequence[LegalReference], actor: User) -> None:
    paper.bases.all().delete()
    PaperBasis.objects.bulk_create(
        PaperBasis(paper=paper, reference=reference, order=order)
        for order, reference in enumerate(references, start=1)
    )
    record(paper, "covenants.cited", actor, numbers=[r.number for r in references])


@transaction.atomic
def cite_papers(paper: Paper, *, cited: Iterable[Paper], actor: User) -> None:
    """Set which papers of the bloc a paper rests on; raises NotCitable.

    Only those in force on the paper's own date, of its year or lasting into it.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    wanted = {one.pk for one in cited}
    if wanted - set(citable(paper).values_list("pk", flat=True)):
        raise NotCitable(_("A paper cites only what is in force on its own date."))
    paper.cited_papers.set(wanted)
    record(paper, "covenants.papers_cited", actor, papers=sorted(wanted))


def citable(paper: Paper) -> PaperQuerySet:
    """The other papers that hold for the paper's year on its own date, oldest first."""
    held = papers_for(paper.bloc_year).in_force_on(paper.dated_on or timezone.localdate())
    return held.exclude(pk=paper.pk).order_by("dated_on", "pk")


def offered(paper: Paper) -> list[tuple[Paper, bool, bool]]:
    """What may be cited, then what is cited but holds no longer: (paper, is cited, holds)."""
    held = list(citable(paper))
    cited = list(paper.cited_papers.order_by("dated_on", "pk"))
    lapsed = [(one, True, False) for one in cited if one not in held]
    return [(one, one in cited, True) for one in held] + lapsed
