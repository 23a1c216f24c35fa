"""The workshop of the scale: starting it, its rules and groups, the order of its rows."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import wraps
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from covenants.views.drafting import Notice
from covenants.views.entrance import row_number
from emulation_bloc.lib.refusal import Refusal
from members.models import BlocYear
from members.pages.guards import Visit, enter_year
from members.permissions import require
from members.records.acts import Overtaken

from .. import queries
from ..addresses import address
from ..forms.scales import GroupForm, RowForm, RulesForm
from ..models import CriterionGroup, Scale
from ..scale import annex, checks, tree, writing
from ..scale import text as scale_text
from .entrance import CONFLICT, GET_POST, UNPROCESSABLE, go
from .scales import around, knowing, pdf_of


def on_written(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Decorator: pass the scale being written to the view. Asks "scoring.write_scale"; 404 without
    a scale."""

    @wraps(view)
    def visit(request: Visit, bloc: str, year: int, **where: Any) -> HttpResponse:
        bloc_year = enter_year(request, bloc, year)
        scale = knowing(queries.scale_in_writing(bloc_year), bloc_year)
        if scale is None:
            raise Http404
        require(request.user, "scoring.write_scale", scale)
        return view(request, scale, **where)

    return visit


# --- The workshop ---------------------------------------------------------------------------------


@require_safe
def workshop(request: Visit, bloc: str, year: int) -> HttpResponse:
    """The scale with its sums; if there is none yet, what it can be started from."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    scale = knowing(queries.scale_in_writing(bloc_year), bloc_year)
    if scale is not None:
        require(request.user, "scoring.write_scale", scale)
        return workshop_page(request, scale)
    context = {
        **around(bloc_year, None),
        "paper": queries.paper_in_writing(bloc_year),
        "before": queries.scale_before(bloc_year),
    }
    return render(request, "scoring/scale_start.html", context)


def workshop_page(
    request: Visit, scale: Scale, *, sentence: str = "", status: int = 200
) -> HttpResponse:
    """The workshop as a page; for htmx only the part that an act changes."""
    context = {
        **around(scale.paper.bloc_year, scale),
        "branches": tree.branches(scale),
        "whole": whole(scale),
        "rules": list(scale_text.rules_of(scale)),
        "faults": checks.faults(scale),
        "pdf": pdf_of(scale),
        "difference": annex.difference_in_the_making(scale),
        "sentence": sentence,
    }
    name = "partials/scale_workshop.html" if request.htmx else "scale_workshop.html"
    template = f"scoring/{name}"
    return render(request, template, context, status=status)


def whole(scale: Scale) -> tree.Sum:
    return tree.sums(scale, list(scale.groups.all()), [])[-1]


@require_POST
def start(request: Visit, bloc: str, year: int) -> HttpResponse:
    """Start the scale of the paper being written, empty or as a copy of last year's."""
    bloc_year = enter_year(request, bloc, year)
    require(request.user, "members.manage_year", bloc_year)
    paper = queries.paper_in_writing(bloc_year)
    if paper is None:
        messages.error(request, _("Start the paper that adopts the scale first."))
        return go(bloc_year, "scale_workshop")
    source = queries.scale_before(bloc_year) if request.POST.get("source") == "last" else None
    try:
        writing.start_scale(paper, source=source, actor=request.user)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The scale is started; its paper prints it as an annex."))
    return go(bloc_year, "scale_workshop")


SORTS = {"group": "groups", "criterion": "criteria"}


@require_POST
@on_written
def move_row(request: Visit, scale: Scale) -> HttpResponse:
    """Move a group or a criterion by one place; the button sends which, "group-3" or
    "criterion-12"."""
    step = -1 if "up" in request.POST else 1
    pressed = request.POST.get("up") or request.POST.get("down", "")
    sort, _dash, number = pressed.partition("-")
    pk = row_number(number)
    if sort not in SORTS or pk is None:
        raise Http404
    row = get_object_or_404(getattr(scale, SORTS[sort]), pk=pk)
    row.scale = scale
    try:
        scale = writing.move_row(row, step=step, revision=seen(request, scale), actor=request.user)
    except Overtaken:
        sentence = _("Somebody else changed the scale meanwhile. Look at it again.")
        return workshop_page(request, fresh(scale), sentence=sentence, status=CONFLICT)
    if request.htmx:
        return workshop_page(request, fresh(scale))
    return go(scale.paper.bloc_year, "scale_workshop", anchor=pressed)


def seen(request: Visit, scale: Scale) -> int:
    """The revision that the page showed; if it is unreadable, one that is refused as out of
    date."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else scale.revision - 1


def fresh(scale: Scale) -> Scale:
    found = Scale.objects.select_related("paper__bloc_year__bloc", "paper__kind").get(pk=scale.pk)
    found.paper.bloc_year = scale.paper.bloc_year
    return found


# --- Rules ----------------------------------------------------------------------------------------


@GET_POST
@on_written
def rules(request: Visit, scale: Scale) -> HttpResponse:
    form = RulesForm.for_scale(scale, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return form_page(request, scale, "scoring/scale_rules.html", form)
    try:
        writing.save_rules(
            scale,
            values=form.values,
            grades=form.cleaned_data["grades"],
            revision=form.revision,
            actor=request.user,
        )
    except Overtaken as overtaken:
        notice = conflict(scale, form, RulesForm.for_scale(fresh(scale), None), overtaken)
        return form_page(request, scale, "scoring/scale_rules.html", form, notice=notice)
    messages.success(request, _("The rules of the scale are saved."))
    return go(scale.paper.bloc_year, "scale_workshop", anchor="rules")


def form_page(
    request: Visit,
    scale: Scale,
    template: str,
    form: forms.Form,
    *,
    notice: Notice | None = None,
    **more: Any,
) -> HttpResponse:
    """The page of a form: unsent, with its errors, or with what somebody else saved."""
    status = CONFLICT if notice else UNPROCESSABLE if form.is_bound else 200
    context = {**around(scale.paper.bloc_year, scale), "form": form, "notice": notice, **more}
    return render(request, template, context, status=status)


def conflict(scale: Scale, form: forms.Form, current: forms.Form, overtaken: Overtaken) -> Notice:
    """The notice for a refused save: what was typed and the current content, for fields that
    differ."""
    names = [name for name in form.fields if name not in ("version", "overtake")]
    pairs = [
        (str(form[name].label), shown(current, name), shown(form, name))
        for name in names
        if shown(current, name) != shown(form, name)
    ]
    return Notice(
        "scale",
        str(overtaken),
        standing=[(label, theirs) for label, theirs, _mine in pairs],
        typed=[(label, mine) for label, _theirs, mine in pairs],
        revision=fresh(scale).revision,
        saved=queries.last_act_on(scale),
    )


def shown(form: forms.Form, name: str) -> str:
    """The value of a field as its page shows it."""
    if name not in form.fields:
        return ""
    field = form[name]
    read = form.cleaned_data.get(name) if form.is_bound else None
    # Numbers are compared by value: 0.5 and 0,5 are equal, and so are an empty field and 0.
    value = field.field.prepare_value(read) if isinstance(read, Decimal) else field.value()
    choices: Mapping[str, str] = {
        str(key): str(label) for key, label in getattr(field.field, "choices", ())
    }
    if isinstance(value, list):
        return ", ".join(choices.get(str(one), str(one)) for one in value)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    text = "" if value is None else str(value).replace("\r\n", "\n")
    return choices.get(text, text)


# --- Groups ---------------------------------------------------------------------------------------


def group_form(scale: Scale, row: CriterionGroup | None, data: Any) -> GroupForm:
    names = ("code", "title", "max_points", "is_bonus", "combine")
    initial = {name: getattr(row, name) for name in names} if row else {}
    initial |= {"parent": str(row.parent_id or "") if row else "", "version": scale.revision}
    groups = list(scale.groups.all())
    return GroupForm(data, initial=initial, scale=scale, row=row, groups=groups)


@GET_POST
@on_written
def group(request: Visit, scale: Scale, pk: int) -> HttpResponse:
    row = scale.groups.filter(pk=pk).first()
    if row is None and not request.POST.get("title"):
        raise Http404
    form = group_form(scale, row, request.POST if request.method == "POST" else None)
    if row is None:
        more = lost(scale.paper.bloc_year, "new_scale_group")
        return form_page(request, scale, "scoring/scale_group.html", form, **more)
    return write_group(request, scale, row, form)


@GET_POST
@on_written
def new_group(request: Visit, scale: Scale) -> HttpResponse:
    form = group_form(scale, None, request.POST if request.method == "POST" else None)
    return write_group(request, scale, None, form)


def write_group(
    request: Visit, scale: Scale, row: CriterionGroup | None, form: GroupForm
) -> HttpResponse:
    template = "scoring/scale_group.html"
    if not form.is_valid():
        return form_page(request, scale, template, form, row=row)
    try:
        writing.save_group(
            scale,
            row,
            values=form.values,
            revision=revision_of(form, scale, row),
            actor=request.user,
        )
    except Overtaken as overtaken:
        current = group_form(fresh(scale), fresh_row(row), None)
        notice = conflict(scale, form, current, overtaken)
        return form_page(request, scale, template, form, notice=notice, row=row)
    messages.success(request, _("Group %(code)s is saved.") % {"code": form.cleaned_data["code"]})
    return go(scale.paper.bloc_year, "scale_workshop", anchor="tree")


def revision_of(form: RowForm, scale: Scale, row: Any) -> int:
    """The revision for the act. A new row overwrites nothing, so the current one is used."""
    return scale.revision if row is None else form.revision


def lost(year: BlocYear, name: str) -> dict[str, Any]:
    """For a row that somebody else removed: what was typed can be saved as a new row."""
    sentence = _("Somebody else took this row out. What you typed stands below; save it anew.")
    return {"notice": Notice("scale", sentence), "here": address(year, name), "row": None}


def fresh_row(row: Any) -> Any:
    return None if row is None else type(row)._default_manager.filter(pk=row.pk).first()


@GET_POST
@on_written
def remove_group(request: Visit, scale: Scale, pk: int) -> HttpResponse:
    row = get_object_or_404(scale.groups, pk=pk)
    row.scale = scale
    inside = scale.criteria.filter(group__in=writing.with_those_within(row)).count()
    return remove(request, scale, row, writing.remove_group, inside=inside)


def remove(
    request: Visit, scale: Scale, row: Any, act: Callable[..., Scale], **more: Any
) -> HttpResponse:
    """Show what will be removed; remove it after confirmation."""
    context = {**around(scale.paper.bloc_year, scale), "row": row, **more}
    if request.method != "POST":
        return render(request, "scoring/scale_remove.html", context)
    try:
        act(row, revision=seen(request, scale), actor=request.user)
    except Refusal as refusal:
        status = CONFLICT if isinstance(refusal, Overtaken) else UNPROCESSABLE
        context |= {"refusal": refusal, "scale": fresh(scale)}
        return render(request, "scoring/scale_remove.html", context, status=status)
    messages.success(request, _("“%(title)s” was taken out.") % {"title": row})
    return go(scale.paper.bloc_year, "scale_workshop", anchor="tree")
