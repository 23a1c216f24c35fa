"""Opening a year from the last one, changing its dates, closing it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from emulation_bloc.lib.refusal import Refusal

from ..models import Bloc, BlocYear, Board, Membership, User, YearStep
from ..models.blocs import Role
from ..permissions import require
from ..queries import boards_open_to
from ..records import audit


class YearExists(Refusal):
    """The bloc already has this year."""


class NoHead(Refusal):
    """A year needs exactly one head board."""


@dataclass(frozen=True)
class Place:
    """A board of the year to be opened; the order is that of the list."""

    board: Board
    role: str


@transaction.atomic
def open_next_year(
    last: BlocYear,
    *,
    year: int,
    theme: str,
    places: Sequence[Place],
    steps: Mapping[str, tuple[dt.date, dt.date]],
    actor: User,
) -> BlocYear:
    """Open the next year of the bloc. Boards take part under their names of 1 January.

    `steps` maps a kind of step to its first and last day. Asks "members.open_next_year"; raises
    YearExists, NoHead, Refusal.
    """
    require(actor, "members.open_next_year", last)
    _refuse_out_of_turn(last, year)
    _refuse_foreign_boards(last.bloc, places)
    _refuse_wrong_roles(places)
    opened = BlocYear.objects.create(bloc=last.bloc, year=year, theme=theme)
    _enrol_members(opened, places)
    _set_dates(opened, steps)
    audit.record(
        "members.year_opened",
        actor=actor,
        subject=opened,
        bloc=opened.bloc,
        details={"members": [f"{place.board.code}:{place.role}" for place in places]},
    )
    return opened


def _refuse_out_of_turn(last: BlocYear, year: int) -> None:
    """Years are opened in order. Locks the bloc's row against a second opening at the same time."""
    Bloc.objects.select_for_update().get(pk=last.bloc_id)
    if last.bloc.years.filter(year=year).exists():
        raise YearExists(_("This bloc already has the year %(year)d.") % {"year": year})
    if last.bloc.years.filter(year__gt=last.year).exists():
        raise Refusal(_("A year is opened from the newest one only."))
    if year < last.year:
        raise Refusal(_("The next year comes after %(last)d.") % {"last": last.year})


def _refuse_foreign_boards(bloc: Bloc, places: Sequence[Place]) -> None:
    """Only boards open to the bloc: taking one in lets this secretariat change its posts."""
    wanted = {place.board.pk for place in places}
    if wanted - set(boards_open_to(bloc).values_list("pk", flat=True)):
        raise Refusal(_("A board of another bloc cannot be taken in here."))


def _refuse_wrong_roles(places: Sequence[Place]) -> None:
    heads = [place for place in places if place.role == Role.HEAD]
    if len(heads) != 1:
        raise NoHead(_("Choose exactly one head board."))
    if len({place.board.pk for place in places}) != len(places):
        raise Refusal(_("A board takes part only once."))


def _enrol_members(year: BlocYear, places: Sequence[Place]) -> None:
    day = dt.date(year.year, 1, 1)
    Membership.objects.bulk_create(
        Membership(
            bloc_year=year,
            board=place.board,
            name=place.board.name_on(day),
            role=place.role,
            order=order,
        )
        for order, place in enumerate(places, start=1)
    )


def _set_dates(year: BlocYear, steps: Mapping[str, tuple[dt.date, dt.date]]) -> None:
    for kind, (starts_on, ends_on) in steps.items():
        if ends_on < starts_on:
            raise Refusal(_("A step cannot end before it starts."))
        YearStep.objects.update_or_create(
            bloc_year=year, kind=kind, defaults={"starts_on": starts_on, "ends_on": ends_on}
        )


@transaction.atomic
def change_dates(
    year: BlocYear, *, steps: Mapping[str, tuple[dt.date, dt.date]], actor: User
) -> None:
    """Change the days of steps. Asks "members.manage_year"."""
    require(actor, "members.manage_year", year)
    _set_dates(year, steps)
    details = {kind: [day.isoformat() for day in days] for kind, days in steps.items()}
    audit.record(
        "members.dates_changed", actor=actor, subject=year, bloc=year.bloc, details=details
    )


@transaction.atomic
def close_year(year: BlocYear, *, actor: User) -> None:
    """Close a year; afterwards it is read-only. Asks "members.manage_year"."""
    require(actor, "members.manage_year", year)
    closed_on = timezone.localdate()
    BlocYear.objects.filter(pk=year.pk, closed_on=None).update(closed_on=closed_on)
    audit.record("members.year_closed", actor=actor, subject=year, bloc=year.bloc)
