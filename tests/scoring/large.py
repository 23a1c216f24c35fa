"""A scale with more criteria than the small one: as many as wanted, or of chosen kinds."""

import datetime as dt
from decimal import Decimal
from typing import Any

from members.models import User
from scoring.models import Criterion, CriterionGroup, Scale, Scoring, Sheet
from scoring.scale import writing
from scoring.sheets import opening
from tests.people import Cast, adopt, enrol, issue, seal_covenant, sign
from tests.scoring.scales import add_criterion, draft_scale, head_board, sheet_of

COUNT: dict[str, Any] = {
    "kind": "count",
    "parameters": {"each": "0.5"},
    "max_points": Decimal(1),
    "needs_evidence": False,
}


def open_with(cast: Cast, *criteria: dict[str, Any], **rules: Any) -> Scoring:
    """The year scored by the small scale and a group III with these criteria."""
    seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    scale = draft_scale(cast.year, actor=cast.chi, **rules)
    adopted(with_group(scale, criteria, actor=cast.chi), cast)
    scoring = opening.open_scoring(cast.year, self_until=dt.date(2019, 11, 30), actor=cast.chi)
    return Scoring.objects.get(pk=scoring.pk)


def with_group(scale: Scale, criteria: tuple[dict[str, Any], ...], *, actor: User) -> Scale:
    points = sum((one["max_points"] for one in criteria), Decimal(0))
    scale = writing.save_rules(
        scale,
        values={"total": scale.total + points},
        grades=[(one.title, one.least) for one in scale.grades.all()],
        revision=scale.revision,
        actor=actor,
    )
    group = {"code": "III", "title": "Công tác khác", "max_points": points}
    scale = writing.save_group(scale, None, values=group, revision=scale.revision, actor=actor)
    for number, one in enumerate(criteria[:-1], start=1):
        put(scale, number, one)
    last = {**named(len(criteria)), **criteria[-1]}
    return add_criterion(scale, "III", last, actor=actor)


def named(number: int) -> dict[str, Any]:
    return {"code": f"III.{number}", "title": f"Tiêu chí số {number}"}


def put(scale: Scale, number: int, values: dict[str, Any]) -> None:
    """Straight into the table: the annex is printed anew with the last one, once."""
    group = CriterionGroup.objects.get(scale=scale, code="III")
    order = 100 + number
    Criterion.objects.create(
        **{"scale": scale, "group": group, "order": order} | named(number) | values
    )


def adopted(scale: Scale, cast: Cast) -> None:
    begins = dt.date(cast.year.year, 5, 4)
    paper = adopt(scale.paper, actor=cast.chi)
    paper = issue(paper, actor=cast.chi, dated_on=begins, effective_on=begins)
    sign(paper, head_board(paper), actor=cast.an)


def large_sheet(cast: Cast, lines: int) -> Sheet:
    """Bình's sheet with so many lines; the small scale has five."""
    return sheet_of(open_with(cast, *[COUNT] * (lines - 5)), cast.board)
