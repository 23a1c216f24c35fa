"""Lists as Excel files."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from emulation_bloc.lib import xlsx


def asks_for_excel(request: HttpRequest) -> bool:
    """Whether the request asks for the list as a file (?xuat=excel)."""
    return request.GET.get("xuat") == "excel"


def excel(
    filename: str, title: str, headings: Sequence[object], rows: Iterable[Sequence[xlsx.Value]]
) -> HttpResponse:
    """A response with an .xlsx of one table; `filename` is without extension."""
    content = xlsx.table(title, [str(heading) for heading in headings], rows)
    disposition = content_disposition_header(as_attachment=True, filename=f"{filename}.xlsx")
    return HttpResponse(
        content, content_type=xlsx.MEDIA_TYPE, headers={"Content-Disposition": disposition}
    )
