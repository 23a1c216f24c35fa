import os
import subprocess
import sys
from pathlib import Path

from pytest_django import Settings

ROOT = Path(__file__).parent.parent


def ask_settings(
    expression: str, tmp_path: Path, **environment: str
) -> subprocess.CompletedProcess:
    """What a fresh process answers that reads its settings from this environment alone."""
    code = f"from emulation_bloc import settings; print({expression})"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_start_without_a_secret_is_refused(tmp_path: Path) -> None:
    answer = ask_settings("1", tmp_path)

    assert answer.returncode == 1
    assert answer.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: "
        "Set SECRET_KEY (or SECRET_KEY_FILE), or DEBUG=1 on your own desk."
    )


def test_secret_may_come_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("from-a-file")

    answer = ask_settings("settings.SECRET_KEY", tmp_path, SECRET_KEY_FILE=str(secret))

    assert answer.stdout.strip() == "from-a-file"


def test_debug_is_off_unless_asked_for(tmp_path: Path) -> None:
    assert ask_settings("settings.DEBUG", tmp_path, SECRET_KEY="x").stdout.strip() == "False"


def test_empty_database_url_means_sqlite_in_immediate_mode(tmp_path: Path) -> None:
    answer = ask_settings(
        "settings.DATABASES['default']['OPTIONS']['transaction_mode']", tmp_path, SECRET_KEY="x"
    )

    assert answer.stdout.strip() == "IMMEDIATE"


def test_public_https_address_makes_cookies_secure(tmp_path: Path) -> None:
    answer = ask_settings(
        "settings.SESSION_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0",
        tmp_path,
        SECRET_KEY="x",
        PUBLIC_URL="https://khoi.example.vn",
    )

    assert answer.stdout.strip() == "True True"


def test_each_worker_of_the_tests_works_in_a_folder_of_its_own(settings: Settings) -> None:
    assert str(settings.DATA_DIR) == os.environ["DATA_DIR"]
