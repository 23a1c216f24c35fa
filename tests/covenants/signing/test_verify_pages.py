from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from covenants.models import Paper
from covenants.signing import sealing
from covenants.views import verification as views
from members.models import Bloc
from members.records import codes, files
from tests.append_only import drop_triggers
from tests.covenants.pages import complete, text_of
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import small_paper
from tests.people import Cast, enrol, seal_covenant, sign
from tests.scenes import prepared

FRONT = "/xac-minh/"


@prepared
def paper(cast: Cast) -> Paper:
    return complete(cast)


def look_up(code: str) -> HttpResponse:
    return Client().get(reverse("covenants_public:verify", args=[code]))


def check(content: bytes, client: Client | None = None) -> HttpResponse:
    file = SimpleUploadedFile("giao-uoc.pdf", content, "application/pdf")
    return (client or Client()).post(FRONT, {"file": file})


def heading(answer: HttpResponse) -> str:
    html = answer.content.decode()
    return html.split("<h1>", 1)[1].split("</h1>", 1)[0]


# --- By code ---


def test_a_code_shows_what_the_paper_is_and_who_signed(paper: Paper) -> None:
    text = text_of(look_up(paper.code))
    sha256 = paper.newest.sha256.upper()
    wanted = [
        "Văn bản nguyên vẹn, đủ 2 chữ ký",
        "Giao ước thi đua năm 2019",
        "Khối thi đua tay-nguyen",
        "04/05/2019, Đắk Lắk",
        " ".join(sha256[i : i + 4] for i in range(0, 64, 4)),
        "Nguyễn Văn An, Trưởng ban Ký trong cổng, Khối trưởng",
        "Trần Thanh Bình, Trưởng ban Ký trong cổng",
        "chưa kiểm tra được tình trạng thu hồi",
    ]
    assert [words for words in wanted if words not in text] == []


def test_the_code_may_be_typed_in_groups(paper: Paper) -> None:
    grouped = codes.grouped(paper.code).lower()
    assert look_up(grouped).status_code == 200
    answer = Client().get(FRONT, {"ma": f" {grouped} "})
    assert answer.url == reverse("covenants_public:verify", args=[paper.code])


def test_an_unknown_code_gets_one_sentence_and_nothing_else(paper: Paper) -> None:
    sentence = "Cổng không có văn bản nào mang mã này. Đề nghị so lại từng ký tự."
    for answer in (look_up("000000000000"), Client().get(FRONT, {"ma": "0000"})):
        assert answer.status_code == 404
        assert text_of(answer).count(sentence) == 1
        assert "tay-nguyen" not in text_of(answer)


def test_a_code_that_is_too_long_is_refused(paper: Paper) -> None:
    assert Client().get(FRONT, {"ma": "0" * 41}).status_code == 200


def test_sample_papers_say_that_they_are(paper: Paper) -> None:
    assert "Dữ liệu mẫu" not in text_of(look_up(paper.code))
    Bloc.objects.update(is_sample=True)
    assert "Dữ liệu mẫu" in text_of(look_up(paper.code))


def test_a_paper_in_signing_shows_how_far_it_is(cast: Cast) -> None:
    sealed = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(sealed, cast.head, actor=cast.an)
    answer = look_up(sealed.code)
    assert heading(answer) == "Văn bản nguyên vẹn, đang ký: 1 trên 2"
    assert "verdict-done official" not in answer.content.decode()


def test_an_annulled_paper_says_so(cast: Cast) -> None:
    sealed = seal_covenant(cast.year, actor=cast.chi)
    sealing.annul(sealed, reason="Sai tên", actor=cast.chi)
    answer = look_up(sealed.code)
    assert heading(answer) == "Văn bản này đã bị hủy"
    assert "Trang này xác nhận" not in text_of(answer)


def test_a_stored_paper_that_was_damaged_is_not_called_unchanged(paper: Paper) -> None:
    path = files.path_of(paper.newest.sha256)
    path.write_bytes(path.read_bytes()[:-1])
    answer = look_up(paper.code)
    assert heading(answer) == "Bản lưu của văn bản này tại cổng bị hỏng"
    assert "Trang này xác nhận" not in text_of(answer)


def test_a_stored_paper_that_contradicts_the_records_is_not_called_unchanged(
    cast: Cast, paper: Paper
) -> None:
    drop_triggers()
    paper.parties.get(order=2).signature.delete()
    assert heading(look_up(paper.code)) == "Bản lưu của văn bản này tại cổng bị hỏng"


# --- By file ---


def test_the_untouched_file_is_called_unchanged(paper: Paper) -> None:
    answer = check(files.read_content(paper.newest))
    assert heading(answer) == "Văn bản nguyên vẹn, đủ 2 chữ ký"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda issued: issued + b"junk", "Sau phần cổng phát hành đã có nội dung bị thêm vào."),
        (lambda issued: issued[:-600], "Tệp thiếu một phần ở cuối."),
        (lambda issued: issued[:-9] + b"x" + issued[-8:], "Nội dung đã bị sửa sau khi ký."),
    ],
)
def test_a_changed_file_is_said_to_be_and_how(paper: Paper, change: Any, sentence: str) -> None:
    answer = check(change(files.read_content(paper.newest)))
    assert heading(answer) == "Tệp đã bị thay đổi, không phải bản cổng phát hành"
    assert sentence in text_of(answer)
    assert "official" not in answer.content.decode()


def test_an_old_copy_says_how_many_signatures_it_has_and_which(paper: Paper) -> None:
    old = files.read_content(paper.parties.get(order=1).signature.after)
    answer = check(old)
    text = text_of(answer)
    assert heading(answer) == "Bản cũ, có 1 chữ ký, không phải bản mới nhất"
    assert (text.count("Trong tệp này: tốt"), text.count("Trong tệp này: không có")) == (
        1,
        1,
    )


def test_the_certificate_of_completion_is_told_from_the_paper(paper: Paper) -> None:
    answer = check(files.read_content(paper.certificate))
    assert heading(answer) == "Giấy chứng nhận hoàn tất nguyên vẹn"
    assert "Nội dung đúng như khi ký" not in text_of(answer)


def test_a_strangers_file_shows_nothing_of_any_paper(paper: Paper) -> None:
    answer = check(small_paper())
    assert heading(answer) == "Cổng không có tệp này"
    assert [
        words for words in ("tay-nguyen", paper.code, "Bình", "Phượng") if words in text_of(answer)
    ] == []


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "Tệp này rỗng."), (b"\0" * (10 * 1024**2 + 1), "Tệp này lớn hơn 10 MB")],
)
@pytest.mark.django_db
def test_a_file_that_cannot_be_a_paper_is_refused_in_words(content: bytes, sentence: str) -> None:
    assert sentence in text_of(check(content))


@pytest.mark.django_db
def test_a_body_that_is_far_too_large_is_refused_unread() -> None:
    answer = check(b"\0" * (11 * 1024**2))
    assert answer.status_code == 413
    assert "Tệp này lớn hơn 10 MB, lớn hơn mọi văn bản của cổng. Cổng không đọc tệp." in text_of(
        answer
    )


@pytest.mark.django_db
def test_no_file_is_said_in_words() -> None:
    assert "Đề nghị chọn tệp PDF cần kiểm tra." in text_of(Client().post(FRONT))


def test_a_file_is_kept_nowhere(paper: Paper, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_temporary_file(*args: Any, **kwargs: Any) -> None:
        raise AssertionError("a stranger's file was written")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", no_temporary_file)
    content = files.read_content(paper.newest) + b"\0" * 3_000_000
    with nothing_changes():
        answer = check(content)
    assert "Sau phần cổng phát hành" in text_of(answer)


# --- Limits ---


def test_checking_files_is_limited_for_each_address(paper: Paper) -> None:
    client = Client()
    said = [check(b"%PDF", client).status_code for _time in range(11)]
    assert said == [200] * 10 + [429]
    assert "Thử quá nhiều lần trong thời gian ngắn" in text_of(check(b"%PDF", client))


def test_guessing_codes_is_limited_but_known_codes_are_not(paper: Paper) -> None:
    said = [look_up("000000000000").status_code for _time in range(25)]
    assert said == [404] * 20 + [429] * 5
    assert look_up(paper.code).status_code == 200


# --- For other programs ---


@pytest.mark.django_db
def test_the_certificate_and_the_list_of_revoked_ones_are_public() -> None:
    certificate = Client().get(reverse("covenants_public:authority_certificate"))
    revoked = Client().get(reverse("covenants_public:revocation_list"))
    assert certificate.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert (revoked.status_code, revoked["Content-Type"]) == (200, "application/pkix-crl")


def test_every_verdict_and_every_change_has_its_words() -> None:
    assert set(views.WORDING) == set(views.Verdict)
    assert set(views.CHANGES) == set(views.Change)


@pytest.mark.parametrize(
    ("said", "size"), [("abc", 0), ("-1", 0), ("²", 0), ("12", 12), ("9" * 5000, 10**20 - 1)]
)
def test_a_length_that_cannot_be_read_breaks_nothing(said: str, size: int) -> None:
    request = RequestFactory().post(FRONT)
    request.META["CONTENT_LENGTH"] = said
    assert views.declared_size(request) == size
