import datetime as dt
import os
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from covenants.models import Article, Indicator, Paper, Target
from covenants.papers import bases, drafting, targets
from members.history.changes import Change
from members.models import AuditEntry, Succession, User
from members.records.acts import Overtaken
from tests.covenants.processes import at_once
from tests.covenants.traces import acts, nothing_changes
from tests.mergers import DAY, go_on, merge, with_everybody
from tests.people import Cast, draft_covenant, join, make_law, make_year, seal_covenant
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    return draft_covenant(cast.year, actor=cast.chi)


def article_of(paper: Paper) -> Article:
    return paper.articles.standing().first()


# --- Starting -----------------------------------------------------------------------------------


def test_a_blank_covenant_bears_the_theme_of_the_year(cast: Cast) -> None:
    cast.year.theme = "Kỷ cương"
    paper = drafting.start_covenant(cast.year, source=None, actor=cast.chi)
    assert (paper.title, paper.theme, paper.articles.count()) == ("Giao ước thi đua", "Kỷ cương", 0)
    assert acts() == ["covenants.started"]


def test_a_second_covenant_of_the_year_is_refused(cast: Cast, paper: Paper) -> None:
    with nothing_changes(), pytest.raises(drafting.AlreadyStarted):
        drafting.start_covenant(cast.year, source=None, actor=cast.chi)


@pytest.mark.parametrize("name", ["binh", "em", "dung", "hoa", "khach", "ngoai"])
def test_only_the_secretariat_starts_a_covenant(cast: Cast, name: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        drafting.start_covenant(cast.year, source=None, actor=getattr(cast, name))


def test_last_years_text_is_carried_over_without_figures_dates_and_law(
    cast: Cast, paper: Paper
) -> None:
    removed = drafting.add_article(paper, heading="Bỏ", body="", actor=cast.chi)
    drafting.remove_article(removed, actor=cast.chi)
    year = make_year(cast.bloc, 2020)
    for membership in cast.year.memberships.all():
        membership.pk, membership.bloc_year = None, year
        membership.save()
    new = drafting.start_covenant(year, source=paper, actor=cast.chi)
    assert list(new.articles.values_list("heading", "body")) == [
        ("Nhiệm vụ chính trị", "Thực hiện tốt nhiệm vụ.")
    ]
    assert list(new.indicators.values_list("title", "unit")) == [("Dự án mới so với kế hoạch", "%")]
    assert (new.place, new.dated_on, new.bases.count()) == ("Đắk Lắk", None, 0)
    assert Target.objects.filter(indicator__paper=new).count() == 0


# --- Heading and articles -----------------------------------------------------------------------


def test_title_and_opening_taken_over_name_the_new_year(cast: Cast) -> None:
    source = draft_covenant(cast.year, actor=cast.chi)
    Paper.objects.filter(pk=source.pk).update(
        title="Giao ước Năm 2019",
        opening="Tại Hội nghị năm 2019, theo Luật năm 2003, giai đoạn 2019-2020:",
        terms="Tổng kết năm 2019.",
    )
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    source.refresh_from_db()
    paper = drafting.start_covenant(year, source=source, actor=cast.chi)
    assert (paper.title, paper.opening, paper.terms) == (
        "Giao ước Năm 2020",
        "Tại Hội nghị năm 2020, theo Luật năm 2003, giai đoạn 2019-2020:",
        "Tổng kết năm 2019.",
    )


def test_the_header_is_saved_and_counted(cast: Cast, paper: Paper) -> None:
    saved = drafting.save_header(
        paper, values={"place": "Buôn Ma Thuột"}, revision=paper.revision, actor=cast.chi
    )
    assert (saved.place, saved.title, saved.revision) == ("Buôn Ma Thuột", "Giao ước thi đua", 2)


def test_a_save_that_changes_nothing_leaves_no_trace(cast: Cast, paper: Paper) -> None:
    article = article_of(paper)
    with nothing_changes():
        drafting.save_header(paper, values={"place": "Đắk Lắk"}, revision=1, actor=cast.chi)
        drafting.save_article(
            article, heading=article.heading, body=article.body, revision=9, actor=cast.chi
        )


def test_a_header_saved_in_between_is_not_overwritten(cast: Cast, paper: Paper) -> None:
    drafting.save_header(paper, values={"place": "Pleiku"}, revision=1, actor=cast.an)
    with nothing_changes(), pytest.raises(Overtaken) as overtaken:
        drafting.save_header(paper, values={"place": "Kon Tum"}, revision=1, actor=cast.chi)
    assert overtaken.value.standing.place == "Pleiku"


def test_an_article_saved_in_between_is_not_overwritten(cast: Cast, paper: Paper) -> None:
    article = article_of(paper)
    drafting.save_article(article, heading="A", body="của An", revision=0, actor=cast.an)
    with nothing_changes(), pytest.raises(Overtaken) as overtaken:
        drafting.save_article(article, heading="A", body="của Chi", revision=0, actor=cast.chi)
    assert overtaken.value.standing.body == "của An"


def test_an_article_is_added_at_the_end(cast: Cast, paper: Paper) -> None:
    drafting.add_article(paper, heading="Thu hút đầu tư", body="", actor=cast.chi)
    assert list(paper.articles.values_list("order", "heading")) == [
        (1, "Nhiệm vụ chính trị"),
        (2, "Thu hút đầu tư"),
    ]


def test_articles_are_moved_and_stop_at_the_edge(cast: Cast, paper: Paper) -> None:
    second = drafting.add_article(paper, heading="Hai", body="", actor=cast.chi)
    drafting.move_article(second, step=-1, actor=cast.chi)
    assert [a.heading for a in paper.articles.standing()] == ["Hai", "Nhiệm vụ chính trị"]
    with nothing_changes():
        drafting.move_article(second, step=-1, actor=cast.chi)


def test_a_removed_article_is_kept_and_takes_no_more_text(cast: Cast, paper: Paper) -> None:
    article = article_of(paper)
    drafting.remove_article(article, actor=cast.chi)
    assert (paper.articles.count(), paper.articles.standing().count()) == (1, 0)
    with nothing_changes():
        for act in (
            lambda: drafting.save_article(
                article, heading="x", body="y", revision=1, actor=cast.chi
            ),
            lambda: drafting.move_article(article, step=1, actor=cast.chi),
            lambda: drafting.remove_article(article, actor=cast.chi),
        ):
            with pytest.raises(drafting.Gone):
                act()


# --- Bases and targets --------------------------------------------------------------------------


def test_legal_bases_keep_the_order_given(cast: Cast, paper: Paper) -> None:
    laws = [make_law("06/2022/QH15"), make_law("98/2023")]
    bases.cite(paper, references=laws[::-1], actor=cast.chi)
    assert [b.reference.number for b in paper.bases.all()] == ["98/2023", "06/2022/QH15"]


def test_of_two_who_cite_at_once_both_are_kept(cast: Cast, paper: Paper) -> None:
    """Each act reads what stands by then, not what its page showed."""
    laws = [make_law("06/2022/QH15"), make_law("98/2023")]
    seen_by_both = Paper.objects.get(pk=paper.pk)
    for law, writer in zip(laws, (cast.an, cast.chi), strict=True):
        bases.rearrange(seen_by_both, press="add", reference=law, actor=writer)
    numbers = ["15/2003/QH11", "06/2022/QH15", "98/2023"]
    assert [basis.reference.number for basis in paper.bases.all()] == numbers


def test_an_indicator_is_worded_anew_and_keeps_its_figures(cast: Cast, paper: Paper) -> None:
    indicator = paper.indicators.get()
    with nothing_changes():
        same = {"title": indicator.title, "unit": indicator.unit}
        targets.save_indicator(indicator, **same, revision=9, actor=cast.chi)
    targets.save_indicator(indicator, title="Vốn", unit="tỷ đồng", revision=0, actor=cast.chi)
    indicator.refresh_from_db()
    assert (indicator.title, indicator.unit, indicator.revision) == ("Vốn", "tỷ đồng", 1)
    assert (Target.objects.count(), acts()[-1]) == (2, "covenants.indicator_saved")


def test_an_indicator_saved_in_between_is_not_overwritten(cast: Cast, paper: Paper) -> None:
    indicator = paper.indicators.get()
    targets.save_indicator(indicator, title="của An", unit="%", revision=0, actor=cast.an)
    with nothing_changes(), pytest.raises(Overtaken) as overtaken:
        targets.save_indicator(indicator, title="của Chi", unit="%", revision=0, actor=cast.chi)
    assert overtaken.value.standing.title == "của An"


def word_in_a_process(pk: int, actor: int, line: Any) -> None:
    indicator, user = Indicator.objects.get(pk=pk), User.objects.get(pk=actor)
    line.send("ready")
    line.recv()
    title = f"của {os.getpid()}"
    try:
        targets.save_indicator(indicator, title=title, unit="%", revision=0, actor=user)
    except Overtaken:
        line.send("overtaken")
    else:
        line.send(title)


@pytest.mark.django_db(transaction=True)
def test_of_four_who_word_an_indicator_at_once_one_does(cast: Cast, paper: Paper) -> None:
    said = at_once(4, word_in_a_process, paper.indicators.get().pk, cast.chi.pk)
    assert said.count("overtaken") == 3
    assert paper.indicators.get().title in said
    assert acts().count("covenants.indicator_saved") == 1


def test_an_indicator_is_moved_with_its_figures(cast: Cast, paper: Paper) -> None:
    first = paper.indicators.get()
    second = targets.add_indicator(paper, title="Vốn", unit="tỷ đồng", actor=cast.chi)
    targets.move_indicator(second, step=-1, actor=cast.chi)
    assert list(paper.indicators.all()) == [second, first]
    assert (first.targets.count(), acts()[-1]) == (2, "covenants.indicator_moved")
    with nothing_changes():
        targets.move_indicator(second, step=-1, actor=cast.chi)


def test_an_indicator_is_taken_out_once(cast: Cast, paper: Paper) -> None:
    indicator = paper.indicators.get()
    again = paper.indicators.get()
    targets.remove_indicator(indicator, actor=cast.chi)
    with nothing_changes():
        for act in (
            lambda: targets.remove_indicator(again, actor=cast.chi),
            lambda: targets.move_indicator(again, step=1, actor=cast.chi),
            lambda: targets.save_indicator(again, title="x", unit="%", revision=0, actor=cast.chi),
        ):
            with pytest.raises(drafting.Gone):
                act()


def test_figures_for_a_column_that_was_taken_out_are_refused(cast: Cast, paper: Paper) -> None:
    cell = (paper.indicators.get(), cast.year.memberships.all()[0])
    targets.remove_indicator(paper.indicators.get(), actor=cast.an)
    with nothing_changes(), pytest.raises(drafting.Gone):
        targets.set_targets(paper, norms={cell: Decimal(70)}, actor=cast.chi)


def test_figures_for_a_board_that_is_not_of_the_year_or_left_it_are_refused(
    cast: Cast, paper: Paper
) -> None:
    cell = (paper.indicators.get(), cast.foreign_year.memberships.all()[0])
    with nothing_changes(), pytest.raises(drafting.Gone):
        targets.set_targets(paper, norms={cell: Decimal(70)}, actor=cast.chi)

    change = Change(Succession.Kind.DISSOLUTION, "QĐ", DAY, (cast.board,))
    made = merge(cast.year, with_everybody(change), actor=cast.chi)
    go_on(cast.year, made, actor=cast.chi, treatment="close_at_date")
    cell = (paper.indicators.get(), cast.year.memberships.get(board=cast.board))
    with nothing_changes(), pytest.raises(drafting.Gone):
        targets.set_targets(paper, norms={cell: Decimal(70)}, actor=cast.chi)


def remove_in_a_process(pk: int, actor: int, line: Any) -> None:
    indicator, user = Indicator.objects.get(pk=pk), User.objects.get(pk=actor)
    line.send("ready")
    line.recv()
    try:
        targets.remove_indicator(indicator, actor=user)
    except drafting.Gone:
        line.send("gone")
    else:
        line.send("removed")


@pytest.mark.django_db(transaction=True)
def test_of_four_who_take_an_indicator_out_at_once_one_does(cast: Cast, paper: Paper) -> None:
    said = at_once(4, remove_in_a_process, paper.indicators.get().pk, cast.chi.pk)
    assert Counter(said) == {"removed": 1, "gone": 3}
    assert acts().count("covenants.indicator_removed") == 1


def test_an_indicator_goes_with_its_targets(cast: Cast, paper: Paper) -> None:
    targets.remove_indicator(paper.indicators.get(), actor=cast.chi)
    assert (paper.indicators.count(), Target.objects.count()) == (0, 0)
    assert acts()[-1] == "covenants.indicator_removed"


def test_only_cells_that_differ_are_written(cast: Cast, paper: Paper) -> None:
    indicator = paper.indicators.get()
    head, other = cast.year.memberships.all()
    with nothing_changes():
        targets.set_targets(paper, norms={(indicator, head): Decimal(100)}, actor=cast.chi)
    norms = {(indicator, head): Decimal("90.5"), (indicator, other): None}
    targets.set_targets(paper, norms=norms, actor=cast.chi)
    assert list(Target.objects.values_list("membership", "norm")) == [(head.pk, Decimal("90.5"))]


def test_cells_filled_by_somebody_else_are_left_and_the_others_written(
    cast: Cast, paper: Paper
) -> None:
    head, other = ((paper.indicators.get(), member) for member in cast.year.memberships.all())
    targets.set_targets(paper, norms={head: Decimal(80)}, actor=cast.an)
    overtaken = targets.set_targets(
        paper,
        norms={head: Decimal(70), other: Decimal(60)},
        started_from={head: Decimal(100), other: Decimal(100)},
        actor=cast.chi,
    )
    assert overtaken == {head: Decimal(80)}
    assert list(Target.objects.order_by("membership").values_list("norm", flat=True)) == [80, 60]
    assert AuditEntry.objects.last().details["changed"] == {
        f"{other[0].pk}:{other[1].pk}": ["100.00", "60"]
    }


def test_the_figure_that_stands_by_now_is_no_conflict(cast: Cast, paper: Paper) -> None:
    cell = (paper.indicators.get(), cast.year.memberships.all()[0])
    seen = {cell: Decimal(90)}
    with nothing_changes():
        norms = {cell: Decimal(100)}
        assert targets.set_targets(paper, norms=norms, started_from=seen, actor=cast.chi) == {}


# --- Who and when -------------------------------------------------------------------------------


def every_act(paper: Paper, actor):
    article, indicator = article_of(paper), paper.indicators.get()
    cell = (indicator, paper.bloc_year.memberships.first())
    day = dt.date(2020, 1, 1)
    return [
        lambda: drafting.save_header(paper, values={"dated_on": day}, revision=1, actor=actor),
        lambda: drafting.add_article(paper, heading="x", body="", actor=actor),
        lambda: drafting.save_article(article, heading="x", body="", revision=0, actor=actor),
        lambda: drafting.move_article(article, step=1, actor=actor),
        lambda: drafting.remove_article(article, actor=actor),
        lambda: bases.cite(paper, references=[], actor=actor),
        lambda: targets.add_indicator(paper, title="x", unit="%", actor=actor),
        lambda: targets.save_indicator(indicator, title="x", unit="%", revision=0, actor=actor),
        lambda: targets.move_indicator(indicator, step=1, actor=actor),
        lambda: targets.remove_indicator(indicator, actor=actor),
        lambda: bases.rearrange(
            paper, press="remove", reference=paper.bases.get().reference, actor=actor
        ),
        lambda: targets.set_targets(paper, norms={cell: Decimal(1)}, actor=actor),
    ]


@pytest.mark.parametrize("name", ["binh", "em", "dung", "hoa", "khach", "ngoai"])
def test_nobody_but_the_secretariat_writes(cast: Cast, paper: Paper, name: str) -> None:
    with nothing_changes():
        for act in every_act(paper, getattr(cast, name)):
            with pytest.raises(PermissionDenied):
                act()


def test_nobody_writes_on_a_sealed_paper(cast: Cast) -> None:
    sealed = seal_covenant(cast.year, actor=cast.chi)
    with nothing_changes():
        for act in every_act(sealed, cast.chi):
            with pytest.raises(PermissionDenied):
                act()


def test_nobody_writes_in_a_closed_year(cast: Cast, paper: Paper) -> None:
    type(cast.year).objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    paper = Paper.objects.get(pk=paper.pk)
    with nothing_changes():
        for act in every_act(paper, cast.chi):
            with pytest.raises(PermissionDenied):
                act()
