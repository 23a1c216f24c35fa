"""Adding documents to the legal register, and the documents that every installation starts with."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from covenants.laws import registering
from covenants.models import LegalReference
from members.models import AuditEntry, BlocYear
from members.records import audit, files
from tests.covenants.traces import acts, nothing_changes
from tests.people import Cast, make_law

FACTS = {
    "kind": "Nghị định",
    "number": "1/2019/NĐ-CP",
    "issuer": "Chính phủ",
    "subject": "Quy định mới",
    "issued_on": dt.date(2019, 2, 1),
    "effective_on": dt.date(2019, 3, 15),
}


def add(cast: Cast, *, actor: Any = None, **values: Any) -> LegalReference:
    links = {name: values.pop(name, []) for name in ("replaces", "amends")}
    return registering.register_law(
        cast.year,
        facts={**FACTS, **values.pop("facts", {})},
        text=values.pop("text", None),
        **links,
        actor=actor or cast.chi,
    )


# --- One document -------------------------------------------------------------------------------


def test_the_secretariat_adds_a_document(cast: Cast) -> None:
    law = add(cast, facts={"scope": "Cả nước"}, text=b"%PDF-1.7")
    assert (law.number, law.scope, law.is_second_hand) == ("1/2019/NĐ-CP", "Cả nước", False)
    assert law.file is not None
    assert files.read_content(law.file) == b"%PDF-1.7"
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.subject, entry.bloc) == (
        "covenants.law_registered",
        f"covenants.legalreference:{law.pk}",
        cast.bloc,
    )


def test_what_it_replaces_names_it_and_expires_on_its_first_day(cast: Cast) -> None:
    old, kept = make_law("1/2010"), make_law("2/2010", expired_on=dt.date(2019, 1, 1))
    law = add(cast, replaces=[old, kept])
    dates = LegalReference.objects.filter(replaced_by=law).values_list("number", "expired_on")
    assert sorted(dates) == [("1/2010", dt.date(2019, 3, 15)), ("2/2010", dt.date(2019, 1, 1))]
    assert acts() == [
        "covenants.law_replaced",
        "covenants.law_replaced",
        "covenants.law_registered",
    ]


def test_what_it_amends_stays_in_force(cast: Cast) -> None:
    old = make_law("1/2010")
    law = add(cast, amends=[old])
    old.refresh_from_db()
    assert (list(old.amended_by.all()), old.expired_on) == ([law], None)


def test_a_document_already_replaced_is_left_to_the_administration(cast: Cast) -> None:
    old = make_law("1/2010", replaced_by=make_law("2/2010"))
    with nothing_changes(), pytest.raises(registering.AlreadyReplaced) as refusal:
        add(cast, replaces=[old])
    assert "đã được thay thế bằng Luật 2/2010" in str(refusal.value)


def test_a_later_document_is_not_replaced(cast: Cast) -> None:
    later = make_law("1/2020", issued_on=dt.date(2020, 1, 1))
    with nothing_changes(), pytest.raises(registering.NotRegistrable):
        add(cast, replaces=[later])


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"number": "15/2003/QH11", "issuer": "Quốc hội"}, "đã có trong danh mục"),
        ({"effective_on": dt.date(2019, 1, 31)}, "không thể có hiệu lực trước ngày ban hành"),
        ({"expired_on": dt.date(2019, 1, 31)}, "không thể hết hiệu lực trước ngày ban hành"),
    ],
)
def test_facts_that_cannot_be_are_refused(cast: Cast, facts: dict[str, Any], sentence: str) -> None:
    make_law()
    with nothing_changes(), pytest.raises(registering.NotRegistrable) as refusal:
        add(cast, facts=facts)
    assert sentence in str(refusal.value)


@pytest.mark.parametrize("name", ["an", "chi"])
def test_only_an_open_year_adds(cast: Cast, name: str) -> None:
    BlocYear.objects.filter(pk=cast.year.pk).update(closed_on=dt.date(2020, 1, 31))
    cast.year.refresh_from_db()
    with nothing_changes(), pytest.raises(PermissionDenied):
        add(cast, actor=getattr(cast, name))


@pytest.mark.parametrize("name", ["binh", "em", "hoa", "khach", "ngoai"])
def test_nobody_but_the_secretariat_adds(cast: Cast, name: str) -> None:
    with nothing_changes(), pytest.raises(PermissionDenied):
        add(cast, actor=getattr(cast, name))


def test_the_database_holds_the_dates_and_the_links(db: None) -> None:
    law = make_law()
    faults = [{"effective_on": "2003-11-25"}, {"expired_on": "2003-11-25"}, {"replaced_by": law}]
    for fault in faults:
        with pytest.raises(IntegrityError), transaction.atomic():
            LegalReference.objects.filter(pk=law.pk).update(**fault)


# --- The documents that every installation needs ------------------------------------------------


def rows() -> list[dict[str, Any]]:
    return list(LegalReference.objects.order_by("pk").values())


def test_seeding_again_changes_nothing(db: None) -> None:
    added = registering.seed_laws()
    before = rows()
    assert (len(added), registering.seed_laws(), rows()) == (15, [], before)
    assert (acts(), list(audit.faults())) == (["covenants.law_seeded"] * 15, [])


def test_the_chain_of_decrees_leads_to_the_one_in_force(db: None) -> None:
    registering.seed_laws()
    by_number = {law.number: law for law in LegalReference.objects.select_related("replaced_by")}
    replaced = {n: law.replaced_by.number for n, law in by_number.items() if law.replaced_by}
    assert replaced == {
        "15/2003/QH11": "06/2022/QH15",
        "47/2005/QH11": "06/2022/QH15",
        "39/2013/QH13": "06/2022/QH15",
        "91/2017/NĐ-CP": "98/2023/NĐ-CP",
        "98/2023/NĐ-CP": "152/2025/NĐ-CP",
        "07/2018/TT-BKHĐT": "118/2025/TT-BTC",
        "107/2017/TT-BTC": "24/2024/TT-BTC",
    }
    amending = by_number["15/2003/QH11"].amended_by.values_list("number", flat=True)
    assert sorted(amending) == ["39/2013/QH13", "47/2005/QH11"]


def test_seeding_keeps_what_the_staff_changed(db: None) -> None:
    registering.seed_laws()
    law = LegalReference.objects.get(number="91/2017/NĐ-CP")
    law.subject, law.replaced_by, law.expired_on, law.is_second_hand = "Khác", None, None, False
    law.save()
    LegalReference.objects.get(number="47/2005/QH11").amends.clear()
    before = rows()
    registering.seed_laws()
    amended = LegalReference.objects.get(number="47/2005/QH11").amends.count()
    assert (rows(), amended) == (before, 0)


def test_a_document_that_is_missing_is_added_and_linked(db: None) -> None:
    law = make_law("98/2023/NĐ-CP", kind="Nghị định", issuer="Chính Phủ", subject="Của cơ quan")
    assert len(registering.seed_laws()) == 14
    law.refresh_from_db()
    assert (law.subject, str(law.replaced_by), str(law.expired_on)) == (
        "Của cơ quan",
        "Nghị định 152/2025/NĐ-CP",
        "2025-07-01",
    )
    assert [old.number for old in law.replaces.all()] == ["91/2017/NĐ-CP"]


def test_the_register_agrees_with_the_source_of_2019(db: None) -> None:
    source = Path(settings.BASE_DIR) / "emulation_bloc" / "demo" / "bloc-2019.json"
    facts = json.loads(source.read_text(encoding="utf-8"))["bloc"]["legal_basis"]
    registering.seed_laws()
    for row in facts:
        law = LegalReference.objects.get(number=row["number"])
        assert (law.kind, law.issuer, law.subject, law.issued_on.isoformat()) == (
            row["type"],
            row["issuer"],
            row["subject"],
            row["issued_on"],
        )


def test_whatever_is_second_hand_says_which_dates(db: None) -> None:
    registering.seed_laws()
    assert not LegalReference.objects.filter(is_second_hand=True, note="").exists()
