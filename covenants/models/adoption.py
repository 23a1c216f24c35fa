"""Rounds of voting on a paper, online or at a conference, and the votes cast."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.counting import Count, Outcome, outcome
from members.models import Membership
from members.models.blocs import MembershipQuerySet

from .drafts import Paper
from .kinds import VotingRule


class Method(models.TextChoices):
    ONLINE = "online", _("Online, each leader for the board")
    HANDS = "hands", _("Show of hands at a conference")


class Result(models.TextChoices):
    ADOPTED = "adopted", _("Adopted")
    REJECTED = "rejected", _("Not adopted")
    CALLED_OFF = "called_off", _("Called off")


class Voting(VotingRule):
    """One round of voting on the frozen text of a paper, with its own copy of the rule.

    The numbers are set at closing; those of an online round can be recounted from its votes.
    """

    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="votings", verbose_name=_("paper")
    )
    number = models.PositiveSmallIntegerField(_("round"))
    version = models.ForeignKey(
        "covenants.Version", on_delete=models.PROTECT, related_name="+", verbose_name=_("text")
    )
    method = models.CharField(_("method"), max_length=10, choices=Method)
    opened_at = models.DateTimeField(_("opened at"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    closes_on = models.DateField(_("last day of voting"), null=True)
    closed_at = models.DateTimeField(_("closed at"), null=True)
    result = models.CharField(_("result"), max_length=10, choices=Result, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    members = models.PositiveSmallIntegerField(_("members"))
    present = models.PositiveSmallIntegerField(_("taking part"), null=True)
    in_favour = models.PositiveSmallIntegerField(_("in favour"), null=True)
    against = models.PositiveSmallIntegerField(_("against"), null=True)
    abstaining = models.PositiveSmallIntegerField(_("abstaining"), null=True)

    held_on = models.DateField(_("held on"), null=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    chair = models.CharField(_("chaired by"), max_length=160, blank=True)
    secretary = models.CharField(_("minutes by"), max_length=160, blank=True)
    remarks = models.TextField(_("remarks"), blank=True)
    minutes = models.ForeignKey(
        "members.PaperOfRecord",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("minutes"),
    )

    class Meta:
        verbose_name = _("round of voting")
        verbose_name_plural = _("rounds of voting")
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="voting_round_once"),
            models.UniqueConstraint(
                fields=["paper"], condition=Q(closed_at=None), name="one_open_voting_a_paper"
            ),
            models.CheckConstraint(
                name="closed_voting_has_its_result",
                condition=Q(closed_at__isnull=True, result="")
                | Q(closed_at__isnull=False) & ~Q(result=""),
            ),
            models.CheckConstraint(
                name="called_off_voting_has_its_reason",
                condition=~Q(result=Result.CALLED_OFF) | ~Q(reason=""),
            ),
            models.CheckConstraint(
                name="decided_voting_has_possible_numbers",
                condition=~Q(result__in=[Result.ADOPTED, Result.REJECTED])
                | Q(
                    minutes__isnull=False,
                    in_favour__isnull=False,
                    against__isnull=False,
                    abstaining__isnull=False,
                    present__gte=F("in_favour") + F("against") + F("abstaining"),
                    present__lte=F("members"),
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper}, {self.number}"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def electorate(self) -> MembershipQuerySet:
        """The boards that may vote: all of the year, except those that left without
        having voted.
        """
        voted = Q(pk__in=self.votes.values("membership"))
        members = Membership.objects.filter(bloc_year=self.paper.bloc_year_id)
        return members.filter(Q(left_by__isnull=True) | voted)

    @property
    def count(self) -> Count | None:
        """The numbers of the round; None until it is decided."""
        if self.present is None:
            return None
        return Count(
            members=self.members,
            present=self.present,
            in_favour=self.in_favour or 0,
            against=self.against or 0,
            abstaining=self.abstaining or 0,
        )

    @property
    def outcome(self) -> Outcome | None:
        """The result by the round's rule; None until it is decided."""
        return outcome(self.rule, self.count) if self.count else None


class Choice(models.TextChoices):
    FOR = "for", _("In favour")
    AGAINST = "against", _("Against")
    ABSTAIN = "abstain", _("Abstaining")


class Vote(models.Model):
    """A board's vote, cast by a leader, or by a deputy with a proxy. It cannot be changed."""

    append_only = True

    voting = models.ForeignKey(
        Voting, on_delete=models.PROTECT, related_name="votes", verbose_name=_("round")
    )
    membership = models.ForeignKey(
        "members.Membership", on_delete=models.PROTECT, related_name="+", verbose_name=_("board")
    )
    choice = models.CharField(_("vote"), max_length=10, choices=Choice)
    post = models.ForeignKey(
        "members.Post", on_delete=models.PROTECT, related_name="+", verbose_name=_("post")
    )
    voter_name = models.CharField(_("voter"), max_length=120)
    voter_title = models.CharField(_("post of the voter"), max_length=120)
    proxy = models.CharField(_("proxy"), max_length=200, blank=True)
    cast_at = models.DateTimeField(_("cast at"))

    class Meta:
        verbose_name = _("vote")
        verbose_name_plural = _("votes")
        ordering = ["voting", "membership__order"]
        constraints = [
            models.UniqueConstraint(fields=["voting", "membership"], name="one_vote_a_board")
        ]

    def __str__(self) -> str:
        return f"{self.voting}: {self.membership}"
