"""The day of something that has happened cannot be in the future, in forms and in acts."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.urls import get_resolver, reverse
from django.utils import timezone

from covenants.adoption import issuing, voting
from covenants.laws import registering
from covenants.models import LegalReference, Paper, Voting
from covenants.papers import consultation
from emulation_bloc.lib.refusal import Refusal
from members.forms.fields import DayField, PastDayField
from members.models import Bloc, NumberSeries
from members.records.numbering import Numbering
from tests.covenants.pages import signed_in_just_now, text_of
from tests.covenants.traces import nothing_changes
from tests.people import Cast, adopt, draft_regulation, issue

# What is a plan, or a filter, and may lie ahead; every other day is one of something that happened.
MAY_LIE_AHEAD = {
    "TermsForm.closes_on": "a last day",
    "HeaderForm.dated_on": "the covenant is drafted and sealed ahead of its ceremony",
    "HeaderForm.sign_by": "a last day",
    "IssueForm.effective_on": "in force later than it is dated",
    "IssueForm.expires_on": "in force until then",
    "WithdrawForm.on": "in force until then",
    "LawForm.effective_on": "issued, and in force later",
    "LawForm.expired_on": "in force until then",
    "LawsFilter.day": "asks for a day",
    "DayFilter.ngay": "asks for a day",
    "PostForm.starts_on": "appointed from a day on",
    "InviteForm.starts_on": "appointed from a day on",
    "EndPostForm.ends_on": "the last day in a post, as a decision to retire gives it",
    "StepForm.starts_on": "the plan of the year",
    "StepForm.ends_on": "the plan of the year",
    "KeptStepForm.starts_on": "the plan of the year",
    "KeptStepForm.ends_on": "the plan of the year",
    "DecisionForm.effective_on": "boards merge from a day on",
    "AppraisalForm.reply_by": "a last day",
    "OpenForm.self_until": "a last day",
    "PublishForm.objections_until": "a last day",
    "ProlongForm.until": "a last day",
}


def forms_of_the_portal() -> Iterator[type[forms.BaseForm]]:
    _every_view_and_its_forms = get_resolver().url_patterns
    waiting: list[type[forms.BaseForm]] = [forms.BaseForm]
    while waiting:
        for form in waiting.pop().__subclasses__():
            waiting.append(form)
            if not form.__module__.startswith(("django", "allauth")):
                yield form


def test_every_day_that_is_typed_is_past_or_a_plan() -> None:
    found = {
        f"{form.__name__}.{name}"
        for form in forms_of_the_portal()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, DayField) and not isinstance(field, PastDayField)
    }
    assert found == set(MAY_LIE_AHEAD)


def test_every_day_is_typed_as_the_office_writes_it() -> None:
    found = {
        f"{form.__module__}.{form.__name__}.{name}"
        for form in forms_of_the_portal()
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.DateField) and not isinstance(field, DayField)
        if "admin" not in form.__module__ and "Admin" not in form.__name__
    }
    assert found == set()


# --- Adopting a paper -----------------------------------------------------------------------------


def tomorrow() -> dt.date:
    return timezone.localdate() + dt.timedelta(days=1)


@pytest.fixture
def hands(cast: Cast) -> Voting:
    paper = draft_regulation(cast.year, actor=cast.chi)
    consultation.open_consultation(paper, actor=cast.chi)
    paper = Paper.objects.get(pk=paper.pk)
    terms = replace(voting.proposed_terms(paper), method="hands")
    return voting.put_to_vote(paper, terms=terms, actor=cast.chi)


@pytest.mark.parametrize("ahead", [1, 400])
def test_a_show_of_hands_of_a_day_to_come_is_refused(cast: Cast, hands: Voting, ahead: int) -> None:
    day = timezone.localdate() + dt.timedelta(days=ahead)
    meeting = voting.ShowOfHands(day, "Đắk Lắk", "An", "Chi", 2, 2, 0, 0)

    with nothing_changes(), pytest.raises(Refusal) as refused:
        voting.enter_hands(hands, meeting=meeting, actor=cast.chi)

    hands.refresh_from_db()
    assert (hands.is_open, hands.minutes, hands.paper.state) == (True, None, "voting")
    assert str(refused.value) == (
        f"Hội nghị ngày {day:%d/%m/%Y} chưa diễn ra: chỉ ghi nhận biểu quyết từ ngày họp."
    )


def test_a_show_of_hands_of_today_is_taken(cast: Cast, hands: Voting) -> None:
    meeting = voting.ShowOfHands(timezone.localdate(), "Đắk Lắk", "An", "Chi", 2, 2, 0, 0)
    assert voting.enter_hands(hands, meeting=meeting, actor=cast.chi).result == "adopted"


def test_the_page_says_it_at_the_day(cast: Cast, hands: Voting) -> None:
    address = reverse("covenants:paper:close_voting", args=["tay-nguyen", 2019, hands.paper.pk])
    typed: dict[str, Any] = {"place": "Đắk Lắk", "chair": "An", "secretary": "Chi"}
    typed |= {"present": 2, "in_favour": 2, "against": 0, "abstaining": 0, "remarks": ""}

    response = signed_in_just_now(cast.chi).post(
        address, typed | {"held_on": f"{tomorrow():%d/%m/%Y}"}
    )

    assert response.context["form"].errors == {"held_on": ["Ngày này chưa tới."]}
    assert response.status_code == 422
    assert "Ngày này chưa tới." in text_of(response)


def test_a_paper_is_not_numbered_with_a_day_to_come(cast: Cast) -> None:
    paper = adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)
    dates = {"dated_on": tomorrow(), "effective_on": tomorrow()}

    with nothing_changes(), pytest.raises(Refusal) as refused:
        issue(paper, actor=cast.chi, **dates)

    assert (NumberSeries.objects.count(), Paper.objects.get().state) == (0, "adopted")
    assert str(refused.value) == "Văn bản chỉ được cấp số từ ngày ghi trên văn bản, không trước đó."


def test_a_paper_may_take_effect_on_a_day_to_come(cast: Cast) -> None:
    paper = adopt(draft_regulation(cast.year, actor=cast.chi), actor=cast.chi)
    issued = issuing.issue(
        paper,
        numbering=Numbering(symbol="QC-KTĐ"),
        dated_on=timezone.localdate(),
        effective_on=tomorrow(),
        expires_on=None,
        actor=cast.chi,
    )
    assert issued.state == "signing"


# --- What else is put on record -------------------------------------------------------------------


def facts(**changed: Any) -> dict[str, Any]:
    usual = {"kind": "Nghị định", "number": "1/2019/NĐ-CP", "issuer": "Chính phủ"}
    return {**usual, "subject": "Thi đua", "issued_on": dt.date(2019, 1, 1), **changed}


def test_a_law_is_registered_once_it_is_issued(cast: Cast) -> None:
    given: dict[str, Any] = {"text": None, "replaces": [], "amends": [], "actor": cast.chi}

    with nothing_changes(), pytest.raises(registering.NotRegistrable) as refused:
        registering.register_law(cast.year, facts=facts(issued_on=tomorrow()), **given)
    law = registering.register_law(cast.year, facts=facts(effective_on=tomorrow()), **given)

    assert str(refused.value) == "Văn bản chưa được ban hành vào ngày đó."
    assert list(LegalReference.objects.all()) == [law]


def test_a_bloc_was_not_established_on_a_day_to_come(cast: Cast) -> None:
    bloc = Bloc(name="Khối", short_name="Khối", slug="khoi", established_on=tomorrow())

    with pytest.raises(ValidationError) as refused:
        bloc.clean()

    assert refused.value.message_dict == {"established_on": ["Ngày này chưa tới."]}
