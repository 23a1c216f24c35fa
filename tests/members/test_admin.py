"""The Django admin: changes of reference data are audited, records are read-only, nothing is
deleted.
"""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from members.models import AuditEntry, Bloc, BlocYear, Board, OutboxMessage, User
from members.records import audit
from tests.members.pages import as_user, traces
from tests.people import PASSWORD, Cast, make_user

MODELS = [
    model
    for model in apps.get_app_config("members").get_models()
    if admin.site.is_registered(model)
]


@pytest.fixture
def administrator(db: None) -> Client:
    user = make_user("quan-tri")
    User.objects.filter(pk=user.pk).update(is_staff=True, is_superuser=True)
    return as_user(User.objects.get(pk=user.pk))


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_opens_and_searches(cast: Cast, administrator: Client, model: type) -> None:
    url = reverse(f"admin:members_{model.__name__.lower()}_changelist")
    assert administrator.get(url, {"q": "đắk"}).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_nothing_is_deleted(cast: Cast, administrator: Client, model: type) -> None:
    name = f"admin:members_{model.__name__.lower()}_delete"
    assert administrator.post(reverse(name, args=[1]), {"post": "yes"}).status_code in {403, 404}
    permissions = admin.site._registry[model]
    request = administrator.get(reverse("admin:index")).wsgi_request
    assert permissions.has_delete_permission(request) is False


def test_a_secretary_is_no_administrator(cast: Cast) -> None:
    assert as_user(cast.chi).get(reverse("admin:index")).status_code == 302


def test_a_board_is_found_without_marks(cast: Cast, administrator: Client) -> None:
    response = administrator.get(reverse("admin:members_board_changelist"), {"q": "dak lak"})
    assert list(response.context["cl"].queryset) == [cast.head]


def test_a_change_leaves_a_trace(cast: Cast, administrator: Client) -> None:
    url = reverse("admin:members_board_change", args=[cast.board.pk])
    form = {
        "code": "BDX",
        "dissolved_on": "",
        "names-TOTAL_FORMS": "0",
        "names-INITIAL_FORMS": "0",
    }
    assert administrator.post(url, form).status_code == 302
    entry = AuditEntry.objects.get(act="admin.changed")
    assert (entry.subject, list(audit.faults())) == (f"members.board:{cast.board.pk}", [])
    assert Board.objects.get(pk=cast.board.pk).code == "BDX"


def test_a_new_bloc_leaves_a_trace(administrator: Client) -> None:
    form = {
        "slug": "bac",
        "name": "Khối miền Bắc",
        "short_name": "Khối miền Bắc",
        "label": "Khối",
        "years-TOTAL_FORMS": "1",
        "years-INITIAL_FORMS": "0",
        "years-0-year": "2026",
        "years-0-theme": "",
    }
    assert administrator.post(reverse("admin:members_bloc_add"), form).status_code == 302
    assert Bloc.objects.get(slug="bac").years.get().year == 2026
    assert AuditEntry.objects.get(act="admin.added").bloc == Bloc.objects.get(slug="bac")


def test_a_name_is_kept_in_one_line_without_what_cannot_be_seen(administrator: Client) -> None:
    form = {
        "slug": "bac",
        "name": "Khối miền Bắc",
        "short_name": " Khối\r\n miền\x07  \u202eBắc ",
        "label": "Khối",
        "years-TOTAL_FORMS": "0",
        "years-INITIAL_FORMS": "0",
    }
    assert administrator.post(reverse("admin:members_bloc_add"), form).status_code == 302
    assert Bloc.objects.get().short_name == "Khối miền Bắc"


def test_a_closed_year_is_read_only(cast: Cast, administrator: Client) -> None:
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    before = traces()
    url = reverse("admin:members_blocyear_change", args=[cast.year.pk])
    assert administrator.get(url).status_code == 200
    assert administrator.post(url, {"theme": "Khác"}).status_code == 403
    assert traces() == before


def form_of(administrator: Client, url: str) -> dict[str, str]:
    """What a browser sends back from a page of the administration when nothing is touched."""
    page = administrator.get(url).context
    formsets = [inline.formset for inline in page["inline_admin_formsets"]]
    forms = [page["adminform"].form, *(f.management_form for f in formsets)]
    forms += [form for formset in formsets for form in formset.forms]
    values = {field.html_name: field.value() for form in forms for field in form}
    return {name: str(value) for name, value in values.items() if value is not None}


def test_a_member_of_the_year_stays_the_board_it_is(cast: Cast, administrator: Client) -> None:
    url = reverse("admin:members_blocyear_change", args=[cast.year.pk])
    stranger = cast.foreign_board
    sent = form_of(administrator, url) | {
        "theme": "Đổi mới",
        "memberships-1-board": str(stranger.pk),
        "memberships-1-name": str(stranger.names.get().pk),
        "memberships-1-role": "deputy",
    }
    assert administrator.post(url, sent).status_code == 302
    member = cast.year.memberships.get(order=2)
    assert (member.board, member.name.board, member.role) == (cast.board, cast.board, "deputy")


def test_a_new_board_is_given_a_name(administrator: Client) -> None:
    sent = {"code": "MOI", "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0"}
    response = administrator.post(reverse("admin:members_board_add"), sent)
    assert response.status_code == 200
    assert Board.objects.count() == 0


def test_days_are_written_as_on_the_pages(cast: Cast, administrator: Client) -> None:
    url = reverse("admin:members_boardname_change", args=[cast.board.names.get().pk])
    assert 'value="01/01/2019"' in administrator.get(url).content.decode()


def test_the_kinds_of_zones_of_a_name_are_ticked(cast: Cast, administrator: Client) -> None:
    name = cast.board.names.get()
    url = reverse("admin:members_boardname_change", args=[name.pk])
    sent = {
        "board": str(cast.board.pk),
        "since": "01/01/2000",
        "name": name.name,
        "short_name": name.short_name,
        "province": name.province,
        "kinds": ["KCN", "KKT"],
    }
    assert administrator.post(url, sent).status_code == 302
    name.refresh_from_db()
    assert name.kinds == ["KCN", "KKT"]


# --- Logging in ---


def test_the_administration_has_no_login_of_its_own(client: Client, db: None) -> None:
    make_user("quan-tri")
    User.objects.update(is_staff=True, is_superuser=True)
    url = reverse("admin:login")
    answers = [
        client.get(reverse("admin:index"), follow=True),
        client.post(url, {"username": "quan-tri", "password": PASSWORD}, follow=True),
    ]
    assert [answer.redirect_chain[-1][0].split("?")[0] for answer in answers] == [
        reverse("account_login")
    ] * 2
    assert "_auth_user_id" not in client.session


def test_who_is_no_administrator_is_told_so(cast: Cast) -> None:
    assert as_user(cast.chi).get(reverse("admin:index"), follow=True).status_code == 403


def test_the_audit_chain_is_for_reading(cast: Cast, administrator: Client) -> None:
    assert administrator.get(reverse("admin:members_auditentry_add")).status_code == 403
    administrator.post(reverse("admin:members_bloc_add"), {})
    assert AuditEntry.objects.count() == 0


def test_a_change_of_boards_is_recorded_on_its_page_only(administrator: Client) -> None:
    """The administration is no way around the preview, the choices and the audit of the act."""
    for name in ("succession", "continuation"):
        url = reverse(f"admin:members_{name}_add")
        assert administrator.get(url).status_code == 403


def test_the_text_of_a_mail_is_not_shown(cast: Cast, administrator: Client) -> None:
    now = dt.datetime(2019, 5, 4, tzinfo=dt.UTC)
    mail = OutboxMessage.objects.create(
        key="k", recipient="a@b.vn", subject="s", body="một-liên-kết", created_at=now, due_at=now
    )
    url = reverse("admin:members_outboxmessage_change", args=[mail.pk])
    assert "một-liên-kết" not in administrator.get(url).content.decode()


def test_a_lost_second_factor_is_taken_away_with_a_trace(cast: Cast, administrator: Client) -> None:
    factor = Authenticator.objects.create(user=cast.binh, type="totp", data={})
    url = reverse("admin:mfa_authenticator_delete", args=[factor.pk])
    assert administrator.post(url, {"post": "yes"}).status_code == 302
    entry = AuditEntry.objects.get(act="admin.second_factor_removed")
    assert (entry.subject, Authenticator.objects.count()) == (f"members.user:{cast.binh.pk}", 0)


def test_a_second_factor_is_not_made_by_an_administrator(administrator: Client) -> None:
    assert administrator.get(reverse("admin:mfa_authenticator_add")).status_code == 403


def test_a_password_set_by_an_administrator_leaves_a_trace(
    cast: Cast, administrator: Client
) -> None:
    url = reverse("admin:auth_user_password_change", args=[cast.binh.pk])
    form = {
        "usable_password": "true",
        "password1": "mot-cau-dai-khac-han",
        "password2": "mot-cau-dai-khac-han",
    }
    assert administrator.post(url, form).status_code == 302
    assert AuditEntry.objects.get().subject == f"members.user:{cast.binh.pk}"
