"""Choosing a place's badges."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import SharedFactsForm
from venues.models import SignUp


class _SchemesField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, sign_up: SignUp) -> str:
        return str(sign_up.scheme)


class BadgesForm(SharedFactsForm, forms.Form):
    """A checkbox per scheme of the place; an unticked scheme's name is shown nowhere."""

    shown = _SchemesField(
        SignUp.objects.none(),
        label=_("Schemes to name beside this place"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, sign_ups, **kwargs):
        named = [each.pk for each in sign_ups if not each.hides_badge]
        super().__init__(*args, initial={"shown": named}, **kwargs)
        self.fields["shown"].queryset = sign_ups
