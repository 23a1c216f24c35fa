from django import forms
from django.utils.translation import gettext_lazy as _

from ..models.boards import ZoneKind

# --- Lists --------------------------------------------------------------------------------------


class BoardsFilter(forms.Form):
    q = forms.CharField(label=_("Name or province"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of zones"), required=False, choices=[("", _("All kinds")), *ZoneKind.choices]
    )
    sort = forms.ChoiceField(
        required=False,
        widget=forms.HiddenInput,
        choices=[(key, key) for key in ("order", "name", "province", "role")],
    )

    def wanted(self) -> dict[str, str]:
        """The filter's values; invalid ones are ignored."""
        self.is_valid()
        cleaned = self.cleaned_data
        return {
            "words": cleaned.get("q", ""),
            "kind": cleaned.get("kind", ""),
            "sort": cleaned.get("sort") or "order",
        }
