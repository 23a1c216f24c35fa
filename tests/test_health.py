import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pytest_django import Settings

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.django_db


def test_process_answers_without_login(client: Client) -> None:
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "ok"})


def test_sound_portal_is_ready(client: Client) -> None:
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (
        200,
        {"database": True, "migrated": True, "storage": True},
    )


def test_portal_with_a_pending_migration_is_not_ready(client: Client) -> None:
    MigrationRecorder.Migration.objects.filter(app="covenants").delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["migrated"]) == (503, False)


WITHOUT_A_DATABASE = """
import django
django.setup()
from django.test import Client
response = Client(SERVER_NAME="localhost").get("/readyz")
print(response.status_code, response.content.decode())
"""


def test_portal_without_a_database_says_so_in_json(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nowhere",
        "DATA_DIR": str(tmp_path),
    }
    said = subprocess.run(
        [sys.executable, "-c", WITHOUT_A_DATABASE],
        env=environment,
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()

    status, _, answer = said.partition(" ")
    assert (status, json.loads(answer)) == (
        "503",
        {"database": False, "migrated": False, "storage": True},
    )


def test_portal_without_storage_is_not_ready(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.FILES_DIR = tmp_path / "gone"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["storage"]) == (503, False)
    assert os.listdir(tmp_path) == []
