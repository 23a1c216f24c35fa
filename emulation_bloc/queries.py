"""Reads for the home page: the year as a strip, what is due, and who is late with what."""

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

# The apps that can say what is due; each answers `obligations(year)`.
ANSWERING = (members.obligations, covenants.obligations, scoring.obligations)


def obligations(year: BlocYear) -> list[Obligation]:
    """What every app knows to be due in the year, done or not."""
    return [obligation for app in ANSWERING for obligation in app.obligations(year)]


# --- The year as a strip ------------------------------------------------------------------------


@dataclass(frozen=True)
class Stage:
    """A step on the strip. `tenth` is where today stands in it; None when it stands elsewhere."""

    name: str
    state: str
    span: str
    starts_on: dt.date
    tenth: int | None = None


def strip(year: BlocYear, today: dt.date) -> list[Stage]:
    """The steps of the year with today's place: in the step under way, else before the next."""
    steps = list(year.steps.all())
    here = place_of_today(steps, today)
    return [stage(step, number - here, year, today) for number, step in enumerate(steps)]


def place_of_today(steps: Sequence[YearStep], today: dt.date) -> int:
    """The index of the latest step under way, else of the next to come, else one past the end.

    Before the first step today stands nowhere in the year: -1.
    """
    if steps and today < steps[0].starts_on:
        return -1
    under_way = [i for i, step in enumerate(steps) if step.starts_on <= today <= step.ends_on]
    if under_way:
        return under_way[-1]
    return next((i for i, step in enumerate(steps) if step.starts_on > today), len(steps))


def stage(step: YearStep, distance: int, year: BlocYear, today: dt.date) -> Stage:
    """A step that stands `distance` steps after the one where today is."""
    made = partial(Stage, name=step.get_kind_display(), starts_on=step.starts_on)
    span = span_of(step, year)
    if distance:
        return made(state="done" if distance < 0 else "todo", span=span)
    left = until(step.ends_on if step.starts_on <= today else step.starts_on, today)
    return made(state="now", span=f"{span}, {left}", tenth=tenth_of(step, today))


def begins_on(stages: Sequence[Stage], today: dt.date) -> dt.date | None:
    """The first day of a year that was opened ahead; None once it has begun."""
    return stages[0].starts_on if stages and today < stages[0].starts_on else None


def tenth_of(step: YearStep, today: dt.date) -> int:
    """0 to 9: how far today is into the step; 0 before it."""
    days = (step.ends_on - step.starts_on).days + 1
    return max(0, min(9, 10 * (today - step.starts_on).days // days))


def span_of(step: YearStep, year: BlocYear) -> str:
    """“04/05”, “24–27/07”, “15/11–30/11”; another year than the bloc's is written out."""
    first, last = step.starts_on, step.ends_on
    if first == last:
        return short_day(last, year)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day:02d}–{short_day(last, year)}"
    return f"{short_day(first, year)}–{short_day(last, year)}"


def short_day(day: dt.date, year: BlocYear) -> str:
    return date_format(day, "MONTH_DAY_FORMAT" if day.year == year.year else "SHORT_DATE_FORMAT")


def until(day: dt.date, today: dt.date) -> str:
    """How far off a day is, or how long ago it was, in words."""
    days = (day - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("%(days)d day left", "%(days)d days left", days) % {"days": days}
    return ngettext("%(days)d day late", "%(days)d days late", -days) % {"days": -days}


# --- What is due --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """One line of “mine and my board's”; `is_mine` when the reader may do it."""

    obligation: Obligation
    is_mine: bool
    day: str
    left: str
    is_late: bool
    whose: str


def dues(found: Iterable[Obligation], *, user: User, year: BlocYear, today: dt.date) -> list[Due]:
    """What the reader, and then the reader's board, still has to do; nothing in a closed year."""
    if year.is_closed:
        return []
    lines = [
        due(obligation, user, year, today)
        for obligation in found
        if not obligation.is_done and concerns(obligation, user, year)
    ]
    return sorted(lines, key=urgency)


@dataclass(frozen=True)
class OtherYear:
    """What is still due in another open year of the bloc."""

    year: BlocYear
    dues: list[Due]


def dues_of_other_years(year: BlocYear, *, user: User, today: dt.date) -> list[OtherYear]:
    """What the reader or the reader's board owes in the bloc's other open years, newest first.

    Nothing stands there in a closed year, where one comes to look something up.
    """
    if year.is_closed:
        return []
    others = year.bloc.years.filter(closed_on=None).exclude(pk=year.pk).order_by("-year")
    found = [
        OtherYear(other, dues(obligations(other), user=user, year=other, today=today))
        for other in others
    ]
    return [other for other in found if other.dues]


def urgency(line: Due) -> tuple[bool, bool, dt.date]:
    """Mine first; late ones, then the undated, which are open now, then by day."""
    return not line.is_mine, not line.is_late, line.obligation.due_on or dt.date.min


def due(obligation: Obligation, user: User, year: BlocYear, today: dt.date) -> Due:
    day = obligation.due_on
    return Due(
        obligation=obligation,
        is_mine=is_for(obligation, user, year),
        day=due_day(day, year, today) if day else "",
        left=until(day, today) if day else _("open now"),
        is_late=obligation.is_late(today),
        whose=whose(obligation, year),
    )


def due_day(day: dt.date, year: BlocYear, today: dt.date) -> str:
    """Like `short_day`, and with its year when that is not this one but one to come."""
    if day.year > today.year:
        return date_format(day, "SHORT_DATE_FORMAT")
    return short_day(day, year)


def whose(obligation: Obligation, year: BlocYear) -> str:
    """For whom a line is: “leaders of BQL KKT Bình Định”."""
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
    title: str
    due: str
    due_on: dt.date | None


@dataclass(frozen=True)
class Cell:
    """What a board has done of a step: state and word; `needs_attention` puts it in a box."""

    column: Column
    state: str = ""
    word: str = ""
    needs_attention: bool = False


@dataclass(frozen=True)
class Row:
    membership: Membership
    cells: list[Cell]
    done: int
    of: int

    @property
    def open_steps(self) -> list[str]:
        """What the board has still to do and is not late with."""
        return [cell.column.title for cell in self.cells if cell.state == "wait"]


@dataclass(frozen=True)
class Matrix:
    columns: list[Column]
    rows: list[Row]


Owed = dict[tuple[int, str], list[Obligation]]


def matrix(found: Iterable[Obligation], *, year: BlocYear, today: dt.date) -> Matrix:
    """Boards that go on by steps: who has done what, and who is late."""
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
        due=by_day(day, year) if day else "",
        due_on=day,
    )


def by_day(day: dt.date, year: BlocYear) -> str:
    return _("by %(day)s") % {"day": short_day(day, year)}


def row(
    membership: Membership,
    columns: dict[str, Column],
    by_place: Owed,
    year: BlocYear,
    today: dt.date,
) -> Row:
    """Counts what the board owes, of which one step may hold several."""
    owed = {step: by_place.get((membership.pk, step), []) for step in columns}
    found = [one for of_step in owed.values() for one in of_step]
    return Row(
        membership=membership,
        cells=[cell(columns[step], of_step, year, today) for step, of_step in owed.items()],
        done=sum(one.is_done for one in found),
        of=len(found),
    )


def cell(column: Column, owed: Sequence[Obligation], year: BlocYear, today: dt.date) -> Cell:
    """What stands worst among the things that a board owes of a step, and how many are done."""
    if not owed:
        return Cell(column)
    state, word = state_of(worst(owed), column, year, today)
    if len(owed) > 1:
        done = sum(one.is_done for one in owed)
        word = _("%(word)s (%(done)d of %(count)d done)") % {
            "word": word,
            "done": done,
            "count": len(owed),
        }
    return Cell(column, state, word, needs_attention=state == "late")


def worst(owed: Sequence[Obligation]) -> Obligation:
    """Of what is open the first to be done, else the last that was."""
    if still := [one for one in owed if not one.is_done]:
        return min(still, key=lambda one: one.due_on or dt.date.max)
    return max(owed, key=lambda one: one.done_on or dt.date.min)


def state_of(
    obligation: Obligation, column: Column, year: BlocYear, today: dt.date
) -> tuple[str, str]:
    if obligation.done_on is not None:
        return "done", short_day(obligation.done_on, year)
    days = obligation.days_late(today)
    if days and not year.is_closed:
        late = ngettext("Late by %(days)d day", "Late by %(days)d days", days)
        return "late", late % {"days": days}
    own_day = obligation.due_on if obligation.due_on != column.due_on else None
    if own_day is None:
        return "wait", _("Not yet")
    return "wait", f"{_('Not yet')}, {by_day(own_day, year)}"
