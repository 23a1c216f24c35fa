"""What every official paper shares: its head, its signing block, its foot."""

import datetime as dt
import re
from typing import Any

from django.template.loader import render_to_string

from members.records import letterhead
from tests.people import Cast

DAY = dt.date(2019, 5, 4)


def printed(name: str, values: dict[str, Any]) -> str:
    """The words of a template of `papers/`, in one line."""
    html = render_to_string(f"papers/{name}.html", values)
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


def test_the_head_names_the_bloc_the_place_and_the_day(cast: Cast) -> None:
    values = letterhead.heading(cast.bloc, place="Đắk Lắk", day=DAY)

    assert (values["bloc_name"], values["created"]) == (cast.bloc.name, "2019-05-04")
    assert " ".join(values["bloc_lines"]).lower() == cast.bloc.name.lower()
    assert (values["place"], values["official_date"]) == ("Đắk Lắk", "ngày 04 tháng 5 năm 2019")


def test_the_head_of_a_draft_has_the_blanks_of_an_office_form(cast: Cast) -> None:
    values = letterhead.heading(cast.bloc, place="", day=None)

    blanks = "ngày … tháng … năm …"
    assert (values["place"], values["official_date"], values["created"]) == ("…", blanks, "")


def test_a_number_stands_beside_place_and_date() -> None:
    values = {"lines": ["KHỐI THI ĐUA"], "where": "Đắk Lắk", "day": letterhead.dated(DAY)}
    date = "Đắk Lắk, ngày 04 tháng 5 năm 2019"
    country = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc"

    assert printed("national", values) == f"KHỐI THI ĐUA {country} {date}"
    numbered = printed("national", values | {"number": "05/QC-KTĐ"})
    assert numbered == f"KHỐI THI ĐUA {country} Số: 05/QC-KTĐ {date}"


def test_a_leader_signs_under_the_title_alone(cast: Cast) -> None:
    head = cast.year.memberships.get(role="head")

    signer = letterhead.signer_of(head, title="Khối trưởng", day=None)

    assert (signer["title"], signer["name"]) == ("KHỐI TRƯỞNG", cast.an.person.full_name)
    assert printed("signer", signer) == f"KHỐI TRƯỞNG {signer['name']} {signer['post']}"


def test_where_nobody_speaks_for_a_board_the_name_stays_empty() -> None:
    signer = letterhead.signer_of(None, title="Khối phó", day=DAY)

    assert printed("signer", signer) == "KHỐI PHÓ"


def test_a_deputy_signs_for_the_leader() -> None:
    assert letterhead.post_lines("Phó Trưởng ban", letterhead.LEADER_TITLE) == [
        "KT. TRƯỞNG BAN",
        "PHÓ TRƯỞNG BAN",
    ]


def test_the_foot_of_a_paper_with_a_code_tells_where_to_verify_it() -> None:
    values = letterhead.verification("7F3A91C40B2E")

    assert values["code"] == "7F3A-91C4-0B2E"
    assert values["verify_url"].endswith("7F3A91C40B2E/")
    assert printed("foot", values) == (
        f"Mã xác minh: 7F3A-91C4-0B2E Quét mã hoặc mở {values['verify_url']}"
    )


def test_the_foot_of_a_paper_without_a_code_says_what_it_is() -> None:
    values = {"draft": "BẢN DỰ THẢO", "words": "chưa ký.", "digest": "7F3A", "is_sample": True}

    words = printed("foot", letterhead.verification("") | values)

    assert words == "BẢN DỰ THẢO , chưa ký. 7F3A Dữ liệu mẫu"
