from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear

from .drafts import Paper, PaperQuerySet
from .kinds import COVENANT

if TYPE_CHECKING:
    from members.models import User


class CovenantManager(models.Manager.from_queryset(PaperQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> PaperQuerySet:
        covenants: PaperQuerySet = super().get_queryset().filter(kind=COVENANT)
        return covenants


class Covenant(Paper):
    """The kind of paper that all boards of the year sign."""

    objects = CovenantManager()  # type: ignore[misc]

    class Meta:
        proxy = True
        verbose_name = _("covenant")
        verbose_name_plural = _("covenants")

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.kind_id = COVENANT
        super().save(*args, **kwargs)


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, user: "User") -> "PartyQuerySet":
        return self.filter(paper__bloc_year__in=BlocYear.objects.visible_to(user))

    def signed(self) -> "PartyQuerySet":
        return self.filter(signature__isnull=False)

    def waiting(self) -> "PartyQuerySet":
        """Seats not signed yet, except those of boards that left the year."""
        return self.filter(signature__isnull=True, membership__left_by__isnull=True)

    def awaited(self) -> "PartyQuerySet":
        """The seats that count for completion: signed, or still to be signed."""
        return self.filter(Q(signature__isnull=False) | Q(membership__left_by__isnull=True))

    def are_full(self) -> bool:
        """Whether at least one seat is signed and none is waiting."""
        return self.signed().exists() and not self.waiting().exists()


class Party(models.Model):
    """A board's seat in the signature grid, with the names printed at sealing."""

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="parties", verbose_name=_("covenant")
    )
    membership = models.ForeignKey(
        "members.Membership",
        on_delete=models.PROTECT,
        related_name="parties",
        verbose_name=_("board"),
    )
    order = models.PositiveSmallIntegerField(_("order"))
    field_name = models.CharField(_("signature field"), max_length=40)
    is_head = models.BooleanField(_("head"), default=False)
    printed_board = models.CharField(_("board as printed"), max_length=200)
    printed_post = models.CharField(_("post as printed"), max_length=120)
    printed_name = models.CharField(_("name as printed"), max_length=120)
    # The post signed for ("Trưởng ban") if a deputy signs "KT. Trưởng ban"; else empty.
    signs_for = models.CharField(_("signs for"), max_length=120, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("party")
        verbose_name_plural = _("parties")
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "membership"], name="board_once_a_covenant"),
            models.UniqueConstraint(fields=["paper", "field_name"], name="one_field_a_seat"),
        ]

    def __str__(self) -> str:
        return f"{self.order}. {self.printed_board}"

    @property
    def is_signed(self) -> bool:
        return hasattr(self, "signature")

    @property
    def is_given_up(self) -> bool:
        """Whether the board left the year without signing."""
        return self.membership.has_left and not self.is_signed


class Signature(models.Model):
    """A signed seat: by whom, in which post, how, and the file before and after."""

    append_only = True

    class Method(models.TextChoices):
        PORTAL = "portal", _("Signed in the portal")

    party = models.OneToOneField(
        Party, on_delete=models.PROTECT, related_name="signature", verbose_name=_("seat")
    )
    post = models.ForeignKey(
        "members.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("post")
    )
    signer_name = models.CharField(_("signed by"), max_length=120)
    signer_title = models.CharField(_("in the post of"), max_length=120)
    # The acting board, if its name on that day was not the printed one.
    signer_board = models.CharField(_("of the board"), max_length=200, blank=True, default="")
    method = models.CharField(_("method"), max_length=10, choices=Method)
    signed_at = models.DateTimeField(_("signed at"))
    key = models.ForeignKey(
        "covenants.SigningKey",
        on_delete=models.PROTECT,
        related_name="signatures",
        verbose_name=_("signing key"),
    )
    before = models.OneToOneField(
        "members.StoredFile",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("document before"),
    )
    after = models.OneToOneField(
        "members.StoredFile",
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("document after"),
    )

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        ordering = ["signed_at", "pk"]

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.party}"

    @property
    def differs_from_print(self) -> bool:
        """Whether another person than the printed one signed, or the board now has another name."""
        return bool(self.signer_board) or self.signer_name != self.party.printed_name

    @property
    def signer_in_full(self) -> str:
        """Name and post of the signer, and the board if it is not the printed one."""
        return ", ".join(filter(None, (self.signer_name, self.signer_title, self.signer_board)))
