from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import ngettext


class MinimumLength(MinimumLengthValidator):
    """Django's validator with our own text: its text has no Vietnamese translation since 5.2."""

    def get_error_message(self) -> str:
        return ngettext(
            "Too short: at least %(count)d character is needed.",
            "Too short: at least %(count)d characters are needed.",
            self.min_length,
        ) % {"count": self.min_length}

    def get_help_text(self) -> str:
        return ngettext(
            "At least %(count)d character.", "At least %(count)d characters.", self.min_length
        ) % {"count": self.min_length}
