"""Conventions of templates, styles and scripts that can be checked automatically."""

import re
from pathlib import Path

import pytest

from tests.test_house import FILES, ROOT, shown

LONGEST_TEMPLATE_LINE = 120

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
