"""Template tags for URLs of papers and names of the drafting pages."""

from django import template
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from covenants.addresses import address
from covenants.models import Paper
from emulation_bloc.lib.text import Segment

register = template.Library()

# {% paper_url paper "workshop" %}, {% paper_url paper "answer" comment.pk as answer_url %}
register.simple_tag(address, name="paper_url")

TAB_NAMES = {
    "bases": _("Legal bases"),
    "targets": _("Annex of targets"),
    "paste": _("Paste from Word"),
    "attachment": _("Attached text"),
}


@register.filter
def tab_name(tab: str) -> Promise:
    """The name of a drafting page."""
    return TAB_NAMES.get(tab, _("Workshop"))


# Part of the checks before sealing -> (page on which its faults are corrected, anchor or query).
PLACES = {
    "header": ("workshop", "#header"),
    "text": ("workshop", "#articles"),
    "bases": ("bases", ""),
    "targets": ("targets", ""),
    "comments": ("comments", "?verdict=open"),
}


@register.simple_tag
def check_url(paper: Paper, part: str) -> str:
    """The URL at which a check's faults are corrected; "" if it is not a page of the paper."""
    if part not in PLACES:
        return ""
    page, where = PLACES[part]
    return f"{address(paper, page)}{where}"


MARKS = {"added": "<ins>{}</ins>", "removed": "<del>{}</del> "}


@register.filter
def marked(run: Segment) -> SafeString:
    """A segment of a comparison in <ins> or <del>; templates write no whitespace between two
    segments.
    """
    return format_html(MARKS.get(run.kind, "{}"), run.text)
