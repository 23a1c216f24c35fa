"""Conventions of the code base that can be checked automatically."""

import ast
import re
import subprocess
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
LONGEST_TEMPLATE_LINE = 120
# What may be longer, and why: "path" or "path:function".
LONGER_WITH_REASON: dict[str, str] = {
    "covenants/models/drafts.py": "about to be split",
    "members/forms.py": "three lines over since its docstrings were written; to be split",
    "scoring/views/appraisal.py": "about to be split",
    "templates/covenants/paper.html": "its sections are not partials yet",
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
APPS_DOCUMENTED = ["scoring"]
# Files and folders of these apps that are not written yet.
DOCSTRINGS_TO_COME = ("scoring/letters.py", "scoring/papers/")
# Not act modules.
NO_ACTS = {"admin", "apps", "urls", "public_urls", "account_urls", "rules", "models", "forms"}
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
        if not shown(path).startswith(DOCSTRINGS_TO_COME)
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


# --- Templates, styles, scripts -------------------------------------------------------------------

# In a page the strict content security policy would refuse each of these, or fetch from a stranger.
REFUSED_IN_PAGES = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline script": re.compile(
        r"<script\b(?![^>]*\s(src\s*=|type=.application/json.))", re.IGNORECASE
    ),
    "inline handler": re.compile(r"\son[a-z]+\s*=\s*[\"']|\bhx-on\b|javascript:", re.IGNORECASE),
    "foreign asset": re.compile(
        r"\s(src|srcset|poster|data)\s*=\s*[\"']?(https?:)?//"
        r"|<link\b[^>]*\shref\s*=\s*[\"']?(https?:)?//",
        re.IGNORECASE,
    ),
}
REFUSED_IN_ASSETS = {
    "foreign asset": re.compile(
        r"url\(\s*[\"']?(https?:)?//|@import\b|(from|import)\s*\(?\s*[\"'](https?:)?//"
    )
}
SENTENCES = re.compile(r"{% blocktranslate(.*?)%}(.*?){% endblocktranslate %}", re.DOTALL)
COMMENTS = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->|/\*.*?\*/", re.DOTALL)


def is_template(path: Path) -> bool:
    return "templates" in path.relative_to(ROOT).parts


def is_page(path: Path) -> bool:
    """Papers and mails are no pages: WeasyPrint and mail readers need their styles inside."""
    return is_template(path) and not {"pdf", "mail"} & set(path.parts)


def faults(text: str, refused: dict[str, re.Pattern[str]]) -> list[str]:
    text = COMMENTS.sub("", text)
    return [fault for fault, pattern in refused.items() if pattern.search(text)]


def test_templates_hold_nothing_that_the_policy_refuses() -> None:
    found = {shown(p): faults(p.read_text(), REFUSED_IN_PAGES) for p in FILES if is_page(p)}
    assert {path: names for path, names in found.items() if names} == {}


def test_lines_of_pages_and_papers_are_short() -> None:
    """Mails are left out: where a line ends in their template, it ends in the letter."""
    templates = [p for p in FILES if is_template(p) and p.suffix == ".html"]
    assert templates
    long = {
        f"{shown(path)}:{number}": len(line)
        for path in templates
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if len(line) > LONGEST_TEMPLATE_LINE
    }
    assert long == {}


def test_sentences_that_go_over_lines_are_trimmed() -> None:
    """Or else the line ends and the indentation would be part of what is translated."""
    sources = {shown(p): p.read_text() for p in FILES if is_template(p)}
    found = {path: untrimmed(source) for path, source in sources.items()}
    assert {path: sentences for path, sentences in found.items() if sentences} == {}


def untrimmed(source: str) -> list[str]:
    return [
        sentence.strip()
        for options, sentence in SENTENCES.findall(source)
        if "\n" in sentence and "trimmed" not in options.split()
    ]


def test_a_sentence_that_is_not_trimmed_is_found() -> None:
    on_one_line = "{% blocktranslate %}One{% endblocktranslate %}"
    kept = "{% blocktranslate trimmed with a=b %}\n  {{ a }}\n{% endblocktranslate %}"
    lost = "{% blocktranslate with a=b %}\n  Two\n{% endblocktranslate %}"
    assert untrimmed(on_one_line + kept + lost) == ["Two"]


def test_styles_and_scripts_fetch_nothing_from_strangers() -> None:
    assets = [p for p in FILES if p.suffix in {".css", ".js"} and "static" in p.parts]
    found = {shown(path): faults(path.read_text(), REFUSED_IN_ASSETS) for path in assets}
    assert {path: names for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<p style="color: red">', ["inline style"]),
        ("<style>p { color: red }</style>", ["inline style"]),
        ("<script>alert(1)</script>", ["inline script"]),
        ('<script nonce="x">alert(1)</script>', ["inline script"]),
        ('<script type="application/json" id="data">{}</script>', []),
        ('<button onclick="go()">', ["inline handler"]),
        ('<button hx-on:click="go()">', ["inline handler"]),
        ('<a href="javascript:go()">', ["inline handler"]),
        ('<script src="https://cdn.example/x.js"></script>', ["foreign asset"]),
        ('<img src="//cdn.example/x.png">', ["foreign asset"]),
        ('<link rel="stylesheet" href="https://cdn.example/x.css">', ["foreign asset"]),
        ('<a href="https://vanban.chinhphu.vn/">Nghị định 30</a>', []),
        ('<script src="{% static "js/portal.js" %}" defer></script>', []),
        ("{# no onclick='' here #}<p class=\"one\" data-action='x'>", []),
    ],
)
def test_a_fault_in_a_template_is_found(html: str, found: list[str]) -> None:
    assert faults(html, REFUSED_IN_PAGES) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('@import "other.css";', ["foreign asset"]),
        ("src: url(https://fonts.example/x.woff2)", ["foreign asset"]),
        ('import x from "https://cdn.example/x.js";', ["foreign asset"]),
        ("src: url(../vendor/x.woff2)", []),
        ("/* see https://example.org */", []),
    ],
)
def test_a_foreign_asset_in_a_style_or_script_is_found(text: str, found: list[str]) -> None:
    assert faults(text, REFUSED_IN_ASSETS) == found


# What axe finds in the dark scheme beside colours it has found in the light one: tests/e2e asks it
# for no more there, and this is why.
DARK = re.compile(r"@media \(prefers-color-scheme: dark\) \{\n(.*?)\n\}", re.DOTALL)
DECLARATION = re.compile(r"([\w-]+):\s*((?:\"[^\"]*\"|[^;{}\"])+);")
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}|rgba?\([\d., ]+\)|\d+, \d+, \d+|url\(\"data:image/svg[^\"]*\"\)"
)


def no_colours(css: str) -> list[str]:
    """What a style sheet declares for the dark scheme beside colours, kept in properties."""
    declared = [found for block in DARK.findall(css) for found in DECLARATION.findall(block)]
    return [
        name
        for name, value in declared
        if not (name.startswith("--") and COLOUR.fullmatch(value.strip()))
    ]


def test_the_dark_scheme_changes_colours_alone() -> None:
    sheets = {path: path.read_text() for path in FILES if path.suffix == ".css"}
    dark = {path: css for path, css in sheets.items() if "prefers-color-scheme" in css}
    assert [shown(path) for path in dark] == ["static/css/portal.css"]
    assert [len(DARK.findall(css)) for css in dark.values()] == [
        css.count("prefers-color-scheme") for css in dark.values()
    ]
    assert {shown(path): no_colours(css) for path, css in dark.items()} == {
        "static/css/portal.css": []
    }


@pytest.mark.parametrize(
    ("declaration", "found"),
    [
        ("--ink: #ece4d7;", []),
        ("--lift: rgba(0, 0, 0, .6);", []),
        ("color: #fff;", ["color"]),
        ("display: none;", ["display"]),
        ("--gap: 2rem;", ["--gap"]),
    ],
)
def test_what_is_no_colour_of_the_dark_scheme_is_found(declaration: str, found: list[str]) -> None:
    css = f"@media (prefers-color-scheme: dark) {{\n  :root {{ {declaration} }}\n}}\n"
    assert no_colours(css) == found
