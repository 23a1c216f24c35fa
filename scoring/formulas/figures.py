"""Decimals of scoring: rounded once, spelled one way, and written for people."""

from decimal import Context, Decimal

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_figure

ZERO = Decimal(0)
ONE = Decimal(1)
TWO = Decimal(2)
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")
# Where one division follows another: 60 digits are carried and 28 handed out, so that a half,
# which decides the rounding, stays a half.
WIDE = Context(prec=60)


def rounded(points: Decimal, step: Decimal) -> Decimal:
    """The nearest multiple of `step`, a half away from zero, with the decimals of the step."""
    if points < ZERO:
        return ZERO - rounded(-points, step)
    whole, rest = divmod(points, step)
    if rest >= step / TWO:
        whole += ONE
    # Added to 0, -0 is 0: who types one earns "0,00" and not "-0,00".
    return ZERO + whole * step


def percent(share: Decimal) -> str:
    return f"{vn_figure(rounded(share, HUNDREDTH))}\N{NO-BREAK SPACE}%"


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    return WIDE.divide(part * HUNDRED, whole)


def compared(label: str, part: Decimal, whole: Decimal) -> str:
    """The label and "= 90 %", or "≈ 66,67 %" where more decimals follow than are shown."""
    share = percent_of(part, whole)
    equals = "=" if rounded(share, HUNDREDTH) == share else "≈"
    return f"{label} {equals} {percent(share)}"


def done_of_plan(actual: Decimal, plan: Decimal) -> str:
    label = _("Done %(actual)s / planned %(plan)s")
    return compared(label % {"actual": vn_figure(actual), "plan": vn_figure(plan)}, actual, plan)


def times(factor: str, points: Decimal) -> str:
    return _("%(factor)s × %(points)s points") % {"factor": factor, "points": vn_figure(points)}


def capped(calculation: str, cap: Decimal, *, is_over: bool) -> str:
    if not is_over:
        return calculation
    return f"{calculation}, " + _("at most %(cap)s") % {"cap": vn_figure(cap)}
