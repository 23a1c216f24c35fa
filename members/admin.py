"""Django admin for reference data and records. Every change has an audit entry.

Nothing can be deleted except a lost second factor. An administrator sets up a bloc with its boards,
first year and first people; afterwards the secretariat works in the portal's own pages, which check
permissions.
"""

from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  registers what is taken out of the site below
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.refusal import Refusal

from .administration import FoldedSearch, KeptAdmin, KeptInline, RecordAdmin, trace
from .forms.fields import KindsField
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
from .pages.guards import Visit, require_fresh_login
from .people import appointments

admin.site.site_header = _("Administration of the emulation blocs")
admin.site.site_title = _("Administration")
admin.site.index_title = _("Reference data and records")
# The portal's login page: it limits attempts and asks for the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Rights follow from posts and logins have names, so Django's groups and addresses are not used.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
admin.site.unregister(Authenticator)


class InlineOfYear(KeptInline):
    """Rows of a year, read-only once the year is closed."""

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_closed(obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_add_permission(request, obj) and not is_closed(obj)


def is_closed(year: BlocYear | None) -> bool:
    return year is not None and year.is_closed


class YearInline(KeptInline):
    """The years of a bloc: new ones are added here, existing ones changed on their own page."""

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
    """Board and name of an existing membership cannot be changed: seats, targets and comments refer
    to it.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in self.fields.keys() & {"board", "name"}:
                self.fields[name].disabled = True


class MembershipInline(InlineOfYear):
    model = Membership
    form = MembershipForm
    # Set only by the recorded decision of the bloc (members.history.continuation).
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
    # The secretariat closes a year, on a page that says what closing means.
    readonly_fields = ("closed_on",)
    inlines = (MembershipInline, StepInline)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_change_permission(request, obj) and not is_closed(obj)


class NameForm(forms.ModelForm):
    kinds = KindsField()


class NameInline(KeptInline):
    """The names of a board; a new board needs one. Stacked, as the row is too wide for a table."""

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
    """Only for choosing a year's name; names are edited on the page of their board."""

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
    """Read-only: the secretariat records successions on a page with a preview."""

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
    actions = ("give_link",)

    @admin.action(description=_("Void the password and give a one-time link"))
    def give_link(self, request: HttpRequest, people: QuerySet[Person]) -> None:
        """Show a one-time link for one selected person; the message is the only place where it
        appears.
        """
        require_fresh_login(cast(Visit, request))
        if len(people) != 1:
            messages.error(request, gettext("Choose one person: each gets a link of their own."))
            return
        try:
            admission = appointments.give_link(people[0], actor=cast(User, request.user))
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return
        sentence = gettext("One-time link of %(name)s, shown only now: %(link)s")
        told = {"name": admission.person.full_name, "link": admission.link}
        messages.success(request, sentence % told)


@admin.register(Post)
class PostAdmin(FoldedSearch, KeptAdmin):
    list_display = ("person", "title", "kind", "board", "bloc", "starts_on", "ends_on")
    list_filter = ("kind", ("ends_on", admin.EmptyFieldListFilter), "bloc")
    list_select_related = ("person", "board", "bloc")
    search_fields = ("person__folded", "board__names__folded", "board__code")
    autocomplete_fields = ("person", "board", "bloc")


@admin.register(User)
class UserAdmin(KeptAdmin, DjangoUserAdmin):
    """Logins. Permissions follow from the posts of the login's person."""

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
    """Second factors. One that is lost can be deleted here, with an audit entry."""

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
    """Mails and whether they were sent. The text is hidden: it may contain a one-time link."""

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
