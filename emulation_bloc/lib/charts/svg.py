"""SVG elements as safe strings, and values clipped to a scale."""

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from emulation_bloc.lib.text import nfc, visible

# The style sheets have this many looks for series; further series repeat them.
SERIES = 6
FULL = Decimal(100)
ONE = Decimal(1)
TOO_LONG = Decimal("999.5")

# Characters that XML does not allow, not even as a reference.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, *inside: str, **attributes: str | float) -> SafeString:
    """An SVG element. `class_` becomes class, `text_anchor` text-anchor; numbers get at most two
    decimals.
    """
    written = format_html_join(
        "",
        ' {}="{}"',
        ((key.rstrip("_").replace("_", "-"), _written(value)) for key, value in attributes.items()),
    )
    return format_html("<{0}{1}>{2}</{0}>", name, written, _joined(inside))


def _joined(parts: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((clean(part),) for part in parts))


def _written(value: str | float) -> str:
    """Adding 0 turns -0.0 into 0."""
    return clean(value) if isinstance(value, str) else f"{round(value, 2) + 0:.10g}"


def clean(text: str) -> str:
    """The text in NFC without characters that XML does not allow; safe strings are left as they
    are.
    """
    return text if isinstance(text, SafeString) else _NOT_XML.sub("", visible(nfc(text)))


def line(x1: float, y1: float, x2: float, y2: float, class_: str) -> SafeString:
    """A line element."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=class_)


def text(x: float, y: float, words: str, *, anchor: str = "start", class_: str = "") -> SafeString:
    """A text element; `y` is its baseline."""
    look = {"class_": class_} if class_ else {}
    return element("text", words, x=x, y=y, text_anchor=anchor, **look)


def drawing(
    kind: str, parts: Iterable[str], *, label: str, box: tuple[float, float, float, float]
) -> SafeString:
    """An svg element at its natural size; `kind` are its classes, `box` is left, top, width,
    height.
    """
    left, top, width, height = (round(edge, 1) for edge in box)
    return element(
        "svg",
        _joined(parts),
        class_=f"chart {kind}",
        role="img",
        aria_label=label,
        viewBox=f"{left:g} {top:g} {width:g} {height:g}",
        width=width,
        height=height,
    )


def pair(kind: str, wide: str, narrow: str) -> SafeString:
    """Two layouts of a chart. Only one is displayed, so screen readers read one."""
    return element("div", wide, narrow, class_=f"chart-pair {kind}")


def look(series: int) -> int:
    """The number of a series' look in the style sheets: 1 to SERIES."""
    return 1 + (series - 1) % SERIES


def share(value: Decimal, most: Decimal) -> float:
    """`value` as a part of `most`, clipped to 0 to 1; 0 if `most` is not positive."""
    if finite(most) <= 0:
        return 0.0
    return float(min(max(finite(value), Decimal(0)), most) / most)


def finite(value: Decimal) -> Decimal:
    """The value; raises ValueError if it is not finite."""
    if not value.is_finite():
        raise ValueError(f"Not a finite number: {value}")
    return value


def fits(percent: Decimal) -> bool:
    """Whether the percentage is between 0 and 100."""
    return 0 <= percent <= FULL


def figure(percent: Decimal) -> str:
    """The percentage as a whole number, rounded half up; "<0" below 0, "…" from four digits on."""
    if finite(percent) < 0:
        return "<0"
    if percent >= TOO_LONG:
        return "…"
    return str(int(percent.quantize(ONE, ROUND_HALF_UP)))
