from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """No sign-up: the secretariat creates logins."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
