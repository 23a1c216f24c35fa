from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members import queries
from members.forms.boards import BoardsFilter
from members.history import timeline_events
from members.models import BlocYear, Board
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit, enter_year


@require_safe
def boards(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    wanted = BoardsFilter(request.GET)
    rows = queries.boards_of_year(bloc_year, **wanted.wanted())
    if asks_for_excel(request):
        return boards_as_excel(bloc_year, rows)
    context = {
        "section": "members",
        "filter": wanted,
        "rows": rows,
        "sort": wanted.wanted()["sort"],
        "may_manage": request.user.has_perm("members.manage_year", bloc_year),
        "is_filtered": bool(request.GET.get("q") or request.GET.get("kind")),
    }
    return render(request, "members/boards.html", context)


def boards_as_excel(bloc_year: BlocYear, rows: list[queries.BoardRow]) -> HttpResponse:
    title = _("Boards %(year)s") % {"year": bloc_year.year}
    headings = [
        _("No."),
        _("Code"),
        _("Board"),
        _("Province"),
        _("Kinds of zones"),
        _("Role"),
        _("Leader"),
        _("Contact officer"),
    ]
    table = [cells_of(row) for row in rows]
    for heading, cells in (
        (_("Carried on by"), [row.carried_on_by for row in rows]),
        (_("Left the bloc"), [row.left_by and row.left_by.day for row in rows]),
    ):
        if any(cells):
            headings.append(heading)
            table = [(*row, cell) for row, cell in zip(table, cells, strict=True)]
    return excel(f"thanh-vien-{bloc_year.bloc.slug}-{bloc_year.year}", title, headings, table)


def cells_of(row: queries.BoardRow) -> tuple[Any, ...]:
    return (
        row.membership.order,
        row.membership.board.code,
        row.name.name,
        row.name.province,
        ", ".join(row.name.kinds),
        row.membership.get_role_display(),
        row.leader.person.full_name if row.leader else "",
        row.officer.person.full_name if row.officer else "",
    )


@require_safe
def board(request: Visit, bloc: str, year: int, code: str) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    here = Board.objects.of_blocs([bloc_year.bloc_id])
    found = get_object_or_404(here, code=code)
    page = queries.board_page(found, bloc_year, request.user)
    context = {
        "section": "members",
        "board": found,
        "page": page,
        "picture": timeline_events.picture(bloc_year.bloc, board=found),
    }
    return render(request, "members/board.html", context)
