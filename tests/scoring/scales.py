"""A small scale with most kinds of criteria, and a year scored by it."""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.utils import timezone

from covenants.models import Covenant, Paper
from covenants.signing import enrolment
from members.models import BlocYear, Board, User
from members.models.blocs import Role
from scoring.appraising import appraisal
from scoring.models import Criterion, CriterionGroup, Evidence, Line, Scale, Scoring, Sheet
from scoring.result import publication
from scoring.scale import writing
from scoring.sheets import filling, opening, submitting
from scoring.sheets.filling import Cell
from tests.people import (
    Cast,
    adopt,
    draft_regulation,
    enrol,
    issue,
    join,
    make_year,
    seal_covenant,
    sign,
)

GROUPS: tuple[dict[str, Any], ...] = (
    {"code": "I", "title": "Nhiệm vụ chính trị", "max_points": Decimal(10)},
    {"code": "II", "title": "Công tác thi đua", "max_points": Decimal(5)},
    {"code": "T", "title": "Điểm thưởng", "max_points": Decimal(2), "is_bonus": True},
)
# Criteria of each group, in order; the plan of I.1 is the target of the covenant, 100 %.
CRITERIA: dict[str, tuple[dict[str, Any], ...]] = {
    "I": (
        {
            "code": "I.1",
            "title": "Dự án mới so với kế hoạch",
            "kind": "plan_ratio",
            "max_points": Decimal(6),
            "indicator": "Dự án mới so với kế hoạch",
            "unit": "%",
        },
        {
            "code": "I.2",
            "title": "Quy hoạch đúng tiến độ",
            "kind": "rubric",
            "parameters": {
                "levels": [
                    {"points": "4", "words": "Đúng tiến độ"},
                    {"points": "2", "words": "Chậm có lý do"},
                    {"points": "0", "words": "Chậm"},
                ]
            },
            "max_points": Decimal(4),
        },
    ),
    "II": (
        {
            "code": "II.1",
            "title": "Ký giao ước đúng hạn",
            "kind": "full_minus",
            "parameters": {"each": "1"},
            "max_points": Decimal(3),
            "owner": "portal",
            "source": "covenant_late",
            "needs_evidence": False,
        },
        {
            "code": "II.2",
            "title": "Không có đơn thư vượt cấp",
            "kind": "yes_no",
            "max_points": Decimal(2),
            "needs_evidence": False,
        },
    ),
    "T": (
        {
            "code": "T.1",
            "title": "Vượt kế hoạch",
            "kind": "beyond_plan",
            "parameters": {"each": "0.1"},
            "max_points": Decimal(2),
            "needs_evidence": False,
            "facts_from": "I.1",
        },
    ),
}
RULES: dict[str, Any] = {
    "total": Decimal(15),
    "bonus_cap": Decimal(2),
    "tie_break": ["group:I", "fewest_deductions", "ballot"],
}
GRADES = (("Xuất sắc", Decimal(13)), ("Khá", Decimal(8)), ("Yếu", Decimal(0)))


def draft_scale(year: BlocYear, *, actor: User, **rules: Any) -> Scale:
    """The scale on a paper that is being drafted."""
    paper = draft_regulation(year, actor=actor, kind="point_scale")
    scale = writing.start_scale(paper, source=None, actor=actor)
    scale = writing.save_rules(
        scale, values={**RULES, **rules}, grades=GRADES, revision=scale.revision, actor=actor
    )
    for values in GROUPS:
        scale = writing.save_group(scale, None, values=values, revision=scale.revision, actor=actor)
        for criterion in CRITERIA[values["code"]]:
            scale = add_criterion(scale, values["code"], criterion, actor=actor)
    return scale


def add_criterion(scale: Scale, group: str, values: dict[str, Any], *, actor: User) -> Scale:
    source = values.get("facts_from")
    filled = values | {
        "group": CriterionGroup.objects.get(scale=scale, code=group),
        "facts_from": Criterion.objects.get(scale=scale, code=source) if source else None,
    }
    return writing.save_criterion(scale, None, values=filled, revision=scale.revision, actor=actor)


def adopted_scale(year: BlocYear, *, actor: User, leader: User, **rules: Any) -> Scale:
    """The scale adopted, issued and signed by the head: in force."""
    scale = draft_scale(year, actor=actor, **rules)
    begins = dt.date(year.year, 5, 4)
    paper = issue(
        adopt(scale.paper, actor=actor), actor=actor, dated_on=begins, effective_on=begins
    )
    sign(paper, head_board(paper), actor=leader)
    return Scale.objects.get(pk=scale.pk)


def head_board(paper: Paper) -> Board:
    return paper.parties.get().membership.board


def open_year(year: BlocYear, *, actor: User, leader: User, **rules: Any) -> Scoring:
    """The year in scoring: its covenant sealed, its scale in force, a sheet for every board."""
    if not Covenant.objects.filter(bloc_year=year).exists():
        seal_covenant(year, actor=actor)
    if enrolment.usable_key(leader.person) is None:
        enrol(leader)
    adopted_scale(year, actor=actor, leader=leader, **rules)
    scoring = opening.open_scoring(year, self_until=dt.date(2019, 11, 30), actor=actor)
    return Scoring.objects.get(pk=scoring.pk)


def drafted_scale(cast: Cast) -> Scale:
    """The scale of the current year on a paper that is being drafted."""
    return draft_scale(cast.year, actor=cast.chi)


def opened_year(cast: Cast) -> Scoring:
    """The current year in scoring, a sheet with both boards."""
    return open_year(cast.year, actor=cast.chi, leader=cast.an)


def sheet_of(scoring: Scoring, board: Board) -> Sheet:
    return scoring.sheets.get(membership__board=board)


def line_of(sheet: Sheet, code: str) -> Line:
    return sheet.lines.select_related("criterion", "sheet").get(criterion__code=code)


PDF = b"%PDF-1.7 sample"


def hand_in(
    sheet: Sheet, *codes: str, actor: User, content: bytes = PDF, name: str = "bao-cao.pdf"
) -> Evidence:
    """A file as evidence of lines."""
    return filling.add_evidence(
        sheet,
        lines=[line_of(sheet, code) for code in codes],
        content=content,
        media_type="application/pdf",
        name=name,
        actor=actor,
    )


FIGURES = {"I.1": Decimal(90), "I.2": Decimal(4), "II.2": Decimal(1)}


def fill(sheet: Sheet, *, actor: User, **changed: Decimal) -> Sheet:
    """Every line that the board owes, with an explanation where evidence is asked for."""
    figures = FIGURES | {code.replace("_", "."): value for code, value in changed.items()}
    cells = {
        line.pk: Cell(figures[code], line.revision)
        for code in figures
        for line in [line_of(sheet, code)]
    }
    filling.write_figures(sheet, cells=cells, actor=actor)
    for code in ("I.1", "I.2"):
        filling.write_words(
            line_of(sheet, code), field="explanation", text="Theo báo cáo.", seen="", actor=actor
        )
    return Sheet.objects.get(pk=sheet.pk)


def submitted(sheet: Sheet, *, actor: User, **changed: Decimal) -> Sheet:
    """The sheet filled in and signed off by the board's leader."""
    submitting.submit(fill(sheet, actor=actor, **changed), actor=actor)
    return Sheet.objects.get(pk=sheet.pk)


def appraised(sheet: Sheet, *, actor: User) -> Sheet:
    """Everything taken over as proposed, and the appraisal concluded."""
    lines = list(sheet.lines.values_list("pk", flat=True))
    appraisal.take_as_proposed(sheet, lines=lines, actor=actor)
    appraisal.conclude(Sheet.objects.get(pk=sheet.pk), actor=actor)
    return Sheet.objects.get(pk=sheet.pk)


def published_year(cast: Cast, number: int = 2018) -> Scoring:
    """A year of the two boards, Bình's the deputy, filled in, appraised and published."""
    year = make_year(cast.bloc, number)
    join(year, cast.head, role=Role.HEAD)
    join(year, cast.board, role=Role.DEPUTY)
    scoring = open_year(year, actor=cast.chi, leader=cast.an)
    for board, leader, appraiser in (
        (cast.head, cast.an, cast.binh),
        (cast.board, cast.binh, cast.an),
    ):
        appraised(submitted(sheet_of(scoring, board), actor=leader), actor=appraiser)
    until = timezone.localdate() + dt.timedelta(days=7)
    publication.publish(Scoring.objects.get(pk=scoring.pk), objections_until=until, actor=cast.chi)
    return Scoring.objects.get(pk=scoring.pk)
