from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.pages.guards import Visit, enter_year


@require_safe
def index(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Says plainly what this part will hold; its work has not begun."""
    enter_year(request, bloc, year)
    return render(request, "fund/index.html", {"section": "fund"})
