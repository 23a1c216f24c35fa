"""An adopted paper gets its number and goes to the head's leader to be signed."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from emulation_bloc.lib.days import refuse_ahead
from emulation_bloc.lib.refusal import Refusal
from members.models import User
from members.permissions import require
from members.records import numbering as numbers
from members.records.acts import state_after
from members.records.numbering import Numbering

from ..models import Paper
from ..models.drafts import PAPER_TRANSITIONS
from ..papers import printing
from ..signing import sealing
from ..transitions import lock

# The book of numbers that all papers of a bloc share.
BOOK = "papers"


class NobodySigns(Refusal):
    """The head board has no leader who could sign."""


@transaction.atomic
def issue(
    paper: Paper,
    *,
    numbering: Numbering,
    dated_on: dt.date,
    effective_on: dt.date,
    expires_on: dt.date | None,
    actor: User,
) -> Paper:
    """Number, date and print an adopted paper, and open the one seat of the head's leader.

    The text is the one that was adopted; only its number and date are new. In force from
    `effective_on` once it is signed, until the day before `expires_on`. Asks "covenants.keep";
    raises NotNow, NobodySigns,
    NumberTaken, and StillToCome before the paper's own date.
    """
    paper = lock(paper)
    require(actor, "covenants.keep", paper)
    state_after(paper, PAPER_TRANSITIONS, "issue")
    refuse_ahead(dated_on, _("A paper is numbered from its own date on, not before."))
    if effective_on < dated_on:
        raise Refusal(_("A paper takes effect on its own date or later."))
    if expires_on is not None and expires_on <= effective_on:
        raise Refusal(_("A paper must be in force for at least one day."))
    seats = printing.seats_to_be(paper)
    if not seats or not seats[0].printed_name:
        raise NobodySigns(_("The head board has no leader who could sign."))
    paper.dated_on, paper.effective_on, paper.expires_on = dated_on, effective_on, expires_on
    # Numbers run in the calendar year of the paper's date, as offices keep their books.
    bloc = paper.bloc_year.bloc
    numbers.give_number(paper, numbering, bloc=bloc, book=BOOK, year=dated_on.year)
    paper.save()
    return sealing.open_seats(paper, "issue", seats, actor=actor)
