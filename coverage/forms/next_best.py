"""The query for the most useful building: the candidates, how many, and the hours."""

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from coverage.forms.question import FRIDAY, QuestionForm
from coverage.models import OtherPlace, Source
from geography.models import Postcode
from geography.rules import normalise_postcode

MOST_POSTCODES = 200
ENDS = [(hour, f"{hour % 24:02}:00") for hour in range(1, 25)]


class NextBestForm(QuestionForm):
    """The coverage query for a stretch of hours on some days, plus the candidates."""

    day = hour = internal = other_places = None
    picks = forms.IntegerField(label=_("How many buildings"), min_value=1, max_value=50)
    days = forms.TypedMultipleChoiceField(
        label=_("On these days"),
        choices=list(WEEKDAYS.items()),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("If none is ticked, opening hours are ignored."),
    )
    opens = forms.TypedChoiceField(
        label=_("From"), choices=[(hour, f"{hour:02}:00") for hour in range(24)], coerce=int
    )
    closes = forms.TypedChoiceField(
        label=_("Until"),
        choices=ENDS,
        coerce=int,
        help_text=_("Earlier than the start means the next day."),
    )
    candidates = forms.ModelMultipleChoiceField(
        Source.objects.none(),
        label=_("Among the spaces of these lists"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    longer = forms.BooleanField(label=_("And our venues, opening longer"), required=False)
    postcodes = forms.CharField(
        label=_("And buildings at these postcodes"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One per line."),
    )
    by_deprivation = forms.BooleanField(
        label=_("Give people in deprived areas more weight"), required=False
    )

    def __init__(self, data, *, user, now=None):
        self.own_other_places = OtherPlace.objects.for_officer(user).candidates()
        super().__init__(data, user=user, now=now)
        self.fields["candidates"].queryset = Source.objects.for_officer(user)

    def _usual(self):
        usual = super()._usual()
        if not self.asked:
            usual |= {"days": [FRIDAY, FRIDAY + 1], "longer": "on"}
            usual["candidates"] = [source.pk for source in self.own_sources()]
        return {**usual, "picks": 5, "opens": 20, "closes": 24}

    def own_sources(self):
        return Source.objects.filter(other_places__in=self.own_other_places).distinct()

    def clean_postcodes(self):
        """[(name, (easting, northing))] for each line; every line that is not a postcode is
        named.
        """
        lines = [line.strip() for line in self.cleaned_data["postcodes"].splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > MOST_POSTCODES:
            raise forms.ValidationError(
                _("Give up to %(most)s postcodes.") % {"most": MOST_POSTCODES}
            )
        wanted = {line: normalise_postcode(line) for line in lines}
        known = Postcode.objects.located().filter(postcode__in=filter(None, wanted.values()))
        points = {each.postcode: (each.point.x, each.point.y) for each in known}
        if unknown := [line for line, postcode in wanted.items() if postcode not in points]:
            raise forms.ValidationError(
                _("We do not know where this is: %(lines)s.") % {"lines": ", ".join(unknown[:5])}
            )
        return [(postcode, points[postcode]) for postcode in dict.fromkeys(wanted.values())]

    def hours(self) -> list[int] | None:
        """The requested hours of the week; None if opening hours are ignored."""
        given = self.cleaned_data
        if not given["days"]:
            return None
        length = (given["closes"] - given["opens"]) % 24 or 24
        first = [day * 24 + given["opens"] for day in given["days"]]
        return sorted({(hour + more) % 168 for hour in first for more in range(length)})

    def options(self) -> dict:
        """Keyword arguments for `next_best`, apart from the question."""
        given = self.cleaned_data
        lists = given["candidates"]
        return {
            "picks": given["picks"],
            "hours": self.hours(),
            "day": given["week"],
            "other_places": self.own_other_places.filter(source__in=lists) if lists else None,
            "points": given["postcodes"],
            "longer": given["longer"],
            "by_deprivation": given["by_deprivation"],
        }
