import json
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import emulation_bloc
from covenants.models import Paper, Signature
from covenants.signing import verification
from covenants.signing.findings import Verdict
from emulation_bloc.lib import pades
from emulation_bloc.lib.text import fingerprint
from members.models import AuditEntry, BlocYear, BoardName, OutboxMessage
from members.models.blocs import Role
from members.models.people import PostKind
from members.records import authority, files
from tests.covenants.outside_tools import GOOD, text_of_pdf, verdicts_of_poppler
from tests.covenants.pages import complete
from tests.covenants.pictures_drawn import stroke
from tests.covenants.traces import acts
from tests.people import (
    Cast,
    enrol,
    give_post,
    join,
    make_bloc,
    make_board,
    make_leader,
    make_user,
    make_year,
    seal_covenant,
    sign,
)
from tests.scenes import prepared

FACTS = Path(emulation_bloc.__file__).parent / "demo" / "bloc-2019.json"


def bloc_of(boards: list[dict[str, Any]]) -> BlocYear:
    """A bloc whose boards bear these names, each with an enrolled leader."""
    year = make_year(make_bloc("tay-nguyen-duyen-hai"))
    for row in boards:
        board = make_board(row["code"], province=row["province"], name=row["name"])
        join(year, board, role=Role.HEAD if row["code"] == "DLK" else Role.MEMBER)
        enrol(make_leader(board))
    return year


def signed_by_all(year: BlocYear) -> Paper:
    head = year.memberships.get(role=Role.HEAD).board
    secretary = make_user("thuky")
    give_post(secretary, PostKind.OFFICER, board=head)
    paper = seal_covenant(year, actor=secretary)
    for party in paper.parties.select_related("membership__board"):
        leader = party.membership.board.posts.get(kind=PostKind.LEADER).person.user
        sign(paper, party.membership.board, actor=leader, picture=stroke())
    return Paper.objects.get(pk=paper.pk)


def eleven() -> list[dict[str, Any]]:
    boards: list[dict[str, Any]] = json.loads(FACTS.read_text())["boards"]
    return boards


def twenty() -> list[dict[str, Any]]:
    more = [
        {"code": f"X{n:02}", "province": f"Tỉnh số {n}", "name": f"Ban Quản lý Khu kinh tế số {n}"}
        for n in range(9)
    ]
    return [*eleven(), *more]


@pytest.mark.long
@pytest.mark.django_db
@pytest.mark.parametrize(("boards", "count"), [(eleven(), 11), (twenty(), 20)])
def test_every_seat_is_good_in_pyhanko_and_poppler_and_every_name_can_be_read(
    boards: list[dict[str, Any]], count: int
) -> None:
    paper = signed_by_all(bloc_of(boards))

    content = files.read_content(paper.newest)

    authority_pem = authority.keys().authority.certificate_pem
    inspection = pades.inspect(content, authority_pems=[authority_pem])
    seats = [report for report in inspection.signatures if report.field.startswith("seat-")]
    assert inspection.sound
    assert [report.good for report in seats] == [True] * count
    # The certification and the closing seal of the portal stand around the seats.
    assert verdicts_of_poppler(content, authority_pem) == [GOOD] * (count + 2)
    text = text_of_pdf(content)
    assert [row["name"] for row in boards if row["name"] not in text] == []
    assert paper.state == "complete"
    assert verification.check_file(content).verdict == Verdict.COMPLETE


@pytest.mark.django_db
def test_a_bloc_of_one_board_completes_with_its_only_signature() -> None:
    one = [row for row in eleven() if row["code"] == "DLK"]
    paper = signed_by_all(bloc_of(one))
    assert (paper.state, Signature.objects.count()) == ("complete", 1)


# --- What the last signature sets off ---


@prepared
def finished(cast: Cast) -> Paper:
    return complete(cast)


def test_the_last_signature_completes_the_covenant(cast: Cast, finished: Paper) -> None:
    assert (finished.state, finished.completed_at is None) == ("complete", False)
    assert acts()[-2:] == ["covenants.signed", "covenants.completed"]
    assert AuditEntry.objects.latest("number").details == {
        "sha256": finished.newest.sha256,
        "certificate": finished.certificate.sha256,
    }


def test_the_closing_seal_is_the_last_signature_in_the_file(finished: Paper) -> None:
    inspection = verification.inspect(files.read_content(finished.newest))
    assert [report.field for report in inspection.signatures] == [
        "portal-certification",
        "seat-DLK",
        "seat-BDI",
        "portal-closing",
    ]
    assert inspection.sound


def test_the_certificate_says_who_signed_when_and_how(finished: Paper) -> None:
    text = text_of_pdf(files.read_content(finished.certificate))
    signatures = Signature.objects.select_related("party", "key")
    wanted = [
        value
        for signature in signatures
        for value in (
            signature.signer_name,
            timezone.localtime(signature.signed_at).strftime("%H:%M:%S"),
            fingerprint(signature.key.fingerprint, groups=2),
        )
    ]
    assert [value for value in wanted if value not in text] == []
    assert text.count("Ký trong cổng") >= 2
    assert "Chưa kiểm tra được tình trạng thu hồi" in text


def test_the_certificate_names_both_fingerprints_and_the_head_of_the_chain(
    finished: Paper,
) -> None:
    text = text_of_pdf(files.read_content(finished.certificate))
    signed = AuditEntry.objects.filter(act="covenants.signed").latest("number")
    hashes = (finished.sealed_file.sha256, finished.newest.sha256, signed.hash)
    wanted = [fingerprint(sha256, groups=8) for sha256 in hashes]
    assert [value for value in wanted if value not in text] == []
    assert f"số {signed.number}:" in text


def test_the_certificate_is_signed_by_the_portal(finished: Paper) -> None:
    inspection = verification.inspect(files.read_content(finished.certificate))
    (report,) = inspection.signatures
    assert inspection.sound
    assert (report.field, report.signer_name) == ("portal-certification", authority.PORTAL_NAME)


def test_everyone_of_the_members_is_told_once(cast: Cast, finished: Paper) -> None:
    mails = OutboxMessage.objects.filter(key__startswith="covenants.completed")
    assert sorted(mail.recipient for mail in mails) == [
        f"{name}@example.vn" for name in ("an", "binh", "chi", "dung", "em", "hoa")
    ]
    assert {mail.subject for mail in mails} == {"Giao ước thi đua năm 2019 đã đủ chữ ký"}


def test_a_covenant_that_waits_for_a_seat_is_not_complete(cast: Cast) -> None:
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(paper, cast.head, actor=cast.an)
    paper.refresh_from_db()
    assert (paper.state, paper.certificate, paper.completed_at) == ("signing", None, None)


def test_a_complete_paper_keeps_its_names_when_the_board_is_renamed(
    cast: Cast, finished: Paper
) -> None:
    BoardName.objects.filter(board=cast.board).update(name="Ban Quản lý mới")
    party = finished.parties.get(membership__board=cast.board)
    assert party.printed_board == "Ban Quản lý Khu kinh tế tỉnh Bình Định"
    assert "Ban Quản lý mới" not in text_of_pdf(files.read_content(finished.newest))
