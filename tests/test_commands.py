from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from pytest_django import Settings

from covenants.models import Paper
from members.models import Bloc, OutboxMessage, User
from members.records import files, triggers
from tests.append_only import drop_triggers
from tests.covenants.pages import complete
from tests.lib.signed_papers import small_paper
from tests.people import Cast, draft_covenant, enrol, seal_covenant, sign


def run(*command: object) -> list[str]:
    output = StringIO()
    call_command(*map(str, command), stdout=output)
    return output.getvalue().splitlines()


@pytest.fixture
def paper(cast: Cast) -> Paper:
    return complete(cast)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[list[str], str]]:
    """What a command wrote before it failed, and the error it ended with."""

    def said(*command: object) -> tuple[list[str], str]:
        with pytest.raises(CommandError) as error:
            call_command(*map(str, command))
        return capsys.readouterr().out.splitlines(), str(error.value)

    return said


# --- run_due ---


def test_run_due_sends_what_is_due_and_counts_it(cast: Cast) -> None:
    enrol(cast.an)
    enrol(cast.binh)
    assert run("run_due") == ["mails sent: 2"]
    assert sorted(message.to[0] for message in mail.outbox) == ["an@example.vn", "binh@example.vn"]
    assert run("run_due") == ["mails sent: 0"]
    assert OutboxMessage.objects.filter(sent_at=None).count() == 0


# --- seed_laws ---


def test_seed_laws_fills_the_register_once(db: None) -> None:
    first = run("seed_laws")
    assert ("  Luật 06/2022/QH15" in first, first[-1]) == (
        True,
        "documents added to the legal register: 15",
    )
    assert run("seed_laws") == ["documents added to the legal register: 0"]


# --- seed_demo ---


def test_the_demo_is_not_added_to_a_database_that_has_a_bloc(
    cast: Cast, settings: Settings
) -> None:
    settings.DEBUG = True
    before = User.objects.count()
    assert run("seed_demo", "--if-empty") == [
        "The database has a bloc of its own: the demo is not added."
    ]
    assert (Bloc.objects.count(), User.objects.count()) == (2, before)


# --- verify ---


def test_verify_says_that_all_is_sound(paper: Paper) -> None:
    assert run("verify") == ["all is sound"]


def test_verify_names_each_fault_once_and_fails(
    paper: Paper, said: Callable[..., tuple[list[str], str]]
) -> None:
    path = files.path_of(paper.newest.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    fault = f"file {paper.newest.sha256} was changed on disk"
    assert said("verify") == (
        [fault, f"paper {paper.code}: {fault}"],
        "2 faults found",
    )


def test_verify_names_a_missing_trigger(
    paper: Paper, said: Callable[..., tuple[list[str], str]]
) -> None:
    drop_triggers()
    missing = triggers.missing_triggers()
    lines, error = said("verify")
    assert lines == [
        f"table {table}: trigger {name} is missing, its rows can be changed"
        for table, name in missing
    ]
    assert error == f"{len(missing)} faults found"


# --- export_covenant ---


def test_export_writes_exactly_the_stored_bytes(paper: Paper, tmp_path: Path) -> None:
    output = tmp_path / "giao-uoc.pdf"
    assert run("export_covenant", "tay-nguyen", 2019, "--output", output) == [
        f"{output}: Giao ước thi đua 2019, complete, 2 of 2 seats signed"
    ]
    assert output.read_bytes() == files.read_content(paper.newest)


@pytest.mark.parametrize(
    ("bloc", "year", "error"),
    [
        ("khong-co", 2019, "the bloc 'khong-co' has no covenant of 2019"),
        ("tay-nguyen", 2018, "the bloc 'tay-nguyen' has no covenant of 2018"),
    ],
)
def test_export_says_when_there_is_no_covenant(
    paper: Paper,
    tmp_path: Path,
    said: Callable[..., tuple[list[str], str]],
    bloc: str,
    year: int,
    error: str,
) -> None:
    output = tmp_path / "x.pdf"
    assert said("export_covenant", bloc, year, "--output", output) == ([], error)
    assert not output.exists()


def test_export_says_when_the_covenant_is_a_draft(
    cast: Cast, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    draft_covenant(cast.year, actor=cast.chi)
    lines = said("export_covenant", "tay-nguyen", 2019, "--output", tmp_path / "x.pdf")
    assert lines == ([], "the covenant of 2019 is not sealed yet")


def test_export_says_when_it_cannot_write(
    paper: Paper, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    _lines, error = said("export_covenant", "tay-nguyen", 2019, "--output", tmp_path)
    assert error == f"[Errno 21] Is a directory: '{tmp_path}'"


# --- verify_covenant ---


def exported(paper: Paper, tmp_path: Path, change: bytes = b"") -> Path:
    file = tmp_path / "giao-uoc.pdf"
    file.write_bytes(files.read_content(paper.newest) + change)
    return file


def test_verify_covenant_says_a_line_for_each_signature(paper: Paper, tmp_path: Path) -> None:
    lines = run("verify_covenant", exported(paper, tmp_path))
    assert [line.rsplit(", ", 1)[0] for line in lines] == [
        "paper: Giao ước thi đua 2019",
        "portal-certification: good, Cổng Khối thi đua, Cổng Khối thi đua",
        "seat-DLK: good, Nguyễn Văn An, Ban Quản lý Khu kinh tế tỉnh Đắk Lắk",
        "seat-BDI: good, Trần Thanh Bình, Ban Quản lý Khu kinh tế tỉnh Bình Định",
        "portal-closing: good, Cổng Khối thi đua, Cổng Khối thi đua",
        "revocation: not checked",
        "verdict: complete",
    ]


def test_verify_covenant_fails_on_a_changed_file(
    paper: Paper, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    lines, error = said("verify_covenant", exported(paper, tmp_path, b"junk"))
    assert error == "verdict: changed (added)"
    assert lines[-2:] == [
        "fault: something was added after the last signature",
        "revocation: not checked",
    ]


def test_verify_covenant_marks_the_signatures_that_broke(
    paper: Paper, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    file = exported(paper, tmp_path)
    content = bytearray(file.read_bytes())
    content[4000] ^= 1
    file.write_bytes(content)
    lines, error = said("verify_covenant", file)
    assert error == "verdict: changed (altered)"
    broken = [line for line in lines if line.startswith("seat-BDI: BAD (altered), Trần Thanh Bình")]
    assert len(broken) == 1


def test_verify_covenant_fails_on_an_older_revision(
    paper: Paper, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    file = tmp_path / "cu.pdf"
    file.write_bytes(files.read_content(paper.sealed_file))
    assert said("verify_covenant", file)[1] == "verdict: outdated"


def test_verify_covenant_fails_while_a_seat_is_empty(
    cast: Cast, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(paper, cast.head, actor=cast.an)
    file = exported(Paper.objects.get(), tmp_path)
    assert said("verify_covenant", file)[1] == "verdict: in_signing"


def test_verify_covenant_fails_on_the_certificate_of_completion(
    paper: Paper, tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    file = tmp_path / "chung-nhan.pdf"
    file.write_bytes(files.read_content(paper.certificate))
    assert said("verify_covenant", file)[1] == "verdict: certificate"


@pytest.mark.django_db
def test_verify_covenant_fails_on_a_strangers_file_and_on_none(
    tmp_path: Path, said: Callable[..., tuple[list[str], str]]
) -> None:
    file = tmp_path / "la.pdf"
    file.write_bytes(small_paper())
    assert said("verify_covenant", file) == (["revocation: not checked"], "verdict: unknown")
    gone = tmp_path / "khong-co.pdf"
    assert said("verify_covenant", gone)[1] == f"[Errno 2] No such file or directory: '{gone}'"
