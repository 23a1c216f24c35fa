"""Addresses of papers in pages and mails."""

from django import template

from covenants.addresses import address

register = template.Library()

# {% paper_url paper "workshop" %}, {% paper_url paper "answer" comment.pk as answer_url %}
register.simple_tag(address, name="paper_url")
