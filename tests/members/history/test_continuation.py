"""Only the bloc's decision passes a membership to another board."""

import datetime as dt
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from emulation_bloc.lib.refusal import Refusal
from members import mergers
from members.history import continuation
from members.history.changes import Change, Move
from members.history.continuation import AlreadyDecided
from members.models import AuditEntry, BlocYear, Board, Continuation, Succession
from members.models.blocs import Role
from members.models.people import PostKind
from members.obligations import obligations
from members.records.due_dates import concerns, is_for
from tests.members.pages import traces
from tests.mergers import NEW, consolidation, fresh_year, go_on, merge, with_everybody
from tests.people import Cast, fresh, join, make_board, make_leader


@pytest.fixture
def merged(cast: Cast) -> Succession:
    """BDI and GLA became TSN; Bình leads it, GLA's leader ended."""
    other = make_board("GLA", province="Gia Lai")
    join(cast.year, other)
    make_leader(other, "giang")
    change = with_everybody(consolidation(cast.board, other), except_of=other)
    return merge(cast.year, change, actor=cast.chi)


def new() -> Board:
    return Board.objects.get(code="TSN")


def test_recording_a_merger_passes_nothing_on(cast: Cast, merged: Succession) -> None:
    year = fresh_year(cast.year)
    assert set(year.roles.values()) == {Role.HEAD, Role.MEMBER}
    assert new().pk not in year.roles
    assert [one.carried_on_by for one in year.memberships.all()] == [None, None, None]


def test_the_decision_lets_the_new_board_act_for_both(cast: Cast, merged: Succession) -> None:
    go_on(cast.year, merged, actor=cast.chi)

    year = fresh_year(cast.year)
    assert year.roles == {cast.head.pk: Role.HEAD, new().pk: Role.MEMBER}
    acting = {one.board.code: one.acting_board.code for one in year.memberships.all()}
    assert acting == {"DLK": "DLK", "BDI": "TSN", "GLA": "TSN"}
    assert fresh(cast.binh).has_perm("members.be_secretariat", year) is False


def test_names_of_the_year_stay(cast: Cast, merged: Succession) -> None:
    go_on(cast.year, merged, actor=cast.chi)
    names = [one.name.short_name for one in fresh_year(cast.year).memberships.all()]
    assert names == ["BQL KKT Đắk Lắk", "BQL KKT Bình Định", "BQL KKT Gia Lai"]


def test_the_decision_is_recorded_with_its_paper(cast: Cast, merged: Succession) -> None:
    made = go_on(cast.year, merged, actor=cast.chi, treatment="not_ranked", note="Ghi chú")

    assert (made.treatment, made.document, made.note) == (
        "not_ranked",
        "Biên bản họp Khối số 02/BB-KTĐ",
        "Ghi chú",
    )
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.actor, entry.bloc) == ("members.carried_on", cast.chi, cast.bloc)
    assert set(entry.details["successors"].values()) == {"TSN"}


def test_who_carries_on_is_told_with_the_name_of_that_day(cast: Cast, merged: Succession) -> None:
    go_on(cast.year, merged, actor=cast.chi)
    new().names.create(
        since=dt.date(2026, 1, 1), name="Tên sau", short_name="Tên sau", province="Gia Lai"
    )
    carried = mergers.carried_on(fresh_year(cast.year))
    assert {one.name.short_name for one in carried.values()} == {"BQL các KKT Tây Sơn"}


def test_a_year_without_a_merger_has_nobody_carrying_on(cast: Cast) -> None:
    assert mergers.carried_on(cast.year) == {}


def test_the_stronger_role_wins(cast: Cast) -> None:
    """The head and a member become one board: it is the head, and its officers the secretariat."""
    change = with_everybody(consolidation(cast.head, cast.board), except_of=cast.board)
    made = merge(cast.year, change, actor=cast.chi)
    go_on(cast.year, made, actor=fresh(cast.chi))

    year = fresh_year(cast.year)
    assert year.roles == {new().pk: Role.HEAD}
    assert fresh(cast.chi).has_perm("members.be_secretariat", year)
    assert not fresh(cast.binh).has_perm("members.be_secretariat", year)


def test_the_successor_of_the_head_may_record_the_decision_and_nothing_else(cast: Cast) -> None:
    change = with_everybody(consolidation(cast.head, cast.board), except_of=cast.board)
    merge(cast.year, change, actor=cast.chi)

    chi, year = fresh(cast.chi), fresh_year(cast.year)
    assert chi.has_perm("members.decide_continuation", year)
    assert not chi.has_perm("members.be_secretariat", year)
    assert not chi.has_perm("members.manage_year", year)
    [due] = obligations(year)
    assert is_for(due, chi, year)
    assert not concerns(due, fresh(cast.binh), year)


def test_a_second_merger_of_the_year_passes_everything_on_again(
    cast: Cast, merged: Succession
) -> None:
    go_on(cast.year, merged, actor=cast.chi)
    year = fresh_year(cast.year)
    change = Change(
        Succession.Kind.ABSORPTION,
        "Quyết định sau",
        dt.date(2025, 10, 1),
        (new(),),
        (cast.head,),
    )
    moves = tuple(
        Move(post, "DLK", PostKind.OFFICER, "Chuyên viên") for post in new().posts.current()
    )
    again = merge(year, replace(change, moves=moves), actor=cast.chi)
    go_on(cast.year, again, actor=cast.chi)

    assert fresh_year(cast.year).roles == {cast.head.pk: Role.HEAD}


def test_in_a_split_each_place_goes_where_it_was_chosen(cast: Cast) -> None:
    parts = (replace(NEW, code="MOT"), replace(NEW, code="HAI"))
    change = with_everybody(
        Change(Succession.Kind.SPLIT, "QĐ", dt.date(2025, 7, 1), (cast.board,), founded=parts)
    )
    made = merge(cast.year, change, actor=cast.chi)
    membership = cast.year.memberships.get(board=cast.board)
    two = Board.objects.get(code="HAI")
    go_on(cast.year, made, actor=cast.chi, successors={membership.pk: two})

    assert fresh_year(cast.year).roles == {cast.head.pk: Role.HEAD, two.pk: Role.MEMBER}


def test_after_a_dissolution_nobody_acts(cast: Cast) -> None:
    change = Change(Succession.Kind.DISSOLUTION, "QĐ", dt.date(2025, 7, 1), (cast.board,))
    made = merge(cast.year, with_everybody(change), actor=cast.chi)
    go_on(cast.year, made, actor=cast.chi, treatment="close_at_date")

    assert Continuation.objects.get().treatment == "close_at_date"
    assert obligations(fresh_year(cast.year)) == []


# --- The obligation -----------------------------------------------------------------------------


def test_the_decision_is_due_from_the_secretariat_until_it_is_made(
    cast: Cast, merged: Succession
) -> None:
    [due] = obligations(fresh_year(cast.year))
    assert due.title == (
        "Quyết định của Khối về việc tiếp tục năm khi không còn BQL KKT Bình Định, BQL KKT Gia Lai"
    )
    assert is_for(due, fresh(cast.chi), cast.year)
    go_on(cast.year, merged, actor=cast.chi)
    assert obligations(fresh_year(cast.year)) == []


def test_nothing_is_due_in_a_closed_year(cast: Cast, merged: Succession) -> None:
    BlocYear.objects.update(closed_on=dt.date(2025, 8, 1))
    assert obligations(fresh_year(cast.year)) == []


def test_nothing_is_due_before_the_day(cast: Cast) -> None:
    change = consolidation(
        cast.board, cast.head, effective_on=timezone.localdate() + dt.timedelta(days=9)
    )
    made = merge(cast.year, with_everybody(change, except_of=cast.board), actor=cast.chi)
    assert obligations(fresh_year(cast.year)) == []
    with pytest.raises(Refusal):
        go_on(cast.year, made, actor=cast.chi)


# --- What is refused ----------------------------------------------------------------------------


def refused(cast: Cast, merged: Succession, error: type[Exception] = Refusal, **values: object):
    before = traces(), fresh_year(cast.year).roles
    with pytest.raises(error) as caught:
        go_on(cast.year, merged, **{"actor": cast.chi, **values})  # type: ignore[arg-type]
    assert (traces(), fresh_year(cast.year).roles) == before
    return str(caught.value)


@pytest.mark.parametrize("who", ["binh", "dung", "hoa", "khach", "ngoai"])
def test_nobody_but_the_secretariat_decides(cast: Cast, merged: Succession, who: str) -> None:
    refused(cast, merged, PermissionDenied, actor=fresh(getattr(cast, who)))


def test_a_closed_year_goes_on_no_more(cast: Cast, merged: Succession) -> None:
    BlocYear.objects.update(closed_on=dt.date(2025, 8, 1))
    refused(cast, merged, PermissionDenied)


def test_the_bloc_decides_once(cast: Cast, merged: Succession) -> None:
    go_on(cast.year, merged, actor=cast.chi)
    refused(cast, merged, AlreadyDecided)


def test_a_decision_needs_its_paper_its_day_and_its_way(cast: Cast, merged: Succession) -> None:
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    assert refused(cast, merged, document=" ") == "Ghi văn bản mà khối đã quyết định."
    assert refused(cast, merged, treatment="else") == "Chọn cách năm tiếp tục."
    assert "chưa tới" in refused(cast, merged, decided_on=tomorrow)


def test_only_a_board_that_came_out_carries_on(cast: Cast, merged: Succession) -> None:
    left = continuation.preview(fresh_year(cast.year), merged)
    wrong = {one.membership.pk: cast.head for one in left}
    refused(cast, merged, successors=wrong)
    refused(cast, merged, successors={})


def test_nothing_adds_up_after_a_dissolution(cast: Cast) -> None:
    change = Change(Succession.Kind.DISSOLUTION, "QĐ", dt.date(2025, 7, 1), (cast.board,))
    made = merge(cast.year, with_everybody(change), actor=cast.chi)
    refused(cast, made, treatment="sum_targets")


def test_a_change_that_left_no_place_needs_no_decision(cast: Cast) -> None:
    change = Change(
        Succession.Kind.SCOPE_TRANSFER, "QĐ", dt.date(2025, 7, 1), (cast.board,), (cast.head,)
    )
    made = merge(cast.year, change, actor=cast.chi)
    refused(cast, made)
