from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from members.history.changes import (
    Change,
    names_by_code,
    posts_free_to_stay,
    posts_to_place,
    refuse_wrong_boards,
)
from members.mergers import undecided
from members.models import BlocYear, Board, Succession
from members.pages.guards import Visit, enter_year
from members.permissions import require
from members.queries import board_names, event_of

from ..lib.refusal import Refusal
from . import recording
from .forms import (
    BaseFoundedFormSet,
    DecideForm,
    DecisionForm,
    Kind,
    MoveForm,
    NameForm,
    founded_formset,
)

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
# The steps of the wizard, as its buttons name them.
BOARDS, PEOPLE, PREVIEW, RECORD = "ban", "nguoi", "xem", "ghi"
EXPLAINED = {
    Kind.CONSOLIDATION: gettext_lazy(
        "Two or more boards end; one board comes out, often a new one"
    ),
    Kind.ABSORPTION: gettext_lazy("Boards end in one board that exists already"),
    Kind.SPLIT: gettext_lazy("One board becomes two or more; it may go on as one of them"),
    Kind.RENAME: gettext_lazy("The same board bears another name from a day on"),
    Kind.SCOPE_TRANSFER: gettext_lazy("Zones pass from one board to another; both go on"),
    Kind.DISSOLUTION: gettext_lazy("A board ends and nothing comes out of it"),
}


# --- Recording a change of boards ---------------------------------------------------------------


class Wizard:
    """The forms of one change. Each step posts all previous input, which is validated again, so
    nothing outdated is kept between steps.
    """

    def __init__(self, year: BlocYear, kind: str, data: Any) -> None:
        self.year, self.kind, self.data = year, kind, data
        self.decision = DecisionForm(data, year=year, kind=kind)
        self.founded = founded_formset(kind, data)
        self.naming = NameForm(data, prefix="name") if kind == Kind.RENAME else None

    def boards_are_sound(self) -> bool:
        parts: list[DecisionForm | NameForm | BaseFoundedFormSet] = [self.decision, self.founded]
        if self.naming:
            parts.append(self.naming)
        # A list, so that all are validated and all errors shown at once.
        sound = [part.is_valid() for part in parts]
        if not all(sound):
            return False
        try:
            refuse_wrong_boards(self.year, self.change())
        except Refusal as refusal:
            self.decision.add_error(None, str(refusal))
        return self.decision.is_valid()

    def change(self, **moves: Any) -> Change:
        values = self.decision.cleaned_data
        return Change(
            kind=self.kind,
            document=values["document"],
            effective_on=values["effective_on"],
            note=values["note"],
            parents=values["parents"],
            children=values.get("children", ()),
            founded=self.founded.founded(),
            renamed=self.naming.called() if self.naming else None,
            **moves,
        )

    def moves(self, data: Any) -> list[MoveForm]:
        """A form per post of the affected boards; unbound if `data` is None."""
        change = self.change()
        names = {code: called.short_name for code, called in names_by_code(change).items()}
        posts = [*posts_to_place(change), *posts_free_to_stay(change)]
        return [
            MoveForm(data, prefix=f"post-{post.pk}", post=post, change=change, names=names)
            for post in posts
        ]


@GET_POST
def arrange(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Record a change of boards: kind, boards, people, preview, confirmation."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    kind = (request.POST or request.GET).get("kind", "")
    if kind not in Kind.values:
        return render(request, "board_changes/choose.html", {"section": "members", **kinds()})
    wizard = Wizard(bloc_year, kind, request.POST or None)
    step = request.POST.get("step", BOARDS)
    if request.method != "POST" or step == BOARDS or not wizard.boards_are_sound():
        return boards_page(request, wizard)
    return people_step(request, wizard, step)


def kinds() -> dict[str, Any]:
    return {"kinds": [(kind, kind.label, EXPLAINED[kind]) for kind in Kind]}


def boards_page(request: Visit, wizard: Wizard) -> HttpResponse:
    return page(request, wizard, "boards", decision=wizard.decision, founded=wizard.founded)


def people_step(request: Visit, wizard: Wizard, step: str) -> HttpResponse:
    forms = wizard.moves(request.POST if step != PEOPLE else None)
    sound = [form.is_valid() for form in forms]
    if not all(sound):
        return people_page(request, wizard, forms)
    moves = [form.move() for form in forms]
    change = wizard.change(moves=tuple(move for move in moves if move))
    try:
        return confirm(request, wizard, change, step)
    except recording.MovedOn as refusal:
        messages.error(request, str(refusal))
        return preview_page(request, wizard, change)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return people_page(request, wizard, forms) if forms else boards_page(request, wizard)


def confirm(request: Visit, wizard: Wizard, change: Change, step: str) -> HttpResponse:
    if step != RECORD:
        return preview_page(request, wizard, change)
    seen = request.POST.get("seen", "")
    made = recording.record(wizard.year, change=change, seen=seen, actor=request.user)
    messages.success(request, _("Recorded: %(change)s.") % {"change": made})
    return redirect(next_page(wizard.year, made))


def next_page(year: BlocYear, made: Succession) -> str:
    """The page for the decision how the year continues if one is due now, else the list
    of boards.
    """
    place = [year.bloc.slug, year.year]
    if made in undecided(BlocYear.objects.get(pk=year.pk)):
        return reverse("decide", args=[*place, made.pk])
    return reverse("members:boards", args=place)


def people_page(request: Visit, wizard: Wizard, forms: list[MoveForm]) -> HttpResponse:
    names = board_names(wizard.year)
    rows = [(form, names[form.post.board_id].short_name) for form in forms if form.post.board_id]
    fields = {form[name].html_name for form in forms for name in form.fields}
    return page(request, wizard, "people", rows=rows, without=fields)


def preview_page(request: Visit, wizard: Wizard, change: Change) -> HttpResponse:
    shown = recording.preview_change(wizard.year, change)
    return page(request, wizard, "preview", shown=shown, change=change)


def page(request: Visit, wizard: Wizard, name: str, **context: Any) -> HttpResponse:
    """A step of the wizard; the input of the other steps is carried in hidden fields."""
    own = {"csrfmiddlewaretoken", "step", "seen", "kind", *context.pop("without", ())}
    carried = [
        (key, value)
        for key, values in request.POST.lists()
        for value in values
        if key not in own and name != "boards"
    ]
    context |= {"section": "members", "kind": Kind(wizard.kind), "carried": carried}
    context |= {"explained": EXPLAINED[Kind(wizard.kind)], "naming": wizard.naming}
    return render(request, f"board_changes/{name}.html", context)


# --- How the year goes on -----------------------------------------------------------------------


@GET_POST
def decide(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    """Record the bloc's decision after a change, with a preview of what passes on."""
    bloc_year = enter_year(request, bloc, year)
    change = succession_here(bloc_year, pk)
    require(request.user, "members.decide_continuation", bloc_year)
    left = recording.preview_continuation(bloc_year, change)
    choices = {
        one.passing.membership.pk: [(heir.board, heir.name) for heir in one.passing.heirs]
        for one in left
    }
    form = DecideForm(request.POST or None, choices=choices)
    if request.method == "POST" and left and form.is_valid():
        try:
            return decided(request, bloc_year, change, form)
        except recording.MovedOn as refusal:
            messages.error(request, str(refusal))
            left = recording.preview_continuation(bloc_year, change)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "section": "members",
        "event": event_of(change),
        "left": left,
        "form": form,
        "seen": recording.digest(left),
        "made": bloc_year.continuations.filter(succession=change).first(),
    }
    return render(request, "board_changes/decide.html", context)


def succession_here(year: BlocYear, pk: int) -> Succession:
    """A succession in which a board of this bloc took part, or 404."""
    here = Board.objects.of_blocs([year.bloc_id])
    successions = Succession.objects.filter(parties__board__in=here).distinct()
    return get_object_or_404(successions.prefetch_related("parties__board__names"), pk=pk)


def decided(
    request: Visit, bloc_year: BlocYear, change: Succession, form: DecideForm
) -> HttpResponse:
    recording.decide(
        bloc_year,
        change,
        decision=form.decision(),
        successors=form.successors(),
        seen=request.POST.get("seen", ""),
        actor=request.user,
    )
    messages.success(request, _("The decision is recorded: the year goes on."))
    return redirect("members:boards", bloc=bloc_year.bloc.slug, year=bloc_year.year)
