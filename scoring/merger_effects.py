"""What boards that merge, split or end have open in scoring: sheets that are not final."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from members.merger_effects import MergerEffect
from members.models import Membership

from .models import Sheet
from .models.sheets import ScoringState


def merger_effects(memberships: Iterable[Membership]) -> list[MergerEffect]:
    """The sheets of these memberships whose scoring is not final."""
    by_pk = {membership.pk: membership for membership in memberships}
    sheets = Sheet.objects.filter(membership__in=by_pk).exclude(scoring__state=ScoringState.FINAL)
    return [
        MergerEffect(
            by_pk[sheet.membership_id],
            _("The score sheet of %(year)d is not final.") % {"year": sheet.scoring.bloc_year.year},
        )
        for sheet in sheets.select_related("scoring__bloc_year")
    ]
