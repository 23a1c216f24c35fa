"""Marks on lines; their form tells series apart in black and white."""

from django.utils.safestring import SafeString

from emulation_bloc.lib.charts.svg import element, look

RADIUS, ARROW = 4.5, 7
SQUARE = "M{left:.1f},{top:.1f}h8v8h-8z"
DIAMOND = "M{left:.1f},{y:.1f}l5.5,-5.5l5.5,5.5l-5.5,5.5z"
UP, DOWN = "M{left:.1f},{y:.1f}l7,-10l7,10z", "M{left:.1f},{y:.1f}l7,10l7,-10z"


def mark(x: float, y: float, series: int) -> SafeString:
    """A circle, square or diamond; the style sheets fill every second series and leave the others
    hollow.
    """
    number = look(series)
    class_ = f"chart-mark-{number}"
    match number % 3:
        case 1:
            return element("circle", cx=x, cy=y, r=RADIUS, class_=class_)
        case 2:
            return element("path", d=SQUARE.format(left=x - 4, top=y - 4), class_=class_)
        case _:
            return element("path", d=DIAMOND.format(left=x - 5.5, y=y), class_=class_)


def arrow(x: float, y: float, *, upwards: bool) -> SafeString:
    """A mark on the edge of the scale, for a value outside."""
    path = (UP if upwards else DOWN).format(left=x - ARROW, y=y)
    return element("path", d=path, class_="chart-beyond")
