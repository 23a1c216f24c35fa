"""Papers of record: printed once, certified by the portal, the same bytes for whoever asks."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, transaction

from emulation_bloc.lib import pades, pdf
from members.models import PaperOfRecord
from members.records import authority, files, letterhead, printed
from tests.people import Cast

TITLE = "Bảng tổng hợp năm 2019"


def saying(words: str) -> Callable[[str], bytes]:
    def render(code: str) -> bytes:
        foot = letterhead.verification(code)["code"]
        html = f"<!DOCTYPE html><html lang=vi><title>Bảng</title><p>{words} {foot}"
        return pdf.render(html).pdf

    return render


def print_summary(cast: Cast, words: str = "Một") -> PaperOfRecord:
    values = {"bloc_year": cast.year, "title": TITLE}
    return printed.print_once("tests.summary", cast.year, **values, render=saying(words))


def test_a_paper_is_printed_once_with_its_code_and_certified(cast: Cast) -> None:
    first = print_summary(cast)
    again = print_summary(cast, "Hai")

    content = printed.read_content(first)
    assert (again, printed.read_content(again)) == (first, content)
    assert (first.title, first.bloc_year, len(first.code)) == (TITLE, cast.year, 12)
    pem = authority.keys().authority.certificate_pem
    [report] = pades.inspect(content, authority_pems=[pem]).signatures
    assert (report.good, report.signer_name) == (True, authority.PORTAL_NAME)


def test_of_two_that_print_at_once_one_is_kept_and_both_get_it(cast: Cast) -> None:
    def render(code: str) -> bytes:
        """Somebody else prints the paper while this one is rendered."""
        others.append(print_summary(cast))
        return saying("Hai")(code)

    others: list[PaperOfRecord] = []
    values = {"bloc_year": cast.year, "title": TITLE}
    mine = printed.print_once("tests.summary", cast.year, **values, render=render)

    assert [mine] == others == list(PaperOfRecord.objects.all())


def test_another_sort_and_another_subject_are_papers_of_their_own(cast: Cast) -> None:
    values = {"bloc_year": cast.year, "title": TITLE, "render": saying("Một")}
    papers = {
        printed.print_once("tests.summary", cast.year, **values),
        printed.print_once("tests.minutes", cast.year, **values),
        printed.print_once("tests.summary", cast.foreign_year, **values),
    }
    assert len({paper.code for paper in papers}) == 3


def test_the_database_refuses_to_change_a_paper(cast: Cast) -> None:
    paper = print_summary(cast)

    with pytest.raises(DatabaseError), transaction.atomic():
        PaperOfRecord.objects.update(title="Khác")
    with pytest.raises(DatabaseError), transaction.atomic():
        paper.delete()


def test_a_damaged_file_is_not_handed_out(cast: Cast) -> None:
    paper = print_summary(cast)
    files.path_of(paper.file.sha256).write_bytes(b"x")

    with pytest.raises(files.FileDamaged):
        printed.read_content(paper)


def test_a_paper_is_found_by_its_code_by_its_bytes_and_by_what_it_begins(cast: Cast) -> None:
    paper = print_summary(cast)
    content = printed.read_content(paper)

    assert printed.find_by_codes(["000000000000", paper.code]) == paper
    assert printed.find_by_sha256(paper.file.sha256) == paper
    assert printed.find_begun_with(content + b"\n%%EOF") == paper
    assert printed.find_begun_with(content[:-1]) is None
