"""Addresses of papers in pages and mails, and the pages that a paper is written on."""

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from covenants.addresses import address
from covenants.models import Paper

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
    """What the page of the workshop is called."""
    return TAB_NAMES.get(tab, _("Workshop"))


# What is looked at before a text is frozen, and where it is put right: the page, and what follows.
PLACES = {
    "header": ("workshop", "#header"),
    "text": ("workshop", "#articles"),
    "bases": ("bases", ""),
    "targets": ("targets", ""),
    "comments": ("comments", "?verdict=open"),
}


@register.simple_tag
def check_url(paper: Paper, part: str) -> str:
    """Where the fault of a check is mended; empty where that is no page of the paper."""
    if part not in PLACES:
        return ""
    page, where = PLACES[part]
    return f"{address(paper, page)}{where}"
