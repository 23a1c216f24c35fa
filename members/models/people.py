import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib.auth import get_backends
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from .blocs import Bloc
from .boards import Board
from .fields import FoldedField
from .reader import Reader


class User(AbstractUser):
    """A login. Permissions follow from the person's posts, not from the login."""

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Checks the rules for an object even for superusers.

        Django grants superusers everything; but administering the installation gives no right to
        sign or answer for a board.
        """
        if obj is None:
            return super().has_perm(perm)
        return self.is_active and any(
            backend.has_perm(self, perm, obj) for backend in get_backends()
        )

    @cached_property
    def current_posts(self) -> list["Post"]:
        """The posts held today, read once per request."""
        return list(
            Post.objects.current()
            .filter(person__user=self)
            .select_related("person", "board", "bloc")
            .order_by("pk")
        )


class PersonQuerySet(models.QuerySet["Person"]):
    def visible_to(self, user: Reader) -> "PersonQuerySet":
        """People with a present or past post in a bloc that the user may see."""
        return self.filter(pk__in=Post.objects.visible_to(user).values("person"))


class Person(models.Model):
    """Someone who acts for a board or observes for the ministry; with or without a login."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("login"),
    )
    full_name = models.CharField(_("full name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("telephone"), max_length=30, blank=True)
    is_sample = models.BooleanField(_("sample data"), default=False)
    folded = FoldedField("full_name", "email")

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name"]

    def __str__(self) -> str:
        return self.full_name


class PostKind(models.TextChoices):
    LEADER = "leader", _("Leader")
    DEPUTY_LEADER = "deputy_leader", _("Deputy leader")
    OFFICER = "officer", _("Contact officer")
    ACCOUNTANT = "accountant", _("Accountant")
    CASHIER = "cashier", _("Cashier")
    OBSERVER = "observer", _("Observer")


# Posts that may sign for a board; a deputy signs "KT." (for the leader).
SIGNING_POSTS = frozenset({PostKind.LEADER, PostKind.DEPUTY_LEADER})
# Posts that speak for a board: they comment, fill in its sheet and object; accountant and cashier
# do not.
SPEAKING_POSTS = SIGNING_POSTS | {PostKind.OFFICER}
# Posts that, in the head board, are the secretariat.
SECRETARIAT_POSTS = SPEAKING_POSTS


def current(on: dt.date | None = None) -> Q:
    """A condition for posts held on a day, today by default."""
    day = on or timezone.localdate()
    return Q(starts_on__lte=day) & (Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class PostQuerySet(models.QuerySet["Post"]):
    def current(self, on: dt.date | None = None) -> "PostQuerySet":
        return self.filter(current(on))

    def signing(self) -> "PostQuerySet":
        return self.filter(kind__in=SIGNING_POSTS)

    def visible_to(self, user: Reader) -> "PostQuerySet":
        """Posts in boards, or of observers, of the blocs that the user may see."""
        blocs = Bloc.objects.visible_to(user)
        return self.filter(Q(bloc__in=blocs) | Q(board__in=Board.objects.of_blocs(blocs)))


class Post(models.Model):
    """A post held in a board, or as observer of a bloc, from a day to a day (both included)."""

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="posts", verbose_name=_("person")
    )
    board = models.ForeignKey(
        "members.Board",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="posts",
        verbose_name=_("board"),
    )
    bloc = models.ForeignKey(
        "members.Bloc",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="observers",
        verbose_name=_("bloc observed"),
    )
    kind = models.CharField(_("kind of post"), max_length=20, choices=PostKind)
    title = models.CharField(
        _("post as printed"),
        max_length=120,
        help_text=_("As it stands on papers, for example “Trưởng ban”."),
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        ordering = ["kind", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="post_observes_a_bloc_or_serves_a_board",
                condition=Q(kind=PostKind.OBSERVER, bloc__isnull=False, board__isnull=True)
                | (~Q(kind=PostKind.OBSERVER) & Q(bloc__isnull=True, board__isnull=False)),
                violation_error_message=_("An observer belongs to a bloc, any other to a board."),
            ),
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A post cannot end before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.title}"

    def lasts_to(self, day: dt.date) -> bool:
        return self.ends_on is None or self.ends_on >= day

    @property
    def rank(self) -> tuple[int, dt.date]:
        """A sort key: leaders, deputies, officers, accountant, cashier, observers; then by first
        day.
        """
        return list(PostKind.values).index(self.kind), self.starts_on

    def is_current(self, on: dt.date | None = None) -> bool:
        day = on or timezone.localdate()
        return self.starts_on <= day and self.lasts_to(day)
