"""Loads the templates of pages without the white space that is there for who reads the template.

A browser folds any white space into one blank, so a page looks the same, but indentation and the
lines of tags are a third of the bytes of a long one. Of each run of white space one line end is
left, so no two words and no two buttons move together.
"""

import re

from django.template import Origin
from django.template.loaders import filesystem

INDENTATION = re.compile(r"\n\s+")
# A line of its own with one tag that prints nothing: the end of the line before it is enough.
SILENT = "if|elif|else|endif|for|empty|endfor|with|endwith|load"
LINE_OF_A_TAG = re.compile(rf"(?<=\n)({{% (?:{SILENT})\b(?:(?!%}})[^\n])*%}})\n")


class Loader(filesystem.Loader):
    """Reads from the folders in DIRS. Letters (.txt) keep every space as it is written."""

    def get_contents(self, origin: Origin) -> str:
        """The source of a template, for .html without idle white space."""
        contents: str = super().get_contents(origin)
        if not origin.name.endswith(".html"):
            return contents
        return LINE_OF_A_TAG.sub(r"\1", INDENTATION.sub("\n", contents))
