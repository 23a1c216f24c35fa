"""The Django admin in a real browser, checked like every other page."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from members.models import Continuation, PaperOfRecord
from members.records import files
from scoring.models import CrossDuty, Evidence, Line, Objection, Restriction, Return
from tests.e2e.test_every_page import faults_of_pages, findings, log_in
from tests.people import Cast
from tests.routes import Scene, make_scene

pytestmark = pytest.mark.e2e


@pytest.fixture
def scene(live_server: Any, cast: Cast) -> Scene:
    """A scene in which there is one of everything that the administration shows."""
    scene = make_scene(cast)
    Authenticator.objects.create(user=cast.binh, type="totp", data={})
    Continuation.objects.create(
        bloc_year=scene.year,
        succession=scene.change,
        treatment=Continuation.Treatment.NOT_RANKED,
        document="Biên bản họp Khối",
        decided_on=dt.date(2025, 8, 20),
    )
    fill_scoring(scene)
    return scene


def fill_scoring(scene: Scene) -> None:
    """What no act of the scene has left behind yet in the published year."""
    now, file = timezone.now(), files.store(b"%PDF-1.7 sample", media_type="application/pdf")
    line = Line.objects.filter(sheet__scoring=scene.published).earliest("pk")
    sheet, binh = line.sheet, scene.cast.binh
    Evidence.objects.create(sheet=sheet, file=file, name="a.pdf", added_by=binh, added_at=now)
    Return.objects.create(line=line, round=1, reason="Thiếu", returned_by=binh, returned_at=now)
    Objection.objects.create(
        line=line, membership=sheet.membership, text="Sai số", author=binh, made_at=now
    )
    Restriction.objects.create(
        sheet=sheet,
        kind="award_hold",
        reason="Chưa nộp quỹ",
        document="Thông báo 01",
        file=file,
        decided_on=now.date(),
        recorded_by=binh,
        recorded_at=now,
    )
    CrossDuty.objects.create(scoring=scene.published, scorer=sheet.membership, sheet=sheet)
    PaperOfRecord.objects.create(
        sort="scoring.summary",
        about="scoring.result:1",
        bloc_year=scene.published.bloc_year,
        title="Bảng tổng hợp",
        code="0" * 12,
        file=file,
        printed_at=now,
    )


def pages_of(scene: Scene) -> Iterator[str]:
    """Every list, every form to add that is allowed, and one row of each list; what hangs on it."""
    request = RequestFactory().get("/")
    request.user = scene.admin
    yield reverse("admin:index")
    for model, shown in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        yield reverse(f"{name}_changelist")
        if shown.has_add_permission(request):
            yield reverse(f"{name}_add")
        yield reverse(f"{name}_change", args=[model._default_manager.earliest("pk").pk])
    yield reverse("admin:app_list", args=["members"])
    yield reverse("admin:members_board_history", args=[scene.cast.board.pk])
    yield reverse("admin:auth_user_password_change", args=[scene.cast.binh.pk])
    yield reverse("admin:mfa_authenticator_delete", args=[Authenticator.objects.get().pk])


@pytest.mark.long
def test_every_page_of_the_administration_is_sound(
    page: Page, live_server: Any, scene: Scene
) -> None:
    log_in(page, live_server.url, scene.admin)

    assert faults_of_pages(page, live_server.url, pages_of(scene)) == {}


def test_a_chooser_bears_the_name_of_its_field(page: Page, live_server: Any, scene: Scene) -> None:
    """Also one in a row that is added, and the field in which its choices are searched."""
    log_in(page, live_server.url, scene.admin)
    page.goto(live_server.url + reverse("admin:members_person_add"))
    page.get_by_text("Thêm một Chức vụ").click()
    for name in ("Tài khoản:", "Ban", "Khối được quan sát"):
        expect(page.get_by_role("combobox", name=name, exact=True)).to_be_visible()
    page.get_by_role("combobox", name="Ban", exact=True).click()
    expect(page.get_by_role("searchbox", name="Ban", exact=True)).to_be_visible()
    expect(page.get_by_role("option", name="BDI")).to_be_visible()
    assert findings(page) == []
