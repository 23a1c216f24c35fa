"""Base classes of the Django administration, for the admin modules of all apps."""

from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  registers what is taken out of the site below
from django.contrib import admin
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from emulation_bloc.lib.text import fold

from .forms.fields import Line
from .models import (
    Bloc,
    User,
)
from .records import audit

# SlugField is a CharField; {} keeps its own form field.
NAMES_IN_ONE_LINE: dict[Any, Any] = {models.CharField: {"form_class": Line}, models.SlugField: {}}


class KeptAdmin(admin.ModelAdmin):
    """Reference data: added and changed with an audit entry, never deleted."""

    formfield_overrides = NAMES_IN_ONE_LINE
    show_facets = admin.ShowFacets.NEVER

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        trace("admin.added", request, obj, message)
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> Any:
        trace("admin.changed", request, obj, message)
        return super().log_change(request, obj, message)


def trace(act: str, request: HttpRequest, obj: models.Model, message: Any) -> None:
    with transaction.atomic():
        audit.record(
            act,
            actor=cast(User, request.user),
            subject=obj,
            bloc=bloc_of(obj),
            details={"changes": message},
        )


def bloc_of(obj: models.Model) -> Bloc | None:
    return obj if isinstance(obj, Bloc) else getattr(obj, "bloc", None)


class RecordAdmin(admin.ModelAdmin):
    """Records that only the portal writes; read-only."""

    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FoldedSearch(admin.ModelAdmin):
    """Search without diacritics, in fields that are stored folded."""

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet, search_term: str
    ) -> tuple[QuerySet, bool]:
        return super().get_search_results(request, queryset, fold(search_term))


class KeptInline(admin.TabularInline):
    formfield_overrides = NAMES_IN_ONE_LINE
    extra = 0
    can_delete = False

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Labels each input for screen readers; visually the column heading does."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = field.label
        return field
