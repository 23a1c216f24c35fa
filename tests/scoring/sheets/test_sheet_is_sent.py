"""Who gets a submitted sheet: the head, or the deputy for the head's own sheet."""

from typing import Any

import pytest

from members.models import User
from scoring.models import Sheet
from tests.members.pages import as_user, as_user_just_now, page
from tests.scoring.scales import fill
from tests.scoring.years import Stage, open_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(open_stage)


def read(user: User, sheet: Sheet, name: str = "sheet") -> str:
    address = page(f"scoring:{name}", sheet.scoring.bloc_year, sheet.pk)
    return as_user(user).get(address).content.decode()


@pytest.mark.parametrize(
    ("board", "leader", "title", "follows"),
    [
        ("head", "an", "Khối phó", "Khối phó thẩm định phiếu."),
        ("board", "binh", "Khối trưởng", "Khối trưởng và Khối phó thẩm định phiếu."),
    ],
)
def test_the_pages_say_who_gets_the_sheet_and_appraises_it(
    stage: Stage, board: str, leader: str, title: str, follows: str
) -> None:
    who = getattr(stage.cast, leader)
    sheet = fill(stage.sheet(getattr(stage.cast, board)), actor=who)
    asked = read(who, sheet, "submit")

    assert f"Gửi {title}" in read(who, sheet)
    assert f"Gửi {title}" in asked
    assert f"<li> {follows}" in " ".join(asked.split())

    address = page("scoring:submit", stage.year, sheet.pk)
    sent: Any = as_user_just_now(who).post(address, follow=True)
    told = sent.content.decode()
    assert f"Đã gửi phiếu đến {title}." in told
    assert f"</i>Đã gửi {title}</span>" in told


def test_an_officer_whose_sheet_is_complete_waits_for_a_leader(stage: Stage) -> None:
    waits = "Chờ lãnh đạo ban duyệt và gửi."
    cast, sheet = stage.cast, stage.sheet(stage.cast.board)
    early = read(cast.em, sheet)
    fill(sheet, actor=cast.em)

    assert "Đang tự chấm" in early
    assert [waits in one for one in (early, read(cast.em, sheet), read(cast.binh, sheet))] == [
        False,
        True,
        False,
    ]
