"""Template tags and filters for states, form controls, dates and numbers."""

from collections.abc import Iterable
from typing import NamedTuple

from django import template
from django.core.paginator import Paginator
from django.forms import BoundField
from django.forms.widgets import CheckboxInput, Select
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy

from emulation_bloc.lib import numbers, text
from members.models import Post

register = template.Library()


class Look(NamedTuple):
    """How a state is shown: class of the chip, icon and word; never by colour alone."""

    kind: str
    icon: str
    word: object


STATES: dict[str, Look] = {
    # a piece of work
    "done": Look("done", "check-circle-fill", pgettext_lazy("state", "Done")),
    "now": Look("now", "pencil-fill", pgettext_lazy("state", "In progress")),
    "wait": Look("", "clock", pgettext_lazy("state", "Not due yet")),
    "late": Look("late", "exclamation-triangle-fill", pgettext_lazy("state", "Late")),
    "missing": Look("late", "exclamation-triangle-fill", pgettext_lazy("state", "Missing")),
    "returned": Look("back", "arrow-return-left", pgettext_lazy("state", "Returned")),
    "na": Look("na", "dash-circle", pgettext_lazy("state", "Does not apply")),
    # a paper
    "drafting": Look("now", "pencil-fill", pgettext_lazy("state", "Being drafted")),
    "consulting": Look("now", "chat-left-text", pgettext_lazy("state", "In consultation")),
    "voting": Look("now", "check2-square", pgettext_lazy("state", "Being voted on")),
    "adopted": Look("done", "check2-all", pgettext_lazy("state", "Adopted")),
    "signing": Look("now", "vector-pen", pgettext_lazy("state", "Being signed")),
    "complete": Look("sealed", "patch-check", pgettext_lazy("state", "Fully signed")),
    "annulled": Look("na", "slash-circle", pgettext_lazy("state", "Annulled")),
    "published": Look("sealed", "lock", pgettext_lazy("state", "Published")),
    "locked": Look("sealed", "lock", pgettext_lazy("state", "Locked")),
    "closed": Look("sealed", "lock", pgettext_lazy("state", "Closed, read only")),
    # a seat
    "signed": Look("done", "check-circle-fill", pgettext_lazy("state", "Signed")),
    "left": Look("", "box-arrow-right", pgettext_lazy("state", "Left the bloc")),
    "waiting": Look("", "clock", pgettext_lazy("state", "To be signed")),
    "turn": Look("now", "pencil-fill", pgettext_lazy("state", "Your turn")),
    # a comment
    "open": Look("late", "chat-left-dots", pgettext_lazy("state", "Unanswered")),
    "accepted": Look("done", "check-circle-fill", pgettext_lazy("state", "Taken over")),
    "declined": Look("back", "chat-left-text", pgettext_lazy("state", "Kept, with a reason")),
    # a score sheet, the scoring of a year
    "filling": Look("now", "pencil-fill", pgettext_lazy("state", "Being filled in")),
    "submitted": Look("", "send-check", pgettext_lazy("state", "Submitted")),
    "appraised": Look("done", "check2-all", pgettext_lazy("state", "Appraised")),
    "scoring": Look("now", "table", pgettext_lazy("state", "Scoring and appraisal")),
    "agreed": Look("sealed", "people", pgettext_lazy("state", "Agreed")),
    "final": Look("sealed", "lock", pgettext_lazy("state", "Final")),
    "disqualification": Look("late", "slash-circle", pgettext_lazy("state", "Not considered")),
    "award_hold": Look("late", "hourglass-split", pgettext_lazy("state", "Not yet considered")),
    # an objection
    "upheld": Look("done", "check-circle-fill", pgettext_lazy("state", "Upheld")),
    "dismissed": Look("back", "chat-left-text", pgettext_lazy("state", "Dismissed")),
    # a round of voting
    "rejected": Look("late", "x-octagon", pgettext_lazy("state", "Not adopted")),
    "called_off": Look("na", "slash-circle", pgettext_lazy("state", "Called off")),
    # a person, a key, a legal basis
    "active": Look("done", "check-circle-fill", pgettext_lazy("state", "In force")),
    "ended": Look("na", "dash-circle", pgettext_lazy("state", "No longer in force")),
    "revoked": Look("late", "x-octagon", pgettext_lazy("state", "Revoked")),
}


# Not templates: a list shows dozens of them.
CHIP = '<span class="chip{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>'
STATE = '<span class="st{}"><i class="bi bi-{}" aria-hidden="true"></i>{}</span>'


@register.simple_tag
def chip(state: str, word: object = "") -> SafeString:
    """A state as icon and word in a box; `word` may replace it: {% chip "late" "Trễ 3 ngày" %}."""
    look = STATES[state]
    return format_html(CHIP, look.kind and f" chip-{look.kind}", look.icon, word or look.word)


@register.simple_tag
def state(state: str, word: object = "") -> SafeString:
    """Like `chip` without the box, for cells of a matrix that need no attention."""
    look = STATES[state]
    return format_html(STATE, look.kind and f" st-{look.kind}", look.icon, word or look.word)


@register.filter
def control(field: BoundField) -> SafeString:
    """The form control with Bootstrap classes and without a placeholder."""
    widget = field.field.widget
    if isinstance(widget, CheckboxInput):
        look_class = "form-check-input"
    else:
        look_class = "form-select" if isinstance(widget, Select) else "form-control"
    invalid = "is-invalid" if field.errors else ""
    names = [widget.attrs.get("class", ""), look_class, invalid]
    return field.as_widget(attrs={"class": " ".join(filter(None, names)), "placeholder": False})


@register.filter
def held(post: Post) -> str:
    """The days of a post: "from–until", or "since ..."."""
    since = date_format(post.starts_on, "SHORT_DATE_FORMAT")
    if post.ends_on:
        return f"{since}–{date_format(post.ends_on, 'SHORT_DATE_FORMAT')}"
    return gettext("since %(day)s") % {"day": since}


@register.filter
def page_numbers(paginator: Paginator, number: int) -> Iterable[int | str]:
    """The page numbers to show around this one, with gaps elided."""
    return paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)


register.filter("vn_decimal", numbers.vn_signed)
register.filter("vn_money", numbers.vn_money)
register.filter("fingerprint", text.fingerprint)
