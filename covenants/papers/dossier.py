"""A complete covenant in one file: the signed paper and its certificate of completion."""

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
    """There is no signed dossier before the last seat is filled."""


def document_name(paper: Paper) -> str:
    """giao-uoc-2019-<bloc>.pdf, or what it is called while it is not yet the complete paper."""
    states = {PaperState.SIGNING: "-dang-ky", PaperState.ANNULLED: "-da-huy"}
    return f"{stem(paper)}{states.get(PaperState(paper.state), '')}.pdf"


def sealed_name(paper: Paper) -> str:
    return f"{stem(paper)}-ban-chot.pdf"


def certificate_name(paper: Paper) -> str:
    return f"giay-chung-nhan-hoan-tat-{key(paper)}.pdf"


def attachment_name(paper: Paper) -> str:
    return f"{stem(paper)}-dinh-kem.pdf"


def dossier_name(paper: Paper) -> str:
    return f"ho-so-{stem(paper)}.zip"


def stem(paper: Paper) -> str:
    return f"{'giao-uoc' if paper.is_covenant else slugify(fold(paper.title))[:60]}-{key(paper)}"


def key(paper: Paper) -> str:
    """Year and bloc; where a year has many papers, the number in between tells them apart."""
    year = paper.bloc_year
    number = "" if paper.is_covenant else f"-{paper.pk}"
    return f"{year.year}{number}-{year.bloc.slug}"


def dossier(paper: Paper) -> bytes:
    """The ZIP of a complete covenant, from stored bytes only; raises NotComplete, FileDamaged.

    The same covenant gives the same bytes: names are stable and the time is its completion.
    """
    return _pack([paper])


def dossiers(papers: Iterable[Paper]) -> bytes:
    """One ZIP with a folder for each complete covenant; raises NotComplete."""
    return _pack(list(papers), in_folders=True)


def _pack(papers: list[Paper], *, in_folders: bool = False) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for paper in papers:
            folder = f"{stem(paper)}/" if in_folders else ""
            for name, content in _contents(paper):
                write(bundle, paper, folder + name, content)
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
    """The newest PDF of a sealed paper; raises NotComplete, FileDamaged."""
    if paper.document is None:
        raise NotComplete(_("“%(paper)s” is not sealed yet.") % {"paper": paper})
    return files.read_content(paper.document)


def documents(papers: Iterable[Paper]) -> bytes:
    """One ZIP with the newest PDF of each paper that was sealed; raises NotComplete."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as bundle:
        for paper in papers:
            write(bundle, paper, f"{paper.pk}-{document_name(paper)}", document(paper))
    return archive.getvalue()


def write(bundle: zipfile.ZipFile, paper: Paper, name: str, content: bytes) -> None:
    at = timezone.localtime(paper.completed_at or paper.sealed_at)
    entry = zipfile.ZipInfo(name, date_time=at.timetuple()[:6])
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)
