import hashlib
import unicodedata
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from covenants.models import Paper, Party, Signature
from covenants.signing import completion, enrolment, sealing, signing, verification
from emulation_bloc.lib import pades
from members.models import AuditEntry, Post
from members.models.people import PostKind
from members.records import authority, files
from members.records.acts import NotNow
from members.years import opening
from tests.covenants.outside_tools import text_of_pdf
from tests.covenants.pictures_drawn import stroke
from tests.covenants.traces import acts, nothing_changes
from tests.people import (
    PASSPHRASE,
    Cast,
    enrol,
    fresh,
    give_post,
    make_user,
    party_of,
    seal_covenant,
    sign,
)
from tests.scenes import prepared

WRONG = "khong-phai-cau-nay"


@prepared
def paper(cast: Cast) -> Paper:
    enrol(cast.an)
    enrol(cast.binh)
    return seal_covenant(cast.year, actor=cast.chi)


def newest(paper: Paper) -> bytes:
    return files.read_content(Paper.objects.get(pk=paper.pk).newest)


def inspect(content: bytes) -> pades.Inspection:
    return pades.inspect(content, authority_pems=[authority.keys().authority.certificate_pem])


# --- What signing leaves ---


def test_a_signature_fills_the_seat_and_only_adds_to_the_paper(cast: Cast, paper: Paper) -> None:
    before = newest(paper)

    signature = sign(paper, cast.board, actor=cast.binh)

    after = newest(paper)
    assert after.startswith(before)
    assert len(after) > len(before)
    assert (files.read_content(signature.before), files.read_content(signature.after)) == (
        before,
        after,
    )
    assert (signature.signer_name, signature.signer_title, signature.method) == (
        "Trần Thanh Bình",
        "Trưởng ban",
        "portal",
    )
    assert Paper.objects.get().state == "signing"


def test_the_signature_in_the_file_names_signer_seat_and_moment(cast: Cast, paper: Paper) -> None:
    signature = sign(paper, cast.board, actor=cast.binh)

    inspection = inspect(newest(paper))

    certification, seat = inspection.signatures
    assert inspection.sound
    assert certification.field == "portal-certification"
    assert (seat.field, seat.signer_name, seat.title) == (
        "seat-BDI",
        "Trần Thanh Bình",
        "Trưởng ban",
    )
    assert seat.certificate_sha256 == signature.key.fingerprint
    assert seat.signed_at == signature.signed_at.replace(microsecond=0)


def test_the_trace_names_the_fingerprint_and_the_certificate(cast: Cast, paper: Paper) -> None:
    signature = sign(paper, cast.board, actor=cast.binh)
    entry = AuditEntry.objects.get(act="covenants.signed")
    assert (entry.actor, entry.actor_name) == (cast.binh, "Trần Thanh Bình")
    assert entry.details == {
        "sha256": hashlib.sha256(newest(paper)).hexdigest(),
        "certificate": signature.key.serial,
    }


def test_the_stamp_says_in_vietnamese_who_signed_and_when(cast: Cast, paper: Paper) -> None:
    signature = sign(paper, cast.board, actor=cast.binh, picture=stroke())
    at = timezone.localtime(signature.signed_at).strftime("%H:%M:%S ngày %d/%m/%Y")

    text = text_of_pdf(newest(paper))

    assert text == unicodedata.normalize("NFC", text)
    assert text.count("Người ký: Trần Thanh Bình") == 1
    assert text.count(f"Ký trong cổng Khối {at}") == 1


def test_boards_sign_in_any_order(cast: Cast, paper: Paper) -> None:
    sign(paper, cast.board, actor=cast.binh)
    sign(paper, cast.head, actor=cast.an)
    chain = [(s.before_id, s.after_id) for s in Signature.objects.order_by("pk")]
    assert chain[0][1] == chain[1][0]
    assert list(verification.faults()) == []


# --- Who signs ---


@pytest.mark.parametrize("name", ["an", "chi", "em", "dung", "khach", "ngoai"])
def test_only_a_leader_of_the_board_signs_in_its_seat(cast: Cast, paper: Paper, name: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        sign(paper, cast.board, actor=getattr(cast, name))


def test_an_administrator_signs_for_nobody(cast: Cast, paper: Paper) -> None:
    type(cast.chi).objects.filter(pk=cast.chi.pk).update(is_superuser=True, is_staff=True)
    with nothing_changes(), pytest.raises(PermissionDenied):
        sign(paper, cast.board, actor=fresh(cast.chi))


def test_a_former_leader_signs_no_more(cast: Cast, paper: Paper) -> None:
    Post.objects.filter(person=cast.binh.person).update(ends_on="2019-02-01")
    with nothing_changes(), pytest.raises(PermissionDenied):
        sign(paper, cast.board, actor=fresh(cast.binh))


def test_a_deputy_signs_for_the_leader_and_the_stamp_says_so(cast: Cast, paper: Paper) -> None:
    deputy = make_user("giang", full_name="Hồ Thị Giang")
    give_post(deputy, PostKind.DEPUTY_LEADER, board=cast.board, title="Phó Trưởng ban")
    enrol(deputy)

    signature = sign(paper, cast.board, actor=deputy)

    text = text_of_pdf(newest(paper))
    assert (signature.signer_name, signature.signer_title) == ("Hồ Thị Giang", "Phó Trưởng ban")
    assert text.count("KT. TRƯỞNG BAN") == 1
    assert text.count("PHÓ TRƯỞNG BAN") == 1
    assert text.count("Người ký: Hồ Thị Giang") == 1


def test_a_successor_signs_in_the_seat_that_prints_another_name(cast: Cast, paper: Paper) -> None:
    Post.objects.filter(person=cast.binh.person).update(ends_on="2019-02-01")
    successor = make_user("giang", full_name="Hồ Thị Giang")
    give_post(successor, PostKind.LEADER, board=cast.board)
    enrol(successor)

    sign(paper, cast.board, actor=successor)

    assert text_of_pdf(newest(paper)).count("KT. TRƯỞNG BAN") == 0
    assert Signature.objects.get().signer_name == "Hồ Thị Giang"


# --- When not ---


def refusal(paper: Paper, cast: Cast, expected: type[Exception]) -> str:
    with nothing_changes(), pytest.raises(expected) as refused:
        sign(paper, cast.board, actor=fresh(cast.binh))
    return str(refused.value)


def test_a_seat_is_signed_once(cast: Cast, paper: Paper) -> None:
    sign(paper, cast.board, actor=cast.binh)
    assert refusal(paper, cast, signing.AlreadySigned) == "Ô này đã được ký."


def test_an_annulled_covenant_is_not_signed(cast: Cast, paper: Paper) -> None:
    sealing.annul(paper, reason="Sai tên đơn vị", actor=cast.chi)
    assert refusal(paper, cast, NotNow) == "Giao ước này đã bị hủy, không ký được nữa."


def test_a_covenant_of_a_closed_year_is_not_signed(cast: Cast, paper: Paper) -> None:
    opening.close_year(cast.year, actor=cast.chi)
    assert refusal(paper, cast, NotNow) == "Giao ước này không ở giai đoạn ký."


def test_a_wrong_passphrase_signs_nothing(cast: Cast, paper: Paper) -> None:
    with nothing_changes(), pytest.raises(enrolment.WrongPassphrase):
        signing.sign(party_of(paper, cast.board), passphrase=WRONG, picture=None, actor=cast.binh)
    assert enrolment.usable_key(cast.binh.person).wrong_passphrases == 1


def test_a_person_without_a_key_signs_nothing(cast: Cast, paper: Paper) -> None:
    enrolment.revoke(enrolment.usable_key(cast.binh.person), reason="Mất", actor=cast.binh)
    assert refusal(paper, cast, enrolment.NotEnrolled) == (
        "Ông/Bà chưa có khóa ký. Đề nghị tạo khóa ký trước, chỉ mất một phút."
    )


def test_a_key_revoked_while_its_holder_waits_signs_nothing(cast: Cast, paper: Paper) -> None:
    key = enrolment.usable_key(cast.binh.person)
    enrolment.revoke(key, reason="Mất", actor=cast.binh)
    with pytest.raises(enrolment.NotEnrolled):
        signing.refuse_revoked(key)


def test_a_seat_of_another_covenant_is_not_found_in_this_one(cast: Cast, paper: Paper) -> None:
    """The seat is read again under the lock, with the paper it belongs to."""
    party = party_of(paper, cast.board)
    Party.objects.filter(pk=party.pk).update(
        paper=Paper.objects.create(bloc_year=cast.foreign_year, kind_id="covenant", title="Khác")
    )
    with pytest.raises(Party.DoesNotExist):
        signing.sign(party, passphrase=PASSPHRASE, picture=None, actor=cast.binh)
    assert Signature.objects.count() == 0


def test_a_file_damaged_on_disk_is_not_signed(cast: Cast, paper: Paper) -> None:
    stored = paper.newest
    path = files.path_of(stored.sha256)
    path.write_bytes(path.read_bytes()[:-1])
    with nothing_changes(), pytest.raises(files.FileDamaged):
        sign(paper, cast.board, actor=cast.binh)


def test_a_paper_that_changed_in_spite_of_the_lock_is_not_overwritten(
    cast: Cast, paper: Paper
) -> None:
    other = files.store(b"khac", media_type="application/pdf")
    Paper.objects.update(document=other)
    with pytest.raises(RuntimeError):
        signing.put_in_place(paper, paper.newest, other)
    assert Paper.objects.get().document == other


def test_a_failing_completion_takes_the_last_signature_back(
    cast: Cast, paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign(paper, cast.head, actor=cast.an)

    def full(*args: object, **kwargs: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(completion, "certified", full)
    with nothing_changes(), pytest.raises(OSError, match="No space"):
        sign(paper, cast.board, actor=cast.binh)
    assert list(verification.faults()) == []


def test_a_paper_without_a_document_has_no_newest_one(cast: Cast, tmp_path: Path) -> None:
    draft = Paper(bloc_year=cast.year, kind_id="covenant", title="Giao ước")
    with pytest.raises(ValueError, match="not sealed"):
        assert draft.newest


def test_signing_leaves_three_traces_of_three_acts(cast: Cast, paper: Paper) -> None:
    sign(paper, cast.board, actor=cast.binh)
    sign(paper, cast.head, actor=cast.an)
    assert acts()[-3:] == ["covenants.signed", "covenants.signed", "covenants.completed"]


def test_a_key_of_one_board_signs_in_no_seat_of_another(cast: Cast, paper: Paper) -> None:
    """An administrator may have given somebody two boards; the certificate names only one."""
    give_post(cast.an, PostKind.DEPUTY_LEADER, board=cast.board)
    with nothing_changes(), pytest.raises(signing.NamesAnotherBoard):
        sign(paper, cast.board, actor=cast.an)
    sign(paper, cast.head, actor=cast.an)
