"""The demo's year 2019: bloc, eleven boards, adopted texts, and the covenant signed by all."""

import datetime as dt
from decimal import Decimal
from typing import Any

from covenants.laws import registering
from covenants.models import LegalReference, Paper
from covenants.models.comments import Verdict
from covenants.papers import bases, consultation, drafting, targets
from covenants.signing import enrolment, sealing, signing
from members.models import Bloc, BlocYear, Board, BoardName, Membership, User, YearStep
from members.models.blocs import Role, StepKind

from . import adopted_papers, scored_year
from .accounts import (
    HEAD_CODE,
    PASSPHRASE,
    invite_everyone,
    leader_of,
    make_administrator,
    make_first_secretary,
    officer_of,
)

YEAR = 2019
SLUG = "tay-nguyen-duyen-hai"
STEPS = {
    StepKind.SIGNING: ("2019-05-04", "2019-05-04"),
    StepKind.REGISTRATION: ("2019-05-05", "2019-05-31"),
    StepKind.MIDYEAR_REVIEW: ("2019-07-05", "2019-07-05"),
    StepKind.EXCHANGE: ("2019-07-24", "2019-07-27"),
    StepKind.SELF_SCORING: ("2019-11-15", "2019-11-30"),
    StepKind.APPRAISAL: ("2019-12-01", "2019-12-15"),
    StepKind.ANNUAL_REVIEW: ("2020-01-10", "2020-01-10"),
    StepKind.HANDOVER: ("2020-01-20", "2020-01-20"),
}
OPENING = (
    "Tại Hội nghị ký kết Giao ước thi đua năm 2019, các đơn vị thành viên cùng thống nhất ký kết "
    "giao ước thi đua với các nội dung sau đây:"
)
TERMS = (
    "Các đơn vị thành viên cam kết tổ chức thực hiện nghiêm túc, có hiệu quả các nội dung đã ký "
    "kết; định kỳ sơ kết, tổng kết, tự chấm điểm theo thang điểm chuẩn của Khối.\n"
    "Giao ước được các đơn vị thành viên thống nhất ký kết và có hiệu lực kể từ ngày ký."
)
# (article number, board, comment, verdict, answer); samples.
COMMENTS = (
    (1, "GLA", "Đề nghị nêu rõ “quy hoạch đã được phê duyệt”.", Verdict.ACCEPTED, ""),
    (
        2,
        "PYE",
        "Đề nghị hạ chỉ tiêu còn 90 %.",
        Verdict.DECLINED,
        "Giữ 100 % như các đơn vị đã thống nhất tại hội nghị trù bị.",
    ),
    (4, "DNA", "Bổ sung dịch vụ đào tạo và cung cấp lao động.", Verdict.ACCEPTED, ""),
)


def build(facts: dict[str, Any]) -> Bloc:
    """Make the bloc and its year 2019: adopted papers, signed covenant, final scores."""
    bloc = _make_bloc(facts["bloc"])
    boards = _make_boards(facts["boards"])
    year = _make_year(bloc, boards)
    make_administrator()
    secretary = make_first_secretary(boards[HEAD_CODE])
    invite_everyone(year, boards, actor=secretary)
    registering.seed_laws()
    target = facts["covenant"]["articles"][1]["targets"][0]
    adopted_papers.build(
        year,
        facts["conference"],
        scale=facts["sample_point_scale"],
        indicator=target["indicator"],
        boards=boards,
        actor=secretary,
    )
    paper = _draft(year, facts["covenant"], facts["bloc"]["legal_basis"], actor=secretary)
    _discuss(paper, boards, actor=secretary)
    _sign_all(sealing.seal(paper, actor=secretary))
    scored_year.build(BlocYear.objects.get(pk=year.pk), secretary=secretary)
    return bloc


def _make_bloc(facts: dict[str, Any]) -> Bloc:
    return Bloc.objects.create(
        slug=SLUG,
        name=facts["name"],
        short_name="Khối thi đua Tây Nguyên và Duyên hải miền Trung",
        label=facts["label"],
        governing_body=facts["governing_body"],
        established_on=dt.date.fromisoformat(facts["established_on"]),
        is_sample=True,
    )


def _make_boards(rows: list[dict[str, Any]]) -> dict[str, Board]:
    return {
        row["code"]: _make_board(
            row["code"],
            name=row["name"],
            short_name=row["short_name"],
            province=row["province"],
            kinds=row["kinds"],
            since=dt.date(YEAR, 1, 1),
        )
        for row in rows
    }


def _make_board(
    code: str, *, name: str, short_name: str, province: str, kinds: list[str], since: dt.date
) -> Board:
    board = Board.objects.create(code=code)
    BoardName.objects.create(
        board=board,
        since=since,
        name=name,
        short_name=short_name,
        province=province,
        kinds=kinds,
    )
    return board


def _make_year(bloc: Bloc, boards: dict[str, Board]) -> BlocYear:
    year = BlocYear.objects.create(bloc=bloc, year=YEAR)
    Membership.objects.bulk_create(
        Membership(
            bloc_year=year,
            board=board,
            name=board.names.get(),
            role=Role.HEAD if code == HEAD_CODE else Role.MEMBER,
            order=order,
        )
        for order, (code, board) in enumerate(boards.items(), start=1)
    )
    YearStep.objects.bulk_create(
        YearStep(bloc_year=year, kind=kind, starts_on=first, ends_on=last)
        for kind, (first, last) in STEPS.items()
    )
    return BlocYear.objects.get(pk=year.pk)


def _draft(
    year: BlocYear, facts: dict[str, Any], legal_basis: list[dict[str, Any]], *, actor: User
) -> Paper:
    paper = drafting.start_covenant(year, source=None, actor=actor)
    values = {
        "title": facts["title"],
        "opening": OPENING,
        "terms": TERMS,
        "place": facts["place"],
        "dated_on": dt.date.fromisoformat(facts["signed_on"]),
    }
    drafting.save_header(paper, values=values, revision=paper.revision, actor=actor)
    for article in facts["articles"]:
        drafting.add_article(paper, heading=article["heading"], body=article["body"], actor=actor)
    numbers = [law["number"] for law in legal_basis]
    laws = LegalReference.objects.filter(number__in=numbers).order_by("issued_on")
    bases.cite(paper, references=list(laws), actor=actor)
    bases.cite_papers(
        paper, cited=bases.citable(paper).filter(kind="operating_regulation"), actor=actor
    )
    _set_targets(paper, facts["articles"][1]["targets"][0], actor=actor)
    return paper


def _set_targets(paper: Paper, target: dict[str, Any], *, actor: User) -> None:
    indicator = targets.add_indicator(
        paper, title=target["indicator"], unit=target["unit"], actor=actor
    )
    norms = {
        (indicator, membership): Decimal(target["target"])
        for membership in paper.bloc_year.memberships.all()
    }
    targets.set_targets(paper, norms=norms, actor=actor)


def _discuss(paper: Paper, boards: dict[str, Board], *, actor: User) -> None:
    consultation.open_consultation(paper, actor=actor)
    articles = list(paper.articles.standing())
    for number, code, text, verdict, answer in COMMENTS:
        made = consultation.comment(
            paper, article=articles[number - 1], text=text, actor=officer_of(boards[code])
        )
        consultation.answer(made, verdict=verdict, answer=answer, actor=actor)


def _sign_all(paper: Paper) -> None:
    for party in paper.parties.select_related("membership__board"):
        leader = leader_of(party.membership.board)
        if enrolment.usable_key(leader.person) is None:
            enrolment.enrol(leader.person, passphrase=PASSPHRASE, actor=leader)
        signing.sign(party, passphrase=PASSPHRASE, picture=None, actor=leader)
