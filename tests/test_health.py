import os
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db


def test_process_answers_without_login(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_sound_portal_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"migrated": True, "storage": True})


def test_portal_with_a_pending_migration_is_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="covenants").delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["migrated"]) == (503, False)


def test_portal_without_storage_is_not_ready(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path / "gone"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["storage"]) == (503, False)
    assert os.listdir(tmp_path) == []
