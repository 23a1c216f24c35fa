"""Sums of money: whole đồng as people type them, and as the database keeps them."""

from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models

from emulation_bloc.lib.money import MOST_VND, VndField, VndFormField, holds_sum
from emulation_bloc.lib.numbers import vn_money


def cleaned(typed: Any, **options: Any) -> Any:
    return VndFormField(**options).clean(typed)


@pytest.mark.parametrize(
    ("typed", "sum_vnd"),
    [
        ("1.234.567", 1234567),
        ("1 234 567", 1234567),
        ("1\N{NO-BREAK SPACE}234\N{NO-BREAK SPACE}567", 1234567),
        ("1\N{NARROW NO-BREAK SPACE}234\N{NARROW NO-BREAK SPACE}567", 1234567),
        ("1234567", 1234567),
        (" 500.000 ", 500000),
        ("1,234,567", 1234567),
        ("1", 1),
        (vn_money(MOST_VND), MOST_VND),
        (5000, 5000),
    ],
)
def test_a_sum_is_read_as_offices_write_it(typed: Any, sum_vnd: int) -> None:
    assert cleaned(typed) == sum_vnd


NO_SUM = "Nhập số tiền nguyên đồng, ví dụ 1.234.567."
WHOLE = "Số tiền là số nguyên đồng, không có phần lẻ."
POSITIVE = "Số tiền ít nhất là 1 đồng."


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.234,5", WHOLE),
        ("1234.50", WHOLE),
        ("1.234,00", WHOLE),
        ("1,234", WHOLE),
        ("0", POSITIVE),
        ("-5.000", POSITIVE),
        ("10.000.000.000.000", "Số tiền có nhiều nhất 13 chữ số."),
        ("12345678901234567890", "Số tiền có nhiều nhất 13 chữ số."),
        ("9" * 100_000, "Số tiền có nhiều nhất 13 chữ số."),
        ("năm trăm", NO_SUM),
        ("500k", NO_SUM),
        ("1.23.4567", NO_SUM),
        ("1e6", NO_SUM),
        ("", "Nhập số tiền."),
        ("  ", "Nhập số tiền."),
    ],
)
def test_what_is_no_sum_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValidationError) as refused:
        cleaned(typed)
    assert refused.value.messages == [sentence]


def test_a_sum_may_be_left_empty_where_none_is_asked() -> None:
    assert cleaned("", required=False) is None
    assert cleaned("  ", required=False) is None


class SumForm(forms.Form):
    amount_vnd = VndFormField(label="Số tiền")


def test_a_stored_sum_is_shown_in_groups_and_a_typed_one_as_it_was_typed() -> None:
    assert SumForm(initial={"amount_vnd": 1234567})["amount_vnd"].value() == "1.234.567"
    assert SumForm({"amount_vnd": "1 234 x"})["amount_vnd"].value() == "1 234 x"


def test_an_unchanged_sum_is_no_change() -> None:
    form = SumForm({"amount_vnd": "1.234.567"}, initial={"amount_vnd": 1234567})
    assert form.is_valid()
    assert form.changed_data == []


@pytest.mark.parametrize("value", [0, -1, MOST_VND + 1])
def test_the_model_field_validates_the_same_bounds(value: int) -> None:
    with pytest.raises(ValidationError):
        VndField().clean(value, None)


def test_the_model_field_is_a_whole_number_and_asks_by_the_form_field() -> None:
    field = VndField("số tiền")
    assert (field.get_internal_type(), VndField().clean(5000, None)) == ("BigIntegerField", 5000)
    assert isinstance(field.formfield(), VndFormField)
    assert isinstance(field, models.BigIntegerField)


def test_the_database_is_told_the_same_bounds() -> None:
    constraint = holds_sum("amount_vnd")
    bounds = models.Q(amount_vnd__gte=1, amount_vnd__lte=MOST_VND)
    assert (constraint.name, constraint.condition) == (
        "%(app_label)s_%(class)s_amount_vnd_is_a_sum",
        bounds,
    )


def test_a_long_text_is_not_read_by_its_beginning() -> None:
    with pytest.raises(ValidationError):
        cleaned("5" + " " * 100 + "000")


def test_the_administration_shows_a_grouped_sum_in_a_box_of_text() -> None:
    field = VndField().formfield(widget=forms.NumberInput())
    assert field.widget.input_type == "text"
