"""Charts in a real browser with the portal's style sheets and content policy, at every width."""

from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from emulation_bloc.lib.charts import (
    BONUS,
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
from tests.e2e.test_every_page import STILL, TOO_WIDE, findings

pytestmark = pytest.mark.e2e

CRITERIA = [
    "Thu hút dự án đầu tư mới", "Vốn đăng ký tăng thêm", "Hạ tầng kỹ thuật khu công nghiệp",
    "Giám sát sau cấp phép", "Môi trường, an ninh trật tự", "Lao động", "Cải cách hành chính",
    "Tổ chức bộ máy tinh gọn", "Phong trào thường xuyên", "Phong trào theo đợt", "Chuyên đề",
    "Điển hình tiên tiến", "Đóng quỹ đúng hạn", "Dự họp đầy đủ", "Báo cáo đúng hạn", "Giao ước",
]  # fmt: skip
BOARDS = [
    "Đà Nẵng", "Dung Quất", "Đắk Lắk", "Vân Phong", "Bình Định", "Chu Lai", "Lâm Đồng", "Phú Yên",
    "Gia Lai", "Đắk Nông", "Kon Tum", "Thừa Thiên Huế", "Quảng Nam", "Ninh Thuận", "Khánh Hòa",
    "Quảng Ngãi", "Bình Thuận", "Quảng Trị", "Hà Tĩnh", "Nghệ An",
]  # fmt: skip

# Of all drawings on show: texts that leave their drawing, lie over another one or are too small.
ILLEGIBLE = """() => {
    const seen = (part) => part.getBoundingClientRect().width > 0;
    const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1
        && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
    const wrong = [];
    for (const drawing of [...document.querySelectorAll(".chart")].filter(seen)) {
        const frame = drawing.getBoundingClientRect();
        const texts = [...drawing.querySelectorAll("text")];
        const boxes = texts.map((text) => text.getBoundingClientRect());
        texts.forEach((text, n) => {
            const box = boxes[n], word = text.textContent;
            if (box.left < frame.left - 1 || box.right > frame.right + 1
                || box.top < frame.top - 3 || box.bottom > frame.bottom + 3)
                wrong.push(`outside: ${word}`);
            if (13 * text.getScreenCTM().a < 11 && 13 * Math.abs(text.getScreenCTM().b) < 11)
                wrong.push(`small: ${word}`);
            boxes.slice(n + 1).forEach((other, m) => {
                if (meet(box, other)) wrong.push(`${word} over ${texts[n + 1 + m].textContent}`);
            });
        });
    }
    return wrong;
}"""
SHOWN = """() => [...document.querySelectorAll(".chart-pair")].map(
    (pair) => [...pair.children].filter((one) => one.getBoundingClientRect().width > 0).length)"""


def percents(count: int, start: int = 0) -> list[Decimal | None]:
    return [Decimal((start + n * 37) % 101) if n % 9 else None for n in range(count)]


def sheet(*parts: str) -> str:
    return f'<section class="sheet">{"".join(parts)}</section>'


def bars() -> str:
    parts = [Part(n, Decimal(18), f"Nhóm {n}") for n in (1, 2, 3, 4, BONUS)]
    row = bar(parts, most=Decimal(105), label="BQL các KCN Đắk Lắk")
    return scale(Decimal(105)) + row


def profiles() -> list[str]:
    return [
        radar(
            CRITERIA[:count],
            [Shape("Đắk Lắk", percents(count), 1), Shape("Trung vị", percents(count, 50), 2)],
            label="Tỷ lệ đạt",
        )
        for count in (3, 9, 16)
    ]


def courses() -> list[str]:
    def line(n: int, first: int = 2019) -> Line:
        points = [YearPoint(year, Decimal(78 + (year * n) % 22)) for year in range(first, 2027)]
        return Line(f"BQL các KCN {BOARDS[n]}", points, n)

    groups = [[line(1)], [line(n) for n in range(1, 7)], [line(2, 1990)]]
    return [years(group, label="Điểm qua các năm") for group in groups]


def maps() -> list[str]:
    return [
        heat(
            CRITERIA[:9],
            BOARDS[:count],
            [percents(count, n) for n in range(9)],
            label="Tiêu chí và ban",
        )
        for count in (4, 11, 20)
    ]


def keys() -> str:
    signs = (fill_key(1), line_key(2), shape_key(1), heat_key(0))
    return f'<ul class="legend">{"".join(f"<li>{sign}Ban</li>" for sign in signs)}</ul>'


@pytest.fixture
def charts(page: Page, live_server: Any) -> Page:
    """A page of the portal with every chart in place of its own content."""
    page.goto(live_server.url + reverse("account_login"))
    parts = "".join(map(sheet, [keys() + bars(), *profiles(), *courses(), *maps()]))
    page.evaluate(
        """(html) => { document.body.innerHTML = '<main class="main"><h1>Biểu đồ</h1></main>';
            document.querySelector("main").insertAdjacentHTML("beforeend", html); }""",
        parts,
    )
    return page


@pytest.mark.parametrize("width", [360, 768, 1024, 1366])
def test_every_text_of_a_chart_is_legible(charts: Page, width: int) -> None:
    charts.set_viewport_size({"width": width, "height": 780})
    charts.evaluate("document.fonts.ready")
    assert charts.evaluate(ILLEGIBLE) == []
    assert charts.evaluate(SHOWN) == [1] * 9
    assert charts.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_chart(charts: Page, scheme: Any) -> None:
    charts.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    charts.evaluate(STILL)
    assert findings(charts) == []


def test_a_chart_in_a_narrow_column_of_a_desk_is_the_one_for_a_phone(charts: Page) -> None:
    charts.evaluate("document.querySelector('main').classList.add('cols', 'cols-7-3')")
    shown = charts.locator(".cols > .sheet:nth-child(even) .chart-radar:visible")
    assert shown.first.get_attribute("class") == "chart chart-radar chart-narrow"
