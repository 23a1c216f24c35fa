"""Times of the portal compared with the same work without it, as ratios.

    make bench

Each ratio is the median over alternating pairs of runs, so that a machine that becomes slower
affects both sides. The targets are in docs/quality.md.
"""

import io
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

RUNS = 15


@dataclass(frozen=True)
class Row:
    what: str
    floor_ms: float
    ours_ms: float
    ratio: float
    aim: float

    def __str__(self) -> str:
        verdict = "ok" if self.ratio <= self.aim else "MISSED"
        return (
            f"{self.what:<44} floor {self.floor_ms:8.1f} ms   portal {self.ours_ms:8.1f} ms   "
            f"ratio {self.ratio:5.2f}   aim {self.aim:4.2f}   {verdict}"
        )


def compare(
    what: str, aim: float, *, floor: Callable[[], object], ours: Callable[[], object]
) -> Row:
    floor(), ours()
    pairs = [(timed(floor), timed(ours)) for _ in range(RUNS)]
    return Row(
        what=what,
        floor_ms=statistics.median(pair[0] for pair in pairs) * 1000,
        ours_ms=statistics.median(pair[1] for pair in pairs) * 1000,
        ratio=statistics.median(ours_s / floor_s for floor_s, ours_s in pairs),
        aim=aim,
    )


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def start_django(data_dir: str) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "emulation_bloc.settings",
        "SECRET_KEY": "bench-" + "0" * 50,
        "DATA_DIR": data_dir,
        "ALLOWED_HOSTS": "testserver",
        "STATIC_ROOT": str(Path(data_dir) / "static"),
    }
    for name in ("DEBUG", "PUBLIC_URL", "DATABASE_URL"):
        os.environ.pop(name, None)
    import django
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    django.setup()
    call_command("migrate", verbosity=0)
    call_command("seed_demo", known_passwords=True, stdout=io.StringIO())


def main() -> int:
    with tempfile.TemporaryDirectory() as data_dir:
        start_django(data_dir)
        from tests.bench import pages, papers, scores

        rows = [papers.rendering(), papers.signature(), *pages.pages(), *scores.scores()]
    for row in rows:
        print(row)
    return 0


if __name__ == "__main__":
    sys.exit(main())
