"""What all charts must satisfy: well-formed markup, allowed by the content policy, within the
drawing.
"""

import re
from decimal import Decimal

import pytest

from emulation_bloc.lib.charts import (
    BONUS,
    SERIES,
    Line,
    Part,
    Shape,
    YearPoint,
    bar,
    fill_key,
    heat,
    heat_key,
    line_key,
    radar,
    scale,
    shape_key,
    years,
)
from emulation_bloc.lib.pdf import STYLES
from tests.lib.drawn_charts import HOSTILE, drawings

NAN, INFINITE = Decimal("NaN"), Decimal("Infinity")
CLEANED = re.sub("[\x00\x0b\x1b\ufffe\u202e]", "", HOSTILE)


KINDS = ("bar", "radar", "years", "heat")


def chart(kind: str, words: str = "Đắk Lắk", percent: Decimal = Decimal(120)) -> str:
    match kind:
        case "bar":
            return bar([Part(1, percent, words)], most=Decimal(100), label=words)
        case "radar":
            return radar([words] * 5, [Shape(words, [percent] * 4 + [None], 1)], label=words)
        case "years":
            points = [YearPoint(year, percent) for year in (2019, 2020, 2022)]
            return years([Line(words, points, n) for n in (1, 2)], label=words)
        case _:
            return heat([words] * 2, [words] * 3, [[percent, None, percent]] * 2, label=words)


def every_key() -> dict[str, str]:
    keys = {f"fill {n}": fill_key(n) for n in (BONUS, *range(1, SERIES + 1))}
    keys |= {f"line {n}": line_key(n) for n in range(1, SERIES + 1)}
    keys |= {f"shape {n}": shape_key(n) for n in range(1, SERIES + 1)}
    return keys | {f"heat {n}": heat_key(n) for n in range(6)}


@pytest.mark.parametrize("kind", KINDS)
def test_a_hostile_name_stays_a_name(kind: str) -> None:
    for drawing in drawings(chart(kind, HOSTILE)):
        tags = {element.tag for element in drawing.iter()}
        attributes = {name for element in drawing.iter() for name in element.attrib}
        assert tags & {"script", "b", "style"} == set()
        assert attributes & {"style", "onclick", "id", "href"} == set()
        assert drawing.get("aria-label") == CLEANED


@pytest.mark.parametrize("kind", KINDS)
def test_a_chart_is_one_picture_with_a_name(kind: str) -> None:
    for drawing in drawings(chart(kind)):
        assert (drawing.get("role"), drawing.get("aria-label")) == ("img", "Đắk Lắk")
        assert re.fullmatch(r"-?[\d.]+ -?[\d.]+ [\d.]+ [\d.]+", drawing.get("viewBox"))


@pytest.mark.parametrize("kind", ["radar", "years", "heat"])
def test_a_pair_has_a_drawing_for_a_phone_and_one_for_a_desk(kind: str) -> None:
    found = [drawing.get("class").split() for drawing in drawings(chart(kind))]
    kinds = [f"chart-{kind}", "chart-wide"], [f"chart-{kind}", "chart-narrow"]
    assert found == [["chart", *kind] for kind in kinds]


@pytest.mark.parametrize("key", every_key())
def test_a_key_is_decoration_of_the_word_beside_it(key: str) -> None:
    (drawing,) = drawings(every_key()[key])
    assert (drawing.get("aria-hidden"), drawing.get("class")) == ("true", "chart chart-key")


def test_a_key_looks_like_what_it_stands_for() -> None:
    looks = {key: set(re.findall(r"chart-[a-z]+-\d", drawn)) for key, drawn in every_key().items()}
    assert looks["fill 0"] == {"chart-fill-0"}
    assert looks["line 2"] == {"chart-line-2", "chart-mark-2"}
    assert looks["shape 2"] == {"chart-shape-2"}
    assert looks["heat 5"] == {"chart-heat-5"}


def test_only_the_key_of_nothing_is_hatched() -> None:
    assert [key for key, drawn in every_key().items() if "chart-hatch" in drawn] == ["heat 0"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("value", [NAN, INFINITE, -INFINITE])
def test_what_is_no_number_is_refused(kind: str, value: Decimal) -> None:
    with pytest.raises(ValueError, match="Not a finite number"):
        chart(kind, percent=value)


def test_a_scale_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="Not a finite number"):
        scale(INFINITE)


@pytest.mark.parametrize("sheet", ["portal.css", "paper-charts.css"])
def test_each_look_has_its_rules_on_the_screen_and_on_paper(sheet: str) -> None:
    rules = (STYLES / sheet).read_text()
    drawn = "".join([*map(chart, KINDS), *every_key().values()])
    looks = set(
        re.findall(r"chart-[a-z]+-\d|chart-(?:grid|axis|lead|beyond(?:-ring)?|hatch)", drawn)
    )
    assert {look for look in looks if not re.search(rf"\.{look}\b", rules)} == set()
