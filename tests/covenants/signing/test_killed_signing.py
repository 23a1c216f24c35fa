"""A process killed at any step of signing leaves either the old or the new state."""

import signal

import pytest
from django.core.management import call_command

from covenants.models import Paper, Signature
from members.models import AuditEntry, OutboxMessage
from tests.covenants.processes import STEPS, attempt, finished, sign_and_die, start
from tests.covenants.traces import nothing_changes
from tests.people import enrol, make_cast, party_of, seal_covenant, sign

SURVIVES = "after the commit"


def kill_at(step: str, party: int, user: int) -> int | None:
    with finished(start(sign_and_die, party, user, step)) as exit_code:
        return exit_code


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_a_process_killed_at_any_step_leaves_the_old_state_or_the_new(
    capsys: pytest.CaptureFixture[str],
) -> None:
    cast = make_cast()
    paper = seal_covenant(cast.year, actor=cast.chi)
    for leader in (cast.an, cast.binh):
        enrol(leader)
    sign(paper, cast.head, actor=cast.an)
    last_seat = party_of(paper, cast.board).pk, cast.binh.pk

    for step in [step for step in STEPS if step != SURVIVES]:
        with nothing_changes():
            assert (step, kill_at(step, *last_seat)) == (step, -signal.SIGKILL)
        call_command("verify")

    assert kill_at(SURVIVES, *last_seat) == -signal.SIGKILL
    call_command("verify")
    assert set(capsys.readouterr().out.splitlines()) == {"all is sound"}
    assert (Paper.objects.get().state, Signature.objects.count()) == ("complete", 2)
    assert AuditEntry.objects.filter(act="covenants.signed").count() == 2
    assert OutboxMessage.objects.filter(key__startswith="covenants.completed").count() == 6
    assert attempt(*last_seat) == "AlreadySigned"


@pytest.mark.django_db(transaction=True)
def test_after_a_kill_the_seat_can_be_signed() -> None:
    cast = make_cast()
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.binh)
    seat = party_of(paper, cast.board).pk, cast.binh.pk
    assert kill_at("after the document was put in place", *seat) == -signal.SIGKILL

    assert attempt(*seat) == "signed"

    call_command("verify")
    assert Signature.objects.count() == 1
