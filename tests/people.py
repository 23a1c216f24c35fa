"""The cast of the tests, and its factories.

An leads the head board, Chi is its officer and so the secretary, Dũng its accountant, Hoa its
cashier; Bình leads a member board and Em is its officer; Khách reads for the ministry; Ngoài leads
a board of another bloc and must never get in.
"""

import datetime as dt
import itertools
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from covenants.adoption import issuing
from covenants.adoption import voting as adoption_voting
from covenants.models import LegalReference, Paper, PaperKind, Party, Signature
from covenants.papers import bases, consultation, drafting, targets
from covenants.signing import enrolment, sealing, signing
from members.models import Bloc, BlocYear, Board, BoardName, Membership, Person, Post, User
from members.models.blocs import Role
from members.models.people import PostKind
from members.records.numbering import Numbering

PASSWORD = "cau-mat-khau-dai"
PASSPHRASE = "cau-mat-khau-ky"
START = dt.date(2019, 1, 1)

_numbers = itertools.count(1)


def make_bloc(slug: str = "tay-nguyen", **values: Any) -> Bloc:
    defaults = {"name": f"Khối thi đua {slug}", "short_name": f"Khối {slug}"}
    return Bloc.objects.create(slug=slug, **{**defaults, **values})


def make_year(bloc: Bloc, year: int = 2019, **values: Any) -> BlocYear:
    return BlocYear.objects.create(bloc=bloc, year=year, **values)


def make_board(code: str, *, province: str | None = None, name: str | None = None) -> Board:
    board = Board.objects.create(code=code)
    province = province or code.title()
    BoardName.objects.create(
        board=board,
        since=START,
        name=name or f"Ban Quản lý Khu kinh tế tỉnh {province}",
        short_name=f"BQL KKT {province}",
        province=province,
        kinds=["KKT"],
    )
    return board


def join(year: BlocYear, board: Board, *, role: str = Role.MEMBER) -> Membership:
    membership = Membership.objects.create(
        bloc_year=year,
        board=board,
        name=board.names.latest("since"),
        role=role,
        order=year.memberships.count() + 1,
    )
    year.__dict__.pop("roles", None)
    return membership


def make_user(username: str, *, full_name: str | None = None) -> User:
    user = User.objects.create(username=username)
    user.set_password(PASSWORD)
    user.save()
    Person.objects.create(
        user=user, full_name=full_name or username.title(), email=f"{username}@example.vn"
    )
    return user


TITLES = {
    PostKind.LEADER: "Trưởng ban",
    PostKind.DEPUTY_LEADER: "Phó Trưởng ban",
    PostKind.OFFICER: "Chuyên viên",
    PostKind.ACCOUNTANT: "Kế toán",
    PostKind.CASHIER: "Thủ quỹ",
    PostKind.OBSERVER: "Quan sát viên",
}


def give_post(
    user: User,
    kind: PostKind,
    *,
    board: Board | None = None,
    bloc: Bloc | None = None,
    **values: Any,
) -> Post:
    user.__dict__.pop("current_posts", None)
    return Post.objects.create(
        person=user.person,
        board=board,
        bloc=bloc,
        kind=kind,
        **{"title": TITLES[kind], "starts_on": START, **values},
    )


def make_leader(board: Board, username: str | None = None) -> User:
    user = make_user(username or f"leader{next(_numbers)}", full_name=f"Lãnh đạo {board.code}")
    give_post(user, PostKind.LEADER, board=board)
    return user


def fresh(user: User) -> User:
    """The user as a new request would load it, without anything cached."""
    return User.objects.get(pk=user.pk)


@dataclass
class Cast:
    bloc: Bloc
    year: BlocYear
    head: Board
    board: Board
    an: User
    binh: User
    chi: User
    dung: User
    em: User
    hoa: User
    khach: User
    ngoai: User
    foreign_year: BlocYear
    foreign_board: Board


# name, full name, post, and whose board it is held in
STAFF = (
    ("an", "Nguyễn Văn An", PostKind.LEADER, "head"),
    ("chi", "Lê Thị Chi", PostKind.OFFICER, "head"),
    ("dung", "Phạm Tiến Dũng", PostKind.ACCOUNTANT, "head"),
    ("hoa", "Đỗ Thị Hoa", PostKind.CASHIER, "head"),
    ("binh", "Trần Thanh Bình", PostKind.LEADER, "board"),
    ("em", "Võ Thị Em", PostKind.OFFICER, "board"),
    ("ngoai", "Hoàng Văn Ngoài", PostKind.LEADER, "foreign_board"),
)


def make_cast() -> Cast:
    bloc, foreign = make_bloc(), make_bloc("mien-bac")
    year, foreign_year = make_year(bloc), make_year(foreign)
    boards = {
        "head": make_board("DLK", province="Đắk Lắk"),
        "board": make_board("BDI", province="Bình Định"),
        "foreign_board": make_board("HPH", province="Hải Phòng"),
    }
    join(year, boards["head"], role=Role.HEAD)
    join(year, boards["board"])
    join(foreign_year, boards["foreign_board"], role=Role.HEAD)
    users = {name: make_user(name, full_name=full_name) for name, full_name, *_ in STAFF}
    for name, _full_name, kind, where in STAFF:
        give_post(users[name], kind, board=boards[where])
    users["khach"] = make_user("khach", full_name="Mai Khách")
    give_post(users["khach"], PostKind.OBSERVER, bloc=bloc)
    return Cast(bloc=bloc, year=year, foreign_year=foreign_year, **boards, **users)


def make_law(number: str = "15/2003/QH11", **values: Any) -> LegalReference:
    defaults = {
        "kind": "Luật",
        "issuer": "Quốc hội",
        "subject": "Thi đua, Khen thưởng",
        "issued_on": dt.date(2003, 11, 26),
    }
    return LegalReference.objects.create(number=number, **{**defaults, **values})


def draft_covenant(year: BlocYear, *, actor: User) -> Paper:
    """A covenant ready to be sealed: one article, one legal basis, one target per board."""
    paper = drafting.start_covenant(year, source=None, actor=actor)
    values = {
        "title": "Giao ước thi đua",
        "theme": "Kỷ cương, sáng tạo, hiệu quả",
        "opening": "Cùng thống nhất ký kết giao ước thi đua với các nội dung sau đây:",
        "terms": "Các đơn vị nghiêm túc thực hiện giao ước này.",
        "place": "Đắk Lắk",
        "dated_on": dt.date(2019, 5, 4),
    }
    drafting.save_header(paper, values=values, revision=0, actor=actor)
    drafting.add_article(
        paper, heading="Nhiệm vụ chính trị", body="Thực hiện tốt nhiệm vụ.", actor=actor
    )
    law = LegalReference.objects.filter(number="15/2003/QH11").first() or make_law()
    bases.cite(paper, references=[law], actor=actor)
    indicator = targets.add_indicator(
        paper, title="Dự án mới so với kế hoạch", unit="%", actor=actor
    )
    norms = {(indicator, member): Decimal(100) for member in year.memberships.all()}
    targets.set_targets(paper, norms=norms, actor=actor)
    return Paper.objects.get(pk=paper.pk)


def draft_regulation(year: BlocYear, *, actor: User, kind: str = "operating_regulation") -> Paper:
    """A paper of a kind that is voted on, with two articles and what adoption asks for."""
    paper = drafting.start_paper(
        year,
        kind=PaperKind.objects.get(pk=kind),
        title="Quy chế tổ chức và hoạt động",
        source=None,
        actor=actor,
    )
    values = {"place": "Đắk Lắk", "dated_on": dt.date(2019, 5, 4)}
    drafting.save_header(paper, values=values, revision=0, actor=actor)
    for heading in ("Phạm vi điều chỉnh", "Nguyên tắc hoạt động"):
        drafting.add_article(paper, heading=heading, body="Nội dung mẫu.", actor=actor)
    return Paper.objects.get(pk=paper.pk)


def adopt(paper: Paper, *, actor: User) -> Paper:
    """The paper discussed and adopted by all, by show of hands."""
    consultation.open_consultation(paper, actor=actor)
    terms = replace(adoption_voting.proposed_terms(paper), method="hands")
    voting = adoption_voting.put_to_vote(paper, terms=terms, actor=actor)
    meeting = adoption_voting.ShowOfHands(
        held_on=dt.date(2019, 5, 4),
        place="Đắk Lắk",
        chair="Nguyễn Văn An, Trưởng ban",
        secretary="Lê Thị Chi",
        present=voting.members,
        in_favour=voting.members,
        against=0,
        abstaining=0,
    )
    adoption_voting.enter_hands(voting, meeting=meeting, actor=actor)
    return Paper.objects.get(pk=paper.pk)


def issue(paper: Paper, *, actor: User, **values: Any) -> Paper:
    """The adopted paper numbered and open for the head's signature."""
    usual: dict[str, Any] = {
        "numbering": Numbering(symbol=f"{paper.kind.symbol}-KTĐ"),
        "dated_on": dt.date(2019, 5, 4),
        "effective_on": dt.date(2019, 5, 4),
        "expires_on": None,
    }
    return issuing.issue(paper, **usual | values, actor=actor)


def seal_covenant(year: BlocYear, *, actor: User) -> Paper:
    paper = draft_covenant(year, actor=actor)
    consultation.open_consultation(paper, actor=actor)
    return sealing.seal(paper, actor=actor)


def enrol(user: User) -> None:
    enrolment.enrol(user.person, passphrase=PASSPHRASE, actor=user)


def party_of(paper: Paper, board: Board) -> Party:
    return paper.parties.get(membership__board=board)


def sign(paper: Paper, board: Board, *, actor: User, picture: bytes | None = None) -> Signature:
    return signing.sign(party_of(paper, board), passphrase=PASSPHRASE, picture=picture, actor=actor)
