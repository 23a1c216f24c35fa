"""Verification codes: what is printed at the foot of a paper, so that a print can be checked."""

import re
import secrets

# Crockford's base 32 without I, L, O, U: nothing that is misread from paper.
CODE_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 12
CODE_GROUP = 4
_MISREAD = str.maketrans("OIL", "011")


def new_code() -> str:
    """A code that nobody can guess: 12 letters, 60 random bits."""
    return "".join(secrets.choice(CODE_LETTERS) for _place in range(CODE_LENGTH))


def parse_code(typed: str) -> str:
    """A code as it is stored, however it was typed; "" where it is none."""
    code = re.sub(r"[\s\-–.]", "", typed).upper().translate(_MISREAD)
    return code if len(code) == CODE_LENGTH else ""


def grouped(code: str) -> str:
    """A code as people read it: 7F3A-91C4-0B2E."""
    return "-".join(code[i : i + CODE_GROUP] for i in range(0, len(code), CODE_GROUP))
