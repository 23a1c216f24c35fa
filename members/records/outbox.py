"""Mail that acts ask for, written in their transaction and sent afterwards by `run_due`."""

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.db import connection, transaction
from django.template import Context, Engine
from django.utils import timezone, translation

from ..models import OutboxMessage, Person

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 8


def queue(
    person: Person,
    *,
    key: str,
    template: str,
    context: dict[str, Any],
    due_at: dt.datetime | None = None,
) -> None:
    """Ask for one mail to a person, in the caller's transaction.

    `template` is a text template whose first line is the subject. `key` names the occasion
    ("covenants.invited:12:34"): the same occasion is mailed once. A person without an address is
    passed over: the secretariat sees the reminder text on the home page instead.
    """
    if not person.email:
        return
    with translation.override("vi"):
        text = _render_mail(
            template, {**context, "recipient": person, "portal_url": settings.PUBLIC_URL}
        )
    subject, _, body = text.strip().partition("\n")
    now = timezone.now()
    OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "recipient": person.email,
            "subject": _one_line(subject),
            "body": body.strip() + "\n",
            "created_at": now,
            "due_at": due_at or now,
        },
    )


def _render_mail(template: str, context: dict[str, Any]) -> str:
    """The mail as plain text: nothing in it is escaped for HTML, “R&D” goes out as it stands."""
    mail = Engine.get_default().get_template(template)
    return mail.render(Context(context, autoescape=False))


def _one_line(subject: str) -> str:
    """A line end in somebody's name must not break the header, nor a long title the column."""
    longest = OutboxMessage._meta.get_field("subject").max_length
    return " ".join(subject.split())[:longest]


def send_due() -> int:
    """Send every mail that is due and not yet sent; returns how many went out.

    Safe to run several times at once: each mail is locked while it is sent.
    """
    sent = 0
    while (outcome := _send_next()) is not None:
        sent += outcome
    return sent


def _send_next() -> int | None:
    """Send one due mail: 1 sent, 0 failed and put off, None when nothing is due."""
    with transaction.atomic():
        message = _next_due()
        if message is None:
            return None
        message.attempts += 1
        try:
            send_mail(message.subject, message.body, None, [message.recipient])
        # Whatever is wrong with one mail, those behind it must not wait for it.
        except Exception as error:
            _put_off(message, error)
            return 0
        message.sent_at = timezone.now()
        message.save(update_fields=["attempts", "sent_at"])
        return 1


def _next_due() -> OutboxMessage | None:
    skip_locked = connection.features.has_select_for_update_skip_locked
    return (
        OutboxMessage.objects.select_for_update(skip_locked=skip_locked)
        .filter(sent_at=None, due_at__lte=timezone.now(), attempts__lt=MOST_ATTEMPTS)
        .order_by("due_at", "pk")
        .first()
    )


def _put_off(message: OutboxMessage, error: Exception) -> None:
    logger.warning("mail %s was not sent: %s", message.pk, error)
    message.last_error = str(error)
    message.due_at = timezone.now() + dt.timedelta(minutes=2**message.attempts)
    message.save(update_fields=["attempts", "last_error", "due_at"])
