"""Charts as inline SVG, the same markup for a page and for a paper.

Geometry stands in attributes, looks in classes: portal.css colours them for the screen and for the
browser's printer, paper-charts.css in greys for papers. No chart needs a script, a style attribute
or an id. Lengths are CSS pixels at natural size; a drawing shrinks to its column and never grows
beyond its own size. Where a phone needs another layout a chart is a pair of drawings, of which the
style sheet shows one. Values are told in a table beside each chart: the page sees to that.

Every text is escaped. A value that is no finite number raises ValueError; any other is drawn, and
where it does not fit the scale it is cut off under a mark.
"""

from emulation_bloc.lib.charts.bars import BONUS, Part, bar, scale
from emulation_bloc.lib.charts.course import Line, YearPoint, years
from emulation_bloc.lib.charts.keys import fill_key, heat_key, line_key, shape_key
from emulation_bloc.lib.charts.polygons import Shape, radar
from emulation_bloc.lib.charts.shades import FIFTHS, heat, step_of
from emulation_bloc.lib.charts.svg import SERIES

__all__ = [
    "BONUS",
    "FIFTHS",
    "SERIES",
    "Line",
    "Part",
    "Shape",
    "YearPoint",
    "bar",
    "fill_key",
    "heat",
    "heat_key",
    "line_key",
    "radar",
    "scale",
    "shape_key",
    "step_of",
    "years",
]
