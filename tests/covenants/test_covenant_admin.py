import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from covenants.models import LegalReference, Paper
from members.models import AuditEntry
from tests.covenants.pages import complete
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, draft_covenant, make_law, seal_covenant

LIST = reverse("admin:covenants_covenant_changelist")


@pytest.fixture
def admin(cast: Cast) -> Client:
    cast.dung.is_staff = cast.dung.is_superuser = True
    cast.dung.save()
    client = Client()
    client.force_login(cast.dung)
    return client


def act(admin: Client, action: str, *papers: Paper):
    return admin.post(LIST, {"action": action, "_selected_action": [p.pk for p in papers]})


def test_covenants_are_listed_with_state_and_seats(cast: Cast, admin: Client) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    page = admin.get(LIST).content.decode()
    assert ("0/2" in page, "Đang ký" in page) == (True, True)


def test_the_list_asks_a_constant_number_of_queries(
    cast: Cast, admin: Client, django_assert_max_num_queries
) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    with django_assert_max_num_queries(12):
        admin.get(LIST)


def test_nothing_of_a_covenant_is_changed_here(cast: Cast, admin: Client) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    change = reverse("admin:covenants_covenant_change", args=[paper.pk])
    delete = reverse("admin:covenants_covenant_delete", args=[paper.pk])
    with nothing_changes():
        assert admin.get(change).status_code == 200
        assert admin.post(change, {"title": "Khác"}).status_code == 403
        assert admin.post(delete, {"post": "yes"}).status_code == 403
        assert admin.get(reverse("admin:covenants_covenant_add")).status_code == 403


def test_the_pdf_is_exported(cast: Cast, admin: Client) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    response = act(admin, "export_pdf", paper)
    assert response.content.startswith(b"%PDF")
    assert response["Content-Disposition"] == (
        'attachment; filename="giao-uoc-2019-tay-nguyen-dang-ky.pdf"'
    )


def test_the_dossier_is_exported(cast: Cast, admin: Client) -> None:
    response = act(admin, "export_dossier", complete(cast))
    assert zipfile.ZipFile(io.BytesIO(response.content)).namelist() == [
        "giao-uoc-2019-tay-nguyen.pdf",
        "giay-chung-nhan-hoan-tat-2019-tay-nguyen.pdf",
    ]


def test_an_export_that_cannot_be_made_says_why(cast: Cast, admin: Client) -> None:
    paper = draft_covenant(cast.year, actor=cast.chi)
    for action in ("export_pdf", "export_dossier"):
        response = act(admin, action, paper)
        assert response.status_code == 302
        assert "chưa" in admin.get(LIST).content.decode()


def test_the_legal_register_is_edited_and_found_without_diacritics(
    cast: Cast, admin: Client
) -> None:
    law = make_law()
    listing = reverse("admin:covenants_legalreference_changelist")
    assert "15/2003/QH11" in admin.get(listing, {"q": "KHEN thuong"}).content.decode()
    change = reverse("admin:covenants_legalreference_change", args=[law.pk])
    data = {
        "kind": "Luật",
        "number": law.number,
        "issuer": law.issuer,
        "subject": law.subject,
        "issued_on": "26/11/2003",
        "expired_on": "01/01/2024",
    }
    assert admin.post(change, data).status_code == 302
    assert str(LegalReference.objects.get().expired_on) == "2024-01-01"


def corrected(law: LegalReference, **typed: object) -> dict[str, object]:
    names = ("kind", "number", "issuer", "subject")
    facts = {name: getattr(law, name) for name in names}
    return {**facts, "issued_on": f"{law.issued_on:%d/%m/%Y}", **typed}


def test_a_correction_leaves_a_trace_and_its_text_is_kept(cast: Cast, admin: Client) -> None:
    law, newer = make_law(), make_law("06/2022/QH15")
    change = reverse("admin:covenants_legalreference_change", args=[law.pk])
    pdf = SimpleUploadedFile("luat.pdf", small_paper(), content_type="application/pdf")
    response = admin.post(change, corrected(law, replaced_by=newer.pk, text=pdf))
    assert response.status_code == 302
    law.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (law.replaced_by, law.file is not None) == (newer, True)
    assert (entry.act, entry.subject) == (
        "admin.changed",
        f"covenants.legalreference:{law.pk}",
    )


@pytest.mark.parametrize("link", ["replaced_by", "amends"])
def test_a_document_neither_replaces_nor_amends_itself(
    cast: Cast, admin: Client, link: str
) -> None:
    law = make_law()
    change = reverse("admin:covenants_legalreference_change", args=[law.pk])
    with nothing_changes():
        response = admin.post(change, corrected(law, **{link: law.pk}))
    assert (response.status_code, "chính nó" in response.content.decode()) == (200, True)


def test_no_document_is_deleted_from_the_register(cast: Cast, admin: Client) -> None:
    delete = reverse("admin:covenants_legalreference_delete", args=[make_law().pk])
    with nothing_changes():
        assert admin.post(delete, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["version", "signature", "signingkey"])
def test_records_are_read_only(cast: Cast, admin: Client, model: str) -> None:
    complete(cast)
    assert admin.get(reverse(f"admin:covenants_{model}_changelist")).status_code == 200
    assert admin.get(reverse(f"admin:covenants_{model}_add")).status_code == 403
