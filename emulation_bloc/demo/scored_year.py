"""The scoring of 2019: eleven sheets with sample figures, one objection, one tie, one award held
back; agreed at the closing conference and final.
"""

import datetime as dt
from decimal import Decimal

from django.utils import timezone

from members.models import BlocYear, User
from members.models.blocs import Role
from scoring.appraising import appraisal
from scoring.models import Line, Scoring, Sheet
from scoring.result import conference, objections, publication
from scoring.result.objection_remedies import Remedy
from scoring.sheets import filling, opening, submitting, tasks
from scoring.sheets.filling import Cell

from ..lib import pdf
from .accounts import leader_of, officer_of

DEPUTY_CODE = "LDO"
CONFERENCE = dt.date(2020, 1, 10)
PUBLISHED = dt.datetime(2020, 1, 2, 8, tzinfo=dt.UTC)
# Plans that are not indicators of the covenant; samples.
PLANS = {"I.2": Decimal(1500), "I.4": Decimal(24)}
PLAN_DOCUMENT = "Quyết định giao kế hoạch năm 2019 của UBND tỉnh (mẫu)"
CODES = (
    *("I.1", "I.2", "I.3", "I.4", "I.5", "I.6", "I.7", "II.1", "II.2", "II.3"),
    *("III.2", "III.3", "III.4", "III.5", "III.6", "B.1", "B.2"),
)
# The figures of each board in the order of CODES; samples.
FIGURES: dict[str, tuple[float, ...]] = {
    "DNA": (121, 1890, 10, 24, 0, 6, 98, 6, 4, 5, 3, 5, 0, 0, 1, 0, 1),
    "QNG": (112, 1720, 10, 24, 0, 6, 96, 6, 4, 5, 3, 4, 1, 0, 1, 0, 0),
    "DLK": (104, 1580, 10, 24, 0, 6, 97, 6, 4, 5, 3, 4, 0, 0, 1, 0, 1),
    "KHA": (101, 1510, 10, 24, 1, 6, 96, 6, 4, 5, 3, 4, 0, 0, 1, 0, 0),
    # Equal points; Bình Định has more in group I, Chu Lai in group III.
    "BDI": (100, 1500, 10, 24, 1, 4, 96, 6, 4, 5, 3, 3, 1, 0, 1, 0, 0),
    "QNA": (100, 1500, 10, 24, 1, 4, 94, 6, 4, 5, 3, 4, 0, 0, 1, 0, 0),
    "LDO": (90, 1620, 7, 24, 1, 4, 96, 6, 4, 3, 3, 3, 1, 0, 1, 0, 1),
    "PYE": (92, 1360, 7, 23, 1, 4, 95, 6, 4, 3, 3, 2, 0, 0, 1, 0, 0),
    "GLA": (88, 1290, 7, 22, 1, 4, 91, 6, 4, 3, 3, 2, 0, 1, 1, 0, 0),
    "DNO": (80, 1150, 7, 21, 2, 4, 88, 4, 4, 3, 2, 2, 1, 1, 1, 0, 0),
    "KTU": (76, 980, 7, 20, 2, 2, 86, 4, 4, 3, 2, 1, 1, 1, 0, 0, 0),
}
OBJECTION = (
    "Vụ việc ngày 14/8/2019 nằm ngoài ranh giới khu công nghiệp, đề nghị không tính (mẫu).",
    "Đã có xác nhận của cơ quan chức năng, chấp nhận giải trình (mẫu).",
)
HOLD = (
    "Chưa nộp đủ quỹ Khối năm 2019 (mẫu).",
    "Thông báo của Khối trưởng ngày 06/01/2020 (mẫu)",
)


def build(year: BlocYear, *, secretary: User) -> Scoring:
    """Score the year from opening to final result."""
    _name_deputy(year)
    scoring = opening.open_scoring(year, self_until=dt.date(2019, 11, 30), actor=secretary)
    _set_plans(scoring, actor=secretary)
    paper = _evidence_paper()
    for sheet in _sheets_of(scoring):
        _fill(sheet, paper)
        submitting.submit(_fresh(sheet), actor=leader_of(sheet.membership.board))
        _appraise(_fresh(sheet))
    publication.publish(scoring, objections_until=timezone.localdate(), actor=secretary)
    _object_once(scoring)
    _end_objections(scoring)
    conference.agree(
        scoring, on=CONFERENCE, where="Hội nghị tổng kết năm 2019 tại Đắk Lắk", actor=secretary
    )
    _hold_back(scoring, paper, actor=secretary)
    conference.finalise(scoring, actor=secretary)
    return scoring


def _name_deputy(year: BlocYear) -> None:
    """Make LDO the deputy, as somebody must appraise the head. The sources do not name the deputy
    of 2019.
    """
    year.memberships.filter(board__code=DEPUTY_CODE).update(role=Role.DEPUTY)
    year.__dict__.pop("roles", None)


def _sheets_of(scoring: Scoring) -> list[Sheet]:
    return list(scoring.sheets.select_related("membership__board").order_by("membership__order"))


def _fresh(sheet: Sheet) -> Sheet:
    return Sheet.objects.get(pk=sheet.pk)


def _lines_of(sheet: Sheet) -> dict[str, Line]:
    return {line.criterion.code: line for line in sheet.lines.select_related("criterion", "sheet")}


def _end_objections(scoring: Scoring) -> None:
    """Date publication and objections before the conference; the acts have used today."""
    until = CONFERENCE - dt.timedelta(days=1)
    Scoring.objects.filter(pk=scoring.pk).update(published_at=PUBLISHED, objections_until=until)


def _set_plans(scoring: Scoring, *, actor: User) -> None:
    """The secretariat sets the plans; those of the head board the deputy."""
    deputy = leader_of(scoring.bloc_year.memberships.get(role=Role.DEPUTY).board)
    for sheet in _sheets_of(scoring):
        lines = _lines_of(sheet)
        setter = deputy if sheet.membership.role == Role.HEAD else actor
        for code, plan in PLANS.items():
            tasks.set_plan(lines[code], plan=plan, reason=PLAN_DOCUMENT, actor=setter)


def _evidence_paper() -> bytes:
    return pdf.render("<h1>Báo cáo tổng kết năm 2019</h1><p>Tài liệu mẫu.</p>").pdf


def _fill(sheet: Sheet, paper: bytes) -> None:
    """The board's officer writes the figures and hands in one report for all lines."""
    officer = officer_of(sheet.membership.board)
    lines = _lines_of(sheet)
    given = dict(zip(CODES, FIGURES[sheet.membership.board.code], strict=True))
    cells = {
        lines[code].pk: Cell(Decimal(str(value)), lines[code].revision)
        for code, value in given.items()
    }
    filling.write_figures(sheet, cells=cells, actor=officer)
    filling.add_evidence(
        sheet,
        lines=[lines[code] for code in CODES],
        content=paper,
        media_type="application/pdf",
        name="bao-cao-tong-ket-2019.pdf",
        actor=officer,
    )


def _appraise(sheet: Sheet) -> None:
    """The head appraises; the head's own sheet the deputy."""
    year = sheet.scoring.bloc_year
    role = Role.DEPUTY if sheet.membership.role == Role.HEAD else Role.HEAD
    appraiser = leader_of(year.memberships.get(role=role).board)
    lines = [line.pk for line in _lines_of(sheet).values()]
    appraisal.take_as_proposed(sheet, lines=lines, actor=appraiser)
    appraisal.conclude(_fresh(sheet), actor=appraiser)


def _object_once(scoring: Scoring) -> None:
    sheet = scoring.sheets.get(membership__board__code="LDO")
    membership = sheet.membership
    said, answered = OBJECTION
    made = objections.make_objection(
        _lines_of(sheet)["I.5"],
        membership=membership,
        text=said,
        actor=officer_of(membership.board),
    )
    head = scoring.bloc_year.memberships.get(role=Role.HEAD)
    remedy = Remedy("figure", fact=Decimal(0))
    objections.answer(made, remedy=remedy, text=answered, actor=leader_of(head.board))


def _hold_back(scoring: Scoring, paper: bytes, *, actor: User) -> None:
    reason, document = HOLD
    conference.restrict(
        scoring.sheets.get(membership__board__code="KTU"),
        kind="award_hold",
        reason=reason,
        document=document,
        content=paper,
        media_type="application/pdf",
        file_name="thong-bao-chua-xet.pdf",
        on=dt.date(2020, 1, 6),
        actor=actor,
    )
