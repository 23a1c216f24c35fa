"""The annex that prints a scale: rewritten after each change, and kept with the scale as printed.

The bloc adopts the printed text. The scale keeps that text together with the digest of all values
it was printed from, so that a later release can check that they belong together, even if it would
print the scale in other words.
"""

import hashlib
import json
from typing import Any

from django.utils.translation import gettext as _

from covenants.models import Article, Paper, Version
from covenants.models.drafts import Part
from covenants.papers import drafting
from emulation_bloc.lib.numbers import plain_decimal
from members.models import User

from ..models import Scale
from . import text
from .drafts import PLAIN_CRITERION, PLAIN_GROUP, RULE_FIELDS, tree_of


def print_annex(scale: Scale, actor: User) -> None:
    """Write the annex of the paper from the current scale; an annex that was taken out is added
    again."""
    body = text.text_of(scale)
    current = scale.annex if scale.annex and scale.annex.removed_at is None else None
    scale.annex = drafting.print_annex(
        scale.paper,
        annex=current or _carried_over(scale.paper),
        heading=text.HEADING,
        body=body,
        actor=actor,
    )
    scale.printed, scale.printed_digest = body, digest(scale)
    scale.save(update_fields=["annex", "printed", "printed_digest"])


def _carried_over(paper: Paper) -> Article | None:
    """The annex of the scale copied from last year's paper, if there is one."""
    annexes = paper.articles.standing().filter(part=Part.ANNEX, heading=text.HEADING)
    return annexes.first()


# --- Whether text and scale belong together -------------------------------------------------------


def digest(scale: Scale) -> str:
    """SHA-256 in hex of every value that the annex prints, titles and guidance included.

    The digests of sealed papers must not change: a field added to the scale later may be included
    only where it differs from its default.
    """
    plain = json.dumps(content_of(scale), ensure_ascii=False, sort_keys=True, default=plain_decimal)
    return hashlib.sha256(plain.encode()).hexdigest()


def content_of(scale: Any) -> dict[str, Any]:
    """The values of the scale as JSON, with codes instead of ids, in printing order."""
    groups = tree_of(scale)
    places = {group.pk: place for place, group in enumerate(groups)}
    group_codes: dict[int | None, str] = {group.pk: group.code for group in groups}
    criteria = sorted(scale.criteria.all(), key=lambda one: places[one.group_id])
    criterion_codes: dict[int | None, str] = {one.pk: one.code for one in criteria}
    return {
        "rules": {name: getattr(scale, name) for name in RULE_FIELDS},
        "grades": [[one.title, one.least] for one in scale.grades.all()],
        "groups": [
            {name: getattr(one, name) for name in PLAIN_GROUP}
            | {"parent": group_codes.get(one.parent_id)}
            for one in groups
        ],
        "criteria": [
            {name: getattr(one, name) for name in (*PLAIN_CRITERION, "parameters")}
            | {
                "group": group_codes[one.group_id],
                "facts_from": criterion_codes.get(one.facts_from_id),
            }
            for one in criteria
        ],
    }


def _is_as_printed(scale: Scale) -> bool:
    """Whether the scale is unchanged since its text was printed."""
    return scale.printed_digest == digest(scale)


def difference(scale: Scale, version: Version) -> str:
    """Why a sealed text does not print this scale, as a sentence; "" if it does."""
    if not _is_as_printed(scale):
        return _("The scale was changed after its paper was printed.")
    if not any(article["body"] == scale.printed for article in version.content["articles"]):
        return _("The text that was adopted does not print this scale.")
    return ""


def difference_in_the_making(scale: Scale) -> str:
    """Why the paper being written does not print this scale, as a sentence; "" if it does."""
    annex = scale.annex
    if annex is None or annex.removed_at or annex.body != scale.printed:
        return _(
            "The annex of the paper does not print this scale. Save any part of the scale: the "
            "annex is printed anew."
        )
    return "" if _is_as_printed(scale) else _("The scale was changed after its paper was printed.")
