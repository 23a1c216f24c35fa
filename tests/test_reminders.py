"""Reminders of what is due, as text for a chat and by mail."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone, translation

from covenants.papers import consultation
from emulation_bloc import queries, reminders
from members.models import BlocYear, Membership, OutboxMessage
from members.models.people import PostKind
from members.records.due_dates import Audience, Obligation
from tests.members.pages import as_user, message_of, page, traces
from tests.people import Cast, draft_covenant, enrol, fresh, give_post, seal_covenant, sign
from tests.test_home import MEMBERS, home, seal_due_tomorrow


def owing(cast: Cast) -> list[reminders.OwingBoard]:
    return reminders.owing_boards(queries.obligations(cast.year), year=cast.year)


def test_the_reminder_is_written_word_for_word(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.binh)
    enrol(cast.an)
    today = dt.date(2019, 5, 10)
    with translation.override("en"):
        words = reminders.reminder_text(owing(cast), year=cast.year, today=today)
    assert words == (
        "Kính gửi các anh, chị đầu mối,\n"
        "Tính đến ngày 10/05/2019, Khối còn chờ:\n"
        "1. Đắk Lắk: Ký giao ước (hạn 04/05).\n"
        "2. Bình Định: Ký giao ước (hạn 04/05).\n"
        "Đề nghị các ban thực hiện trước ngày 14/05. Trân trọng cảm ơn.\n"
        "Thư ký Khối thi đua"
    )


def test_two_late_boards_of_one_province_go_by_their_short_names(cast: Cast) -> None:
    cast.board.names.update(province="Đắk Lắk")
    seal_covenant(cast.year, actor=cast.chi)
    found = owing(cast)
    lines = reminders.reminder_text(found, year=cast.year, today=dt.date(2019, 5, 10)).splitlines()
    assert [line.split(":")[0] for line in lines[2:4]] == [
        "1. BQL KKT Đắk Lắk",
        "2. BQL KKT Bình Định",
    ]


def remind(client: Client, year: BlocYear) -> str:
    return message_of(client.post(page("home", year), follow=True))


def test_the_reminder_is_mailed_once_a_day_to_those_who_may_act(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(paper, cast.head, actor=fresh(cast.an))
    OutboxMessage.objects.all().delete()
    client = as_user(cast.chi)
    assert remind(client, cast.year) == "Lời nhắc được gửi bằng thư đến 2 người."
    assert sorted(OutboxMessage.objects.values_list("recipient", flat=True)) == [
        "binh@example.vn",
        "em@example.vn",
    ]
    before = traces()
    assert remind(client, cast.year) == (
        "Hôm nay đã gửi thư nhắc cho tất cả người liên quan; không gửi lại."
    )
    assert traces() == before


def test_the_mail_holds_the_reminder_and_the_way_home(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    OutboxMessage.objects.all().delete()
    remind(as_user(cast.chi), cast.year)
    mail = OutboxMessage.objects.get(recipient="em@example.vn")
    assert mail.subject == "Nhắc việc thi đua năm 2019, Khối tay-nguyen"
    assert "2. Bình Định: Tạo khóa ký (hạn 04/05); Ký giao ước (hạn 04/05)." in mail.body
    assert "http://127.0.0.1:8000/k/tay-nguyen/2019/" in mail.body


def test_before_the_day_the_reminder_asks_for_due_time(cast: Cast) -> None:
    paper = seal_due_tomorrow(cast)
    enrol(cast.binh)
    sign(paper, cast.board, actor=fresh(cast.binh))
    context, today = home(cast, "chi"), timezone.localdate()
    day = f"{today + dt.timedelta(days=1):%d/%m}"
    assert (len(context["owing"]), context["late"]) == (1, [])
    assert context["reminder"].splitlines()[2:4] == [
        f"1. Đắk Lắk: Tạo khóa ký (hạn {day}); Ký giao ước (hạn {day}).",
        "Đề nghị các ban thực hiện đúng hạn. Trân trọng cảm ơn.",
    ]


def test_a_reminder_of_late_and_open_work_asks_for_both(cast: Cast) -> None:
    today = timezone.localdate()
    membership = cast.year.memberships.first()
    asked = [obligation_due(membership, today + dt.timedelta(days=days)) for days in (-1, 1)]
    board = reminders.OwingBoard(membership, asked)
    assert reminders.request_sentence([board], today) == (
        "Đề nghị các ban thực hiện đúng hạn; việc đã quá hạn thực hiện trước ngày "
        f"{today + reminders.ANSWER_WITHIN:%d/%m}."
    )


def obligation_due(membership: Membership, day: dt.date) -> Obligation:
    return Obligation(
        step="sign",
        title="Ký",
        column="Ký",
        audience=Audience.BOARD,
        membership=membership,
        due_on=day,
        url="/",
        action="Ký",
        page="/",
    )


def test_what_has_no_day_is_not_reminded_of(cast: Cast) -> None:
    consultation.open_consultation(draft_covenant(cast.year, actor=cast.chi), actor=cast.chi)
    assert owing(cast) == []


def test_nobody_is_reminded_when_nothing_is_owed(cast: Cast) -> None:
    before = traces()
    assert remind(as_user(cast.chi), cast.year) == (
        "Không ban nào còn việc phải làm, chưa cần nhắc ai."
    )
    assert traces() == before


@pytest.mark.parametrize("who", MEMBERS)
def test_a_member_sends_no_reminder(cast: Cast, who: str) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    before = traces()
    response = as_user(getattr(cast, who)).post(page("home", cast.year))
    assert (response.status_code, traces()) == (403, before)


def test_a_person_with_two_posts_in_a_late_board_gets_one_mail(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    give_post(cast.binh, PostKind.OFFICER, board=cast.board)
    OutboxMessage.objects.all().delete()
    remind(as_user(cast.chi), cast.year)
    assert OutboxMessage.objects.filter(recipient="binh@example.vn").count() == 1
