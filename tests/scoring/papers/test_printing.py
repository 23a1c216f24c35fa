"""The papers of scoring: content, permissions, and that a final paper never changes."""

import datetime as dt
import subprocess
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from django.utils.translation import override

from covenants.signing import verification
from covenants.signing.findings import Verdict
from members.models import PaperOfRecord, Person
from members.records import codes
from scoring import visibility
from scoring.models import Line, Restriction, Scale, Scoring, Sheet
from scoring.models.appraisal import Column
from scoring.papers import printing, stored
from scoring.result import conference
from tests.members.pages import as_user, excel_rows, page
from tests.people import Cast, give_post, make_user
from tests.scoring.crowds import add_sheet, crowd, made_final, put
from tests.scoring.scales import line_of, opened_year, published_year, sheet_of, submitted
from tests.shared_scene import in_scene

pytestmark = in_scene(published_year)

ALL_BOARDS = ("summary_paper", "comparison_paper", "appraisal_minutes")


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page in reading order, single blanks."""
    command = ["pdftotext", "-layout", "-", "-"]
    text = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return [" ".join(one.split()) for one in text.split("\f")[:-1]]


def words_of(pdf: bytes) -> str:
    return " ".join(pages_of(pdf))


def printed_sheet(sheet: Sheet, user: Any) -> str:
    return words_of(stored.sheet_paper(sheet, visibility.visibility_of(user, sheet.scoring)))


def get(user: Any, scoring: Scoring, name: str, *args: Any, **query: str) -> Any:
    return as_user(user).get(page(f"scoring:{name}", scoring.bloc_year, *args), query)


# --- What they print ------------------------------------------------------------------------------


def test_the_summary_prints_ranks_groups_totals_and_ties(published: Scoring) -> None:
    words = words_of(stored.summary_paper(published))

    for part in (
        "BẢNG TỔNG HỢP ĐIỂM THI ĐUA",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "9,40 4,00 0,00 13,40 Xuất sắc",
        "đồng hạng",
        "KHỐI TRƯỞNG",
        "Nguyễn Văn An",
        "BẢN CHƯA CHỐT",
        "Khi bằng điểm, xét lần lượt: điểm nhóm I, ít điểm trừ hơn, bỏ phiếu.",
    ):
        assert part in words


def test_the_summary_prints_totals_alone_where_the_scale_opens_no_more(
    published: Scoring,
) -> None:
    Scale.objects.filter(pk=published.scale_id).update(openness="totals")
    words = words_of(stored.summary_paper(published))

    assert ("9,40" in words, "13,40" in words) == (False, True)


def test_papers_are_vietnamese_whoever_prints_them(cast: Cast, published: Scoring) -> None:
    with override("en"):
        summary = printing.summary(published)
        sheet = printing.sheet(
            sheet_of(published, cast.board), visibility.visibility_of(cast.binh, published)
        )
    assert (summary, sheet) == (
        printing.summary(published),
        printing.sheet(
            sheet_of(published, cast.board), visibility.visibility_of(cast.binh, published)
        ),
    )
    assert "Thực hiện 90 / kế hoạch 100" in words_of(sheet)


def test_the_sheet_prints_every_column_and_how_the_points_came_about(
    cast: Cast, published: Scoring
) -> None:
    words = printed_sheet(sheet_of(published, cast.board), cast.binh)

    for part in (
        "PHIẾU CHẤM ĐIỂM THI ĐUA",
        "Giải trình, lý do",
        "Ban Quản lý Khu kinh tế tỉnh Bình Định",
        "5,40 5,40",
        "Theo báo cáo.",
        "Trần Thanh Bình, Trưởng ban",
        "hạng 1/2",
    ):
        assert part in words
    assert "Thống nhất" not in words


def test_a_final_sheet_prints_what_was_agreed(cast: Cast, published: Scoring) -> None:
    scoring = made_final(published, actor=cast.chi)
    words = printed_sheet(sheet_of(scoring, cast.board), cast.binh)

    assert "5,40 5,40 5,40" in words
    assert ("BẢN" in words, "Lập tự động từ kết quả đã chốt" in words) == (False, True)


@in_scene(opened_year)
def test_before_publication_a_board_prints_what_it_gave_itself(
    cast: Cast, scoring: Scoring
) -> None:
    sheet = submitted(sheet_of(scoring, cast.board), actor=cast.binh)
    sheet.scoring.bloc_year = cast.year
    put(line_of(sheet, "I.1"), 77, cast.an, Column.APPRAISED)
    words = printed_sheet(sheet, cast.binh)

    told = ("BẢN TẠM TÍNH", "Thực hiện 90", "Thẩm định", "Thực hiện 77")
    assert [one in words for one in told] == [True, True, False, False]


def test_the_sheet_compares_with_the_median_only_where_points_are_open(
    cast: Cast, published: Scoring
) -> None:
    sheet = sheet_of(published, cast.board)
    assert "SO VỚI TRUNG VỊ" in printed_sheet(sheet, cast.binh)

    Scale.objects.filter(pk=published.scale_id).update(openness="totals")
    closed = sheet_of(Scoring.objects.get(pk=published.pk), cast.board)
    assert "SO VỚI TRUNG VỊ" not in printed_sheet(closed, cast.binh)


def test_the_minutes_tell_what_was_changed_and_why(cast: Cast, published: Scoring) -> None:
    line = line_of(sheet_of(published, cast.board), "I.2")
    put(line, 2, cast.an, Column.APPRAISED)
    words = words_of(stored.appraisal_minutes(published))

    for part in (
        "BIÊN BẢN",
        "Thẩm định kết quả chấm điểm thi đua năm 2018",
        "13,40 11,40 −2,00",
        "4,00 2,00",
        "Người thẩm định:",
        "4. Nội dung đã trả lại đơn vị Không có.",
        "5. Kiến nghị sau khi công bố Không có.",
        "KHỐI PHÓ",
    ):
        assert part in words


def test_the_comparison_prints_points_and_then_the_heat_map(published: Scoring) -> None:
    first, *_others, last = pages_of(stored.comparison_paper(published))

    assert "I.1 Dự án mới so với kế hoạch 6,00 5,40 5,40" in first
    assert "PHỤ LỤC: MỨC ĐẠT THEO TIÊU CHÍ" in last
    assert "90 90" in last


def test_tables_break_over_pages_with_their_heads_and_no_signature_stands_alone(
    cast: Cast, published: Scoring
) -> None:
    crowd(published, 45, actor=cast.an)
    first, second, third = pages_of(stored.summary_paper(published))

    assert ["Hạng Đơn vị" in one for one in (first, second, third)] == [True, True, True]
    assert (second[:2], third[:2]) == ("2 ", "3 ")
    # The last rows of the table stand above the signature.
    assert third.index("Ban Quản lý") < third.index("KHỐI TRƯỞNG")


def test_the_comparison_of_twenty_boards_lies_on_its_side_and_fits(
    cast: Cast, published: Scoring
) -> None:
    crowd(published, 20, actor=cast.an)
    with pikepdf.open(BytesIO(stored.comparison_paper(published))) as paper:
        boxes = {tuple(round(float(edge)) for edge in one.trimbox) for one in paper.pages}
    assert boxes == {(0, 0, 842, 595)}


def test_a_hold_that_ended_after_the_result_was_final_stays_on_its_papers(
    cast: Cast, published: Scoring
) -> None:
    hold = conference.restrict(
        sheet_of(published, cast.board),
        kind=Restriction.Kind.AWARD_HOLD,
        reason="Chưa nộp quỹ",
        document="Thông báo 01",
        content=b"%PDF-1.7 sample",
        media_type="application/pdf",
        file_name="a.pdf",
        on=dt.date(2019, 1, 6),
        actor=cast.chi,
    )
    scoring = made_final(published, actor=cast.chi)
    Restriction.objects.filter(pk=hold.pk).update(
        resolved_on=dt.date(2099, 1, 1), resolution="Đã nộp"
    )

    assert "Chưa xét: Chưa nộp quỹ Thông báo 01." in words_of(stored.summary_paper(scoring))


# --- Printed once ---------------------------------------------------------------------------------


def test_a_final_paper_is_printed_once_and_served_for_ever(cast: Cast, published: Scoring) -> None:
    scoring = made_final(published, actor=cast.chi)
    sheet = sheet_of(scoring, cast.board)
    first = {name: get(cast.binh, scoring, name).content for name in ALL_BOARDS}
    first["sheet_paper"] = get(cast.binh, scoring, "sheet_paper", sheet.pk).content

    Person.objects.filter(pk=cast.an.person.pk).update(full_name="Tên Khác")
    Line.objects.filter(sheet=sheet).update(explanation="Sửa sau")
    again = {name: get(cast.chi, scoring, name).content for name in ALL_BOARDS}
    again["sheet_paper"] = get(cast.chi, scoring, "sheet_paper", sheet.pk).content

    assert again == first
    assert sorted(PaperOfRecord.objects.values_list("sort", flat=True)) == [
        "covenants.minutes",
        "scoring.comparison",
        "scoring.minutes",
        "scoring.sheet",
        "scoring.summary",
    ]


def test_before_it_is_final_nothing_is_kept(cast: Cast, published: Scoring) -> None:
    for name in ALL_BOARDS:
        assert get(cast.binh, published, name).content[:5] == b"%PDF-"
    assert PaperOfRecord.objects.filter(sort__startswith="scoring").count() == 0


def test_a_final_paper_is_recognised_as_the_portals_own(cast: Cast, published: Scoring) -> None:
    content = stored.summary_paper(made_final(published, actor=cast.chi))

    finding = verification.check_file(content)

    record = PaperOfRecord.objects.get(sort="scoring.summary")
    assert (finding.verdict, finding.record) == (Verdict.RECORD, record)
    assert record.title == "Bảng tổng hợp điểm thi đua năm 2018"
    assert verification.check_file(content + b"x").verdict == Verdict.CHANGED
    assert words_of(content).count(codes.grouped(record.code)) == len(pages_of(content))


# --- For whom -------------------------------------------------------------------------------------


def third_leader(cast: Cast, scoring: Scoring) -> Any:
    leader = make_user("giang", full_name="Hà Giang")
    give_post(leader, "leader", board=add_sheet(scoring, 3, cast.an).membership.board)
    return leader


@pytest.mark.parametrize(
    ("openness", "found"),
    [
        ("totals", [404, 200, 403, 403]),
        ("points", [403, 200, 200, 403]),
        ("all", [200, 200, 200, 200]),
    ],
)
def test_a_member_gets_the_papers_that_the_scale_opens(
    cast: Cast, published: Scoring, openness: str, found: list[int]
) -> None:
    leader = third_leader(cast, published)
    Scale.objects.filter(pk=published.scale_id).update(openness=openness)
    sheet = sheet_of(published, cast.board)

    assert [
        get(leader, published, "sheet_paper", sheet.pk).status_code,
        *(get(leader, published, name).status_code for name in ALL_BOARDS),
    ] == found


@in_scene(opened_year)
def test_before_publication_only_the_own_sheet_is_a_members_to_print(
    cast: Cast, scoring: Scoring
) -> None:
    own, other = sheet_of(scoring, cast.board), sheet_of(scoring, cast.head)

    assert [get(cast.binh, scoring, "sheet_paper", one.pk).status_code for one in (own, other)] == [
        200,
        404,
    ]
    assert {get(cast.binh, scoring, name).status_code for name in ALL_BOARDS} == {403}


def test_a_paper_is_a_file_with_a_telling_name(cast: Cast, published: Scoring) -> None:
    response = get(cast.khach, published, "summary_paper")

    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        'attachment; filename="bang-tong-hop-2018-tay-nguyen.pdf"'
    )


def test_the_appraisal_goes_to_excel(cast: Cast, published: Scoring) -> None:
    put(line_of(sheet_of(published, cast.board), "I.2"), 2, cast.an, Column.APPRAISED)
    rows = excel_rows(get(cast.chi, published, "appraisal_minutes", xuat="excel").content)

    assert [row[:5] for row in rows[1:]] == [
        ["BQL KKT Bình Định", "I.2", "Quy hoạch đúng tiến độ", 4, 2]
    ]
