"""Every route of the portal with arguments that lead somewhere, for tests that walk them all."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from covenants import adoption, consultation
from covenants.models import LegalReference, Paper
from members import files
from members.changes import Change
from members.models import BlocYear, Succession, User
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


@dataclass
class Scene:
    """A bloc with a year in consultation (2019), its covenant and other papers in every state, and
    a year in signing (2020)."""

    cast: Cast
    drafting: Paper
    regulation: Paper
    voting: Paper
    adopted: Paper
    issued: Paper
    complete: Paper
    signing: Paper
    change: Succession
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
        admin=User.objects.create_superuser("quantri", password=PASSWORD),
        law=law_with_text(drafting),
    )


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
    terms = adoption.proposed_terms(paper)
    voting = adoption.put_to_vote(paper, terms=terms, actor=cast.chi)
    head = cast.year.memberships.get(board=cast.head)
    adoption.cast_vote(voting, head, choice="for", proxy="", actor=cast.an)
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


def in_year(year: BlocYear) -> dict[str, Any]:
    return {"bloc": year.bloc.slug, "year": year.year}


def is_in_year(name: str) -> bool:
    spaces = ("members:", "covenants:", "fund:", "events:", "scoring:")
    return name.startswith(spaces) or name in ("home", "search", "arrange", "decide", "timeline")
