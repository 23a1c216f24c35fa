"""The minutes of a vote, made from what was recorded, certified by the portal."""

from typing import Any

from django.template.loader import render_to_string

from emulation_bloc.lib import pdf
from emulation_bloc.lib.numbers import vn_decimal, vn_figure
from members.models import PaperOfRecord
from members.records import letterhead, printed

from ..models import Voting
from ..models.adoption import Method, Result
from ..models.kinds import Openness
from ..papers import printing


def print_minutes(voting: Voting) -> PaperOfRecord:
    """The minutes of a decided round, not saved yet: a paper of record, in the act that decides.

    Raises ValueError before the round is decided.
    """

    def render(code: str) -> bytes:
        html = render_to_string("covenants/pdf/minutes.html", _context(voting, code))
        return pdf.render(html).pdf

    return printed.print_once(
        "covenants.minutes",
        voting,
        bloc_year=voting.paper.bloc_year,
        title=f"Biên bản biểu quyết thông qua {printing.named(voting.paper)}",
        render=render,
        reason="Chứng nhận kết quả biểu quyết",
    )


def _context(voting: Voting, code: str) -> dict[str, Any]:
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
        "rule": _rule_in_words(voting),
        "outcome": outcome,
        "share": vn_decimal(outcome.share),
        "is_adopted": voting.result == Result.ADOPTED,
        "shows_choices": voting.openness == Openness.NAMES,
        "votes": voting.votes.select_related("membership__name"),
        "text_sha256": voting.version.fingerprint,
        **letterhead.verification(code),
    }


def _rule_in_words(voting: Voting) -> list[str]:
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
