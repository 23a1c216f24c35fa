import unicodedata
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from emulation_bloc.lib import pades
from emulation_bloc.lib.pades.certificates import tidy_name
from tests.lib.signed_papers import authority, leader

NOON = datetime(2024, 5, 4, 12, tzinfo=UTC)


def extension(pair, kind):
    certificate = x509.load_pem_x509_certificate(pair.certificate_pem)
    return certificate.extensions.get_extension_for_class(kind)


def issue(**changes):
    values = {"name": "An", "organisation": "Ban", "title": "Trưởng ban", **changes}
    return pades.issue(authority(), **values)


def test_an_authority_may_sign_certificates_and_lists_and_nothing_else():
    constraints = extension(authority(), x509.BasicConstraints)
    usage = extension(authority(), x509.KeyUsage)
    assert (constraints.value.ca, constraints.value.path_length, constraints.critical) == (
        True,
        0,
        True,
    )
    assert (usage.value.key_cert_sign, usage.value.crl_sign, usage.critical) == (True, True, True)
    assert (usage.value.digital_signature, usage.value.content_commitment) == (False, False)


def test_an_authority_lives_twenty_years_from_a_day_ago():
    facts = pades.read_certificate(pades.make_authority("Khối").certificate_pem)
    assert timedelta(hours=23) < datetime.now(UTC) - facts.valid_from < timedelta(hours=25)
    assert facts.valid_until - facts.valid_from == timedelta(days=7305)


def test_a_leaders_certificate_may_sign_papers_and_nothing_else():
    constraints = extension(leader(), x509.BasicConstraints)
    usage = extension(leader(), x509.KeyUsage)
    assert (constraints.value.ca, constraints.critical) == (False, True)
    assert (usage.value.digital_signature, usage.value.content_commitment) == (True, True)
    assert (usage.value.key_cert_sign, usage.value.crl_sign) == (False, False)


def test_a_leaders_certificate_is_issued_by_the_authority():
    issuer = x509.load_pem_x509_certificate(authority().certificate_pem)
    certificate = x509.load_pem_x509_certificate(leader().certificate_pem)
    certificate.verify_directly_issued_by(issuer)
    by = extension(leader(), x509.AuthorityKeyIdentifier).value.key_identifier
    assert by == extension(authority(), x509.SubjectKeyIdentifier).value.digest


def test_the_facts_of_a_certificate_are_what_it_was_issued_with():
    pair = issue(name="Bùi Thị Ổn", organisation="Ban Quản lý", serial=77, valid_from=NOON)
    facts = pades.read_certificate(pair.certificate_pem)
    assert (facts.name, facts.organisation, facts.title) == (
        "Bùi Thị Ổn",
        "Ban Quản lý",
        "Trưởng ban",
    )
    assert (facts.serial, facts.valid_from) == (77, NOON)
    assert facts.valid_until == NOON + timedelta(days=1826)
    assert len(facts.sha256) == 64


def test_serial_numbers_are_random_unless_given():
    serials = {pades.read_certificate(issue().certificate_pem).serial for _ in range(3)}
    assert len(serials) == 3


def test_a_certificate_never_outlives_its_authority():
    root = pades.make_authority("Khối", years=1, valid_from=NOON)
    early = NOON - timedelta(days=9)
    pair = pades.issue(root, name="An", organisation="", title="", valid_from=early)
    facts, limit = (pades.read_certificate(p.certificate_pem) for p in (pair, root))
    assert (facts.valid_from, facts.valid_until) == (limit.valid_from, limit.valid_until)


def test_empty_organisation_and_title_are_left_out():
    pair = issue(organisation="", title=" \n")
    subject = x509.load_pem_x509_certificate(pair.certificate_pem).subject
    assert subject.rfc4514_string() == "CN=An"


@pytest.mark.parametrize("name", ["", "  \t", "\u200b"])
def test_a_certificate_without_a_name_is_refused(name):
    with pytest.raises(ValueError, match="needs a name"):
        issue(name=name)


def test_decomposed_vietnamese_names_are_stored_composed():
    name = "Đặng Thị Mỹ Hưởng"
    pair = issue(name=unicodedata.normalize("NFD", name))
    assert pades.read_certificate(pair.certificate_pem).name == name


def test_long_names_are_cut_at_64_characters_with_an_ellipsis():
    title = "Phó Trưởng ban phụ trách Ban Quản lý Khu công nghệ cao và các khu công nghiệp"
    facts = pades.read_certificate(issue(title=title, organisation=title).certificate_pem)
    assert facts.title == "Phó Trưởng ban phụ trách Ban Quản lý Khu công nghệ cao và các k…"
    assert (len(facts.title), facts.organisation) == (64, facts.title)


def test_a_name_of_exactly_64_characters_is_kept():
    assert tidy_name("ộ" * 64) == "ộ" * 64


def test_cutting_keeps_a_mark_with_its_letter():
    # q with a dot below has no composed form: two characters, never torn apart.
    name = "a" * 62 + "q\u0323" + "bcd"
    assert tidy_name(name) == "a" * 62 + "…"


@given(st.text(max_size=200))
def test_tidy_names_are_composed_and_short_and_stay_as_they_are(text):
    name = tidy_name(text)
    assert len(name) <= 64
    assert unicodedata.is_normalized("NFC", name)
    assert tidy_name(name) == name


def test_the_private_key_never_shows_in_a_repr():
    assert "PRIVATE" not in repr(leader())


def test_only_elliptic_curve_keys_can_issue():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    stranger = pades.KeyPair(authority().certificate_pem, pem)
    with pytest.raises(TypeError, match="elliptic-curve"):
        pades.issue(stranger, name="An", organisation="", title="")


def test_the_revocation_list_names_every_revoked_certificate():
    since = datetime(2024, 6, 1, tzinfo=UTC)
    der = pades.revocation_list(authority(), [(9, NOON), (5, since)], at=NOON)
    found = x509.load_der_x509_crl(der)
    assert [(r.serial_number, r.revocation_date_utc) for r in found] == [(5, since), (9, NOON)]
    assert (found.last_update_utc, found.next_update_utc) == (NOON, NOON + timedelta(days=7))
    number = found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    assert number == int(NOON.timestamp())


def test_the_revocation_list_is_signed_by_the_authority():
    der = pades.revocation_list(authority(), [])
    issuer = x509.load_pem_x509_certificate(authority().certificate_pem)
    public_key = issuer.public_key()
    assert isinstance(public_key, ec.EllipticCurvePublicKey)
    assert x509.load_der_x509_crl(der).is_signature_valid(public_key)
