"""Parses a chart's markup: its drawings, and the extent of each element."""

import re
from collections.abc import Iterator

from lxml import etree

from emulation_bloc.lib.charts.lettering import width_of

HOSTILE = (
    "\"'><script>alert(1)</script><b style=\"color:red\" onclick='x'>&amp;\x00\x0b\x1b\ufffe\u202e"
)

Extent = tuple[float, float, float, float]


def drawings(markup: str) -> list[etree._Element]:
    """The SVGs of a chart, strictly parsed as XML."""
    root = etree.fromstring(markup)
    return [root] if root.tag == "svg" else list(root)


def wide(markup: str) -> etree._Element:
    return drawings(markup)[0]


def of_class(drawing: etree._Element, name: str) -> list[etree._Element]:
    return drawing.xpath(f".//*[@class='{name}']")


def words(drawing: etree._Element) -> list[str]:
    return [element.text or "" for element in drawing.iter("text")]


def number(element: etree._Element, name: str) -> float:
    return float(element.get(name))


def pairs(points: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (point.split(",") for point in points.split())]


def view_box(drawing: etree._Element) -> Extent:
    """Left, top, right, bottom."""
    left, top, width, height = map(float, drawing.get("viewBox").split())
    return left, top, left + width, top + height


def extents(drawing: etree._Element) -> Iterator[tuple[etree._Element, Extent]]:
    for element in drawing.iter():
        if element.tag in MEASURES:
            yield element, MEASURES[element.tag](element)


def outside(drawing: etree._Element) -> list[str]:
    """What leaves the view box, but for half the width of a stroke."""
    left, top, right, bottom = view_box(drawing)
    return [
        f"{etree.tostring(element)!r} {extent} not in {view_box(drawing)}"
        for element, extent in extents(drawing)
        if extent[0] < left - 1 or extent[1] < top - 1
        or extent[2] > right + 1 or extent[3] > bottom + 1
    ]  # fmt: skip


def overlapping(drawing: etree._Element) -> list[tuple[str, str]]:
    """Pairs of texts that lie over each other."""
    texts = [(e.text or "", box) for e, box in extents(drawing) if e.tag == "text"]
    return [
        (one, other)
        for n, (one, a) in enumerate(texts)
        for other, b in texts[n + 1 :]
        if one and other and meet(a, b)
    ]


def meet(a: Extent, b: Extent) -> bool:
    return min(a[2], b[2]) - max(a[0], b[0]) > 0.5 and min(a[3], b[3]) - max(a[1], b[1]) > 0.5


def _text(element: etree._Element) -> Extent:
    """From the top of a capital to the foot of a line."""
    long = width_of(element.text or "")
    if turned := element.get("transform"):
        x, y = map(float, re.findall(r"translate\((\S+) (\S+)\) rotate\(-90\)", turned)[0])
        return x - 10, y - long, x + 3, y
    x, y = number(element, "x"), number(element, "y")
    left = {"start": x, "middle": x - long / 2, "end": x - long}[element.get("text-anchor")]
    return left, y - 10, left + long, y + 3


def _rect(element: etree._Element) -> Extent:
    x, y = number(element, "x"), number(element, "y")
    assert number(element, "width") >= 0
    return x, y, x + number(element, "width"), y + number(element, "height")


def _line(element: etree._Element) -> Extent:
    return around([tuple(number(element, f"{axis}{n}") for axis in "xy") for n in (1, 2)])


def _circle(element: etree._Element) -> Extent:
    x, y, r = (number(element, name) for name in ("cx", "cy", "r"))
    return x - r, y - r, x + r, y + r


def _polygon(element: etree._Element) -> Extent:
    return around(pairs(element.get("points")))


def _path(element: etree._Element) -> Extent:
    """Of our own kind: moves and lines, to places or by steps."""
    x = y = 0.0
    points = []
    for letter, arguments in re.findall(r"([MLlhv])([^A-Za-z]*)", element.get("d")):
        steps = [float(one) for one in arguments.split(",")]
        dx, dy = {"h": (steps[0], 0.0), "v": (0.0, steps[0])}.get(letter) or steps
        x, y = (dx, dy) if letter in "ML" else (x + dx, y + dy)
        points.append((x, y))
    return around(points)


def around(points: list) -> Extent:
    """Nothing at all lies nowhere."""
    xs, ys = [x for x, _y in points], [y for _x, y in points]
    return (min(xs), min(ys), max(xs), max(ys)) if points else (0, 0, 0, 0)


MEASURES = {
    "text": _text,
    "rect": _rect,
    "line": _line,
    "circle": _circle,
    "polygon": _polygon,
    "polyline": _polygon,
    "path": _path,
}
