"""The pages on which a covenant is discussed, read, sealed and downloaded."""

import io
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from covenants.models import Article, Comment, Paper
from covenants.papers import bases, consultation, drafting, targets
from covenants.signing import sealing
from members.models.people import PostKind
from members.records import files
from tests.covenants.pages import HTMX, as_, complete, signed_in_just_now, text_of, url
from tests.covenants.traces import nothing_changes
from tests.people import (
    PASSWORD,
    Cast,
    fresh,
    give_post,
    join,
    make_board,
    make_law,
    make_leader,
    seal_covenant,
)

# --- Consultation -------------------------------------------------------------------------------


def test_without_a_text_the_page_does_not_offer_the_round(cast: Cast) -> None:
    drafting.start_covenant(cast.year, source=None, actor=cast.chi)
    shown = text_of(as_(cast.chi).get(url("consult")))
    assert "Cần soạn ít nhất một điều trước khi lấy ý kiến." in shown
    assert "Vẫn gửi lấy ý kiến được" not in shown


def test_the_round_is_opened_and_closed(cast: Cast, paper: Paper) -> None:
    client = as_(cast.chi)
    assert "6 người" in text_of(client.get(url("consult")))
    client.post(url("consult"))
    assert Paper.objects.get().state == "consulting"
    with nothing_changes():
        assert "Không" in text_of(client.post(url("consult"), follow=True))
    client.post(url("resume"))
    assert Paper.objects.get().state == "drafting"
    with nothing_changes():
        client.post(url("resume"))


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_member_comments_on_an_article(
    cast: Cast, consulting: Paper, extra: dict[str, str]
) -> None:
    article = consulting.articles.get()
    data = {"article": article.pk, "text": "Đề nghị nêu rõ."}
    response = as_(cast.em).post(url("comment"), data, **extra)
    assert response.status_code == (200 if extra else 302)
    assert [(c.article, c.text) for c in Comment.objects.all()] == [(article, "Đề nghị nêu rõ.")]


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_an_empty_comment_is_refused_with_a_sentence(
    cast: Cast, consulting: Paper, extra: dict[str, str]
) -> None:
    with nothing_changes():
        response = as_(cast.em).post(url("comment"), {"article": "", "text": " "}, **extra)
    assert response.status_code == 422
    assert "Đề nghị ghi ý kiến của đơn vị" in text_of(response)


def test_a_comment_on_a_removed_article_is_refused_and_kept(cast: Cast, consulting: Paper) -> None:
    article = consulting.articles.get()
    drafting.remove_article(article, actor=cast.chi)
    with nothing_changes():
        response = as_(cast.em).post(
            url("comment"), {"article": article.pk, "text": "Lời dài"}, **HTMX
        )
    assert (response.status_code, "Lời dài" in text_of(response)) == (422, True)


def test_an_observer_reads_but_finds_no_form(cast: Cast, consulting: Paper) -> None:
    assert "Góp ý điều này" not in text_of(as_(cast.khach).get(url("paper")))
    with nothing_changes():
        assert as_(cast.khach).post(url("comment"), {"text": "x"}).status_code == 403


@pytest.mark.parametrize("sent", [{"article": "9" * 5000, "text": "x"}, {"text": "x" * 20_001}])
def test_a_comment_that_cannot_be_read_is_refused_in_words(
    cast: Cast, consulting: Paper, sent: dict[str, str]
) -> None:
    with nothing_changes():
        assert as_(cast.em).post(url("comment"), sent).status_code == 422


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_the_secretariat_answers(cast: Cast, consulting: Paper, extra: dict[str, str]) -> None:
    made = consultation.comment(consulting, article=None, text="Xin bàn.", actor=cast.em)
    client = as_(cast.chi)
    assert client.get(url("answer", made.pk), **extra).status_code == 200
    with nothing_changes():
        refused = client.post(url("answer", made.pk), {"verdict": "declined"}, **extra)
    assert (refused.status_code, "nêu lý do" in text_of(refused)) == (422, True)
    done = client.post(url("answer", made.pk), {"verdict": "accepted", "back": "comments"}, **extra)
    assert done.status_code == (200 if extra else 302)
    made.refresh_from_db()
    assert made.verdict == "accepted"


def test_the_list_filters_what_is_unanswered(cast: Cast, consulting: Paper) -> None:
    article = consulting.articles.get()
    first = consultation.comment(consulting, article=article, text="Một", actor=cast.em)
    consultation.comment(consulting, article=None, text="Hai ĐỀ NGHỊ", actor=cast.an)
    consultation.answer(first, verdict="accepted", answer="", actor=cast.chi)
    client = as_(cast.khach)

    def listed(**query: Any) -> list[str]:
        return [c.text for c in client.get(url("comments"), query).context["page"]]

    assert listed() == ["Hai ĐỀ NGHỊ", "Một"]
    assert listed(verdict="open") == ["Hai ĐỀ NGHỊ"]
    assert listed(board=first.membership_id) == ["Một"]
    assert listed(q="de nghi") == ["Hai ĐỀ NGHỊ"]
    assert listed(verdict="nonsense", board="x") == ["Hai ĐỀ NGHỊ", "Một"]


def test_the_comments_are_exported(cast: Cast, consulting: Paper) -> None:
    consultation.comment(consulting, article=None, text="=1+1", actor=cast.em)
    response = as_(cast.chi).get(url("comments"), {"xuat": "excel"})
    sheet = load_workbook(io.BytesIO(response.content)).active
    row = [cell.value for cell in sheet[2]]
    assert row[:3] + row[4:5] == ["Toàn văn bản", "BQL KKT Bình Định", "Võ Thị Em", "=1+1"]
    assert sheet["E2"].data_type == "s"


# --- Reading, versions, files -------------------------------------------------------------------


def test_the_sealed_page_shows_the_frozen_text_not_the_rows(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    Article.objects.update(body="lời đổi lén")
    shown = text_of(as_(cast.em).get(url("paper")))
    assert ("Thực hiện tốt nhiệm vụ." in shown, "lời đổi lén" in shown) == (True, False)


def test_changes_since_the_last_version_are_marked(cast: Cast, consulting: Paper) -> None:
    article = consulting.articles.get()
    drafting.save_article(
        article, heading=article.heading, body="Hoàn thành nhiệm vụ.", revision=0, actor=cast.chi
    )
    page = as_(cast.em).get(url("paper")).content.decode()
    assert "<del>Thực hiện tốt</del> <ins>Hoàn thành</ins>" in page
    plain = as_(cast.em).get(url("paper"), {"so-voi": "khong"}).content.decode()
    assert "<ins>" not in plain


@pytest.mark.parametrize("name", ["paper", "targets"])
def test_a_figure_names_its_unit_where_rows_become_slips(
    cast: Cast, paper: Paper, name: str
) -> None:
    body = as_(cast.chi).get(url(name)).content.decode()
    assert body.count('data-l="Dự án mới so với kế hoạch (%)"') == 2


def test_two_versions_are_compared(cast: Cast, consulting: Paper) -> None:
    article = consulting.articles.get()
    drafting.save_article(
        article, heading=article.heading, body="Hoàn thành nhiệm vụ.", revision=0, actor=cast.chi
    )
    page = as_(cast.em).get(url("versions"), {"truoc": "ban-1", "sau": "nay"})
    assert "<ins>Hoàn thành</ins>" in page.content.decode()
    same = as_(cast.em).get(url("versions"), {"truoc": "ban-1", "sau": "ban-1"})
    assert "Hai bản giống nhau" in text_of(same)


def test_the_versions_go_to_excel(cast: Cast, consulting: Paper) -> None:
    response = as_(cast.em).get(url("versions"), {"xuat": "excel"})
    sheet: Any = load_workbook(io.BytesIO(response.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == ["Bản lần", "Dịp lưu", "Lưu lúc", "Người lưu"]
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [(1, "Gửi lấy ý kiến", "Lê Thị Chi")]


def test_the_preview_may_be_framed_by_the_portal_alone(cast: Cast, paper: Paper) -> None:
    response = as_(cast.chi).get(url("preview"))
    assert (response["X-Frame-Options"], response.content[:4]) == ("SAMEORIGIN", b"%PDF")
    assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
    workshop = as_(cast.chi).get(url("workshop"))
    assert "frame-ancestors 'none'" in workshop["Content-Security-Policy"]


def test_a_complete_covenant_is_downloaded(cast: Cast) -> None:
    complete(cast)
    client = as_(cast.khach)
    names = {
        what: client.get(url("download", what))["Content-Disposition"]
        for what in ("van-ban", "ban-chot", "chung-nhan", "ho-so", "phu-luc")
    }
    assert names == {
        "van-ban": 'attachment; filename="giao-uoc-2019-tay-nguyen.pdf"',
        "ban-chot": 'attachment; filename="giao-uoc-2019-tay-nguyen-ban-chot.pdf"',
        "chung-nhan": 'attachment; filename="giay-chung-nhan-hoan-tat-2019-tay-nguyen.pdf"',
        "ho-so": 'attachment; filename="ho-so-giao-uoc-2019-tay-nguyen.zip"',
        "phu-luc": 'attachment; filename="phu-luc-chi-tieu-2019-tay-nguyen.xlsx"',
    }
    inline = client.get(url("download", "van-ban"), {"xem": "1"})
    assert inline["Content-Disposition"].startswith("inline")
    assert inline["X-Content-Type-Options"] == "nosniff"
    assert client.get(url("preview"))["Location"] == url("download", "van-ban") + "?xem=1"
    assert as_(cast.ngoai).get(url("download", "van-ban")).status_code == 404


@pytest.mark.parametrize("what", ["van-ban", "ban-chot", "chung-nhan", "ho-so", "khac"])
def test_files_that_do_not_exist_yet_are_404(cast: Cast, paper: Paper, what: str) -> None:
    assert as_(cast.chi).get(url("download", what)).status_code == 404


# --- Consultation and what it lacks -------------------------------------------------------------


def test_the_secretariat_is_told_what_the_draft_lacks_before_it_is_sent(
    cast: Cast, paper: Paper
) -> None:
    client = as_(cast.chi)
    assert "còn phải bổ sung" not in text_of(client.get(url("consult")))
    bases.cite(paper, references=[], actor=cast.chi)
    drafting.save_header(paper, values={"dated_on": None}, revision=1, actor=cast.chi)
    assert (
        "còn phải bổ sung: Văn bản còn thiếu tên gọi, địa danh hoặc ngày. "
        "Văn bản chưa có căn cứ pháp lý." in text_of(client.get(url("consult")))
    )


# --- Sealing ------------------------------------------------------------------------------------


def test_the_seal_page_lists_what_is_missing(cast: Cast, consulting: Paper) -> None:
    consultation.comment(consulting, article=None, text="Xin bàn.", actor=cast.em)
    response = signed_in_just_now(cast.chi).get(url("seal"))
    assert "Còn 1 góp ý chưa được trả lời." in text_of(response)
    assert url("comments") + "?verdict=open" in response.content.decode()
    with nothing_changes():
        refused = signed_in_just_now(cast.chi).post(url("seal"))
    assert refused.status_code == 422


def test_sealing_asks_for_a_fresh_login_then_seals(cast: Cast, consulting: Paper) -> None:
    client = as_(cast.chi)
    assert "giữ nguyên từng chữ" in text_of(client.get(url("seal")))
    with nothing_changes():
        asked = client.post(url("seal"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    done = client.post(asked["Location"], {"password": PASSWORD}, follow=True)
    assert (done.status_code, Paper.objects.get().state) == (200, "signing")


def test_a_fresh_login_seals_at_once(cast: Cast, consulting: Paper) -> None:
    response = signed_in_just_now(cast.chi).post(url("seal"))
    assert (response["Location"], Paper.objects.get().state) == (url("paper"), "signing")


def test_a_draft_is_not_sealed_before_the_consultation(cast: Cast, paper: Paper) -> None:
    with nothing_changes():
        response = signed_in_just_now(cast.chi).post(url("seal"))
    assert response.status_code == 422
    assert "sau khi lấy ý kiến" in text_of(response)


def test_annulling_needs_a_reason(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    client = signed_in_just_now(cast.chi)
    assert "Hủy giao ước" in text_of(client.get(url("annul")))
    with nothing_changes():
        response = client.post(url("annul"), {"reason": " "})
    assert (response.status_code, "nêu lý do" in text_of(response)) == (422, True)


def test_an_annulled_covenant_can_still_be_downloaded(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    sealing.annul(paper, reason="Sai tên", actor=cast.chi)
    client, address = as_(cast.khach), url("annulled", paper.pk)
    assert address in client.get(url("paper")).content.decode()
    response = client.get(address)
    assert response.content == files.read_content(paper.newest)
    assert "da-huy.pdf" in response["Content-Disposition"]
    assert as_(cast.ngoai).get(address).status_code == 404


def test_a_complete_covenant_is_neither_sealed_nor_annulled(cast: Cast) -> None:
    complete(cast)
    client = signed_in_just_now(cast.chi)
    with nothing_changes():
        assert client.post(url("seal"))["Location"] == url("paper")
        assert client.post(url("annul"), {"reason": "x"})["Location"] == url("paper")


# --- Queries ------------------------------------------------------------------------------------


def grow(cast: Cast, paper: Paper, count: int) -> None:
    """Make `count` of everything that the pages list."""
    for n in range(2, count + 1):
        board = make_board(f"B{n}")
        join(cast.year, board)
        make_leader(board)
        drafting.add_article(paper, heading=f"Điều {n}", body="x", actor=cast.chi)
        targets.add_indicator(paper, title=f"Chỉ tiêu {n}", unit="%", actor=cast.chi)
        law = make_law(f"{n}/2018", issued_on="2018-01-01")
        make_law(f"{n}/2017", issued_on="2017-01-01")
        laws = [basis.reference for basis in paper.bases.all()]
        bases.cite(paper, references=[*laws, law], actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    paper = Paper.objects.get(pk=paper.pk)
    for article in paper.articles.all():
        made = consultation.comment(paper, article=article, text="x", actor=fresh(cast.em))
        consultation.answer(made, verdict="accepted", answer="y", actor=cast.chi)


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("paper", 27),
        ("workshop", 12),
        ("bases", 14),
        ("targets", 13),
        ("comments", 12),
        ("versions", 18),
        ("seal", 22),
    ],
)
def test_queries_do_not_grow_with_the_text(
    cast: Cast,
    paper: Paper,
    django_assert_num_queries: Any,
    name: str,
    queries: int,
    count: int,
) -> None:
    grow(cast, paper, count)
    client = as_(cast.chi)
    with django_assert_num_queries(queries):
        assert client.get(url(name)).status_code == 200


# --- Who speaks for two boards ------------------------------------------------------------------


def test_the_board_is_asked_only_of_who_speaks_for_two(cast: Cast, consulting: Paper) -> None:
    assert 'name="board"' not in as_(cast.em).get(url("paper")).content.decode()
    give_post(cast.em, PostKind.OFFICER, board=cast.head)
    assert 'name="board"' in as_(cast.em).get(url("paper")).content.decode()

    own = cast.year.memberships.get(board=cast.board)
    as_(cast.em).post(url("comment"), {"text": "Xin bàn.", "board": own.pk})
    assert consulting.comments.get().membership == own


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_board_of_others_is_refused_in_words(
    cast: Cast, consulting: Paper, extra: dict[str, str]
) -> None:
    head = cast.year.memberships.get(board=cast.head)
    with nothing_changes():
        refused = as_(cast.em).post(url("comment"), {"text": "x", "board": head.pk}, **extra)
    assert refused.status_code == 422
