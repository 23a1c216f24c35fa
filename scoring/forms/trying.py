"""The form to try out other figures of the year, without saving."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from emulation_bloc.lib.numbers import NotANumber, parse_decimal
from emulation_bloc.lib.refusal import Refusal
from scoring.models import Line
from scoring.result.standings import Standings
from scoring.sheets import filling

ROWS = 6


class TriedRow(NamedTuple):
    """The three fields of one row, as bound fields."""

    number: int
    board: forms.BoundField
    criterion: forms.BoundField
    figure: forms.BoundField


class TryForm(forms.Form):
    """Up to six rows of board, criterion and figure. Sent by GET, so that the address can be
    shared."""

    def __init__(self, data: Mapping[str, Any] | None, *, standings: Standings) -> None:
        super().__init__(data)
        self.standings = standings
        self.figures: dict[tuple[int, str], Decimal] = {}
        boards = [("", ""), *((str(pk), name) for pk, name in standings.names.items())]
        criteria = [
            ("", ""),
            *(
                (c.code, f"{c.code} {c.title}")
                for c in standings.criteria
                if c.facts_from_id is None
            ),
        ]
        for number in range(1, ROWS + 1):
            self.fields[f"ban{number}"] = choice(gettext_lazy("Board"), boards)
            self.fields[f"tieuchi{number}"] = choice(gettext_lazy("Criterion"), criteria)
            self.fields[f"solieu{number}"] = forms.CharField(
                label=gettext_lazy("Figure"), required=False, max_length=30
            )

    @property
    def rows(self) -> Iterator[TriedRow]:
        for number in range(1, ROWS + 1):
            yield TriedRow(
                number, *(self[f"{name}{number}"] for name in ("ban", "tieuchi", "solieu"))
            )

    def clean(self) -> dict[str, Any]:
        for number in range(1, ROWS + 1):
            self.read_row(number)
        return self.cleaned_data

    def read_row(self, number: int) -> None:
        names = [f"{name}{number}" for name in ("ban", "tieuchi", "solieu")]
        board, code, text = (str(self.cleaned_data.get(name, "")) for name in names)
        if not (board or code or text) or any(name in self.errors for name in names):
            return
        for name, value in zip(names, (board, code, text), strict=True):
            if not value:
                self.add_error(name, _("Give board, criterion and figure."))
                return
        try:
            self.figures[(int(board), code)] = self.figure(int(board), code, text)
        except NotANumber:
            self.add_error(
                names[2], _("This cannot be read as a number: %(text)s") % {"text": text}
            )
        except Refusal as refusal:
            self.add_error(names[2], str(refusal))

    def figure(self, board: int, code: str, text: str) -> Decimal:
        line = self.line(board, code)
        if not line.is_assigned:
            raise Refusal(_("This criterion is not assigned to the board."))
        figure = parse_decimal(text)
        filling.check_figure(line, figure)
        return figure

    def line(self, board: int, code: str) -> Line:
        lines = self.standings.boards[board].lines
        return next(line for line in lines if line.criterion.code == code)


def choice(label: Any, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)
