"""Two papers of a bloc never have the same number, symbol and calendar year, whether the number
came from the bloc's series or was typed from the head unit's book.
"""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError
from django.urls import reverse

from covenants.models import Paper
from covenants.signing import sealing
from members.models import AuditEntry, OutboxMessage
from members.records.numbering import Numbering, NumberTaken
from tests.covenants.pages import signed_in_just_now, text_of
from tests.covenants.processes import Contender, all_at_once, take_next_number, take_number_one
from tests.people import Cast, adopt, draft_regulation, issue, join, make_cast, make_year

SYMBOL = "QC-KTĐ"
TYPED = Numbering(symbol=SYMBOL, number=1)
OWN = Numbering(symbol=SYMBOL)


def adopted(cast: Cast) -> Paper:
    draft = draft_regulation(cast.year, actor=cast.chi, kind="document")
    return adopt(draft, actor=cast.chi)


def numbered(cast: Cast, numbering: Numbering, day: dt.date = dt.date(2019, 5, 4)) -> Paper:
    dates = {"dated_on": day, "effective_on": day}
    return issue(adopted(cast), actor=cast.chi, numbering=numbering, **dates)


def trace() -> tuple[int, int]:
    return AuditEntry.objects.count(), OutboxMessage.objects.count()


def test_a_typed_number_that_the_series_gave_is_refused(cast: Cast) -> None:
    first, second = numbered(cast, OWN), adopted(cast)
    before = trace()

    with pytest.raises(NumberTaken) as refused:
        issue(second, actor=cast.chi, numbering=TYPED)

    assert first.full_number == "01/QC-KTĐ"
    assert str(refused.value) == (
        "Số 01/QC-KTĐ năm 2019 đã cấp cho văn bản “Quy chế tổ chức và hoạt động”. Nhập số khác, "
        "hoặc lấy số tiếp theo của Khối."
    )
    again = Paper.objects.get(pk=second.pk)
    assert (again.state, again.number, trace()) == ("adopted", None, before)


def test_the_series_passes_over_numbers_that_were_typed(cast: Cast) -> None:
    for number in (1, 2, 4):
        numbered(cast, Numbering(symbol=SYMBOL, number=number))

    given = [numbered(cast, OWN).full_number for _time in range(2)]

    assert given == ["03/QC-KTĐ", "05/QC-KTĐ"]


def test_another_symbol_or_another_calendar_year_is_another_number(cast: Cast) -> None:
    numbered(cast, TYPED)

    other_symbol = numbered(cast, Numbering(symbol="NQ-KTĐ"))
    january = dt.date(2020, 1, 10)
    other_year = [numbered(cast, TYPED, january), numbered(cast, OWN, january)]

    assert other_symbol.full_number == "01/NQ-KTĐ"
    assert [one.full_number for one in other_year] == ["01/QC-KTĐ", "02/QC-KTĐ"]


def test_another_year_of_the_bloc_shares_the_numbers_of_the_calendar_year(cast: Cast) -> None:
    numbered(cast, OWN)
    year = make_year(cast.bloc, 2020)
    join(year, cast.head, role="head")
    paper = adopt(draft_regulation(year, actor=cast.chi, kind="document"), actor=cast.chi)

    with pytest.raises(NumberTaken):
        issue(paper, actor=cast.chi, numbering=TYPED)


@pytest.mark.parametrize("symbol", ["qc-ktđ", "QC – KTĐ", " QC-KTĐ", "QC-KTĐ"])
def test_a_symbol_written_otherwise_is_the_same_on_every_database(cast: Cast, symbol: str) -> None:
    numbered(cast, OWN)

    with pytest.raises(NumberTaken):
        numbered(cast, Numbering(symbol=symbol, number=1))


def test_an_annulled_paper_keeps_its_number(cast: Cast) -> None:
    sealing.annul(numbered(cast, OWN), reason="In nhầm.", actor=cast.chi)

    with pytest.raises(NumberTaken):
        numbered(cast, TYPED)


def test_the_refusal_stands_at_the_number(cast: Cast) -> None:
    numbered(cast, OWN)
    paper = adopted(cast)
    values = {"numbering": "typed", "number": "1", "symbol": SYMBOL, "expires_on": ""}
    values |= dict.fromkeys(("dated_on", "effective_on"), "04/05/2019")
    address = reverse("covenants:paper:issue", args=["tay-nguyen", 2019, paper.pk])

    response = signed_in_just_now(cast.chi).post(address, values)

    form = response.context["form"]
    assert (response.status_code, list(form.errors)) == (422, ["number"])
    assert "Số 01/QC-KTĐ năm 2019 đã cấp cho văn bản" in text_of(response)
    assert (form["number"].value(), form["symbol"].value()) == ("1", SYMBOL)


def test_the_database_itself_holds_no_number_twice(cast: Cast) -> None:
    numbered(cast, OWN)
    second = numbered(cast, Numbering(symbol=SYMBOL, number=7))

    with pytest.raises(IntegrityError):
        Paper.objects.filter(pk=second.pk).update(number=1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("deeds", "outcome"),
    [
        ((take_number_one, take_number_one), [{"01/QC-KTĐ", "NumberTaken"}]),
        ((take_next_number, take_next_number), [{"01/QC-KTĐ", "02/QC-KTĐ"}]),
        (
            (take_next_number, take_number_one),
            # Whoever comes second finds the number taken: the series goes on, a typed one not.
            [{"01/QC-KTĐ", "02/QC-KTĐ"}, {"01/QC-KTĐ", "NumberTaken"}],
        ),
    ],
)
def test_of_two_at_once_each_has_a_number_of_its_own(
    deeds: tuple[Callable[[int, int], str], ...], outcome: list[set[str]]
) -> None:
    cast = make_cast()
    papers = [adopted(cast) for _deed in deeds]

    said = all_at_once(
        [Contender(deed, one.pk, cast.chi.pk) for deed, one in zip(deeds, papers, strict=True)]
    )

    assert {words for _paper, words in said} in outcome
