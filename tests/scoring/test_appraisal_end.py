"""The end of an appraisal: a sheet concluded, and its appraisal taken up again."""

import pytest

from members.models import AuditEntry
from scoring import appraisal
from scoring.moves import ReasonMissing
from tests.covenants.traces import acts, nothing_changes
from tests.kept import in_scene
from tests.scoring.years import Stage, cross_scored, figures_given, submitted_stage

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
