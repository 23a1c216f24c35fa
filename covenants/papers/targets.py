"""The annex of a covenant: indicators (columns) and the target of each board (rows)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from members.models import Membership, User
from members.permissions import require
from members.records.acts import Overtaken

from ..models import Indicator, Paper, Target
from ..transitions import lock
from .drafting import Gone, record, swapped

Cell = tuple[Indicator, Membership]
Norms = Mapping[Cell, Decimal | None]


@transaction.atomic
def add_indicator(paper: Paper, *, title: str, unit: str, actor: User) -> Indicator:
    """Append an indicator to the annex. Asks "covenants.draft"."""
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    last = paper.indicators.aggregate(last=Max("order"))["last"] or 0
    indicator = Indicator.objects.create(paper=paper, order=last + 1, title=title, unit=unit)
    record(paper, "covenants.indicator_added", actor, indicator=indicator.pk)
    return indicator


@transaction.atomic
def save_indicator(
    indicator: Indicator, *, title: str, unit: str, revision: int, actor: User
) -> None:
    """Change title and unit of an indicator; its targets stay.

    Asks "covenants.draft"; raises Overtaken, and Gone if it was removed.
    """
    paper = lock(indicator.paper)
    require(actor, "covenants.draft", paper)
    current = _current_indicator(indicator)
    if (current.title, current.unit) == (title, unit):
        return
    if current.revision != revision:
        raise Overtaken(current)
    Indicator.objects.filter(pk=current.pk).update(
        title=title, unit=unit, revision=F("revision") + 1
    )
    record(
        paper,
        "covenants.indicator_saved",
        actor,
        indicator=current.pk,
        before=[current.title, current.unit],
        after=[title, unit],
    )


def _current_indicator(indicator: Indicator) -> Indicator:
    """The indicator read afresh; raises Gone if it was removed."""
    current = Indicator.objects.filter(pk=indicator.pk).first()
    if current is None:
        raise Gone(_("This indicator was taken out of the annex meanwhile."))
    return current


@transaction.atomic
def move_indicator(indicator: Indicator, *, step: int, actor: User) -> None:
    """Move an indicator one place up (-1) or down (+1); no change at the end of the list.

    Asks "covenants.draft"; raises Gone.
    """
    paper = lock(indicator.paper)
    require(actor, "covenants.draft", paper)
    _current_indicator(indicator)
    columns = list(paper.indicators.all())
    moved = swapped(columns, columns.index(indicator), step)
    if moved == columns:
        return
    for order, column in enumerate(moved, start=1):
        column.order = order
    Indicator.objects.bulk_update(moved, ["order"])
    record(paper, "covenants.indicator_moved", actor, indicator=indicator.pk, step=step)


@transaction.atomic
def remove_indicator(indicator: Indicator, *, actor: User) -> None:
    """Delete an indicator and its targets. Asks "covenants.draft"; raises Gone if it was
    removed.
    """
    paper = lock(indicator.paper)
    require(actor, "covenants.draft", paper)
    current = _current_indicator(indicator)
    record(paper, "covenants.indicator_removed", actor, title=current.title, unit=current.unit)
    current.delete()


@transaction.atomic
def set_targets(
    paper: Paper,
    *,
    norms: Norms,
    actor: User,
    started_from: Norms = MappingProxyType({}),
) -> Norms:
    """Write targets by cell (indicator, membership); None empties a cell, unchanged cells are
    skipped.

    `started_from` has the figures that the writer saw. A cell changed by somebody else meanwhile is
    not overwritten; those cells are returned with their present figures. Asks "covenants.draft";
    raises Gone, and writes nothing, if a column was removed or a board left the year.
    """
    paper = lock(paper)
    require(actor, "covenants.draft", paper)
    _refuse_cells_gone(paper, norms)
    current = current_norms(paper)
    overtaken, changed = {}, {}
    for cell, norm in norms.items():
        indicator, membership = cell
        before = current.get((indicator.pk, membership.pk))
        if norm == before:
            continue
        if started_from.get(cell, before) != before:
            overtaken[cell] = before
            continue
        _write_target(indicator, membership, norm)
        changed[f"{indicator.pk}:{membership.pk}"] = [shown(before), shown(norm)]
    if changed:
        record(paper, "covenants.targets_set", actor, changed=changed)
    return overtaken


def current_norms(paper: Paper) -> dict[tuple[int, int], Decimal]:
    """(indicator id, membership id) -> target, for the filled cells of the annex."""
    targets = Target.objects.filter(indicator__paper=paper)
    return {(target.indicator_id, target.membership_id): target.norm for target in targets}


def _refuse_cells_gone(paper: Paper, norms: Norms) -> None:
    columns = set(paper.indicators.values_list("pk", flat=True))
    rows = set(paper.bloc_year.memberships.staying().values_list("pk", flat=True))
    if not all(indicator.pk in columns and member.pk in rows for indicator, member in norms):
        raise Gone(
            _("A column or a board was taken out of the annex meanwhile. Nothing was saved.")
        )


def _write_target(indicator: Indicator, membership: Membership, norm: Decimal | None) -> None:
    if norm is None:
        Target.objects.filter(indicator=indicator, membership=membership).delete()
    else:
        Target.objects.update_or_create(
            indicator=indicator, membership=membership, defaults={"norm": norm}
        )


def shown(norm: Decimal | None) -> str:
    """The figure as the audit entry stores it; "" for an empty cell."""
    return "" if norm is None else str(norm)
