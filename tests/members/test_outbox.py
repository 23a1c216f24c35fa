import contextlib
import datetime as dt

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone
from pytest_django import Settings

from members import outbox
from members.models import OutboxMessage, Person
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


@pytest.mark.django_db(transaction=True)
def test_mail_of_an_act_that_failed_is_never_sent(cast: Cast) -> None:
    with contextlib.suppress(ZeroDivisionError), transaction.atomic():
        queue(cast.binh.person)
        raise ZeroDivisionError

    assert OutboxMessage.objects.count() == 0
