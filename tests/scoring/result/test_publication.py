"""Publishing: what prevents it for each board, who is notified, taking it back."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from emulation_bloc.lib.refusal import Refusal
from members.models import OutboxMessage, User
from members.records import audit
from members.records.acts import NotNow, ReasonMissing
from scoring.appraising import appraisal
from scoring.models import Figure, Restriction, Result, Scoring, Sheet
from scoring.result import objections, publication, stored
from scoring.sheets.boards import board_sheets, compute_year
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, fresh, make_cast
from tests.scoring.scales import fill, published_year, submitted
from tests.scoring.years import (
    DAY,
    PDF,
    Stage,
    appraised_stage,
    cross_scored,
    figures_given,
    leave,
    open_stage,
    published_stage,
    submitted_stage,
)
from tests.shared_scene import in_scene


def publish(stage: Stage, actor: User | None = None, until: object = None) -> Result:
    return publication.publish(
        stage.again(),
        objections_until=until or timezone.localdate() + 7 * DAY,  # type: ignore[arg-type]
        actor=actor or stage.cast.chi,
    )


def blocking(stage: Stage) -> list[tuple[str, str]]:
    found = publication.blockers(board_sheets(stage.again()))
    return [(one.membership.name.short_name, one.what) for one in found]


@in_scene(open_stage)
def test_what_blocks_is_told_board_by_board(cast: Cast, stage: Stage) -> None:
    submitted(stage.sheet(cast.board), actor=cast.binh)
    submitted(stage.sheet(stage.third), actor=stage.giang)
    line = stage.line(stage.third, "I.1")
    appraisal.return_lines(line.sheet, reasons={line.pk: "x"}, reply_by=None, actor=cast.chi)

    assert blocking(stage) == [
        ("BQL KKT Đắk Lắk", "Phiếu chưa được gửi."),
        (
            "BQL KKT Bình Định",
            "Chưa thẩm định: I.1, I.2, II.1, II.2, III.1, III.2, III.3, III.4. "
            "Chưa có kế hoạch: III.4.",
        ),
        ("BQL KKT Gia Lai", "Các dòng trả lại còn chờ ban giải trình."),
    ]
    with nothing_changes(), pytest.raises(publication.StillBlocked) as told:
        publish(stage)
    assert str(told.value).startswith("BQL KKT Đắk Lắk: ")


@in_scene(submitted_stage)
def test_a_sheet_whose_appraisal_is_not_concluded_blocks(cast: Cast, stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, cast.chi)
    assert ("BQL KKT Gia Lai", "Chưa kết luận thẩm định.") in blocking(stage)


@in_scene(appraised_stage)
def test_a_plan_that_nobody_set_blocks_though_the_sheet_is_appraised(stage: Stage) -> None:
    assert blocking(stage) == []
    lines = stage.sheet(stage.third).lines.filter(criterion__code__in=["III.2", "III.4"])
    lines.update(plan=None)
    assert blocking(stage) == [("BQL KKT Gia Lai", "Chưa có kế hoạch: III.4.")]


@in_scene(submitted_stage)
def test_without_a_deputy_the_heads_sheet_waits_for_one(cast: Cast, stage: Stage) -> None:
    stage.year.memberships.filter(board=cast.board).update(role="member")
    name, what = blocking(stage)[0]
    assert (name, what.startswith("Chưa có người thẩm định phiếu này")) == ("BQL KKT Đắk Lắk", True)


@in_scene(appraised_stage)
def test_a_board_that_left_or_is_not_considered_blocks_nothing(cast: Cast, stage: Stage) -> None:
    for board in (cast.board, stage.third):
        Sheet.objects.filter(pk=stage.sheet(board).pk).update(state="filling", round=0)
    assert len(blocking(stage)) == 2

    leave(stage, stage.third)
    disqualify(stage)

    assert blocking(stage) == []
    publish(stage)
    year = compute_year(stage.again(), "appraised")
    assert [one.rank for one in year.boards] == [1, None, None]


def disqualify(stage: Stage) -> None:
    from scoring.result import conference

    conference.restrict(
        stage.sheet(stage.cast.board),
        kind=Restriction.Kind.DISQUALIFICATION,
        reason="Vi phạm",
        document="Quyết định 1",
        content=PDF,
        media_type="application/pdf",
        file_name="qd.pdf",
        on=timezone.localdate(),
        actor=stage.cast.chi,
    )


@in_scene(appraised_stage)
def test_the_scores_are_published_to_all_with_a_result_that_can_be_computed_again(
    stage: Stage,
) -> None:
    OutboxMessage.objects.all().delete()

    result = publish(stage)

    scoring = stage.again()
    assert (scoring.state, scoring.objections_until) == (
        "published",
        timezone.localdate() + 7 * DAY,
    )
    assert (result.occasion, list(stored.faults())) == ("publication", [])
    assert acts()[-1] == "scoring.published"
    told = OutboxMessage.objects.order_by("recipient").values_list("recipient", flat=True)
    names = ("an", "binh", "chi", "dung", "em", "giang", "hoa")
    assert list(told) == [f"{name}@example.vn" for name in names]


@in_scene(published_year)
@pytest.mark.parametrize("who", ["binh", "em", "hoa", "khach", "ngoai"])
def test_only_the_secretariat_publishes_and_takes_back(
    cast: Cast, scoring: Scoring, who: str
) -> None:
    actor = getattr(cast, who)
    with nothing_changes(), pytest.raises(PermissionDenied):
        publication.take_back(scoring, reason="x", actor=actor)
    publication.take_back(scoring, reason="x", actor=cast.chi)
    until = timezone.localdate()
    with nothing_changes(), pytest.raises(PermissionDenied):
        publication.publish(scoring, objections_until=until, actor=fresh(actor))


@in_scene(appraised_stage)
def test_objections_need_a_day_that_is_still_to_come(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        publish(stage, until=timezone.localdate() - DAY)


@in_scene(published_stage)
def test_a_publication_is_taken_back_with_a_reason_while_no_objection_waits(
    cast: Cast, stage: Stage
) -> None:
    with nothing_changes(), pytest.raises(ReasonMissing):
        publication.take_back(stage.scoring, reason=" ", actor=cast.chi)
    line = stage.line(stage.third, "I.1")
    made = objections.make_objection(
        line, membership=line.sheet.membership, text="Sai", actor=stage.giang
    )
    with nothing_changes(), pytest.raises(NotNow):
        publication.take_back(stage.scoring, reason="Thiếu", actor=cast.chi)

    objections.answer(made, remedy=None, text="Đúng", actor=cast.chi)
    publication.take_back(stage.scoring, reason="Thiếu", actor=cast.chi)

    made.refresh_from_db()
    assert (stage.again().state, made.answer) == ("open", "Đúng")


@in_scene(published_stage)
def test_after_it_was_taken_back_a_publication_is_told_anew(cast: Cast, stage: Stage) -> None:
    publication.take_back(stage.scoring, reason="Thiếu", actor=cast.chi)
    OutboxMessage.objects.all().delete()
    publish(stage)
    assert OutboxMessage.objects.count() == 7
    assert stage.scoring.results.count() == 2


# --- At once --------------------------------------------------------------------------------------


def at_once(*tries: object) -> list[str]:
    """Each in a thread and a connection of its own, all let go at the same moment."""
    start = Barrier(len(tries))

    def run(attempt: object) -> str:
        start.wait()
        try:
            attempt()  # type: ignore[operator]
            return "done"
        except (Refusal, PermissionDenied) as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tries)) as pool:
        return sorted(pool.map(run, tries))


@pytest.mark.django_db(transaction=True)
def test_of_two_appraisers_at_once_one_is_told_and_one_figure_stands() -> None:
    cast = make_cast()
    stage = submitted_stage(cast)
    line = stage.line(stage.third, "I.2")

    def set_by(user: User, fact: str) -> object:
        return lambda: appraisal.appraise(
            line, fact=Decimal(fact), reason="Chậm", actor=fresh(user)
        )

    said = at_once(set_by(cast.chi, "2"), set_by(cast.binh, "0"))

    assert said == ["Overtaken", "done"]
    assert Figure.objects.filter(line=line, column="appraised").count() == 1
    assert list(audit.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_a_sheet_is_either_published_or_taken_up_again() -> None:
    """Whoever is first: never a published year with a sheet that is being appraised."""
    cast = make_cast()
    stage = appraised_stage(cast)
    sheet = stage.sheet(stage.third)

    said = at_once(
        lambda: publish_fresh(stage, cast),
        lambda: appraisal.reopen(sheet, reason="Sót", actor=fresh(cast.chi)),
    )

    states = (Scoring.objects.get().state, Sheet.objects.get(pk=sheet.pk).state)
    assert (said, states) in (
        (["PermissionDenied", "done"], ("published", "appraised")),
        (["StillBlocked", "done"], ("open", "submitted")),
    )
    assert list(audit.faults()) == []


def publish_fresh(stage: Stage, cast: Cast) -> None:
    until = timezone.localdate() + DAY
    scoring = Scoring.objects.get(pk=stage.scoring.pk)
    publication.publish(scoring, objections_until=until, actor=fresh(cast.chi))


@pytest.mark.django_db(transaction=True)
def test_a_publication_and_a_sheet_that_is_submitted_meanwhile_do_not_miss_each_other() -> None:
    from scoring.sheets import submitting

    cast = make_cast()
    stage = appraised_stage(cast)
    sheet = stage.sheet(stage.third)
    Sheet.objects.filter(pk=sheet.pk).update(state="filling")
    fill(sheet, actor=stage.giang)

    said = at_once(
        lambda: publish_fresh(stage, cast),
        lambda: submitting.submit(Sheet.objects.get(pk=sheet.pk), actor=fresh(stage.giang)),
    )

    assert said == ["StillBlocked", "done"]
    assert (Scoring.objects.get().state, Sheet.objects.get(pk=sheet.pk).state) == (
        "open",
        "submitted",
    )
