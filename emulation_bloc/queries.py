"""Queries for the home page: the year's steps, what is due, and progress by board."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

import covenants.obligations
import members.obligations
import scoring.obligations
from members.models import BlocYear, Membership, User, YearStep
from members.records.due_dates import Obligation, concerns, is_for

# Apps with obligations; each has `obligations(year)`.
ANSWERING = (members.obligations, covenants.obligations, scoring.obligations)


def obligations(year: BlocYear) -> list[Obligation]:
    """What all apps report as due in the year, done or not."""
    return [obligation for app in ANSWERING for obligation in app.obligations(year)]


# --- The year as a strip ------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A step on the strip. `tenth` (0 to 9) is the position of today within it, None in other
    steps.
    """

    name: str
    state: str
    span: str
    starts_on: dt.date
    tenth: int | None = None


def strip(year: BlocYear, today: dt.date) -> list[Stage]:
    """The steps of the year with their states; today is in the present step, else before
    the next.
    """
    steps = list(year.steps.all())
    here = _place_of_today(steps, today)
    return [stage(step, number - here, year, today) for number, step in enumerate(steps)]


def _place_of_today(steps: Sequence[YearStep], today: dt.date) -> int:
    """The index of the latest step under way, else of the next, else one past the end.

    -1 before the first step.
    """
    if steps and today < steps[0].starts_on:
        return -1
    under_way = [i for i, step in enumerate(steps) if step.starts_on <= today <= step.ends_on]
    if under_way:
        return under_way[-1]
    return next((i for i, step in enumerate(steps) if step.starts_on > today), len(steps))


def stage(step: YearStep, distance: int, year: BlocYear, today: dt.date) -> Stage:
    """A step `distance` places after the one where today is; negative before it."""
    made = partial(Stage, name=step.get_kind_display(), starts_on=step.starts_on)
    span = _span_of(step, year)
    if distance:
        return made(state="done" if distance < 0 else "todo", span=span)
    left = until(step.ends_on if step.starts_on <= today else step.starts_on, today)
    return made(state="now", span=f"{span}, {left}", tenth=_tenth_of(step, today))


def begins_on(stages: Sequence[Stage], today: dt.date) -> dt.date | None:
    """The first day of a year opened in advance; None once it has begun."""
    return stages[0].starts_on if stages and today < stages[0].starts_on else None


def _tenth_of(step: YearStep, today: dt.date) -> int:
    """How far today is into the step, 0 to 9; 0 before it."""
    days = (step.ends_on - step.starts_on).days + 1
    return max(0, min(9, 10 * (today - step.starts_on).days // days))


def _span_of(step: YearStep, year: BlocYear) -> str:
    """“04/05”, “24–27/07”, “15/11–30/11”; the year is written if it is not the bloc's."""
    first, last = step.starts_on, step.ends_on
    if first == last:
        return _short_day(last, year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day:02d}–{_short_day(last, year)}"
    return f"{_short_day(first, year)}–{_short_day(last, year)}"


def _short_day(day: dt.date, year: BlocYear) -> str:
    """The day as dd/mm, with the year if it is not the bloc's."""
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == year.year else "SHORT_DATE_FORMAT")


def until(day: dt.date, today: dt.date) -> str:
    """“3 days left”, “today” or “3 days late”."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}


# --- What is due --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """A line of the list of things to do; `is_mine` if the user may do it."""

    obligation: Obligation
    is_mine: bool
    day: str
    left: str
    is_late: bool
    whose: str


def dues(found: Iterable[Obligation], *, user: User, year: BlocYear, today: dt.date) -> list[Due]:
    """What the user, and the user's board, has still to do; [] in a closed year."""
    if year.is_closed:
        return []
    lines = [
        due(obligation, user, year, today)
        for obligation in found
        if not obligation.is_done and concerns(obligation, user, year)
    ]
    return sorted(lines, key=_urgency)


@dataclass(frozen=True)
class OtherYear:
    """What is due in another open year of the bloc."""

    year: BlocYear
    dues: list[Due]


def dues_of_other_years(year: BlocYear, *, user: User, today: dt.date) -> list[OtherYear]:
    """What the user or the user's board has to do in other open years of the bloc, newest first.

    [] in a closed year, which is opened for reference only.
    """
    if year.is_closed:
        return []
    others = year.bloc.years.filter(closed_on=None).exclude(pk=year.pk).order_by("-year")
    found = [
        OtherYear(other, dues(obligations(other), user=user, year=other, today=today))
        for other in others
    ]
    return [other for other in found if other.dues]


def _urgency(line: Due) -> tuple[bool, bool, dt.date]:
    """Sort key: mine first, then late, then without day (open now), then by day."""
    return not line.is_mine, not line.is_late, line.obligation.due_on or dt.date.min


def due(obligation: Obligation, user: User, year: BlocYear, today: dt.date) -> Due:
    """The obligation as a line of the list."""
    day = obligation.due_on
    return Due(
        obligation=obligation,
        is_mine=is_for(obligation, user, year),
        day=_due_day(day, year, today) if day else "",
        left=until(day, today) if day else _("open now"),
        is_late=obligation.is_late(today),
        whose=whose(obligation, year),
    )


def _due_day(day: dt.date, year: BlocYear, today: dt.date) -> str:
    """Like `short_day`, but with the year if it is after this one."""
    if day.year > today.year:
        return date_format(day, "SHORT_DATE_FORMAT")
    return _short_day(day, year)


def whose(obligation: Obligation, year: BlocYear) -> str:
    """Who has to act: “leaders of BQL KKT Bình Định”."""
    if obligation.membership is None:
        return _("Secretariat")
    words = {
        "board_leader": _("leaders of %(board)s"),
        "board": _("%(board)s"),
    }
    return words[obligation.audience] % {"board": obligation.membership.name.short_name}


# --- Boards and steps ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """A step in the table of boards; `due_on` is the day that most boards have."""

    title: str
    due: str
    due_on: dt.date | None


@dataclass(frozen=True)
class Cell:
    """State and word of a board for a step; `needs_attention` shows it in a box."""

    column: Column
    state: str = ""
    word: str = ""
    needs_attention: bool = False


@dataclass(frozen=True)
class Row:
    """A board in the table: its cells, and how many of its obligations are done."""

    membership: Membership
    cells: list[Cell]
    done: int
    of: int

    @property
    def open_steps(self) -> list[str]:
        """The titles of steps that are open and not late."""
        return [cell.column.title for cell in self.cells if cell.state == "wait"]


@dataclass(frozen=True)
class Matrix:
    """The table of boards and steps."""

    columns: list[Column]
    rows: list[Row]


Owed = dict[tuple[int, str], list[Obligation]]


def matrix(found: Iterable[Obligation], *, year: BlocYear, today: dt.date) -> Matrix:
    """The table of boards that have not left the year, by steps."""
    memberships = list(year.memberships.staying().select_related("name"))
    staying = {one.pk for one in memberships}
    steps: dict[str, list[Obligation]] = {}
    by_place: Owed = {}
    for one in found:
        if one.membership is not None and one.membership.pk in staying:
            steps.setdefault(one.step, []).append(one)
            by_place.setdefault((one.membership.pk, one.step), []).append(one)
    columns = {step: column(owed, year) for step, owed in steps.items()}
    rows = [row(membership, columns, by_place, year, today) for membership in memberships]
    return Matrix(columns=list(columns.values()), rows=rows)


def column(owed: Sequence[Obligation], year: BlocYear) -> Column:
    """The column of a step, with the day that most of its boards have."""
    days = Counter(one.due_on for one in owed if one.due_on)
    day = days.most_common(1)[0][0] if days else None
    return Column(
        title=str(owed[0].column),
        due=_by_day(day, year) if day else "",
        due_on=day,
    )


def _by_day(day: dt.date, year: BlocYear) -> str:
    """“by 04/05”."""
    return _("by %(day)s") % {"day": _short_day(day, year)}


def row(
    membership: Membership,
    columns: dict[str, Column],
    by_place: Owed,
    year: BlocYear,
    today: dt.date,
) -> Row:
    """A board's row. It counts obligations, of which a step may have several."""
    owed = {step: by_place.get((membership.pk, step), []) for step in columns}
    found = [one for of_step in owed.values() for one in of_step]
    return Row(
        membership=membership,
        cells=[cell(columns[step], of_step, year, today) for step, of_step in owed.items()],
        done=sum(one.is_done for one in found),
        of=len(found),
    )


def cell(column: Column, owed: Sequence[Obligation], year: BlocYear, today: dt.date) -> Cell:
    """The state of the most urgent of a board's obligations in a step; with several, how many are
    done.
    """
    if not owed:
        return Cell(column)
    state, word = _state_of(_worst(owed), column, year, today)
    if len(owed) > 1:
        done = sum(one.is_done for one in owed)
        word = _("%(word)s (%(done)d of %(count)d done)") % {
            "word": word,
            "done": done,
            "count": len(owed),
        }
    return Cell(column, state, word, needs_attention=state == "late")


def _worst(owed: Sequence[Obligation]) -> Obligation:
    """The open obligation that is due first; if all are done, the one done last."""
    if still := [one for one in owed if not one.is_done]:
        return min(still, key=lambda one: one.due_on or dt.date.max)
    return max(owed, key=lambda one: one.done_on or dt.date.min)


def _state_of(
    obligation: Obligation, column: Column, year: BlocYear, today: dt.date
) -> tuple[str, str]:
    """(state, word) of an obligation; the day is named if it is not the column's."""
    if obligation.done_on is not None:
        return "done", _short_day(obligation.done_on, year)
    days = obligation.days_late(today)
    if days and not year.is_closed:
        late = ngettext("Late by %(days)d day", "Late by %(days)d days", days)
        return "late", late % {"days": days}
    own_day = obligation.due_on if obligation.due_on != column.due_on else None
    if own_day is None:
        return "wait", _("Not yet")
    return "wait", f"{_('Not yet')}, {_by_day(own_day, year)}"
