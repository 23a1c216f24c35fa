"""What is due in the scoring of a year, from the boards and from the secretariat."""

import datetime as dt
from collections.abc import Iterator, Sequence

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear, Membership
from members.models.blocs import Role, StepKind
from members.records.due_dates import Audience, Obligation

from .addresses import address
from .appraising import cross_scoring
from .models import CrossDuty, Restriction, Scoring, Sheet
from .models.sheets import ScoringState, SheetState
from .result import objections
from .result.publication import never_handed_in
from .sheets import boards_together

DISQUALIFIED = Restriction.objects.disqualifying().filter(sheet=OuterRef("pk"))


def obligations(year: BlocYear) -> list[Obligation]:
    """Everything due, done or not. The number of queries does not depend on boards or criteria."""
    scoring = Scoring.objects.select_related("scale").filter(bloc_year=year).first()
    if scoring is None:
        return list(_open_the_scoring(year))
    scoring.bloc_year = year
    sheets = list(
        scoring.sheets.filter(membership__left_by__isnull=True)
        .select_related("membership__name")
        .annotate(is_disqualified=Exists(DISQUALIFIED))
        .order_by("membership__order")
    )
    if any(one.membership.carried_on_by_id for one in sheets):
        aside = boards_together.counted_in(scoring)
        sheets = [one for one in sheets if one.membership_id not in aside]
    awaited = [one for one in sheets if not (one.is_disqualified or never_handed_in(one))]
    return [
        *(_hand_in(year, scoring, sheet) for sheet in sheets),
        *cross_score(year, scoring, {one.membership_id for one in sheets}),
        *_of_appraisers(year, scoring, sheets, awaited),
    ]


def _step_of(year: BlocYear, kind: StepKind) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a step of the year's calendar; None for a day that is not set."""
    step = year.steps.filter(kind=kind).first()
    return (step.starts_on, step.ends_on) if step else (None, None)


def _open_the_scoring(year: BlocYear) -> Iterator[Obligation]:
    """Opening the scoring; due from the first day of self-scoring, and not listed before."""
    starts_on, _ends_on = _step_of(year, StepKind.SELF_SCORING)
    if starts_on is not None and starts_on <= localdate():
        yield Obligation(
            step="open_scoring",
            title=_("Open the scoring of the year"),
            note=_("Every board gets its sheet by the scale in force"),
            audience=Audience.SECRETARIAT,
            due_on=starts_on,
            url=address(year, "index"),
            action=_("Open"),
            page=address(year, "index"),
        )


def _hand_in(year: BlocYear, scoring: Scoring, sheet: Sheet) -> Obligation:
    """A board's duty to fill in and sign off its sheet, or to reply to returned lines."""
    came_back = sheet.state == SheetState.RETURNED
    is_done = not sheet.is_with_the_board or scoring.is_published
    return Obligation(
        step="sheet",
        title=_("Reply to the lines that came back")
        if came_back
        else _("Fill in the score sheet and have it signed off"),
        column=_("Score sheet"),
        note=_("A leader of the board signs it off"),
        audience=Audience.BOARD,
        membership=sheet.membership,
        due_on=sheet.reply_by if came_back else scoring.self_until,
        done_on=localdate(sheet.submitted_at or scoring.published_at) if is_done else None,
        url=address(year, "sheet", sheet.pk),
        action=_("Fill in"),
        page=address(year, "sheet", sheet.pk),
    )


def cross_score(year: BlocYear, scoring: Scoring, counted: set[int]) -> Iterator[Obligation]:
    """The duties of boards that have not left, for the sheets of the memberships `counted`. Done
    with the publication, after which no cross-scores can be given."""
    duties = CrossDuty.objects.filter(scoring=scoring, scorer__left_by__isnull=True)
    duties = duties.filter(sheet__membership__in=counted)
    for duty in duties.select_related("scorer__name", "sheet__membership__name"):
        if not cross_scoring.applies(duty):
            continue
        done_at = duty.done_at or scoring.published_at
        yield Obligation(
            step="cross_score",
            title=_("Cross-score %(board)s") % {"board": duty.sheet.membership.name.short_name},
            column=_("Cross-scoring"),
            audience=Audience.BOARD,
            membership=duty.scorer,
            due_on=scoring.self_until,
            done_on=localdate(done_at) if done_at else None,
            url=address(year, "cross_score", duty.pk),
            action=_("Score"),
            page=address(year, "index"),
        )


def _of_appraisers(
    year: BlocYear, scoring: Scoring, sheets: Sequence[Sheet], awaited: Sequence[Sheet]
) -> Iterator[Obligation]:
    """What is due from the secretariat, and from the deputy for the head's sheet: nobody appraises
    the own board or answers for it."""
    deputies = [one.membership for one in sheets if one.membership.role == Role.DEPUTY]
    if scoring.state == ScoringState.OPEN:
        yield from _appraise_and_publish(year, awaited, deputies)
    elif scoring.state == ScoringState.PUBLISHED:
        yield from _answer_and_agree(year, scoring, deputies)
    elif scoring.state == ScoringState.AGREED:
        yield secretariat(year, "finalise", _("Make the result final"), None, _("Make final"))


def _appraise_and_publish(
    year: BlocYear, awaited: Sequence[Sheet], deputies: Sequence[Membership]
) -> Iterator[Obligation]:
    """What is due before publication, for the sheets that the publication waits for."""
    _starts_on, ends_on = _step_of(year, StepKind.APPRAISAL)
    submitted = [sheet for sheet in awaited if sheet.state == SheetState.SUBMITTED]
    heads = [one for one in submitted if one.membership.role == Role.HEAD]
    if heads:
        the_head = _("Appraise the sheet of the head")
        for one in deputies:
            yield deputy(year, one, "appraise", the_head, the_head, ends_on, _("Appraise"))
    waiting = len(submitted) - len(heads)
    if waiting:
        title = _("Appraise %(count)d submitted sheets") % {"count": waiting}
        yield secretariat(year, "appraise", title, ends_on, _("Appraise"))
    if awaited and all(sheet.state == SheetState.APPRAISED for sheet in awaited):
        yield secretariat(year, "publish", _("Publish the scores"), ends_on, _("Publish"))


def _answer_and_agree(
    year: BlocYear, scoring: Scoring, deputies: Sequence[Membership]
) -> Iterator[Obligation]:
    """What is due between publication and conference: answers to objections, then the agreement."""
    until = scoring.objections_until
    waiting = objections.awaited(scoring)
    others = sum(year.bloc.head_title in one.answering for one in waiting)
    if heads := len(waiting) - others:
        title = _("Answer %(count)d objections that concern the head") % {"count": heads}
        for one in deputies:
            column = _("Answer objections that concern the head")
            yield deputy(year, one, "objections", title, column, until, _("Answer"))
    if others:
        title = _("Answer %(count)d objections") % {"count": others}
        yield secretariat(year, "objections", title, until, _("Answer"))
    _starts_on, ends_on = _step_of(year, StepKind.ANNUAL_REVIEW)
    yield secretariat(
        year, "agree", _("Have the scores agreed at the conference"), ends_on, _("Record")
    )


def deputy(
    year: BlocYear,
    membership: Membership,
    step: str,
    title: object,
    column: object,
    due_on: dt.date | None,
    action: object,
) -> Obligation:
    """An obligation of the deputy board."""
    return Obligation(
        step=step,
        title=title,  # type: ignore[arg-type]
        column=column,  # type: ignore[arg-type]
        audience=Audience.BOARD,
        membership=membership,
        due_on=due_on,
        url=address(year, "appraisal"),
        action=action,  # type: ignore[arg-type]
        page=address(year, "index"),
    )


def secretariat(
    year: BlocYear, step: str, title: object, due_on: dt.date | None, action: object
) -> Obligation:
    """An obligation of the secretariat."""
    return Obligation(
        step=step,
        title=title,  # type: ignore[arg-type]
        audience=Audience.SECRETARIAT,
        due_on=due_on,
        url=address(year, "appraisal"),
        action=action,  # type: ignore[arg-type]
        page=address(year, "appraisal"),
    )
