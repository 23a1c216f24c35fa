import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib.pasted import lines_of_html, lines_of_text, parts

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p {color:red}</style>
<!--[if gte mso 9]><xml><o:Author>Ai đó</o:Author></xml><![endif]--></head><body lang=VI>
<script>alert("xin chào")</script>
<p class=MsoNormal style='text-align:center'><b>QUY CHẾ</b></p>
<p class=MsoNormal>Căn cứ Luật Thi đua, Khen thưởng;</p>
<p class=MsoNormal align=center><b>Chương I</b></p><p class=MsoNormal><b>QUY ĐỊNH CHUNG</b></p>
<p class=MsoNormal><b>Điều 1.<span style='mso-spacerun:yes'>&nbsp; </span>Phạm vi
điều chỉnh</b></p>
<p class=MsoListParagraph><![if !supportLists]><span style='mso-list:Ignore'>a)<span>&nbsp;&nbsp;
</span></span><![endif]>Các đơn vị <del cite="mailto:x">cũ</del><ins>thành
viên</ins>;</p>
<p class=MsoNormal>đ) Bộ phận giúp việc.<img src="http://10.0.0.1/pixel.gif" onerror="alert(1)"></p>
<p class=MsoNormal>Điều 2: Mức chi</p>
<table border=1><tr><td><p>Nội dung</p></td><td><p>Mức | chi</p></td></tr>
<tr><td>Vòng hoa</td><td>500.000<o:p></o:p></td></tr></table>
<p class=MsoNormal>PHỤ LỤC II</p><p class=MsoNormal>Biểu mẫu</p><p>Dòng một<br>Dòng hai</p>
</body></html>"""


def test_a_text_from_word_becomes_articles_points_tables_and_an_annex() -> None:
    found = parts(lines_of_html(WORD))

    assert (found.opening, found.bases) == (
        ["QUY CHẾ"],
        ["Căn cứ Luật Thi đua, Khen thưởng;"],
    )
    assert [(s.chapter, s.heading, s.lines, s.is_annex) for s in found.sections] == [
        (
            "Chương I. QUY ĐỊNH CHUNG",
            "Phạm vi điều chỉnh",
            ["a) Các đơn vị thành viên;", "đ) Bộ phận giúp việc."],
            False,
        ),
        ("", "Mức chi", ["| Nội dung | Mức / chi |", "| Vòng hoa | 500.000 |"], False),
        ("", "Biểu mẫu", ["Dòng một", "Dòng hai"], True),
    ]


def test_plain_text_is_cut_the_same_way() -> None:
    found = parts(lines_of_text("Mở đầu\r\nĐiều 1. Một\r\nTT\tĐiểm\r\n1\t10\rĐiều 2. Hai"))

    assert found.opening == ["Mở đầu"]
    assert [(s.heading, s.body) for s in found.sections] == [
        ("Một", "TT\tĐiểm\n1\t10"),
        ("Hai", ""),
    ]


@pytest.mark.parametrize(
    "hostile",
    [
        "<p>" * 50_000 + "chữ",
        "<p>chữ</p><svg><script>alert(1)</script></svg><math><mtext>x</mtext></math>",
        "<p>chữ</p><iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<p>chữ</p><!-- <script>alert(1)</script> -->",
        "<?xml version='1.0' encoding='utf-8'?><p>chữ</p>",
        "<p>ch\x00ữ\u202e</p>",
    ],
)
def test_hostile_pages_leave_their_words_only(hostile: str) -> None:
    assert lines_of_html(hostile) == ["chữ"]


def test_tables_within_tables_end_in_the_words_of_the_innermost() -> None:
    assert lines_of_html("<table><tr><td>" * 600 + "chữ") == ["| chữ |"]


def test_five_megabytes_of_styles_end_clean_and_soon() -> None:
    styles = "<style>" + "p.MsoNormal {mso-style-unhide:no; margin:0cm;}\n" * 110_000 + "</style>"
    begin = time.process_time()

    assert len(styles) > 5_000_000
    assert lines_of_html(styles + "<p style='" + "a:b;" * 9_000 + "'>Điều 1. Một</p>") == [
        "Điều 1. Một"
    ]
    assert time.process_time() - begin < 5


@given(st.text(max_size=300))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    for lines in (lines_of_html(text), lines_of_text(text)):
        parts(lines)
        assert all(line.strip() == line != "" for line in lines)
