import datetime as dt
import subprocess
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from covenants.models import SigningKey
from covenants.signing import enrolment
from emulation_bloc.lib import keyvault
from emulation_bloc.lib.pades import read_certificate
from members.models import AuditEntry, BoardName, OutboxMessage, Post, User
from members.models.people import PostKind
from members.records import authority
from tests.covenants.pages import as_
from tests.covenants.traces import acts
from tests.people import PASSPHRASE, PASSWORD, Cast, enrol, fresh, give_post, make_board

WRONG = "khong-phai-cau-nay"


def key_of(user: User) -> SigningKey:
    return SigningKey.objects.in_use().get(person=user.person)


def guess(user: User, times: int = 1) -> list[str]:
    """The sentences that wrong passphrases are answered with."""
    said = []
    for _time in range(times):
        with pytest.raises((enrolment.WrongPassphrase, enrolment.SigningLocked)) as refusal:
            enrolment.unlock(user.person, passphrase=WRONG)
        said.append(str(refusal.value))
    return said


# --- Making a key ---


def test_a_key_names_its_holder_and_opens_with_the_passphrase(cast: Cast) -> None:
    enrol(cast.binh)

    key, pair = enrolment.unlock(cast.binh.person, passphrase=PASSPHRASE)

    facts = read_certificate(pair.certificate_pem)
    assert (facts.name, facts.organisation, facts.title) == (
        "Trần Thanh Bình",
        "Ban Quản lý Khu kinh tế tỉnh Bình Định",
        "Trưởng ban",
    )
    assert facts.sha256 == key.fingerprint
    assert format(facts.serial, "x") == key.serial
    assert acts() == ["covenants.enrolled"]


def test_the_stored_key_opens_with_neither_secret_alone(cast: Cast) -> None:
    enrol(cast.binh)
    box = bytes(key_of(cast.binh).sealed_private_key)

    assert b"PRIVATE KEY" not in box
    with pytest.raises(keyvault.WrongServerKey):
        keyvault.open_sealed(box, passphrase=PASSPHRASE, server_key=keyvault.new_server_key())
    with pytest.raises(keyvault.WrongPassphrase):
        keyvault.open_sealed(box, passphrase=WRONG, server_key=authority.keys().server_key)


def test_the_holder_is_told_of_a_new_key_by_mail(cast: Cast) -> None:
    enrol(cast.binh)
    mail = OutboxMessage.objects.get()
    assert (mail.recipient, mail.subject) == (
        "binh@example.vn",
        "Đã tạo khóa ký trên Cổng Khối thi đua",
    )


@pytest.mark.parametrize("name", ["em", "khach", "dung"])
def test_only_leaders_hold_a_key(cast: Cast, name: str) -> None:
    user = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        enrolment.enrol(user.person, passphrase=PASSPHRASE, actor=user)
    assert SigningKey.objects.count() == 0
    assert acts() == []


def test_nobody_makes_a_key_for_somebody_else(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        enrolment.enrol(cast.binh.person, passphrase=PASSPHRASE, actor=cast.an)
    assert SigningKey.objects.count() == 0


@pytest.mark.parametrize(
    ("passphrase", "sentence"),
    [
        (PASSWORD, "Mật khẩu ký phải khác mật khẩu đăng nhập."),
        ("ngan", "Quá ngắn: cần ít nhất 10 ký tự."),
    ],
)
def test_a_weak_passphrase_is_refused(cast: Cast, passphrase: str, sentence: str) -> None:
    with pytest.raises(enrolment.WeakPassphrase) as refusal:
        enrolment.enrol(cast.binh.person, passphrase=passphrase, actor=cast.binh)
    assert str(refusal.value) == sentence
    assert SigningKey.objects.count() == 0


def test_a_new_key_ends_the_one_before(cast: Cast) -> None:
    enrol(cast.binh)
    old = key_of(cast.binh)

    enrol(cast.binh)

    old.refresh_from_db()
    assert (old.revoked_reason, old.revoked_at is None) == ("Thay bằng khóa mới", False)
    assert key_of(cast.binh) != old


def test_who_leads_one_board_and_helps_lead_another_signs_as_leader(cast: Cast) -> None:
    other = make_board("GLA", province="Gia Lai")
    give_post(cast.binh, PostKind.DEPUTY_LEADER, board=other)
    enrol(cast.binh)
    assert read_certificate(bytes(key_of(cast.binh).certificate)).title == "Trưởng ban"


# --- Wrong passphrases ---


def test_wrong_passphrases_are_counted_and_the_fifth_locks_signing(cast: Cast) -> None:
    enrol(cast.binh)
    said = guess(cast.binh, 5)
    until = timezone.localtime(key_of(cast.binh).locked_until).strftime("%H:%M")
    assert said == [
        "Sai mật khẩu ký. Còn 4 lần thử trước khi việc ký bị tạm khóa.",
        "Sai mật khẩu ký. Còn 3 lần thử trước khi việc ký bị tạm khóa.",
        "Sai mật khẩu ký. Còn 2 lần thử trước khi việc ký bị tạm khóa.",
        "Sai mật khẩu ký. Còn 1 lần thử trước khi việc ký bị tạm khóa.",
        f"Nhập sai mật khẩu ký quá nhiều lần: việc ký tạm khóa đến {until}.",
    ]


def test_a_lock_holds_against_the_right_passphrase_and_ends_after_fifteen_minutes(
    cast: Cast,
) -> None:
    enrol(cast.binh)
    guess(cast.binh, 5)
    with pytest.raises(enrolment.SigningLocked):
        enrolment.unlock(cast.binh.person, passphrase=PASSPHRASE)

    key = key_of(cast.binh)
    left = key.locked_until - timezone.now()
    assert dt.timedelta(minutes=14) < left <= dt.timedelta(minutes=15)
    SigningKey.objects.update(locked_until=timezone.now() - dt.timedelta(seconds=1))
    assert enrolment.unlock(cast.binh.person, passphrase=PASSPHRASE)[0] == key


def test_the_leader_is_told_of_the_lock_once(cast: Cast) -> None:
    enrol(cast.binh)
    guess(cast.binh, 7)
    mails = OutboxMessage.objects.filter(key__startswith="covenants.signing_locked")
    assert [(mail.recipient, mail.subject) for mail in mails] == [
        ("binh@example.vn", "Tạm khóa ký trên Cổng Khối thi đua")
    ]
    assert acts() == ["covenants.enrolled", "covenants.signing_locked"]


def test_the_right_passphrase_sets_the_count_back(cast: Cast) -> None:
    enrol(cast.binh)
    guess(cast.binh, 4)
    enrolment.unlock(cast.binh.person, passphrase=PASSPHRASE)
    assert guess(cast.binh) == ["Sai mật khẩu ký. Còn 4 lần thử trước khi việc ký bị tạm khóa."]


def test_a_new_key_is_no_way_around_the_lock(cast: Cast) -> None:
    enrol(cast.binh)
    guess(cast.binh, 5)
    locked = key_of(cast.binh)
    with pytest.raises(enrolment.SigningLocked):
        enrol(cast.binh)
    assert key_of(cast.binh) == locked


def test_vietnamese_letters_may_be_typed_in_either_form(cast: Cast) -> None:
    composed, decomposed = "m\u1eadt kh\u1ea9u k\u00fd", "ma\u0323\u0302t kha\u0302\u0309u ky\u0301"
    enrolment.enrol(cast.binh.person, passphrase=composed, actor=cast.binh)
    enrolment.unlock(cast.binh.person, passphrase=decomposed)


# --- Keys that no longer fit ---


def why_not(user: User) -> str:
    with pytest.raises(enrolment.NotEnrolled) as refusal:
        enrolment.unlock(user.person, passphrase=PASSPHRASE)
    return str(refusal.value)


def test_without_a_key_the_person_is_told_to_make_one(cast: Cast) -> None:
    assert why_not(cast.binh) == (
        "Ông/Bà chưa có khóa ký. Đề nghị tạo khóa ký trước, chỉ mất một phút."
    )


OUTDATED = (
    "Khóa ký của Ông/Bà đã hết hạn hoặc ghi chức vụ, đơn vị cũ. Đề nghị tạo khóa ký mới trước."
)


def test_a_key_of_a_former_board_signs_nothing(cast: Cast) -> None:
    enrol(cast.binh)
    Post.objects.filter(person=cast.binh.person).update(board=make_board("GLA", province="Gia Lai"))
    assert enrolment.usable_key(cast.binh.person) is None
    assert why_not(fresh(cast.binh)) == OUTDATED


def test_a_key_of_a_former_post_signs_nothing(cast: Cast) -> None:
    enrol(cast.binh)
    Post.objects.filter(person=cast.binh.person).update(title="Quyền Trưởng ban")
    assert why_not(cast.binh) == OUTDATED


def test_a_key_outlives_a_new_name_of_the_board(cast: Cast) -> None:
    enrol(cast.binh)
    BoardName.objects.create(
        board=cast.board,
        since=dt.date(2020, 1, 1),
        name="Ban Quản lý Khu kinh tế Nhơn Hội",
        short_name="BQL Nhơn Hội",
        province="Bình Định",
        kinds=["KKT"],
    )
    assert enrolment.usable_key(cast.binh.person) == key_of(cast.binh)


def test_a_key_that_ran_out_signs_nothing(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    enrol(cast.binh)
    in_six_years = timezone.now() + dt.timedelta(days=6 * 366)
    Post.objects.update(ends_on=None)
    monkeypatch.setattr(timezone, "now", lambda: in_six_years)
    assert why_not(cast.binh) == OUTDATED


def test_a_key_sealed_for_another_server_is_said_so_and_not_counted(cast: Cast) -> None:
    enrol(cast.binh)
    _key, pair = enrolment.unlock(cast.binh.person, passphrase=PASSPHRASE)
    foreign = keyvault.seal(
        pair.private_key_pem, passphrase=PASSPHRASE, server_key=keyvault.new_server_key()
    )
    SigningKey.objects.update(sealed_private_key=foreign)
    assert why_not(cast.binh) == (
        "Máy chủ này không đọc được khóa ký của Ông/Bà nữa. Đề nghị tạo khóa ký mới trước."
    )
    assert key_of(cast.binh).wrong_passphrases == 0


# --- The authority ---


def test_openssl_reads_the_published_certificate(cast: Cast, tmp_path: Path) -> None:
    answer = as_(cast.an).get(reverse("covenants_public:authority_certificate"))
    file = tmp_path / "ca.crt"
    file.write_bytes(answer.content)
    shown = subprocess.run(
        ["openssl", "x509", "-in", file, "-noout", "-subject", "-nameopt", "utf8,sep_comma_plus"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown == f"subject=CN={authority.AUTHORITY_NAME}\n"


def test_the_chain_names_no_secret(cast: Cast) -> None:
    enrol(cast.binh)
    guess(cast.binh, 5)
    written = str(list(AuditEntry.objects.values())) + str(list(OutboxMessage.objects.values()))
    assert PASSPHRASE not in written
    assert WRONG not in written
