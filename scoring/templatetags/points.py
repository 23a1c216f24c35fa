"""Filters that print points, percents and figures in tables."""

from decimal import Decimal

from django import template

from emulation_bloc.lib.numbers import vn_decimal, vn_figure, vn_signed

register = template.Library()

CENT = Decimal("0.01")
TENTH = Decimal("0.1")
NOTHING = "–"


@register.filter
def points(value: Decimal | None) -> str:
    """ "57,20"; a dash for None."""
    return NOTHING if value is None else vn_signed(value.quantize(CENT))


@register.filter
def given_points(value: Decimal | str | None) -> str:
    """57,2: with the decimals that they have; a dash where there are none."""
    return vn_signed(value) if isinstance(value, Decimal) else NOTHING


@register.filter
def gain(value: Decimal) -> str:
    """ "+1,50" or "−0,25"; "0,00" for no change."""
    return f"+{points(value)}" if value > 0 else points(value)


@register.filter
def percent(value: Decimal | None) -> str:
    """ "95,5 %"; a dash for None."""
    if value is None:
        return NOTHING
    return f"{vn_decimal(value.quantize(TENTH))}\N{NO-BREAK SPACE}%"


@register.filter
def figure(value: Decimal | None) -> str:
    """A raw figure without trailing zeros: "1.500", "97,5"; a dash for None."""
    if value is None:
        return NOTHING
    return vn_figure(value)
