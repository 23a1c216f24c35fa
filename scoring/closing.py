"""What is unfinished in the scoring when a year is closed."""

from django.utils.translation import gettext as _

from members.models import BlocYear
from members.years.closing import OpenEnd

from .models import Scoring
from .models.sheets import ScoringState


def open_ends(year: BlocYear) -> list[OpenEnd]:
    """A started scoring must be final before the year is closed; without a scoring there is only a
    remark."""
    words = {"year": year.year}
    scoring = Scoring.objects.filter(bloc_year=year).first()
    if scoring is None:
        what = _("No scores of %(year)d were given, and none can be given later.") % words
        return [OpenEnd(what, is_obstacle=False)]
    if scoring.state == ScoringState.FINAL:
        return []
    what = _("The scoring of %(year)d has no final result yet: make it final first.") % words
    return [OpenEnd(what, is_obstacle=True)]
