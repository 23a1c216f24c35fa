"""Renders official papers as PDF/A-3u with WeasyPrint, one style sheet and one typeface.

Files and network addresses are refused. The same HTML gives the same bytes within one version of
WeasyPrint and the fonts.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from warnings import catch_warnings, filterwarnings

import pikepdf
from weasyprint import CSS, HTML
from weasyprint.document import Document, Page
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

from emulation_bloc.lib.fonts import DIRECTORIES, PaperFaces, paper_faces

STYLES = Path(__file__).resolve().parents[2] / "static" / "css"
STYLESHEET = STYLES / "paper.css"
SVG = "{http://www.w3.org/2000/svg}"
# The name of the typeface in paper.css. Not the family's own name: fontconfig might resolve that to
# another installed file that lacks letters.
FAMILY = "Paper Serif"
VARIANT = "pdf/a-3u"
# CSS px are 1/96 inch, PDF points 1/72.
POINTS = 0.75
# Base of relative URLs, so that they reach the fetcher and are refused.
NOWHERE = "paper:///"

# Pango's font map, shared by all renderings of a process, is not safe between threads.
_one_at_a_time = Lock()

Box = tuple[float, float, float, float]


class OutsideResource(Exception):
    """A paper refers to a file or network address."""

    def __init__(self, url: str) -> None:
        super().__init__(f"A paper may only use data: addresses, not {url}")
        self.url = url


@dataclass(frozen=True)
class Anchor:
    """The position of an element with an id: page from 0, box in points from bottom left."""

    page: int
    box: Box


@dataclass(frozen=True)
class Rendered:
    """A PDF, its number of pages, and the positions of all elements with an id."""

    pdf: bytes
    pages: int
    anchors: dict[str, Anchor]


def render(
    html: str, *, base_url: str | None = None, font_directories: tuple[Path, ...] = DIRECTORIES
) -> Rendered:
    """Render a paper with paper.css, which the HTML need not link.

    ``base_url`` only completes relative links to click on; nothing is fetched from it. An element
    that spans pages is located on its first one. Raises OutsideResource for any picture, style
    sheet or font that is not a data: URL, FacesMissing without a typeface.
    """
    with _one_at_a_time, without_profile_warning(), _data_only() as fetcher:
        press = press_of(font_directories)
        source = HTML(string=html, base_url=base_url or NOWHERE, url_fetcher=fetcher)
        document = press.lay_out(source)
        pdf = document.write_pdf(pdf_variant=VARIANT)
    return Rendered(pdf, len(document.pages), dict(_anchors(document.pages)))


@dataclass(frozen=True)
class Sheet:
    """A page of an attached PDF: the id of the box reserved for it, and whether it is landscape."""

    id: str
    is_wide: bool


def sheets_of(attachment: bytes) -> list[Sheet]:
    """The pages of a PDF to be attached. Raises pikepdf.PdfError if it is not a PDF."""
    with pikepdf.open(BytesIO(attachment)) as other:
        return [Sheet(f"sheet-{n}", is_wide(page)) for n, page in enumerate(other.pages)]


def is_wide(page: pikepdf.Page) -> bool:
    """Whether the page is shown in landscape, its rotation included."""
    left, bottom, right, top = (float(edge) for edge in page.trimbox)
    is_turned = page.rotation % 180 == 90
    return (right - left > top - bottom) != is_turned


def with_attached(paper: Rendered, attachment: bytes) -> Rendered:
    """The paper with the pages of another PDF drawn into the boxes of `sheets_of`, as large as they
    fit.

    The result no longer claims PDF/A conformance, as the attachment may be anything. The same input
    gives the same bytes. Raises pikepdf.PdfError if the attachment is not a PDF.
    """
    whole = BytesIO()
    with pikepdf.open(BytesIO(paper.pdf)) as own, pikepdf.open(BytesIO(attachment)) as other:
        for number, page in enumerate(_pages_alone(other)):
            box = paper.anchors[f"sheet-{number}"]
            _draw_under(own.pages[box.page], page, box)
        with own.open_metadata(set_pikepdf_as_editor=False) as metadata:
            for claim in ("pdfaid:part", "pdfaid:conformance"):
                metadata.pop(claim, None)
        own.save(whole, deterministic_id=True)
    return Rendered(whole.getvalue(), paper.pages, paper.anchors)


def _draw_under(sheet: pikepdf.Page, page: pikepdf.Page, box: Anchor) -> None:
    """Like `Page.add_underlay`, but with a fixed name instead of a random one. WeasyPrint's pages
    share their resources, so each page uses its own name.
    """
    drawn, called = page.as_form_xobject(), pikepdf.Name(f"/Sheet{box.page}")
    name = sheet.add_resource(drawn, pikepdf.Name.XObject, called)
    place = pikepdf.Rectangle(*box.box)
    sheet.contents_add(sheet.calc_form_xobject_placement(drawn, name, place), prepend=True)


def _pages_alone(document: pikepdf.Pdf) -> list[pikepdf.Page]:
    """The pages of a PDF as they look, without forms, signatures and links."""
    document.flatten_annotations()
    remove(document.Root, "/AcroForm")
    for page in document.pages:
        remove(page.obj, "/Annots")
    return list(document.pages)


def remove(dictionary: pikepdf.Object, key: str) -> None:
    """Delete a key of a dictionary if it is there."""
    if key in dictionary:
        del dictionary[key]


@dataclass(frozen=True)
class _Press:
    """Fonts and parsed style sheets, made once because that is slow."""

    fonts: FontConfiguration
    styles: tuple[CSS, ...]
    of_charts: str

    def lay_out(self, source: HTML) -> Document:
        _style_charts(source, self.of_charts)
        return source.render(font_config=self.fonts, stylesheets=self.styles, pdf_variant=VARIANT)


@cache
def press_of(font_directories: tuple[Path, ...]) -> _Press:
    """Fonts and style sheets, cached per process."""
    fonts = FontConfiguration()
    faces = CSS(
        string=_font_faces(paper_faces(font_directories)),
        font_config=fonts,
        url_fetcher=URLFetcher(allowed_protocols=["file"]),
    )
    with _data_only() as fetcher:
        paper = CSS(string=STYLESHEET.read_text(), base_url=NOWHERE, url_fetcher=fetcher)
    return _Press(fonts, (faces, paper), (STYLES / "paper-charts.css").read_text())


def _style_charts(paper: HTML, rules: str) -> None:
    """Add the charts' style sheet to each chart: WeasyPrint does not apply the page's styles to
    SVG.
    """
    for drawing in paper.etree_element.iter(f"{SVG}svg"):
        if "chart" in drawing.get("class", "").split():
            style = drawing.makeelement(f"{SVG}style", {})
            style.text = rules
            drawing.append(style)


def _font_faces(faces: PaperFaces) -> str:
    styles = (
        (faces.regular, "normal", "normal"),
        (faces.bold, "bold", "normal"),
        (faces.italic, "normal", "italic"),
        (faces.bold_italic, "bold", "italic"),
    )
    return "".join(
        f'@font-face {{ font-family: "{FAMILY}"; font-weight: {weight}; font-style: {style};'
        f' src: url("{path.as_uri()}"); }}\n'
        for path, weight, style in styles
    )


class _Refused(FatalURLFetchingError):
    """A fatal error, because WeasyPrint logs other exceptions and continues."""


class _DataOnly(URLFetcher):
    """Fetches data: URLs and refuses all others before any file or socket is opened."""

    def __init__(self) -> None:
        super().__init__()
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.lower().startswith("data:"):
            self.refused.append(url)
            raise _Refused(url)
        return super().fetch(url, headers)


@contextmanager
def _data_only() -> Iterator[_DataOnly]:
    """A fetcher; at the end, raises OutsideResource if it refused anything.

    Needed because WeasyPrint swallows even BaseException inside an SVG and leaves the picture out.
    """
    fetcher = _DataOnly()
    with suppress(_Refused):
        yield fetcher
    if fetcher.refused:
        raise OutsideResource(fetcher.refused[0])


@contextmanager
def without_profile_warning() -> Iterator[None]:
    """Ignore the warning that WeasyPrint 70 does not close the colour profile of PDF/A."""
    with catch_warnings():
        filterwarnings("ignore", r"unclosed file .*sRGB2014\.icc", ResourceWarning)
        yield


def _anchors(pages: list[Page]) -> Iterator[tuple[str, Anchor]]:
    """Last page first, so that a dict keeps the first position of an id."""
    for number, page in reversed(list(enumerate(pages))):
        for name, corners in page.anchors.items():
            yield name, Anchor(number, _from_bottom_left(corners, page.height))


def _from_bottom_left(corners: Box, height: float) -> Box:
    x1, y1, x2, y2 = corners
    return (x1 * POINTS, (height - y2) * POINTS, x2 * POINTS, (height - y1) * POINTS)
