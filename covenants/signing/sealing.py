"""Sealing a paper: freeze the text, print it once, add one empty signature field per signer."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from emulation_bloc.lib import pades, pdf
from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require
from members.records import audit, codes, files, outbox, recipients
from members.records.acts import ReasonMissing, state_after, transition
from members.records.authority import keys

from ..laws import citations
from ..models import Paper, Party, Target, Version
from ..models.drafts import PAPER_TRANSITIONS
from ..models.kinds import Route
from ..papers import bases, printing, versions
from ..transitions import lock

PDF = "application/pdf"
YEAR_NAMED = re.compile(r"\bnăm (20\d\d)\b", re.IGNORECASE)


class NotReady(Refusal):
    """The paper cannot be sealed yet; `obstacles` has one sentence per reason."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__(" ".join(obstacles))
        self.obstacles = obstacles


class WrongRoute(Refusal):
    """Papers of this kind are adopted by vote, or signed by all boards, and this act is for the
    other.
    """


@dataclass(frozen=True)
class Check:
    """One point checked before sealing: `faults` prevent sealing, `doubts` only warn."""

    part: str
    faults: list[str]
    doubts: list[str] = field(default_factory=list)


def checks(paper: Paper) -> list[Check]:
    """The checks before sealing, in the order of the work. Covenants also need bases and
    targets.
    """
    of_any_paper = [
        Check("header", _missing_header(paper)),
        Check("text", _missing_text(paper), doubts=_other_years(paper)),
        Check("comments", _open_comments(paper)),
    ]
    if not paper.is_covenant:
        return [
            *of_any_paper,
            Check("bases", [], doubts=_lapsed_laws(paper) + _lapsed_papers(paper)),
        ]
    return [
        *of_any_paper,
        # The page of sealing shows lapsed laws itself, with what replaced them.
        Check("bases", _missing_bases(paper), doubts=_lapsed_papers(paper)),
        Check("targets", _empty_targets(paper)),
        Check("boards", _unrepresented_boards(paper)),
    ]


def obstacles(paper: Paper) -> list[str]:
    """One sentence per reason why the paper cannot be sealed; empty if it is ready."""
    return [fault for check in checks(paper) for fault in check.faults]


def unfinished(paper: Paper) -> list[str]:
    """What the draft lacks, shown before members are asked for comments."""
    if not paper.is_covenant:
        return _missing_header(paper)
    return [*_missing_header(paper), *_missing_bases(paper), *_empty_targets(paper)]


def _missing_header(paper: Paper) -> list[str]:
    if paper.title.strip() and paper.place.strip() and paper.dated_on:
        return []
    return [_("The paper needs a title, a place and a date.")]


def _missing_text(paper: Paper) -> list[str]:
    articles = list(paper.articles.standing())
    if not articles and paper.attachment is None:
        return [_("The paper has no article yet.")]
    empty = [article.heading for article in articles if not article.body.strip()]
    return [_("No text under: %(headings)s.") % {"headings": "; ".join(empty)}] if empty else []


def _other_years(paper: Paper) -> list[str]:
    """Where the text names a year other than the paper's, as text copied from an earlier
    year does.
    """
    articles = [(one.heading, f"{one.heading} {one.body}") for one in paper.articles.standing()]
    places = [
        (_("Title"), paper.title),
        (_("Theme"), paper.theme),
        (_("Opening"), paper.opening),
        *articles,
        (_("Terms"), paper.terms),
    ]
    return [
        _("“%(place)s” names the year %(years)s.") % {"place": place, "years": ", ".join(years)}
        for place, text in places
        if (years := sorted(set(YEAR_NAMED.findall(text)) - {str(paper.bloc_year.year)}))
    ]


def _missing_bases(paper: Paper) -> list[str]:
    return [] if paper.bases.exists() else [_("The paper cites no legal basis yet.")]


def _lapsed_laws(paper: Paper) -> list[str]:
    faulty = citations.faulty_citations(paper)
    return [f"{citation.reference}: {citation.warning}" for citation in faulty]


def _lapsed_papers(paper: Paper) -> list[str]:
    return [
        _("“%(paper)s” is not in force on the date of this paper.") % {"paper": one}
        for one, is_cited, holds in bases.papers_to_choose(paper)
        if is_cited and not holds
    ]


def _open_comments(paper: Paper) -> list[str]:
    count = paper.comments.unanswered().count()
    if not count:
        return []
    sentence = ngettext(
        "%(count)d comment has not been answered.",
        "%(count)d comments have not been answered.",
        count,
    )
    return [sentence % {"count": count}]


def _empty_targets(paper: Paper) -> list[str]:
    staying = paper.bloc_year.memberships.staying()
    filled = Target.objects.filter(indicator__paper=paper, membership__in=staying)
    empty = paper.indicators.count() * staying.count() - filled.count()
    if not empty:
        return []
    sentence = ngettext(
        "%(count)d target in the annex is empty.",
        "%(count)d targets in the annex are empty.",
        empty,
    )
    return [sentence % {"count": empty}]


def _unrepresented_boards(paper: Paper) -> list[str]:
    return [
        _("%(board)s has no leader who could sign.") % {"board": party.membership.name.short_name}
        for party in printing.parties_of(paper)
        if not party.printed_name
    ]


@transaction.atomic
def seal(paper: Paper, *, actor: User) -> Paper:
    """Freeze a covenant, print it and open it for signing by all boards.

    Asks "covenants.keep"; raises NotReady, NotNow, WrongRoute.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, PAPER_TRANSITIONS, "seal")
    refuse_route(paper, Route.SIGNED_BY_ALL)
    if sentences := obstacles(paper):
        raise NotReady(sentences)
    return open_seats(paper, "seal", printing.parties_of(paper), actor=actor)


def refuse_route(paper: Paper, needed: Route) -> None:
    """Raises WrongRoute unless the kind of the paper takes the route `needed`."""
    if paper.kind.route == needed:
        return
    if needed == Route.ADOPTED:
        raise WrongRoute(_("This kind of paper is signed by all boards, not voted on."))
    raise WrongRoute(_("This kind of paper is adopted by vote before it is signed."))


def open_seats(paper: Paper, act: str, seats: Sequence[Party], *, actor: User) -> Paper:
    """Freeze and print a locked paper with the seats `seats`, move it by `act`, and invite the
    signers.

    The portal certifies the PDF so that only the signature fields may be filled afterwards.
    """
    version = versions.take(paper, Version.Occasion.SEALING, actor=actor)
    parties = Party.objects.bulk_create(seats)
    code = codes.new_code()
    printed = printing.printed(paper, version.content, parties, code)
    sealed = files.store(_with_seats(printed, parties), media_type=PDF)
    transition(
        paper,
        PAPER_TRANSITIONS,
        act,
        code=code,
        sealed_at=timezone.now(),
        sealed_file=sealed,
        document=sealed,
        pages=printed.pages,
    )
    audit.record(
        "covenants.sealed",
        actor=actor,
        subject=paper,
        bloc=paper.bloc_year.bloc,
        details={
            "sha256": sealed.sha256,
            "version": version.number,
            "seats": len(parties),
            "number": paper.full_number,
        },
    )
    invite_signers(paper)
    return paper


def _with_seats(printed: pdf.Rendered, parties: list[Party]) -> bytes:
    """The printed PDF with one empty signature field per seat, certified by the portal."""
    seats = [
        pades.SeatField(
            name=party.field_name,
            page=printed.anchors[party.field_name].page,
            box=printed.anchors[party.field_name].box,
        )
        for party in parties
    ]
    return pades.prepare(
        printed.pdf,
        seats=seats,
        authority=keys().authority,
        portal=keys().portal,
        reason="Văn bản đã chốt, mở ký",
    )


def invite_signers(paper: Paper) -> None:
    """Mail the leaders of every unsigned seat; nobody gets the invitation to a seat twice."""
    for party in paper.parties.waiting().select_related("membership"):
        for person in recipients.leaders_of([party.membership.acting_board_id]):
            outbox.queue(
                person,
                key=f"covenants.invited:{party.pk}:{person.pk}",
                template="covenants/mail/invitation.txt",
                context={"paper": paper, "party": party},
            )


@transaction.atomic
def annul(paper: Paper, *, reason: str, actor: User) -> None:
    """Annul a sealed covenant before it is complete, with a reason; a new draft may follow.

    Everyone in the member boards is told by mail. Asks "covenants.keep"; raises NotNow, and Refusal
    without a reason.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    if not reason.strip():
        raise ReasonMissing(_("Say why the covenant is annulled."))
    transition(paper, PAPER_TRANSITIONS, "annul")
    audit.record(
        "covenants.annulled",
        actor=actor,
        subject=paper,
        bloc=paper.bloc_year.bloc,
        reason=reason,
    )
    for person in recipients.people_of_members(paper.bloc_year):
        outbox.queue(
            person,
            key=f"covenants.annulled:{paper.pk}:{person.pk}",
            template="covenants/mail/annulled.txt",
            context={"paper": paper, "reason": reason},
        )
