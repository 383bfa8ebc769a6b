"""The officers' coverage query: where, how far, when, and whom to count."""

import datetime

from django import forms
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from coverage.models import DrawnArea, FeltUnsafe, Source
from coverage.sums import DISTANCES, WALKING, WITHIN, Question
from coverage.sums.moments import monday_of
from coverage.sums.where import wards_of
from geography.models import Area, PopulationBase, PopulationPoint
from geography.walking import minutes_on_foot
from venues.models import Scheme

HOURS = [("", _("Leave hours aside")), *((str(hour), f"{hour:02}:00") for hour in range(24))]
FRIDAY = 4
USUAL = ", ".join(f"{metres:,}" for metres in DISTANCES)


class QuestionForm(forms.Form):
    """Sent with GET, so that an answer can be bookmarked: nothing in it is personal."""

    scheme = forms.ModelChoiceField(Scheme.objects.none(), label=_("Scheme"), empty_label=None)
    area = forms.ChoiceField(label=_("Area"), required=False)
    within = forms.IntegerField(
        label=_("Within how many metres"),
        min_value=1,
        max_value=100_000,
        help_text=_(
            "800 m in a straight line is a walk of about %(straight)s minutes, since streets are "
            "longer; 800 m on foot is %(walked)s. Usual: %(usual)s."
        )
        % {
            "straight": minutes_on_foot(800),
            "walked": minutes_on_foot(800, factor=1),
            "usual": USUAL,
        },
    )
    factor = forms.ChoiceField(
        label=_("Measured"),
        choices=[
            ("1", _("in a straight line")),
            (str(WALKING), _("on foot: %(factor)g times the straight line") % {"factor": WALKING}),
        ],
    )
    day = forms.TypedChoiceField(
        label=_("Day"),
        choices=[(number, name) for number, name in WEEKDAYS.items()],
        coerce=int,
    )
    hour = forms.TypedChoiceField(
        label=_("At"), choices=HOURS, coerce=int, required=False, empty_value=None
    )
    week = forms.DateField(
        label=_("In the week of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Any day of it. Closures and bank holidays of that week count."),
    )
    base = forms.ChoiceField(label=_("Counting"))
    points = forms.ChoiceField(
        label=_("By"),
        required=False,
        choices=[
            ("", _("the small areas that are known")),
            ("oa", _("output areas")),
            ("lsoa", _("lower layer super output areas")),
        ],
    )
    members_only = forms.BooleanField(label=_("Only this scheme’s venues"), required=False)
    internal = forms.BooleanField(
        label=_("This scheme’s venues, including internal ones"), required=False
    )
    other_places = forms.ModelMultipleChoiceField(
        Source.objects.none(),
        label=_("As if these spaces had joined"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, data, *, user, now=None):
        self.today = timezone.localdate(now)
        schemes = Scheme.objects.for_officer(user).select_related("area").order_by("name")
        self.its_scheme = _chosen(schemes, data.get("scheme"))
        self.asked = bool(data)
        super().__init__({**self._usual(), **self._plain(data)})
        self.fields["scheme"].queryset = schemes
        self.fields["area"].choices = self._areas()
        self.fields["base"].choices = [*_bases(), *self._unsafe(user)]
        if "other_places" in self.fields:
            self.fields["other_places"].queryset = Source.objects.for_officer(user)
            if not self.fields["other_places"].queryset.exists():
                del self.fields["other_places"]
        if PopulationPoint.objects.order_by().values("kind").distinct().count() < 2:
            del self.fields["points"]

    def _usual(self):
        return {
            "scheme": self.its_scheme.pk if self.its_scheme else "",
            "within": WITHIN,
            "factor": "1",
            "day": FRIDAY,
            "hour": "22",
            # Default to the coming Friday evening: for a past day, that day's members would count.
            "week": self.today + datetime.timedelta(days=(FRIDAY - self.today.weekday()) % 7),
            "base": "residents",
        }

    def _plain(self, data):
        """A QueryDict as a dict: one value each, except for multi-value fields."""
        several = [
            name
            for name, field in self.base_fields.items()
            if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
        ]
        return {key: data.getlist(key) if key in several else data.get(key) for key in data}

    def _areas(self):
        whole = self.its_scheme.area if self.its_scheme else None
        choices = [("", whole.name if whole else _("No area is set"))]
        if whole:
            wards = [(f"ward:{ward.code}", ward.name) for ward in wards_of(whole.code)]
            choices.append((_t("Wards"), sorted(wards, key=lambda ward: ward[1])))
        if self.its_scheme:
            drawn = DrawnArea.objects.filter(scheme=self.its_scheme)
            drawn = drawn.order_by("-is_priority", "name")
            choices.append((_t("Own areas"), [(f"drawn:{one.pk}", one.name) for one in drawn]))
        return [choice for choice in choices if choice[1]]

    def _unsafe(self, user):
        """Where people feel unsafe: for those who may see it, and of this scheme only."""
        if not self.its_scheme or not user.has_perm("coverage.view_feltunsafe", self.its_scheme):
            return []
        known = FeltUnsafe.objects.filter(scheme=self.its_scheme)
        words = _t("Where people feel unsafe: %(source)s")
        return [(f"unsafe:{one.pk}", words % {"source": one}) for one in known]

    @property
    def is_for_officers_only(self) -> bool:
        """Whether the answer may be shown to this officer, and downloaded by nobody."""
        return str(self.cleaned_data.get("base", "")).startswith("unsafe:")

    def clean(self):
        cleaned = super().clean()
        if self.its_scheme and not self.its_scheme.area_id and not cleaned.get("area"):
            self.add_error("area", _("This scheme has no area yet. Set it on the scheme’s page."))
        return cleaned

    def question(self) -> Question:
        """The Question to measure; raises Refused if its moment does not exist."""
        given = self.cleaned_data
        base, who = _base(given["base"])
        internal = given.get("internal", False)
        return Question(
            self._area(given["area"]),
            within=given["within"],
            at=self._moment(),
            factor=float(given["factor"]),
            points=given.get("points", ""),
            who=who,
            base=base,
            scheme=given["scheme"] if given["members_only"] or internal else None,
            other_places=tuple(given.get("other_places", ())),
            named=self.fields["scheme"].queryset,
            # The weekly grid uses the same population and members as the single moment.
            on=min(self.today, monday_of(given["week"]) + datetime.timedelta(days=6)),
            internal=internal,
        )

    @property
    def hour_of_week(self) -> int | None:
        """0 for Monday 00:00 to 167; None if hours are ignored."""
        given = self.cleaned_data
        if given.get("hour") is None:
            return None
        return given["day"] * 24 + given["hour"]

    def _moment(self):
        if self.hour_of_week is None:
            return None
        midnight = datetime.datetime.combine(monday_of(self.cleaned_data["week"]), datetime.time())
        return midnight + datetime.timedelta(hours=self.hour_of_week)

    def _area(self, value):
        kind, __, key = value.partition(":")
        if kind == "ward":
            newest = Area.objects.filter(kind=Area.Kind.WARD, code=key)
            return newest.order_by("-vintage", "-pk").first()
        if kind == "drawn":
            return DrawnArea.objects.select_related("scheme__area").get(
                scheme=self.its_scheme, pk=key
            )
        return self.its_scheme.area


def _chosen(schemes, key):
    """The chosen scheme or area; if the officer may not see it, the first, and the field refuses
    it.
    """
    own = list(schemes)
    return next((scheme for scheme in own if str(scheme.pk) == key), own[0] if own else None)


def _bases():
    """Residents, subgroups of residents that were counted, and any other imported bases."""
    choices = [("residents", _("Residents"))]
    newest = PopulationPoint.objects.exclude(counts={}).order_by("-vintage").first()
    for key in newest.counts if newest else []:
        choices.append((f"who:{key}", _t("Residents: %(who)s") % {"who": key}))
    return [
        *choices,
        *((f"base:{base.pk}", str(base)) for base in PopulationBase.objects.all()),
    ]


def _base(value):
    """(base, who) of a choice."""
    kind, __, key = value.partition(":")
    if kind == "who":
        return None, (key,)
    if kind == "base":
        return PopulationBase.objects.get(pk=key), ()
    if kind == "unsafe":
        return FeltUnsafe.objects.get(pk=key), ()
    return None, ()
