"""What every official paper of a bloc shares: who issues it, where and when, who signs, its foot.

The values for the templates of `papers/` (national header, signing block, foot). Their words are
Vietnamese whoever prints them. Layout: Decree 30/2020/NĐ-CP, Appendix I.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from emulation_bloc.lib import qr
from emulation_bloc.lib.text import official_date, title_lines

from ..models import Bloc, Membership, Post
from .codes import grouped

# The printed title of whoever leads a board, where no leader's post says otherwise.
LEADER_TITLE = "Trưởng ban"
# How many letters fit on a line in the corner of the issuing body.
ISSUER_LETTERS = 27
# What a draft still lacks.
MISSING = "…"
# The public page that tells what the portal knows of a code, whichever app answers it.
VERIFY_PAGE = "covenants_public:verify"


# --- Head -----------------------------------------------------------------------------------------


def heading(bloc: Bloc, *, place: str, day: dt.date | None) -> dict[str, Any]:
    """The values of `papers/national.html` and of the record that a PDF keeps of itself.

    Without a place or a day (a draft) the blanks of an office's form are printed; `created` is
    the day as "2019-05-04", empty without one.
    """
    return {
        "bloc_name": bloc.name,
        "bloc_lines": title_lines(bloc.name, ISSUER_LETTERS),
        "place": place or MISSING,
        "official_date": dated(day),
        "created": day.isoformat() if day else "",
        "is_sample": bloc.is_sample,
    }


def dated(day: dt.date | None) -> str:
    """The date of a paper; on a draft without one, the blanks of an office's form."""
    return official_date(day) if day else f"ngày {MISSING} tháng {MISSING} năm {MISSING}"


def moment(at: dt.datetime) -> str:
    """A moment as papers write it, in the portal's time zone: 08:31:05 ngày 04/05/2019."""
    return timezone.localtime(at).strftime("%H:%M:%S ngày %d/%m/%Y")


# --- Signing block --------------------------------------------------------------------------------


def signing_posts(memberships: Sequence[Membership], on: dt.date | None = None) -> dict[int, Post]:
    """Board id to the post that speaks for it on a day, today if none is given; leaders before
    deputies."""
    boards = [membership.acting_board_id_on(on) for membership in memberships]
    posts = Post.objects.current(on).signing().filter(board__in=boards).select_related("person")
    ranked = sorted(posts, key=lambda post: (post.kind != "leader", post.starts_on, post.pk))
    return {post.board_id: post for post in reversed(ranked) if post.board_id}


def signs_for(post: Post | None) -> str:
    """The title that a deputy signs in place of ("KT."); empty for a leader and without a post."""
    return LEADER_TITLE if post and post.kind != "leader" else ""


def post_lines(post_title: str, signs_for: str) -> list[str]:
    """The lines above a signature: the post, below "KT." and the post signed for."""
    lines = [f"KT. {signs_for}", post_title] if signs_for else [post_title]
    return [line.upper() for line in lines]


def signer_of(membership: Membership | None, *, title: str, day: dt.date | None) -> dict[str, Any]:
    """The values of `papers/signer.html` for whoever speaks for a board on a day (None: today).

    `title` is printed in capitals over the name, as "KHỐI TRƯỞNG". Without a membership, or where
    nobody speaks for its board, name and post are empty.
    """
    signer: dict[str, Any] = {"title": title.upper(), "name": "", "post": "", "lines": []}
    if membership is None:
        return signer
    post = signing_posts([membership], day).get(membership.acting_board_id_on(day))
    if post is None:
        return signer
    return signer | {
        "name": post.person.full_name,
        "post": f"{post.title}, {membership.name.name}",
        "lines": post_lines(post.title, signs_for(post)),
    }


# --- Foot -----------------------------------------------------------------------------------------


def verification(code: str) -> dict[str, str]:
    """The values of `papers/foot.html` for a verification code; all empty without one."""
    if not code:
        return {"code": "", "verify_url": "", "qr_svg": ""}
    url = settings.PUBLIC_URL + reverse(VERIFY_PAGE, args=[code])
    return {"code": grouped(code), "verify_url": url, "qr_svg": qr.svg(url)}
