"""Unpublished results cannot be read by others: no page, export, chart or search shows them."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import NoReverseMatch, reverse

from members.models import BlocYear, User
from scoring.addresses import address
from scoring.models import Evidence, Sheet
from tests.people import Cast
from tests.routes import in_year, names
from tests.scoring.scales import hand_in, line_of, open_year, sheet_of, submitted
from tests.scoring.years import Stage, open_stage
from tests.shared_scene import in_scene

SECRET = "Báo cáo chỉ để thẩm định"
# Its file, its explanation, the points of I.1.
OF_THE_SHEET = (f"{SECRET}.pdf", "Theo báo cáo.", "5,40")
NOWHERE = {403, 404, 405}


def as_(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def addresses(sheet: Sheet, evidence: Evidence, year: BlocYear) -> Iterator[str]:
    """Every page of scoring that takes a number, asked about the sheet under a year's address."""
    line = line_of(sheet, "I.1")
    numbers: list[dict[str, Any]] = [{}, {"line_pk": line.pk}, {"evidence_pk": evidence.pk}]
    for name in sorted(name for name in names() if name.startswith("scoring:")):
        for number in numbers:
            try:
                yield reverse(name, kwargs={**in_year(year), "pk": sheet.pk, **number})
            except NoReverseMatch:
                continue


def led_to(user: User, pages: list[str]) -> dict[tuple[str, str], int]:
    """The answers that say more than that there is nothing for the reader."""
    found = {
        (address, method): getattr(as_(user), method)(address).status_code
        for address in pages
        for method in ("get", "post")
    }
    return {key: status for key, status in found.items() if status not in NOWHERE}


def one_sheet_sent(cast: Cast) -> Stage:
    """The member board has sent its sheet; the third board still fills in its own."""
    stage = open_stage(cast)
    hand_in(stage.sheet(cast.board), "I.1", actor=cast.em, name=f"{SECRET}.pdf")
    submitted(stage.sheet(cast.board), actor=cast.binh)
    return stage


pytestmark = in_scene(one_sheet_sent)


def test_the_sheet_of_another_board_exists_by_no_address(stage: Stage) -> None:
    sheet = stage.sheet(stage.cast.board)
    evidence = sheet.evidence.get()
    pages = list(addresses(sheet, evidence, stage.year))

    assert len(pages) > 30
    assert led_to(stage.giang, pages) == {}
    assert as_(stage.cast.binh).get(address(stage.year, "evidence", sheet.pk, evidence.pk)).content


@pytest.mark.parametrize(
    "name", ["ranking", "comparison", "summary_paper", "comparison_paper", "appraisal_minutes"]
)
def test_what_compares_boards_is_closed(stage: Stage, name: str) -> None:
    for query in ("", "?xuat=xlsx"):
        assert as_(stage.giang).get(address(stage.year, name) + query).status_code in NOWHERE


def test_no_page_or_search_of_the_bloc_tells_of_it(stage: Stage) -> None:
    where = in_year(stage.year)
    pages = [
        address(stage.year, "index"),
        address(stage.year, "scale"),
        reverse("home", kwargs=where),
    ]
    pages += [f"{reverse('search', kwargs=where)}?q={word}" for word in (SECRET, "Theo báo cáo")]

    answers = {address: as_(stage.giang).get(address) for address in pages}

    assert {one.status_code for one in answers.values()} == {200}
    told = "".join(one.content.decode() for one in answers.values())
    assert [words for words in OF_THE_SHEET if words in told] == []


def test_its_own_board_reads_it_all(stage: Stage) -> None:
    sheet = stage.sheet(stage.cast.board)
    own = as_(stage.cast.em).get(address(stage.year, "sheet", sheet.pk)).content.decode()
    assert [words for words in OF_THE_SHEET if words not in own] == []


def test_a_sheet_of_a_foreign_bloc_exists_under_no_address(cast: Cast) -> None:
    """Asked under the own bloc's address by its secretary and by a leader, and under its own."""
    theirs = open_year(cast.foreign_year, actor=cast.ngoai, leader=cast.ngoai)
    sheet = sheet_of(theirs, cast.foreign_board)
    evidence = hand_in(sheet, "I.1", actor=cast.ngoai, name=f"{SECRET}.pdf")
    ours = open_year(cast.year, actor=cast.chi, leader=cast.an)
    here = list(addresses(sheet, evidence, ours.bloc_year))
    there = list(addresses(sheet, evidence, cast.foreign_year))

    assert led_to(cast.chi, [*here, *there]) == {}
    assert led_to(cast.binh, [*here, *there]) == {}
