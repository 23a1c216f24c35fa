"""Papers on paper: a year's results into the templates of `scoring/pdf/`, and PDF out of them.

Their words are Vietnamese whoever prints them.
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.timezone import localdate
from django.utils.translation import override

from covenants.papers.printing import named
from emulation_bloc.lib import charts, pdf
from emulation_bloc.lib.text import fingerprint, title_lines
from members.models.blocs import Role
from members.records import letterhead

from ..computing import Basis
from ..formulas import Fact
from ..models import CriterionGroup, Line, Scoring, Sheet
from ..models.appraisal import Column
from ..result import charts as result_charts
from ..result import profiles, standings, ties
from ..result.standings import Standings
from ..sheets.boards import BoardSheet
from ..visibility import Visibility
from .changed_lines import changes, is_changed, objections_of, returns_of

# What of the heat map fits on a page that lies on its side, under its heading.
CRITERIA_A_PAGE = 12


def rendered(name: str, context: dict[str, Any]) -> bytes:
    """The PDF of a template of `scoring/pdf/`."""
    return pdf.render(render_to_string(f"scoring/pdf/{name}.html", context)).pdf


def _common(held: Standings, code: str) -> dict[str, Any]:
    """What every paper of a year's scores prints: who issues it, when, by which scale, the
    digest by which the result can be computed again, and the code of a paper of record."""
    scoring = held.scoring
    year, bloc = scoring.bloc_year, scoring.bloc_year.bloc
    day = day_of(scoring)
    return {
        "scoring": scoring,
        "standings": held,
        "year": year.year,
        "bloc": bloc,
        **letterhead.heading(bloc, place=scoring.scale.paper.place, day=day),
        "created": (day or localdate()).isoformat(),
        "scale": named(scoring.scale.paper),
        "digest": fingerprint(held.digest, groups=16),
        "is_final": scoring.finalised_at is not None,
        "column_words": COLUMN_WORDS[held.column],
        "by_percent": scoring.scale.basis == Basis.PERCENT,
        **letterhead.verification(code),
    }


COLUMN_WORDS: dict[str, str] = {
    Column.SELF: "tự chấm",
    Column.APPRAISED: "thẩm định",
    Column.AGREED: "thống nhất",
}


def day_of(scoring: Scoring) -> dt.date | None:
    """The date of the papers: the day of the agreement; before it they are drafts without one."""
    return scoring.agreed_on


def signer(held: Standings, role: str) -> dict[str, Any]:
    """Who signs for head or deputy: the title of the unit, and the person who leads it."""
    bloc, day = held.scoring.bloc_year.bloc, _day_of_leaders(held.scoring)
    title = bloc.head_title if role == Role.HEAD else bloc.deputy_title
    boards = [board.sheet.membership for board in held.boards.values()]
    found = [membership for membership in boards if membership.role == role]
    return letterhead.signer_of(found[0] if found else None, title=title, day=day)


def _day_of_leaders(scoring: Scoring) -> dt.date | None:
    """On which day the papers look who leads: when the result became final, whenever they are
    printed; today (None) before that."""
    return localdate(scoring.finalised_at) if scoring.finalised_at else None


# --- Summary and comparison -----------------------------------------------------------------------


@override("vi")
def summary(scoring: Scoring, *, code: str = "") -> bytes:
    """The ranking with totals, grades and ties; points of groups as far as the scale opens them."""
    held = standings.compute_standings(scoring)
    open_to_all = _everybody(scoring)
    by_group = open_to_all.sees_all_points
    rows = standings.rows(held, open_to_all)
    context = {
        **_common(held, code),
        "by_group": by_group,
        "rows": [
            {
                "row": row,
                "by_groups": row.by_groups(held.main_groups),
                "bar": result_charts.bar(held, row, by_group=by_group),
            }
            for row in rows
        ],
        "legend": result_charts.legend(held) if by_group else [],
        "axis": charts.scale(held.most),
        **conference(held),
        "with_reasons": open_to_all.sees_all_figures,
        "tie_steps": [standings.tie_step(code) for code in scoring.scale.tie_break],
        "head": signer(held, Role.HEAD),
    }
    return rendered("summary", context)


def _everybody(scoring: Scoring) -> Visibility:
    """What all boards may read once the scores are published: the paper is one and the same for
    whoever asks for it."""
    return Visibility(
        appraises=False, own=frozenset(), is_published=True, openness=scoring.scale.openness
    )


@override("vi")
def comparison(scoring: Scoring, *, code: str = "") -> bytes:
    """Criteria by boards: the heat map, then the table of points."""
    held = standings.compute_standings(scoring)
    by_board = [
        {line.criterion_id: held.points(line) for line in board.lines}
        for board in held.boards.values()
    ]
    context = {
        **_common(held, code),
        "names": profiles.short_names(held),
        "rows": [
            {"criterion": one, "points": [points[one.pk] for points in by_board]}
            for one in held.criteria
        ],
        "totals": [held.total(board.sheet) for board in held.boards.values()],
        "results": [held.year.of_board(pk) for pk in held.boards],
        "heats": result_charts.heats(held, rows=CRITERIA_A_PAGE),
        "shades": result_charts.shades(held),
        "head": signer(held, Role.HEAD),
    }
    return rendered("comparison", context)


# --- The sheet of a board -------------------------------------------------------------------------


@override("vi")
def sheet(sheet: Sheet, seen: Visibility, *, code: str = "") -> bytes:
    """A board's sheet with every column that there is, and its profile once that may be seen."""
    held = standings.standings_for(sheet, seen)
    columns = _columns_of(held)
    membership = sheet.membership
    appraiser = Role.DEPUTY if membership.role == Role.HEAD else Role.HEAD
    context = {
        **_common(held, code),
        "sheet": sheet,
        "issuer_lines": title_lines(membership.name.name, letterhead.ISSUER_LETTERS),
        "board_name": membership.name.name,
        "board_place": membership.name.province or letterhead.MISSING,
        "signed_date": letterhead.dated(
            localdate(sheet.submitted_at) if sheet.submitted_at else None
        ),
        "signed_off_as": sheet.signed_off_as,
        "columns": [words for words, _standings in columns],
        "groups": [_printed_group(group, sheet, held, columns) for group in held.groups],
        "totals": [one.result(sheet).total for _words, one in columns],
        "result": None if held.is_alone else held.result(sheet),
        "boards": len(held.boards),
        "appraiser": {"title": "", "name": ""} if held.is_alone else signer(held, appraiser),
        **_profile(held, sheet, seen),
    }
    return rendered("sheet", context)


def _columns_of(held: Standings) -> list[tuple[str, Standings]]:
    """The columns that the sheet prints, from what the board gave to what stands."""
    if held.is_alone:
        return [("Tự chấm", held)]
    columns = [("Tự chấm", standings.in_column(held, Column.SELF))]
    if held.column == Column.APPRAISED:
        return [*columns, ("Thẩm định", held)]
    appraised = standings.in_column(held, Column.APPRAISED)
    return [*columns, ("Thẩm định", appraised), ("Thống nhất", held)]


def _printed_group(
    group: CriterionGroup, sheet: Sheet, held: Standings, columns: list[tuple[str, Standings]]
) -> dict[str, Any]:
    board = held.boards[sheet.membership_id]
    return {
        "group": group,
        "points": [one.result(sheet).groups[group.code] for _words, one in columns],
        "lines": [
            {
                "line": line,
                "fact": _fact_of(line, columns),
                "points": [one.points(line) for _words, one in columns],
                "words": held.words(line),
                "note": note_of(held, line),
            }
            for line in board.lines
            if line.criterion.group_id == group.pk
        ],
    }


def _fact_of(line: Line, columns: list[tuple[str, Standings]]) -> Fact:
    """What the points go by, in the last column that has a figure."""
    code = line.criterion.code
    facts = [one.result(line.sheet).lines[code].fact for _words, one in reversed(columns)]
    return next((fact for fact in facts if fact.actual is not None), facts[0])


def note_of(held: Standings, line: Line) -> str:
    """What the board explains, and why the appraisers and the conference set another figure."""
    own: str = line.explanation or line.dispute
    if held.is_alone:
        return own
    board = held.boards[line.sheet.membership_id]
    given, appraised, agreed = (board.figure_in(line, column) for column in COLUMN_WORDS)
    reasons = [
        f"{who}: {after.reason}"
        for who, before, after in (
            ("Thẩm định", given, appraised),
            ("Hội nghị", appraised, agreed),
        )
        if after is not None and after.reason and is_changed(before, after)
    ]
    return " ".join([own, *reasons]).strip()


def _profile(held: Standings, sheet: Sheet, seen: Visibility) -> dict[str, Any]:
    """The annex with the pictures: only of published scores, and only where all points are open."""
    is_open = _everybody(held.scoring).sees_all_points and held.scoring.is_published
    if held.is_alone or not is_open:
        return {"radar": "", "course": "", "years": []}
    spokes = result_charts.spokes_of(held, sheet.membership_id, with_middle=True)
    years = profiles.years_of(held, sheet.membership)
    return {
        "spokes": spokes,
        "radar": result_charts.radar(held.names[sheet.membership_id], spokes, with_middle=True),
        "radar_keys": [charts.shape_key(1), charts.shape_key(2)],
        "years": years,
        "course": result_charts.course(sheet.membership, years),
        "year_keys": [charts.line_key(1), charts.line_key(2)],
    }


# --- Minutes of the appraisal ---------------------------------------------------------------------


@override("vi")
def minutes(scoring: Scoring, *, code: str = "") -> bytes:
    """What was appraised, sent back, changed, objected to and agreed otherwise, made from what is
    on record."""
    held = standings.compute_standings(scoring)
    own = standings.in_column(held, Column.SELF)
    appraised = standings.in_column(held, Column.APPRAISED)
    boards = list(held.boards.values())
    context = {
        **_common(held, code),
        "appraisers": list(_appraisers(boards)),
        "boards": [_totals_of(board.sheet, own, appraised) for board in boards],
        "changes": [
            (change, own.points(change.line), appraised.points(change.line))
            for change in changes(boards)
        ],
        **conference(held),
        "returns": returns_of(scoring),
        "objections": objections_of(scoring),
        "restrictions": [
            (board.sheet, one)
            for board in boards
            for one in standings.restrictions_in_force(held, board)
        ],
        "head": signer(held, Role.HEAD),
        "deputy": signer(held, Role.DEPUTY),
    }
    return rendered("minutes", context)


def conference(held: Standings) -> dict[str, Any]:
    """What the conference agreed to otherwise than appraised, and what was ruled on ties."""
    boards = list(held.boards.values())
    appraised = standings.in_column(held, Column.APPRAISED)
    return {
        "agreed_otherwise": [
            (change, appraised.points(change.line), held.points(change.line))
            for change in changes(boards, Column.APPRAISED, Column.AGREED)
        ],
        "rulings": [(one, ties.applies(one, held.year)) for one in ties.rulings_of(held.scoring)],
    }


def _totals_of(sheet: Sheet, own: standings.Standings, appraised: standings.Standings) -> Any:
    before, after = own.result(sheet).total, appraised.result(sheet).total
    return {"sheet": sheet, "own": before, "appraised": after, "change": after - before}


def _appraisers(boards: Iterable[BoardSheet]) -> Iterable[str]:
    """Everybody who set a figure or took one over, in the order of their first."""
    figures = sorted(
        (figure for board in boards for figure in board.figures.get(Column.APPRAISED, {}).values()),
        key=lambda figure: figure.pk,
    )
    return dict.fromkeys(figure.by_name for figure in figures)
