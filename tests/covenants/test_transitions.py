import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command

from covenants.adoption import voting
from covenants.models import Paper
from covenants.models.drafts import PAPER_TRANSITIONS, PaperState
from covenants.papers import consultation
from covenants.signing import completion, sealing
from emulation_bloc.management.commands import print_states
from members.records.acts import NotNow, transition
from tests.covenants.traces import nothing_changes
from tests.people import (
    Cast,
    adopt,
    draft_covenant,
    draft_regulation,
    enrol,
    fresh,
    issue,
    seal_covenant,
    sign,
)

ROOT = Path(__file__).resolve().parents[2]
OF_EVERY_PAPER = ["open_consultation", "resume_drafting", "seal", "complete", "annul"]
ACTS = [*OF_EVERY_PAPER, "put_to_vote", "adopt", "reject", "call_off", "issue"]
CELLS = [(state, act) for state in PaperState for act in ACTS]


def paper_in(state: str, cast: Cast) -> Paper:
    """A covenant that came to the state by the acts; a regulation where no covenant comes."""
    if state in (PaperState.VOTING, PaperState.ADOPTED):
        return regulation_in(state, cast)
    if state == PaperState.DRAFTING:
        return draft_covenant(cast.year, actor=cast.chi)
    if state == PaperState.CONSULTING:
        paper = draft_covenant(cast.year, actor=cast.chi)
        consultation.open_consultation(paper, actor=cast.chi)
        return Paper.objects.get(pk=paper.pk)
    paper = seal_covenant(cast.year, actor=cast.chi)
    if state == PaperState.COMPLETE:
        for leader, board in ((cast.an, cast.head), (cast.binh, cast.board)):
            enrol(leader)
            sign(paper, board, actor=leader)
    if state == PaperState.ANNULLED:
        sealing.annul(paper, reason="Sai chỉ tiêu", actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


def regulation_in(state: str, cast: Cast) -> Paper:
    """The operating regulation in the state, by the acts themselves."""
    paper = draft_regulation(cast.year, actor=cast.chi)
    if state in (PaperState.CONSULTING, PaperState.VOTING):
        consultation.open_consultation(paper, actor=cast.chi)
        paper = Paper.objects.get(pk=paper.pk)
    if state == PaperState.VOTING:
        voting.put_to_vote(paper, terms=voting.proposed_terms(paper), actor=cast.chi)
    if state in (PaperState.ADOPTED, PaperState.SIGNING, PaperState.COMPLETE, PaperState.ANNULLED):
        paper = adopt(paper, actor=cast.chi)
    if state in (PaperState.SIGNING, PaperState.COMPLETE):
        issue(paper, actor=cast.chi)
    if state == PaperState.COMPLETE:
        enrol(cast.an)
        sign(paper, cast.head, actor=cast.an)
    if state == PaperState.ANNULLED:
        sealing.annul(paper, reason="Không còn cần", actor=cast.chi)
    return Paper.objects.get(pk=paper.pk)


ADOPTING: dict[str, Callable[[Paper, Cast], object]] = {
    "put_to_vote": lambda p, cast: voting.put_to_vote(
        p, terms=voting.proposed_terms(p), actor=cast.chi
    ),
    "issue": lambda p, cast: issue(p, actor=cast.chi),
}


@pytest.mark.parametrize("act", ADOPTING)
@pytest.mark.parametrize("state", PaperState.values)
def test_a_regulation_is_voted_on_and_numbered_by_the_table_only(
    cast: Cast, state: str, act: str
) -> None:
    paper = regulation_in(state, cast)
    target = PAPER_TRANSITIONS.get((PaperState(state), act))
    if target is None:
        with nothing_changes(), pytest.raises(NotNow):
            ADOPTING[act](paper, cast)
        return
    ADOPTING[act](paper, cast)
    assert Paper.objects.get(pk=paper.pk).state == target


DO: dict[str, Callable[[Paper, Cast], object]] = {
    "open_consultation": lambda p, cast: consultation.open_consultation(p, actor=cast.chi),
    "resume_drafting": lambda p, cast: consultation.resume_drafting(p, actor=cast.chi),
    "seal": lambda p, cast: sealing.seal(p, actor=cast.chi),
    "annul": lambda p, cast: sealing.annul(p, reason="Sai chỉ tiêu", actor=cast.chi),
}


@pytest.mark.parametrize("act", DO)
@pytest.mark.parametrize("state", PaperState.values)
def test_each_act_moves_the_paper_by_the_table_or_changes_nothing(
    cast: Cast, state: str, act: str
) -> None:
    paper = paper_in(state, cast)
    target = PAPER_TRANSITIONS.get((PaperState(state), act))
    if target is None:
        with nothing_changes(), pytest.raises(NotNow):
            DO[act](paper, cast)
        return
    DO[act](paper, cast)
    assert Paper.objects.get(pk=paper.pk).state == target


@pytest.mark.parametrize("state", [s for s in PaperState if s != PaperState.SIGNING])
def test_only_a_paper_that_is_signed_is_completed(cast: Cast, state: str) -> None:
    paper = paper_in(state, cast)
    with nothing_changes(), pytest.raises(NotNow):
        transition(
            paper,
            PAPER_TRANSITIONS,
            "complete",
            completed_at=dt.datetime(2019, 5, 4, tzinfo=dt.UTC),
        )


def test_the_last_signature_completes_the_paper(cast: Cast) -> None:
    paper = paper_in(PaperState.COMPLETE, cast)
    assert (paper.state, paper.certificate is not None) == ("complete", True)
    assert paper.certificate.media_type == completion.PDF


def test_a_move_is_refused_when_another_was_faster(cast: Cast) -> None:
    stale = paper_in(PaperState.DRAFTING, cast)
    consultation.open_consultation(stale, actor=cast.chi)
    with nothing_changes(), pytest.raises(NotNow) as refusal:
        transition(stale, PAPER_TRANSITIONS, "open_consultation")
    assert "Đang soạn" in str(refusal.value)


def test_the_table_names_only_known_states_and_acts() -> None:
    assert [cell for cell in PAPER_TRANSITIONS if cell not in CELLS] == []
    assert sorted(print_states.ACTS) == sorted(ACTS)


def test_docs_say_what_the_code_prints(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("print_states")
    assert capsys.readouterr().out == (ROOT / "docs" / "states.md").read_text()


def test_after_an_annulment_a_new_covenant_may_start(cast: Cast) -> None:
    paper_in(PaperState.ANNULLED, cast)
    assert draft_covenant(fresh_year(cast), actor=fresh(cast.chi)).state == PaperState.DRAFTING


def fresh_year(cast: Cast):
    return type(cast.year).objects.get(pk=cast.year.pk)
