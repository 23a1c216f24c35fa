import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from members.models import AuditEntry
from members.records import audit, triggers
from tests.append_only import drop_triggers
from tests.people import Cast


def record(cast: Cast, act: str = "members.tried") -> AuditEntry:
    with transaction.atomic():
        return audit.record(act, actor=cast.chi, subject=cast.year, bloc=cast.bloc, reason="vì thế")


def test_entry_says_who_in_which_post_did_what_and_why(cast: Cast) -> None:
    entry = record(cast)

    assert entry.actor_name == "Lê Thị Chi"
    assert entry.actor_post == "Chuyên viên, DLK"
    assert entry.subject == f"members.blocyear:{cast.year.pk}"
    assert entry.reason == "vì thế"


def test_each_entry_carries_the_hash_of_the_one_before(cast: Cast) -> None:
    first, second = record(cast), record(cast)

    assert (second.number, second.previous_hash) == (first.number + 1, first.hash)
    assert list(audit.faults()) == []


@pytest.mark.django_db(transaction=True)
def test_entry_outside_a_transaction_is_refused(cast: Cast) -> None:
    with pytest.raises(RuntimeError):
        audit.record("members.tried", actor=None, subject=cast.year, bloc=None)

    assert AuditEntry.objects.count() == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE members_auditentry SET reason = 'khác'",
        "DELETE FROM members_auditentry",
    ],
)
def test_raw_sql_on_the_chain_is_refused_by_the_database(cast: Cast, statement: str) -> None:
    entry = record(cast)

    with (
        pytest.raises((IntegrityError, DatabaseError), match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)

    assert AuditEntry.objects.get().reason == entry.reason


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (
            "UPDATE members_auditentry SET reason = 'khác' WHERE number = 2",
            "audit chain: entry 2 was changed",
        ),
        (
            "DELETE FROM members_auditentry WHERE number = 2",
            "audit chain: entry 2 is missing before entry 3",
        ),
        (
            "DELETE FROM members_auditentry WHERE number = 3",
            "audit chain: it ends at entry 2, its head says 3",
        ),
        (
            "UPDATE members_auditentry SET number = number + 10 WHERE number > 1",
            "audit chain: entry 2 is missing before entry 12",
        ),
    ],
)
def test_change_behind_a_removed_trigger_is_found(cast: Cast, statement: str, fault: str) -> None:
    for _ in range(3):
        record(cast)
    drop_triggers()
    with connection.cursor() as cursor:
        cursor.execute(statement)

    assert next(audit.faults()) == fault

    triggers.install()


def test_missing_triggers_are_named_and_put_back(cast: Cast) -> None:
    drop_triggers()
    missing = triggers.missing_triggers()

    triggers.install()

    assert ("members_auditentry", "members_auditentry_no_update") in missing
    assert triggers.missing_triggers() == []


def test_every_append_only_table_is_guarded(db: None) -> None:
    assert triggers.append_only_tables() == [
        "covenants_signature",
        "covenants_version",
        "covenants_vote",
        "members_auditentry",
        "members_paperofrecord",
        "members_storedfile",
        "scoring_figure",
        "scoring_result",
    ]
    assert triggers.missing_triggers() == []
