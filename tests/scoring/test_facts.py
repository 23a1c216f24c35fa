"""What the portal knows by itself: signatures and targets of the sealed covenant."""

import datetime as dt
from decimal import Decimal

import pytest

from covenants.models import Paper, Target
from scoring import facts
from tests.people import Cast, enrol, fresh, seal_covenant, sign


def values(cast: Cast, code: str) -> dict[str, int]:
    read = facts.known(cast.year, {code})[code]
    boards = dict(cast.year.memberships.values_list("pk", "board__code"))
    return {boards[pk]: int(one.value) for pk, one in read.items()}


def test_before_the_covenant_is_sealed_nothing_is_known(cast: Cast) -> None:
    assert values(cast, "covenant_late") == values(cast, "targets_missing") == {}


def test_a_record_that_no_app_keeps_is_not_answered(cast: Cast) -> None:
    assert facts.known(cast.year, {"dues_paid"}) == {}


def test_a_board_that_signed_by_its_day_is_on_time_and_the_other_one_is_late(cast: Cast) -> None:
    covenant = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(covenant, cast.head, actor=cast.an)

    assert values(cast, "covenant_late") == {"DLK": 0, "BDI": 1}
    assert values(cast, "covenant_on_time") == {"DLK": 1, "BDI": 0}
    assert facts.not_signed(cast.year) == {cast.year.memberships.get(board=cast.board).pk}


def test_a_signature_after_the_day_is_late_and_says_when(cast: Cast) -> None:
    covenant = seal_covenant(cast.year, actor=cast.chi)
    Paper.objects.filter(pk=covenant.pk).update(sign_by=dt.date(2019, 5, 4))
    enrol(cast.an)
    sign(covenant, cast.head, actor=fresh(cast.an))

    known = facts.known(cast.year, {"covenant_late"})["covenant_late"]
    head = known[cast.year.memberships.get(board=cast.head).pk]
    assert head.value == Decimal(1)
    assert head.words.startswith("Đã ký giao ước ngày ")
    assert head.page == "/k/tay-nguyen/2019/giao-uoc/"


def test_targets_are_counted_against_the_columns_of_the_annex(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    Target.objects.filter(membership__board=cast.board).delete()

    assert values(cast, "targets_registered") == {"DLK": 1, "BDI": 0}
    assert values(cast, "targets_missing") == {"DLK": 0, "BDI": 1}


@pytest.mark.parametrize("code", sorted(facts.SOURCES))
def test_each_record_is_read_with_the_same_queries_for_any_number_of_boards(
    cast: Cast, code: str, django_assert_max_num_queries: object
) -> None:
    seal_covenant(cast.year, actor=cast.chi)

    with django_assert_max_num_queries(4):  # type: ignore[operator]
        facts.known(cast.year, {code})
