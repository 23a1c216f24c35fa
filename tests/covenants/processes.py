"""Runs signers in separate processes on the database of the running test.

They are forked from a server that has loaded Django and the signing libraries, so each starts
within milliseconds and inherits no connection or cache.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402

from covenants.adoption import voting  # noqa: E402
from covenants.models import Paper, Party, Voting  # noqa: E402
from covenants.signing import completion, enrolment, signing  # noqa: E402
from emulation_bloc.lib import pades  # noqa: E402
from emulation_bloc.lib.refusal import Refusal  # noqa: E402
from members.models import Membership, User  # noqa: E402
from members.records import audit, files  # noqa: E402
from members.records.numbering import Numbering  # noqa: E402
from tests.costs import make_boxes_cheap  # noqa: E402
from tests.people import PASSPHRASE, issue  # noqa: E402

make_boxes_cheap()

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 240
READY = "ready"
context = multiprocessing.get_context("forkserver")


def start(work: Callable[..., None], *args: Any) -> ForkServerProcess:
    """Run `work(*args)` in a process of its own, with the test's database."""
    context.set_forkserver_preload([__name__])
    os.environ |= {"PYTHONPATH": str(ROOT), "DATA_DIR": str(settings.DATA_DIR)}
    process = context.Process(target=in_child, args=(connection.settings_dict["NAME"], work, args))
    process.start()
    return process


def in_child(database: str, work: Callable[..., None], args: tuple[Any, ...]) -> None:
    connection.settings_dict["NAME"] = database
    if connection.vendor == "sqlite":
        # How long fifty wait for one writer is the machine's affair, which may be busy otherwise.
        connection.settings_dict["OPTIONS"]["timeout"] = PATIENCE_S
    try:
        work(*args)
    finally:
        connection.close()


def at_once(times: int, work: Callable[..., None], *args: Any) -> list[Any]:
    """What several processes say that do the same at one word.

    `work(*args, line)` sends READY, waits for the word, and sends its one answer.
    """
    lines, processes = [], []
    for _time in range(times):
        line, far_end = context.Pipe()
        processes.append(start(work, *args, far_end))
        far_end.close()
        lines.append(line)
    for line in lines:
        assert line.recv() == READY
    for line in lines:
        line.send(READY)
    said = [line.recv() for line in lines]
    for process in processes:
        process.join()
    return said


# --- Many at once ---------------------------------------------------------------------------------


class Contender:
    """Somebody who waits in a process for the word, then tries to sign, or to vote."""

    def __init__(self, deed: Callable[[int, int], str], subject: int, user: int) -> None:
        self.subject = subject
        self.line, far_end = context.Pipe()
        self.process = start(do_on_the_word, deed, subject, user, far_end)
        # The child's copy is then the only one: should it die, reading here ends at once.
        far_end.close()

    def wait_until_ready(self) -> None:
        assert self.line.recv() == READY

    def give_the_word(self) -> None:
        self.line.send(READY)

    def outcome(self) -> str:
        said: str = self.line.recv()
        self.process.join()
        return said


def do_on_the_word(deed: Callable[[int, int], str], subject: int, user: int, line: Any) -> None:
    line.send(READY)
    line.recv()
    line.send(deed(subject, user))


def all_at_once(contenders: list[Contender]) -> list[tuple[int, str]]:
    """(subject, outcome) of each, after all were given the word together."""
    for one in contenders:
        one.wait_until_ready()
    for one in contenders:
        one.give_the_word()
    return [(one.subject, one.outcome()) for one in contenders]


def cast_vote(membership: int, user: int) -> str:
    """A vote in favour in the only open round."""
    try:
        voting.cast_vote(
            Voting.objects.get(closed_at=None),
            Membership.objects.get(pk=membership),
            choice="for",
            proxy="",
            actor=User.objects.get(pk=user),
        )
    except Refusal as refusal:
        return type(refusal).__name__
    return "voted"


def take_next_number(paper: int, user: int) -> str:
    return issued(paper, user, number=None)


def take_number_one(paper: int, user: int) -> str:
    """As it was typed from the head unit's book."""
    return issued(paper, user, number=1)


def issued(paper: int, user: int, *, number: int | None) -> str:
    try:
        numbered = issue(
            Paper.objects.get(pk=paper),
            actor=User.objects.get(pk=user),
            numbering=Numbering(symbol="QC-KTĐ", number=number),
        )
    except Refusal as refusal:
        return type(refusal).__name__
    return numbered.full_number


def attempt(party: int, user: int) -> str:
    try:
        signing.sign(
            Party.objects.get(pk=party),
            passphrase=PASSPHRASE,
            picture=None,
            actor=User.objects.get(pk=user),
        )
    except Refusal as refusal:
        return type(refusal).__name__
    return "signed"


# --- Dying ----------------------------------------------------------------------------------------


def die(*args: Any, **kwargs: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying_before(work: Callable[..., Any]) -> Callable[..., Any]:
    return die


def dying_after(work: Callable[..., Any]) -> Callable[..., Any]:
    def last_deed(*args: Any, **kwargs: Any) -> None:
        work(*args, **kwargs)
        die()

    return last_deed


def dying_at(count: int, how: Callable[..., Any]) -> Callable[..., Any]:
    """Do the work as always, and die the `count`-th time."""

    def wrap(work: Callable[..., Any]) -> Callable[..., Any]:
        calls = iter(range(1, count + 1))

        def counted(*args: Any, **kwargs: Any) -> Any:
            return (how(work) if next(calls) == count else work)(*args, **kwargs)

        return counted

    return wrap


# Name of the step to (what is replaced: owner and attribute, how it dies there). The signer fills
# the last seat. The passphrase is checked in a transaction of its own, which commits first.
STEPS: dict[str, tuple[Any, str, Callable[..., Any]]] = {
    "before the passphrase is checked": (enrolment, "unlock", dying_before),
    "after the key was opened": (enrolment, "open_key", dying_after),
    "after the passphrase was checked": (enrolment, "unlock", dying_after),
    "after the paper was locked": (signing, "lock", dying_after),
    "before the file is read": (files, "read_content", dying_before),
    "after the file was read": (files, "read_content", dying_after),
    "after the signature was made": (pades, "sign", dying_after),
    "before the new file is renamed": (os, "replace", dying_before),
    "after the new file was stored": (files, "store", dying_after),
    "after the signature was recorded": (signing, "record_signature", dying_after),
    "after the document was put in place": (signing, "put_in_place", dying_after),
    "before the trace": (audit, "record", dying_before),
    "after the trace": (audit, "record", dying_after),
    "after the closing seal": (pades, "close", dying_after),
    "before the closed file is renamed": (os, "replace", dying_at(2, dying_before)),
    "after the certificate was made": (completion, "certified", dying_after),
    "after the transition": (completion, "transition", dying_after),
    "after the second trace": (audit, "record", dying_at(2, dying_after)),
    "after everyone was told": (completion, "tell_everyone", dying_after),
    "before the commit": (connection, "commit", dying_at(2, dying_before)),
    "after the commit": (connection, "commit", dying_at(2, dying_after)),
}


def sign_and_die(party: int, user: int, step: str) -> None:
    owner, name, how = STEPS[step]
    connection.ensure_connection()
    setattr(owner, name, how(getattr(owner, name)))
    attempt(party, user)


@contextmanager
def finished(process: ForkServerProcess) -> Iterator[int | None]:
    """The exit code of a process that has ended, by itself or by its end."""
    process.join(PATIENCE_S)
    yield process.exitcode
    process.close()
