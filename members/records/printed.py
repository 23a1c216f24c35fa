"""Papers of record: printed once from frozen values, certified by the portal, served for ever.

An app prints one when it is first asked for, or in the act that decides what it says; from then on
everybody gets the stored bytes. `covenants.signing.verification` tells the public of a file or of
a code whether it is one of them.
"""

import hashlib
from collections.abc import Callable

from django.db import models, transaction
from django.utils import timezone

from ..models import BlocYear, PaperOfRecord
from . import authority, files
from .audit import subject_of
from .codes import new_code

PDF = "application/pdf"
REASON = "Chứng nhận văn bản do cổng lập"


def print_once(
    sort: str,
    about: models.Model,
    *,
    bloc_year: BlocYear,
    title: str,
    render: Callable[[str], bytes],
    reason: str = REASON,
) -> PaperOfRecord:
    """The paper of a sort about a row: the one that is stored, else printed and stored now.

    `sort` is dotted, "scoring.summary"; `title` is what the paper is, in Vietnamese, for the page
    that verifies it; `render` makes the PDF, given the verification code to print; `reason` stands
    in the portal's signature. Of two that print at the same moment one paper is kept, and both
    get it. Asks nobody. Raises `lib.pades.PadesError` where the PDF cannot be signed.
    """
    stored = PaperOfRecord.objects.filter(sort=sort, about=subject_of(about)).first()
    if stored is not None:
        return stored
    code = new_code()
    content = authority.certify(render(code), reason=reason)
    return _keep(sort, about, content, bloc_year=bloc_year, title=title, code=code)


@transaction.atomic
def _keep(
    sort: str, about: models.Model, content: bytes, *, bloc_year: BlocYear, title: str, code: str
) -> PaperOfRecord:
    paper, _printed_now = PaperOfRecord.objects.get_or_create(
        sort=sort,
        about=subject_of(about),
        defaults={
            "bloc_year": bloc_year,
            "title": title,
            "code": code,
            # Called only if nobody was faster: a file cannot be removed again.
            "file": lambda: files.store(content, media_type=PDF),  # type: ignore[misc]
            "printed_at": timezone.now(),
        },
    )
    return paper


def read_content(paper: PaperOfRecord) -> bytes:
    """The bytes that were printed. Raises FileDamaged rather than hand out anything else."""
    return files.read_content(paper.file)


# --- Whose paper is this? -------------------------------------------------------------------------


def find_by_codes(codes: list[str]) -> PaperOfRecord | None:
    """The paper with one of these codes, as `codes.parse_code` gives them."""
    return _papers().filter(code__in=codes).first()


def find_by_sha256(sha256: str) -> PaperOfRecord | None:
    """The paper whose stored bytes have this SHA-256 (64 small hexadecimal digits)."""
    return _papers().filter(file__sha256=sha256).first()


def find_begun_with(content: bytes) -> PaperOfRecord | None:
    """The paper whose bytes the content begins with: something was added after them."""
    # One question, however many papers there are: a stranger's file shall not buy thousands.
    known = PaperOfRecord.objects.filter(file__size__lte=len(content)).order_by("file__size")
    digest, hashed = hashlib.sha256(), 0
    for size, sha256 in known.values_list("file__size", "file__sha256"):
        digest.update(content[hashed:size])
        hashed = size
        if digest.hexdigest() == sha256:
            return find_by_sha256(sha256)
    return None


def _papers() -> models.QuerySet[PaperOfRecord]:
    return PaperOfRecord.objects.select_related("bloc_year__bloc", "file")
