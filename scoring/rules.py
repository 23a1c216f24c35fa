"""Who may do what in the scoring of a year, after the operating regulation.

A board fills in its sheet and its leader signs it off. Head and deputy appraise, nobody their own
board; so the deputy appraises the head's sheet. The secretariat publishes and does what follows.
"""

from collections.abc import Set

import rules
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from members.models import BlocYear, User
from members.models.blocs import Role
from members.models.people import SECRETARIAT_POSTS, SIGNING_POSTS, SPEAKING_POSTS
from members.permissions import allow, unless
from members.rules import is_secretariat, year_is_open

from . import visibility
from .models import CrossDuty, Line, Objection, Scale, Scoring, Sheet


def serves_in(user: User, board: int | None, posts: frozenset[str]) -> bool:
    return board is not None and any(
        post.board_id == board and post.kind in posts for post in user.current_posts
    )


def keeps_the_year(user: User, year: BlocYear) -> bool:
    return bool(is_secretariat(user, year) and year_is_open(user, year))


@rules.predicate
def writes_the_scale(user: User, scale: Scale) -> bool:
    """The secretariat, as long as the paper that adopts the scale can be changed."""
    return keeps_the_year(user, scale.paper.bloc_year) and scale.paper.is_editable


@rules.predicate
def keeps_the_scoring(user: User, scoring: Scoring) -> bool:
    return keeps_the_year(user, scoring.bloc_year)


@rules.predicate
def fills_in(user: User, sheet: Sheet) -> bool:
    """Officers and leaders of the board, while the sheet is with it."""
    return speaks_for_its_board(user, sheet) and not obstacle_to_filling(sheet)


@rules.predicate
def signs_off(user: User, sheet: Sheet) -> bool:
    return bool(fills_in(user, sheet)) and leads_its_board(user, sheet)


def speaks_for_its_board(user: User, sheet: Sheet) -> bool:
    here = not sheet.membership.has_left
    return here and serves_in(user, sheet.membership.acting_board_id, SPEAKING_POSTS)


def leads_its_board(user: User, sheet: Sheet) -> bool:
    return serves_in(user, sheet.membership.acting_board_id, SIGNING_POSTS)


# Why an act is for nobody now, as a sentence; "" when somebody may do it.


def obstacle_in_time(scoring: Scoring) -> str:
    if scoring.bloc_year.is_closed:
        return gettext("The year is closed: nothing changes any more.")
    if not scoring.is_open:
        return gettext("The scores are published: nothing of the sheets changes any more.")
    return ""


def obstacle_to_appraising(sheet: Sheet) -> str:
    return obstacle_in_time(sheet.scoring)


def obstacle_to_filling(sheet: Sheet) -> str:
    if obstacle := obstacle_in_time(sheet.scoring):
        return obstacle
    if not sheet.is_with_the_board:
        return gettext("The sheet was submitted: only lines that come back are changed.")
    return ""


def obstacle_to_deciding(sheet: Sheet) -> str:
    is_closed = sheet.scoring.bloc_year.is_closed
    return gettext("The year is closed: nothing changes any more.") if is_closed else ""


def closed_to_objections(line: Line) -> str:
    return obstacle_to_deciding(line.sheet)


def closed_to_answers(objection: Objection) -> str:
    return obstacle_to_deciding(objection.line.sheet)


def obstacle_to_cross_scoring(duty: CrossDuty) -> str:
    if obstacle := obstacle_in_time(duty.scoring):
        return obstacle
    if duty.is_void:
        return gettext(
            "This cross-scoring is void: one of the two boards is no longer part of the year."
        )
    return ""


@rules.predicate
def may_appraise(user: User, sheet: Sheet) -> bool:
    """The people of head and deputy, but nobody the sheet of a board that they serve in; the
    head's own sheet is the deputy's to appraise, all others are the head's and the deputy's."""
    return appraises(user, sheet) and not sheet.scoring.bloc_year.is_closed


def appraises(user: User, sheet: Sheet) -> bool:
    is_party = is_in_the_board_of(user, sheet)
    return not is_party and bool(serves_head_or_deputy(user, sheet.scoring.bloc_year))


@rules.predicate
def serves_head_or_deputy(user: User, year: BlocYear) -> bool:
    appraising = {board for board, role in year.roles.items() if role in (Role.HEAD, Role.DEPUTY)}
    serving = {post.board_id for post in user.current_posts if post.kind in SECRETARIAT_POSTS}
    return bool(serving & appraising)


def is_in_the_board_of(user: User, sheet: Sheet) -> bool:
    """Whether the user holds any post, even cashier, in the board of the sheet."""
    return holds_a_post_in(user, {sheet.membership.acting_board_id})


def holds_a_post_in(user: User, boards: Set[int]) -> bool:
    return any(post.board_id in boards for post in user.current_posts)


@rules.predicate
def follows_the_appraisal(user: User, scoring: Scoring) -> bool:
    """Head and deputy see the progress of all boards, their own included."""
    return bool(serves_head_or_deputy(user, scoring.bloc_year))


@rules.predicate
def decides_about(user: User, sheet: Sheet) -> bool:
    """For decisions about a board: the secretariat for all others, the deputy for the head; nobody
    for a board in which they hold a post."""
    year = sheet.scoring.bloc_year
    if is_in_the_board_of(user, sheet):
        return False
    is_the_head = sheet.membership.acting_board_id == year.head_board_id
    return bool(serves_head_or_deputy(user, year) if is_the_head else is_secretariat(user, year))


@rules.predicate
def is_of_an_open_year(user: User, sheet: Sheet) -> bool:
    return not sheet.scoring.bloc_year.is_closed


@rules.predicate
def is_being_appraised(user: User, sheet: Sheet) -> bool:
    return sheet.scoring.is_open


@rules.predicate
def objects_for_a_member(user: User, line: Line) -> bool:
    """Whoever speaks for a board of the year, while objections are open."""
    return speaks_for_a_member(user, line) and not line.sheet.scoring.bloc_year.is_closed


def speaks_for_a_member(user: User, line: Line) -> bool:
    boards = line.sheet.scoring.bloc_year.roles
    return any(
        post.board_id in boards and post.kind in SPEAKING_POSTS for post in user.current_posts
    )


@rules.predicate
def may_answer(user: User, objection: Objection) -> bool:
    """The people of head and deputy, but nobody of the board that objects, nor of the one that is
    scored; where both are parties, nobody: the conference decides."""
    is_closed = objection.line.sheet.scoring.bloc_year.is_closed
    return answers(user, objection) and not is_closed


def answers(user: User, objection: Objection) -> bool:
    is_party = holds_a_post_in(user, objection.parties)
    return not is_party and appraises(user, objection.line.sheet)


@rules.predicate
def cross_scores(user: User, duty: CrossDuty) -> bool:
    return was_drawn(user, duty) and not obstacle_to_cross_scoring(duty)


def was_drawn(user: User, duty: CrossDuty) -> bool:
    speaks = serves_in(user, duty.scorer.acting_board_id, SPEAKING_POSTS)
    return speaks and not is_in_the_board_of(user, duty.sheet)


@rules.predicate
def sees_the_ranking(user: User, scoring: Scoring) -> bool:
    return visibility.visibility_of(user, scoring).sees_ranking


@rules.predicate
def compares_the_boards(user: User, scoring: Scoring) -> bool:
    return visibility.visibility_of(user, scoring).sees_all_points


@rules.predicate
def reads_the_appraisal(user: User, scoring: Scoring) -> bool:
    return visibility.visibility_of(user, scoring).sees_all_figures


@rules.predicate
def reads_the_figures(user: User, sheet: Sheet) -> bool:
    return visibility.visibility_of(user, sheet.scoring).sees_figures_of(sheet.membership_id)


@rules.predicate
def tries_figures(user: User, scoring: Scoring) -> bool:
    """Appraisers, who see all figures anyway; nothing is written."""
    return visibility.visibility_of(user, scoring).appraises


def register() -> None:
    allow(
        "scoring.write_scale",
        writes_the_scale,
        otherwise=_(
            "Only the secretariat writes the scale, and only before its paper is voted on."
        ),
    )
    allow(
        "scoring.keep",
        keeps_the_scoring,
        otherwise=_("Only the secretariat of an open year may do that."),
    )
    register_filling()
    register_appraisal()
    register_after_publication()
    register_cross_scoring()
    register_reading()


def register_filling() -> None:
    allow(
        "scoring.fill",
        fills_in,
        otherwise=unless(
            speaks_for_its_board,
            obstacle_to_filling,
            _("Only officers and leaders of the board write on its sheet, while it is theirs."),
        ),
    )
    allow(
        "scoring.sign_off",
        signs_off,
        otherwise=unless(
            leads_its_board,
            obstacle_to_filling,
            _("Only a leader of the board signs its sheet off."),
        ),
    )


def register_appraisal() -> None:
    allow(
        "scoring.appraise",
        may_appraise & is_being_appraised,
        otherwise=unless(
            appraises,
            obstacle_to_appraising,
            _("Head and deputy appraise, nobody the sheet of the own board."),
        ),
    )
    allow(
        "scoring.follow",
        follows_the_appraisal,
        otherwise=_("Only head and deputy see how far the appraisal is."),
    )
    not_for_the_own_board = _(
        "The secretariat sets this, for the head's own sheet the deputy; nobody does for the own "
        "board."
    )
    allow(
        "scoring.set_task",
        decides_about & is_of_an_open_year,
        otherwise=unless(decides_about, obstacle_to_deciding, not_for_the_own_board),
    )
    # A hold may be resolved after the year was closed.
    allow("scoring.resolve_hold", decides_about, otherwise=not_for_the_own_board)


def register_after_publication() -> None:
    allow(
        "scoring.object",
        objects_for_a_member,
        otherwise=unless(
            speaks_for_a_member,
            closed_to_objections,
            _("Only officers and leaders of a board of the year object."),
        ),
    )
    allow(
        "scoring.answer",
        may_answer,
        otherwise=unless(
            answers,
            closed_to_answers,
            _(
                "Head and deputy answer objections, nobody one that the own board makes or that "
                "is about its sheet."
            ),
        ),
    )


def register_cross_scoring() -> None:
    allow(
        "scoring.cross_score",
        cross_scores,
        otherwise=unless(
            was_drawn,
            obstacle_to_cross_scoring,
            _(
                "Only officers and leaders of the board that was drawn score here, and nobody the "
                "own board."
            ),
        ),
    )


def register_reading() -> None:
    allow(
        "scoring.see_ranking",
        sees_the_ranking,
        otherwise=_("Until the scores are published, only head and deputy see the ranking."),
    )
    allow(
        "scoring.compare",
        compares_the_boards,
        otherwise=_(
            "Until the scores are published, or when the scale opens totals alone, only head and "
            "deputy compare the boards."
        ),
    )
    allow(
        "scoring.read_appraisal",
        reads_the_appraisal,
        otherwise=_("The scale does not open figures and reasons; only head and deputy read them."),
    )
    allow(
        "scoring.read_figures",
        reads_the_figures,
        otherwise=_("The scale opens the points of this board, not its figures and explanations."),
    )
    allow(
        "scoring.try_figures",
        tries_figures,
        otherwise=_("Only head and deputy try out other figures."),
    )
