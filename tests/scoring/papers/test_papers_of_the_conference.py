"""What the papers say of the conference: reasons, changed figures, rulings on ties."""

from decimal import Decimal

from members.models import User
from scoring.models import Scale
from scoring.papers import printing, stored
from scoring.result import conference, standings
from tests.members.pages import as_user, page
from tests.people import Cast
from tests.scoring.papers.test_printing import words_of
from tests.scoring.years import Stage, agreed_stage
from tests.shared_scene import in_scene


def changed_stage(cast: Cast) -> Stage:
    """The conference agreed to all figures but one, and a ballot told the tie apart."""
    stage = agreed_stage(cast)
    conference.change_agreed(
        stage.line(cast.board, "I.2"),
        fact=Decimal(2),
        reason="Quy hoạch chậm một quý",
        actor=cast.chi,
    )
    conference.rule_on_tie(
        stage.again(),
        by="ballot",
        places={stage.sheet(cast.head).pk: 2, stage.sheet(stage.third).pk: 1},
        document="Biên bản kiểm phiếu số 7",
        actor=cast.chi,
    )
    stage.again()
    return stage


def read(user: User, stage: Stage, name: str, *args: int) -> str:
    return as_user(user).get(page(f"scoring:{name}", stage.year, *args)).content.decode()


pytestmark = in_scene(changed_stage)


def test_the_sheet_keeps_the_reasons_of_the_appraisers_and_adds_that_of_the_conference(
    stage: Stage,
) -> None:
    held = standings.compute_standings(stage.scoring)
    lines = held.boards[stage.sheet(stage.cast.board).membership_id].lines
    notes = {line.criterion.code: printing.note_of(held, line) for line in lines}

    assert {code: note for code, note in notes.items() if note} == {
        "I.1": "Theo báo cáo.",
        "I.2": "Theo báo cáo. Hội nghị: Quy hoạch chậm một quý",
        "III.1": "Thẩm định: Theo dõi của Khối",
        "III.2": "Thẩm định: Công văn số 15/SNV-CCHC",
        "III.4": "Thẩm định: Theo dõi của Khối",
    }


def test_the_page_of_the_sheet_says_whose_reason_it_is(stage: Stage) -> None:
    words = read(stage.cast.binh, stage, "sheet", stage.sheet(stage.cast.board).pk)

    assert words.count("Thẩm định: Theo dõi của Khối") == 2
    assert words.count("Hội nghị: Quy hoạch chậm một quý") == 1


def test_the_page_of_the_sheet_computes_a_figure_where_it_is_set_otherwise(stage: Stage) -> None:
    words = read(stage.cast.binh, stage, "sheet", stage.sheet(stage.cast.board).pk)

    assert words.count("Số liệu thống nhất: ") == 1
    # The lines that the board gives no figure of.
    assert words.count("Số liệu thẩm định: ") == 4


def test_the_minutes_tell_what_the_conference_agreed_otherwise_and_what_was_ruled(
    stage: Stage,
) -> None:
    words = words_of(stored.appraisal_minutes(stage.scoring))

    assert "6. Số liệu Hội nghị thống nhất khác với thẩm định" in words
    assert words.count("Quy hoạch chậm một quý") == 1
    assert "Bỏ phiếu, theo Biên bản kiểm phiếu số 7: thứ 1 BQL KKT Gia Lai; thứ 2" in words


def test_the_summary_tells_of_the_conference_as_far_as_the_scale_opens_it(stage: Stage) -> None:
    title = "Số liệu Hội nghị thống nhất khác"
    told = {}
    for openness in ("all", "points", "totals"):
        Scale.objects.filter(pk=stage.scoring.scale_id).update(openness=openness)
        words = words_of(stored.summary_paper(stage.again()))
        assert "theo Biên bản kiểm phiếu số 7: thứ 1" in words
        told[openness] = (title in words, "Quy hoạch chậm một quý" in words)

    assert told == {"all": (True, True), "points": (True, False), "totals": (False, False)}
