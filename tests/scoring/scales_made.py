"""Random scales for property tests: each value is valid, the sums need not match."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from emulation_bloc.lib.numbers import plain_decimal
from scoring import facts, formulas
from scoring.models.scales import Owner
from scoring.scale.drafts import CriterionDraft, GroupDraft, ScaleDraft

# Letters of a Vietnamese keyboard with what people paste among them; no line ends.
ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạ AĐÔ0123456789.,;:/()%+=-–“”'\"_#@&"


def line(most: int, least: int = 0) -> st.SearchStrategy[str]:
    """One line with single blanks, as forms and workbooks keep it."""
    return (
        st.text(ALPHABET, min_size=least, max_size=most)
        .map(lambda text: " ".join(text.split()))
        .filter(lambda text: len(text) >= least)
    )


hundredths = st.decimals("0", "999.99", places=2)
positive = st.decimals("0.01", "99.99", places=2)


def spelled(number: Decimal) -> str:
    return plain_decimal(number)


@st.composite
def falling(draw: Any, most: Decimal) -> list[str]:
    points = draw(st.lists(st.decimals("0", most, places=2), min_size=1, max_size=5, unique=True))
    return [spelled(one) for one in sorted(points, reverse=True)]


@st.composite
def levels(draw: Any, most: Decimal) -> dict[str, Any]:
    rows = [{"points": one, "words": draw(line(30))} for one in draw(falling(most))]
    return {"levels": rows}


@st.composite
def steps(draw: Any, most: Decimal) -> dict[str, Any]:
    points = draw(falling(most))
    marks = draw(st.lists(hundredths, min_size=len(points), max_size=len(points), unique=True))
    least = [spelled(one) for one in sorted(marks, reverse=True)]
    return {"steps": [{"least": a, "points": b} for a, b in zip(least, points, strict=True)]}


def each(**more: Any) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries({"each": positive.map(spelled)}, optional=more)


def parameters_of(kind: str, most: Decimal) -> st.SearchStrategy[dict[str, Any]]:
    cap = {"cap": positive.map(spelled)}
    made = {
        "rubric": levels(most),
        "steps": steps(most),
        "plan_ratio": st.fixed_dictionaries(
            {"floor_percent": st.decimals("0", "80", places=2).map(spelled)},
            optional={"cap_percent": st.decimals("80", "150", places=2).map(spelled)},
        ),
        "count": each(**cap),
        "full_minus": each(),
        "yes_no": st.just({}),
        "relative": st.fixed_dictionaries(
            {}, optional={"at_target_percent": st.decimals("0", "100", places=2).map(spelled)}
        ),
        "beyond_plan": each(),
        "deduction": each(**cap),
    }
    return made[kind]


@st.composite
def criterion(draw: Any) -> tuple[str, dict[str, Any], Decimal]:
    """A kind, its parameters in the stored spelling, and its points."""
    kind = draw(st.sampled_from(sorted(formulas.KINDS)))
    most = Decimal(0) if kind == "deduction" else draw(st.decimals("1", "99.99", places=2))
    formula = formulas.read_formula(kind, draw(parameters_of(kind, most)), most)
    return kind, formulas.parameters_of(formula), most


criteria = criterion()


@st.composite
def drafts(draw: Any) -> ScaleDraft:
    groups = [draw(group(number)) for number in range(draw(st.integers(1, 4)))]
    rows: list[CriterionDraft] = []
    for one in groups:
        for _number in range(draw(st.integers(0, 2))):
            rows.append(draw(row(one.code, rows)))
    rows = rows or [draw(row(groups[0].code, []))]
    return ScaleDraft(groups=in_print_order(groups), criteria=tuple(rows))


@st.composite
def group(draw: Any, number: int) -> GroupDraft:
    is_bonus = draw(st.booleans())
    return GroupDraft(
        code=f"{number + 1}.{draw(st.sampled_from(['0', '10', 'A']))}",
        title=draw(line(60, least=1)),
        max_points=draw(hundredths),
        is_bonus=is_bonus,
        combine=draw(st.sampled_from(["sum", "highest"])) if is_bonus else "sum",
    )


def in_print_order(groups: list[GroupDraft]) -> tuple[GroupDraft, ...]:
    """The third group, where there is one, stands within the second."""
    if len(groups) < 3:
        return tuple(groups)
    values = vars(groups[2]) | {"parent": groups[1].code}
    return (*groups[:2], GroupDraft(**values), *groups[3:])


@st.composite
def row(draw: Any, code: str, before: list[CriterionDraft]) -> CriterionDraft:
    kind, parameters, most = draw(criteria)
    owner = draw(st.sampled_from(Owner.values))
    own = [one.code for one in before if not one.facts_from]
    return CriterionDraft(
        group=code,
        code=f"{code}.{len(before)}",
        title=draw(line(80, least=1)),
        kind=kind,
        max_points=most,
        parameters=parameters,
        bonus_points=draw(hundredths),
        help_text="\n".join(filter(None, [draw(line(30)), draw(line(30))])),
        owner=owner,
        source=draw(st.sampled_from(sorted(facts.SOURCES))) if owner == Owner.PORTAL else "",
        unit=draw(line(20)),
        indicator=draw(line(40)),
        facts_from=draw(st.sampled_from(["", *own])),
        needs_evidence=draw(st.booleans()),
    )
