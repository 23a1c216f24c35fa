"""Small samples of a chart's colours and lines for the legend."""

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.bars import BONUS
from emulation_bloc.lib.charts.marks import mark
from emulation_bloc.lib.charts.shades import hatching
from emulation_bloc.lib.charts.svg import element, line, look

WIDTH, HEIGHT = 26, 14


def fill_key(series: int) -> SafeString:
    """For a part of a bar: 1 to SERIES or BONUS."""
    return _key(element("g", _box(), class_=f"chart-fill-{look(series) if series else BONUS}"))


def line_key(series: int) -> SafeString:
    """For a line over the years, with its mark."""
    drawn = line(0, HEIGHT / 2, WIDTH, HEIGHT / 2, f"chart-line-{look(series)}")
    return _key(drawn, mark(WIDTH / 2, HEIGHT / 2, series))


def shape_key(series: int) -> SafeString:
    """For a polygon of the radar."""
    return _key(line(0, HEIGHT / 2, WIDTH, HEIGHT / 2, f"chart-shape-{look(series)}"))


def heat_key(step: int) -> SafeString:
    """For a shade of the heat map: 1 to 5, or 0 for "does not apply"."""
    hatch = () if step else (hatching(1, 1, WIDTH - 2, HEIGHT - 2),)
    return _key(element("g", _box(), *hatch, class_=f"chart-heat-{step}"))


def _box() -> SafeString:
    return element("rect", x=0.5, y=0.5, width=WIDTH - 1, height=HEIGHT - 1)


def _key(*parts: str) -> SafeString:
    return element(
        "svg",
        *parts,
        class_="chart chart-key",
        aria_hidden="true",
        viewBox=f"0 0 {WIDTH} {HEIGHT}",
        width=WIDTH,
        height=HEIGHT,
    )
