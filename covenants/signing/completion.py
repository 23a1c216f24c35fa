"""The last seat is filled: the portal seals the covenant and certifies that it is complete."""

import datetime as dt

from django.utils import timezone

from emulation_bloc.lib import pades
from members.records import audit, authority, files, outbox, recipients
from members.records.acts import transition

from ..models import Paper
from ..models.drafts import PAPER_TRANSITIONS
from ..papers import printing, validity

PDF = "application/pdf"


def complete_when_full(paper: Paper) -> None:
    """Complete a locked paper when no seat waits any more: in the transaction of the last signer,
    or of the decision by which the board that was waited for has left."""
    if paper.parties.all().are_full():
        complete(paper)


def complete(paper: Paper) -> None:
    """Close the document, make its certificate, tell everyone."""
    at, keys = timezone.now(), authority.keys()
    closed = pades.close(
        files.read_content(paper.newest),
        portal=keys.portal,
        authority=keys.authority,
        at=at,
        reason="Đủ chữ ký, hoàn tất",
    )
    document = files.store(closed, media_type=PDF)
    certificate = files.store(certified(paper, document.sha256, at), media_type=PDF)
    transition(
        paper,
        PAPER_TRANSITIONS,
        "complete",
        document=document,
        certificate=certificate,
        completed_at=at,
        effective_on=paper.effective_on or paper.dated_on or timezone.localdate(at),
    )
    validity.replace_older(paper)
    audit.record(
        "covenants.completed",
        actor=None,
        subject=paper,
        bloc=paper.bloc_year.bloc,
        details={"sha256": document.sha256, "certificate": certificate.sha256},
    )
    tell_everyone(paper)


def certified(paper: Paper, final_sha256: str, at: dt.datetime) -> bytes:
    """The certificate of completion, signed by the portal."""
    printed = printing.certificate(paper, final_sha256=final_sha256, completed_at=at)
    return authority.certify(printed, reason="Chứng nhận hoàn tất ký kết")


def tell_everyone(paper: Paper) -> None:
    """Mail everyone in the boards of the year that the paper is complete."""
    for person in recipients.people_of_members(paper.bloc_year):
        outbox.queue(
            person,
            key=f"covenants.completed:{paper.pk}:{person.pk}",
            template="covenants/mail/complete.txt",
            context={"paper": paper},
        )
