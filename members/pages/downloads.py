"""Files handed out: stored ones, papers, lists as Excel files."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from emulation_bloc.lib import xlsx


def sent(content: bytes, name: str, media_type: str, *, inline: bool = False) -> HttpResponse:
    """A file under a name, to be saved, or `inline` to be looked at in the browser."""
    disposition = content_disposition_header(as_attachment=not inline, filename=name)
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)


def asks_for_excel(request: HttpRequest) -> bool:
    """Whether the request asks for the list as a file (?xuat=excel)."""
    return request.GET.get("xuat") == "excel"


def excel(
    filename: str, title: str, headings: Sequence[object], rows: Iterable[Sequence[xlsx.Value]]
) -> HttpResponse:
    """A response with an .xlsx of one table; `filename` is without extension."""
    content = xlsx.table(title, [str(heading) for heading in headings], rows)
    return sent(content, f"{filename}.xlsx", xlsx.MEDIA_TYPE)
