"""Charts in PDFs: styled by paper-charts.css only, in black and grey."""

import re
from decimal import Decimal
from io import BytesIO

import pikepdf
import pytest

from emulation_bloc.lib import qr
from emulation_bloc.lib.charts import (
    BONUS,
    Line,
    Part,
    Shape,
    YearPoint,
    bar,
    fill_key,
    heat,
    line_key,
    radar,
    scale,
    years,
)
from emulation_bloc.lib.pdf import render
from tests.lib.printed_papers import words_of

MOST = Decimal(100)
PERCENTS = [Decimal(n) for n in (0, 30, 55, 75, 130)]


def printed(*charts: str) -> bytes:
    return render(f"<!doctype html><html lang='vi'><title>Điểm</title>{''.join(charts)}</html>").pdf


def paints(paper: bytes) -> set[str]:
    """The colours that fill an area anywhere in the paper, as red, green and blue in percent."""
    with pikepdf.open(BytesIO(paper)) as document:
        streams = [page.Contents.read_bytes() for page in document.pages]
        streams += [o.read_bytes() for o in document.objects if isinstance(o, pikepdf.Stream)]
    found = re.findall(rb"([\d.]+) ([\d.]+) ([\d.]+) (?:rg|scn)\b", b"\n".join(streams))
    return {" ".join(str(round(float(part) * 100)) for part in colour) for colour in found}


def every_chart() -> list[str]:
    values: list[Decimal | None] = [*PERCENTS, None]
    points = [YearPoint(2019 + n, percent) for n, percent in enumerate(values)]
    return [
        bar([Part(n, Decimal(30), "") for n in range(6)], most=MOST, label="a"),
        scale(MOST),
        radar([f"Trục {n}" for n in range(6)], [Shape("", values, n) for n in (1, 2)], label="b"),
        years([Line("Gia Lai", points, 1), Line("Kon Tum", points[:1], 2)], label="c"),
        heat(["Hạ tầng"], [f"B{n}" for n in range(6)], [values], label="d"),
    ]


def test_groups_of_points_are_told_apart_in_grey() -> None:
    parts = [Part(series, Decimal(25), "") for series in (1, 2, 3, BONUS)]
    assert paints(printed(bar(parts, most=MOST, label=""))) >= {
        "20 20 20",
        "60 60 60",
        "87 87 87",
        "100 100 100",
    }


def test_nothing_in_a_paper_is_coloured() -> None:
    coloured = {paint for paint in paints(printed(*every_chart())) if len(set(paint.split())) > 1}
    assert coloured == set()


def test_a_chart_is_printed_once_in_the_layout_for_a_desk() -> None:
    text = words_of(printed(*every_chart()))
    assert [text.count(word) for word in ("Trục 3", "Hạ tầng", "Gia Lai")] == [1, 1, 1]


def test_a_scale_is_printed_over_its_bars() -> None:
    assert words_of(printed(scale(Decimal(105)))).split() == ["0", "40", "80", "100"]


def test_the_press_has_nothing_to_say_against_a_chart(caplog: pytest.LogCaptureFixture) -> None:
    printed(*every_chart(), fill_key(1), line_key(2))
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []


def test_other_drawings_stay_as_they_are() -> None:
    code = printed(qr.svg("https://example.org"))
    assert paints(code) == {"0 0 0", "100 100 100"}
