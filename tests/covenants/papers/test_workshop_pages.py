"""The drafting pages: with htmx, without, and with refused input."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from covenants.models import Article, Paper
from covenants.papers import drafting
from tests.covenants.pages import HTMX, as_, signed_in_just_now, text_of, url
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, make_law, seal_covenant

# --- Who gets in --------------------------------------------------------------------------------

WRITERS_ONLY = ["workshop", "bases", "targets"]
KEEPERS_ONLY = ["consult", "seal", "annul"]
READERS = ["paper", "versions", "comments", "preview"]
EVERYBODY_HERE = ["an", "binh", "chi", "dung", "em", "hoa", "khach"]


@pytest.mark.parametrize("name", [*WRITERS_ONLY, *KEEPERS_ONLY, *READERS])
def test_a_foreign_bloc_does_not_exist(cast: Cast, paper: Paper, name: str) -> None:
    assert as_(cast.ngoai).get(url(name)).status_code == 404


@pytest.mark.parametrize("name", WRITERS_ONLY)
def test_only_the_secretariat_opens_the_workshop(cast: Cast, paper: Paper, name: str) -> None:
    answers = {who: as_(getattr(cast, who)).get(url(name)).status_code for who in EVERYBODY_HERE}
    assert [who for who, status in answers.items() if status == 200] == ["an", "chi"]
    assert {status for status in answers.values() if status != 200} == {403}


@pytest.mark.parametrize("name", READERS)
def test_everybody_of_the_bloc_reads(cast: Cast, paper: Paper, name: str) -> None:
    answers = [as_(getattr(cast, who)).get(url(name)).status_code for who in EVERYBODY_HERE]
    assert set(answers) == {200}


@pytest.mark.parametrize("who", ["binh", "em", "dung", "khach"])
def test_posts_of_others_are_refused_and_change_nothing(
    cast: Cast, consulting: Paper, who: str
) -> None:
    client = as_(getattr(cast, who))
    article, indicator = consulting.articles.get(), consulting.indicators.get()
    posts = [
        url("header"),
        url("add_article"),
        url("article", article.pk),
        url("move_article", article.pk),
        url("remove_article", article.pk),
        url("bases"),
        url("targets"),
        url("add_indicator"),
        url("remove_indicator", indicator.pk),
        url("consult"),
        url("resume"),
        url("seal"),
        url("annul"),
    ]
    with nothing_changes():
        answers = {address: client.post(address).status_code for address in posts}
    assert set(answers.values()) == {403}


def test_the_reason_is_told_on_the_403_page(cast: Cast, paper: Paper) -> None:
    response = as_(cast.em).get(url("workshop"))
    assert "Chỉ bộ phận giúp việc" in text_of(response)


def test_a_login_is_asked_of_everybody(paper: Paper) -> None:
    assert Client().get(url("paper")).status_code == 302


# --- No covenant yet ----------------------------------------------------------------------------


def test_the_empty_year_offers_the_secretariat_a_start(cast: Cast) -> None:
    assert "Soạn giao ước" in text_of(as_(cast.chi).get(url("paper")))
    assert "Soạn giao ước" not in text_of(as_(cast.em).get(url("paper")))


def test_the_covenant_is_started_from_a_blank_page(cast: Cast) -> None:
    response = as_(cast.chi).post(url("start"), {"source": ""})
    assert response["Location"] == url("workshop")
    assert acts() == ["covenants.started"]


def test_a_second_start_is_refused_with_a_sentence(cast: Cast, paper: Paper) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("start"), follow=True)
    assert "Năm này đã có giao ước." in text_of(response)


def test_an_annulled_covenant_is_told_with_its_reason(cast: Cast) -> None:
    seal_covenant(cast.year, actor=cast.chi)
    client = signed_in_just_now(cast.chi)
    client.post(url("annul"), {"reason": "Sai tên đơn vị"})
    assert Paper.objects.get().state == "annulled"
    assert "Sai tên đơn vị" in text_of(client.get(url("paper")))


# --- Autosave -----------------------------------------------------------------------------------


def typed(article: Article, body: str, **extra: Any) -> dict[str, Any]:
    return {"heading": article.heading, "body": body, "version": article.revision, **extra}


def test_htmx_saves_an_article_and_learns_its_new_version(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    response = as_(cast.chi).post(url("article", article.pk), typed(article, "Mới"), **HTMX)
    assert (response.status_code, response["HX-Trigger"]) == (200, "paper-saved")
    assert (
        f'name="version" value="1" id="version-article-{article.pk}"' in response.content.decode()
    )
    article.refresh_from_db()
    assert (article.body, article.revision) == ("Mới", 1)


def test_without_javascript_the_page_comes_back_saved(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    response = as_(cast.chi).post(url("article", article.pk), typed(article, "Mới"))
    assert response["Location"] == url("workshop") + f"#article-{article.pk}"


def test_text_is_kept_in_nfc_with_plain_line_ends(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    as_(cast.chi).post(url("article", article.pk), typed(article, "Mới\r\nhai"), **HTMX)
    article.refresh_from_db()
    assert article.body == "Mới\nhai"


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_a_conflict_shows_both_texts_and_overwrites_nothing(
    cast: Cast, paper: Paper, extra: dict[str, str]
) -> None:
    article = paper.articles.get()
    drafting.save_article(article, heading="H", body="lời của An", revision=0, actor=cast.an)
    client = as_(cast.chi)
    with nothing_changes():
        response = client.post(url("article", article.pk), typed(article, "lời của Chi"), **extra)
    shown = text_of(response)
    assert response.status_code == 409
    assert ("lời của An" in shown, "lời của Chi" in shown) == (True, True)
    assert "Nguyễn Văn An đã lưu lúc" in shown


def test_the_writer_may_replace_the_other_text_after_seeing_it(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    drafting.save_article(article, heading="H", body="lời của An", revision=0, actor=cast.an)
    data = typed(article, "lời của Chi", overtake=1)
    assert as_(cast.chi).post(url("article", article.pk), data, **HTMX).status_code == 200
    article.refresh_from_db()
    assert (article.body, article.revision) == ("lời của Chi", 2)


def test_a_removed_article_gives_the_text_back(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    drafting.remove_article(article, actor=cast.an)
    with nothing_changes():
        response = as_(cast.chi).post(
            url("article", article.pk), typed(article, "lời của Chi"), **HTMX
        )
    assert response.status_code == 409
    assert "lời của Chi" in text_of(response)


@pytest.mark.parametrize("extra", [HTMX, {}])
def test_an_unreadable_date_is_told_and_everything_typed_is_kept(
    cast: Cast, paper: Paper, extra: dict[str, str]
) -> None:
    data = {"title": "Tên mới", "dated_on": "31/02/2019", "version": 1}
    with nothing_changes():
        response = as_(cast.chi).post(url("header"), data, **extra)
    assert response.status_code == 422
    assert "Ngày ghi trên văn bản" in text_of(response)
    if not extra:
        assert 'value="Tên mới"' in response.content.decode()


def test_the_header_is_saved(cast: Cast, paper: Paper) -> None:
    data = {"title": "Giao ước", "dated_on": "2019-05-05", "place": "Đắk Lắk", "version": 1}
    assert as_(cast.chi).post(url("header"), data, **HTMX).status_code == 200
    assert Paper.objects.get().title == "Giao ước"


def test_an_ended_session_leads_to_the_login_and_saves_nothing(cast: Cast, paper: Paper) -> None:
    article = paper.articles.get()
    with nothing_changes():
        response = Client().post(url("article", article.pk), typed(article, "Mới"), **HTMX)
    assert response["Location"].startswith(reverse("account_login"))


def test_articles_are_added_moved_and_removed(cast: Cast, paper: Paper) -> None:
    client = as_(cast.chi)
    client.post(url("add_article"), {"heading": "Hai", "body": ""})
    second = Article.objects.get(heading="Hai")
    client.post(url("move_article", second.pk), {"step": "-1"})
    assert [a.heading for a in paper.articles.standing()] == ["Hai", "Nhiệm vụ chính trị"]
    assert "đánh số lại" in text_of(client.get(url("remove_article", second.pk)))
    client.post(url("remove_article", second.pk))
    assert [a.heading for a in paper.articles.standing()] == ["Nhiệm vụ chính trị"]
    with nothing_changes():
        refused = client.post(url("move_article", second.pk), {"step": "1"}, follow=True)
    assert "đã được bỏ" in text_of(refused)


def test_an_article_without_heading_is_refused_and_its_text_kept(cast: Cast, paper: Paper) -> None:
    with nothing_changes():
        response = as_(cast.chi).post(url("add_article"), {"heading": "", "body": "Lời dài"})
    assert (response.status_code, "Lời dài" in text_of(response)) == (422, True)


# --- Bases --------------------------------------------------------------------------------------


def cited(paper: Paper) -> list[str]:
    return [basis.reference.number for basis in paper.bases.all()]


def test_bases_are_cited_ordered_and_left_out(cast: Cast, paper: Paper) -> None:
    client, law = as_(cast.chi), make_law("91/2017/NĐ-CP", kind="Nghị định")
    client.post(url("bases"), {"add": law.pk})
    assert cited(paper) == ["15/2003/QH11", "91/2017/NĐ-CP"]
    client.post(url("bases"), {"up": law.pk})
    assert cited(paper) == ["91/2017/NĐ-CP", "15/2003/QH11"]
    with nothing_changes():
        client.post(url("bases"), {"up": law.pk})
        client.post(url("bases"), {"add": law.pk})
        client.post(url("bases"), {"remove": "x"})
    client.post(url("bases"), {"remove": law.pk})
    assert cited(paper) == ["15/2003/QH11"]


def test_an_expired_basis_is_warned_of_with_what_replaced_it(cast: Cast, paper: Paper) -> None:
    new = make_law("06/2022/QH15")
    old = paper.bases.get().reference
    old.expired_on, old.replaced_by = "2019-05-01", new
    old.save()
    shown = text_of(as_(cast.chi).get(url("bases")))
    assert "Hết hiệu lực ngày 01/05/2019. Đã được thay thế bằng Luật 06/2022/QH15." in shown
    assert "Luật 15/2003/QH11" in text_of(as_(cast.chi).get(url("seal")))


def test_documents_in_force_come_first_and_are_found_without_diacritics(
    cast: Cast, paper: Paper
) -> None:
    make_law("99/2020", issued_on="2020-01-01", subject="Thi đua mới")
    make_law("01/2010", issued_on="2010-01-01", subject="Khen thưởng cũ")
    client = as_(cast.chi)
    shown = client.get(url("bases")).context["register"]
    assert [(r.number, valid) for r, valid in shown] == [("01/2010", True), ("99/2020", False)]
    found = client.get(url("bases"), {"q": "khen thuong CU"}).context["register"]
    assert [r.number for r, valid in found] == ["01/2010"]


# --- Pressed twice ------------------------------------------------------------------------------


def test_who_presses_twice_is_told_that_it_is_out(cast: Cast, paper: Paper) -> None:
    client, article = as_(cast.chi), paper.articles.get()
    answers = [client.post(url("remove_article", article.pk)) for _time in range(2)]
    assert [answer["Location"] for answer in answers] == [url("workshop")] * 2
    assert acts().count("covenants.article_removed") == 1


# --- Made-up input ------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "-1", "x", "\0"])
def test_a_number_that_no_row_has_is_no_document(cast: Cast, paper: Paper, number: str) -> None:
    with nothing_changes():
        assert as_(cast.chi).post(url("bases"), {"add": number}).status_code == 302


def test_a_search_takes_any_character(cast: Cast, paper: Paper) -> None:
    response = as_(cast.chi).get(url("bases"), {"q": "thi\0 dua"})
    assert [r.number for r, valid in response.context["register"]] == []


@pytest.mark.parametrize("field", ["opening", "terms"])
def test_a_text_beyond_all_use_is_refused_in_words(cast: Cast, paper: Paper, field: str) -> None:
    sent = {"title": "Giao ước", "version": paper.revision, field: "x" * 20_001}
    with nothing_changes():
        assert as_(cast.chi).post(url("header"), sent).status_code == 422


def test_what_cannot_be_seen_is_not_kept(cast: Cast, paper: Paper) -> None:
    client = as_(cast.chi)
    client.post(url("add_article"), {"heading": "Mức \u202e001\u202c", "body": "Một\x07\r\nhai"})
    article = paper.articles.last()
    assert (article.heading, article.body) == ("Mức 001", "Một\nhai")
