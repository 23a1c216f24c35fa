"""What a merger, split or end of boards affects in covenants: unsigned seats and targets."""

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from members.merger_effects import MergerEffect
from members.models import Membership

from .models import Party, Target
from .models.drafts import PaperState


def merger_effects(memberships: Iterable[Membership]) -> list[MergerEffect]:
    """Unsigned seats, and the number of targets in covenants not annulled, for these
    memberships.
    """
    by_pk = {membership.pk: membership for membership in memberships}
    return [*_waiting_seats(by_pk), *targets(by_pk)]


def _waiting_seats(by_pk: dict[int, Membership]) -> list[MergerEffect]:
    waiting = Party.objects.waiting().filter(
        membership__in=by_pk, paper__state=PaperState.SIGNING, paper__bloc_year__closed_on=None
    )
    return [
        MergerEffect(
            by_pk[party.membership_id],
            _("The seat in “%(paper)s” waits for a signature.") % {"paper": party.paper},
        )
        for party in waiting.select_related("paper__bloc_year")
    ]


def targets(by_pk: dict[int, Membership]) -> list[MergerEffect]:
    """How many targets each membership has in covenants that are not annulled."""
    counts = (
        Target.objects.filter(membership__in=by_pk)
        .exclude(indicator__paper__state=PaperState.ANNULLED)
        .values_list("membership")
        .annotate(count=Count("pk"))
        .order_by("membership")
    )
    return [MergerEffect(by_pk[pk], _targets_sentence(count)) for pk, count in counts]


def _targets_sentence(count: int) -> str:
    sentence = ngettext(
        "%(count)d target stands in the annex.", "%(count)d targets stand in the annex.", count
    )
    return sentence % {"count": count}
