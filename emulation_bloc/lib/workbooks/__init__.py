"""Excel workbooks that people fill in offline: written as forms, read back strictly.

`writing` makes a form, `reading` reads what came back and names every problem at its place,
`package` and `sheets` open a file that nobody should trust, `words` says why one is refused.
Neither formulas nor links nor programs of a workbook are ever followed.
"""

from emulation_bloc.lib.workbooks.package import Reason, WorkbookRefused
from emulation_bloc.lib.workbooks.reading import (
    Difference,
    Form,
    Problem,
    Row,
    check_workbook,
    differences,
    read_form,
)
from emulation_bloc.lib.workbooks.values import Unreadable, Value, number_in, text_in
from emulation_bloc.lib.workbooks.words import sentence
from emulation_bloc.lib.workbooks.writing import Column, form

__all__ = [
    "Column",
    "Difference",
    "Form",
    "Problem",
    "Reason",
    "Row",
    "Unreadable",
    "Value",
    "WorkbookRefused",
    "check_workbook",
    "differences",
    "form",
    "number_in",
    "read_form",
    "sentence",
    "text_in",
]
