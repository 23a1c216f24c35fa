"""File names of papers, and the ZIP dossier: signed paper and certificate of completion."""

import io
import zipfile
from collections.abc import Iterable

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal
from emulation_bloc.lib.text import fold
from members.records import files

from ..models import Paper
from ..models.drafts import PaperState


class NotComplete(Refusal):
    """The paper is not sealed, or not yet signed in every seat."""


def document_name(paper: Paper) -> str:
    """File name of the newest PDF, such as giao-uoc-2019-<bloc>.pdf; the state is added to it while
    signing is open ("-dang-ky") and after annulment ("-da-huy").
    """
    states = {PaperState.SIGNING: "-dang-ky", PaperState.ANNULLED: "-da-huy"}
    return f"{stem(paper)}{states.get(PaperState(paper.state), '')}.pdf"


def sealed_name(paper: Paper) -> str:
    """File name of the PDF as sealed, before any signature."""
    return f"{stem(paper)}-ban-chot.pdf"


def certificate_name(paper: Paper) -> str:
    """File name of the certificate of completion."""
    return f"giay-chung-nhan-hoan-tat-{name_key(paper)}.pdf"


def attachment_name(paper: Paper) -> str:
    """File name of the attached text."""
    return f"{stem(paper)}-dinh-kem.pdf"


def dossier_name(paper: Paper) -> str:
    """File name of the ZIP dossier."""
    return f"ho-so-{stem(paper)}.zip"


def stem(paper: Paper) -> str:
    """The part that all file names of a paper share; titles are folded and cut to 60 characters."""
    return (
        f"{'giao-uoc' if paper.is_covenant else slugify(fold(paper.title))[:60]}-{name_key(paper)}"
    )


def name_key(paper: Paper) -> str:
    """Year and bloc, with the paper's id in between unless it is the covenant (one per year)."""
    year = paper.bloc_year
    number = "" if paper.is_covenant else f"-{paper.pk}"
    return f"{year.year}{number}-{year.bloc.slug}"


def dossier(paper: Paper) -> bytes:
    """The ZIP of a complete paper: signed PDF and certificate, as stored. Raises NotComplete,
    FileDamaged.

    Repeated calls give the same bytes: the entries carry the time of completion.
    """
    return _pack([paper])


def dossiers(papers: Iterable[Paper]) -> bytes:
    """One ZIP with a folder per complete paper. Raises NotComplete, FileDamaged."""
    return _pack(list(papers), in_folders=True)


def _pack(papers: list[Paper], *, in_folders: bool = False) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for paper in papers:
            folder = f"{stem(paper)}/" if in_folders else ""
            for name, content in _contents(paper):
                _add_file(bundle, paper, folder + name, content)
    return archive.getvalue()


def _contents(paper: Paper) -> list[tuple[str, bytes]]:
    if paper.document is None or paper.certificate is None:
        raise NotComplete(
            _("“%(paper)s” is not complete: its signed dossier exists once every board has signed.")
            % {"paper": paper}
        )
    return [
        (document_name(paper), files.read_content(paper.document)),
        (certificate_name(paper), files.read_content(paper.certificate)),
    ]


def document(paper: Paper) -> bytes:
    """The newest PDF of a sealed paper. Raises NotComplete, FileDamaged."""
    if paper.document is None:
        raise NotComplete(_("“%(paper)s” is not sealed yet.") % {"paper": paper})
    return files.read_content(paper.document)


def documents(papers: Iterable[Paper]) -> bytes:
    """One ZIP with the newest PDF of each paper. Raises NotComplete, FileDamaged."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for paper in papers:
            _add_file(bundle, paper, f"{paper.pk}-{document_name(paper)}", document(paper))
    return archive.getvalue()


def _add_file(bundle: zipfile.ZipFile, paper: Paper, name: str, content: bytes) -> None:
    """Add a file to the ZIP with the time of the paper's completion (or sealing) and mode 0644."""
    at = timezone.localtime(paper.completed_at or paper.sealed_at)
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)
