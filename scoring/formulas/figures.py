"""Decimal arithmetic of scoring: rounding half up, percents, and figures written for people."""

from decimal import Context, Decimal

from django.utils.translation import gettext as _

from emulation_bloc.lib.numbers import vn_figure

ZERO = Decimal(0)
ONE = Decimal(1)
TWO = Decimal(2)
HUNDRED = Decimal(100)
HUNDREDTH = Decimal("0.01")
# For formulas with two divisions in a row: computed with 60 digits and reduced to 28 at the end, so
# that an exact half is still an exact half when it is rounded.
WIDE = Context(prec=60)


def rounded(points: Decimal, step: Decimal) -> Decimal:
    """`points` rounded to the nearest multiple of `step`, halves away from zero, with as many
    decimals as the step."""
    if points < ZERO:
        return ZERO - rounded(-points, step)
    whole, rest = divmod(points, step)
    if rest >= step / TWO:
        whole += ONE
    # 0 + -0 is 0, so that a typed -0 is printed as "0,00" and not as "-0,00".
    return ZERO + whole * step


def percent(share: Decimal) -> str:
    """A percentage with up to two decimals: "66,67 %"."""
    return f"{vn_figure(rounded(share, HUNDREDTH))}\N{NO-BREAK SPACE}%"


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """`part` in percent of `whole`, to 60 digits; `whole` must not be 0."""
    return WIDE.divide(part * HUNDRED, whole)


def compared(label: str, part: Decimal, whole: Decimal) -> str:
    """The label and "= 90 %", or "≈ 66,67 %" where the percentage has more than two decimals."""
    share = percent_of(part, whole)
    equals = "=" if rounded(share, HUNDREDTH) == share else "≈"
    return f"{label} {equals} {percent(share)}"


def done_of_plan(actual: Decimal, plan: Decimal) -> str:
    """ "Done 18 / planned 20 = 90 %", for the calculation on a sheet."""
    label = _("Done %(actual)s / planned %(plan)s")
    return compared(label % {"actual": vn_figure(actual), "plan": vn_figure(plan)}, actual, plan)


def times(factor: str, points: Decimal) -> str:
    """The product of a factor, already in words, and points: "90 % × 10 points"."""
    return _("%(factor)s × %(points)s points") % {"factor": factor, "points": vn_figure(points)}


def capped(calculation: str, cap: Decimal, *, is_over: bool) -> str:
    """The calculation, with "at most …" added where the cap was applied."""
    if not is_over:
        return calculation
    return f"{calculation}, " + _("at most %(cap)s") % {"cap": vn_figure(cap)}
