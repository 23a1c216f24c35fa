"""Excel workbooks as forms: written, filled in offline, and read back strictly.

`writing` makes a form, `reading` reads it and reports every problem with its place, `package` and
`sheets` open untrusted files, `words` has the sentences for refusals. Formulas, links and macros of
a workbook are never followed.
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
