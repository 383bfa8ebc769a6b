"""Forms for gaps, approaches to close them, and outcomes."""

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from coverage.models import Approach, DrawnArea, Gap, OtherPlace
from geography.models import Area
from venues.models import Scheme, Venue

MOST_CHOICES = 50
NEAR_A_GAP = 1500
"""Metres around a gap's area within which somebody could close it."""


def people_of(schemes):
    """Those with a role in one of the schemes."""
    users = get_user_model().objects.filter(is_active=True, officer_roles__scheme__in=schemes)
    return users.distinct().order_by("email")


def wards_of(schemes):
    """The newest wards and districts of these schemes' areas."""
    areas = [each.area for each in schemes.select_related("area") if each.area]
    codes = [area.code for area in areas]
    found = Area.objects.filter(kind=Area.Kind.WARD, parent_code__in=codes)
    newest = found.order_by("-vintage").values_list("vintage", flat=True).first()
    return Area.objects.filter(pk__in=[area.pk for area in areas]) | found.filter(vintage=newest)


class GapForm(forms.ModelForm):
    class Meta:
        model = Gap
        fields = ["scheme", "title", "hours", "area", "drawn_area", "owner"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        is_new = self.instance.pk is None
        permission = "coverage.open_gap" if is_new else "coverage.change_gap"
        schemes = Scheme.objects.in_which(user, permission)
        if not is_new:
            schemes = Scheme.objects.filter(pk=self.instance.scheme_id)
            del self.fields["scheme"]
        else:
            self.fields["scheme"].queryset = schemes
            if len(schemes) == 1:
                self.initial.setdefault("scheme", schemes[0].pk)
            self.initial.setdefault("owner", user.pk)
        self.fields["owner"].queryset = people_of(schemes)
        wards = wards_of(schemes)
        if self.instance.area_id:
            wards = wards | Area.objects.filter(pk=self.instance.area_id)
        self.fields["area"].queryset = wards.defer("boundary").order_by("kind", "name")
        self.fields["drawn_area"].queryset = DrawnArea.objects.filter(scheme__in=schemes).defer(
            "boundary"
        )


class NewGapForm(GapForm):
    """Carries a place that is already chosen to the next page."""

    other_place = forms.IntegerField(required=False, widget=forms.HiddenInput)
    venue = forms.IntegerField(required=False, widget=forms.HiddenInput)


class AnswerForm(forms.Form):
    """The answer to an approach, and the next step."""

    answer = forms.ChoiceField(label=_("Answer"), choices=Approach.Answer.choices)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    due_on = forms.DateField(
        label=_("By"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class ApproachForm(AnswerForm):
    """Whom to approach: places near the gap are offered; others are entered by name."""

    other_place = forms.ModelChoiceField(
        label=_("Another space"), queryset=OtherPlace.objects.none(), required=False
    )
    venue = forms.ModelChoiceField(
        label=_("A venue of ours, to open longer"), queryset=Venue.objects.none(), required=False
    )
    name = forms.CharField(label=_("Or somebody else, by name"), max_length=160, required=False)
    field_order = ["other_place", "venue", "name", "answer", "next_step", "due_on"]

    def __init__(self, *args, gap, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.gap = gap
        self._offer("other_place", OtherPlace.objects.for_officer(user).candidates())
        self._offer("venue", Venue.objects.for_officer(user))

    def _offer(self, name, things):
        """Offer the places nearest to the gap's area, and the one chosen on another page."""
        named = str(self.data.get(name) or self.initial.get(name) or "")
        asked = self.gap.approaches.filter(**{f"{name}__isnull": False}).values(name)
        near = things.filter(point__isnull=False).exclude(pk__in=asked)
        where = self.gap.drawn_area or self.gap.area
        if where is not None:
            near = near.filter(point__dwithin=(where.boundary, NEAR_A_GAP))
        shown = list(near.order_by("name").values_list("pk", flat=True)[:MOST_CHOICES])
        shown += [int(named)] if named.isdecimal() else []
        self.fields[name].queryset = things.filter(pk__in=shown).order_by("name")

    def clean(self):
        whom = [self.cleaned_data.get(name) for name in ("other_place", "venue", "name")]
        if sum(bool(one) for one in whom) != 1:
            raise forms.ValidationError(
                _("Say whom: another space, a venue, or a name; one of them.")
            )
        return self.cleaned_data


class CloseGapForm(forms.Form):
    outcome = forms.CharField(
        label=_("How it ended"),
        max_length=200,
        help_text=_("For example, St Barnabas Hall is now open on Fridays."),
    )
