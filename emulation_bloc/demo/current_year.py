"""A sample year after the mergers of 2025, with its covenant half signed."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from covenants import consultation, drafting, enrolment, sealing, signing
from covenants.models import LegalReference, Paper
from emulation_bloc.lib.text import sort_key
from members import appointments, year_opening
from members.models import BlocYear, Board, Post, Succession, SuccessionParty, User
from members.models.blocs import Role, StepKind

from .accounts import HEAD_CODE, PASSPHRASE, leader_of
from .founding_year import make_board

MERGED_ON = dt.date(2025, 7, 1)


@dataclass(frozen=True)
class Merger:
    """Two boards of 2019 that became one; the first one's people go on in it."""

    parents: tuple[str, str]
    document: str
    code: str
    province: str
    name: str
    short_name: str
    kinds: tuple[str, ...]


MERGERS = (
    Merger(
        parents=("BDI", "GLA"),
        document="Quyết định 1498/QĐ-TTg",
        code="GLBD",
        province="Gia Lai",
        name="Ban Quản lý Khu kinh tế tỉnh Gia Lai",
        short_name="BQL KKT Gia Lai",
        kinds=("KKT",),
    ),
    Merger(
        parents=("QNG", "KTU"),
        document="Quyết định 1499/QĐ-TTg",
        code="DQKT",
        province="Quảng Ngãi",
        name="Ban Quản lý Khu kinh tế Dung Quất và các Khu công nghiệp Quảng Ngãi",
        short_name="BQL KKT Dung Quất",
        kinds=("KKT", "KCN"),
    ),
)
DEPUTY_CODE = "KHA"
# Days from today on which each step begins and ends: the demo always stands in its signing.
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
THEME = "Kỷ cương, đổi mới, thu hút đầu tư có chọn lọc"
SIGNED = ("DLK", "DNA", "LDO", "GLBD")


def build(last: BlocYear, *, secretary: User) -> BlocYear:
    """Merge boards as in 2025, open the year, seal its covenant, and let some leaders sign."""
    for merger in MERGERS:
        merge(merger)
    transfer_zones()
    year = open_year(last, actor=secretary)
    for merger in MERGERS:
        move_people(last, year, merger, actor=secretary)
    year_opening.close_year(last, actor=secretary)
    paper = draft(year, actor=secretary)
    consultation.open_consultation(paper, actor=secretary)
    sign_some(sealing.seal(paper, actor=secretary))
    return year


def merge(merger: Merger) -> None:
    board = make_board(
        merger.code,
        name=merger.name,
        short_name=merger.short_name,
        province=merger.province,
        kinds=list(merger.kinds),
        since=MERGED_ON,
    )
    parents = Board.objects.filter(code__in=merger.parents)
    record_succession(
        Succession.Kind.CONSOLIDATION, MERGED_ON, merger.document, list(parents), board
    )
    parents.update(dissolved_on=MERGED_ON)


def transfer_zones() -> None:
    record_succession(
        Succession.Kind.SCOPE_TRANSFER,
        dt.date(2025, 8, 18),
        "Quyết định 1012/QĐ-UBND",
        [Board.objects.get(code="QNA")],
        Board.objects.get(code="DNA"),
    )


def record_succession(
    kind: str, on: dt.date, document: str, parents: list[Board], child: Board
) -> None:
    succession = Succession.objects.create(kind=kind, effective_on=on, document=document)
    sides = [*((SuccessionParty.Side.FROM, b) for b in parents), (SuccessionParty.Side.TO, child)]
    SuccessionParty.objects.bulk_create(
        SuccessionParty(succession=succession, side=side, board=board) for side, board in sides
    )


def open_year(last: BlocYear, *, actor: User) -> BlocYear:
    today = timezone.localdate()
    standing = Board.objects.filter(dissolved_on=None)
    places = [
        year_opening.Place(board=board, role=role_of(board))
        for board in sorted(standing, key=lambda b: sort_key(b.names.latest("since").province))
    ]
    steps = {
        str(kind): (today + dt.timedelta(days=first), today + dt.timedelta(days=last_day))
        for kind, (first, last_day) in STEPS.items()
    }
    return year_opening.open_next_year(
        last, year=today.year, theme=THEME, places=places, steps=steps, actor=actor
    )


def role_of(board: Board) -> str:
    return {HEAD_CODE: Role.HEAD, DEPUTY_CODE: Role.DEPUTY}.get(board.code, Role.MEMBER)


def move_people(last: BlocYear, year: BlocYear, merger: Merger, *, actor: User) -> None:
    """All posts in the old boards end; the first parent's people go on in the new board."""
    board = Board.objects.get(code=merger.code)
    for code in merger.parents:
        for post in Post.objects.current().filter(board__code=code).select_related("person"):
            last_day = MERGED_ON - dt.timedelta(days=1)
            appointments.end_post(last, post, ends_on=last_day, actor=actor)
            if code == merger.parents[0]:
                appointments.appoint(
                    year,
                    post.person,
                    board=board,
                    kind=post.kind,
                    title=post.title,
                    starts_on=MERGED_ON,
                    actor=actor,
                )


def draft(year: BlocYear, *, actor: User) -> Paper:
    today = timezone.localdate()
    source = Paper.objects.get(bloc_year__bloc=year.bloc, bloc_year__year=2019)
    paper = drafting.start_covenant(year, source=source, actor=actor)
    values: dict[str, str | dt.date | None] = {
        "theme": THEME,
        "dated_on": today,
        "sign_by": year.steps.get(kind=StepKind.SIGNING).ends_on,
    }
    drafting.save_header(paper, values=values, revision=paper.revision, actor=actor)
    laws = LegalReference.objects.in_force_on(today).order_by("issued_on")
    drafting.cite(paper, references=list(laws), actor=actor)
    for indicator in paper.indicators.all():
        drafting.remove_indicator(indicator, actor=actor)
    set_targets(paper, actor=actor)
    return paper


def set_targets(paper: Paper, *, actor: User) -> None:
    members = list(paper.bloc_year.memberships.all())
    for title, unit, figures in INDICATORS:
        indicator = drafting.add_indicator(paper, title=title, unit=unit, actor=actor)
        norms = {
            (indicator, member): Decimal(figure)
            for member, figure in zip(members, figures, strict=True)
        }
        drafting.set_targets(paper, norms=norms, actor=actor)


def sign_some(paper: Paper) -> None:
    for party in paper.parties.filter(membership__board__code__in=SIGNED):
        leader = leader_of(party.membership.board)
        if enrolment.usable_key(leader.person) is None:
            enrolment.enrol(leader.person, passphrase=PASSPHRASE, actor=leader)
        signing.sign(party, passphrase=PASSPHRASE, picture=None, actor=leader)
