"""Editing the scale of a paper, printing its annex, copying it, freezing it with the paper."""

from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from covenants.models import Article
from covenants.papers import consultation, drafting
from members.models import AuditEntry
from members.records.acts import Overtaken
from scoring import formulas
from scoring.models import Criterion, CriterionGroup, Scale
from scoring.scale import annex as scale_annex
from scoring.scale import checks, text, writing
from scoring.scale.drafts import draft_of
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, adopt, draft_regulation, join, make_year
from tests.scoring.scales import add_criterion, draft_scale, drafted_scale
from tests.shared_scene import in_scene


def annex_of(scale: Scale) -> Article:
    return scale.paper.articles.get(part="annex", removed_at=None)


@in_scene(drafted_scale)
def test_the_annex_prints_the_scale_after_each_change(scale: Scale) -> None:
    assert annex_of(scale).body == text.text_of(scale)
    assert checks.faults(scale) == []
    assert "| I.1 | Dự án mới so với kế hoạch | 6 |" in annex_of(scale).body


def test_what_does_not_add_up_is_said_at_the_head_of_the_annex(cast: Cast) -> None:
    scale = draft_scale(cast.year, actor=cast.chi, total=Decimal(20))

    assert annex_of(scale).body.splitlines()[0].startswith("(Dự thảo chưa khớp: ")


@in_scene(drafted_scale)
def test_a_save_from_an_older_page_is_told_and_overwrites_nothing(cast: Cast, scale: Scale) -> None:
    one = scale.criteria.get(code="I.1")

    with nothing_changes(), pytest.raises(Overtaken):
        writing.save_criterion(
            scale, one, values={"title": "x"}, revision=scale.revision - 1, actor=cast.chi
        )


@in_scene(drafted_scale)
def test_a_scale_is_frozen_once_its_paper_is_voted_on(cast: Cast, scale: Scale) -> None:
    adopt(scale.paper, actor=cast.chi)

    with nothing_changes(), pytest.raises(PermissionDenied):
        writing.remove_criterion(
            scale.criteria.get(code="I.2"), revision=scale.revision, actor=cast.chi
        )


@in_scene(drafted_scale)
def test_members_do_not_write_the_scale(cast: Cast, scale: Scale) -> None:
    consultation.open_consultation(scale.paper, actor=cast.chi)

    with nothing_changes(), pytest.raises(PermissionDenied):
        writing.save_rules(scale, values={}, grades=[], revision=scale.revision, actor=cast.binh)


@in_scene(drafted_scale)
def test_a_criterion_whose_figure_another_one_uses_stays(cast: Cast, scale: Scale) -> None:
    with nothing_changes(), pytest.raises(writing.InUse):
        writing.remove_criterion(
            Criterion.objects.get(scale=scale, code="I.1"), revision=scale.revision, actor=cast.chi
        )


# --- Starting -------------------------------------------------------------------------------------


def test_a_scale_is_copied_with_rules_grades_groups_and_criteria(cast: Cast) -> None:
    before = draft_scale(cast.year, actor=cast.chi, rounding=Decimal("0.25"), openness="all")
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    paper = draft_regulation(year, actor=cast.chi, kind="point_scale")

    scale = writing.start_scale(paper, source=before, actor=cast.chi)

    assert draft_of(scale) == draft_of(before)
    assert text.text_of(scale) == text.text_of(before)
    assert annex_of(scale).body == text.text_of(before)
    assert (scale.revision, scale.openness) == (0, "all")
    assert AuditEntry.objects.get(act="scoring.scale_started", details__source=before.pk)


def test_a_copy_is_its_own(cast: Cast) -> None:
    before = draft_scale(cast.year, actor=cast.chi)
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    paper = draft_regulation(year, actor=cast.chi, kind="point_scale")
    scale = writing.start_scale(paper, source=before, actor=cast.chi)

    rename(scale, "I.1", actor=cast.chi)

    assert before.criteria.get(code="I.1").title == "Dự án mới so với kế hoạch"
    assert set(scale.criteria.exclude(facts_from=None).values_list("facts_from__scale")) == {
        (scale.pk,)
    }


@in_scene(drafted_scale)
def test_a_paper_has_one_scale(cast: Cast, scale: Scale) -> None:
    with nothing_changes(), pytest.raises(writing.HasScale):
        writing.start_scale(scale.paper, source=None, actor=cast.chi)


def test_members_start_no_scale(cast: Cast) -> None:
    paper = draft_regulation(cast.year, actor=cast.chi, kind="point_scale")

    with nothing_changes(), pytest.raises(PermissionDenied):
        writing.start_scale(paper, source=None, actor=cast.binh)


# --- Writing --------------------------------------------------------------------------------------


def rename(scale: Scale, code: str, *, actor: Any) -> Scale:
    return writing.save_criterion(
        scale,
        scale.criteria.get(code=code),
        values={"title": "Dự án mới"},
        revision=scale.revision,
        actor=actor,
    )


@in_scene(drafted_scale)
def test_every_save_counts_and_is_on_the_audit_chain(cast: Cast, scale: Scale) -> None:
    saved = rename(scale, "I.1", actor=cast.chi)

    assert (saved.revision, acts()[-2:]) == (
        scale.revision + 1,
        ["covenants.article_saved", "scoring.scale_criterion_saved"],
    )
    assert AuditEntry.objects.latest("number").details == {"code": "I.1"}


@in_scene(drafted_scale)
@pytest.mark.parametrize(
    "values",
    [
        {"kind": "count", "parameters": {}},
        {"kind": "bingo"},
        {"parameters": {"levels": [{"points": "5"}]}},
        {"max_points": Decimal(3)},
        {"kind": "deduction", "parameters": {"each": "1"}},
    ],
)
def test_a_criterion_that_makes_no_formula_is_refused(
    cast: Cast, scale: Scale, values: dict[str, Any]
) -> None:
    with nothing_changes(), pytest.raises(formulas.BadFormula):
        writing.save_criterion(
            scale,
            scale.criteria.get(code="I.2"),
            values=values,
            revision=scale.revision,
            actor=cast.chi,
        )


@in_scene(drafted_scale)
def test_parameters_are_stored_in_one_spelling(cast: Cast, scale: Scale) -> None:
    values = {
        "code": "II.3",
        "title": "Báo cáo",
        "kind": "count",
        "max_points": Decimal(2),
        "parameters": {"each": "0.50", "cap": ""},
    }

    scale = add_criterion(scale, "II", values, actor=cast.chi)

    assert scale.criteria.get(code="II.3").parameters == {"each": "0.5"}


@in_scene(drafted_scale)
def test_a_figure_is_taken_over_only_from_where_it_is_given(cast: Cast, scale: Scale) -> None:
    by_code = {one.code: one for one in scale.criteria.all()}

    # From itself; from one that takes it over; and by one that is taken over from.
    for code, source in (("I.2", "I.2"), ("I.2", "T.1"), ("I.1", "I.2")):
        with nothing_changes(), pytest.raises(writing.NoFigureThere):
            writing.save_criterion(
                scale,
                by_code[code],
                values={"facts_from": by_code[source]},
                revision=scale.revision,
                actor=cast.chi,
            )


@in_scene(drafted_scale)
def test_a_group_goes_with_all_that_stands_in_it(cast: Cast, scale: Scale) -> None:
    for code, parent in (("T.a", "T"), ("T.b", "T.a")):
        values = {
            "code": code,
            "title": "Thưởng",
            "max_points": Decimal(1),
            "is_bonus": True,
            "parent": CriterionGroup.objects.get(scale=scale, code=parent),
        }
        scale = writing.save_group(
            scale, None, values=values, revision=scale.revision, actor=cast.chi
        )
    own = {"code": "T.2", "title": "Cờ", "kind": "yes_no", "max_points": Decimal(1)}
    scale = add_criterion(scale, "T.b", own, actor=cast.chi)
    reusing = own | {"code": "T.3", "facts_from": "T.2"}
    scale = add_criterion(scale, "T.a", reusing, actor=cast.chi)

    scale = writing.remove_group(
        scale.groups.get(code="T"), revision=scale.revision, actor=cast.chi
    )

    assert list(scale.groups.values_list("code", flat=True)) == ["I", "II"]
    assert scale.criteria.count() == 4


@in_scene(drafted_scale)
def test_a_group_whose_figures_are_used_elsewhere_stays(cast: Cast, scale: Scale) -> None:
    with nothing_changes(), pytest.raises(writing.InUse):
        writing.remove_group(scale.groups.get(code="I"), revision=scale.revision, actor=cast.chi)


def codes(scale: Scale) -> list[str]:
    draft = draft_of(scale)
    return [one.code for one in (*draft.groups, *draft.criteria)]


@in_scene(drafted_scale)
def test_rows_move_among_their_own(cast: Cast, scale: Scale) -> None:
    scale = writing.move_row(
        scale.criteria.get(code="II.2"), step=-1, revision=scale.revision, actor=cast.chi
    )
    scale = writing.move_row(
        scale.groups.get(code="I"), step=1, revision=scale.revision, actor=cast.chi
    )

    assert codes(scale) == ["II", "I", "T", "II.2", "II.1", "I.1", "I.2", "T.1"]


@in_scene(drafted_scale)
def test_at_the_edge_nothing_moves(cast: Cast, scale: Scale) -> None:
    with nothing_changes():
        writing.move_row(
            scale.criteria.get(code="I.2"), step=1, revision=scale.revision, actor=cast.chi
        )


@in_scene(drafted_scale)
def test_the_rules_are_written_with_their_grades(cast: Cast, scale: Scale) -> None:
    scale = writing.save_rules(
        scale,
        values={"tie_break": ["head"], "unrankable": ["not_signed"]},
        grades=[("Đạt", Decimal(5)), ("Chưa đạt", Decimal(0))],
        revision=scale.revision,
        actor=cast.chi,
    )

    assert (scale.tie_break, scale.unrankable, scale.total) == (
        ["head"],
        ["not_signed"],
        Decimal(15),
    )
    assert [one.title for one in scale.grades.all()] == ["Đạt", "Chưa đạt"]


# --- Replacing ------------------------------------------------------------------------------------


@in_scene(drafted_scale)
def test_a_scale_is_replaced_in_one_act(cast: Cast, scale: Scale) -> None:
    draft = draft_of(scale)
    smaller = type(draft)(draft.groups[:1], draft.criteria[:2])
    before = len(acts())

    scale = writing.replace(scale, smaller, revision=scale.revision, actor=cast.chi)

    assert codes(scale) == ["I", "I.1", "I.2"]
    assert acts()[before:] == ["covenants.article_saved", "scoring.scale_replaced"]
    assert AuditEntry.objects.latest("number").details == {"groups": 1, "criteria": 2}
    assert (scale.total, scale.grades.count()) == (Decimal(15), 3)
    assert annex_of(scale).body == text.text_of(scale)


@in_scene(drafted_scale)
def test_a_scale_that_moved_on_is_not_replaced(cast: Cast, scale: Scale) -> None:
    with nothing_changes(), pytest.raises(Overtaken):
        writing.replace(scale, draft_of(scale), revision=scale.revision - 1, actor=cast.chi)


@in_scene(drafted_scale)
def test_nobody_types_into_the_annex_or_takes_it_out(cast: Cast, scale: Scale) -> None:
    annex = annex_of(scale)
    words = "do Cổng in từ thang điểm nên không sửa bằng tay"
    with nothing_changes(), pytest.raises(drafting.NotByHand, match=words):
        drafting.save_article(
            annex, heading=annex.heading, body="x", revision=annex.revision, actor=cast.chi
        )
    with nothing_changes(), pytest.raises(drafting.NotByHand):
        drafting.remove_article(annex, actor=cast.chi)


@in_scene(drafted_scale)
def test_an_annex_that_was_taken_out_once_is_put_in_again(cast: Cast, scale: Scale) -> None:
    """As it could be before the portal alone wrote it."""
    Article.objects.filter(pk=annex_of(scale).pk).update(removed_at=timezone.now())

    scale = rename(scale, "I.1", actor=cast.chi)

    assert annex_of(scale).body == text.text_of(scale)
    assert annex_of(scale).by_portal


@in_scene(drafted_scale)
def test_what_stood_in_the_annex_otherwise_gives_way(cast: Cast, scale: Scale) -> None:
    Article.objects.filter(pk=annex_of(scale).pk).update(body="x")
    assert scale_annex.difference_in_the_making(Scale.objects.get(pk=scale.pk)).startswith(
        "Phụ lục của văn bản không khớp với thang điểm này."
    )

    scale = rename(scale, "I.1", actor=cast.chi)

    assert annex_of(scale).body == text.text_of(scale)
    assert scale_annex.difference_in_the_making(scale) == ""
