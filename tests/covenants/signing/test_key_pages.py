"""The page of the signing key: making one after a fresh login, and refused input."""

import datetime as dt
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from covenants.models import SigningKey
from covenants.signing import pictures
from members.models import Post, User
from tests.covenants.pages import as_, signed_in_just_now, text_of, url
from tests.covenants.pictures_drawn import stroke
from tests.people import PASSPHRASE, Cast, enrol, fresh, join, make_board, party_of, seal_covenant

WRONG = "khong-phai-cau-nay"


def test_without_a_key_the_leader_makes_one_and_comes_back(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    page = url("sign", party_of(paper, cast.board).pk)
    client = signed_in_just_now(cast.binh)
    to_key = client.get(page).url
    assert to_key == f"{url('enrol')}?next={quote(page, safe='')}"

    back = client.post(to_key, {"passphrase": PASSPHRASE, "again": PASSPHRASE})

    assert back.url == page
    assert "Khóa ký của Ông/Bà đã sẵn sàng." in text_of(client.get(page))


def test_a_key_is_made_only_after_a_fresh_login(cast: Cast) -> None:
    client = as_(cast.binh)
    form = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    asked = client.get(url("enrol"))
    assert (
        asked.url == f"{reverse('account_reauthenticate')}?next={url('enrol').replace('/', '%2F')}"
    )
    assert client.post(url("enrol"), form).url == url("enrol")
    assert SigningKey.objects.count() == 0
    # allauth keeps the form of a refused POST in the session: the passphrase must not get there.
    assert PASSPHRASE not in str(dict(client.session))


def test_a_login_counts_as_fresh_for_five_minutes(cast: Cast) -> None:
    client = signed_in_just_now(cast.binh)
    assert client.get(url("enrol")).status_code == 200
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 301
    session.save()
    assert client.get(url("enrol")).status_code == 302


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({"passphrase": PASSPHRASE, "again": WRONG}, "Hai lần nhập khác nhau."),
        ({"passphrase": "ngan", "again": "ngan"}, "Quá ngắn: cần ít nhất 10 ký tự."),
    ],
)
def test_a_passphrase_that_does_not_do_is_said_in_words(
    cast: Cast, form: dict[str, str], sentence: str
) -> None:
    answer = signed_in_just_now(cast.binh).post(url("enrol"), form)
    assert sentence in text_of(answer)
    assert SigningKey.objects.count() == 0


def test_after_a_new_key_nobody_is_led_to_another_site(cast: Cast) -> None:
    form = {"passphrase": PASSPHRASE, "again": PASSPHRASE}
    answer = signed_in_just_now(cast.binh).post(url("enrol") + "?next=https://evil.example/", form)
    assert answer.url == url("enrol")


@pytest.mark.parametrize(
    ("name", "status"), [("an", 200), ("binh", 200), ("em", 403), ("chi", 403), ("khach", 403)]
)
def test_only_leaders_have_the_page_of_the_key(cast: Cast, name: str, status: int) -> None:
    client = signed_in_just_now(getattr(cast, name))
    assert client.get(url("enrol")).status_code == status


def test_an_administrator_who_is_nobodys_person_has_no_key(cast: Cast) -> None:
    admin = User.objects.create_superuser("quantri", password="mat-khau-quan-tri")
    answer = as_(admin).get(url("enrol"))
    assert answer.status_code == 403
    assert "Chỉ lãnh đạo có khóa ký, mỗi người một khóa của mình." in text_of(answer)


def test_from_a_key_that_is_ready_the_leader_goes_on_to_what_is_due(cast: Cast) -> None:
    enrol(cast.an)

    shown = text_of(signed_in_just_now(cast.an).get(url("enrol")))

    assert "Về trang đầu" in shown


def test_a_lock_is_shown_on_the_page_of_the_key(cast: Cast) -> None:
    enrol(cast.binh)
    SigningKey.objects.update(locked_until=timezone.now() + dt.timedelta(minutes=10))
    assert "khóa ký tạm khóa đến" in text_of(signed_in_just_now(cast.binh).get(url("enrol")))


def test_a_key_of_a_former_board_is_said_to_be_old(cast: Cast) -> None:
    enrol(cast.binh)
    Post.objects.filter(person=cast.binh.person).update(board=make_board("GLA", province="Gia Lai"))
    join(cast.year, Post.objects.get(person=cast.binh.person).board)
    text = text_of(signed_in_just_now(fresh(cast.binh)).get(url("enrol")))
    assert "Khóa ký cũ đã hết hạn hoặc ghi chức vụ, đơn vị cũ." in text


def test_a_kept_picture_can_be_given_up(cast: Cast) -> None:
    enrol(cast.binh)
    pictures.store_picture(cast.binh.person, png=stroke(), at=timezone.now(), actor=cast.binh)
    client = signed_in_just_now(cast.binh)
    assert 'value="forget"' in client.get(url("enrol")).content.decode()
    assert client.post(url("enrol"), {"act": "forget"}).url == url("enrol")
    assert pictures.read_picture(cast.binh.person) is None
