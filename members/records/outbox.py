"""Mails queued in an act's transaction and sent afterwards by `run_due`."""

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
    """Queue one mail to a person, in the caller's transaction.

    `template` is a text template whose first line is the subject. `key` identifies the occasion
    ("covenants.invited:12:34"); a second mail with the same key is not queued. People without an
    address are skipped.
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
    """The mail as plain text, without HTML escaping: “R&D” stays as it is."""
    mail = Engine.get_default().get_template(template)
    return mail.render(Context(context, autoescape=False))


def _one_line(subject: str) -> str:
    """The subject without line breaks (header injection), cut to the length of the column."""
    longest = OutboxMessage._meta.get_field("subject").max_length
    return " ".join(subject.split())[:longest]


def send_due() -> int:
    """Send every due mail; returns how many were sent.

    May run several times at once: each mail is locked while it is sent.
    """
    sent = 0
    while (outcome := _send_next()) is not None:
        sent += outcome
    return sent


def _send_next() -> int | None:
    """Send one due mail: 1 if sent, 0 if it failed and was postponed, None if nothing is due."""
    with transaction.atomic():
        message = _next_due()
        if message is None:
            return None
        message.attempts += 1
        try:
            send_mail(message.subject, message.body, None, [message.recipient])
        # Any error: one faulty mail must not hold up the others.
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
