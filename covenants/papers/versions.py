"""The whole text of a paper as one JSON value, for freezing, printing and comparing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.numbers import vn_figure
from emulation_bloc.lib.text import Segment, Unit, differences, nfc
from members.models import User

from ..models import Paper, Version
from ..models.drafts import Part

ROMAN = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")


def content_of(paper: Paper) -> dict[str, Any]:
    """The present text and figures of a paper as plain JSON values, strings in NFC."""
    articles = paper.articles.standing()
    return {
        "type": nfc(paper.kind.type_name),
        "title": nfc(paper.title),
        "theme": nfc(paper.theme),
        "opening": nfc(paper.opening),
        "terms": nfc(paper.terms),
        "place": nfc(paper.place),
        "dated_on": paper.dated_on.isoformat() if paper.dated_on else "",
        "bases": _bases_of(paper),
        "articles": [
            {
                "id": article.pk,
                "part": article.part,
                "chapter": nfc(article.chapter),
                "heading": nfc(article.heading),
                "body": nfc(article.body),
            }
            for article in articles
        ],
        "attachment": attached(paper),
        "recipients": nfc(paper.recipients),
        "indicators": [
            {"title": nfc(indicator.title), "unit": nfc(indicator.unit)}
            for indicator in paper.indicators.all()
        ],
        "targets": targets_of(paper),
    }


def _bases_of(paper: Paper) -> list[str]:
    """Citations of the law in the paper's order, then those of the bloc's papers by date."""
    laws = paper.bases.select_related("reference")
    papers = paper.cited_papers.select_related("bloc_year__bloc").order_by("dated_on", "pk")
    return [*(basis.reference.citation for basis in laws), *(one.citation for one in papers)]


def attached(paper: Paper) -> str:
    """Name and SHA-256 of the attached text; "" without one."""
    if paper.attachment is None:
        return ""
    return f"{nfc(paper.attachment_name)} (SHA-256 {paper.attachment.sha256})"


def labelled(content: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each article with its printed label: "Điều 3", "Phụ lục II", or "Phụ lục" for a
    single annex.
    """
    body = [article for article in content["articles"] if is_body(article)]
    annexes = [article for article in content["articles"] if not is_body(article)]
    numbers = [_roman(number) for number in range(1, len(annexes) + 1)]
    labels = ["Phụ lục"] if len(annexes) == 1 else [f"Phụ lục {number}" for number in numbers]
    return [
        *((f"Điều {number}", article) for number, article in enumerate(body, start=1)),
        *zip(labels, annexes, strict=True),
    ]


def is_body(article: Mapping[str, Any]) -> bool:
    """Whether it is an article, not an annex. Texts sealed before annexes existed have no
    "part".
    """
    return bool(article.get("part", Part.BODY) == Part.BODY)


def _roman(number: int) -> str:
    """Roman numeral of 1 to 39, for numbering annexes."""
    return "X" * (number // 10) + ROMAN[number % 10]


def targets_of(paper: Paper) -> list[dict[str, Any]]:
    """A row per board in the year's order; `figures` has one string per indicator, "" if not set.

    `membership` is the membership id, `board` the short name for screens, `printed` the full name
    for the official annex.
    """
    indicators = list(paper.indicators.prefetch_related("targets"))
    norms = {
        (target.indicator_id, target.membership_id): vn_figure(target.norm)
        for indicator in indicators
        for target in indicator.targets.all()
    }
    return [
        {
            "membership": membership.pk,
            "board": membership.name.short_name,
            "printed": membership.name.name,
            "figures": [norms.get((indicator.pk, membership.pk), "") for indicator in indicators],
        }
        for membership in paper.bloc_year.memberships.staying().select_related("name")
    ]


def take(paper: Paper, occasion: str, *, actor: User) -> Version:
    """Store the present text as the paper's next version. Versions are append-only."""
    last = paper.versions.last()
    return Version.objects.create(
        paper=paper,
        number=last.number + 1 if last else 1,
        occasion=occasion,
        content=content_of(paper),
        taken_at=timezone.now(),
        taken_by=actor,
    )


PART_LABELS = {
    "title": _("Title"),
    "theme": _("Theme"),
    "place": _("Place"),
    "dated_on": _("Date of the paper"),
    "bases": _("Legal bases"),
    "opening": _("Opening"),
    "terms": _("Terms"),
    "targets": _("Targets"),
    "attachment": _("Attached text"),
    "recipients": _("Recipients"),
}


@dataclass(frozen=True)
class Change:
    """One part of a paper with its changes, as segments kept, added and removed."""

    heading: str
    segments: list[Segment]

    @property
    def is_changed(self) -> bool:
        return any(segment.kind != "same" for segment in self.segments)


def compare(
    old: dict[str, Any], new: dict[str, Any], *, match: Literal["id", "heading"] = "id"
) -> list[Change]:
    """The parts that differ between two contents.

    Articles of one paper are matched by "id", those of papers of two years by "heading".
    """
    before, after = _parts_of(old, match), _parts_of(new, match)
    keys = [*after, *(key for key in before if key not in after)]
    changes = [
        Change(
            heading=(after.get(key) or before[key])[0],
            segments=_changed_words(before.get(key), after.get(key), unit_of(key)),
        )
        for key in keys
    ]
    return [change for change in changes if change.is_changed]


def _changed_words(
    old: tuple[str, str] | None, new: tuple[str, str] | None, by: Unit
) -> list[Segment]:
    """The differences of the text; the heading is compared too if it changed."""
    if old and new and old[0] == new[0]:
        return differences(old[1], new[1], by=by)
    return differences("\n".join(old or ()), "\n".join(new or ()), by=by)


def unit_of(part: object) -> Unit:
    """Legal bases and targets are compared line by line, everything else word by word."""
    return "line" if part in ("bases", "targets") else "word"


def _parts_of(content: dict[str, Any], match: str) -> dict[Any, tuple[str, str]]:
    """Key -> (heading, text) of each part; articles are keyed ("article", id or heading)."""
    parts = {name: (str(label), text_of(content, name)) for name, label in PART_LABELS.items()}
    articles = {
        ("article", article[match]): (article["heading"], article["body"])
        for article in content["articles"]
    }
    return {**parts, **articles}


def text_of(content: dict[str, Any], part: str) -> str:
    """The text of a part outside the articles; legal bases and targets one per line."""
    if part == "bases":
        return "\n".join(content["bases"])
    if part == "targets":
        return "\n".join(_target_lines(content))
    return str(content.get(part, ""))


def _target_lines(content: dict[str, Any]) -> list[str]:
    columns = [f"{column['title']} ({column['unit']})" for column in content["indicators"]]
    rows = [f"{row['board']}: {'; '.join(row['figures'])}" for row in content["targets"]]
    return [*columns, *rows]
