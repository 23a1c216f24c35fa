from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import override

from covenants.models.drafts import EDITABLE, PAPER_MOVES, SEALED, PaperState

HEAD = """\
# States of a paper

Printed by `manage.py print_states` from `PAPER_MOVES` in `covenants/models/drafts.py`; a test
compares the two. An act that is not listed beside a state is refused in it, and changes nothing.
A covenant goes from consultation straight to signing (`seal`); every other kind is voted on first
(`put_to_vote`), and each refuses the other's way.
"""
ACTS = {
    "open_consultation": "`consultation.open_consultation`, by the secretariat",
    "resume_drafting": "`consultation.resume_drafting`, by the secretariat",
    "seal": "`sealing.seal`, by the secretariat, with nothing left in `sealing.obstacles`",
    "put_to_vote": "`adoption.put_to_vote`, by the secretariat, with no `sealing.obstacles`",
    "adopt": "`adoption.decide`, by the numbers of the vote",
    "reject": "`adoption.decide`, by the numbers of the vote",
    "call_off": "`adoption.call_off`, by the secretariat, with a reason",
    "issue": "`issuing.issue`, by the secretariat: number, date, print",
    "complete": "`completion.complete`, by the portal, in the transaction of the last signature, "
    "or of the decision by which the last board waited for has left",
    "annul": "`sealing.annul`, by the secretariat, with a reason",
}


class Command(BaseCommand):
    help = "Prints the state machine of papers as Markdown: docs/states.md."

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            self.stdout.write(document(), ending="")


def document() -> str:
    return "\n".join([HEAD, *states(), "", *moves(), "", *diagram(), ""])


def states() -> Iterator[str]:
    yield "| state | stored as | text | signing |"
    yield "|---|---|---|---|"
    for state in PaperState:
        text = "may be written" if state in EDITABLE else "frozen"
        signing = "sealed" if state in SEALED else "no"
        yield f"| {state.label} | `{state.value}` | {text} | {signing} |"


def moves() -> Iterator[str]:
    yield "| from | act | to | done by |"
    yield "|---|---|---|---|"
    for (state, act), following in PAPER_MOVES.items():
        start, end = PaperState(state).label, PaperState(following).label
        yield f"| {start} | `{act}` | {end} | {ACTS[act]} |"


def diagram() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {PaperState.DRAFTING.value}"
    for (state, act), following in PAPER_MOVES.items():
        yield f"    {PaperState(state).value} --> {PaperState(following).value}: {act}"
    yield "```"
