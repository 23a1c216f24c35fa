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
        """Seats that a board has still to sign; that of a board which left the year never will."""
        return self.filter(signature__isnull=True, membership__left_by__isnull=True)

    def awaited(self) -> "PartyQuerySet":
        """The seats that make the paper complete: signed, or still to be."""
        return self.filter(Q(signature__isnull=False) | Q(membership__left_by__isnull=True))

    def are_full(self) -> bool:
        """Whether none of the seats waits any more; what nobody signed at all is not full."""
        return self.signed().exists() and not self.waiting().exists()


class Party(models.Model):
    """A board's seat at the end of a covenant, printed as it stood when the text was sealed."""

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
    # "Phó Trưởng ban" signing "KT. Trưởng ban": the post that is signed for, else empty.
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
        """Whether its board left the year before anybody signed for it."""
        return self.membership.has_left and not self.is_signed


class Signature(models.Model):
    """A seat that was signed: by whom, in which post, how, and the bytes before and after."""

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
    # The board that acted for the printed one, when it bore another name on that day.
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
        """Whether somebody else signed than the seat prints, or for a board of another name."""
        return bool(self.signer_board) or self.signer_name != self.party.printed_name

    @property
    def signer_in_full(self) -> str:
        """Name, post and, where it is not the printed one, the board of whoever signed."""
        return ", ".join(filter(None, (self.signer_name, self.signer_title, self.signer_board)))
