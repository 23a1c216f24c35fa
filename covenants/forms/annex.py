"""The form for the targets of all boards."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from covenants.models import Indicator
from emulation_bloc.lib.numbers import NotANumber, parse_decimal, vn_figure
from members.models import Membership


class NormField(forms.Field):
    """A number typed as "1.234,5" or "1234.5", with at most two decimals; None if empty."""

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            norm = parse_decimal(text)
        except NotANumber:
            raise forms.ValidationError(
                _("“%(text)s” is not a number. Write 1.234,5 or 1234.5."), params={"text": text}
            ) from None
        return self.fitting(norm)

    def fitting(self, norm: Decimal) -> Decimal:
        # Checked first: quantize fails on a number of thirty digits.
        if abs(norm) >= Decimal(10) ** 14:
            raise forms.ValidationError(_("This number is too large."))
        if norm != norm.quantize(Decimal("0.01")):
            raise forms.ValidationError(_("Two decimals at most."))
        return norm


class ServedField(forms.JSONField):
    """JSON in a hidden field. Nobody types it, so unreadable content means an outdated or forged
    page.
    """

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        # Numbers of thousands of digits, or deeply nested brackets.
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("The page is out of date. Open it again.")) from None


def cell_key(indicator: Indicator, membership: Membership) -> str:
    return f"cell-{indicator.pk}-{membership.pk}"


def figure(norm: Decimal | None) -> str:
    """The target in Vietnamese notation; "" for an empty cell."""
    return "" if norm is None else vn_figure(norm)


def norm_input(key: str) -> forms.TextInput:
    """The input of a cell, described by the element that shows its error."""
    attrs = {"inputmode": "decimal", "maxlength": 30, "class": "n"}
    return forms.TextInput(attrs={**attrs, "aria-describedby": f"id_{key}_error"})


def same_figure(typed: str, seen: object) -> bool:
    try:
        return isinstance(seen, str) and parse_decimal(typed) == parse_decimal(seen)
    except NotANumber:
        return False


class TargetsForm(forms.Form):
    """All targets in one form. `served` has, as JSON, the figure that the writer saw in each cell.

    A cell is written only if the writer changed it and nobody else did meanwhile. `overtake` is
    "<cell>:<figure>": the writer saw this newer figure and replaces it.
    """

    served = ServedField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        data: Any = None,
        *,
        indicators: Sequence[Indicator],
        memberships: Sequence[Membership],
        current: Mapping[tuple[int, int], Decimal],
    ) -> None:
        super().__init__(data)
        self.indicators = indicators
        self.memberships = [member for member in memberships if not member.has_left]
        self.boards = {str(member.pk): member.name.short_name for member in memberships}
        self.cells = {cell_key(i, m): (i, m) for m in self.memberships for i in indicators}
        self.shown = {
            key: figure(current[i.pk, m.pk])
            for key, (i, m) in self.cells.items()
            if (i.pk, m.pk) in current
        }
        # Cells changed by somebody else meanwhile, with their present figures.
        self.overtaken: dict[str, str] = {}
        self.is_written = False
        for key, (indicator, membership) in self.cells.items():
            self.fields[key] = NormField(
                required=False,
                label=f"{membership.name.short_name}: {indicator.title}",
                initial=self.shown.get(key, ""),
                widget=norm_input(key),
            )

    def grid(self) -> list[tuple[Membership, list[tuple[Indicator, forms.BoundField, str]]]]:
        """A row per board; per indicator its field, and the value of `overtake` ("" if not
        overtaken).
        """
        return [
            (membership, [(i, *self.field_of(i, membership)) for i in self.indicators])
            for membership in self.memberships
        ]

    def field_of(
        self, indicator: Indicator, membership: Membership
    ) -> tuple[forms.BoundField, str]:
        key = cell_key(indicator, membership)
        return self[key], f"{key}:{self.overtaken[key]}" if key in self.overtaken else ""

    def clean_served(self) -> dict[str, Any]:
        served = self.cleaned_data["served"] or {}
        if not isinstance(served, dict):
            raise forms.ValidationError(_("The page is out of date. Open it again."))
        key, _colon, replaced = self.data.get("overtake", "").partition(":")
        return served | {key: replaced} if key in self.cells else served

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if figures := self.figures_of_cells_gone(cleaned.get("served", {})):
            raise forms.ValidationError(
                _(
                    "A column or a board that you filled was taken out meanwhile: %(figures)s. "
                    "Note what you need; the other cells are saved."
                ),
                params={"figures": "; ".join(figures)},
            )
        return cleaned

    def figures_of_cells_gone(self, served: Mapping[str, Any]) -> list[str]:
        """“BQL KKT Bình Định: 90” for each figure typed into a removed column or for a board that
        left.
        """
        typed = [(key, str(value).strip()) for key, value in self.data.items()]
        return [
            f"{self.boards[board]}: {text}"
            for key, text in typed
            for board in [key.rpartition("-")[2]]
            if key.startswith("cell-") and key not in self.cells and board in self.boards
            if text and not same_figure(text, served.get(key))
        ]

    @property
    def seen(self) -> dict[str, Any]:
        """Cell key -> figure that the writer saw; empty if `served` could not be read."""
        served: dict[str, Any] = self.cleaned_data.get("served", {})
        return served

    @property
    def served_json(self) -> str:
        """The value of `served` for the page: what it shows in each cell."""
        return json.dumps(self.seen if self.is_bound else self.shown)

    def norm_seen(self, key: str) -> Decimal | None:
        text = self.seen.get(key)
        try:
            return parse_decimal(text) if isinstance(text, str) else None
        except NotANumber:
            return None

    def changed(self) -> dict[tuple[Indicator, Membership], Decimal | None]:
        """The valid cells that differ from what the writer saw."""
        if "served" in self.errors:
            return {}
        return {
            cell: self.cleaned_data[key]
            for key, cell in self.cells.items()
            if key in self.cleaned_data and self.cleaned_data[key] != self.norm_seen(key)
        }

    def started_from(self) -> dict[tuple[Indicator, Membership], Decimal | None]:
        return {cell: self.norm_seen(cell_key(*cell)) for cell in self.changed()}

    def settle(self, overtaken: Mapping[tuple[Indicator, Membership], Decimal | None]) -> None:
        """After saving: written cells count as seen, cells changed by somebody else get an error.

        An overtaken cell keeps what its writer saw, so the next save reports it again.
        """
        for cell, norm in self.changed().items():
            key = cell_key(*cell)
            if cell in overtaken:
                self.mark_overtaken(key, figure(overtaken[cell]))
            else:
                self.seen[key] = figure(norm)
                self.is_written = True

    def mark_overtaken(self, key: str, current: str) -> None:
        self.overtaken[key] = current
        self.add_error(
            key,
            gettext("Now %(figure)s, set by someone else.") % {"figure": current}
            if current
            else gettext("Now empty: someone else cleared it."),
        )

    @property
    def is_only_overtaken(self) -> bool:
        return self.errors.keys() <= self.overtaken.keys()

    @property
    def faulty_cells(self) -> list[tuple[str, str]]:
        """(label of the cell, sentence) for each cell that was refused."""
        return [
            (str(self.fields[key].label), " ".join(map(str, errors)))
            for key, errors in self.errors.items()
            if key in self.cells
        ]
