"""Mergers for tests: boards are merged and their people moved as a test needs it."""

import datetime as dt
from dataclasses import replace
from typing import Any

from members.history import continuation, succession
from members.history.changes import Change, Move, NewBoard, NewName, posts_to_place
from members.models import BlocYear, Board, BoardName, Continuation, Post, Succession, User
from tests.members.pages import traces

DAY = dt.date(2025, 7, 1)
DECISION = "Quyết định 1498/QĐ-TTg"
NEW_NAME = NewName(
    name="Ban Quản lý các Khu kinh tế Tây Sơn",
    short_name="BQL các KKT Tây Sơn",
    province="Gia Lai",
    kinds=("KKT",),
)
NEW = NewBoard("TSN", NEW_NAME)


def consolidation(*parents: Board, **values: Any) -> Change:
    defaults = {
        "kind": Succession.Kind.CONSOLIDATION,
        "document": DECISION,
        "effective_on": DAY,
        "founded": (NEW,),
    }
    return Change(parents=parents, **{**defaults, **values})


def with_everybody(change: Change, *, except_of: Board | None = None) -> Change:
    """All people go on in the first board that comes out, those of one board end instead."""
    moves = [
        Move(post)
        if post.board == except_of or not change.codes
        else Move(post, change.codes[0], post.kind, post.title)
        for post in posts_to_place(change)
    ]
    return replace(change, moves=tuple(moves))


def merge(year: BlocYear, change: Change, *, actor: User) -> Succession:
    """Record the change with the year as a new request would read it."""
    return succession.record_succession(fresh_year(year), change=change, actor=actor)


def fresh_year(year: BlocYear) -> BlocYear:
    return BlocYear.objects.get(pk=year.pk)


def go_on(
    year: BlocYear,
    change: Succession,
    *,
    actor: User,
    treatment: str = Continuation.Treatment.SUM_TARGETS,
    **values: Any,
) -> Continuation:
    """The bloc decides; the first board that came out carries everything on."""
    left = continuation.preview(fresh_year(year), change)
    defaults = {
        "treatment": treatment,
        "document": "Biên bản họp Khối số 02/BB-KTĐ",
        "decided_on": DAY,
        "note": "",
        "successors": {one.membership.pk: one.heirs[0].board for one in left if one.heirs},
    }
    return continuation.carry_on(year, change, **{**defaults, **values}, actor=actor)


def everything() -> tuple[object, ...]:
    """All that a change of boards writes."""
    return (
        Board.objects.count(),
        BoardName.objects.count(),
        Succession.objects.count(),
        list(Post.objects.order_by("pk").values_list("pk", "board", "ends_on")),
        list(Board.objects.order_by("pk").values_list("dissolved_on", flat=True)),
        traces(),
    )
