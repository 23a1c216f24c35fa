"""The whole text of a paper as one value: to freeze, to print, to compare."""

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
    """The words and figures of a paper as they stand, in NFC, as plain JSON values."""
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
    """The law that the paper cites, in its order, then the bloc's own papers by their date."""
    laws = paper.bases.select_related("reference")
    papers = paper.cited_papers.select_related("bloc_year__bloc").order_by("dated_on", "pk")
    return [*(basis.reference.citation for basis in laws), *(one.citation for one in papers)]


def attached(paper: Paper) -> str:
    """The attached text by its name and fingerprint; "" without one."""
    if paper.attachment is None:
        return ""
    return f"{nfc(paper.attachment_name)} (SHA-256 {paper.attachment.sha256})"


def labelled(content: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """Each article with its printed label: "Điều 3", "Phụ lục II", a single annex "Phụ lục"."""
    body = [article for article in content["articles"] if is_body(article)]
    annexes = [article for article in content["articles"] if not is_body(article)]
    numbers = [_roman(number) for number in range(1, len(annexes) + 1)]
    labels = ["Phụ lục"] if len(annexes) == 1 else [f"Phụ lục {number}" for number in numbers]
    return [
        *((f"Điều {number}", article) for number, article in enumerate(body, start=1)),
        *zip(labels, annexes, strict=True),
    ]


def is_body(article: Mapping[str, Any]) -> bool:
    """Texts sealed before papers had annexes say nothing of parts."""
    return bool(article.get("part", Part.BODY) == Part.BODY)


def _roman(number: int) -> str:
    """1 to 39 as annexes are numbered: IV, XII."""
    return "X" * (number // 10) + ROMAN[number % 10]


def targets_of(paper: Paper) -> list[dict[str, Any]]:
    """A row per board in the year's order, a figure per indicator; "" where none is set.

    `membership` is the board's place in the year, `board` what screens show, `printed` the full
    name that an official annex gives.
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
    """Keep the text as it stands under the next number; nothing of it changes afterwards."""
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
    """One part of a paper before and after, as segments kept, added and removed."""

    heading: str
    segments: list[Segment]

    @property
    def is_changed(self) -> bool:
        return any(segment.kind != "same" for segment in self.segments)


def compare(
    old: dict[str, Any], new: dict[str, Any], *, match: Literal["id", "heading"] = "id"
) -> list[Change]:
    """The changes from one content to another, part by part; unchanged parts are left out.

    Articles of one paper are matched by "id", those of two years' papers by "heading".
    """
    before, after = parts_of(old, match), parts_of(new, match)
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
    """The differences of a part's text; of its heading too where that was changed."""
    if old and new and old[0] == new[0]:
        return differences(old[1], new[1], by=by)
    return differences("\n".join(old or ()), "\n".join(new or ()), by=by)


def unit_of(part: object) -> Unit:
    """One law in place of another is no change of some words, nor is one figure of another."""
    return "line" if part in ("bases", "targets") else "word"


def parts_of(content: dict[str, Any], match: str) -> dict[Any, tuple[str, str]]:
    """Key to (heading, text) for each part of a content."""
    parts = {name: (str(label), text_of(content, name)) for name, label in PART_LABELS.items()}
    articles = {
        ("article", article[match]): (article["heading"], article["body"])
        for article in content["articles"]
    }
    return {**parts, **articles}


def text_of(content: dict[str, Any], part: str) -> str:
    if part == "bases":
        return "\n".join(content["bases"])
    if part == "targets":
        return "\n".join(_target_lines(content))
    return str(content.get(part, ""))


def _target_lines(content: dict[str, Any]) -> list[str]:
    columns = [f"{column['title']} ({column['unit']})" for column in content["indicators"]]
    rows = [f"{row['board']}: {'; '.join(row['figures'])}" for row in content["targets"]]
    return [*columns, *rows]
