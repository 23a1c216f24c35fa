"""The closing conference: agreeing, changing, finalising; ties; boards held back."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from emulation_bloc.lib.days import StillToCome
from members.models import AuditEntry, BlocYear, User
from members.models.people import PostKind
from members.records.acts import NotNow, ReasonMissing
from scoring.models import Figure, Restriction, Scale, Scoring, TiePlace, TieRuling
from scoring.result import conference, objections, stored, ties
from scoring.result.objection_remedies import Remedy
from scoring.sheets.boards import compute_year
from scoring.sheets.filling import NotAFigure
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh, give_post
from tests.scoring.years import (
    DAY,
    PDF,
    Stage,
    agreed_stage,
    end_of_objections,
    final_stage,
    published_stage,
)
from tests.shared_scene import in_scene, undone

OTHERS = ("binh", "em", "hoa", "khach", "ngoai")


def agree(stage: Stage, actor: User | None = None, **changed: Any) -> Any:
    usual = {"on": timezone.localdate(), "where": " Hội nghị tổng kết "}
    return conference.agree(stage.again(), **usual | changed, actor=actor or stage.cast.chi)


# --- Agreed ---------------------------------------------------------------------------------------


@in_scene(published_stage)
def test_the_conference_agrees_and_every_appraised_figure_becomes_the_agreed_one(
    stage: Stage,
) -> None:
    end_of_objections(stage)

    result = agree(stage)

    scoring = stage.again()
    assert (scoring.state, scoring.agreed_where) == ("agreed", "Hội nghị tổng kết")
    appraised = Figure.objects.filter(column="appraised").order_by("line", "pk")
    agreed = Figure.objects.filter(column="agreed").order_by("line")
    assert dict(appraised.values_list("line", "fact")) == dict(agreed.values_list("line", "fact"))
    assert (result.content["column"], list(stored.faults())) == ("agreed", [])
    assert acts()[-1] == "scoring.agreed"


@in_scene(published_stage)
def test_while_objections_are_taken_nothing_is_agreed(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        agree(stage)


@in_scene(published_stage)
def test_an_objection_without_its_answer_keeps_the_conference_waiting(stage: Stage) -> None:
    line = stage.line(stage.third, "I.2")
    objections.make_objection(line, membership=line.sheet.membership, text="Sai", actor=stage.giang)
    end_of_objections(stage)
    with nothing_changes(), pytest.raises(NotNow):
        agree(stage)


@in_scene(published_stage)
def test_the_conference_is_held_after_publication_and_objections(stage: Stage) -> None:
    today = timezone.localdate()
    published = timezone.now() - 5 * DAY
    for until, too_early in ((today - 2 * DAY, 2 * DAY), (today - 9 * DAY, 6 * DAY)):
        Scoring.objects.update(published_at=published, objections_until=until)
        with nothing_changes(), pytest.raises(ReasonMissing):
            agree(stage, on=today - too_early)
        with undone():
            agree(stage, on=today - too_early + DAY)
            assert stage.again().agreed_on == today - too_early + DAY


@in_scene(published_stage)
def test_the_conference_has_its_name_and_its_day(cast: Cast, stage: Stage) -> None:
    end_of_objections(stage)
    today = timezone.localdate()
    refused: list[tuple[dict[str, Any], type[Exception]]] = [
        ({"where": " "}, ReasonMissing),
        ({"on": today + DAY}, StillToCome),
        ({"on": today - DAY}, ReasonMissing),
    ]
    for changed, refusal in refused:
        with nothing_changes(), pytest.raises(refusal):
            agree(stage, **changed)
    for who in OTHERS:
        with nothing_changes(), pytest.raises(PermissionDenied):
            agree(stage, getattr(cast, who))


# --- Changed and final ----------------------------------------------------------------------------


def change(stage: Stage, actor: User | None = None, **changed: Any) -> Figure:
    usual = {"fact": Decimal(2), "reason": " Hội nghị kết luận "}
    line = stage.line(changed.pop("board", stage.third), changed.pop("code", "I.2"))
    return conference.change_agreed(line, **usual | changed, actor=actor or stage.cast.chi)


@in_scene(agreed_stage)
def test_what_the_conference_changed_follows_on_record_with_its_reason(stage: Stage) -> None:
    change(stage)
    figures = stage.line(stage.third, "I.2").figures.filter(column="agreed")
    assert [(one.fact, one.reason) for one in figures] == [
        (Decimal(4), ""),
        (Decimal(2), "Hội nghị kết luận"),
    ]
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.details) == ("scoring.agreed_changed", {"before": "4", "after": "2"})
    assert stage.scoring.results.count() == 3
    assert list(stored.faults()) == []


@in_scene(agreed_stage)
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"fact": Decimal(3)}, NotAFigure),
        ({"fact": Decimal(4)}, NotAFigure),
        ({"code": "T.1"}, NotNow),
    ],
)
def test_a_change_without_reason_or_sense_is_refused(
    stage: Stage, changed: dict[str, Any], refusal: Any
) -> None:
    with nothing_changes(), pytest.raises(refusal):
        change(stage, **changed)


@in_scene(agreed_stage)
def test_only_the_secretariat_changes_or_finalises(cast: Cast, stage: Stage) -> None:
    for who in OTHERS:
        actor = getattr(cast, who)
        with nothing_changes(), pytest.raises(PermissionDenied):
            change(stage, actor)
        with nothing_changes(), pytest.raises(PermissionDenied):
            conference.finalise(stage.scoring, actor=actor)


@in_scene(published_stage)
def test_before_the_conference_nothing_agreed_is_changed(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        change(stage)


@in_scene(final_stage)
def test_what_is_final_is_frozen(stage: Stage) -> None:
    assert (stage.scoring.state, stage.scoring.results.last().occasion) == ("final", "final")
    tries = (
        lambda: change(stage),
        lambda: restrict(stage),
        lambda: rule(stage),
        lambda: agree(stage),
    )
    for attempt in tries:
        with nothing_changes(), pytest.raises(NotNow):
            attempt()


# --- Beside the scores ----------------------------------------------------------------------------


def restrict(stage: Stage, actor: User | None = None, **changed: Any) -> Restriction:
    usual: dict[str, Any] = {
        "kind": "award_hold",
        "reason": "Chưa nộp quỹ",
        "document": "Thông báo số 3",
        "content": PDF,
        "media_type": "application/pdf",
        "file_name": "tb.pdf",
        "on": timezone.localdate() - DAY,
    }
    sheet = stage.sheet(changed.pop("board", stage.third))
    return conference.restrict(sheet, **usual | changed, actor=actor or stage.cast.chi)


def ranks(stage: Stage) -> list[int | None]:
    year = compute_year(stage.again(), "appraised")
    members = stage.year.memberships.order_by("order")
    return [year.of_board(member.pk).rank for member in members]


@in_scene(published_stage)
def test_who_is_not_considered_keeps_the_score_and_loses_the_rank(stage: Stage) -> None:
    before = compute_year(stage.scoring, "appraised")
    membership = stage.sheet(stage.third).membership_id

    restrict(stage, kind="disqualification")

    after = compute_year(stage.again(), "appraised").of_board(membership)
    assert (after.total, after.rank) == (before.of_board(membership).total, None)
    assert acts()[-1] == "scoring.restricted"


@in_scene(published_stage)
def test_an_award_held_back_leaves_score_and_rank_and_is_resolved(cast: Cast, stage: Stage) -> None:
    before = ranks(stage)
    hold = restrict(stage)
    assert ranks(stage) == before

    conference.resolve_hold(
        hold, on=timezone.localdate(), resolution=" Đã nộp đủ ", actor=stage.cast.chi
    )

    hold.refresh_from_db()
    assert (hold.resolution, hold.is_in_force) == ("Đã nộp đủ", False)
    with nothing_changes(), pytest.raises(NotNow):
        conference.resolve_hold(hold, on=timezone.localdate(), resolution="x", actor=cast.chi)


@in_scene(agreed_stage)
def test_a_hold_is_resolved_after_the_result_is_final_and_the_year_closed(
    cast: Cast, stage: Stage
) -> None:
    hold = restrict(stage)
    conference.finalise(stage.again(), actor=cast.chi)
    BlocYear.objects.filter(pk=stage.year.pk).update(closed_on=timezone.localdate())
    hold = Restriction.objects.get(pk=hold.pk)
    for who in OTHERS:
        with nothing_changes(), pytest.raises(PermissionDenied):
            conference.resolve_hold(
                hold, on=hold.decided_on, resolution="x", actor=getattr(cast, who)
            )
    conference.resolve_hold(hold, on=timezone.localdate(), resolution="Đã nộp", actor=cast.chi)
    assert (hold.sheet.scoring.bloc_year.is_closed, list(stored.faults())) == (True, [])


@in_scene(agreed_stage)
def test_nobody_changes_or_holds_back_the_own_board(cast: Cast, stage: Stage) -> None:
    give_post(cast.chi, PostKind.CASHIER, board=stage.third)
    chi = fresh(cast.chi)
    for actor, board in ((cast.an, cast.head), (chi, cast.head), (chi, stage.third)):
        with nothing_changes(), pytest.raises(PermissionDenied):
            change(stage, actor, board=board)
        with nothing_changes(), pytest.raises(PermissionDenied):
            restrict(stage, actor, board=board)


@in_scene(agreed_stage)
def test_the_deputy_decides_about_the_head(cast: Cast, stage: Stage) -> None:
    change(stage, cast.binh, board=cast.head)
    hold = restrict(stage, cast.binh, board=cast.head)
    end = {"on": timezone.localdate(), "resolution": "Đã nộp"}
    with nothing_changes(), pytest.raises(PermissionDenied):
        conference.resolve_hold(hold, **end, actor=cast.chi)
    conference.resolve_hold(hold, **end, actor=cast.binh)
    assert acts()[-3:] == [
        "scoring.agreed_changed",
        "scoring.restricted",
        "scoring.hold_resolved",
    ]


@in_scene(published_stage)
@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"reason": " "}, ReasonMissing),
        ({"document": " "}, ReasonMissing),
        ({"content": b""}, ReasonMissing),
        ({"on": dt.date(2100, 1, 1)}, StillToCome),
        ({"kind": "x"}, NotNow),
    ],
)
def test_nobody_is_held_back_without_reason_and_document(
    stage: Stage, changed: dict[str, Any], refusal: Any
) -> None:
    with nothing_changes(), pytest.raises(refusal):
        restrict(stage, **changed)


@in_scene(published_stage)
def test_only_the_secretariat_holds_back_resolves_and_rules(cast: Cast, stage: Stage) -> None:
    hold = restrict(stage)
    for who in OTHERS:
        actor = getattr(cast, who)
        with nothing_changes(), pytest.raises(PermissionDenied):
            restrict(stage, actor)
        with nothing_changes(), pytest.raises(PermissionDenied):
            conference.resolve_hold(hold, on=hold.decided_on, resolution="x", actor=actor)
        with nothing_changes(), pytest.raises(PermissionDenied):
            rule(stage, actor)


@in_scene(published_stage)
def test_a_disqualification_is_never_resolved_and_a_hold_not_before_it_began(
    cast: Cast, stage: Stage
) -> None:
    out, hold = restrict(stage, kind="disqualification"), restrict(stage)
    with nothing_changes(), pytest.raises(NotNow):
        conference.resolve_hold(out, on=timezone.localdate(), resolution="x", actor=cast.chi)
    today = timezone.localdate()
    refused: list[tuple[dt.date, str, type[Exception], str]] = [
        (hold.decided_on - DAY, "x", NotNow, "bắt đầu"),
        (today + DAY, "x", StillToCome, "từ ngày ban hành"),
        (today, " ", ReasonMissing, "Ghi kết quả giải quyết."),
    ]
    for on, said, refusal, sentence in refused:
        with nothing_changes(), pytest.raises(refusal, match=sentence):
            conference.resolve_hold(hold, on=on, resolution=said, actor=cast.chi)


def rule(stage: Stage, actor: User | None = None, **changed: Any) -> None:
    first, second, third = stage.scoring.sheets.order_by("membership__order")
    usual: dict[str, Any] = {
        "by": "ballot",
        "places": {first.pk: 2, second.pk: 3, third.pk: 1},
        "document": "Biên bản kiểm phiếu",
    }
    conference.rule_on_tie(stage.again(), **usual | changed, actor=actor or stage.cast.chi)


@in_scene(agreed_stage)
def test_a_ballot_puts_boards_of_equal_points_in_order(stage: Stage) -> None:
    assert ranks(stage) == [1, 1, 1]
    rule(stage)
    assert ranks(stage) == [2, 3, 1]
    assert TiePlace.objects.count() == 3
    assert acts()[-1] == "scoring.tie_ruled"
    assert list(stored.faults()) == []


@in_scene(agreed_stage)
def test_a_ruling_needs_its_minutes_and_a_place_of_its_own_for_each(stage: Stage) -> None:
    first, second, _third = stage.scoring.sheets.order_by("membership__order")
    with nothing_changes(), pytest.raises(ReasonMissing):
        rule(stage, document=" ")
    for changed in (
        {"places": {first.pk: 1, second.pk: 1}},
        {"places": {first.pk: 1, second.pk: 3}},
        {"places": {first.pk: 1}},
        {"places": {first.pk: 1, 0: 2}},
        {"by": "lottery"},
        # A step that the scale has not.
        {"by": "head"},
    ):
        with nothing_changes(), pytest.raises(NotNow):
            rule(stage, **changed)


@in_scene(agreed_stage)
def test_a_ruling_is_corrected_also_in_who_decided(stage: Stage) -> None:
    Scale.objects.update(tie_break=["head", "ballot"])
    rule(stage, by="head")
    first, second, third = stage.scoring.sheets.order_by("membership__order")

    rule(stage, places={first.pk: 1, second.pk: 2, third.pk: 3})

    assert ranks(stage) == [1, 2, 3]
    assert [one.by for one in TieRuling.objects.all()] == ["ballot"]
    assert len(ties.tied(stage.scoring, with_rulings=False)[0]) == 3
    assert ties.tied(stage.scoring) == []


@in_scene(published_stage)
def test_a_ruling_lapses_when_an_objection_changes_who_is_tied(stage: Stage) -> None:
    rule(stage)
    line = stage.line(stage.third, "I.2")
    made = objections.make_objection(
        line, membership=line.sheet.membership, text="Sai", actor=stage.giang
    )
    remedy = Remedy("figure", Decimal(2))
    assert objections.effect_of_remedy(line, remedy).rank == (1, 3)

    objections.answer(made, remedy=remedy, text="Đúng", actor=stage.cast.chi)

    assert ranks(stage) == [1, 1, 3]
    [ruling] = ties.rulings_of(stage.scoring)
    year = compute_year(stage.scoring, "appraised")
    assert (ties.applies(ruling, year), ties.lapsed([ruling], year)) == (False, [ruling])
    assert list(stored.faults()) == []
    with nothing_changes(), pytest.raises(NotNow):
        rule(stage)
    first, second, _third = stage.scoring.sheets.order_by("membership__order")
    rule(stage, places={first.pk: 2, second.pk: 1})
    assert (ranks(stage), TieRuling.objects.count()) == ([2, 1, 3], 1)
