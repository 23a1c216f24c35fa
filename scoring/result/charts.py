"""The charts of a year as SVG, the same on pages and papers."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from emulation_bloc.lib import charts
from emulation_bloc.lib.numbers import vn_signed
from members.models import Membership

from ..computing import BoardResult
from . import profiles
from .profiles import Axis, YearOfBoard
from .standings import Row, Standings

# --- Bars by group --------------------------------------------------------------------------------


def bar(standings: Standings, row: Row, *, by_group: bool) -> SafeString:
    """The total of a board as a bar, in parts by group, or as one part for readers who may see
    totals only. Empty while the board's points are incomplete."""
    if row.waits:
        return SafeString("")
    result = row.result
    label = f"{standings.names[result.board]}: {vn_signed(result.total)}"
    parts = [charts.Part(1, result.total, label)]
    if by_group:
        parts = list(_parts_of(standings, result))
        label = f"{label} ({'; '.join(part.label for part in parts)})"
    return charts.bar(parts, most=standings.most, label=label)


def _parts_of(standings: Standings, result: BoardResult) -> Iterator[charts.Part]:
    """The series number is the place of the group; the last series is the points added by
    rescaling."""
    for series, group in enumerate(standings.main_groups, start=1):
        points = result.groups[group.code]
        yield charts.Part(series, points, f"{group.code} {vn_signed(points)}")
    if result.adjustment:
        label = f"{_('Rescaled')} {vn_signed(result.adjustment)}"
        yield charts.Part(charts.SERIES, result.adjustment, label)
    if standings.rules.bonus_cap:
        yield charts.Part(charts.BONUS, result.bonus, f"{_('Bonus')} {vn_signed(result.bonus)}")


def legend(standings: Standings) -> list[tuple[SafeString, str]]:
    """The legend of the bars as (sample, words)."""
    keys = [
        (charts.fill_key(series), f"{group.code}. {group.title}")
        for series, group in enumerate(standings.main_groups, start=1)
    ]
    if standings.has_adjustment:
        keys.append((charts.fill_key(charts.SERIES), _("Rescaled")))
    if standings.rules.bonus_cap:
        keys.append((charts.fill_key(charts.BONUS), _("Bonus")))
    return keys


# --- One board ------------------------------------------------------------------------------------


class Spoke(NamedTuple):
    """An axis of the radar in percent, also printed in the table beside it."""

    label: str
    own: Decimal | None
    middle: Decimal | None


def spokes_of(standings: Standings, membership: int, *, with_middle: bool) -> list[Spoke]:
    """The spokes of the radar of a board; without the median if `with_middle` is false."""
    return [
        Spoke(
            axis.label,
            profiles.percent(standings, axis, membership),
            profiles.middle_of_boards(standings, axis) if with_middle else None,
        )
        for axis in profiles.axes(standings)
    ]


def radar(name: str, spokes: Sequence[Spoke], *, with_middle: bool) -> SafeString:
    """The radar of a board: percent of the standard points, and the median of the bloc."""
    shapes = [charts.Shape(name, [one.own for one in spokes], 1)]
    if with_middle:
        shapes.append(charts.Shape(_("Median"), [one.middle for one in spokes], 2))
    label = _("Percent of the standard points: %(board)s") % {"board": name}
    return charts.radar([one.label for one in spokes], shapes, label=label)


def course(membership: Membership, years: Sequence[YearOfBoard]) -> SafeString:
    """A line chart of the board's years; empty if there is only one, which the table shows as
    well."""
    if len(years) < 2:
        return SafeString("")
    name = membership.name.short_name
    own = [charts.YearPoint(one.year, one.percent) for one in years]
    middle = [charts.YearPoint(one.year, one.middle) for one in years]
    label = _("Percent of the standard points, year by year: %(board)s") % {"board": name}
    lines = [charts.Line(name, own, 1), charts.Line(_("Median"), middle, 2)]
    return charts.years(lines, label=label)


# --- All boards -----------------------------------------------------------------------------------

SHADES = ("0 – 20", "20 – 40", "40 – 60", "60 – 80", "80 – 100")


def shades(standings: Standings) -> list[tuple[SafeString, str]]:
    """The legend of the heat map as (sample, words), the lightest shade first."""
    nothing = (
        _("Not assigned, or not appraised yet") if standings.scoring.is_open else _("Not assigned")
    )
    keys = [(charts.heat_key(step), words) for step, words in enumerate(SHADES, start=1)]
    return [*keys, (charts.heat_key(0), nothing)]


def heat(standings: Standings) -> SafeString:
    """The heat map of all criteria, in percent of the standard points. Criteria without standard
    points, such as deductions, are only in the table."""
    return _heat_of(standings, profiles.by_criterion(standings))


def heats(standings: Standings, *, rows: int) -> list[SafeString]:
    """The heat map split into drawings of at most `rows` criteria each, evenly, because a drawing
    cannot break across pages."""
    axes = profiles.by_criterion(standings)
    count = ceil(len(axes) / rows)
    each = ceil(len(axes) / count) if count else 0
    return [_heat_of(standings, axes[n * each : (n + 1) * each]) for n in range(count)]


def _heat_of(standings: Standings, axes: Sequence[Axis]) -> SafeString:
    return charts.heat(
        [axis.label for axis in axes],
        profiles.short_names(standings),
        [[profiles.percent(standings, axis, board) for board in standings.boards] for axis in axes],
        label=_("Percent of the standard points of each criterion, board by board"),
    )
