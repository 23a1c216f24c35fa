"""The verdict for every kind of altered file, and faults found in the stored papers."""

import datetime as dt
import hashlib
import os
import random
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from covenants.models import Paper, Party, Signature, SigningKey
from covenants.signing import enrolment, sealing, verification
from covenants.signing.findings import Change, Verdict
from emulation_bloc.lib import pades
from members.models import BoardName, Post
from members.models.people import PostKind
from members.records import authority, codes, files
from tests.append_only import drop_triggers
from tests.covenants.pages import complete
from tests.covenants.traces import nothing_changes
from tests.lib.signed_papers import blank_paper, small_paper
from tests.lib.test_pades_inspection import add_note, appended, change_title, draw_over, flipped
from tests.lib.test_uploads import A_MEGABYTE, INFORMATION, packed, with_object_stream
from tests.people import Cast, enrol, give_post, join, make_year, party_of, seal_covenant, sign
from tests.scenes import prepared


@prepared
def paper(cast: Cast) -> Paper:
    return complete(cast)


@prepared
def signing(cast: Cast) -> Paper:
    """A covenant with one of two seats signed."""
    paper = seal_covenant(cast.year, actor=cast.chi)
    enrol(cast.an)
    sign(paper, cast.head, actor=cast.an)
    return Paper.objects.get()


def content_of(paper: Paper) -> bytes:
    return files.read_content(paper.newest)


def verdict(content: bytes) -> tuple[Verdict, Change | None]:
    finding = verification.check_file(content)
    return finding.verdict, finding.change


# --- By file ---


def test_what_the_portal_issued_is_recognised(cast: Cast, paper: Paper) -> None:
    finding = verification.check_file(content_of(paper))
    assert (finding.verdict, finding.paper, finding.faults) == (Verdict.COMPLETE, paper, ())
    assert finding.is_unchanged
    assert finding.seats_in_file == 2


def test_a_paper_that_is_being_signed_is_recognised(signing: Paper) -> None:
    finding = verification.check_file(content_of(signing))
    assert (finding.verdict, finding.seats_in_file) == (Verdict.IN_SIGNING, 1)


def test_a_freshly_sealed_paper_is_recognised(cast: Cast) -> None:
    sealed = seal_covenant(cast.year, actor=cast.chi)
    finding = verification.check_file(content_of(sealed))
    assert (finding.verdict, finding.seats_in_file) == (Verdict.IN_SIGNING, 0)


def test_the_certificate_of_completion_is_recognised(paper: Paper) -> None:
    finding = verification.check_file(files.read_content(paper.certificate))
    assert (finding.verdict, finding.paper) == (Verdict.CERTIFICATE, paper)


@pytest.mark.parametrize("seats", [0, 1, 2])
def test_a_roll_back_is_told_from_the_newest_paper(paper: Paper, seats: int) -> None:
    """Each older revision is sound in itself; only the portal knows that more followed."""
    revisions = [paper.sealed_file, *(s.after for s in Signature.objects.order_by("pk"))]
    old = files.read_content(revisions[seats])
    assert verification.inspect(old).sound

    finding = verification.check_file(old)

    assert (finding.verdict, finding.seats_in_file) == (Verdict.OUTDATED, seats)
    assert content_of(paper).startswith(old)


def test_every_revision_of_an_annulled_paper_says_so(cast: Cast, signing: Paper) -> None:
    sealing.annul(signing, reason="Sai tên", actor=cast.chi)
    for stored in (signing.newest, signing.sealed_file):
        assert verification.check_file(files.read_content(stored)).verdict == Verdict.ANNULLED


# --- Changed files ---


def saved_by_pikepdf(content: bytes, **options: object) -> bytes:
    output = BytesIO()
    with pikepdf.open(BytesIO(content)) as document:
        document.save(output, **options)
    return output.getvalue()


def cut_inside_the_last_signature(content: bytes) -> bytes:
    return content[:-500]


ADDED, ALTERED = (Verdict.CHANGED, Change.ADDED), (Verdict.CHANGED, Change.ALTERED)
CUT, REWRITTEN = (Verdict.CHANGED, Change.CUT), (Verdict.CHANGED, Change.REWRITTEN)
UNREADABLE = (Verdict.CHANGED, Change.UNREADABLE)
UNKNOWN = (Verdict.UNKNOWN, None)


def test_every_change_is_told_from_the_untouched_file(paper: Paper) -> None:
    issued = content_of(paper)
    said = {
        "untouched": verdict(issued),
        "a title changed in a new revision": verdict(appended(issued, change_title)),
        "a drawing laid over it in a new revision": verdict(appended(issued, draw_over)),
        "a note added in a new revision": verdict(appended(issued, add_note)),
        "junk after the end": verdict(issued + b"junk"),
        "one line end after the end": verdict(issued + b"\n"),
        "rewritten": verdict(saved_by_pikepdf(issued)),
        "rewritten for the web": verdict(saved_by_pikepdf(issued, linearize=True)),
        "cut inside the last signature": verdict(cut_inside_the_last_signature(issued)),
        "a byte flipped in the header": verdict(flipped(issued, 2)),
        "a byte flipped in the base": verdict(flipped(issued, 4000)),
        "a byte flipped in the last revision": verdict(flipped(issued, len(issued) - 200)),
        "a byte flipped in the last container": verdict(
            flipped(issued, issued.rindex(b"0000>") - 9)
        ),
        "the last byte flipped": verdict(flipped(issued, len(issued) - 2)),
        "damaged and cut": verdict(flipped(issued, 2)[:-9]),
        "an older revision": verdict(files.read_content(paper.sealed_file)),
        "an older revision with a note": verdict(
            appended(files.read_content(paper.sealed_file), add_note)
        ),
        "the certificate with junk": verdict(files.read_content(paper.certificate) + b"junk"),
    }
    assert said == {
        "untouched": (Verdict.COMPLETE, None),
        "a title changed in a new revision": ADDED,
        "a drawing laid over it in a new revision": ADDED,
        "a note added in a new revision": ADDED,
        "junk after the end": ADDED,
        "one line end after the end": ADDED,
        "rewritten": REWRITTEN,
        "rewritten for the web": REWRITTEN,
        "cut inside the last signature": CUT,
        "a byte flipped in the header": ALTERED,
        "a byte flipped in the base": ALTERED,
        "a byte flipped in the last revision": ALTERED,
        "a byte flipped in the last container": ALTERED,
        "the last byte flipped": ALTERED,
        "damaged and cut": UNREADABLE,
        "an older revision": (Verdict.OUTDATED, None),
        "an older revision with a note": ALTERED,
        "the certificate with junk": ADDED,
    }


def test_no_flipped_byte_anywhere_is_ever_unchanged(paper: Paper) -> None:
    issued = content_of(paper)
    rng = random.Random(2019)
    places = [rng.randrange(len(issued)) for _time in range(60)]
    found = {verification.check_file(flipped(issued, place)).is_unchanged for place in places}
    assert found == {False}


def test_another_file_that_the_portal_key_signed_is_not_taken_for_a_paper(paper: Paper) -> None:
    """Sound in itself, and yet nothing that the portal recorded."""
    again = pades.prepare(
        blank_paper(),
        seats=[],
        authority=authority.keys().authority,
        portal=authority.keys().portal,
        reason="x",
    )
    assert verification.inspect(again).sound
    assert verdict(again) == UNKNOWN


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"PK\x03\x04", os.urandom(5000)])
def test_what_is_no_pdf_is_unknown(cast: Cast, content: bytes) -> None:
    assert verdict(content) == UNKNOWN


def test_a_changed_file_is_judged_although_the_stored_paper_is_damaged(paper: Paper) -> None:
    issued = content_of(paper)
    files.path_of(paper.newest.sha256).unlink()
    assert verdict(flipped(issued, 4000)) == REWRITTEN


def test_a_strangers_file_belongs_to_no_paper(cast: Cast) -> None:
    finding = verification.check_file(b"la")
    with pytest.raises(ValueError, match="Nothing is known"):
        assert finding.of_paper
    assert (finding.is_unchanged, finding.seats_in_file) == (False, 0)


def test_a_paper_of_another_portal_is_unknown(paper: Paper) -> None:
    assert verdict(small_paper()) == UNKNOWN


def test_a_file_may_name_endless_codes_and_the_database_is_asked_once(
    paper: Paper, django_assert_num_queries: Any
) -> None:
    with pikepdf.new() as document:
        document.add_blank_page()
        document.docinfo["/Keywords"] = " ".join(f"{n:04}-ABCD-EFGH" for n in range(5000))
        output = BytesIO()
        document.save(output)
    # issued as certificate, as revision, as a paper of record; begun with a paper of either sort;
    # named in, of either sort
    with django_assert_num_queries(7):
        assert verdict(output.getvalue()) == UNKNOWN


def test_a_file_that_would_exhaust_the_reader_is_not_opened(paper: Paper) -> None:
    issued = content_of(paper)
    bomb = with_object_stream(packed(128 * A_MEGABYTE, before=INFORMATION))
    assert verdict(bomb) == UNKNOWN

    finding = verification.check_file(issued + bomb)

    assert (finding.verdict, finding.change) == ADDED
    assert finding.faults == ("unreadable: not opened: too-complex",)


def test_checking_a_file_keeps_nothing_of_it(paper: Paper) -> None:
    content = content_of(paper) + b"junk"
    with nothing_changes():
        verification.check_file(content)
    assert not files.path_of(hashlib.sha256(content).hexdigest()).exists()


def test_the_inspection_of_an_issued_file_is_done_once(
    paper: Paper, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = content_of(paper)
    verification.check_file(issued)
    monkeypatch.setattr(verification, "inspect", lambda content: 1 / 0)
    assert verification.check_file(issued).verdict == Verdict.COMPLETE


# --- By code ---


def test_a_code_is_found_however_it_is_typed(paper: Paper) -> None:
    code = paper.code
    typed = [code, code.lower(), codes.grouped(code), f" {code[:4]} {code[4:8]}–{code[8:]} "]
    typed.append(code.replace("0", "O").replace("1", "l"))
    assert [verification.look_up(text) for text in typed] == [paper] * 5


@pytest.mark.parametrize("code", ["", "ABC", "0" * 12, "0" * 13, "' OR 1=1 --"])
def test_another_code_finds_nothing(paper: Paper, code: str) -> None:
    assert verification.look_up(code) is None


# --- What the stored papers betray ---


@pytest.fixture
def unguarded(db: None) -> None:
    """As after a restore that lost the triggers: the records can be changed."""
    drop_triggers()


def faults() -> list[str]:
    return [fault.split(": ", 1)[1] for fault in verification.faults()]


def test_untouched_papers_have_no_fault(cast: Cast, paper: Paper) -> None:
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    seal_covenant(year, actor=cast.chi)
    assert faults() == []


def test_a_document_changed_on_disk_is_found(paper: Paper) -> None:
    path = files.path_of(paper.newest.sha256)
    path.write_bytes(path.read_bytes() + b" ")
    assert faults() == [f"file {paper.newest.sha256} was changed on disk"] * 2


def test_a_lost_revision_is_found(paper: Paper) -> None:
    first = Signature.objects.order_by("pk")[0]
    files.path_of(first.after.sha256).unlink()
    assert faults() == [f"file {first.after.sha256} is missing"] * 2


def test_a_document_set_back_to_an_older_revision_is_found(signing: Paper) -> None:
    Paper.objects.update(document=signing.sealed_file)
    assert faults() == ["the document is not what the last signature left"]


def test_a_complete_paper_set_back_to_an_older_revision_is_found(paper: Paper) -> None:
    Paper.objects.update(document=Signature.objects.order_by("pk")[1].after)
    sha256 = Signature.objects.order_by("pk")[1].after.sha256
    assert faults() == [f"file {sha256} does not continue file {sha256}"]


def test_another_file_in_place_of_the_document_is_found(paper: Paper) -> None:
    other = files.store(small_paper(), media_type="application/pdf")
    Paper.objects.update(document=other)
    last = Signature.objects.order_by("pk")[1].after
    assert faults()[:5] == [
        "portal-certification: untrusted",
        "a: untrusted",
        "portal-closing: untrusted",
        "seat-BDI: signature missing",
        "seat-DLK: signature missing",
    ]
    assert faults()[-1] == f"file {other.sha256} does not continue file {last.sha256}"


@pytest.mark.usefixtures("unguarded")
def test_a_signature_deleted_from_the_records_is_found(paper: Paper) -> None:
    Signature.objects.order_by("pk")[1].delete()
    assert faults() == [
        "seat-BDI: signature not expected",
        "seat-BDI: signed with another certificate than recorded",
        "its state and its seats contradict each other",
    ]


@pytest.mark.usefixtures("unguarded")
def test_a_signature_recorded_with_another_key_is_found(cast: Cast, paper: Paper) -> None:
    key = enrolment.usable_key(cast.an.person)
    Signature.objects.filter(party=party_of(paper, cast.board)).update(key=key)
    assert faults() == [
        "seat-BDI: signed with another certificate than recorded",
        "seat-BDI: the certificate names another person or board",
    ]


@pytest.mark.usefixtures("unguarded")
def test_signatures_recorded_in_another_order_are_found(paper: Paper) -> None:
    _first, second = Signature.objects.order_by("pk")
    other = files.store(b"x", media_type="application/pdf")
    Signature.objects.filter(pk=second.pk).update(before=other)
    assert faults() == [
        "seat-BDI did not follow the signature before it",
        f"file {second.after.sha256} does not continue file {other.sha256}",
    ]


def test_a_key_revoked_before_it_signed_is_found(cast: Cast, paper: Paper) -> None:
    key = enrolment.usable_key(cast.binh.person)
    SigningKey.objects.filter(pk=key.pk).update(
        revoked_at=key.made_at - dt.timedelta(days=1), revoked_reason="Sửa tay"
    )
    assert faults() == ["seat-BDI: signed after the key was revoked"]


@pytest.mark.usefixtures("unguarded")
def test_a_certificate_of_another_board_is_found(cast: Cast, paper: Paper) -> None:
    post = give_post(cast.binh, PostKind.LEADER, board=cast.head)
    Signature.objects.filter(party=party_of(paper, cast.board)).update(post=post)
    BoardName.objects.filter(board=cast.board).update(name="Tên khác")
    assert faults() == []
    Party.objects.filter(membership__board=cast.board).update(printed_board="Tên khác nữa")
    assert faults() == ["seat-BDI: the certificate names another person or board"]


@pytest.mark.usefixtures("unguarded")
def test_a_certificate_of_another_person_is_found(cast: Cast, paper: Paper) -> None:
    Signature.objects.filter(party=party_of(paper, cast.board)).update(signer_name="Người khác")
    assert faults() == ["seat-BDI: the certificate names another person or board"]


def test_a_post_that_began_after_the_signature_is_found(cast: Cast, paper: Paper) -> None:
    Post.objects.filter(person=cast.binh.person).update(starts_on=dt.date(2100, 1, 1))
    assert faults() == ["seat-BDI: signed before the post began"]


def test_a_file_whose_signatures_are_not_those_recorded_counts_as_changed(
    cast: Cast, paper: Paper
) -> None:
    drop_triggers()
    key = enrolment.usable_key(cast.an.person)
    Signature.objects.filter(party=party_of(paper, cast.board)).update(key=key)
    assert verdict(content_of(paper)) == (Verdict.CHANGED, Change.UNEXPECTED)
