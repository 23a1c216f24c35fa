"""A sample of the present year after the mergers of 2025, with a partly signed covenant."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.utils import timezone

from covenants.models import Covenant, LegalReference, Paper
from covenants.papers import bases, consultation, drafting, targets
from covenants.signing import enrolment, sealing, signing
from members.history import succession
from members.history.changes import Change, Move, NewBoard, NewName, posts_to_place
from members.models import BlocYear, Board, User
from members.models.blocs import Role, StepKind
from members.years import opening

from ..lib.text import sort_key
from . import adopted_papers
from .accounts import HEAD_CODE, PASSPHRASE, leader_of

MERGED_ON = dt.date(2025, 7, 1)


# The boards founded in 2025, by the names in the decisions. DQKT is a new board whose name is
# almost that of QNG, one of its two predecessors.
FOUNDED = {
    board.called.name: board
    for board in (
        NewBoard(
            "GLBD",
            NewName("Ban Quản lý Khu kinh tế tỉnh Gia Lai", "BQL KKT Gia Lai", "Gia Lai", ("KKT",)),
        ),
        NewBoard(
            "DQKT",
            NewName(
                "Ban Quản lý Khu kinh tế Dung Quất và các Khu công nghiệp Quảng Ngãi",
                "BQL KKT Dung Quất",
                "Quảng Ngãi",
                ("KKT", "KCN"),
            ),
        ),
    )
}
DEPUTY_CODE = "KHA"
# First and last day of each step, counted from today: the demo is always in the signing step.
STEPS = {
    StepKind.SIGNING: (-10, 12),
    StepKind.REGISTRATION: (13, 40),
    StepKind.MIDYEAR_REVIEW: (110, 110),
    StepKind.EXCHANGE: (130, 131),
    StepKind.SELF_SCORING: (220, 235),
    StepKind.APPRAISAL: (236, 250),
    StepKind.ANNUAL_REVIEW: (270, 270),
    StepKind.HANDOVER: (280, 280),
}
INDICATORS = (
    ("Số dự án mới so với kế hoạch", "%", (100, 105, 100, 110, 100, 100, 95, 100, 120)),
    (
        "Vốn đầu tư đăng ký mới và tăng thêm",
        "tỷ đồng",
        (2500, 1200, 800, 3000, 950, 700, 600, 1800, 5200),
    ),
    ("Tỷ lệ hồ sơ giải quyết đúng hạn", "%", (98, 99, 97, 98, 97, 96, 96, 98, 99)),
)
# The law on emulation; the covenant cites those in force.
EMULATION_LAWS = (
    *("06/2022/QH15", "98/2023/NĐ-CP", "152/2025/NĐ-CP"),
    *("07/2018/TT-BKHĐT", "118/2025/TT-BTC"),
)
THEME = "Kỷ cương, đổi mới, thu hút đầu tư có chọn lọc"
SIGNED = ("DLK", "DNA", "LDO", "GLBD")


def build(last: BlocYear, facts: list[dict[str, Any]], *, secretary: User) -> BlocYear:
    """Merge boards as in 2025, open the year, seal its covenant, and sign for some boards."""
    for decision in facts:
        _merge(last, decision, actor=secretary)
    year = _open_year(last, actor=secretary)
    opening.close_year(last, actor=secretary)
    paper = _draft(year, actor=secretary)
    consultation.open_consultation(paper, actor=secretary)
    _sign_some(sealing.seal(paper, actor=secretary))
    adopted_papers.put_plan_to_vote(year, voters=SIGNED[:2], actor=secretary)
    return year


def _merge(last: BlocYear, decision: dict[str, Any], *, actor: User) -> None:
    """Record a decision of 2025; the people of the first parent continue in the new board."""
    parents = [Board.objects.get(code=code) for code in decision["from"]]
    known = Board.objects.filter(code=decision.get("to_code", ""))
    founded = FOUNDED.get(decision.get("to", ""))
    change = Change(
        kind=decision["kind"],
        document=decision["document"],
        effective_on=dt.date.fromisoformat(decision.get("on", MERGED_ON.isoformat())),
        parents=tuple(parents),
        children=tuple(known),
        founded=(founded,) if founded else (),
    )
    moves = [
        Move(post, founded.code, post.kind, post.title)
        if founded and post.board == parents[0]
        else Move(post)
        for post in posts_to_place(change)
    ]
    succession.record_succession(last, change=replace(change, moves=tuple(moves)), actor=actor)


def _open_year(last: BlocYear, *, actor: User) -> BlocYear:
    today = timezone.localdate()
    existing = Board.objects.filter(dissolved_on=None)
    places = [
        opening.Place(board=board, role=_role_of(board))
        for board in sorted(existing, key=lambda b: sort_key(b.names.latest("since").province))
    ]
    steps = {
        str(kind): (today + dt.timedelta(days=first), today + dt.timedelta(days=last_day))
        for kind, (first, last_day) in STEPS.items()
    }
    return opening.open_next_year(
        last, year=today.year, theme=THEME, places=places, steps=steps, actor=actor
    )


def _role_of(board: Board) -> str:
    return {HEAD_CODE: Role.HEAD, DEPUTY_CODE: Role.DEPUTY}.get(board.code, Role.MEMBER)


def _draft(year: BlocYear, *, actor: User) -> Paper:
    today = timezone.localdate()
    source = Covenant.objects.get(bloc_year__bloc=year.bloc, bloc_year__year=2019)
    paper = drafting.start_covenant(year, source=source, actor=actor)
    values: dict[str, str | dt.date | None] = {
        "theme": THEME,
        "dated_on": today,
        "sign_by": year.steps.get(kind=StepKind.SIGNING).ends_on,
    }
    drafting.save_header(paper, values=values, revision=paper.revision, actor=actor)
    laws = LegalReference.objects.filter(number__in=EMULATION_LAWS).in_force_on(today)
    bases.cite(paper, references=list(laws.order_by("issued_on")), actor=actor)
    for indicator in paper.indicators.all():
        targets.remove_indicator(indicator, actor=actor)
    _set_targets(paper, actor=actor)
    return paper


def _set_targets(paper: Paper, *, actor: User) -> None:
    members = list(paper.bloc_year.memberships.all())
    for title, unit, figures in INDICATORS:
        indicator = targets.add_indicator(paper, title=title, unit=unit, actor=actor)
        norms = {
            (indicator, member): Decimal(figure)
            for member, figure in zip(members, figures, strict=True)
        }
        targets.set_targets(paper, norms=norms, actor=actor)


def _sign_some(paper: Paper) -> None:
    for party in paper.parties.filter(membership__board__code__in=SIGNED):
        leader = leader_of(party.membership.board)
        if enrolment.usable_key(leader.person) is None:
            enrolment.enrol(leader.person, passphrase=PASSPHRASE, actor=leader)
        signing.sign(party, passphrase=PASSPHRASE, picture=None, actor=leader)
