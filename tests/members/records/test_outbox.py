import contextlib
import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from members.models import OutboxMessage, Person
from members.records import outbox
from tests.people import Cast

TEMPLATE = "members/mail/new_password.txt"


def queue(person: Person, key: str = "k", due_at: dt.datetime | None = None) -> None:
    context = {"link": "http://x/1", "username": "binh"}
    outbox.queue(person, key=key, template=TEMPLATE, context=context, due_at=due_at)


def test_mail_that_is_due_is_sent_once(cast: Cast) -> None:
    queue(cast.binh.person)

    assert (outbox.send_due(), outbox.send_due()) == (1, 0)
    assert [message.to for message in mail.outbox] == [["binh@example.vn"]]
    assert mail.outbox[0].subject == "Đặt lại mật khẩu Cổng Khối thi đua"


def test_same_occasion_is_mailed_once(cast: Cast) -> None:
    queue(cast.binh.person)
    queue(cast.binh.person)

    assert OutboxMessage.objects.count() == 1


def test_mail_for_later_waits(cast: Cast) -> None:
    queue(cast.binh.person, due_at=timezone.now() + dt.timedelta(hours=1))

    assert outbox.send_due() == 0


def test_mail_due_long_ago_is_still_sent(cast: Cast) -> None:
    queue(cast.binh.person, due_at=timezone.now() - dt.timedelta(days=40))

    assert outbox.send_due() == 1


def test_person_without_address_is_passed_over(cast: Cast) -> None:
    cast.binh.person.email = ""

    queue(cast.binh.person)

    assert OutboxMessage.objects.count() == 0


def test_mail_that_cannot_be_sent_is_put_off_and_says_why(cast: Cast, settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    queue(cast.binh.person)

    assert outbox.send_due() == 0

    message = OutboxMessage.objects.get()
    assert (message.sent_at, message.attempts) == (None, 1)
    assert message.due_at > timezone.now()
    assert message.last_error != ""


def test_a_mail_that_no_header_can_carry_does_not_stop_those_behind_it(cast: Cast) -> None:
    queue(cast.binh.person, key="broken")
    queue(cast.em.person, key="behind it")
    OutboxMessage.objects.filter(key="broken").update(subject="Khối\rTây Nguyên")

    assert outbox.send_due() == 1

    assert [message.to for message in mail.outbox] == [["em@example.vn"]]
    broken = OutboxMessage.objects.get(key="broken")
    assert (broken.sent_at, broken.attempts, broken.last_error != "") == (None, 1, True)


def remind(cast: Cast, name: str) -> OutboxMessage:
    cast.bloc.short_name = name
    outbox.queue(
        cast.binh.person,
        key="k",
        template="members/mail/reminder.txt",
        context={"text": "Ký giao ước <R&D>", "year": cast.year},
    )
    return OutboxMessage.objects.get()


def test_a_line_end_in_a_name_does_not_break_the_subject(cast: Cast) -> None:
    cast.year.bloc = cast.bloc
    message = remind(cast, "Khối\r Tây\tNguyên")
    assert message.subject == "Nhắc việc thi đua năm 2019, Khối Tây Nguyên"
    assert outbox.send_due() == 1


def test_nothing_in_a_mail_is_escaped_for_html(cast: Cast) -> None:
    cast.year.bloc = cast.bloc
    message = remind(cast, "Khối R&D “x” " + '"' * 60)
    assert message.subject == "Nhắc việc thi đua năm 2019, Khối R&D “x” " + '"' * 60
    assert message.body.splitlines()[0] == "Ký giao ước <R&D>"


def test_a_subject_is_cut_where_its_column_ends(cast: Cast) -> None:
    cast.year.bloc = cast.bloc
    assert len(remind(cast, "x" * 300).subject) == 250


@pytest.mark.django_db(transaction=True)
def test_mail_of_an_act_that_failed_is_never_sent(cast: Cast) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        queue(cast.binh.person)
        raise ZeroDivisionError

    assert OutboxMessage.objects.count() == 0
