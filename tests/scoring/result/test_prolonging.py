"""Postponing the last day for sheets or for objections, with a reason."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.models import AuditEntry
from members.records.acts import NotNow, ReasonMissing
from scoring.models import Scoring
from scoring.result import publication
from tests.covenants.pages import as_
from tests.covenants.traces import nothing_changes
from tests.scoring.appraising.test_appraisal_pages import url
from tests.scoring.years import DAY, Stage, agreed_stage, open_stage, published_stage
from tests.shared_scene import in_scene


def prolong(stage: Stage, until: dt.date, reason: str = " Mưa lũ ") -> Scoring:
    publication.prolong(stage.again(), until=until, reason=reason, actor=stage.cast.chi)
    return stage.again()


@in_scene(open_stage)
def test_the_day_for_sheets_is_put_off_with_a_reason(stage: Stage) -> None:
    today = timezone.localdate()
    with nothing_changes(), pytest.raises(ReasonMissing):
        prolong(stage, today, " ")
    with nothing_changes(), pytest.raises(NotNow):
        prolong(stage, today - DAY)
    with nothing_changes(), pytest.raises(PermissionDenied):
        publication.prolong(stage.scoring, until=today, reason="x", actor=stage.cast.binh)

    assert prolong(stage, today).self_until == today
    last = AuditEntry.objects.latest("number")
    assert (last.act, last.reason, last.details) == (
        "scoring.prolonged",
        "Mưa lũ",
        {"day": "self_until", "before": "2019-11-30", "after": today.isoformat()},
    )


@in_scene(published_stage)
def test_once_published_the_last_day_of_objections_moves_and_never_back(stage: Stage) -> None:
    until, due = stage.scoring.objections_until, stage.scoring.self_until
    assert until is not None
    for day in (until, until - DAY):
        with nothing_changes(), pytest.raises(NotNow):
            prolong(stage, day)
    now = prolong(stage, until + DAY)
    assert (now.objections_until, now.self_until) == (until + DAY, due)


@in_scene(agreed_stage)
def test_after_the_conference_no_day_is_left_to_put_off(stage: Stage) -> None:
    with nothing_changes(), pytest.raises(NotNow):
        prolong(stage, timezone.localdate() + 30 * DAY)


@in_scene(open_stage)
def test_the_page_puts_the_day_off_or_says_why_not(stage: Stage) -> None:
    client, today = as_(stage.cast.chi), timezone.localdate()
    assert url("prolong") in client.get(url("appraisal")).content.decode()

    def answered(day: dt.date, reason: str) -> int:
        return client.post(
            url("prolong"), {"until": f"{day:%d/%m/%Y}", "reason": reason}
        ).status_code

    with nothing_changes():
        assert [answered(today, " "), answered(today - DAY, "x")] == [422, 409]
    assert answered(today, "Mưa lũ") == 302
    assert stage.again().self_until == today


@in_scene(published_stage)
def test_who_may_finds_it_beside_the_objections(stage: Stage) -> None:
    shown = [
        url("prolong") in as_(user).get(url("objections")).content.decode()
        for user in (stage.cast.chi, stage.cast.binh, stage.giang)
    ]
    assert shown == [True, False, False]


@in_scene(agreed_stage)
def test_once_agreed_the_page_says_why_no_day_is_put_off(stage: Stage) -> None:
    client = as_(stage.cast.chi)
    assert url("prolong") not in client.get(url("objections")).content.decode()
    for response in (client.get(url("prolong")), client.post(url("prolong"), {"reason": "x"})):
        html = response.content.decode()
        assert response.status_code == 409
        assert "Kết quả đã được thống nhất: không còn thời hạn nào để gia hạn." in html
        assert ('name="until"' in html, f'href="{url("appraisal")}"' in html) == (False, True)
