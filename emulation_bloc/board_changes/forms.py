"""Forms of the pages for changes of boards; their values are those of the act functions."""

from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.fields import DayField, KindsField, PastDayField, fields_only
from members.history.changes import SERVING, Change, Move, NewBoard, NewName
from members.models import BlocYear, Board, Continuation, Post, Succession
from members.models.boards import name_among
from members.models.people import PostKind
from members.queries import board_names, boards_open_to

Kind = Succession.Kind
# Kinds whose results may be existing boards, and kinds that may found new ones.
INTO_KNOWN = frozenset({Kind.CONSOLIDATION, Kind.ABSORPTION, Kind.SPLIT, Kind.SCOPE_TRANSFER})
FOUNDING = frozenset({Kind.CONSOLIDATION, Kind.SPLIT})
ENDS, STAYS = "ends", "stays"


class BoardsField(forms.MultipleChoiceField):
    """A choice of several boards, already read, by code; the value is a tuple of boards."""

    def __init__(self, boards: dict[str, tuple[Board, str]], **kwargs: Any) -> None:
        choices = [(code, f"{name} ({code})") for code, (_board, name) in boards.items()]
        super().__init__(choices=choices, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.boards = boards

    def clean(self, value: Any) -> tuple[Board, ...]:
        return tuple(self.boards[code][0] for code in super().clean(value))


class DecisionForm(forms.Form):
    """The decision, the boards affected, and existing boards that result from it."""

    document = forms.CharField(
        label=_("Decision"), max_length=200, help_text=_("Number and issuer, as on the paper.")
    )
    effective_on = DayField(label=_("Takes effect on"), help_text=_("As dd/mm/yyyy."))
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, year: BlocYear, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = board_names(year)
        acting = Board.objects.filter(pk__in=year.roles, dissolved_on=None)
        members = {board.pk: board for board in acting.prefetch_related("names")}
        self.fields["parents"] = BoardsField(
            {
                members[pk].code: (members[pk], name.short_name)
                for pk, name in names.items()
                if pk in members
            },
            label=_("Boards that go in"),
        )
        if kind in INTO_KNOWN:
            self.fields["children"] = BoardsField(
                {board.code: (board, latest(board)) for board in boards_open_to(year.bloc)},
                label=_("Boards that exist already and come out"),
                required=kind not in FOUNDING,
            )
        self.helper = fields_only()


def latest(board: Board) -> str:
    """The board's short name today."""
    return name_among(board.names.all(), timezone.localdate()).short_name


class NameForm(forms.Form):
    name = forms.CharField(label=_("Official name"), max_length=200)
    short_name = forms.CharField(label=_("Short name"), max_length=80)
    province = forms.CharField(label=_("Province"), max_length=60)
    kinds = KindsField()

    def called(self) -> NewName:
        values = self.cleaned_data
        return NewName(
            values["name"], values["short_name"], values["province"], tuple(values["kinds"])
        )


class NewBoardForm(NameForm):
    code = forms.SlugField(
        label=_("Code"),
        max_length=12,
        help_text=_("Short and lasting; never that of an old board, even under the same name."),
    )
    field_order = ("code", "name", "short_name", "province", "kinds")

    def founded(self) -> NewBoard:
        return NewBoard(self.cleaned_data["code"].upper(), self.called())


class BaseFoundedFormSet(forms.BaseFormSet):
    def founded(self) -> tuple[NewBoard, ...]:
        return tuple(form.founded() for form in self.forms if form.has_changed())


def founded_formset(kind: str, data: Any) -> BaseFoundedFormSet:
    """Empty rows for new boards: one for a consolidation, three for a split, else none."""
    rows = {Kind.CONSOLIDATION: 1, Kind.SPLIT: 3}.get(Kind(kind), 0)
    made = forms.formset_factory(
        NewBoardForm, formset=BaseFoundedFormSet, extra=rows, max_num=rows, absolute_max=rows
    )
    return cast("BaseFoundedFormSet", made(data, prefix="new"))


class MoveForm(forms.Form):
    """Where a post continues. Posts of ending boards have no default: each needs a decision."""

    to = forms.ChoiceField(label=_("Goes on in"))
    kind = forms.ChoiceField(
        label=_("Kind of post"),
        choices=[(kind, label) for kind, label in PostKind.choices if kind in SERVING],
    )
    title = forms.CharField(
        label=_("Post as printed"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"class": "words"}),
    )

    def __init__(
        self, *args: Any, post: Post, change: Change, names: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"kind": post.kind, "title": post.title}
        self.post = post
        if post.board in change.ending:
            first = [("", _("Choose")), (ENDS, _("nowhere: the post ends"))]
        else:
            first = [(STAYS, _("stays where it is"))]
        cast("forms.ChoiceField", self.fields["to"]).choices = [*first, *names.items()]

    def move(self) -> Move | None:
        """The move for the act; None if the person stays."""
        to = self.cleaned_data["to"]
        if to == STAYS:
            return None
        if to == ENDS:
            return Move(self.post)
        return Move(self.post, to, self.cleaned_data["kind"], self.cleaned_data["title"])


SUM_TARGETS = Continuation.Treatment.SUM_TARGETS


class DecideForm(forms.Form):
    treatment = forms.ChoiceField(
        label=_("How the year goes on"),
        choices=[
            (
                SUM_TARGETS,
                _("Added up: the board that came out answers for the targets of all"),
            ),
            (
                Continuation.Treatment.CLOSE_AT_DATE,
                _("Closed at the date: what was reached until then counts"),
            ),
            (Continuation.Treatment.NOT_RANKED, _("Not ranked in this year")),
        ],
        widget=forms.RadioSelect,
    )
    document = forms.CharField(
        label=_("Decided in"),
        max_length=200,
        help_text=_("The minutes or the paper of the bloc, with its number and day."),
    )
    decided_on = PastDayField(label=_("Decided on"), help_text=_("As dd/mm/yyyy."))
    note = forms.CharField(
        label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, choices: dict[int, list[tuple[Board, str]]], **kwargs: Any):
        """`choices` maps membership id to the boards that could carry it on, with their names."""
        super().__init__(*args, **kwargs)
        self.heirs = {
            pk: {board.code: board for board, _name in found} for pk, found in choices.items()
        }
        for pk, found in choices.items():
            if len(found) > 1:
                self.fields[f"heir_{pk}"] = forms.ChoiceField(
                    label=_("Carried on by"),
                    choices=[("", _("Choose")), *((b.code, name) for b, name in found)],
                )
        if not self.has_heirs:
            own = self.fields["treatment"]
            own.choices = [one for one in own.choices if one[0] != SUM_TARGETS]  # type: ignore[attr-defined]
        self.helper = fields_only()

    @property
    def has_heirs(self) -> bool:
        """Whether any board can carry on."""
        return any(self.heirs.values())

    def decision(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name]
            for name in ("treatment", "document", "decided_on", "note")
        }

    def successors(self) -> dict[int, Board]:
        """Membership id -> the chosen board, or the only one possible."""
        return {
            pk: boards[self.cleaned_data.get(f"heir_{pk}") or next(iter(boards))]
            for pk, boards in self.heirs.items()
            if boards
        }
