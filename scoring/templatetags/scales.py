"""Points as pages write them."""

from django import template

from scoring import scale_checks

register = template.Library()

# {{ sum.inside|points }}: 7,5 and not 7,50
register.filter("points", scale_checks.points)
