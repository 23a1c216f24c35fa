"""Pages of the legal register."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from emulation_bloc.lib import xlsx
from emulation_bloc.lib.refusal import Refusal
from members.pages.downloads import asks_for_excel, excel, sent
from members.pages.guards import Visit, enter_year
from members.permissions import require
from members.records import files

from ..forms.laws import LawForm, LawsFilter
from ..laws import register, registering
from ..models import LegalReference
from .entrance import GET_POST
from .reading import PDF

PAGE_SIZE = 50
UNPROCESSABLE = 422
SECTION = {"section": "covenants", "subsection": "laws"}


@require_safe
def laws(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    asked = LawsFilter(request.GET, kinds=register.kinds())
    wanted, today = asked.wanted(), timezone.localdate()
    rows = register.laws_listed(today, **wanted)
    if asks_for_excel(request):
        return laws_as_excel(rows)
    context = {
        **SECTION,
        "filter": asked,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")),
        "sort": wanted["sort"],
        "direction": register.SORTS[wanted["sort"]].direction,
        "day": wanted["day"] or today,
        "is_filtered": any(wanted[name] for name in ("words", "kind", "day")),
        "may_register": request.user.has_perm("covenants.register_law", bloc_year),
    }
    return render(request, "covenants/laws.html", context)


def laws_as_excel(rows: list[register.LawRow]) -> HttpResponse:
    headings = [
        _("Type"),
        _("Number"),
        _("Issuer"),
        _("Subject"),
        _("Issued on"),
        _("Effective on"),
        _("Expired on"),
        _("State"),
        _("Replaced by"),
        _("Scope"),
        _("Note"),
        _("Link"),
    ]
    return excel("danh-muc-can-cu", _("Legal register"), headings, map(excel_row, rows))


def excel_row(row: register.LawRow) -> tuple[xlsx.Value, ...]:
    law = row.law
    return (
        law.kind,
        law.number,
        law.issuer,
        law.subject,
        law.issued_on,
        law.effective_on,
        law.expired_on,
        str(row.standing.label),
        str(law.replaced_by or ""),
        law.scope,
        law.note or (_("second-hand source") if law.is_second_hand else ""),
        law.link,
    )


@require_safe
def law(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    enter_year(request, bloc, year)
    found = get_object_or_404(LegalReference.objects.select_related("replaced_by", "file"), pk=pk)
    today = timezone.localdate()
    papers = Paginator(register.papers_citing(found, request.user), PAGE_SIZE)
    page = papers.get_page(request.GET.get("page"))
    context = {
        **SECTION,
        "law": found,
        "today": today,
        "standing": found.standing_on(today),
        "chain": [(one, one.standing_on(today)) for one in register.chain_of(found)],
        "amends": found.amends.all(),
        "amended_by": found.amended_by.all(),
        "page": page,
        "citing": register.citations_of_law(found, page.object_list),
    }
    return render(request, "covenants/law.html", context)


@require_safe
def law_file(request: Visit, bloc: str, year: int, pk: int) -> HttpResponse:
    """The stored text of a document, for those who may enter the bloc."""
    enter_year(request, bloc, year)
    found = get_object_or_404(LegalReference.objects.select_related("file"), pk=pk)
    if found.file is None:
        raise Http404
    return sent(files.read_content(found.file), f"{found}.pdf".replace("/", "-"), PDF)


@GET_POST
def new_law(request: Visit, bloc: str, year: int) -> HttpResponse:
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "covenants.register_law", bloc_year)
    is_sent = request.method == "POST"
    form = LawForm(request.POST, request.FILES) if is_sent else LawForm()
    if form.is_valid():
        try:
            made = registering.register_law(bloc_year, **form.act, actor=request.user)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("%(law)s is in the register.") % {"law": made})
            return redirect("covenants:law", bloc=bloc, year=year, pk=made.pk)
    context = {**SECTION, "form": form}
    status = UNPROCESSABLE if is_sent else 200
    return render(request, "covenants/new_law.html", context, status=status)
