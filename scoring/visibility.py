"""What a person sees of the scores of a year.

Before publication a board sees only its own sheet, head and deputy see all. After publication
everybody sees what the scale opens.
"""

from dataclasses import dataclass

from members.models import Membership, User

from .models import Scoring, Sheet
from .models.scales import Openness
from .models.sheets import board_ids_of_user, years_appraised_by


@dataclass(frozen=True)
class Visibility:
    """`own` are the ids of memberships whose scores the person may always read."""

    appraises: bool
    own: frozenset[int]
    is_published: bool
    openness: str

    @property
    def sees_ranking(self) -> bool:
        return self.appraises or self.is_published

    @property
    def sees_all_points(self) -> bool:
        """Whether the points of every criterion of every board are visible."""
        return self.appraises or (self.is_published and self.openness != Openness.TOTALS)

    @property
    def sees_all_figures(self) -> bool:
        """Whether the figures, explanations and reasons behind the points are visible as well."""
        return self.appraises or (self.is_published and self.openness == Openness.ALL)

    def sees_points_of(self, membership: int) -> bool:
        return self.sees_all_points or membership in self.own

    def opens(self, sheet: Sheet) -> bool:
        """Whether the page with a sheet's points is visible. A sheet that was never signed off is
        visible only to its board and the appraisers."""
        own = self.appraises or sheet.membership_id in self.own
        return own or (self.sees_all_points and sheet.round > 0)

    def sees_figures_of(self, membership: int) -> bool:
        return self.sees_all_figures or membership in self.own


def visibility_of(user: User, scoring: Scoring) -> Visibility:
    """What the person sees of a year's scores; two queries."""
    boards = board_ids_of_user(user)
    year = scoring.bloc_year_id
    own = Membership.objects.filter(bloc_year=year)
    held = own.read_by(boards) | own.acted_for_by(boards)
    return Visibility(
        appraises=user.is_superuser or years_appraised_by(user).filter(pk=year).exists(),
        own=frozenset(held.values_list("pk", flat=True)) if boards else frozenset(),
        is_published=scoring.is_published,
        openness=scoring.scale.openness,
    )
