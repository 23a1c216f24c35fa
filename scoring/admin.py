"""Read-only administration of scoring.

An administrator sees the figures and files of every sheet, to check files and audit chain. Sheets
are changed only by their board and its appraisers.
"""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from members.administration import RecordAdmin

from .models import (
    Criterion,
    CriterionGroup,
    CrossDuty,
    Evidence,
    Figure,
    Grade,
    Line,
    Objection,
    Restriction,
    Result,
    Return,
    Scale,
    Scoring,
    Sheet,
    TiePlace,
)

# The relations needed to print the name of a sheet, and of a line.
SHEET = ("scoring__bloc_year__bloc", "membership__name")
LINE = tuple(f"sheet__{path}" for path in SHEET)
ON_LINE = ("line__criterion", *(f"line__{path}" for path in LINE))


class ReadInline(admin.TabularInline):
    """Read-only rows that belong to the row on the page."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


# --- The scale ------------------------------------------------------------------------------------


class GroupInline(ReadInline):
    model = CriterionGroup
    fields = ("code", "title", "parent", "max_points", "is_bonus", "combine")


class GradeInline(ReadInline):
    model = Grade


@admin.register(Scale)
class ScaleAdmin(RecordAdmin):
    """Scales are edited in the workshop (scoring.views.scale_workshop), not here."""

    list_display = ("paper", "total", "bonus_cap", "rounding", "basis", "openness")
    list_filter = ("basis", "openness", "paper__bloc_year__bloc")
    list_select_related = ("paper__bloc_year",)
    search_fields = ("paper__title",)
    inlines = (GroupInline, GradeInline)


@admin.register(Criterion)
class CriterionAdmin(RecordAdmin):
    list_display = ("code", "title", "scale", "kind", "max_points", "owner")
    list_filter = ("kind", "owner", "scale__paper__bloc_year__year")
    list_select_related = ("scale__paper__bloc_year",)
    search_fields = ("code", "title")


# --- Sheets ---------------------------------------------------------------------------------------


@admin.register(Scoring)
class ScoringAdmin(RecordAdmin):
    list_display = ("bloc_year", "state", "opened_at", "published_at", "agreed_on", "finalised_at")
    list_filter = ("state", "bloc_year__bloc")
    list_select_related = ("bloc_year__bloc",)


class LineInline(ReadInline):
    model = Line
    fields = ("criterion", "plan", "actual", "explanation", "dispute", "unassigned_because")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Line]:
        return super().get_queryset(request).select_related("criterion", *LINE)


class RestrictionInline(ReadInline):
    model = Restriction
    fields = ("kind", "reason", "document", "decided_on", "resolved_on", "resolution")


class TiePlaceInline(ReadInline):
    model = TiePlace


@admin.register(Sheet)
class SheetAdmin(RecordAdmin):
    list_display = ("membership", "year", "state", "round", "submitted_at", "appraised_at")
    list_filter = ("state", "scoring__bloc_year__year", "scoring__bloc_year__bloc")
    list_select_related = ("membership__bloc_year__bloc", *SHEET)
    search_fields = ("membership__name__folded", "membership__board__code")
    inlines = (LineInline, RestrictionInline, TiePlaceInline)

    @admin.display(description=Scoring._meta.get_field("bloc_year").verbose_name)
    def year(self, sheet: Sheet) -> int:
        return sheet.scoring.bloc_year.year


@admin.register(Figure)
class FigureAdmin(RecordAdmin):
    """The figures on record; the last row of a column is the one that counts."""

    list_display = ("line", "column", "fact", "reason", "round", "by_name", "at")
    list_filter = ("column", "line__sheet__scoring__bloc_year__year")
    list_select_related = ON_LINE
    search_fields = ("by_name", "reason", "line__criterion__code")
    date_hierarchy = "at"


@admin.register(Evidence)
class EvidenceAdmin(RecordAdmin):
    list_display = ("name", "sheet", "file", "added_by", "added_at", "line_count")
    list_filter = ("sheet__scoring__bloc_year__year",)
    list_select_related = ("file", "added_by", *LINE)
    search_fields = ("name", "file__sha256")
    fields = ("sheet", "name", "file", "added_by", "added_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Evidence]:
        return super().get_queryset(request).annotate(count_of_lines=Count("lines"))

    @admin.display(description=Line._meta.verbose_name_plural)
    def line_count(self, evidence: Evidence) -> int:
        return int(evidence.count_of_lines)  # type: ignore[attr-defined]


@admin.register(Return)
class ReturnAdmin(RecordAdmin):
    list_display = ("line", "round", "reason", "reply", "returned_by", "returned_at")
    list_filter = ("line__sheet__scoring__bloc_year__year",)
    list_select_related = ("returned_by", *ON_LINE)


# --- After the appraisal --------------------------------------------------------------------------


@admin.register(Objection)
class ObjectionAdmin(RecordAdmin):
    list_display = ("line", "author_name", "text", "verdict", "points_before", "points_after")
    list_filter = ("verdict", "line__sheet__scoring__bloc_year__year")
    list_select_related = ON_LINE
    search_fields = ("text", "answer", "author_name")


@admin.register(Restriction)
class RestrictionAdmin(RecordAdmin):
    list_display = ("sheet", "kind", "reason", "document", "decided_on", "resolved_on")
    list_filter = ("kind", "sheet__scoring__bloc_year__year")
    list_select_related = LINE


@admin.register(CrossDuty)
class CrossDutyAdmin(RecordAdmin):
    """Who scores whom, and whether it is done. The scores given are shown to nobody here."""

    list_display = ("scorer", "sheet", "done_at")
    list_filter = ("scoring__bloc_year__year",)
    list_select_related = ("scorer__name", "scorer__bloc_year__bloc", *LINE)


@admin.register(Result)
class ResultAdmin(RecordAdmin):
    """Stored results; `manage.py verify` computes them again."""

    list_display = ("scoring", "occasion", "input_digest", "computed_at", "computed_by")
    list_filter = ("occasion", "scoring__bloc_year__year")
    list_select_related = ("scoring__bloc_year__bloc", "computed_by")
