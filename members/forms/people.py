import datetime as dt
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ..models import BlocYear, Board, Post
from ..models.people import PostKind, current
from ..queries import board_names, containing
from .fields import BoardField, DayField, Line, fields_only
from .years import username_letters

NOW = "now"
BEFORE = "before"


class PeopleFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name, e-mail or post"), method="with_words")
    board = django_filters.ChoiceFilter(
        label=_("Board"), field_name="board", empty_label=_("All boards")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of post"), choices=PostKind.choices, empty_label=_("All posts")
    )
    held = django_filters.ChoiceFilter(
        label=_("When"),
        choices=[(NOW, _("Held now")), (BEFORE, _("Held before"))],
        empty_label=_("Now and before"),
        method="held_then",
    )

    class Meta:
        model = Post
        fields: list[str] = []

    def __init__(self, *args: Any, boards: dict[int, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(pk, name.short_name) for pk, name in boards.items()]
        self.filters["board"].extra["choices"] = choices

    def with_words(self, posts: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return posts.filter(containing(value, "person__folded"))

    def held_then(self, posts: QuerySet[Post], name: str, value: str) -> QuerySet[Post]:
        return posts.filter(current()) if value == NOW else posts.filter(ends_on__lt=today())


def today() -> dt.date:
    return timezone.localdate()


class PostForm(forms.Form):
    """A post: in which board, which, from which day. Without a board it is an observer's post."""

    # No default: "leader" would contradict the board field's default "observer, no board".
    kind = forms.ChoiceField(
        label=_("Kind of post"), choices=[("", _("Choose the kind of post")), *PostKind.choices]
    )
    title = Line(
        label=_("Post as printed"),
        max_length=120,
        help_text=_("As it stands on papers, for example “Trưởng ban”."),
    )
    starts_on = DayField(label=_("From"), initial=today, help_text=_("As dd/mm/yyyy."))

    def __init__(self, *args: Any, year: BlocYear, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = board_names(year)
        acting = Board.objects.filter(pk__in=year.roles).in_bulk()
        boards = {pk: (acting[pk], name.short_name) for pk, name in names.items() if pk in acting}
        self.fields["board"] = BoardField(boards, empty_label=_("None: observer of the bloc"))
        self.helper = fields_only()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "kind" in cleaned and "board" in cleaned:
            self.refuse_wrong_place(cleaned["kind"], cleaned["board"])
        return cleaned

    def refuse_wrong_place(self, kind: str, board: Board | None) -> None:
        if kind == PostKind.OBSERVER and board is not None:
            self.add_error("board", _("An observer belongs to the bloc, not to a board."))
        if kind != PostKind.OBSERVER and board is None:
            self.add_error("board", _("Choose the board in which this post is held."))


class InviteForm(PostForm):
    full_name = Line(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("Login name"),
        max_length=60,
        validators=[username_letters],
        help_text=_("Small letters without marks, digits, dot, hyphen."),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("The one-time link is mailed there.")
    )
    phone = Line(label=_("Telephone"), max_length=30, required=False)


class EndPostForm(forms.Form):
    ends_on = DayField(
        label=_("Last day in the post"),
        initial=today,
        help_text=_("The right that goes with the post ends after that day."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = fields_only()
