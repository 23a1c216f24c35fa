"""Charts as inline SVG, with the same markup for pages and papers.

Geometry is in attributes, appearance in classes: portal.css for screen and browser printing,
paper-charts.css in greys for papers. There are no scripts, style attributes or ids. Lengths are CSS
pixels at natural size; a drawing shrinks to its column and is never enlarged. Charts that need
another layout on a phone are a pair of drawings, of which the style sheet shows one. The page adds
a table with the values.

Every text is escaped. A value that is not finite raises ValueError; values outside the scale are
cut off and marked.
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
