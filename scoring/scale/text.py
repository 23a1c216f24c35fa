"""The scale in the words of its paper: the annex that the bloc discusses, votes on and seals."""

from collections.abc import Iterable, Iterator
from decimal import Decimal

from django.utils.translation import override

from emulation_bloc.lib.blocks import row
from emulation_bloc.lib.numbers import vn_figure
from emulation_bloc.lib.text import nfc

from .. import facts
from ..computing import NotAssigned
from ..formulas import (
    BadFormula,
    BeyondPlan,
    Count,
    Deduction,
    Formula,
    FullMinus,
    Level,
    PlanRatio,
    RelativeToBest,
    Rubric,
    Steps,
    YesNo,
)
from ..models import Criterion, CriterionGroup, Scale
from ..models.scales import Owner
from . import checks
from .drafts import tree_of

HEADING = "Bảng điểm chuẩn"
# A paper is in Vietnamese, whatever the language of the user who prints it.
TIE_WORDS = {
    "fewest_deductions": "ít điểm trừ hơn",
    "ballot": "bỏ phiếu",
    "head": "Khối trưởng quyết định",
}


def text_of(scale: Scale) -> str:
    """The annex: faults first, so that nobody overlooks them when voting, then the table of groups
    and criteria, then the rules. One line per row, in Vietnamese, NFC."""
    with override("vi"):
        return nfc("\n".join([*faults_of(scale), *table_of(scale), *rules_of(scale)]))


def faults_of(scale: Scale) -> Iterator[str]:
    """The faults of a draft scale as lines of the annex."""
    for fault in checks.faults(scale):
        yield f"(Dự thảo chưa khớp: {fault})"


def table_of(scale: Scale) -> Iterator[str]:
    """The rows of the table as lines that `lib.blocks` reads; each group is followed by its
    criteria."""
    yield row(("Mã", "Nội dung", "Điểm", "Cách tính", "Căn cứ chấm"))
    criteria = list(scale.criteria.select_related("facts_from"))
    for group in tree_of(scale):
        yield row((group.code, group.title.upper(), points_of(group), group_rule(group), ""))
        for one in criteria:
            if one.group_id == group.pk:
                yield row((one.code, one.title, worth(one), rule_of(one), basis_of(one)))


def points_of(group: CriterionGroup) -> str:
    """The points of a group; of a bonus group as “tối đa …”."""
    return (
        f"tối đa {vn_figure(group.max_points)}" if group.is_bonus else vn_figure(group.max_points)
    )


def group_rule(group: CriterionGroup) -> str:
    """How a bonus group is counted; "" for other groups."""
    if not group.is_bonus:
        return ""
    return "Điểm thưởng, lấy mức cao nhất" if group.combine == "highest" else "Điểm thưởng"


def worth(criterion: Criterion) -> str:
    """The standard points of a criterion, and its bonus points if it has any: “10 + 2”."""
    standard = vn_figure(criterion.max_points)
    if criterion.bonus_points:
        return f"{standard} + {vn_figure(criterion.bonus_points)}"
    return standard


def rule_of(criterion: Criterion) -> str:
    """How points follow, in the words of the paper; the fault of a formula that is not valid."""
    try:
        words = rule_in_words(criterion.formula)
    except BadFormula as fault:
        return str(fault)
    if criterion.facts_from:
        return f"{words} (theo số liệu {criterion.facts_from.code})"
    if criterion.indicator:
        return f"{words} (chỉ tiêu: {criterion.indicator})"
    return words


def rule_in_words(formula: Formula) -> str:
    """How the formula gives points, without a figure: “Mỗi trường hợp 2 điểm”."""
    match formula:
        case Rubric(levels=levels):
            return _levels_in_words(levels) if levels else "Chấm trong khoảng từ 0 đến điểm chuẩn"
        case PlanRatio():
            return _ratio_in_words(formula)
        case Steps(steps=steps):
            return "Đạt " + "; ".join(
                f"từ {vn_figure(one.least)}: {vn_figure(one.points)} điểm" for one in steps
            )
        case Count(each=each, cap=cap):
            return f"Mỗi trường hợp {vn_figure(each)} điểm{at_most(cap)}"
        case FullMinus(each=each):
            return f"Trừ {vn_figure(each)} điểm mỗi trường hợp"
        case RelativeToBest():
            return _relative_in_words(formula)
        case BeyondPlan(each=each):
            return f"Mỗi 1 % vượt kế hoạch được {vn_figure(each)} điểm"
        case Deduction(each=each, cap=cap):
            return f"Trừ {vn_figure(each)} điểm mỗi trường hợp{at_most(cap)}"
        case YesNo():
            return "Có thì được điểm"
    # The bloc votes on these words: better none than those of another kind.
    raise TypeError(f"No words for the paper: {type(formula).__name__}")


def at_most(cap: Decimal | None) -> str:
    """“, tối đa … điểm”; "" without a cap."""
    return "" if cap is None else f", tối đa {vn_figure(cap)} điểm"


def _levels_in_words(levels: Iterable[Level]) -> str:
    return "Chọn mức " + " / ".join(
        f"{vn_figure(level.points)} ({level.words})" if level.words else vn_figure(level.points)
        for level in levels
    )


def _relative_in_words(formula: RelativeToBest) -> str:
    share = formula.at_target_percent
    if share is None:
        return "So với đơn vị cao nhất Khối"
    return f"Đạt kế hoạch được {vn_figure(share)} % số điểm; vượt cao nhất Khối được 100 %"


def _ratio_in_words(formula: PlanRatio) -> str:
    floor = (
        f", dưới {vn_figure(formula.floor_percent)} % không có điểm"
        if formula.floor_percent
        else ""
    )
    cap = vn_figure(formula.cap_percent)
    return f"Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa {cap} %{floor}"


def basis_of(criterion: Criterion) -> str:
    """Who gives the figure: the portal with its record, the board, the appraisers, others."""
    if criterion.owner == Owner.PORTAL and criterion.source in facts.SOURCES:
        return f"Cổng tự tính: {facts.SOURCES[criterion.source].title}"
    if criterion.owner == Owner.BOARD:
        return "Tự chấm, kèm minh chứng" if criterion.needs_evidence else "Tự chấm"
    return {
        Owner.APPRAISERS.value: "Khối thẩm định",
        Owner.OUTSIDE.value: "Cơ quan ngoài Khối",
        Owner.PEERS.value: "Các đơn vị chấm chéo",
    }.get(criterion.owner, "")


def rules_of(scale: Scale) -> Iterator[str]:
    """The rules of the whole scale, one sentence per line."""
    step = vn_figure(scale.rounding)
    total, bonus = vn_figure(scale.total), vn_figure(scale.bonus_cap)
    yield (
        f"Tổng điểm chuẩn: {total}; điểm thưởng tối đa: {bonus}. "
        f"Điểm từng tiêu chí làm tròn đến {step}, từ nửa trở lên làm tròn lên."
    )
    by = "tổng điểm" if scale.basis == "points" else "tỷ lệ phần trăm trên số điểm được giao"
    yield f"Xếp hạng theo {by}."
    yield (
        "Tiêu chí không giao cho đơn vị được tính đủ điểm."
        if scale.not_assigned == NotAssigned.FULL
        else "Tiêu chí không giao cho đơn vị được loại khỏi mẫu số và quy đổi theo tổng điểm."
    )
    yield f"Xếp loại: {grades_in_words(scale)}."
    if scale.tie_break:
        steps = ", ".join(tie_words(step) for step in scale.tie_break)
        yield f"Khi bằng điểm, xét lần lượt: {steps}."
    yield OPENNESS[scale.openness]
    if scale.criteria.filter(owner=Owner.PEERS).exists():
        trimmed = " sau khi bỏ điểm cao nhất và thấp nhất" if scale.crossing == "trimmed" else ""
        yield (
            f"Chấm chéo: mỗi đơn vị chấm {scale.crossing_each} đơn vị khác; điểm chấm chéo là "
            f"trung bình cộng{trimmed}."
        )
    if scale.unrankable:
        labels = ", ".join(UNRANKABLE[code] for code in scale.unrankable)
        yield f"Không xếp hạng đơn vị: {labels}."


def grades_in_words(scale: Scale) -> str:
    """The grades with their limits, the best first, in one line."""
    return "; ".join(f"{one.title} từ {vn_figure(one.least)}" for one in scale.grades.all())


OPENNESS = {
    "totals": "Sau khi công bố, các đơn vị xem được tổng điểm, xếp loại và thứ hạng của nhau.",
    "points": "Sau khi công bố, các đơn vị xem được điểm từng tiêu chí của nhau.",
    "all": (
        "Sau khi công bố, các đơn vị xem được điểm, số liệu, giải trình và minh chứng của nhau."
    ),
}
UNRANKABLE = {
    "not_signed": "chưa ký giao ước thi đua",
    "not_submitted": "không nộp phiếu chấm điểm",
}


def tie_words(step: str) -> str:
    """A step of the tie-break list in the words of the paper."""
    return TIE_WORDS.get(step) or f"điểm nhóm {step.removeprefix('group:')}"
