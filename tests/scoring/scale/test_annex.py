"""The annex text printed for a scale is stored with it, so an adopted scale stays valid when a
later release words the same scale differently.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from covenants.addresses import address
from covenants.models import Article
from scoring import transitions
from scoring.models import Criterion, CriterionGroup, Grade, Scale, Scoring
from scoring.scale import annex as scale_annex
from scoring.sheets import opening
from tests.covenants.pages import HTMX, as_
from tests.covenants.traces import nothing_changes
from tests.people import Cast, adopt, enrol, issue, seal_covenant, sign
from tests.scoring.scale.test_writing import annex_of
from tests.scoring.scale_pages import url
from tests.scoring.scales import drafted_scale, head_board
from tests.shared_scene import in_scene

pytestmark = in_scene(drafted_scale)


def again(scale: Scale) -> Scale:
    return Scale.objects.get(pk=scale.pk)


def in_force(cast: Cast, scale: Scale) -> Scale:
    seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    begins = dt.date(cast.year.year, 5, 4)
    paper = adopt(scale.paper, actor=cast.chi)
    sign(
        issue(paper, actor=cast.chi, dated_on=begins, effective_on=begins),
        head_board(paper),
        actor=cast.an,
    )
    return again(scale)


def opened(cast: Cast) -> Scoring:
    return opening.open_scoring(cast.year, self_until=None, actor=cast.chi)


def older_words(scale: Scale) -> str:
    return annex_of(scale).body.replace("Xếp hạng theo tổng điểm", "Thứ hạng theo tổng số điểm")


def test_the_scale_keeps_the_text_of_its_annex(scale: Scale) -> None:
    assert scale.printed == annex_of(scale).body
    assert scale.printed_digest == scale_annex.digest(scale)


def test_a_scale_that_an_earlier_release_worded_otherwise_is_opened(
    cast: Cast, scale: Scale
) -> None:
    words = older_words(scale)
    assert words != scale.printed
    Article.objects.filter(pk=scale.annex_id).update(body=words)
    Scale.objects.filter(pk=scale.pk).update(printed=words)

    in_force(cast, scale)

    assert opened(cast).scale == scale


def test_a_text_that_was_adopted_without_being_printed_from_the_scale_is_not(
    cast: Cast, scale: Scale
) -> None:
    Article.objects.filter(pk=scale.annex_id).update(body=older_words(scale))
    in_force(cast, scale)

    with (
        nothing_changes(),
        pytest.raises(transitions.CannotOpen, match="không khớp với thang điểm"),
    ):
        opened(cast)


CHANGES: list[tuple[type, dict[str, Any], dict[str, Any]]] = [
    (Scale, {}, {"unrankable": ["not_signed"]}),
    (Grade, {"title": "Khá"}, {"least": Decimal(9)}),
    (CriterionGroup, {"code": "I"}, {"title": "Kinh tế"}),
    (Criterion, {"code": "I.1"}, {"title": "Dự án"}),
    (Criterion, {"code": "I.1"}, {"help_text": "Theo báo cáo"}),
    (Criterion, {"code": "I.2"}, {"parameters": {"levels": [{"points": "4", "words": "Đúng"}]}}),
    (Criterion, {"code": "T.1"}, {"facts_from": None}),
]


@pytest.mark.parametrize(("model", "which", "values"), CHANGES)
def test_a_scale_that_was_changed_behind_its_text_is_not_opened(
    cast: Cast, scale: Scale, model: Any, which: dict[str, Any], values: dict[str, Any]
) -> None:
    in_force(cast, scale)
    owner = {"pk": scale.pk} if model is Scale else {"scale": scale}
    assert model.objects.filter(**owner, **which).update(**values) == 1

    with nothing_changes(), pytest.raises(transitions.CannotOpen, match="thay đổi sau khi in"):
        opened(cast)


def test_the_order_of_rows_is_part_of_what_was_printed(scale: Scale) -> None:
    before = scale_annex.digest(scale)
    scale.groups.filter(code="I").update(order=9)

    assert scale_annex.digest(again(scale)) != before


# --- On the pages ---------------------------------------------------------------------------------

SENTENCE = "Phụ lục này do Cổng in từ thang điểm nên không sửa bằng tay"


def on_paper(scale: Scale, name: str, *args: object) -> str:
    return address(scale.paper, name, *args)


def test_the_workshop_of_the_paper_shows_the_annex_with_the_way_to_the_scale(
    cast: Cast, scale: Scale
) -> None:
    html = as_(cast.chi).get(on_paper(scale, "workshop")).content.decode()
    annex = html[html.index(f'id="article-{scale.annex_id}"') :]

    assert SENTENCE in annex
    assert f'href="{url("scale_workshop")}"' in annex
    assert "<textarea" not in annex[: annex.index("</section>")]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_sent_for_the_annex_all_the_same_is_kept_and_told(
    cast: Cast, scale: Scale, headers: dict[str, str]
) -> None:
    typed = {"heading": "Bảng điểm", "body": "Điểm khác", "version": scale.annex.revision}
    with nothing_changes():
        page = on_paper(scale, "article", scale.annex_id)
        response = as_(cast.chi).post(page, typed, **headers)

    html = response.content.decode()
    assert (response.status_code, "Điểm khác" in html) == (409, True)
    # Without htmx the whole page comes, which says so of the annex anyhow.
    assert html.count(SENTENCE) == (1 if headers else 2)


@pytest.mark.parametrize("method", ["get", "post"])
def test_the_annex_is_not_taken_out(cast: Cast, scale: Scale, method: str) -> None:
    with nothing_changes():
        page = on_paper(scale, "remove_article", scale.annex_id)
        response = getattr(as_(cast.chi), method)(page, follow=True)

    assert response.content.decode().count(SENTENCE) == 2


def test_the_editor_of_the_scale_says_at_once_that_the_annex_differs(
    cast: Cast, scale: Scale
) -> None:
    told = "Phụ lục của văn bản không khớp với thang điểm này."
    assert told not in as_(cast.chi).get(url("scale_workshop")).content.decode()

    Article.objects.filter(pk=scale.annex_id).update(body="x")
    assert told in as_(cast.chi).get(url("scale_workshop")).content.decode()
