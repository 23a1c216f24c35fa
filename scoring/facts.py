"""Figures that the portal takes from its own records, per board and year.

There is a source only for records that an app keeps; criteria on other records are filled in by the
board with a document. To add a record, add a Source.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from covenants.models import Covenant, Paper, Party, Target
from members.models import BlocYear

from .models import Sheet
from .models.appraisal import Column
from .models.scales import Owner


@dataclass(frozen=True)
class PortalFigure:
    """A figure from the portal's records, the record in words, and the address of the page that
    shows it."""

    value: Decimal
    words: str
    page: str


Reading = Callable[[BlocYear], dict[int, PortalFigure]]


@dataclass(frozen=True)
class Source:
    """A record of the portal; `read` returns a figure by membership id, for the boards it knows."""

    code: str
    title: str | Promise
    read: Reading


def covenant_of(year: BlocYear) -> Paper | None:
    """The sealed covenant of the year; None before it is sealed, when nobody can be late in signing
    it."""
    sealed = Covenant.objects.standing().filter(bloc_year=year, sealed_at__isnull=False)
    covenant: Paper | None = sealed.first()
    return covenant


def _page_of(year: BlocYear) -> str:
    return reverse("covenants:paper", args=[year.bloc.slug, year.year])


def _late_signatures(year: BlocYear) -> dict[int, PortalFigure]:
    """1 for a board that signed the covenant after its day or has not signed, else 0."""
    return _read_seats(year, lambda is_late: Decimal(int(is_late)))


def _signed_on_time(year: BlocYear) -> dict[int, PortalFigure]:
    """1 for a board that signed the covenant by its day, else 0."""
    return _read_seats(year, lambda is_late: Decimal(int(not is_late)))


def _read_seats(year: BlocYear, value: Callable[[bool], Decimal]) -> dict[int, PortalFigure]:
    covenant = covenant_of(year)
    if covenant is None:
        return {}
    seats = covenant.parties.select_related("signature", "membership")
    return {
        seat.membership_id: PortalFigure(
            value(is_late(seat, covenant)), _signed_words(seat), _page_of(year)
        )
        for seat in seats
        if not seat.is_given_up
    }


def not_signed(year: BlocYear) -> set[int]:
    """The ids of memberships whose seat in the sealed covenant is not signed."""
    covenant = covenant_of(year)
    waiting = covenant.parties.waiting() if covenant else Party.objects.none()
    return set(waiting.values_list("membership", flat=True))


def is_late(seat: Party, covenant: Paper) -> bool:
    """Whether the seat is unsigned, or was signed after the covenant's day for signing."""
    if not seat.is_signed:
        return True
    due = covenant.sign_by
    return due is not None and localdate(seat.signature.signed_at) > due


def _signed_words(seat: Party) -> str:
    if not seat.is_signed:
        return _("The covenant is not signed yet")
    day = date_format(localdate(seat.signature.signed_at), "SHORT_DATE_FORMAT")
    return _("The covenant was signed on %(day)s") % {"day": day}


def _registered_targets(year: BlocYear) -> dict[int, PortalFigure]:
    """The number of targets that a board registered in the annex of the covenant."""
    return _read_targets(year, lambda registered, columns: registered)


def _missing_targets(year: BlocYear) -> dict[int, PortalFigure]:
    """The number of indicators of the annex for which a board has no target."""
    return _read_targets(year, lambda registered, columns: columns - registered)


def _read_targets(year: BlocYear, value: Callable[[int, int], int]) -> dict[int, PortalFigure]:
    covenant = covenant_of(year)
    if covenant is None:
        return {}
    columns = covenant.indicators.count()
    targets = Target.objects.filter(indicator__paper=covenant).values_list("membership")
    registered = dict(targets.annotate(count=Count("pk")).order_by())
    return {
        pk: PortalFigure(
            Decimal(value(registered.get(pk, 0), columns)),
            _targets_words(registered.get(pk, 0), columns),
            _page_of(year),
        )
        for pk in year.memberships.staying().values_list("pk", flat=True)
    }


def _targets_words(registered: int, columns: int) -> str:
    sentence = ngettext(
        "%(registered)d of %(columns)d target registered",
        "%(registered)d of %(columns)d targets registered",
        columns,
    )
    return sentence % {"registered": registered, "columns": columns}


def _reported_targets(year: BlocYear) -> dict[int, PortalFigure]:
    """The number of targets on a board's sheet for which it gives the result."""
    return _read_reports(year, lambda reported, targets: reported)


def _unreported_targets(year: BlocYear) -> dict[int, PortalFigure]:
    """The number of targets on a board's sheet for which it gives no result."""
    return _read_reports(year, lambda reported, targets: targets - reported)


# The lines of a sheet on which the board has to give the result of one of its targets.
TARGETS = Q(
    lines__criterion__owner=Owner.BOARD,
    lines__criterion__facts_from=None,
    lines__plan__isnull=False,
    lines__unassigned_because="",
) & ~Q(lines__criterion__indicator="")


def _read_reports(year: BlocYear, value: Callable[[int, int], int]) -> dict[int, PortalFigure]:
    sheets = Sheet.objects.filter(scoring__bloc_year=year).annotate(
        targets=Count("lines", filter=TARGETS), reported=Count("lines__actual", filter=TARGETS)
    )
    return {
        sheet.membership_id: PortalFigure(
            Decimal(value(sheet.reported, sheet.targets)),
            _reported_words(sheet.reported, sheet.targets),
            sheet_page(year, sheet),
        )
        for sheet in sheets.order_by()
    }


def _reported_words(reported: int, targets: int) -> str:
    sentence = ngettext(
        "%(reported)d of %(targets)d target reported on the sheet",
        "%(reported)d of %(targets)d targets reported on the sheet",
        targets,
    )
    return sentence % {"reported": reported, "targets": targets}


def sheet_page(year: BlocYear, sheet: Sheet) -> str:
    """The address of a sheet."""
    return reverse("scoring:sheet", args=[year.bloc.slug, year.year, sheet.pk])


def _handed_in_late(year: BlocYear) -> dict[int, PortalFigure]:
    """1 for a board that submitted its sheet after the last day, else 0."""
    return _read_handing_in(year, lambda is_late: Decimal(int(is_late)))


def _handed_in_on_time(year: BlocYear) -> dict[int, PortalFigure]:
    """1 for a board that submitted its sheet by the last day, else 0."""
    return _read_handing_in(year, lambda is_late: Decimal(int(not is_late)))


def _read_handing_in(year: BlocYear, value: Callable[[bool], Decimal]) -> dict[int, PortalFigure]:
    """Goes by the first submission: submitting again after a return is not late. A sheet not yet
    submitted counts as submitted today."""
    sheets = Sheet.objects.filter(scoring__bloc_year=year).select_related("scoring")
    first = Min("lines__figures__at", filter=Q(lines__figures__column=Column.SELF))
    known = {}
    for sheet in sheets.annotate(first=first).order_by():
        day, until = localdate(sheet.first), sheet.scoring.self_until
        words, page = _handed_in_words(sheet.first, until), sheet_page(year, sheet)
        is_late = until is not None and day > until
        known[sheet.membership_id] = PortalFigure(value(is_late), words, page)
    return known


def _handed_in_words(first: dt.datetime | None, until: dt.date | None) -> str:
    due = date_format(until, "SHORT_DATE_FORMAT") if until else _("no day set")
    if first is None:
        return _("The sheet is not handed in yet; due: %(due)s") % {"due": due}
    day = date_format(localdate(first), "SHORT_DATE_FORMAT")
    return _("The sheet was handed in on %(day)s; due: %(due)s") % {"day": day, "due": due}


SOURCES: dict[str, Source] = {
    source.code: source
    for source in (
        Source(
            "covenant_late", gettext_lazy("Covenant signed late, or not signed"), _late_signatures
        ),
        Source("covenant_on_time", gettext_lazy("Covenant signed on time"), _signed_on_time),
        Source("targets_registered", gettext_lazy("Targets registered"), _registered_targets),
        Source("targets_missing", gettext_lazy("Targets not registered"), _missing_targets),
        Source("targets_reported", gettext_lazy("Targets reported"), _reported_targets),
        Source("targets_unreported", gettext_lazy("Targets not reported"), _unreported_targets),
        Source("sheet_late", gettext_lazy("Self-assessment handed in late"), _handed_in_late),
        Source(
            "sheet_on_time", gettext_lazy("Self-assessment handed in on time"), _handed_in_on_time
        ),
    )
}


def portal_figures(year: BlocYear, codes: set[str]) -> dict[str, dict[int, PortalFigure]]:
    """The portal's figures by source code and membership id; one or two queries per source. Unknown
    codes are left out."""
    return {code: SOURCES[code].read(year) for code in sorted(codes) if code in SOURCES}
