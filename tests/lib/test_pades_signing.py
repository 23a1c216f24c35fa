import asyncio
from datetime import UTC, datetime, timedelta, timezone
from io import BytesIO
from types import SimpleNamespace

import pikepdf
import pytest

from emulation_bloc.lib import pades
from tests.lib.signed_papers import (
    BOX,
    SIGNED_AT,
    authority,
    blank_paper,
    field_states,
    inspect,
    leader,
    portal,
    prepare,
    prepared_paper,
    printed_paper,
    stamp,
)


def sign_a(**changes):
    values = {
        "pdf": prepared_paper(),
        "field": "a",
        "signer": leader(),
        "authority": authority(),
        "stamp_pdf": stamp(),
        "at": SIGNED_AT,
        "reason": "Đồng ý",
        "location": "Đà Lạt",
        **changes,
    }
    return pades.sign(values.pop("pdf"), **values)


def field_of(pdf, name):
    """What stands in the file about one signature field."""
    with pikepdf.open(BytesIO(pdf)) as document:
        (field,) = (f for f in document.Root.AcroForm.Fields if str(f.T) == name)
        appearance = field.get("/AP", {}).get("/N")
        return SimpleNamespace(
            box=tuple(float(number) for number in field.Rect),
            page=[page.obj.objgen for page in document.pages].index(field.P.objgen),
            drawing=appearance.read_bytes() if appearance is not None else None,
            value={str(key): str(value) for key, value in field.get("/V", {}).items()},
        )


def test_preparing_makes_every_field_in_one_revision():
    paper = prepared_paper()
    assert paper.startswith(blank_paper())
    assert paper.count(b"%%EOF") == blank_paper().count(b"%%EOF") + 1
    assert field_states(paper) == {
        "portal-certification": True,
        "a": False,
        "b": False,
        "portal-closing": False,
    }


def test_preparing_certifies_that_only_signing_may_follow():
    with pikepdf.open(BytesIO(prepared_paper())) as document:
        (reference,) = document.Root.Perms.DocMDP.Reference
        assert (str(reference.TransformMethod), int(reference.TransformParams.P)) == ("/DocMDP", 2)
    assert inspect(prepared_paper()).sound


@pytest.mark.parametrize("seats", [1, 11, 20])
def test_seats_stand_where_the_paper_was_drawn(seats):
    pdf, places = printed_paper(seats)
    paper = prepare(pdf, places)
    found = [field_of(paper, place.name) for place in places]
    assert [(f.page, f.box) for f in found] == [
        (place.page, pytest.approx(place.box, abs=0.01)) for place in places
    ]


def test_the_portals_own_fields_are_invisible():
    for name in (pades.CERTIFICATION_FIELD, pades.CLOSING_FIELD):
        found = field_of(prepared_paper(), name)
        assert (found.box, found.drawing, found.page) == ((0, 0, 0, 0), None, 0)


def test_a_paper_is_prepared_once():
    with pytest.raises(pades.FieldTaken):
        prepare(prepared_paper(), [])


def test_two_seats_of_one_name_are_refused():
    seat = pades.SeatField("a", 0, BOX)
    with pytest.raises(pades.FieldTaken):
        prepare(blank_paper(), [seat, seat])


def test_a_seat_on_a_missing_page_is_refused():
    with pytest.raises(pades.FieldMissing, match="no page 7"):
        prepare(blank_paper(), [pades.SeatField("a", 7, BOX)])


def test_preparing_happens_now_unless_told():
    before = datetime.now(UTC) - timedelta(seconds=1)
    paper = pades.prepare(
        blank_paper(), seats=[], authority=authority(), portal=portal(), reason="Phát hành"
    )
    (report,) = inspect(paper).signatures
    assert before <= report.signed_at <= datetime.now(UTC)


def test_signing_appends_to_what_was_signed_before():
    once = sign_a()
    twice = sign_a(pdf=once, field="b", signer=leader(1))
    assert once.startswith(prepared_paper())
    assert twice.startswith(once)
    assert [report.field for report in inspect(twice).signatures] == [
        "portal-certification",
        "a",
        "b",
    ]
    assert inspect(twice).sound


def test_a_signature_says_why_where_and_when():
    value = field_of(sign_a(at=SIGNED_AT.astimezone(timezone(timedelta(hours=7)))), "a").value
    assert (value["/Reason"], value["/Location"]) == ("Đồng ý", "Đà Lạt")
    assert value["/M"] == "D:20240504083000+07'00'"
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"


def test_the_moment_of_the_stamp_is_the_moment_of_the_signature():
    (_portal, report) = inspect(sign_a()).signatures
    assert report.signed_at == SIGNED_AT


def test_the_stamp_is_scaled_into_the_middle_of_the_box():
    # 200 x 100 points into 140 x 70: seven tenths.
    drawing = field_of(sign_a(), "a").drawing
    assert drawing.startswith(b"q q /BackgroundGS gs 0.7 0 0 0.7 0 0 cm /Import")


def test_a_stamp_of_another_shape_is_not_distorted():
    tall = [pades.SeatField("a", 0, (50.0, 40.0, 190.0, 140.0))]
    drawing = field_of(sign_a(pdf=prepare(blank_paper(), tall)), "a").drawing
    assert drawing.startswith(b"q q /BackgroundGS gs 0.7 0 0 0.7 0 15 cm /Import")


def test_signing_without_a_stamp_draws_nothing():
    assert field_of(sign_a(stamp_pdf=None), "a").drawing == b""


def test_a_signed_field_is_never_signed_again():
    with pytest.raises(pades.FieldTaken):
        sign_a(pdf=sign_a(), signer=leader(1))


@pytest.mark.parametrize("name", ["c", "", "a.b"])
def test_a_field_that_does_not_exist_cannot_be_signed(name):
    with pytest.raises(pades.FieldMissing):
        sign_a(field=name)


def test_a_paper_without_fields_cannot_be_signed():
    with pytest.raises(pades.FieldMissing):
        sign_a(pdf=blank_paper())


def test_a_certificate_signs_only_while_it_is_valid():
    for moment in (datetime(2023, 12, 31, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC)):
        with pytest.raises(pades.CertificateOutOfDate):
            sign_a(at=moment)


def test_a_moment_without_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        sign_a(at=SIGNED_AT.replace(tzinfo=None))


@pytest.mark.parametrize("noise", [b"", b"%PDF-1.7\n", b"hello", blank_paper()[:300]])
def test_bytes_that_are_not_a_pdf_are_refused(noise):
    with pytest.raises(pades.UnreadablePdf):
        prepare(noise, [])
    with pytest.raises(pades.UnreadablePdf):
        sign_a(pdf=noise)
    with pytest.raises(pades.UnreadablePdf):
        sign_a(stamp_pdf=noise)


def test_a_paper_without_a_form_has_no_fields():
    assert field_states(blank_paper()) == {}


def test_closing_seals_the_field_that_was_prepared():
    paper = pades.close(
        sign_a(), portal=portal(), authority=authority(), at=SIGNED_AT, reason="Hoàn tất"
    )
    assert field_states(paper)["portal-closing"] is True
    assert field_of(paper, "portal-closing").drawing is None
    assert inspect(paper).sound


def test_a_paper_is_closed_once():
    again = {"portal": portal(), "authority": authority(), "at": SIGNED_AT, "reason": "Hoàn tất"}
    paper = pades.close(prepared_paper(), **again)
    with pytest.raises(pades.FieldTaken):
        pades.close(paper, **again)


def test_signing_needs_only_the_certificate_of_the_authority():
    public_half = pades.KeyPair(authority().certificate_pem, b"")
    assert inspect(sign_a(authority=public_half)).sound


def test_signing_works_where_an_event_loop_runs_already():
    async def within_a_loop():
        return sign_a()

    assert inspect(asyncio.run(within_a_loop())).sound
