"""Sample papers for the PDF tests: context, pages and text."""

import subprocess
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
from django.template import Context, Engine

from emulation_bloc.lib import qr, text
from emulation_bloc.lib.blocks import blocks
from emulation_bloc.lib.pdf import Anchor, Rendered, render

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
MM = 72 / 25.4
# The official names of 2019, whole: what a reader must be able to copy out of the paper.
NAMES = [
    "Ban Quản lý Khu kinh tế tỉnh Bình Định",
    "Ban Quản lý Khu công nghệ cao và các Khu công nghiệp Đà Nẵng",
    "Ban Quản lý các Khu công nghiệp tỉnh Đắk Lắk",
    "Ban Quản lý các Khu công nghiệp tỉnh Đắk Nông",
    "Ban Quản lý Khu kinh tế tỉnh Gia Lai",
    "Ban Quản lý Khu kinh tế Vân Phong tỉnh Khánh Hòa",
    "Ban Quản lý Khu kinh tế tỉnh Kon Tum",
    "Ban Quản lý các Khu công nghiệp tỉnh Lâm Đồng",
    "Ban Quản lý Khu kinh tế tỉnh Phú Yên",
    "Ban Quản lý Khu kinh tế mở Chu Lai tỉnh Quảng Nam",
    "Ban Quản lý Khu kinh tế Dung Quất và các Khu công nghiệp tỉnh Quảng Ngãi",
]
BLOC = "Khối thi đua Ban Quản lý KCN, KKT, KCNC các tỉnh Tây Nguyên và Duyên hải miền Trung"
HEAD = 3  # Đắk Lắk
URL = "https://thidua.example.vn/xac-minh/7F3A-91C4-0B2E"
CODE = {"code": "7F3A-91C4-0B2E", "verify_url": URL, "qr_svg": qr.svg(URL), "is_sample": True}
DIGEST = "7f3a91c40b2e55d0" * 4


def party(order: int) -> dict[str, Any]:
    """A seat; every fourth leader is represented by a deputy, which takes a second title line."""
    deputy = order % 4 == 2
    name = NAMES[(order - 1) % len(NAMES)]
    return {
        "order": order,
        "field": f"seat-{order}",
        "board_name": name,
        "board_lines": text.title_lines(name, 31),
        "is_head": order == HEAD,
        "head_title": "KHỐI TRƯỞNG",
        "title_lines": ["KT. TRƯỞNG BAN", "PHÓ TRƯỞNG BAN"] if deputy else ["TRƯỞNG BAN"],
        "post": "Phó Trưởng ban" if deputy else "Trưởng ban",
        "name": f"Nguyễn Thị Ngưỡng {order}",
    }


def annex(boards: int, indicators: int) -> dict[str, Any]:
    title = "Số dự án mới đầu tư vào KCN, KKT, KCNC so với kế hoạch"
    return {
        "columns": [{"title": title, "unit": "%"}] * indicators,
        "rows": [
            {
                "order": n,
                "board": f"BQL KCNC và các KCN Số {n}",
                "cells": ["100"] * indicators,
            }
            for n in range(1, boards + 1)
        ],
    }


ARTICLES = [
    "Thực hiện tốt nhiệm vụ chính trị được giao theo quy định của pháp luật; quản lý nhà nước "
    "trực tiếp để KCN, KKT, KCNC phát triển theo đúng kế hoạch, quy hoạch, thiết kế kỹ thuật đã "
    "được phê duyệt và đúng tiến độ đã quy định.",
    "Vận động đầu tư; tham mưu cho lãnh đạo địa phương các chính sách ưu đãi.",
    "Bảo vệ tốt môi trường, an ninh trật tự và an toàn xã hội trong các KCN, KKT, KCNC.",
    "Tổ chức tốt việc giám sát, kiểm tra thực hiện giấy chứng nhận đầu tư, phát triển và kinh "
    "doanh dịch vụ hạ tầng, dịch vụ đào tạo và cung cấp lao động.",
    "Sắp xếp, kiện toàn tổ chức bộ máy theo hướng tinh gọn, hiệu lực, hiệu quả.",
]


def covenant(parties: int, indicators: int = 1) -> dict[str, Any]:
    return CODE | {
        "title": "Giao ước thi đua",
        "bloc_name": BLOC,
        "bloc_lines": text.title_lines(BLOC, 27),
        "year": 2019,
        "theme": "",
        "place": "Đắk Lắk",
        "signed_on": date(2019, 5, 4),
        "official_date": text.official_date(date(2019, 5, 4)),
        "bases": [
            "Luật Thi đua, Khen thưởng số 15/2003/QH11 ngày 26 tháng 11 năm 2003",
            "Nghị định số 91/2017/NĐ-CP ngày 31 tháng 7 năm 2017",
        ],
        "parties": [party(order) for order in range(1, parties + 1)],
        "opening": "Chúng tôi thống nhất ký kết Giao ước thi đua với những nội dung sau:",
        "articles": [
            {"label": f"Điều {number}", "heading": f"Nội dung {number}", "body": blocks(body)}
            for number, body in enumerate(ARTICLES, 1)
        ],
        "terms": ["Giao ước thi đua này có hiệu lực kể từ ngày ký."],
        "annex": annex(parties, indicators) if indicators else None,
    }


def certificate(parties: int) -> dict[str, Any]:
    return CODE | {
        "bloc_name": BLOC,
        "bloc_lines": [],
        "label": "Khối",
        "place": "Đắk Lắk",
        "official_date": "ngày 04 tháng 5 năm 2019",
        "created": "2019-05-04",
        "paper": f"Giao ước thi đua năm 2019 của {BLOC}",
        "sealed_at": "08:05:00 ngày 04/05/2019",
        "completed_at": "09:12:44 ngày 04/05/2019",
        "pages": 4,
        "signed": parties,
        "sealed_sha256": text.fingerprint(DIGEST, 16),
        "final_sha256": text.fingerprint(DIGEST[::-1], 16),
        "chain_head": text.fingerprint(DIGEST, 16),
        "chain_length": 1057,
        "has_timestamps": False,
        "has_paper": True,
        "parties": [
            party(order)
            | {
                "signer": f"Nguyễn Thị Ngưỡng {order}",
                "method": "Ký trong cổng",
                "signed_at": f"04/05/2019 08:{order + 30}:05",
                "certificate": text.fingerprint(DIGEST, 4),
            }
            for order in range(1, parties + 1)
        ],
    }


def stamp(picture: str = "", signed_for: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "width_mm": 55,
        "height_mm": 26,
        "picture": picture,
        "signed_for": list(signed_for),
        "label": "Khối",
        "signer": "Phạm Văn Tịch",
        "signed_at": "08:31:05 ngày 04/05/2019",
    }


def html_of(template: str, values: dict[str, Any]) -> str:
    engine = Engine(dirs=[str(TEMPLATES)])
    return engine.get_template(f"covenants/pdf/{template}.html").render(Context(values))


@cache
def printed_covenant(parties: int, indicators: int = 1) -> Rendered:
    return render(html_of("covenant", covenant(parties, indicators)))


@cache
def printed_certificate(parties: int) -> Rendered:
    return render(html_of("certificate", certificate(parties)))


def words_of(pdf: bytes, *options: str) -> str:
    """The text as a reader copies it, in one line, exactly as it is encoded."""
    command = ["pdftotext", "-enc", "UTF-8", *options, "-", "-"]
    printed = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()
    return " ".join(printed.split())


def page_size(rendered: Rendered, page: int) -> tuple[int, int]:
    with pikepdf.open(BytesIO(rendered.pdf)) as document:
        _, _, width, height = map(float, document.pages[page].mediabox)
    return round(width / MM), round(height / MM)


def overlap(one: Anchor, other: Anchor) -> bool:
    (x1, y1, x2, y2), (u1, v1, u2, v2) = one.box, other.box
    return one.page == other.page and x1 < u2 and u1 < x2 and y1 < v2 and v1 < y2
