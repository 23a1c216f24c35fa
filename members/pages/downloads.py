"""Lists handed out as files."""

from collections.abc import Iterable, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from emulation_bloc.lib import xlsx


def asks_for_excel(request: HttpRequest) -> bool:
    """Whether the list is wanted as a file, with the filters that stand in the address."""
    return request.GET.get("xuat") == "excel"


def excel(
    filename: str, title: str, headings: Sequence[object], rows: Iterable[Sequence[xlsx.Value]]
) -> HttpResponse:
    content = xlsx.table(title, [str(heading) for heading in headings], rows)
    disposition = content_disposition_header(as_attachment=True, filename=f"{filename}.xlsx")
    return HttpResponse(
        content, content_type=xlsx.MEDIA_TYPE, headers={"Content-Disposition": disposition}
    )
