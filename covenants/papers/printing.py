"""Papers on paper: frozen values into the templates of `covenants/pdf/`, and PDF out of them."""

import base64
import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone

from emulation_bloc.lib import pdf
from emulation_bloc.lib.blocks import blocks
from emulation_bloc.lib.text import fingerprint, official_date, title_lines
from members.models import AuditEntry, Continuation, Membership, Post
from members.records import files, letterhead

from ..models import Comment, Paper, Party
from .versions import content_of, is_body, labelled

# The size of the box of a seat.
STAMP_MM = (55, 26)
# How many letters fit on a line over a seat.
SEAT_LETTERS = 31


def parties_of(paper: Paper) -> list[Party]:
    """The seats as they would be printed today: unsaved rows, in the year's order.

    A board is represented by its leader; without one, by its first deputy, "KT.". A board with
    neither gets an empty name, which keeps the paper from being sealed.
    """
    memberships = list(paper.bloc_year.memberships.staying().select_related("board", "name"))
    posts = letterhead.signing_posts(memberships)
    return [
        _seat(paper, membership, posts.get(membership.acting_board_id))
        for membership in memberships
    ]


def _seat(paper: Paper, membership: Membership, post: Post | None) -> Party:
    return Party(
        paper=paper,
        membership=membership,
        order=membership.order,
        field_name=f"seat-{membership.board.code}",
        is_head=membership.role == "head",
        printed_board=membership.name.name,
        printed_post=post.title if post else "",
        printed_name=post.person.full_name if post else "",
        signs_for=letterhead.signs_for(post),
    )


def seats_to_be(paper: Paper) -> list[Party]:
    """The seats that would be printed today: of a covenant all boards', else the head's alone."""
    seats = parties_of(paper)
    return seats if paper.is_covenant else [seat for seat in seats if seat.is_head]


def covenant_context(
    paper: Paper, content: dict[str, Any], parties: Sequence[Party], code: str
) -> dict[str, Any]:
    """What `covenants/pdf/covenant.html` prints; `code` is empty on a draft."""
    bloc = paper.bloc_year.bloc
    signed_on = dt.date.fromisoformat(content["dated_on"]) if content["dated_on"] else None
    return {
        **content,
        **letterhead.heading(bloc, place=content["place"], day=signed_on),
        "year": paper.bloc_year.year,
        "signed_on": signed_on,
        "parties": [_party_context(party, bloc.head_title) for party in parties],
        "articles": [_printed_article(label, article) for label, article in labelled(content)],
        "terms": paragraphs(content["terms"]),
        "annex": _annex_context(content),
        **letterhead.verification(code),
    }


def _printed_article(label: str, article: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "label": label,
        "chapter": article.get("chapter", ""),
        "heading": article["heading"],
        "body": blocks(article["body"]),
    }


def _annex_context(content: dict[str, Any]) -> dict[str, Any] | None:
    """The table of targets; None when the paper sets none, so that no empty annex is printed."""
    if not content["indicators"]:
        return None
    return {
        "columns": content["indicators"],
        "rows": [
            # Texts frozen before the annex gave full names hold the short one alone.
            {"order": order, "board": row.get("printed", row["board"]), "cells": row["figures"]}
            for order, row in enumerate(content["targets"], start=1)
        ],
    }


def _party_context(party: Party, head_title: str) -> dict[str, Any]:
    return {
        "order": party.order,
        "field": party.field_name,
        "board_name": party.printed_board,
        "board_lines": title_lines(party.printed_board, SEAT_LETTERS),
        "is_head": party.is_head,
        "head_title": head_title.upper(),
        "title_lines": letterhead.post_lines(party.printed_post, party.signs_for),
        "post": party.printed_post,
        "name": party.printed_name,
    }


def paragraphs(text: str) -> list[str]:
    """The lines of a text that are not empty, without space around them."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def printed(
    paper: Paper, content: dict[str, Any], parties: Sequence[Party], code: str
) -> pdf.Rendered:
    """Render a paper in the layout of Decree 30/2020, with the boxes of its seats."""
    name = "covenant" if paper.is_covenant else "paper"
    context = context_of(paper, content, parties, code)
    rendered = pdf.render(render_to_string(f"covenants/pdf/{name}.html", context))
    if paper.attachment is None:
        return rendered
    return pdf.with_attached(rendered, files.read_content(paper.attachment))


def context_of(
    paper: Paper, content: dict[str, Any], parties: Sequence[Party], code: str
) -> dict[str, Any]:
    """What the template of the paper prints."""
    make = covenant_context if paper.is_covenant else _paper_context
    return make(paper, content, parties, code)


def _paper_context(
    paper: Paper, content: dict[str, Any], parties: Sequence[Party], code: str
) -> dict[str, Any]:
    """What `covenants/pdf/paper.html` prints; `code` is empty on a draft."""
    bloc = paper.bloc_year.bloc
    dated_on = dt.date.fromisoformat(content["dated_on"]) if content["dated_on"] else None
    parts = labelled(content)
    return {
        **letterhead.heading(bloc, place=content["place"], day=dated_on),
        "type": content["type"],
        "subject": subject(content["title"], content["type"]),
        "full_number": paper.full_number or f"{letterhead.MISSING}/{paper.kind.symbol}",
        "bases": content["bases"],
        "opening": paragraphs(content["opening"]),
        "articles": [_printed_article(*part) for part in parts if is_body(part[1])],
        "annexes": [_printed_article(*part) for part in parts if not is_body(part[1])],
        "named": named(paper),
        "sheets": pdf.sheets_of(files.read_content(paper.attachment)) if paper.attachment else [],
        "recipients": recipients(content["recipients"]),
        "head_lines": [f"TM. {bloc.label} THI ĐUA".upper(), bloc.head_title.upper()],
        "party": _party_context(parties[0], bloc.head_title) if parties else None,
        **letterhead.verification(code),
    }


def subject(title: str, type_name: str) -> str:
    """ "Quy chế quản lý quỹ" as it is printed under QUY CHẾ: "Quản lý quỹ"."""
    rest = title[len(type_name) :].strip() if title.startswith(type_name) else title
    return rest[:1].upper() + rest[1:] if rest else ""


def recipients(text: str) -> list[str]:
    """The lines of "Nơi nhận"; the last is the archive, as Decree 30 has it."""
    lines = [line.strip(" -;.") for line in text.splitlines() if line.strip(" -;.")]
    return [line for line in lines if not line.startswith("Lưu")] or ["Các đơn vị thành viên"]


def named(paper: Paper) -> str:
    """A paper as others name it: "Quy chế … số 05/QC-KTĐ", "Giao ước thi đua năm 2019 của …"."""
    if paper.full_number:
        return f"{paper.title} số {paper.full_number}"
    return f"{paper.title} năm {paper.bloc_year.year} của {paper.bloc_year.bloc.name}"


def preview(paper: Paper) -> bytes:
    """The draft as it would be printed now: no code, marked as a draft."""
    return printed(paper, content_of(paper), seats_to_be(paper), "").pdf


def stamp(
    *,
    signer: str,
    signed_for: list[str],
    board: str,
    label: str,
    at: dt.datetime,
    picture: bytes | None,
) -> bytes:
    """What a seat shows once it is signed: the picture, who signed and when (a one-page PDF)."""
    context = {
        "width_mm": STAMP_MM[0],
        "height_mm": STAMP_MM[1],
        "picture": _data_url(picture) if picture else "",
        "signed_for": signed_for,
        "board": board,
        "label": label,
        "signer": signer,
        "signed_at": letterhead.moment(at),
    }
    return pdf.render(render_to_string("covenants/pdf/stamp.html", context)).pdf


def _data_url(png: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(png).decode()


def certificate(paper: Paper, *, final_sha256: str, completed_at: dt.datetime) -> bytes:
    """The certificate of completion: parties, posts, methods, times, fingerprints."""
    context = _certificate_context(paper, final_sha256, completed_at)
    return pdf.render(render_to_string("covenants/pdf/certificate.html", context)).pdf


def _certificate_context(
    paper: Paper, final_sha256: str, completed_at: dt.datetime
) -> dict[str, Any]:
    bloc, sealed_file = paper.bloc_year.bloc, paper.sealed_file
    if sealed_file is None or paper.sealed_at is None or not paper.code:
        raise ValueError("Only a sealed paper has a certificate.")
    today = timezone.localdate(completed_at)
    chain = AuditEntry.objects.latest("number")
    parties = paper.parties.select_related("signature__key", "membership__left_by__succession")
    return {
        **letterhead.heading(bloc, place=paper.place, day=today),
        "label": bloc.label,
        "paper": named(paper),
        "pages": paper.pages,
        "sealed_at": letterhead.moment(paper.sealed_at),
        "completed_at": letterhead.moment(completed_at),
        "sealed_sha256": fingerprint(sealed_file.sha256, groups=16),
        "final_sha256": fingerprint(final_sha256, groups=16),
        "chain_head": fingerprint(chain.hash, groups=16),
        "chain_length": chain.number,
        "parties": [_certificate_row(party) for party in parties],
        "signed": sum(party.is_signed for party in parties),
        **letterhead.verification(paper.code),
    }


def _certificate_row(party: Party) -> dict[str, Any]:
    row = {"order": party.order, "board_name": party.printed_board}
    if party.is_given_up:
        return row | {"left": _departure(party.membership.left_by)}
    signature = party.signature
    return row | {
        "signer": signature.signer_name,
        "post": signature.signer_title,
        "signer_board": signature.signer_board,
        "printed": f"{party.printed_name}, {party.printed_post}"
        if signature.differs_from_print
        else "",
        "method": "Ký trong cổng",
        "signed_at": timezone.localtime(signature.signed_at).strftime("%d/%m/%Y %H:%M:%S"),
        "certificate": fingerprint(signature.key.fingerprint, groups=4),
    }


def _departure(made: Continuation | None) -> str:
    """Why a seat stays empty, as papers say it."""
    if made is None:
        raise ValueError("The board has not left.")
    return f"Rời Khối từ ngày {made.day.strftime('%d/%m/%Y')} theo {made.document}"


def comments(paper: Paper, made: Sequence[Comment]) -> bytes:
    """The comments on a paper with their answers, as the table that goes to a conference."""
    today = timezone.localdate()
    bloc = paper.bloc_year.bloc
    labels = {article["id"]: label for label, article in labelled(content_of(paper))}
    context = {
        **letterhead.heading(bloc, place=paper.place, day=today),
        "paper": named(paper),
        "foot": f"Lập từ dữ liệu góp ý trên Cổng Khối thi đua, {official_date(today)}.",
        "rows": [(labels.get(row.article_id or 0, ""), row) for row in made],
        "counts": Counter(row.verdict for row in made),
    }
    return pdf.render(render_to_string("covenants/pdf/comments.html", context)).pdf
