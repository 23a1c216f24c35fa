"""Revoking a signing key: by its holder, an administrator or the secretariat."""

import pytest
from cryptography.x509 import load_der_x509_crl, load_pem_x509_certificate
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from covenants.models import SigningKey
from covenants.obligations import obligations
from covenants.signing import enrolment, verification
from emulation_bloc.lib.refusal import Refusal
from members.models import AuditEntry, OutboxMessage, User
from members.people import appointments
from members.records import authority
from tests.covenants.pages import as_, signed_in_just_now
from tests.covenants.signing.test_enrolment import guess, key_of
from tests.covenants.traces import acts
from tests.people import Cast, enrol, fresh, seal_covenant, sign


def test_the_owner_revokes_a_key_and_the_public_list_names_it(cast: Cast) -> None:
    enrol(cast.binh)
    key = key_of(cast.binh)

    enrolment.revoke(key, reason="Mất điện thoại", actor=cast.binh)

    key.refresh_from_db()
    assert (key.revoked_reason, acts()[-1]) == ("Mất điện thoại", "covenants.key_revoked")
    answer = as_(cast.khach).get(reverse("covenants_public:revocation_list"))
    crl = load_der_x509_crl(answer.content)
    issuer = load_pem_x509_certificate(authority.keys().authority.certificate_pem)
    assert [entry.serial_number for entry in crl] == [int(key.serial, 16)]
    assert crl.is_signature_valid(issuer.public_key())


def test_nobody_else_revokes_a_key_but_an_administrator(cast: Cast) -> None:
    enrol(cast.binh)
    with pytest.raises(PermissionDenied):
        enrolment.revoke(key_of(cast.binh), reason="x", actor=cast.an)
    assert key_of(cast.binh).revoked_at is None

    User.objects.filter(pk=cast.chi.pk).update(is_staff=True)
    enrolment.revoke(key_of(cast.binh), reason="Theo đề nghị", actor=fresh(cast.chi))
    assert SigningKey.objects.in_use().count() == 0


def test_the_holder_is_told_that_the_key_ended(cast: Cast) -> None:
    enrol(cast.binh)
    enrolment.revoke_of_member(cast.year, cast.binh.person, reason="Mất điện thoại", actor=cast.chi)
    mail = OutboxMessage.objects.get(key__startswith="covenants.key_revoked")
    assert (mail.recipient, "Lê Thị Chi." in mail.body, "Mất điện thoại" in mail.body) == (
        "binh@example.vn",
        True,
        True,
    )
    entry = AuditEntry.objects.last()
    assert (entry.act, entry.reason, entry.bloc) == (
        "covenants.key_revoked",
        "Mất điện thoại",
        cast.bloc,
    )


@pytest.mark.parametrize("name", ["em", "dung", "khach", "ngoai"])
def test_only_the_secretariat_ends_the_key_of_a_member(cast: Cast, name: str) -> None:
    enrol(cast.binh)
    before = acts()
    with pytest.raises(PermissionDenied):
        enrolment.revoke_of_member(
            cast.year, cast.binh.person, reason="x", actor=getattr(cast, name)
        )
    assert (key_of(cast.binh).revoked_at, acts()) == (None, before)


def test_the_key_of_a_stranger_is_not_ended(cast: Cast) -> None:
    enrol(cast.ngoai)
    with pytest.raises(appointments.NotOfThisBloc):
        enrolment.revoke_of_member(cast.year, cast.ngoai.person, reason="x", actor=cast.chi)
    assert key_of(cast.ngoai).revoked_at is None


def test_a_key_ends_once_and_with_a_reason(cast: Cast) -> None:
    enrol(cast.binh)
    key = key_of(cast.binh)
    with pytest.raises(Refusal):
        enrolment.revoke(key, reason=" ", actor=cast.binh)
    enrolment.revoke(key, reason="Nghỉ hưu", actor=cast.binh)
    with pytest.raises(enrolment.NotEnrolled):
        enrolment.revoke(key, reason="Lần nữa", actor=cast.binh)
    with pytest.raises(enrolment.NotEnrolled):
        enrolment.revoke_of_member(cast.year, cast.binh.person, reason="x", actor=cast.chi)
    assert acts() == ["covenants.enrolled", "covenants.key_revoked"]


def test_ending_a_locked_key_is_no_way_around_the_lock(cast: Cast) -> None:
    enrol(cast.binh)
    guess(cast.binh, 5)
    enrolment.revoke(key_of(cast.binh), reason="Quên", actor=cast.binh)
    with pytest.raises(enrolment.SigningLocked):
        enrol(cast.binh)


def test_the_leader_ends_the_own_key_on_its_page(cast: Cast) -> None:
    enrol(cast.binh)
    stale, url = as_(cast.binh), reverse("covenants:revoke", args=["tay-nguyen", 2019])
    assert stale.get(url).status_code == 200
    assert "xac-nhan-lai" in stale.post(url, {"reason": "Mất điện thoại"})["Location"]
    assert key_of(cast.binh).revoked_at is None
    client = signed_in_just_now(cast.binh)
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "Mất điện thoại"})
    assert SigningKey.objects.in_use().count() == 0
    assert client.get(url)["Location"] == reverse("covenants:enrol", args=["tay-nguyen", 2019])


def test_the_secretariat_ends_a_key_on_the_page_of_the_person(cast: Cast) -> None:
    enrol(cast.binh)
    where = ["tay-nguyen", 2019, cast.binh.person.pk]
    url, client = reverse("covenants:revoke_of", args=where), signed_in_just_now(cast.chi)
    assert url in client.get(reverse("members:person", args=where)).content.decode()
    client.post(url, {"reason": "Mất điện thoại"})
    assert SigningKey.objects.in_use().count() == 0
    assert url not in client.get(reverse("members:person", args=where)).content.decode()


def test_a_signature_stays_good_after_its_key_was_revoked(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.binh)
    sign(paper, cast.board, actor=cast.binh)
    enrolment.revoke(key_of(cast.binh), reason="Nghỉ hưu", actor=cast.binh)
    assert list(verification.faults()) == []


def test_the_key_that_a_seat_asks_for_is_no_longer_due_once_it_is_made(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.binh)
    due = [
        o for o in obligations(cast.year) if o.step == "key" and o.membership.board == cast.board
    ]
    assert [o.is_done for o in due] == [True]
