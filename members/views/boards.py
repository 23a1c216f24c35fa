from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from members import queries
from members.downloads import asks_for_excel, excel
from members.forms import BoardsFilter
from members.guards import Visit, enter_year
from members.models import BlocYear, Board


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
    table = (
        (
            row.membership.order,
            row.membership.board.code,
            row.name.name,
            row.name.province,
            ", ".join(row.name.kinds),
            row.membership.get_role_display(),
            row.leader.person.full_name if row.leader else "",
            row.officer.person.full_name if row.officer else "",
        )
        for row in rows
    )
    return excel(f"thanh-vien-{bloc_year.bloc.slug}-{bloc_year.year}", title, headings, table)


@require_safe
def board(request: Visit, bloc: str, year: int, code: str) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    here = Board.objects.visible_to(request.user).filter(
        memberships__bloc_year__bloc=bloc_year.bloc
    )
    found = get_object_or_404(here.distinct(), code=code)
    page = queries.board_page(found, bloc_year, request.user)
    return render(
        request, "members/board.html", {"section": "members", "board": found, "page": page}
    )
