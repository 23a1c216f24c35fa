"""The sentences for refused workbooks."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from emulation_bloc.lib.workbooks.package import Reason, WorkbookRefused

SENTENCES: Final[dict[Reason, str | Promise]] = {
    Reason.EMPTY: _("This file is empty. Choose the Excel file that was filled in."),
    Reason.TOO_BIG: _("This file is larger than %(limit)d MB. Nothing was kept of it."),
    Reason.NOT_A_WORKBOOK: _("This is not an Excel file. Save it as .xlsx and send that."),
    Reason.OLD_EXCEL: _("This is an Excel file of the old kind (.xls). Save it as .xlsx."),
    Reason.ENCRYPTED: _("This file is locked with a password. Save it without one."),
    Reason.BROKEN: _("This file is damaged. Open it in Excel, save it again and send that."),
    Reason.TOO_COMPLEX: _(
        "This file has too many parts. Download the form again and copy the values into it."
    ),
    Reason.ENTITIES: _(
        "This file was not written by Excel. Download the form again and copy the values into it."
    ),
    Reason.MACROS: _("This file holds macros. Save it as .xlsx, without macros."),
    Reason.LINKS: _("This file takes data from other files. Break the links, then save it."),
    Reason.EMBEDDED: _("This file holds other files. Remove what was inserted, then save it."),
    Reason.NO_FACTS: _(
        "This is not a form of the portal. Download the form and copy the values into it."
    ),
    Reason.NO_TABLE: _(
        "The sheet “%(where)s” is missing. Download the form again and copy the values into it."
    ),
    Reason.NO_HEADINGS: _(
        "The first row of the sheet “%(where)s” is empty. Its headings must stand there."
    ),
    Reason.HEADING_MISSING: _("The column “%(where)s” is missing. Download the form again."),
    Reason.HEADING_TWICE: _("Two columns are called “%(where)s”. Delete one of them."),
    Reason.MERGED: _("Cells are merged: %(where)s. Unmerge them, then save the file."),
    Reason.TOO_MANY_ROWS: _("The sheet “%(where)s” has too many rows. Delete the unneeded ones."),
    Reason.TOO_MANY_COLUMNS: _(
        "The sheet “%(where)s” has too many columns. Delete the unneeded ones."
    ),
}


def sentence(refused: WorkbookRefused, limit: int) -> str:
    """The sentence for a refused file, where `limit` bytes were allowed."""
    words = {"limit": limit // 1024**2, "where": refused.where}
    return str(SENTENCES[refused.reason]) % words
