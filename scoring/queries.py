"""Reads for the pages of scoring."""

from dataclasses import dataclass

from covenants import validity
from members.models import BlocYear, Membership, User

from .models import Line, Scale, Scoring, Sheet
from .models.scales import Owner


def scale_of(year: BlocYear) -> Scale | None:
    """The scale that is shown for a year: the one in force, else the newest in the making."""
    held = validity.in_force(year, "point_scale")
    scales = Scale.objects.select_related("paper__bloc_year__bloc", "paper__kind")
    if held is not None and (scale := scales.filter(paper=held.paper).first()):
        return scale
    standing = scales.filter(paper__bloc_year=year).exclude(paper__state="annulled")
    return standing.order_by("-pk").first()


def scale_before(year: BlocYear) -> Scale | None:
    """The scale of the newest earlier year of the bloc."""
    earlier = Scale.objects.filter(
        paper__bloc_year__bloc=year.bloc_id, paper__bloc_year__year__lt=year.year
    ).exclude(paper__state="annulled")
    return (
        earlier.select_related("paper__bloc_year")
        .order_by("-paper__bloc_year__year", "-pk")
        .first()
    )


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a list, and how far its board has come: lines filled in of lines owed."""

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
    owed = Line.objects.filter(
        sheet__in=found,
        unassigned_because="",
        criterion__owner=Owner.BOARD,
        criterion__facts_from__isnull=True,
    ).values_list("sheet", "actual")
    counts: dict[int, list[bool]] = {}
    for sheet, actual in owed:
        counts.setdefault(sheet, []).append(actual is not None)
    return [
        SheetRow(sheet, sum(counts.get(sheet.pk, [])), len(counts.get(sheet.pk, [])))
        for sheet in found
    ]


def own_memberships(year: BlocYear, user: User) -> list[Membership]:
    """The memberships of a year for which a board of the person acts."""
    boards = {post.board_id for post in user.current_posts if post.board_id}
    return list(year.memberships.acted_for_by(boards).select_related("name"))
