from collections.abc import Iterator, Mapping
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import TextChoices
from django.utils.translation import override

from covenants.models.drafts import EDITABLE, PAPER_TRANSITIONS, SEALED, PaperState
from members.records.acts import Transitions
from scoring.models.sheets import SCORING_TRANSITIONS, SHEET_TRANSITIONS, ScoringState, SheetState

HEAD = """\
# States of a paper

Printed by `manage.py print_states` from `PAPER_TRANSITIONS` in `covenants/models/drafts.py`; a test
compares the two. An act that is not listed beside a state is refused in it, and changes nothing.
A covenant goes from consultation straight to signing (`seal`); every other kind is voted on first
(`put_to_vote`), and each refuses the other's way.
"""
ACTS = {
    "open_consultation": "`consultation.open_consultation`, by the secretariat",
    "resume_drafting": "`consultation.resume_drafting`, by the secretariat",
    "seal": "`sealing.seal`, by the secretariat, with nothing left in `sealing.obstacles`",
    "put_to_vote": "`voting.put_to_vote`, by the secretariat, with no `sealing.obstacles`",
    "adopt": "`voting.close_voting` or `voting.enter_hands`, by the numbers of the vote",
    "reject": "`voting.close_voting` or `voting.enter_hands`, by the numbers of the vote",
    "call_off": "`voting.call_off`, by the secretariat, with a reason",
    "issue": "`issuing.issue`, by the secretariat: number, date, print",
    "complete": "`completion.complete`, by the portal, in the transaction of the last signature, "
    "or of the decision by which the last board waited for has left",
    "annul": "`sealing.annul`, by the secretariat, with a reason",
}


SCORING_HEAD = """\
# States of the scoring of a year

From `SCORING_TRANSITIONS` in `scoring/models/sheets.py`. Every act is the secretariat's.
"""
SCORING_ACTS = {
    "publish": "`publication.publish`, with nothing left in `publication.blockers`",
    "take_back": "`publication.take_back`, with a reason, while no objection waits for its answer",
    "agree": "`conference.agree`, after the last day of objections, all of them answered",
    "finalise": "`conference.finalise`; nothing changes any more",
}
SHEET_HEAD = """\
# States of a score sheet

From `SHEET_TRANSITIONS` in `scoring/models/sheets.py`. Once the scores are published no sheet
changes its state.
"""
SHEET_ACTS = {
    "submit": "`submitting.submit`, by a leader of the board, with nothing missing",
    "return": "`appraisal.return_lines`, by head or deputy, a reason for each line",
    "recall": "`appraisal.recall`, by head or deputy, with a reason: nobody answers",
    "conclude": "`appraisal.conclude`, by head or deputy, every line appraised",
    "reopen": "`appraisal.reopen`, by head or deputy, with a reason",
}


class Command(BaseCommand):
    help = "Prints the state machines as Markdown: docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write(document(), ending="")


def document() -> str:
    papers = [HEAD, *states(), "", *rows(PAPER_TRANSITIONS, PaperState, ACTS)]
    return "\n".join(
        [
            *papers,
            *diagram(PAPER_TRANSITIONS, PaperState.DRAFTING),
            *(SCORING_HEAD, *rows(SCORING_TRANSITIONS, ScoringState, SCORING_ACTS)),
            *diagram(SCORING_TRANSITIONS, ScoringState.OPEN),
            *(SHEET_HEAD, *rows(SHEET_TRANSITIONS, SheetState, SHEET_ACTS)),
            *diagram(SHEET_TRANSITIONS, SheetState.FILLING),
        ]
    )


def states() -> Iterator[str]:
    yield "| state | stored as | text | signing |"
    yield "|---|---|---|---|"
    for state in PaperState:
        text = "may be written" if state in EDITABLE else "frozen"
        signing = "sealed" if state in SEALED else "no"
        yield f"| {state.label} | `{state.value}` | {text} | {signing} |"


def rows(table: Transitions, states: type[TextChoices], acts: Mapping[str, str]) -> Iterator[str]:
    yield "| from | act | to | done by |"
    yield "|---|---|---|---|"
    for (state, act), following in table.items():
        start, end = states(state).label, states(following).label
        yield f"| {start} | `{act}` | {end} | {acts[act]} |"
    yield ""


def diagram(table: Transitions, first: TextChoices) -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {first.value}"
    for (state, act), following in table.items():
        yield f"    {plain(state)} --> {plain(following)}: {act}"
    yield "```"
    yield ""


def plain(state: str) -> str:
    return str(getattr(state, "value", state))
