import pytest
from django.db import DatabaseError

from covenants.models import Paper, Version
from covenants.papers import comparison, drafting, printing, versions
from emulation_bloc.lib.text import Segment
from tests.covenants.outside_tools import text_of_pdf
from tests.people import Cast, draft_covenant
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    return draft_covenant(cast.year, actor=cast.chi)


def only_article(paper: Paper) -> dict[str, object]:
    return {
        "id": paper.articles.get().pk,
        "part": "body",
        "chapter": "",
        "heading": "Nhiệm vụ chính trị",
        "body": "Thực hiện tốt nhiệm vụ.",
    }


def test_content_holds_the_whole_text(cast: Cast, paper: Paper) -> None:
    head, board = cast.year.memberships.values_list("pk", flat=True)
    assert versions.content_of(paper) == {
        "type": "Giao ước thi đua",
        "title": "Giao ước thi đua",
        "theme": "Kỷ cương, sáng tạo, hiệu quả",
        "opening": "Cùng thống nhất ký kết giao ước thi đua với các nội dung sau đây:",
        "terms": "Các đơn vị nghiêm túc thực hiện giao ước này.",
        "place": "Đắk Lắk",
        "dated_on": "2019-05-04",
        "bases": ["Luật Thi đua, Khen thưởng số 15/2003/QH11 ngày 26 tháng 11 năm 2003"],
        "articles": [only_article(paper)],
        "attachment": "",
        "recipients": "",
        "indicators": [{"title": "Dự án mới so với kế hoạch", "unit": "%"}],
        "targets": [
            {
                "membership": head,
                "board": "BQL KKT Đắk Lắk",
                "printed": "Ban Quản lý Khu kinh tế tỉnh Đắk Lắk",
                "figures": ["100"],
            },
            {
                "membership": board,
                "board": "BQL KKT Bình Định",
                "printed": "Ban Quản lý Khu kinh tế tỉnh Bình Định",
                "figures": ["100"],
            },
        ],
    }


def test_content_is_stored_in_nfc(cast: Cast, paper: Paper) -> None:
    decomposed = "Thi đua yêu nước"
    article = drafting.add_article(paper, heading=decomposed, body="", actor=cast.chi)
    heading = versions.content_of(paper)["articles"][-1]["heading"]
    assert (article.heading, heading) == (decomposed, "Thi đua yêu nước")


def test_versions_are_numbered_and_never_change(cast: Cast, paper: Paper) -> None:
    first = versions.take(paper, "consultation", actor=cast.chi)
    second = versions.take(paper, "consultation", actor=cast.chi)
    assert (first.number, second.number) == (1, 2)
    with pytest.raises(DatabaseError):
        Version.objects.filter(pk=first.pk).update(number=9)


def test_two_texts_are_compared_part_by_part(cast: Cast, paper: Paper) -> None:
    old = versions.content_of(paper)
    article = paper.articles.get()
    drafting.save_article(
        article,
        heading=article.heading,
        body="Thực hiện nhiệm vụ.",
        revision=0,
        actor=cast.chi,
    )
    [change] = versions.compare(old, versions.content_of(paper))
    assert change.heading == "Nhiệm vụ chính trị"
    assert [s for s in change.segments if s.kind != "same"] == [Segment("removed", "tốt ")]


def test_the_same_text_has_no_changes(paper: Paper) -> None:
    content = versions.content_of(paper)
    assert versions.compare(content, content) == []


def test_a_new_and_a_dropped_article_are_changes(cast: Cast, paper: Paper) -> None:
    old = versions.content_of(paper)
    drafting.remove_article(paper.articles.get(), actor=cast.chi)
    drafting.add_article(paper, heading="Mới", body="Lời mới.", actor=cast.chi)
    found = versions.compare(old, versions.content_of(paper))
    assert [(c.heading, [s.kind for s in c.segments]) for c in found] == [
        ("Mới", ["added"]),
        ("Nhiệm vụ chính trị", ["removed"]),
    ]


def test_years_are_matched_by_heading(paper: Paper) -> None:
    content = versions.content_of(paper)
    other = {**content, "articles": [{**content["articles"][0], "id": 999}]}
    assert versions.compare(content, other, match="heading") == []


# --- Reading with changes marked ----------------------------------------------------------------


def content(**parts):
    empty = {"bases": [], "opening": "", "terms": "", "articles": [], "indicators": []}
    return {**empty, "targets": [], **parts}


def article(pk: int, body: str, heading: str = "H"):
    return {"id": pk, "heading": heading, "body": body}


def lines(part: comparison.Part) -> list[list[Segment]]:
    assert not any(passage.rows for passage in part.passages)
    return [passage.runs for passage in part.passages]


def test_a_table_is_read_cell_by_cell_with_its_changes() -> None:
    old = content(articles=[article(1, "| Nội dung | Mức |\n| Hoa | 300.000 |")])
    new = content(articles=[article(1, "| Nội dung | Mức |\n| Hoa | 500.000 |")])
    [part] = comparison.compare_with(new, before=old).parts
    [passage] = part.passages
    words = [["".join(run.text for run in cell).split() for cell in row] for row in passage.rows]
    assert words == [[["Nội", "dung"], ["Mức"]], [["Hoa"], ["300500.000"]]]
    kinds = [run.kind for run in passage.rows[1][1]]
    assert kinds == ["removed", "added", "same"]


def test_articles_and_annexes_are_numbered_apart() -> None:
    annex = article(3, "c", "C") | {"part": "annex"}
    read = comparison.compare_with(
        content(articles=[article(1, "a"), article(2, "b"), annex]), before=None
    )
    assert [part.label for part in read.parts] == ["Điều 1", "Điều 2", "Phụ lục"]


def test_reading_without_a_base_marks_nothing() -> None:
    reading = comparison.compare_with(content(articles=[article(1, "a\n\nb")]), before=None)
    assert lines(reading.parts[0]) == [[Segment("same", "a")], [Segment("same", "b")]]
    assert (reading.added, reading.removed) == (0, 0)


def test_reading_marks_words_inside_their_paragraph() -> None:
    old, new = (
        content(articles=[article(1, "x\nmời gọi")]),
        content(articles=[article(1, "x\nmời")]),
    )
    [part] = comparison.compare_with(new, before=old).parts
    assert lines(part) == [
        [Segment("same", "x")],
        [Segment("same", "mời"), Segment("removed", " gọi")],
    ]


def test_reading_shows_new_and_dropped_articles() -> None:
    reading = comparison.compare_with(
        content(articles=[article(2, "mới")]), before=content(articles=[article(1, "cũ")])
    )
    assert [(p.is_new, lines(p)) for p in reading.parts] == [(True, [[Segment("added", "mới")]])]
    assert [lines(p) for p in reading.dropped] == [[[Segment("removed", "cũ")]]]
    assert (reading.added, reading.removed) == (1, 1)


def test_reading_shows_figures_that_were_replaced() -> None:
    def annex(figure: str):
        columns = [{"title": "Dự án", "unit": "%"}]
        return content(indicators=columns, targets=[{"board": "B", "figures": [figure]}])

    [row] = comparison.compare_with(annex("90"), before=annex("100")).rows
    assert [(c.figure, c.before, c.is_changed) for c in row.cells] == [("90", "100", True)]


def test_a_draft_prints_blanks_for_what_it_lacks(cast: Cast) -> None:
    paper = drafting.start_covenant(cast.year, source=None, actor=cast.chi)
    assert "…, ngày … tháng … năm …" in text_of_pdf(printing.preview(paper))
