"""People of the demo, with logins and posts."""

import datetime as dt
from dataclasses import dataclass

from members.models import Bloc, BlocYear, Board, Person, Post, User
from members.models.people import PostKind
from members.people import appointments

PASSWORD = "khoi-thi-dua-demo"  # nosec B105: demo accounts are made on a desk only
PASSPHRASE = "giao-uoc-demo"  # nosec B105: likewise
SINCE = dt.date(2019, 1, 1)
HEAD_CODE = "DLK"
TITLES = {
    PostKind.LEADER: "Trưởng ban",
    PostKind.OFFICER: "Chuyên viên",
    PostKind.ACCOUNTANT: "Kế toán",
    PostKind.CASHIER: "Thủ quỹ",
    PostKind.OBSERVER: "Quan sát viên",
}
# One for each board except the head board, in the order of the boards.
LEADERS = (
    "Nguyễn Thanh Bình",
    "Trần Quốc Hưng",
    "Lê Minh Đức",
    "Võ Đình Khoa",
    "Phan Thị Hạnh",
    "Đặng Văn Lộc",
    "Bùi Thị Ngọc",
    "Hồ Sỹ Phúc",
    "Đỗ Thành Tâm",
    "Huỳnh Thị Yến",
)
OFFICERS = (
    "Trần Thị Mai",
    "Nguyễn Hữu Nam",
    "Lê Thị Oanh",
    "Phạm Gia Phú",
    "Võ Thị Quyên",
    "Ngô Văn Sơn",
    "Đinh Thị Thảo",
    "Lý Anh Tuấn",
    "Mai Thị Vân",
    "Trịnh Xuân Vinh",
)


@dataclass(frozen=True)
class Account:
    """A line of the printed list of logins."""

    username: str
    role: str


def sample(name: str) -> str:
    """The name marked as sample data."""
    return f"{name} (mẫu)"


def make_administrator() -> User:
    return User.objects.create_superuser("quantri", password=PASSWORD)


def make_first_secretary(board: Board) -> User:
    """The first officer, entered by an administrator because nobody can invite her yet."""
    user = User.objects.create_user("chi.daklak", password=PASSWORD)
    person = Person.objects.create(
        user=user,
        full_name=sample("Nguyễn Thị Chi"),
        email="chi.daklak@example.vn",
        is_sample=True,
    )
    Post.objects.create(
        person=person,
        board=board,
        kind=PostKind.OFFICER,
        title=TITLES[PostKind.OFFICER],
        starts_on=SINCE,
    )
    return user


def invite_everyone(year: BlocYear, boards: dict[str, Board], *, actor: User) -> None:
    """The head board's people, a leader and an officer for every other board, an observer."""
    head = boards[HEAD_CODE]
    invite(year, "tich.daklak", "Phạm Văn Tịch", PostKind.LEADER, head, actor=actor)
    invite(year, "dung.daklak", sample("Phạm Tiến Dũng"), PostKind.ACCOUNTANT, head, actor=actor)
    invite(year, "hoa.daklak", sample("Đỗ Thị Hoa"), PostKind.CASHIER, head, actor=actor)
    invite(year, "khach.bo", sample("Mai Văn Khách"), PostKind.OBSERVER, None, actor=actor)
    others = [board for code, board in boards.items() if code != HEAD_CODE]
    for board, leader, officer in zip(others, LEADERS, OFFICERS, strict=True):
        code = board.code.lower()
        invite(year, f"lanhdao.{code}", sample(leader), PostKind.LEADER, board, actor=actor)
        invite(year, f"canbo.{code}", sample(officer), PostKind.OFFICER, board, actor=actor)


def invite(
    year: BlocYear,
    username: str,
    full_name: str,
    kind: PostKind,
    board: Board | None,
    *,
    actor: User,
) -> User:
    admission = appointments.invite(
        year,
        full_name=full_name,
        username=username,
        email=f"{username}@example.vn",
        phone="",
        board=board,
        kind=kind,
        title=TITLES[kind],
        starts_on=SINCE,
        actor=actor,
    )
    Person.objects.filter(pk=admission.person.pk).update(is_sample=full_name.endswith("(mẫu)"))
    user = User.objects.get(username=username)
    user.set_password(PASSWORD)
    user.save()
    return user


def leader_of(board: Board) -> User:
    post = board.posts.current().signing().select_related("person__user").get()
    return User.objects.get(person=post.person)


def officer_of(board: Board) -> User:
    posts = board.posts.current().filter(kind=PostKind.OFFICER)
    return User.objects.get(person__posts=posts.earliest("pk"))


def accounts(bloc: Bloc) -> list[Account]:
    """The logins of the demo, only people with a post today."""
    listed = [Account("quantri", "Quản trị hệ thống (/quan-tri/)")]
    posts = Post.objects.current().select_related("person__user", "board", "bloc")
    for post in posts.order_by("board__code", "kind", "pk"):
        where = post.board.names.latest("since").short_name if post.board else bloc.short_name
        username = User.objects.get(person=post.person).username
        listed.append(Account(username, f"{post.person}, {post.title}, {where}"))
    return listed
