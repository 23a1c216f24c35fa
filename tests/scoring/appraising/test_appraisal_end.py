"""Concluding an appraisal, reopening it, and recalling returned lines."""

import pytest
from django.utils import timezone

from members.models import AuditEntry, OutboxMessage
from members.records.acts import ReasonMissing
from scoring.appraising import appraisal
from tests.covenants.traces import acts, nothing_changes
from tests.scoring.years import DAY, Stage, cross_scored, figures_given, submitted_stage
from tests.shared_scene import in_scene

pytestmark = in_scene(submitted_stage)


def test_a_sheet_is_concluded_once_every_line_has_its_figure(stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    appraisal.conclude(stage.sheet(stage.third), actor=stage.cast.binh)
    sheet = stage.sheet(stage.third)
    assert (sheet.state, sheet.appraised_at is not None) == ("appraised", True)
    assert acts()[-1] == "scoring.concluded"


def test_a_line_that_nobody_gave_its_plan_is_named(stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    lines = stage.sheet(stage.third).lines
    lines.filter(criterion__code__in=["I.1", "T.1"]).update(plan=None)
    with nothing_changes(), pytest.raises(appraisal.NotAppraised) as told:
        appraisal.conclude(stage.sheet(stage.third), actor=stage.cast.chi)
    assert str(told.value) == "Chưa có kế hoạch: I.1."


def test_the_appraisal_is_taken_up_again_with_a_reason(stage: Stage) -> None:
    cross_scored(stage)
    figures_given(stage, stage.third, stage.cast.chi)
    appraisal.conclude(stage.sheet(stage.third), actor=stage.cast.chi)
    with nothing_changes(), pytest.raises(ReasonMissing):
        appraisal.reopen(stage.sheet(stage.third), reason=" ", actor=stage.cast.chi)
    appraisal.reopen(stage.sheet(stage.third), reason="Sót công văn", actor=stage.cast.chi)
    assert stage.sheet(stage.third).state == "submitted"
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.reason) == ("scoring.reopened", "Sót công văn")


def test_a_return_that_nobody_answers_is_taken_back_with_a_reason(stage: Stage) -> None:
    """The sheet goes on with what is on record, and can be sent back once more."""
    chi = stage.cast.chi
    send_back(stage)
    stage.sheet(stage.third).lines.filter(criterion__code="I.1").update(actual=1)
    with nothing_changes(), pytest.raises(ReasonMissing):
        appraisal.recall(stage.sheet(stage.third), reason=" ", actor=chi)

    appraisal.recall(stage.sheet(stage.third), reason="Quá hạn giải trình", actor=chi)

    sheet = stage.sheet(stage.third)
    assert (sheet.state, sheet.reply_by) == ("submitted", None)
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.reason) == ("scoring.recalled", "Quá hạn giải trình")
    cross_scored(stage)
    figures_given(stage, stage.third, chi)
    standing = stage.line(stage.third, "I.1").figures.last()
    assert (standing.column, standing.fact) == ("appraised", 90)
    send_back(stage)
    assert stage.line(stage.third, "I.1").returns.count() == 2
    assert OutboxMessage.objects.filter(key__startswith="scoring.returned:").count() == 2


def send_back(stage: Stage) -> None:
    line = stage.line(stage.third, "I.1")
    day = timezone.localdate() + DAY
    appraisal.return_lines(
        line.sheet, reasons={line.pk: "Thiếu báo cáo"}, reply_by=day, actor=stage.cast.chi
    )
