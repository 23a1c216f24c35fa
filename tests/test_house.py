"""Conventions of the code base that can be checked automatically."""

import ast
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["emulation_bloc", "members", "covenants", "fund", "events", "scoring"]

DECIDED_NAMES = {
    *APPS,
    *("templates", "static", "locale", "tests", "docs", ".ci"),
    *("manage.py", "Makefile", "README.md", "CHANGELOG.md"),
    *("requirements.txt", "requirements-dev.txt", "pyproject.toml"),
    *("package.json", "package-lock.json", ".gitignore", ".gitattributes"),
}
DRAWERS = {"utils", "util", "services", "service", "helpers", "helper", "common", "misc"}

LONGEST_FUNCTION = 30
LONGEST_FILE = 400
MOST_MODULES = 20
# What may be longer, and why: "path" or "path:function".
LONGER_WITH_REASON: dict[str, str] = {
    (
        "tests/covenants/signing/test_verification.py"
        ":test_every_change_is_told_from_the_untouched_file"
    ): "the tamper table of the signatures, row by row",
}


def files_of_the_project() -> list[Path]:
    """What git has, or would take at the next `git add`."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "-co", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = (ROOT / name for name in listing.stdout.split("\0") if name)
    return sorted(path for path in paths if path.is_file())


FILES = files_of_the_project()


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


def python_files() -> list[Path]:
    return [path for path in FILES if path.suffix == ".py" and "migrations" not in path.parts]


# --- Layout ---------------------------------------------------------------------------------------


def test_the_top_level_holds_exactly_the_decided_names() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in FILES} == DECIDED_NAMES


def test_no_file_is_a_drawer_for_everything() -> None:
    assert [shown(path) for path in FILES if DRAWERS & {path.stem, *path.parent.parts}] == []


def test_every_dependency_is_pinned() -> None:
    lines = [
        line
        for name in ("requirements.txt", "requirements-dev.txt")
        for line in (ROOT / name).read_text().splitlines()
        if line and not line.startswith("#") and line != "-r requirements.txt"
    ]
    assert [
        line for line in lines if not re.fullmatch(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+", line)
    ] == []


def test_the_readme_lists_every_variable_of_the_environment() -> None:
    settings = (ROOT / "emulation_bloc" / "settings.py").read_text()
    read = re.findall(r"\benv(?:\.\w+)?\(\s*\"([A-Z_]+)\"", settings)
    listed = re.findall(r"^\| `([A-Z_]+)`", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(set(read))


# --- Size -----------------------------------------------------------------------------------------


def lines(node: ast.stmt) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from `def` to the end, the docstring left out."""
    has_docstring = ast.get_docstring(function) is not None
    return lines(function) - (lines(function.body[0]) if has_docstring else 0)


def long_functions(source: str) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and (
            length(node) > LONGEST_FUNCTION
        ):
            yield node.name, length(node)


def test_functions_are_short() -> None:
    long = {
        f"{shown(path)}:{name}": size
        for path in python_files()
        for name, size in long_functions(path.read_text())
    }
    assert {place: n for place, n in long.items() if place not in LONGER_WITH_REASON} == {}


def test_files_are_short() -> None:
    ours = [path for path in FILES if path.suffix in {".py", ".js", ".html"}]
    sizes = {shown(p): p.read_text().count("\n") for p in ours if "migrations" not in p.parts}
    long = {path: n for path, n in sizes.items() if n > LONGEST_FILE}
    assert {path: n for path, n in long.items() if path not in LONGER_WITH_REASON} == {}


def test_folders_are_small() -> None:
    """Whoever opens a folder sees all of it: at most twenty modules side by side."""
    folders = Counter(shown(path.parent) for path in python_files() if "tests" not in path.parts)
    assert {folder: n for folder, n in folders.items() if n > MOST_MODULES} == {}


def test_no_reason_is_kept_for_what_is_gone() -> None:
    paths = {shown(path) for path in FILES}
    assert [place for place in LONGER_WITH_REASON if place.split(":")[0] not in paths] == []


def test_a_long_function_is_found_and_a_long_docstring_is_not() -> None:
    body = "".join(f"    x = {n}\n" for n in range(LONGEST_FUNCTION - 1))
    docstring = '    """\n' + "    words\n" * 9 + '    """\n'
    source = f"def short():\n{docstring}{body}\n\ndef long():\n{body}    return x\n"
    assert list(long_functions(source)) == [("long", LONGEST_FUNCTION + 1)]


# --- Docstrings -----------------------------------------------------------------------------------

# Apps, later also "emulation_bloc/lib", whose public functions of act modules have a docstring.
APPS_DOCUMENTED = ["emulation_bloc/lib", "members", "covenants", "scoring"]
# Not act modules.
NO_ACTS = {
    "admin",
    "administration",
    "apps",
    "urls",
    "public_urls",
    "account_urls",
    "rules",
    "models",
    "forms",
}
NO_ACTS |= {"views", "templatetags", "management", "migrations"}


def is_act_module(path: Path, app: str) -> bool:
    """Whether the module is in a room of the app, a pure module, or in its root."""
    return path.relative_to(ROOT / app).with_suffix("").parts[0] not in NO_ACTS


def undocumented(source: str) -> list[str]:
    """The public functions of a module without a docstring."""
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        and not node.name.startswith("_")
        and ast.get_docstring(node) is None
    ]


def test_public_functions_of_act_modules_have_a_docstring() -> None:
    found = {
        shown(path): undocumented(path.read_text())
        for path in python_files()
        for app in APPS_DOCUMENTED
        if path.is_relative_to(ROOT / app) and is_act_module(path, app)
    }
    assert {path: names for path, names in found.items() if names} == {}


def test_a_function_without_a_docstring_is_found() -> None:
    source = "def told():\n    'What.'\n\ndef bare():\n    pass\n\ndef _own():\n    pass\n"
    assert undocumented(source) == ["bare"]


def test_views_and_rules_are_no_act_modules() -> None:
    paths = ["scoring/facts.py", "scoring/sheets/filling.py", "scoring/views/index.py"]
    paths += ["scoring/rules.py", "scoring/migrations/0001_initial.py"]
    asked = [is_act_module(ROOT / path, "scoring") for path in paths]
    assert asked == [True, True, False, False, False]


# --- Signals --------------------------------------------------------------------------------------

# post_migrate puts the database triggers and the standard kinds of papers in place; nothing else
# may happen behind a caller's back.
ALLOWED_SIGNALS = {("members", "post_migrate"), ("covenants", "post_migrate")}


def signals(app: str, source: str) -> list[str]:
    """Signals of models that the source listens to, and signals of its own making."""
    return [
        alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if node.module == "django.db.models.signals"
        or f"{node.module}.{alias.name}"
        in {"django.dispatch.Signal", "django.db.models.signals", "django.dispatch.dispatcher"}
        if (app, alias.name) not in ALLOWED_SIGNALS
    ]


def test_no_news_travels_by_signal() -> None:
    found = {
        shown(path): signals(app, path.read_text())
        for app in APPS
        for path in sorted((ROOT / app).rglob("*.py"))
    }
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("app", "source", "found"),
    [
        ("fund", "from django.db.models.signals import post_save", ["post_save"]),
        ("fund", "from django.db.models.signals import post_migrate", ["post_migrate"]),
        ("members", "from django.db.models.signals import post_migrate", []),
        ("fund", "from django.db.models import signals", ["signals"]),
        ("fund", "from django.dispatch import Signal", ["Signal"]),
        ("fund", "from django.db.models import Sum", []),
    ],
)
def test_a_signal_is_found(app: str, source: str, found: list[str]) -> None:
    assert signals(app, source) == found
