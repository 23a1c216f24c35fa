"""Django admin of covenants: the legal register and kinds are edited, records are read-only."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.refusal import Refusal
from members.administration import FoldedSearch, KeptAdmin
from members.records import files

from .forms.laws import LawAdminForm
from .laws import registering
from .models import (
    Covenant,
    LegalReference,
    Paper,
    PaperKind,
    Signature,
    SigningKey,
    Version,
    Voting,
)
from .papers import dossier


class ReadOnly(admin.ModelAdmin):
    """Rows that only act functions write."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Covenant)
class CovenantAdmin(ReadOnly):
    """Covenants, read-only: drafts are edited in the portal, which keeps versions and audit
    entries.
    """

    list_display = ["title", "bloc", "year", "state", "seats", "sealed_at", "completed_at"]
    list_filter = ["state", "bloc_year__bloc", "bloc_year__year"]
    search_fields = ["title", "bloc_year__bloc__name", "code"]
    list_select_related = ["bloc_year__bloc"]
    actions = ["export_pdf", "export_dossier"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Covenant]:
        papers = super().get_queryset(request)
        return papers.annotate(
            seat_count=Count("parties"), signed_count=Count("parties__signature")
        )

    @admin.display(description=_("bloc"), ordering="bloc_year__bloc__name")
    def bloc(self, paper: Covenant) -> str:
        return str(paper.bloc_year.bloc)

    @admin.display(description=_("year"), ordering="bloc_year__year")
    def year(self, paper: Covenant) -> int:
        return paper.bloc_year.year

    @admin.display(description=_("seats filled"), ordering="signed_count")
    def seats(self, paper: Any) -> str:
        return f"{paper.signed_count}/{paper.seat_count}" if paper.seat_count else "–"

    @admin.action(description=_("Export PDF"), permissions=["view"])
    def export_pdf(self, request: HttpRequest, papers: QuerySet[Covenant]) -> HttpResponse | None:
        return self.handed_out(request, papers, one_pdf, dossier.documents, "giao-uoc.zip")

    @admin.action(description=_("Export signed dossier (ZIP)"), permissions=["view"])
    def export_dossier(
        self, request: HttpRequest, papers: QuerySet[Covenant]
    ) -> HttpResponse | None:
        return self.handed_out(request, papers, one_dossier, dossier.dossiers, "ho-so-giao-uoc.zip")

    def handed_out(
        self,
        request: HttpRequest,
        papers: QuerySet[Covenant],
        one: Callable[[Paper], HttpResponse],
        many: Callable[[Sequence[Paper]], bytes],
        name: str,
    ) -> HttpResponse | None:
        """One paper as its own file, several in one ZIP; a refusal is shown as a message."""
        chosen = list(papers.select_related("bloc_year__bloc", "document", "certificate"))
        try:
            return one(chosen[0]) if len(chosen) == 1 else attached(many(chosen), name)
        except Refusal as refusal:
            self.message_user(request, str(refusal), messages.ERROR)
            return None


def one_pdf(paper: Paper) -> HttpResponse:
    return attached(dossier.document(paper), dossier.document_name(paper))


def one_dossier(paper: Paper) -> HttpResponse:
    return attached(dossier.dossier(paper), dossier.dossier_name(paper))


def attached(content: bytes, name: str) -> HttpResponse:
    media_type = "application/zip" if name.endswith(".zip") else "application/pdf"
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "X-Content-Type-Options": "nosniff"}
    return HttpResponse(content, content_type=media_type, headers=headers)


@admin.register(PaperKind)
class PaperKindAdmin(KeptAdmin):
    """Kinds of papers. Code and route cannot be changed: other apps and existing papers rely on
    them.
    """

    list_display = ["name", "type_name", "symbol", "route", "lasts", "is_single", "order"]
    list_filter = ["route", "lasts"]
    search_fields = ["name", "code"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        return ["code", "route"] if obj else []


@admin.register(Voting)
class VotingAdmin(ReadOnly):
    """Rounds of voting with their numbers. Single votes are not shown."""

    list_display = ["paper", "number", "method", "opened_at", "closed_at", "result"]
    list_filter = ["method", "result", "paper__bloc_year__year"]
    list_select_related = ["paper__bloc_year"]


@admin.register(LegalReference)
class LegalReferenceAdmin(FoldedSearch, KeptAdmin):
    """The legal register, editable. Documents cannot be deleted: papers cite them."""

    form = LawAdminForm
    list_display = [
        *("__str__", "subject", "issuer", "issued_on", "effective_on", "expired_on"),
        *("replaced_by", "is_second_hand"),
    ]
    list_filter = [
        *("kind", "issuer", "is_second_hand"),
        ("expired_on", admin.EmptyFieldListFilter),
        ("replaced_by", admin.EmptyFieldListFilter),
    ]
    list_select_related = ["replaced_by"]
    search_fields = ["folded"]
    date_hierarchy = "issued_on"
    autocomplete_fields = ["replaced_by", "amends"]
    readonly_fields = ["file"]
    fields = [*LawAdminForm.Meta.fields, "file", "text"]

    def save_model(
        self, request: HttpRequest, obj: LegalReference, form: Any, change: bool
    ) -> None:
        if text := form.cleaned_data["text"]:
            obj.file = files.store(text, media_type=registering.PDF)
        super().save_model(request, obj, form, change)


@admin.register(Version)
class VersionAdmin(ReadOnly):
    list_display = ["paper", "number", "occasion", "taken_at", "taken_by"]
    list_filter = ["occasion", "paper__bloc_year__year"]
    list_select_related = ["paper__bloc_year", "taken_by"]


@admin.register(Signature)
class SignatureAdmin(ReadOnly):
    list_display = ["signer_name", "signer_title", "party", "method", "signed_at"]
    list_filter = ["method", "party__paper__bloc_year__year"]
    search_fields = ["signer_name", "party__printed_board"]
    list_select_related = ["party"]


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly):
    """Signing keys without certificate and encrypted private key."""

    list_display = ["person", "serial", "made_at", "locked_until", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    search_fields = ["person__folded", "serial"]
    list_select_related = ["person"]
    exclude = ["sealed_private_key", "certificate"]
