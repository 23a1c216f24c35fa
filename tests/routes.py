"""Every route of the portal with valid arguments, for tests that visit all of them."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from covenants.adoption import voting as adoption_voting
from covenants.models import LegalReference, Paper
from covenants.papers import consultation
from members.history.changes import Change
from members.models import BlocYear, Succession, User
from members.records import files
from scoring.models import Criterion, CrossDuty, Objection, Restriction, Scale, Scoring
from scoring.result import conference, objections
from tests.mergers import merge
from tests.people import (
    PASSWORD,
    Cast,
    adopt,
    draft_covenant,
    draft_regulation,
    enrol,
    issue,
    join,
    make_year,
    party_of,
    seal_covenant,
    sign,
)
from tests.scoring.scales import draft_scale, hand_in, line_of, open_year, published_year, sheet_of


@dataclass
class Scene:
    """A bloc with a year in consultation (2019), its covenant and other papers in every state, and
    a year in signing and in scoring (2020)."""

    cast: Cast
    drafting: Paper
    regulation: Paper
    voting: Paper
    adopted: Paper
    issued: Paper
    complete: Paper
    signing: Paper
    change: Succession
    # A scale that is being written, in 2017.
    writing: Scale
    # 2020, in which the boards fill in their sheets; 2018, whose scores are published.
    scoring: Scoring
    published: Scoring
    # In 2018: of the member board about its own sheet, and against the same board.
    objection: Objection
    hold: Restriction
    admin: User
    law: LegalReference

    @property
    def year(self) -> BlocYear:
        return self.cast.year

    @property
    def signing_year(self) -> BlocYear:
        return self.signing.bloc_year


def make_scene(cast: Cast) -> Scene:
    drafting = discuss(draft_covenant(cast.year, actor=cast.chi), cast)
    regulation = discuss(draft_regulation(cast.year, actor=cast.chi), cast)
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    join(year, cast.board)
    signing = seal_covenant(year, actor=cast.chi)
    enrol(cast.an)
    sign(signing, cast.head, actor=cast.an)
    adopted = {kind: adopted_paper(kind, cast) for kind in ("fund_regulation", "document")}
    published = published_year(cast)
    issued = issue(adopted_paper("exchange_plan", cast), actor=cast.chi)
    return Scene(
        cast=cast,
        drafting=drafting,
        regulation=regulation,
        voting=put_to_vote(draft_regulation(cast.year, actor=cast.chi, kind="point_scale"), cast),
        adopted=adopted["fund_regulation"],
        issued=issued,
        complete=signed(issue(adopted["document"], actor=cast.chi), cast),
        signing=Paper.objects.get(pk=signing.pk),
        change=pass_zones(cast),
        writing=written_scale(cast),
        scoring=with_evidence(open_year(year, actor=cast.chi, leader=cast.an), cast),
        published=published,
        objection=objection_to(published, cast),
        hold=held_back(published, cast),
        admin=User.objects.create_superuser("quantri", password=PASSWORD),
        law=law_with_text(drafting),
    )


def objection_to(scoring: Scoring, cast: Cast) -> Objection:
    line = line_of(sheet_of(scoring, cast.board), "I.2")
    return objections.make_objection(
        line, membership=line.sheet.membership, text="Đề nghị xem lại.", actor=cast.binh
    )


def held_back(scoring: Scoring, cast: Cast) -> Restriction:
    return conference.restrict(
        sheet_of(scoring, cast.board),
        kind="award_hold",
        reason="Chưa nộp quỹ.",
        document="Thông báo số 3",
        content=b"%PDF-1.7 sample",
        media_type="application/pdf",
        file_name="thong-bao.pdf",
        on=dt.date(2019, 1, 6),
        actor=cast.chi,
    )


def written_scale(cast: Cast) -> Scale:
    year = make_year(cast.bloc, 2017)
    join(year, cast.head, role="head")
    join(year, cast.board)
    return draft_scale(year, actor=cast.chi)


def discuss(paper: Paper, cast: Cast) -> Paper:
    """The paper in consultation, with a comment of Bình's board on its first article."""
    consultation.open_consultation(paper, actor=cast.chi)
    consultation.comment(
        Paper.objects.get(pk=paper.pk),
        article=paper.articles.first(),
        text="Đề nghị nêu rõ hơn.",
        actor=cast.binh,
    )
    return Paper.objects.get(pk=paper.pk)


def adopted_paper(kind: str, cast: Cast) -> Paper:
    return adopt(draft_regulation(cast.year, actor=cast.chi, kind=kind), actor=cast.chi)


def put_to_vote(paper: Paper, cast: Cast) -> Paper:
    """The paper in an online vote, in which the head's leader has voted."""
    consultation.open_consultation(paper, actor=cast.chi)
    terms = adoption_voting.proposed_terms(paper)
    voting = adoption_voting.put_to_vote(paper, terms=terms, actor=cast.chi)
    head = cast.year.memberships.get(board=cast.head)
    adoption_voting.cast_vote(voting, head, choice="for", proxy="", actor=cast.an)
    return Paper.objects.get(pk=paper.pk)


def signed(paper: Paper, cast: Cast) -> Paper:
    sign(paper, cast.head, actor=cast.an)
    return Paper.objects.get(pk=paper.pk)


def law_with_text(paper: Paper) -> LegalReference:
    law = paper.references.get()
    law.file = files.store(b"%PDF-1.7 sample", media_type="application/pdf")
    law.save()
    return law


def pass_zones(cast: Cast) -> Succession:
    """A change of boards after which both go on: it takes nothing from the rest of the scene."""
    change = Change(
        kind=Succession.Kind.SCOPE_TRANSFER,
        document="Quyết định 1012/QĐ-UBND",
        effective_on=dt.date(2025, 8, 18),
        parents=(cast.board,),
        children=(cast.head,),
    )
    return merge(cast.year, change, actor=cast.chi)


def names(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[str]:
    """The full name of every route, those of the admin and of the accounts included."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name or pattern.pattern}"
        else:
            yield from names(
                pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else "")
            )


def arguments(scene: Scene, name: str) -> dict[str, Any]:
    """Arguments with which the route leads to something of the own bloc."""
    if name.startswith("covenants:paper:"):
        return in_year(scene.year) | of_regulation(scene, name.rpartition(":")[2])
    if name.startswith("scoring:"):
        return of_scoring(scene, name.rpartition(":")[2])
    special = elsewhere(scene) | of_people(scene) | of_covenant(scene)
    return {**(in_year(scene.year) if is_in_year(name) else {}), **special.get(name, {})}


def elsewhere(scene: Scene) -> dict[str, dict[str, Any]]:
    return {
        "decide": {"pk": scene.change.pk},
        "covenants_public:verify": {"code": scene.signing.code},
        "account_reset_password_from_key": {"uidb36": "1", "key": "x-y"},
        "mfa_remove_webauthn": {"pk": 1},
        "mfa_edit_webauthn": {"pk": 1},
    }


def of_people(scene: Scene) -> dict[str, dict[str, Any]]:
    """People and posts are changed in the newest open year only."""
    person, newest = scene.cast.em.person, in_year(scene.signing_year)
    return {
        "members:board": {"code": scene.cast.board.code},
        "members:person": {"pk": person.pk},
        "members:invite": newest,
        "members:admission": newest,
        "members:appoint": {**newest, "pk": person.pk},
        "members:reset_password": {**newest, "pk": person.pk},
        "covenants:revoke_of": {**newest, "pk": scene.cast.an.person.pk},
        "members:end_post": {**newest, "pk": person.pk, "post_pk": person.posts.get().pk},
    }


def of_covenant(scene: Scene) -> dict[str, dict[str, Any]]:
    article = {"pk": scene.drafting.articles.get().pk}
    indicator = {"pk": scene.drafting.indicators.get().pk}
    signed = party_of(scene.signing, scene.cast.head)
    waiting = party_of(scene.signing, scene.cast.board)
    signing = in_year(scene.signing_year)
    return {
        "covenants:download": {**signing, "what": "van-ban"},
        "covenants:answer": {"pk": scene.drafting.comments.get().pk},
        "covenants:article": article,
        "covenants:move_article": article,
        "covenants:remove_article": article,
        "covenants:annulled": {"pk": scene.drafting.pk},
        "covenants:indicator": indicator,
        "covenants:move_indicator": indicator,
        "covenants:remove_indicator": indicator,
        "covenants:annul": signing,
        "covenants:sign": {**signing, "pk": waiting.pk},
        "covenants:receipt": {**signing, "pk": signed.pk},
        "covenants:seat_picture": {**signing, "pk": signed.pk},
        "covenants:law": {"pk": scene.law.pk},
        "covenants:law_file": {"pk": scene.law.pk},
        "covenants:wall": signing,
        "covenants:wall_seats": signing,
    }


def of_regulation(scene: Scene, page: str) -> dict[str, Any]:
    """Where the pages of a paper that is not the covenant lead to: a paper in the right state."""
    in_state = {
        "votings": scene.voting,
        "vote": scene.voting,
        "close_voting": scene.voting,
        "call_off": scene.voting,
        "minutes": scene.adopted,
        "issue": scene.adopted,
        "annul": scene.issued,
        "sign": scene.issued,
        "receipt": scene.complete,
        "download": scene.complete,
        "withdraw": scene.complete,
    }
    paper = in_state.get(page, scene.regulation)
    article = {"pk": paper.articles.first().pk}
    special: dict[str, dict[str, Any]] = {
        "download": {"what": "van-ban"},
        "answer": {"pk": scene.regulation.comments.get().pk},
        "article": article,
        "move_article": article,
        "remove_article": article,
        "minutes": {"number": 1},
        "sign": {"pk": scene.issued.parties.get().pk},
        "receipt": {"pk": scene.complete.parties.get().pk},
    }
    return {"paper_pk": paper.pk, **special.get(page, {})}


def of_scoring(scene: Scene, page: str) -> dict[str, Any]:
    """Pages of the year in scoring lead to the member board's sheet, those that come later to the
    published year."""
    sheet = sheet_of(scene.scoring, scene.cast.board)
    own = {"pk": sheet.pk}
    evidence = {**own, "evidence_pk": sheet.evidence.get().pk}
    published = in_year(scene.published.bloc_year)
    other = {**published, "pk": sheet_of(scene.published, scene.cast.head).pk}
    special: dict[str, dict[str, Any]] = {
        "open": in_year(scene.year),
        **dict.fromkeys(OF_A_SHEET, own),
        "line": {**own, "line_pk": line_of(sheet, "I.1").pk},
        **dict.fromkeys(("evidence", "use_evidence", "drop_evidence"), evidence),
        "ranking": published,
        "comparison": published,
        "what_if": published,
        "board_result": other,
        "sheet_paper": other,
        "summary_paper": published,
        "comparison_paper": published,
        "appraisal_minutes": published,
    }
    special |= of_appraisal(scene)
    return {**in_year(scene.signing_year), **of_the_scale(scene, page), **special.get(page, {})}


def of_appraisal(scene: Scene) -> dict[str, dict[str, Any]]:
    """The head appraises the member board's sheet of the year in scoring; objections and what
    follows are of the published year, whose deputy that board is."""
    sheet = sheet_of(scene.scoring, scene.cast.board)
    own = {"pk": sheet.pk}
    published = in_year(scene.published.bloc_year)
    seen = sheet_of(scene.published, scene.cast.board)
    line = {**published, "pk": line_of(seen, "I.2").pk}
    outside = {"line_pk": line_of(sheet, "II.2").pk}
    duty = {"pk": scene.scoring.duties.get().pk}
    acts = (
        *("appraise_line", "take_as_proposed", "return_lines", "recall"),
        *("conclude", "reopen", "restrict"),
    )
    later = ("take_back", "objections", "agree", "finalise", "rule_on_tie")
    return {
        **dict.fromkeys(("appraise", "appraised_points", *acts), own),
        **dict.fromkeys(later, published),
        "outside_score": {**own, **outside},
        "cross_score": duty,
        "cross_evidence": {**duty, "evidence_pk": sheet.evidence.get().pk},
        "agreed_lines": {**published, "pk": seen.pk},
        "object": line,
        "change_agreed": line,
        "answer_objection": {**published, "pk": scene.objection.pk},
        "resolve_hold": {**published, "pk": scene.hold.pk},
        "restriction_file": {**published, "pk": scene.hold.pk},
    }


OF_A_SHEET = (*("sheet", "save_figures", "add_evidence", "submit", "sheet_excel", "sheet_import"),)


def with_evidence(scoring: Scoring, cast: Cast) -> Scoring:
    sheet = sheet_of(scoring, cast.board)
    hand_in(sheet, "I.1", actor=cast.binh)
    # What the small scale has not: a body outside scores II.2, and the member board the head.
    Criterion.objects.filter(scale=scoring.scale, code="II.2").update(owner="outside")
    CrossDuty.objects.create(
        scoring=scoring, scorer=sheet.membership, sheet=sheet_of(scoring, cast.head)
    )
    return scoring


def of_the_scale(scene: Scene, page: str) -> dict[str, Any]:
    """Pages that write the scale lead to the one in the making."""
    scale = scene.writing
    group = {"pk": scale.groups.get(code="II").pk}
    criterion = {"pk": scale.criteria.get(code="I.2").pk}
    written: dict[str, dict[str, Any]] = {
        **{name: {} for name in WRITING},
        "scale_group": group,
        "remove_scale_group": group,
        "scale_criterion": criterion,
        "remove_scale_criterion": criterion,
    }
    return in_year(scale.paper.bloc_year) | written[page] if page in written else {}


WRITING = (
    *("scale_workshop", "start_scale", "scale_rules", "move_scale_row", "scale_import"),
    *("new_scale_group", "new_scale_criterion"),
)


def in_year(year: BlocYear) -> dict[str, Any]:
    return {"bloc": year.bloc.slug, "year": year.year}


def is_in_year(name: str) -> bool:
    spaces = ("members:", "covenants:", "fund:", "events:", "scoring:")
    of_the_project = ("home", "search", "arrange", "decide", "timeline", "close_year")
    return name.startswith(spaces) or name in of_the_project
