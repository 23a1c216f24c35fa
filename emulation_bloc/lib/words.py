"""Whole numbers in Vietnamese words, as vouchers and minutes print them."""

from django.utils.translation import get_language

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
BILLION = 10**9
LIMIT = 10**18


class UnsayableNumber(ValueError):
    """The number is negative or has more than eighteen digits."""


def amount_in_words(n: int) -> str:
    """A sum of money in đồng: ``1005`` is "Một nghìn không trăm linh năm đồng".

    Raises UnsayableNumber below 0 (vouchers never have negative sums) and from 10^18 on.
    """
    words = number_in_words(n)
    return f"{words[0].upper()}{words[1:]} đồng"


def number_in_sentence(n: int) -> str:
    """A number within a sentence of a page: in words in Vietnamese, else in digits."""
    return number_in_words(n) if get_language() == "vi" else str(n)


def number_in_words(n: int) -> str:
    """A whole number in lower case, without unit: ``24`` is "hai mươi tư".

    Raises UnsayableNumber below 0 and from 10^18 on.
    """
    if not 0 <= n < LIMIT:
        raise UnsayableNumber(f"Cannot say {n}: only 0 to 10^18 - 1.")
    return " ".join(_say(n, follows=False)) or DIGITS[0]


def _say(n: int, *, follows: bool) -> list[str]:
    """The words of n, [] for 0; ``follows`` if larger groups precede it."""
    words: list[str] = []
    billions, rest = divmod(n, BILLION)
    if billions:
        words += [*_say(billions, follows=False), "tỷ"]
    for value, unit in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group, rest = divmod(rest, value)
        if group:
            words += [*_say_group(group, whole=follows or bool(words)), *unit.split()]
    return words


def _say_group(n: int, *, whole: bool) -> list[str]:
    """The words of 1 to 999; with ``whole``, zero hundreds are said too."""
    hundreds, rest = divmod(n, 100)
    if not hundreds and not whole:
        return _say_below_hundred(rest)
    words = [DIGITS[hundreds], "trăm"]
    if not rest:
        return words
    return words + (["linh", DIGITS[rest]] if rest < 10 else _say_below_hundred(rest))


def _say_below_hundred(n: int) -> list[str]:
    tens, ones = divmod(n, 10)
    if not tens:
        return [DIGITS[ones]]
    words = ["mười"] if tens == 1 else [DIGITS[tens], "mươi"]
    return words + ([_ones_after_tens(tens, ones)] if ones else [])


def _ones_after_tens(tens: int, ones: int) -> str:
    """Mốt, tư, lăm: digits that change after a ten."""
    if ones == 5:
        return "lăm"
    return {1: "mốt", 4: "tư"}.get(ones, DIGITS[ones]) if tens > 1 else DIGITS[ones]
