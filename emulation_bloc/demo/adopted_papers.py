"""The four texts adopted by the conference of 04/05/2019, with sample contents.

The sources give only the titles; the articles are samples, and the bloc is marked as sample data.
"""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from covenants.adoption import issuing
from covenants.adoption import voting as adoption_voting
from covenants.models import LegalReference, Paper, PaperKind
from covenants.models.adoption import Method
from covenants.papers import bases, consultation, drafting
from covenants.signing import enrolment, signing
from members.models import BlocYear, Board, User
from members.records.numbering import Numbering

from . import point_scale
from .accounts import HEAD_CODE, PASSPHRASE, leader_of

# Kind of paper -> (chapter, heading, body) of each article.
ARTICLES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "operating_regulation": (
        (
            "Chương I. Quy định chung",
            "Phạm vi và đối tượng áp dụng",
            "1. Quy chế này quy định tổ chức và hoạt động của Khối thi đua.\n"
            "2. Quy chế áp dụng đối với các Ban Quản lý là thành viên của Khối.",
        ),
        (
            "",
            "Nguyên tắc hoạt động",
            "Khối hoạt động theo nguyên tắc tự nguyện, bình đẳng, công khai; quyết định các vấn đề "
            "chung theo đa số, mỗi đơn vị một phiếu.",
        ),
        (
            "Chương II. Tổ chức và hoạt động",
            "Khối trưởng, Khối phó và bộ phận giúp việc",
            "1. Khối trưởng, Khối phó là đơn vị thành viên, được bầu luân phiên hằng năm tại hội "
            "nghị tổng kết.\n"
            "2. Khối trưởng có nhiệm vụ:\n"
            "a) Chủ trì xây dựng chương trình công tác năm;\n"
            "b) Tổ chức ký kết giao ước thi đua, sơ kết, tổng kết;\n"
            "c) Quản lý quỹ Khối theo quy chế;\n"
            "d) Tổng hợp kết quả tự chấm điểm, chủ trì thẩm định;\n"
            "đ) Bàn giao hồ sơ, quỹ cho Khối trưởng kế tiếp.\n"
            "3. Bộ phận giúp việc là công chức, viên chức của đơn vị Khối trưởng.",
        ),
        (
            "",
            "Biểu quyết",
            "Hội nghị hợp lệ khi có ít nhất một nửa số đơn vị tham dự. Văn bản được thông qua khi "
            "quá nửa tổng số đơn vị thành viên tán thành.",
        ),
    ),
    "point_scale": (
        (
            "",
            "Tổng điểm và các nhóm tiêu chí",
            "Tổng điểm chuẩn là 100 điểm, điểm thưởng tối đa 5 điểm, chia theo các nhóm:\n"
            "| Nhóm | Nội dung | Điểm tối đa |\n"
            "| I | Nhiệm vụ chính trị | 60 |\n"
            "| II | Xây dựng tổ chức | 15 |\n"
            "| III | Công tác thi đua và hoạt động Khối | 25 |",
        ),
        (
            "",
            "Tự chấm, thẩm định và xếp loại",
            "1. Đơn vị tự chấm điểm kèm minh chứng; Khối trưởng, Khối phó thẩm định.\n"
            "2. Xếp loại: Xuất sắc từ 90 điểm, Tốt từ 80 điểm, Khá từ 65 điểm, Trung bình từ 50 "
            "điểm.",
        ),
    ),
    "fund_regulation": (
        (
            "Chương I. Nguồn thu",
            "Mức đóng góp",
            "Mỗi đơn vị đóng góp bằng nhau theo mức do hội nghị quyết định, nộp trước ngày 31 "
            "tháng 3 hoặc tại hội nghị ký kết giao ước thi đua.",
        ),
        (
            "Chương II. Nội dung chi",
            "Mức chi",
            "Quỹ chi theo bảng sau; khoản chi ngoài bảng do Khối trưởng thống nhất với Khối phó:\n"
            "| TT | Nội dung | Mức chi (đồng) |\n"
            "| 1 | Hoa chúc mừng, vòng hoa | 500.000 |\n"
            "| 2 | Thăm hỏi | 500.000 - 1.000.000 |",
        ),
        (
            "",
            "Công khai và bàn giao",
            "Thu, chi quỹ được công khai tại hội nghị sơ kết, tổng kết; số dư bàn giao cho Khối "
            "trưởng kế tiếp bằng biên bản.",
        ),
    ),
    "exchange_plan": (
        (
            "",
            "Mục đích, yêu cầu",
            "Tăng cường giao lưu, học hỏi giữa các đơn vị; tổ chức thiết thực, an toàn, tiết kiệm.",
        ),
        (
            "",
            "Thời gian, nội dung",
            "1. Thời gian: từ ngày 24 đến ngày 27 tháng 7 năm 2019.\n"
            "2. Nội dung: cầu lông, bóng bàn, cờ tướng, kéo co, văn nghệ.",
        ),
    ),
}


def build(
    year: BlocYear,
    conference: dict[str, Any],
    *,
    scale: dict[str, Any],
    indicator: str,
    boards: dict[str, Board],
    actor: User,
) -> None:
    """Draft, adopt, number and sign the four texts."""
    leader = leader_of(boards[HEAD_CODE])
    enrolment.enrol(leader.person, passphrase=PASSPHRASE, actor=leader)
    held_on = dt.date.fromisoformat(conference["held_on"])
    for text in conference["texts_adopted"]:
        paper = draft(year, text, place=conference["place"], day=held_on, actor=actor)
        if paper.kind_id == "point_scale":
            point_scale.build(paper, scale, indicator=indicator, actor=actor)
        _adopt(paper, held_on, place=conference["place"], chair=leader, actor=actor)
        issued = issuing.issue(
            Paper.objects.get(pk=paper.pk),
            numbering=Numbering(symbol=f"{paper.kind.symbol}-KTĐ"),
            dated_on=held_on,
            effective_on=held_on,
            expires_on=None,
            actor=actor,
        )
        signing.sign(issued.parties.get(), passphrase=PASSPHRASE, picture=None, actor=leader)


def draft(year: BlocYear, text: dict[str, str], *, place: str, day: dt.date, actor: User) -> Paper:
    kind = PaperKind.objects.get(pk=text["kind"])
    paper = drafting.start_paper(year, kind=kind, title=text["title"], source=None, actor=actor)
    values: dict[str, str | dt.date | None] = {
        "place": place,
        "dated_on": day,
        "recipients": "Các đơn vị thành viên",
    }
    drafting.save_header(paper, values=values, revision=paper.revision, actor=actor)
    for chapter, heading, body in ARTICLES[text["kind"]]:
        drafting.add_article(paper, chapter=chapter, heading=heading, body=body, actor=actor)
    laws = LegalReference.objects.filter(number="07/2018/TT-BKHĐT")
    bases.cite(paper, references=list(laws), actor=actor)
    return paper


def _adopt(paper: Paper, held_on: dt.date, *, place: str, chair: User, actor: User) -> None:
    consultation.open_consultation(paper, actor=actor)
    proposed = adoption_voting.proposed_terms(paper)
    terms = adoption_voting.Terms(Method.HANDS, proposed.rule, proposed.openness)
    voting = adoption_voting.put_to_vote(paper, terms=terms, actor=actor)
    meeting = adoption_voting.ShowOfHands(
        held_on=held_on,
        place=place,
        chair=f"{chair.person.full_name}, Trưởng ban",
        secretary=actor.person.full_name,
        present=voting.members,
        in_favour=voting.members,
        against=0,
        abstaining=0,
    )
    adoption_voting.enter_hands(voting, meeting=meeting, actor=actor)


def put_plan_to_vote(year: BlocYear, *, voters: Sequence[str], actor: User) -> None:
    """This year's exchange plan, from the text of 2019, in an online vote with some votes cast."""
    kind = PaperKind.objects.get(pk="exchange_plan")
    source = Paper.objects.get(kind=kind, bloc_year__bloc=year.bloc, bloc_year__year=2019)
    title = f"{kind.name} năm {year.year}"
    paper = drafting.start_paper(year, kind=kind, title=title, source=source, actor=actor)
    values = {"dated_on": timezone.localdate()}
    drafting.save_header(paper, values=values, revision=paper.revision, actor=actor)
    consultation.open_consultation(paper, actor=actor)
    voting = adoption_voting.put_to_vote(
        paper, terms=adoption_voting.proposed_terms(paper), actor=actor
    )
    for membership in year.memberships.filter(board__code__in=voters):
        adoption_voting.cast_vote(
            voting, membership, choice="for", proxy="", actor=leader_of(membership.board)
        )
