"""Queries for the pages of scoring."""

from dataclasses import dataclass

from covenants.models import Paper
from covenants.models.drafts import EDITABLE, PaperState
from covenants.papers import validity
from covenants.queries import covenant_of, papers_of
from members.models import AuditEntry, BlocYear, Membership, User
from members.records.audit import subject_of

from .models import Line, Scale, Scoring, Sheet
from .models.scales import Owner

POINT_SCALE = "point_scale"


def scale_of(year: BlocYear) -> Scale | None:
    """The scale to show for a year: the one in force, else the newest of the year that is not
    annulled."""
    held = validity.in_force(year, POINT_SCALE)
    scales = Scale.objects.select_related("paper__bloc_year__bloc", "paper__kind")
    if held is not None and (scale := scales.filter(paper=held.paper).first()):
        return scale
    not_annulled = scales.filter(paper__bloc_year=year).exclude(paper__state=PaperState.ANNULLED)
    return not_annulled.order_by("-pk").first()


def scale_before(year: BlocYear) -> Scale | None:
    """The scale of the newest earlier year of the bloc; annulled papers are left out."""
    earlier = Scale.objects.filter(
        paper__bloc_year__bloc=year.bloc_id, paper__bloc_year__year__lt=year.year
    ).exclude(paper__state=PaperState.ANNULLED)
    return (
        earlier.select_related("paper__bloc_year")
        .order_by("-paper__bloc_year__year", "-pk")
        .first()
    )


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a list, with the number of lines filled in and of lines the board has to fill
    in."""

    sheet: Sheet
    filled: int
    owed: int


def sheets_for(scoring: Scoring, user: User) -> list[SheetRow]:
    """The sheets that the person may read, in the year's order; two queries."""
    sheets = Sheet.objects.visible_to(user).filter(scoring=scoring)
    found = list(
        sheets.select_related("membership__name", "membership__left_by").order_by(
            "membership__order"
        )
    )
    for sheet in found:
        sheet.scoring = scoring
    owed = Line.objects.filter(
        sheet__in=found,
        unassigned_because="",
        criterion__owner=Owner.BOARD,
        criterion__facts_from__isnull=True,
    ).values_list("sheet", "actual")
    counts: dict[int, list[bool]] = {}
    for pk, actual in owed:
        counts.setdefault(pk, []).append(actual is not None)
    return [
        SheetRow(sheet, sum(counts.get(sheet.pk, [])), len(counts.get(sheet.pk, [])))
        for sheet in found
    ]


def own_memberships(year: BlocYear, user: User) -> list[Membership]:
    """The memberships of a year for which one of the person's boards acts."""
    boards = {post.board_id for post in user.current_posts if post.board_id}
    return list(year.memberships.acted_for_by(boards).select_related("name"))


# --- The scale being written ----------------------------------------------------------------------


def paper_in_writing(year: BlocYear) -> Paper | None:
    """The year's paper that will adopt a scale, as long as it can be changed; else None."""
    papers = papers_of(year).filter(kind=POINT_SCALE, state__in=EDITABLE)
    return papers.order_by("-pk").first()


def scale_in_writing(year: BlocYear) -> Scale | None:
    """The scale that the workshop opens: that of the paper being written, else the newest of the
    year, which can no longer be changed."""
    scales = Scale.objects.select_related("annex", "paper__bloc_year__bloc", "paper__kind")
    paper = paper_in_writing(year)
    if paper is not None:
        return scales.filter(paper=paper).first()
    not_annulled = scales.filter(paper__bloc_year=year).exclude(paper__state=PaperState.ANNULLED)
    return not_annulled.order_by("-pk").first()


def indicator_titles(year: BlocYear, scale: Scale) -> list[str]:
    """Titles that can be chosen as plan: the indicators of the year's covenant, and those already
    used in the scale."""
    covenant = covenant_of(year)
    columns = list(covenant.indicators.values_list("title", flat=True)) if covenant else []
    named = scale.criteria.exclude(indicator="").values_list("indicator", flat=True)
    return list(dict.fromkeys([*columns, *named]))


def last_act_on(scale: Scale) -> AuditEntry | None:
    """The last audit entry about the scale."""
    return AuditEntry.objects.filter(subject=subject_of(scale)).order_by("number").last()
