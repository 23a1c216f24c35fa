"""The administration of reference data. Every change is in the audit chain.

Nothing is deleted, but for a second factor that was lost with its telephone.

An administrator sets a bloc up: its boards, its first year, its first people. From then on the
secretariat works in the pages of the portal, and the acts there ask the rules.
"""

from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  registers what is taken out of the site below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import models, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.text import fold

from .forms import KindsField, Line
from .models import (
    AuditEntry,
    Bloc,
    BlocYear,
    Board,
    BoardName,
    Continuation,
    Membership,
    OutboxMessage,
    PaperOfRecord,
    Person,
    Post,
    StoredFile,
    Succession,
    SuccessionParty,
    User,
    YearStep,
)
from .records import audit

admin.site.site_header = _("Administration of the emulation blocs")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Reference data and records")
# One login for all: the portal's own counts failures and asks for the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights follow from posts, logins go by name: groups and addresses would be a second truth.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


# Addresses keep the field of their own.
NAMES_IN_ONE_LINE: dict[Any, Any] = {models.CharField: {"form_class": Line}, models.SlugField: {}}


class KeptAdmin(admin.ModelAdmin):
    """Reference data: added and changed with a trace in the audit chain, never deleted."""

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
    """What the portal itself writes: to be read, by nobody to be changed."""

    show_facets = admin.ShowFacets.NEVER

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class FoldedSearch(admin.ModelAdmin):
    """Searches with and without diacritics: the searched fields are stored folded."""

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
        """The heading of a column names its fields for the eye; a screen reader is told as well."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            field.widget.attrs["aria-label"] = field.label
        return field


class InlineOfYear(KeptInline):
    """Rows of a year; they cannot be touched once the year is closed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_closed(obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not is_closed(obj)


def is_closed(year: BlocYear | None) -> bool:
    return year is not None and year.is_closed


class YearInline(KeptInline):
    """The years of a bloc, to be opened from here; an existing one is changed on its own page."""

    model = BlocYear
    fields = ("year", "theme", "closed_on")
    readonly_fields = ("closed_on",)
    show_change_link = True

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Bloc)
class BlocAdmin(KeptAdmin):
    list_display = ("short_name", "label", "governing_body", "established_on", "is_sample")
    list_filter = ("label", "is_sample")
    search_fields = ("name", "short_name", "slug")
    prepopulated_fields = {"slug": ("short_name",)}
    inlines = (YearInline,)


class MembershipForm(forms.ModelForm):
    """A board that takes part stays the board it is, under its name of that year: seats, targets
    and comments hang on this row. Only a row that is being added is given them."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fields.keys() & {"board", "name"}:
                self.fields[name].disabled = True


class MembershipInline(InlineOfYear):
    model = Membership
    form = MembershipForm
    # Who carries a membership on is the bloc's decision, with its document.
    readonly_fields = ("carried_on_by", "left_by")
    autocomplete_fields = ("board", "name")
    ordering = ("order",)


class StepInline(InlineOfYear):
    model = YearStep


@admin.register(BlocYear)
class BlocYearAdmin(KeptAdmin):
    list_display = ("bloc", "year", "theme", "closed_on")
    list_display_links = ("bloc", "year")
    list_filter = ("bloc", "year", ("closed_on", admin.EmptyFieldListFilter))
    list_select_related = ("bloc",)
    search_fields = ("bloc__name", "bloc__short_name", "year", "theme")
    autocomplete_fields = ("bloc",)
    # A year is closed by its secretariat, on its own page, with the consequence spelled out.
    readonly_fields = ("closed_on",)
    inlines = (MembershipInline, StepInline)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_closed(obj)


class NameForm(forms.ModelForm):
    kinds = KindsField()


class NameInline(KeptInline):
    """A board without a name could stand nowhere: a new one is given its first. Too wide a row
    for a table."""

    model = BoardName
    form = NameForm
    template = "admin/edit_inline/stacked.html"
    min_num = 1

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, validate_min=obj is None, **kwargs)


@admin.register(Board)
class BoardAdmin(FoldedSearch, KeptAdmin):
    list_display = ("code", "latest_name", "dissolved_on")
    list_filter = (("dissolved_on", admin.EmptyFieldListFilter), "memberships__bloc_year__bloc")
    search_fields = ("code", "names__folded")
    inlines = (NameInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).prefetch_related("names")

    @admin.display(description=_("name"))
    def latest_name(self, board: Board) -> str:
        names = list(board.names.all())
        return names[-1].name if names else ""


@admin.register(BoardName)
class BoardNameAdmin(FoldedSearch, KeptAdmin):
    """For the choice of a year's name; names are written on the page of their board."""

    form = NameForm
    list_display = ("name", "board", "province", "since")
    list_filter = ("province",)
    list_select_related = ("board",)
    search_fields = ("folded", "board__code")
    autocomplete_fields = ("board",)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return False


class PartyInline(KeptInline):
    model = SuccessionParty


@admin.register(Continuation)
class ContinuationAdmin(RecordAdmin):
    list_display = ("bloc_year", "succession", "treatment", "document", "decided_on")
    list_filter = ("treatment", "bloc_year__bloc")
    list_select_related = ("bloc_year__bloc", "succession")
    search_fields = ("document", "note", "succession__document")


@admin.register(Succession)
class SuccessionAdmin(RecordAdmin):
    """Recorded by the secretariat, on a page that shows before what it changes."""

    list_display = ("kind", "document", "effective_on")
    list_display_links = ("kind", "document")
    list_filter = ("kind", "effective_on")
    search_fields = ("document", "note", "parties__board__code")
    inlines = (PartyInline,)


class PostInline(KeptInline):
    model = Post
    autocomplete_fields = ("board", "bloc")


@admin.register(Person)
class PersonAdmin(FoldedSearch, KeptAdmin):
    list_display = ("full_name", "user", "email", "phone", "is_sample")
    list_filter = ("posts__kind", "is_sample")
    list_select_related = ("user",)
    search_fields = ("folded", "phone", "user__username")
    autocomplete_fields = ("user",)
    inlines = (PostInline,)


@admin.register(Post)
class PostAdmin(FoldedSearch, KeptAdmin):
    list_display = ("person", "title", "kind", "board", "bloc", "starts_on", "ends_on")
    list_filter = ("kind", ("ends_on", admin.EmptyFieldListFilter), "bloc")
    list_select_related = ("person", "board", "bloc")
    search_fields = ("person__folded", "board__names__folded", "board__code")
    autocomplete_fields = ("person", "board", "bloc")


@admin.register(User)
class UserAdmin(KeptAdmin, DjangoUserAdmin):
    """Logins. What a login may do follows from the posts of its person."""

    list_display = ("username", "person", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff", "is_superuser")
    list_select_related = ("person",)
    search_fields = ("username", "person__full_name", "email")
    readonly_fields = ("last_login", "date_joined")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "email")}),
        (_("Administration"), {"fields": ("is_active", "is_staff", "is_superuser")}),
        (_("Dates"), {"fields": ("last_login", "date_joined")}),
    )


@admin.register(Authenticator)
class AuthenticatorAdmin(RecordAdmin):
    """Second factors. One that was lost with its telephone is taken away here, with a trace."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_filter = ("type",)
    list_select_related = ("user",)
    search_fields = ("user__username",)
    fields = ("user", "type", "created_at", "last_used_at")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("mfa.delete_authenticator")

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for authenticator in queryset:
            trace("admin.second_factor_removed", request, authenticator.user, authenticator.type)
        return super().log_deletions(request, queryset)


@admin.register(AuditEntry)
class AuditEntryAdmin(RecordAdmin):
    list_display = ("number", "at", "act", "actor_name", "actor_post", "subject", "bloc")
    list_filter = ("bloc", "act")
    list_select_related = ("bloc",)
    search_fields = ("act", "actor_name", "subject", "reason")
    date_hierarchy = "at"
    ordering = ("-number",)


@admin.register(StoredFile)
class StoredFileAdmin(RecordAdmin):
    list_display = ("sha256", "media_type", "size", "stored_at")
    list_filter = ("media_type",)
    search_fields = ("sha256",)
    date_hierarchy = "stored_at"


@admin.register(PaperOfRecord)
class PaperOfRecordAdmin(RecordAdmin):
    list_display = ("title", "bloc_year", "code", "file", "printed_at")
    list_filter = ("sort", "bloc_year__year")
    list_select_related = ("bloc_year__bloc", "file")
    search_fields = ("title", "code")
    date_hierarchy = "printed_at"


@admin.register(OutboxMessage)
class OutboxMessageAdmin(RecordAdmin):
    """Whether mails went out. Their text is not shown: it may hold somebody's one-time link."""

    list_display = ("recipient", "subject", "due_at", "sent_at", "attempts", "last_error")
    list_filter = (("sent_at", admin.EmptyFieldListFilter), "due_at")
    search_fields = ("recipient", "subject", "key")
    date_hierarchy = "due_at"
    fields = (
        "key",
        "recipient",
        "subject",
        "created_at",
        "due_at",
        "sent_at",
        "attempts",
        "last_error",
    )
