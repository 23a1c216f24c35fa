"""The sample point scale of 2019, from the demo's data file."""

from decimal import Decimal
from typing import Any

from covenants.models import Paper
from members.models import User
from scoring.models import Criterion, CriterionGroup, Scale
from scoring.models.scales import Owner
from scoring.scale import writing

# The data file's kinds of criteria -> ours.
KINDS = {
    "plan_ratio": "plan_ratio",
    "rubric": "rubric",
    "minus_per_case": "full_minus",
    "steps": "steps",
    "count": "count",
    "yes_no": "yes_no",
}
# Facts that the portal knows; for the others boards hand in a document.
RECORDS = {"covenants": "covenant_late"}
BEYOND_PLAN = "B.3"
MAIN = "I.1"
UNITS = {"minus_per_case": "lần", "count": "nội dung", "steps": "%"}


def build(paper: Paper, facts: dict[str, Any], *, indicator: str, actor: User) -> Scale:
    """Write the scale of the paper; the plan of criterion MAIN is the covenant's indicator."""
    scale = writing.start_scale(paper, source=None, actor=actor)
    scale = writing.save_rules(
        scale,
        values={
            "total": Decimal(facts["total"]),
            "bonus_cap": Decimal(facts["bonus_cap"]),
            "rounding": Decimal(facts["rounding"]),
            "openness": "all",
            "tie_break": facts["tie_break"],
        },
        grades=[(title, Decimal(least)) for title, least in facts["grades"]],
        revision=scale.revision,
        actor=actor,
    )
    for group in facts["groups"]:
        scale = _add_group(scale, group, indicator, actor=actor)
    return _add_bonus(scale, facts, actor=actor)


def _add_group(scale: Scale, facts: dict[str, Any], indicator: str, *, actor: User) -> Scale:
    values = {"code": facts["code"], "title": facts["title"], "max_points": Decimal(facts["max"])}
    scale = writing.save_group(scale, None, values=values, revision=scale.revision, actor=actor)
    for criterion in facts["criteria"]:
        values = _criterion_values(criterion) | {
            "group": CriterionGroup.objects.get(scale=scale, code=facts["code"]),
        }
        if criterion["code"] == MAIN:
            values |= {"indicator": indicator, "unit": "%"}
        scale = writing.save_criterion(
            scale, None, values=values, revision=scale.revision, actor=actor
        )
    return scale


def _criterion_values(facts: dict[str, Any]) -> dict[str, Any]:
    record = RECORDS.get(facts.get("source", ""), "")
    return {
        "code": facts["code"],
        "title": facts["title"],
        "kind": KINDS[facts["rule"]],
        "parameters": parameters(facts),
        "max_points": Decimal(str(facts.get("max", facts.get("points", 0)))),
        "unit": UNITS.get(facts["rule"], ""),
        "owner": Owner.PORTAL if record else Owner.BOARD,
        "source": record,
        "needs_evidence": not record,
    }


def parameters(facts: dict[str, Any]) -> dict[str, Any]:
    match facts["rule"]:
        case "plan_ratio":
            return {"cap_percent": str(facts["cap_percent"])}
        case "rubric":
            return {"levels": [{"points": str(one), "words": ""} for one in facts["levels"]]}
        case "steps":
            rows = facts["steps"]
            return {"steps": [{"least": str(least), "points": str(one)} for least, one in rows]}
        case "minus_per_case" | "count":
            return {"each": str(facts["points"])}
    return {}


def _add_bonus(scale: Scale, facts: dict[str, Any], *, actor: User) -> Scale:
    cap = Decimal(facts["bonus_cap"])
    group = {"code": "T", "title": "Điểm thưởng", "max_points": cap, "is_bonus": True}
    scale = writing.save_group(scale, None, values=group, revision=scale.revision, actor=actor)
    for bonus in facts["bonus"]:
        values = _criterion_values(bonus) | {"group": scale.groups.get(code="T")}
        if bonus["code"] == BEYOND_PLAN:
            values |= {
                "kind": "beyond_plan",
                "max_points": cap,
                "facts_from": Criterion.objects.get(scale=scale, code=MAIN),
                "needs_evidence": False,
            }
        scale = writing.save_criterion(
            scale, None, values=values, revision=scale.revision, actor=actor
        )
    return scale
