"""The minutes of a vote, made from what was recorded, certified by the portal."""

from typing import Any

from django.template.loader import render_to_string

from emulation_bloc.lib import pdf
from emulation_bloc.lib.numbers import vn_decimal, vn_figure
from members.records import authority, letterhead

from ..models import Voting
from ..models.adoption import Method, Result
from ..models.kinds import Openness
from ..papers import printing


def certified(voting: Voting) -> bytes:
    """The PDF, signed by the portal, so that a later change shows."""
    printed = pdf.render(render_to_string("covenants/pdf/minutes.html", context(voting))).pdf
    return authority.certify(printed, reason="Chứng nhận kết quả biểu quyết")


def context(voting: Voting) -> dict[str, Any]:
    """What the minutes print of a decided round; how each board voted only where it is open."""
    paper, outcome = voting.paper, voting.outcome
    if outcome is None or voting.held_on is None:
        raise ValueError("Only a decided round has minutes.")
    bloc = paper.bloc_year.bloc
    return {
        **letterhead.heading(bloc, place=voting.place or paper.place, day=voting.held_on),
        "paper": printing.named(paper),
        "voting": voting,
        "is_online": voting.method == Method.ONLINE,
        "opened_at": letterhead.moment(voting.opened_at),
        "closed_at": letterhead.moment(voting.closed_at) if voting.closed_at else "",
        "rule": rule_in_words(voting),
        "outcome": outcome,
        "share": vn_decimal(outcome.share),
        "is_adopted": voting.result == Result.ADOPTED,
        "shows_choices": voting.openness == Openness.NAMES,
        "votes": voting.votes.select_related("membership__name"),
        "text_sha256": voting.version.fingerprint,
    }


def rule_in_words(voting: Voting) -> list[str]:
    """The rule as the regulation would write it."""
    quorum = vn_figure(voting.quorum_percent)
    threshold = vn_figure(voting.threshold_percent)
    base = {
        "all": "tổng số đơn vị thành viên",
        "present": "số đơn vị tham gia biểu quyết",
    }[voting.base]
    passing = f"trên {threshold} %" if voting.passing == "more_than" else f"từ {threshold} %"
    return [
        f"Biểu quyết hợp lệ khi có ít nhất {quorum} % số đơn vị thành viên tham gia",
        f"Văn bản được thông qua khi có {passing} {base} tán thành",
    ]
