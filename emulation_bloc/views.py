import datetime as dt
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from members.models import BlocYear
from members.pages.downloads import asks_for_excel, excel
from members.pages.guards import Visit, enter_year
from members.queries import year_in_progress
from members.records import files

from . import queries, reminders, searching
from .lib.refusal import Refusal
from .lib.words import number_in_sentence


@require_safe
def start(request: Visit) -> HttpResponse:
    """Redirect to the current year of one of the user's blocs."""
    year = year_in_progress(request.user)
    if year is None:
        return render(request, "no_bloc.html")
    return redirect("home", bloc=year.bloc.slug, year=year.year)


# --- Home ---------------------------------------------------------------------------------------

# Django's translation is "Thứ 3"; offices write "Thứ Ba".
WEEKDAYS = (
    pgettext_lazy("weekday", "Monday"),
    pgettext_lazy("weekday", "Tuesday"),
    pgettext_lazy("weekday", "Wednesday"),
    pgettext_lazy("weekday", "Thursday"),
    pgettext_lazy("weekday", "Friday"),
    pgettext_lazy("weekday", "Saturday"),
    pgettext_lazy("weekday", "Sunday"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: Visit, bloc: str, year: int) -> HttpResponse:
    """What is due, from whom, by when. POST mails the reminder."""
    bloc_year = enter_year(request, bloc, year)
    if request.method == "POST":
        return remind(request, bloc_year)
    today = timezone.localdate()
    found = queries.obligations(bloc_year)
    due = queries.dues(found, user=request.user, year=bloc_year, today=today)
    elsewhere = queries.dues_of_other_years(bloc_year, user=request.user, today=today)
    mine = sum(line.is_mine for lines in (due, *(o.dues for o in elsewhere)) for line in lines)
    stages = queries.strip(bloc_year, today)
    context = {
        "section": "home",
        "today": today,
        "weekday": WEEKDAYS[today.weekday()],
        "strip": stages,
        "begins_on": queries.begins_on(stages, today),
        "dues": due,
        "elsewhere": elsewhere,
        "due_count": mine,
        "waiting": waiting_sentence(mine),
    }
    if request.user.has_perm("members.be_secretariat", bloc_year):
        matrix = queries.matrix(found, year=bloc_year, today=today)
        if asks_for_excel(request):
            return matrix_as_excel(bloc_year, matrix)
        context |= of_all_boards(found, matrix, bloc_year, today)
    return render(request, "home.html", context)


def of_all_boards(
    found: list[Any], matrix: queries.Matrix, bloc_year: BlocYear, today: dt.date
) -> dict[str, Any]:
    """Context for the secretariat only: progress of all boards, and the reminder."""
    owing = reminders.owing_boards(found, year=bloc_year)
    late = [board for board in owing if board.is_late(today)]
    return {
        "matrix": matrix,
        "progress_title": progress_title(len(matrix.rows)),
        "owing": owing,
        "late": late,
        "late_sentence": late_sentence(len(late)),
        "reminder": reminders.reminder_text(owing, year=bloc_year, today=today) if owing else "",
    }


def late_sentence(boards: int) -> str:
    if not boards:
        return _("No board is late")
    sentence = ngettext("%(count)s board is late", "%(count)s boards are late", boards)
    return capital(sentence % {"count": number_in_sentence(boards)})


def waiting_sentence(things: int) -> str:
    if not things:
        return _("nothing waits for you")
    sentence = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", things)
    return sentence % {"count": number_in_sentence(things)}


def progress_title(boards: int) -> str:
    title = ngettext("Progress of %(count)s board", "Progress of %(count)s boards", boards)
    return title % {"count": number_in_sentence(boards)}


def capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def remind(request: Visit, bloc_year: BlocYear) -> HttpResponse:
    try:
        mails = reminders.send(bloc_year, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, sent_sentence(mails))
    return redirect("home", bloc=bloc_year.bloc.slug, year=bloc_year.year)


def sent_sentence(mails: int) -> str:
    if not mails:
        return _("Everyone concerned was already reminded by mail today; nothing was sent again.")
    sentence = ngettext(
        "The reminder goes out by mail to %(count)d person.",
        "The reminder goes out by mail to %(count)d people.",
        mails,
    )
    return sentence % {"count": mails}


def matrix_as_excel(bloc_year: BlocYear, matrix: queries.Matrix) -> HttpResponse:
    headings = [
        _("Board"),
        *(f"{column.title} {column.due}".strip() for column in matrix.columns),
        _("Done"),
    ]
    table = (
        [row.membership.name.name, *(cell.word for cell in row.cells), f"{row.done}/{row.of}"]
        for row in matrix.rows
    )
    filename = f"tien-do-{bloc_year.bloc.slug}-{bloc_year.year}"
    return excel(filename, progress_title(len(matrix.rows)), headings, table)


# --- Search -------------------------------------------------------------------------------------


@require_safe
def search(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    words = request.GET.get("q", "").strip()
    context: dict[str, Any] = {"section": "home", "words": words}
    if words:
        context |= {
            "boards": searching.find_boards(bloc_year, words),
            "people": searching.find_people(bloc_year, words, request.user),
            "papers": searching.find_papers(bloc_year, words),
        }
    return render(request, "search.html", context)


# --- Health -------------------------------------------------------------------------------------


@login_not_required
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers."""
    return JsonResponse({"status": "ok"})


@login_not_required
def readyz(request: HttpRequest) -> HttpResponse:
    """200 if the database answers, all migrations have run and files can be written; else 503."""
    ready = {**database_state(), "storage": files.is_writable()}
    return JsonResponse(ready, status=200 if all(ready.values()) else 503)


def database_state() -> dict[str, bool]:
    """Whether the database answers, and whether every migration has run."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return {"database": False, "migrated": False}
    return {"database": True, "migrated": not pending}
