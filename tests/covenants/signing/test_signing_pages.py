import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone

from covenants.models import Paper, Signature
from covenants.signing import enrolment, pictures, sealing
from covenants.views import signing as views
from members.models import OutboxMessage, Post, User
from members.models.people import PostKind
from members.records import files
from tests.covenants.outside_tools import transparent_pictures
from tests.covenants.pages import as_, complete, text_of, url
from tests.covenants.pictures_drawn import drawn, stroke
from tests.covenants.traces import nothing_changes
from tests.people import (
    PASSPHRASE,
    Cast,
    enrol,
    give_post,
    join,
    make_board,
    make_user,
    make_year,
    party_of,
    seal_covenant,
    sign,
)
from tests.scenes import prepared

WRONG = "khong-phai-cau-nay"
DRAWING = "data:image/png;base64," + base64.b64encode(drawn()).decode()


@prepared
def paper(cast: Cast) -> Paper:
    enrol(cast.an)
    enrol(cast.binh)
    return seal_covenant(cast.year, actor=cast.chi)


@pytest.fixture
def page(cast: Cast, paper: Paper) -> str:
    return url("sign", party_of(paper, cast.board).pk)


def post(user: User, page: str, passphrase: str = PASSPHRASE, **data: Any) -> HttpResponse:
    return as_(user).post(page, {"passphrase": passphrase, **data})


# --- The page ---


def test_the_page_shows_what_is_signed_and_in_whose_name(
    cast: Cast, paper: Paper, page: str
) -> None:
    sign(paper, cast.head, actor=cast.an)

    text = text_of(as_(cast.binh).get(page))

    wanted = [
        "Giao ước thi đua năm 2019",
        "Căn cứ Luật Thi đua, Khen thưởng số 15/2003/QH11",
        "Một trong hai đơn vị đã ký",
        "Còn chờ: Bình Định (đơn vị mình) .",
        "Dự án mới so với kế hoạch 100&nbsp;%",
        "Trần Thanh Bình",
        "Đây không phải chữ ký số chuyên dùng công vụ của Nhà nước.",
    ]
    assert [words for words in wanted if words not in text] == []


def test_the_board_and_post_stand_as_they_are_printed(cast: Cast, page: str) -> None:
    html = as_(cast.binh).get(page).content.decode()
    printed = re.search(r'<div class="as-printed">(.*?)</div>', html, re.DOTALL)
    assert re.sub(r"<[^>]+>", " ", printed[1]).split() == [
        *["Ban", "Quản", "lý", "Khu", "kinh", "tế", "tỉnh", "Bình", "Định"],
        *["TRƯỞNG", "BAN"],
    ]


def test_the_head_board_is_marked_on_its_leaders_page(cast: Cast, paper: Paper) -> None:
    html = as_(cast.an).get(url("sign", party_of(paper, cast.head).pk)).content.decode()
    assert html.count("<b>Khối trưởng</b>") == 1


def test_many_boards_are_counted_rather_than_named(cast: Cast) -> None:
    for number in range(18):
        board = make_board(f"X{number:02}", province=f"Tỉnh {number}")
        give_post(make_user(f"x{number}"), PostKind.LEADER, board=board)
        join(cast.year, board)
    enrol(cast.binh)
    paper = seal_covenant(cast.year, actor=cast.chi)
    text = text_of(as_(cast.binh).get(url("sign", party_of(paper, cast.board).pk)))
    assert "Chưa đơn vị nào ký" in text
    named = "Đắk Lắk, Bình Định (đơn vị mình) , Tỉnh 0, Tỉnh 1, Tỉnh 2, Tỉnh 3 và 14 đơn vị khác."
    assert f"Còn chờ: {named}" in text


def test_the_page_costs_as_many_queries_with_twenty_boards_as_with_two(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(18):
        board = make_board(f"X{number:02}", province=f"Tỉnh {number}")
        give_post(make_user(f"x{number}"), PostKind.LEADER, board=board)
        join(cast.year, board)
    enrol(cast.binh)
    paper = seal_covenant(cast.year, actor=cast.chi)
    client = as_(cast.binh)
    with django_assert_max_num_queries(30):
        assert client.get(url("sign", party_of(paper, cast.board).pk)).status_code == 200


def test_a_successor_is_told_whose_name_is_printed(cast: Cast, page: str) -> None:
    Post.objects.filter(person=cast.binh.person).update(ends_on="2019-02-01")
    successor = make_user("giang", full_name="Hồ Thị Giang")
    give_post(successor, PostKind.LEADER, board=cast.board)
    enrol(successor)
    text = text_of(as_(successor).get(page))
    assert "Văn bản in tên Trần Thanh Bình. Ông/Bà ký ô này với tên Hồ Thị Giang" in text


# --- Who may open it ---


@pytest.mark.parametrize(
    ("name", "status"),
    [("binh", 200), ("em", 403), ("an", 403), ("chi", 403), ("khach", 403), ("ngoai", 404)],
)
def test_only_the_boards_leader_opens_the_page(
    cast: Cast, page: str, name: str, status: int
) -> None:
    client = as_(getattr(cast, name))
    assert (client.get(page).status_code, client.post(page).status_code) == (status, status)


def test_the_officer_is_told_why(cast: Cast, page: str) -> None:
    text = text_of(as_(cast.em).get(page))
    assert "Chỉ lãnh đạo của ban này được ký tại ô này." in text


def test_a_seat_is_not_found_below_another_year(cast: Cast, paper: Paper) -> None:
    make_year(cast.bloc, 2020)
    other = reverse("covenants:sign", args=["tay-nguyen", 2020, party_of(paper, cast.board).pk])
    assert as_(cast.binh).get(other).status_code == 404


# --- Signing ---


def test_signing_leads_to_the_receipt(cast: Cast, paper: Paper, page: str) -> None:
    answer = post(cast.binh, page)
    assert answer.url == url("receipt", party_of(paper, cast.board).pk)
    assert Signature.objects.get().signer_name == "Trần Thanh Bình"


def test_a_drawing_is_printed_and_not_kept_unasked(cast: Cast, page: str) -> None:
    post(cast.binh, page, drawing=DRAWING)
    assert transparent_pictures(files.read_content(Paper.objects.get().newest)) == 1
    assert pictures.read_picture(cast.binh.person) is None


def test_a_drawing_is_kept_when_asked(cast: Cast, page: str) -> None:
    post(cast.binh, page, drawing=DRAWING, keep="on")
    signature = Signature.objects.get()
    kept = cast.binh.person.signature_picture
    assert pictures.read_picture(cast.binh.person) == stroke()
    assert kept.kept_at == signature.signed_at


def test_a_picture_can_be_uploaded_without_javascript(cast: Cast, page: str) -> None:
    photo = SimpleUploadedFile("chu-ky.jpg", drawn("JPEG"), "image/jpeg")
    assert post(cast.binh, page, upload=photo, keep="on").status_code == 302
    assert pictures.read_picture(cast.binh.person).startswith(b"\x89PNG")


def test_a_kept_picture_is_offered_and_used_again(cast: Cast, page: str) -> None:
    pictures.store_picture(cast.binh.person, png=stroke(), at=timezone.now(), actor=cast.binh)
    assert 'name="reuse"' in as_(cast.binh).get(page).content.decode()
    post(cast.binh, page, reuse="on")
    assert transparent_pictures(files.read_content(Paper.objects.get().newest)) == 1


def test_without_a_picture_the_stamp_is_in_words(cast: Cast, page: str) -> None:
    pictures.store_picture(cast.binh.person, png=stroke(), at=timezone.now(), actor=cast.binh)
    post(cast.binh, page)
    assert transparent_pictures(files.read_content(Paper.objects.get().newest)) == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            {"upload": SimpleUploadedFile("ky.png", b"khong phai anh")},
            "Tệp này không đọc được như một ảnh.",
        ),
        (
            {"upload": SimpleUploadedFile("ky.png", drawn("JPEG"))},
            "Nội dung tệp không đúng như phần mở rộng của tên tệp.",
        ),
        ({"drawing": "data:image/png;base64,@@@"}, "Tệp này không đọc được như một ảnh."),
    ],
)
def test_a_bad_picture_is_refused_in_words_and_nothing_is_signed(
    cast: Cast, page: str, data: dict[str, Any], sentence: str
) -> None:
    with nothing_changes():
        answer = post(cast.binh, page, **data)
    assert sentence in text_of(answer)


def test_a_picture_larger_than_the_limit_is_not_read(cast: Cast, page: str) -> None:
    large = SimpleUploadedFile("ky.png", b"\0" * (8 * 1024**2 + 1))
    assert "Ảnh này lớn hơn 8 MB." in text_of(post(cast.binh, page, upload=large))


# --- What is refused ---


def test_a_wrong_passphrase_is_said_and_the_drawing_is_not_lost(cast: Cast, page: str) -> None:
    with nothing_changes():
        answer = post(cast.binh, page, WRONG, drawing=DRAWING)
    assert "Sai mật khẩu ký. Còn 4 lần thử" in text_of(answer)
    given = re.search(r'name="given" value="([^"]+)"', answer.content.decode())[1]
    assert post(cast.binh, page, given=given, keep="on").status_code == 302
    assert pictures.read_picture(cast.binh.person) == stroke()


def test_a_wrong_passphrase_is_never_shown_again(cast: Cast, page: str) -> None:
    assert WRONG not in post(cast.binh, page, WRONG).content.decode()


def test_the_fifth_wrong_passphrase_locks_signing_and_tells_the_leader(
    cast: Cast, page: str
) -> None:
    for _time in range(5):
        answer = post(cast.binh, page, WRONG)
    assert "Nhập sai mật khẩu ký quá nhiều lần" in text_of(answer)
    assert "việc ký tạm khóa đến" in text_of(as_(cast.binh).get(page))
    assert "việc ký tạm khóa đến" in text_of(post(cast.binh, page))
    assert Signature.objects.count() == 0
    locked = OutboxMessage.objects.get(key__startswith="covenants.signing_locked")
    assert locked.recipient == "binh@example.vn"


def test_a_signed_seat_says_so_and_leads_to_the_receipt(
    cast: Cast, paper: Paper, page: str
) -> None:
    sign(paper, cast.board, actor=cast.binh)
    answer = as_(cast.binh).get(page)
    assert "Ô này đã được ký." in text_of(answer)
    assert url("receipt", party_of(paper, cast.board).pk) in answer.content.decode()
    with nothing_changes():
        assert "Ô này đã được ký." in text_of(post(cast.binh, page))


def test_a_seat_signed_while_the_page_was_open_says_so(
    cast: Cast, paper: Paper, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The deputy signed between the guard of the page and the lock of the act."""
    sign(paper, cast.board, actor=cast.binh)
    monkeypatch.setattr(views, "why_closed", lambda party: "")
    answer = post(cast.binh, page)
    assert (answer.status_code, text_of(answer).count("Chưa có gì thay đổi.")) == (409, 1)


def test_an_annulled_covenant_says_so(cast: Cast, paper: Paper, page: str) -> None:
    sealing.annul(paper, reason="Sai tên", actor=cast.chi)
    answer = as_(cast.binh).get(page)
    assert "Giao ước này đã bị hủy, không ký được nữa." in text_of(answer)
    assert url("paper") in answer.content.decode()


def test_a_key_revoked_while_the_page_was_open_leads_to_a_new_one(
    cast: Cast, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = enrolment.usable_key(cast.binh.person)
    enrolment.revoke(stale, reason="Mất", actor=cast.binh)
    monkeypatch.setattr(views.enrolment, "usable_key", lambda person: stale)
    assert post(cast.binh, page).url.startswith(url("enrol"))


def test_a_wrong_passphrase_is_told_at_the_head_and_leads_to_its_box(
    cast: Cast, paper: Paper
) -> None:
    path = url("sign", party_of(paper, cast.board).pk)
    html = as_(cast.binh).post(path, {"passphrase": "cau-mat-khau-sai"}).content.decode()
    head = html.split('class="paper preview"')[0]
    assert ('href="#id_passphrase"' in head, "Sai mật khẩu ký." in head) == (True, True)
    assert html.count(" autofocus") == 1


# --- The receipt ---


def test_the_receipt_shows_fingerprint_time_and_where_to_go(cast: Cast, paper: Paper) -> None:
    signature = sign(paper, cast.board, actor=cast.binh)
    answer = as_(cast.binh).get(url("receipt", party_of(paper, cast.board).pk))
    text, html = text_of(answer), answer.content.decode()
    sha256 = signature.after.sha256.upper()
    at = timezone.localtime(signature.signed_at)
    wanted = [
        "Ông/Bà đã ký",
        "Còn 1 đơn vị chưa ký.",
        " ".join(sha256[i : i + 4] for i in range(0, 64, 4)),
        at.strftime("%H:%M:%S, %d/%m/%Y"),
        "Trần Thanh Bình, Trưởng ban",
    ]
    assert [words for words in wanted if words not in text] == []
    paper.refresh_from_db()
    assert reverse("covenants_public:verify", args=[paper.code]) in html
    assert url("download", "van-ban") in html


def test_the_receipt_of_a_complete_covenant_offers_the_dossier(cast: Cast) -> None:
    paper = complete(cast)
    answer = as_(cast.em).get(url("receipt", party_of(paper, cast.board).pk))
    assert "Tất cả đơn vị đã ký: giao ước đã hoàn tất." in text_of(answer)
    assert "Ông/Bà đã ký" not in text_of(answer)
    assert url("download", "ho-so") in answer.content.decode()


def test_there_is_no_receipt_before_the_signature(cast: Cast, paper: Paper) -> None:
    page = url("receipt", party_of(paper, cast.board).pk)
    assert as_(cast.binh).get(page).status_code == 404
    sign(paper, cast.board, actor=cast.binh)
    assert as_(cast.ngoai).get(page).status_code == 404
