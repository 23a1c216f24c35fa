"""The legal bases (căn cứ) of a paper: documents of the legal register and papers of the bloc."""

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require

from ..laws import citations
from ..models import LegalReference, Paper, PaperBasis
from ..models.drafts import PaperQuerySet
from ..transitions import lock
from .drafting import record, swapped
from .validity import papers_for


class NotCitable(Refusal):
    """The paper to be cited is not in force on the date of the citing paper."""


@transaction.atomic
def cite(paper: Paper, *, references: Sequence[LegalReference], actor: User) -> None:
    """Replace the legal bases of a paper by `references`, in that order. Asks "covenants.draft"."""
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    _set_bases(paper, references, actor)


@transaction.atomic
def rearrange(paper: Paper, *, press: str, reference: LegalReference, actor: User) -> None:
    """Change one legal basis: `press` is "add", "remove", "up", "down", or "swap" for its
    successor.

    The list is read under the paper's lock, so two simultaneous changes are both kept. Asks
    "covenants.draft".
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
    """Replace the papers of the bloc that a paper cites. Asks "covenants.draft"; raises NotCitable.

    Allowed are papers in force on the citing paper's date, see `citable`.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    wanted = {one.pk for one in cited}
    if wanted - set(citable(paper).values_list("pk", flat=True)):
        raise NotCitable(_("A paper cites only what is in force on its own date."))
    paper.cited_papers.set(wanted)
    record(paper, "covenants.papers_cited", actor, papers=sorted(wanted))


def citable(paper: Paper) -> PaperQuerySet:
    """The other papers of the bloc in force on the paper's date (today if it has none), oldest
    first.
    """
    held = papers_for(paper.bloc_year).in_force_on(paper.dated_on or timezone.localdate())
    return held.exclude(pk=paper.pk).order_by("dated_on", "pk")


def papers_to_choose(paper: Paper) -> list[tuple[Paper, bool, bool]]:
    """Papers to choose from: (paper, is cited, is in force). Cited papers no longer in force come
    last.
    """
    held = list(citable(paper))
    cited = list(paper.cited_papers.order_by("dated_on", "pk"))
    lapsed = [(one, True, False) for one in cited if one not in held]
    return [(one, one in cited, True) for one in held] + lapsed
