"""An officer's form for a round of sign-ups."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from geography.models import Area
from venues.models import Round, Scheme
from venues.models.rounds import DAYS_TO_SEND
from venues.rounds import areas_for_a_round


class RoundForm(forms.Form):
    """`schemes`: those in which the officer may make a round; without them, a form to change
    `round`.
    """

    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("Such as: second round, summer 2027.")
    )
    opens_on = DayMonthYearField(label=_("First day"))
    closes_on = DayMonthYearField(
        label=_("Last day"), help_text=_("Sign-ups are taken until the end of it.")
    )
    areas = forms.ModelMultipleChoiceField(
        label=_("Areas"),
        queryset=Area.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For the figures of each. Places from elsewhere are not turned away."),
    )
    target_venues = forms.IntegerField(
        label=_("How many places are wanted"), min_value=1, max_value=5000, required=False
    )
    target_by = DayMonthYearField(label=_("By which day"), required=False)
    days_to_send = forms.IntegerField(
        label=_("Days after the last one in which a sign-up begun before may still be sent"),
        min_value=0,
        max_value=90,
        initial=DAYS_TO_SEND,
    )
    words_when_closed = forms.CharField(
        label=_("What the start page says when the round is over"),
        max_length=600,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: we visit the new places now, and open again in spring."),
    )

    def __init__(self, *args, schemes=(), round: Round | None = None, **kwargs):
        if round is not None:
            names = [name for name in self.base_fields if name not in ("scheme", "areas")]
            known = {name: getattr(round, name) for name in names}
            chosen = list(round.areas.values_list("pk", flat=True))
            kwargs["initial"] = {**known, "areas": chosen, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if round is not None:
            del self.fields["scheme"]
            self.fields["areas"].queryset = areas_for_a_round(round.scheme, chosen)
            return
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].initial = schemes[0]
        found = [areas_for_a_round(each).order_by() for each in schemes]
        areas = {pk for each in found for pk in each.values_list("pk", flat=True)}
        self.fields["areas"].queryset = (
            Area.objects.filter(pk__in=areas).defer("boundary").order_by("kind", "name")
        )

    def clean_areas(self):
        areas = self.cleaned_data["areas"]
        scheme = self.cleaned_data.get("scheme")
        if scheme is None:
            return areas
        own = set(areas_for_a_round(scheme).order_by().values_list("pk", flat=True))
        if others := [str(each) for each in areas if each.pk not in own]:
            raise forms.ValidationError(
                _("Not in the area of %(scheme)s: %(areas)s."),
                params={"scheme": scheme, "areas": ", ".join(others)},
            )
        return areas
