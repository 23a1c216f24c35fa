"""The scale of a paper: written, printed in its annex, copied, frozen with the paper."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from covenants import consultation
from covenants.models import Article
from scoring import scale_checks, scale_text, scale_writing
from scoring.models import Criterion, Scale
from scoring.moves import Overtaken
from tests.covenants.traces import nothing_changes
from tests.people import Cast, adopt
from tests.scoring.scales import draft_scale

pytestmark = pytest.mark.django_db


def annex_of(scale: Scale) -> Article:
    return scale.paper.articles.get(part="annex", removed_at=None)


def test_the_annex_prints_the_scale_after_each_change(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi)

    assert annex_of(scale).body == scale_text.text_of(scale)
    assert scale_checks.faults(scale) == []
    assert "| I.1 | Dự án mới so với kế hoạch | 6 |" in annex_of(scale).body


def test_what_does_not_add_up_is_said_at_the_head_of_the_annex(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi, total=Decimal(20))

    assert annex_of(scale).body.splitlines()[0].startswith("(Dự thảo chưa khớp: ")


def test_a_save_from_an_older_page_is_told_and_overwrites_nothing(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi)
    one = scale.criteria.get(code="I.1")

    with nothing_changes(), pytest.raises(Overtaken):
        scale_writing.save_criterion(
            scale, one, values={"title": "x"}, revision=scale.revision - 1, actor=cast.chi
        )


def test_a_scale_is_frozen_once_its_paper_is_voted_on(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi)
    adopt(scale.paper, actor=cast.chi)

    with nothing_changes(), pytest.raises(PermissionDenied):
        scale_writing.remove_criterion(
            scale.criteria.get(code="I.2"), revision=scale.revision, actor=cast.chi
        )


def test_members_do_not_write_the_scale(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi)
    consultation.open_consultation(scale.paper, actor=cast.chi)

    with nothing_changes(), pytest.raises(PermissionDenied):
        scale_writing.save_rules(
            scale, values={}, grades=[], revision=scale.revision, actor=cast.binh
        )


def test_a_criterion_whose_figure_another_one_uses_stays(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi)

    with nothing_changes(), pytest.raises(scale_writing.InUse):
        scale_writing.remove_criterion(
            Criterion.objects.get(scale=scale, code="I.1"), revision=scale.revision, actor=cast.chi
        )
