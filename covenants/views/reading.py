"""Reading a paper: text with comments and changes, signatures, versions, files."""

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from members.models import BlocYear, StoredFile
from members.pages.downloads import asks_for_excel, excel, sent
from members.pages.guards import Visit, enter_year
from members.queries import day_of
from members.records import files

from .. import queries
from ..forms import AnswerForm, CommentForm
from ..models import Article, Paper, Party, Version
from ..models.drafts import PAPER_TRANSITIONS, PaperState
from ..models.kinds import COVENANT
from ..papers import comparison, consultation, dossier, printing
from ..papers.carried_on import MergerNotes, merger_notes
from ..papers.versions import compare, content_of
from .entrance import enter, on_paper

NOTHING, LAST_YEAR, NOW = "khong", "nam-truoc", "nay"
PDF = "application/pdf"


# --- The page -----------------------------------------------------------------------------------


@require_safe
def read_paper(request: Visit, bloc: str, year: int, paper_pk: int | None = None) -> HttpResponse:
    if paper_pk is None:
        return read_covenant(request, enter_year(request, bloc, year))
    return paper_page(request, enter(request, bloc, year, paper_pk))


def read_covenant(request: Visit, bloc_year: BlocYear) -> HttpResponse:
    paper = queries.covenant_of(bloc_year)
    return paper_page(request, paper) if paper else no_covenant(request, bloc_year)


def no_covenant(request: Visit, bloc_year: BlocYear) -> HttpResponse:
    context = {
        "section": "covenants",
        "may_start": request.user.has_perm("members.manage_year", bloc_year),
        "source": queries.covenant_before(bloc_year),
        "annulled": queries.annulled_covenants(bloc_year),
    }
    return render(request, "covenants/none.html", context)


def paper_page(
    request: Visit,
    paper: Paper,
    *,
    comment_form: CommentForm | None = None,
    commented: Article | None = None,
    status: int = 200,
) -> HttpResponse:
    """The reading page; a refused comment form is shown as typed."""
    texts = Texts.of_paper(paper)
    base = texts.chosen(request.GET.get("so-voi"))
    carried = merger_notes(paper, texts.content)
    context = {
        "section": "covenants",
        "subsection": "" if paper.is_covenant else "papers",
        "paper": paper,
        "content": texts.content,
        "base": base,
        "bases": texts.bases,
        "comment_form": comment_form or comment_form_for(request, paper),
        "commented": commented.pk if commented else None,
        "answer_form": AnswerForm(),
        **text_context(paper, texts, base),
        "annex": with_notes(texts, base, carried),
        "sums": carried.sums,
        **validity_context(paper),
        **seats_context(request, paper, carried),
        **permissions_context(request, paper),
    }
    return render(request, "covenants/paper.html", context, status=status)


def comment_form_for(request: Visit, paper: Paper, data: Any = None) -> CommentForm:
    """The comment form with the boards for which the user may comment."""
    may_comment = request.user.has_perm("covenants.comment", paper)
    boards = consultation.memberships_of(request.user, paper) if may_comment else []
    return CommentForm(data, memberships=boards)


def validity_context(paper: Paper) -> dict[str, Any]:
    """Whether the paper is in force, which papers cite it, and annulled earlier covenants."""
    day = day_of(paper.bloc_year)
    return {
        "day": day,
        "holds": paper.is_in_force_on(day),
        "citing": paper.cited_by.standing().select_related("bloc_year__bloc"),
        "annulled": queries.annulled_covenants(paper.bloc_year) if paper.is_covenant else [],
    }


def text_context(paper: Paper, texts: "Texts", base: "Base | None") -> dict[str, Any]:
    """The text with its changes, and the comments on each part."""
    reading = comparison.compare_with(
        texts.content,
        before=base.content if base else None,
        match="heading" if base and base.key == LAST_YEAR else "id",
    )
    said = queries.comments_by_article(paper)
    return {
        "reading": reading,
        "parts": [(part, said.pop(part.article, [])) for part in reading.parts if part.article],
        "around": {part.key: part for part in reading.parts if not part.article},
        "on_whole": said.pop(None, []),
        "on_removed": [comment for comments in said.values() for comment in comments],
        "counts": queries.comment_counts(paper),
    }


def with_notes(
    texts: "Texts", base: "Base | None", carried: MergerNotes
) -> list[tuple[comparison.AnnexRow, str]]:
    """The targets by board, each with its note on a merger or departure, or ""."""
    rows = comparison.annex_rows(texts.content, base.content if base else None)
    notes = carried.notes or [""] * len(rows)
    return list(zip(rows, notes, strict=True))


def seats_context(request: Visit, paper: Paper, carried: MergerNotes) -> dict[str, Any]:
    seats = seats_shown(request, paper, carried)
    return {
        "seats": seats,
        "signed": sum(seat.is_signed for seat in seats),
        "awaited": sum(not seat.is_given_up for seat in seats),
        "my_seat": next((seat.party for seat in seats if seat.is_mine), None),
    }


def permissions_context(request: Visit, paper: Paper) -> dict[str, bool]:
    may_keep = request.user.has_perm("covenants.keep", paper)
    return {
        "may_keep": may_keep,
        "may_draft": request.user.has_perm("covenants.draft", paper),
        "may_comment": request.user.has_perm("covenants.comment", paper),
        "may_answer": paper.is_editable and may_keep,
        "may_annul": may_keep and (paper.state, "annul") in PAPER_TRANSITIONS,
    }


@dataclass(frozen=True)
class Base:
    """A text to compare with: its key in the URL, its name, its content."""

    key: str
    name: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Texts:
    """The draft or sealed text of a paper, and the texts it can be compared with."""

    content: dict[str, Any]
    bases: list[Base]

    @classmethod
    def of_paper(cls, paper: Paper) -> "Texts":
        kept = queries.versions_of(paper)
        content = content_of(paper) if paper.is_editable else kept.pop().content
        bases = [Base(f"ban-{v.number}", version_name(v), v.content) for v in reversed(kept)]
        return cls(content, [*bases, *last_years(paper)])

    def chosen(self, key: str | None) -> Base | None:
        """The base with this key, the newest without a match; None if no comparison is wanted."""
        if key == NOTHING:
            return None
        asked = [base for base in self.bases if base.key == key]
        return next(iter(asked or self.bases), None)


def last_years(paper: Paper) -> list[Base]:
    source = queries.paper_of_last_year(paper)
    if source is None:
        return []
    sealed = source.versions.filter(occasion=Version.Occasion.SEALING).last()
    content = sealed.content if sealed else content_of(source)
    name = _("the text of %(year)d") % {"year": source.bloc_year.year}
    return [Base(LAST_YEAR, name, content)]


def version_name(version: Version) -> str:
    if version.occasion == Version.Occasion.SEALING:
        return _("version %(number)d, sealed") % {"number": version.number}
    if version.occasion == Version.Occasion.VOTING:
        return _("version %(number)d, put to the vote") % {"number": version.number}
    return _("version %(number)d") % {"number": version.number}


# --- Seats --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seat:
    """A seat in the grid of signatures; `is_mine` if the user may sign it now."""

    party: Party
    is_signed: bool
    is_mine: bool
    is_given_up: bool
    carried: str = ""


def seats_shown(request: Visit, paper: Paper, carried: MergerNotes) -> list[Seat]:
    """The seats of a sealed paper; before sealing, those that would be printed today."""
    is_printed = paper.document is not None
    parties = queries.seats_of(paper) if is_printed else printing.seats_to_be(paper)
    is_open = paper.state == PaperState.SIGNING
    return [
        Seat(
            party,
            is_signed=is_printed and party.is_signed,
            is_mine=is_open
            and not party.is_signed
            and request.user.has_perm("covenants.sign", party),
            is_given_up=is_printed and party.is_given_up,
            carried=carried_note(party, carried),
        )
        for party in parties
    ]


def carried_note(party: Party, carried: MergerNotes) -> str:
    """Who signs in place of the printed board; "" if that board signed itself."""
    if party.pk and party.is_signed and not party.signature.signer_board:
        return ""
    return carried.seat_note(party.membership_id)


# --- Versions -----------------------------------------------------------------------------------


@require_safe
@on_paper
def versions(request: Visit, paper: Paper) -> HttpResponse:
    """All versions of the paper, and the changes between any two of them."""
    kept = queries.versions_of(paper)
    if asks_for_excel(request):
        return versions_as_excel(paper, kept)
    texts = [Base(f"ban-{v.number}", version_name(v), v.content) for v in kept]
    if paper.is_editable:
        texts.append(Base(NOW, _("the draft as it stands"), content_of(paper)))
    texts = [*last_years(paper), *texts]
    old = picked(texts, request.GET.get("truoc"), otherwise=-2)
    new = picked(texts, request.GET.get("sau"), otherwise=-1)
    across_years = LAST_YEAR in (old.key, new.key)
    context = {
        "section": "covenants",
        "paper": paper,
        "versions": kept,
        "texts": texts,
        "old": old,
        "new": new,
        "changes": compare(old.content, new.content, match="heading" if across_years else "id"),
    }
    return render(request, "covenants/versions.html", context)


def versions_as_excel(paper: Paper, kept: list[Version]) -> HttpResponse:
    headings = [_("Version"), _("Occasion"), _("Kept at"), _("Kept by")]
    rows = (
        (
            version.number,
            version.get_occasion_display(),
            timezone.localtime(version.taken_at),
            str(version.taken_by.person),
        )
        for version in kept
    )
    return excel(f"cac-ban-{dossier.stem(paper)}", _("Versions"), headings, rows)


def picked(texts: list[Base], key: str | None, *, otherwise: int) -> Base:
    asked = [text for text in texts if text.key == key]
    return asked[0] if asked else texts[max(otherwise, -len(texts))]


# --- Files --------------------------------------------------------------------------------------


@require_safe
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": [SELF]})
@on_paper
def download(request: Visit, paper: Paper, what: str) -> HttpResponse:
    """A stored file of the paper; 404 if it does not exist yet."""
    if what == "phu-luc":
        return annex_as_excel(paper)
    if what == "ho-so" and paper.state == PaperState.COMPLETE:
        return sent(dossier.dossier(paper), dossier.dossier_name(paper), "application/zip")
    stored, name = stored_file(paper, what)
    if stored is None:
        raise Http404
    return sent(files.read_content(stored), name, PDF, inline="xem" in request.GET)


@require_safe
def annulled(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    """The PDF of an annulled covenant with its signatures; the file name says that it is
    annulled.
    """
    covenants = queries.papers_of(enter_year(request, bloc, year)).filter(kind=COVENANT)
    paper = get_object_or_404(covenants, pk=pk, state=PaperState.ANNULLED)
    return sent(dossier.document(paper), dossier.document_name(paper), PDF)


def stored_file(paper: Paper, what: str) -> tuple[StoredFile | None, str]:
    known = {
        "van-ban": (paper.document, dossier.document_name(paper)),
        "ban-chot": (paper.sealed_file, dossier.sealed_name(paper)),
        "chung-nhan": (paper.certificate, dossier.certificate_name(paper)),
        "dinh-kem": (paper.attachment, dossier.attachment_name(paper)),
    }
    return known.get(what, (None, ""))


def annex_as_excel(paper: Paper) -> HttpResponse:
    """The targets as sealed, or of the draft, as a workbook."""
    content = Texts.of_paper(paper).content
    carried = merger_notes(paper, content)
    columns = [f"{column['title']} ({column['unit']})" for column in content["indicators"]]
    rows: list[tuple[str | int, ...]] = [
        (order, row["board"], *row["figures"])
        for order, row in enumerate(content["targets"], start=1)
    ]
    name = f"phu-luc-chi-tieu-{dossier.name_key(paper)}"
    headings = [pgettext("row number", "No."), _("Board"), *columns]
    if carried.notes:
        headings.append(_("How it goes on"))
        rows = [(*row, note) for row, note in zip(rows, carried.notes, strict=False)]
        rows += [("", row.board, *row.figures, row.sentence) for row in carried.sums]
    return excel(name, _("Annex of targets"), headings, rows)
