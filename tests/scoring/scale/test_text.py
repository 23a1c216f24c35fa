"""The printed text of a scale: every kind and rule."""

from decimal import Decimal
from typing import Any

import pytest
from django.utils.translation import override

from scoring import formulas
from scoring.models import Criterion, CriterionGroup, Scale
from scoring.scale import text, writing
from tests.people import Cast
from tests.scoring.scales import add_criterion, draft_scale, drafted_scale
from tests.shared_scene import in_scene

MOST = Decimal(10)


@pytest.mark.parametrize(
    ("kind", "parameters", "words"),
    [
        ("rubric", {}, "Chấm trong khoảng từ 0 đến điểm chuẩn"),
        (
            "rubric",
            {"levels": [{"points": "10", "words": "Tốt"}, {"points": "4.5"}]},
            "Chọn mức 10 (Tốt) / 4,5",
        ),
        ("plan_ratio", {}, "Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa 100 %"),
        (
            "plan_ratio",
            {"floor_percent": "50", "cap_percent": "120"},
            "Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa 120 %, dưới 50 % không có điểm",
        ),
        (
            "steps",
            {"steps": [{"least": "95", "points": "6"}, {"least": "0", "points": "0"}]},
            "Đạt từ 95: 6 điểm; từ 0: 0 điểm",
        ),
        ("count", {"each": "0.5"}, "Mỗi trường hợp 0,5 điểm"),
        ("count", {"each": "2", "cap": "6"}, "Mỗi trường hợp 2 điểm, tối đa 6 điểm"),
        ("full_minus", {"each": "1"}, "Trừ 1 điểm mỗi trường hợp"),
        ("yes_no", {}, "Có thì được điểm"),
        ("relative", {}, "So với đơn vị cao nhất Khối"),
        (
            "relative",
            {"at_target_percent": "50"},
            "Đạt kế hoạch được 50 % số điểm; vượt cao nhất Khối được 100 %",
        ),
        ("beyond_plan", {"each": "0.1"}, "Mỗi 1 % vượt kế hoạch được 0,1 điểm"),
        ("deduction", {"each": "8"}, "Trừ 8 điểm mỗi trường hợp"),
        ("deduction", {"each": "2", "cap": "10"}, "Trừ 2 điểm mỗi trường hợp, tối đa 10 điểm"),
    ],
)
def test_each_way_of_scoring_is_said_in_words(
    kind: str, parameters: dict[str, Any], words: str
) -> None:
    most = Decimal(0) if kind == "deduction" else MOST

    assert text.rule_in_words(formulas.read_formula(kind, parameters, most)) == words


@in_scene(drafted_scale)
def test_the_annex_reads_as_the_scale(scale: Scale) -> None:
    assert text.text_of(scale).splitlines() == [
        "| Mã | Nội dung | Điểm | Cách tính | Căn cứ chấm |",
        "| I | NHIỆM VỤ CHÍNH TRỊ | 10 |  |  |",
        "| I.1 | Dự án mới so với kế hoạch | 6 | Theo tỷ lệ thực hiện so với kế hoạch, tính tối đa "
        "100 % (chỉ tiêu: Dự án mới so với kế hoạch) | Tự chấm, kèm minh chứng |",
        "| I.2 | Quy hoạch đúng tiến độ | 4 | Chọn mức 4 (Đúng tiến độ) / 2 (Chậm có lý do) / "
        "0 (Chậm) | Tự chấm, kèm minh chứng |",
        "| II | CÔNG TÁC THI ĐUA | 5 |  |  |",
        "| II.1 | Ký giao ước đúng hạn | 3 | Trừ 1 điểm mỗi trường hợp | "
        f"{text.basis_of(scale.criteria.get(code='II.1'))} |",
        "| II.2 | Không có đơn thư vượt cấp | 2 | Có thì được điểm | Tự chấm |",
        "| T | ĐIỂM THƯỞNG | tối đa 2 | Điểm thưởng |  |",
        "| T.1 | Vượt kế hoạch | 2 | Mỗi 1 % vượt kế hoạch được 0,1 điểm (theo số liệu I.1) | "
        "Tự chấm |",
        "Tổng điểm chuẩn: 15; điểm thưởng tối đa: 2. Điểm từng tiêu chí làm tròn đến 0,01, từ nửa "
        "trở lên làm tròn lên.",
        "Xếp hạng theo tổng điểm.",
        "Tiêu chí không giao cho đơn vị được loại khỏi mẫu số và quy đổi theo tổng điểm.",
        "Xếp loại: Xuất sắc từ 13; Khá từ 8; Yếu từ 0.",
        "Khi bằng điểm, xét lần lượt: điểm nhóm I, ít điểm trừ hơn, bỏ phiếu.",
        "Sau khi công bố, các đơn vị xem được điểm từng tiêu chí của nhau.",
    ]


def test_the_annex_is_the_same_whatever_language_its_printer_reads(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi, total=Decimal(20))
    vietnamese = text.text_of(scale)

    with override("en"):
        assert text.text_of(scale) == vietnamese


@pytest.mark.parametrize(
    ("rules", "sentence"),
    [
        ({"basis": "percent"}, "Xếp hạng theo tỷ lệ phần trăm trên số điểm được giao."),
        ({"not_assigned": "full"}, "Tiêu chí không giao cho đơn vị được tính đủ điểm."),
        (
            {"unrankable": ["not_signed", "not_submitted"]},
            "Không xếp hạng đơn vị: chưa ký giao ước thi đua, không nộp phiếu chấm điểm.",
        ),
        (
            {"tie_break": ["head"]},
            "Khi bằng điểm, xét lần lượt: Khối trưởng quyết định.",
        ),
        (
            {"openness": "totals"},
            "Sau khi công bố, các đơn vị xem được tổng điểm, xếp loại và thứ hạng của nhau.",
        ),
    ],
)
def test_each_rule_is_printed(cast: Cast, rules: dict[str, Any], sentence: str) -> None:
    scale = draft_scale(cast.year, actor=cast.chi, **rules)

    assert list(text.rules_of(scale)).count(sentence) == 1


@pytest.mark.parametrize(
    ("crossing", "words"),
    [("mean", ""), ("trimmed", " sau khi bỏ điểm cao nhất và thấp nhất")],
)
def test_cross_scoring_is_printed_where_boards_score_each_other(
    cast: Cast, crossing: str, words: str
) -> None:
    scale = draft_scale(cast.year, actor=cast.chi, crossing=crossing)
    values = {
        "code": "II.3",
        "title": "Phong trào nổi bật",
        "kind": "rubric",
        "max_points": Decimal(2),
        "owner": "peers",
    }

    scale = add_criterion(scale, "II", values, actor=cast.chi)

    assert list(text.rules_of(scale))[-1] == (
        "Chấm chéo: mỗi đơn vị chấm 2 đơn vị khác; điểm chấm chéo là trung bình cộng" + words + "."
    )
    assert text.basis_of(scale.criteria.get(code="II.3")) == "Các đơn vị chấm chéo"


@in_scene(drafted_scale)
def test_a_group_within_another_is_printed_behind_it(cast: Cast, scale: Scale) -> None:
    values = {
        "code": "I.a",
        "title": "Đầu tư",
        "max_points": Decimal(0),
        "parent": CriterionGroup.objects.get(scale=scale, code="I"),
    }

    scale = writing.save_group(scale, None, values=values, revision=scale.revision, actor=cast.chi)

    codes = [line.split("|")[1].strip() for line in text.table_of(scale)][1:]
    assert codes == ["I", "I.1", "I.2", "I.a", "II", "II.1", "II.2", "T", "T.1"]


@in_scene(drafted_scale)
def test_a_title_cannot_break_the_table(scale: Scale) -> None:
    Criterion.objects.filter(scale=scale, code="I.2").update(title="Quy hoạch | hạ tầng")

    row = list(text.table_of(Scale.objects.get(pk=scale.pk)))[3]
    assert row.startswith("| I.2 | Quy hoạch / hạ tầng | 4 |")


def test_a_kind_without_words_of_its_own_gets_none_of_another() -> None:
    with pytest.raises(TypeError, match="object"):
        text.rule_in_words(object())  # type: ignore[arg-type]
