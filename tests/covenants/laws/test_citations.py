"""Which laws were in force on a paper's date, and what replaced expired ones."""

import datetime as dt
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covenants.laws import citations
from covenants.models import LegalReference, Paper
from covenants.models.laws import Standing
from tests.people import Cast, make_law

DAY = dt.date(2019, 5, 4)


def decree(number: str, *, issued: str, expired: str | None = None, **values) -> LegalReference:
    dates = {"issued_on": dt.date.fromisoformat(issued)}
    dates["expired_on"] = dt.date.fromisoformat(expired) if expired else None
    return make_law(number, kind="Nghị định", issuer="Chính phủ", **{**dates, **values})


def chain(*expiries: str | None) -> list[LegalReference]:
    """Decrees of which each replaced the one before on the day that one expired."""
    starts = ["2010-01-01", *filter(None, expiries)]
    laws = [
        decree(f"{n}/NĐ-CP", issued=start, expired=end)
        for n, (start, end) in enumerate(zip(starts, expiries, strict=True), start=1)
    ]
    for old, new in itertools.pairwise(laws):
        LegalReference.objects.filter(pk=old.pk).update(replaced_by=new)
    return list(LegalReference.objects.order_by("pk"))


def on_day(law: LegalReference, day: dt.date = DAY) -> citations.Citation:
    return citations.on_day([law], day)[0]


@pytest.mark.parametrize(
    ("day", "standing"),
    [
        ("2017-09-30", Standing.NOT_YET),
        ("2017-10-01", Standing.IN_FORCE),
        ("2023-12-31", Standing.IN_FORCE),
        ("2024-01-01", Standing.EXPIRED),
    ],
)
def test_a_document_stands_by_its_first_and_last_day(
    db: None, day: str, standing: Standing
) -> None:
    law = decree(
        "91/2017", issued="2017-07-31", expired="2024-01-01", effective_on=dt.date(2017, 10, 1)
    )
    asked = dt.date.fromisoformat(day)
    assert law.standing_on(asked) == standing
    in_force = LegalReference.objects.in_force_on(asked).exists()
    assert in_force == (standing == Standing.IN_FORCE)


def test_a_document_in_force_has_neither_warning_nor_successor(db: None) -> None:
    citation = on_day(chain("2024-01-01", None)[0])
    assert (citation.is_in_force, citation.warning, citation.successor) == (True, "", None)


def test_an_expired_document_names_what_replaced_it(db: None) -> None:
    old, new = chain("2018-01-01", None)
    citation = on_day(old)
    assert citation.successor == new
    assert citation.warning == (
        "Hết hiệu lực ngày 01/01/2018. Đã được thay thế bằng Nghị định 2/NĐ-CP."
    )


def test_a_chain_is_followed_to_the_one_in_force_on_the_day(db: None) -> None:
    first, _, third, _ = chain("2012-01-01", "2015-01-01", "2024-01-01", None)
    assert on_day(first).successor == third


def test_without_a_successor_in_force_the_gap_is_named(db: None) -> None:
    new = decree("2/NĐ-CP", issued="2020-01-01")
    old = decree("1/NĐ-CP", issued="2010-01-01", expired="2018-01-01", replaced_by=new)
    citation = on_day(old)
    assert (citation.successor, citation.warning) == (
        None,
        "Hết hiệu lực ngày 01/01/2018. Đã được thay thế bằng Nghị định 2/NĐ-CP, "
        "nhưng văn bản này không có hiệu lực vào ngày đó.",
    )


def test_an_expired_document_that_nothing_replaced_only_says_so(db: None) -> None:
    citation = on_day(decree("1/NĐ-CP", issued="2010-01-01", expired="2018-01-01"))
    assert citation.warning == "Hết hiệu lực ngày 01/01/2018."


def test_what_is_not_yet_in_force_has_no_successor(db: None) -> None:
    citation = on_day(decree("1/NĐ-CP", issued="2020-01-01"))
    assert (citation.warning, citation.successor) == ("Chưa có hiệu lực vào ngày đó.", None)


def test_documents_that_replace_each_other_in_a_ring_end_the_search(db: None) -> None:
    one = decree("1/NĐ-CP", issued="2010-01-01", expired="2012-01-01")
    two = decree("2/NĐ-CP", issued="2011-01-01", expired="2012-01-01", replaced_by=one)
    LegalReference.objects.filter(pk=one.pk).update(replaced_by=two)
    assert on_day(LegalReference.objects.get(pk=one.pk)).successor is None


def naive_successor(pk: int, day: int, laws: dict[int, LegalReference]) -> int | None:
    """The first in force among those that follow, each looked at once."""
    date = dt.date(2000 + day, 6, 1)
    if not (laws[pk].expired_on and laws[pk].expired_on <= date):
        return None
    for _ in laws:
        pk = laws[pk].replaced_by_id or pk
        if laws[pk].is_in_force_on(date):
            return pk
    return None


@given(
    links=st.lists(st.integers(1, 6), min_size=6, max_size=6),
    years=st.lists(st.integers(0, 20), min_size=6, max_size=6),
    lives=st.lists(st.integers(1, 20) | st.none(), min_size=6, max_size=6),
    day=st.integers(0, 40),
)
def test_the_successor_is_that_of_a_naive_walk(
    links: list[int], years: list[int], lives: list[int | None], day: int
) -> None:
    laws = {
        pk: LegalReference(
            pk=pk,
            kind="Nghị định",
            number=str(pk),
            issued_on=dt.date(2000 + year, 1, 1),
            expired_on=dt.date(2000 + year + life, 1, 1) if life else None,
            replaced_by_id=link if link != pk else None,
        )
        for pk, (link, year, life) in enumerate(zip(links, years, lives, strict=True), start=1)
    }
    for pk, law in laws.items():
        found = citations.successor_on(law, dt.date(2000 + day, 6, 1), laws)
        assert (found and found.pk) == naive_successor(pk, day, laws)


def test_a_paper_is_judged_on_its_own_date(cast: Cast, paper: Paper) -> None:
    law = paper.references.get()
    LegalReference.objects.filter(pk=law.pk).update(expired_on="2024-01-01")
    assert citations.faulty_citations(paper) == []
    paper.dated_on = dt.date(2024, 1, 1)
    assert [c.reference for c in citations.faulty_citations(paper)] == [law]
    paper.dated_on = None
    assert [c.reference for c in citations.faulty_citations(paper)] == [law]


def test_a_swap_keeps_the_place_and_cites_nothing_twice(db: None) -> None:
    old, new = chain("2018-01-01", None)
    other = decree("9/NĐ-CP", issued="2010-01-01")
    cited = citations.on_day([old, other], DAY)
    assert citations.swapped(cited, old.pk) == [new, other]
    assert citations.swapped(cited, other.pk) == [old, other]
    twice = citations.on_day([other, old, new], DAY)
    assert citations.swapped(twice, old.pk) == [other, new]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_chain(
    db: None, django_assert_num_queries, count: int
) -> None:
    expiries = [f"{2011 + n}-01-01" for n in range(count)]
    laws = chain(*expiries, None)
    with django_assert_num_queries(1):
        assert citations.on_day(laws, DAY)[0].successor == laws[-1]
