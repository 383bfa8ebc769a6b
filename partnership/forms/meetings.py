"""Forms about meetings: replies, dates, agenda, papers, minutes and actions."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.personal_details import refuse_personal_details
from common.retention import with_periods
from partnership.models import Action, AgendaItem, Attendance, Meeting

Reply = Attendance.Reply
REPORT_LENGTH = 600


class ReplyForm(forms.Form):
    """Coming, a deputy, apologies or a report. Only the first question is required."""

    reply = forms.ChoiceField(
        label=_("Your reply"), choices=Reply.choices, widget=forms.RadioSelect
    )
    deputy_role = forms.CharField(
        label=_("If somebody else is coming: what do they do?"),
        help_text=_("For example, shift leader. You may leave it empty."),
        max_length=80,
        required=False,
    )
    deputy_name = forms.CharField(
        label=_("Their name, if you like"),
        help_text=with_periods(
            _("Only the team sees it. It is deleted %(period)s after the meeting."),
            period="deputies",
        ),
        max_length=80,
        required=False,
    )
    text = forms.CharField(
        label=_("If you send a report: how was the space used?"),
        help_text=_(
            "Progress, and anything that worries you about the scheme. Nothing that could "
            "identify somebody: no names, ages, addresses or numbers. Not for a child or adult "
            "at risk: ring the numbers above. An officer reads it before anybody else. At most "
            "600 characters."
        ),
        max_length=REPORT_LENGTH,
        required=False,
        validators=[refuse_personal_details],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self):
        """Question a report typed with another answer, so that a wrong button does not lose it."""
        given = super().clean()
        if given.get("text") and given.get("reply") not in (None, Reply.REPORT):
            self.add_error(
                "reply",
                _(
                    "You wrote a report. Choose “We cannot come and send a short report”, or empty "
                    "the box."
                ),
            )
        return given


def moment_field(**kwargs):
    return forms.DateTimeField(
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **kwargs,
    )


class MeetingForm(forms.ModelForm):
    """When and where. The form only validates; the action moves the meeting."""

    starts_at = moment_field(label=_("Begins"))
    video_link = forms.URLField(label=_("Video link"), required=False, assume_scheme="https")

    class Meta:
        model = Meeting
        fields = ["starts_at", "minutes", "venue", "address", "video_link"]
        widgets = {"address": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args, venues, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venue"].queryset = venues

    def _post_clean(self):
        """Leave the instance alone: the action compares it with the input."""


class AgendaItemForm(forms.ModelForm):
    class Meta:
        model = AgendaItem
        fields = ["title", "about", "led_by", "is_work_stream"]
        widgets = {"about": forms.Textarea(attrs={"rows": 2})}

    def _post_clean(self):
        """Leave saving to the action."""


class DocumentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    upload = forms.FileField(
        label=_("File"),
        help_text=format_lazy(
            _("PDF, picture or office file, at most {most} MB."),
            most=sizes.megabytes(sizes.DOCUMENT),
        ),
    )
    item = forms.ModelChoiceField(
        label=_("For the item"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("The whole meeting"),
    )

    def __init__(self, *args, meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.items.all()


class MinutesForm(forms.Form):
    text = forms.CharField(
        label=_("Minutes"),
        max_length=40_000,
        strip=False,
        help_text=_("Headings begin with #, list items with -. Roles and organisations only."),
        widget=forms.Textarea(attrs={"rows": 28}),
    )


class RedactForm(forms.Form):
    text = forms.CharField(
        label=_("What may stay"),
        max_length=REPORT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OwnerField(forms.ChoiceField):
    """One choice of everybody who can own an action: organisations, partners, officers."""

    def __init__(self, **kwargs):
        super().__init__(label=_("Who does it"), **kwargs)
        self.owners = {}

    def offer(self, organisations, partners, officers):
        groups = (
            (_("Organisations"), "organisation", organisations),
            (_("Partners"), "partner", partners),
            (_("Officers"), "officer", officers),
        )
        choices = [("", "")]
        for title, kind, things in groups:
            rows = []
            for thing in things:
                key = f"{kind}-{thing.pk}"
                self.owners[key] = {kind: thing}
                rows.append((key, str(thing)))
            if rows:
                choices.append((title, rows))
        self.choices = choices

    def clean(self, value):
        """The action's keyword argument: organisation, partner or officer."""
        return self.owners[super().clean(value)]


class AgreeForm(forms.Form):
    what = forms.CharField(
        label=_("What was agreed"),
        max_length=Action._meta.get_field("what").max_length,
        help_text=_("No names of people."),
    )
    owner = OwnerField()
    due_on = forms.DateField(label=_("Due on"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args, organisations, partners, officers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].offer(organisations, partners, officers)


class WalkInForm(forms.Form):
    """Somebody at the door who is not on the list."""

    member = forms.ChoiceField(label=_("From the scheme"), required=False)
    visitor = forms.CharField(
        label=_("Or somebody else: role and organisation"),
        help_text=_("No name. For example, Night bus company, driver."),
        max_length=160,
        required=False,
    )

    def __init__(self, *args, organisations, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {
            **{f"organisation-{each.pk}": {"organisation": each} for each in organisations},
            **{f"partner-{each.pk}": {"partner": each} for each in partners},
        }
        self.fields["member"].choices = [
            ("", ""),
            *((key, str(next(iter(who.values())))) for key, who in self.members.items()),
        ]

    def who(self) -> dict:
        """The action's keyword arguments."""
        chosen = self.members.get(self.cleaned_data["member"], {})
        return chosen or {"visitor": self.cleaned_data["visitor"]}


HOW = [
    (Attendance.Outcome.PRESENT, _("in the room")),
    (Attendance.Outcome.DEPUTY, _("somebody else for them")),
    (Attendance.Outcome.ONLINE, _("online")),
]


class AddMeetingForm(forms.Form):
    """An extra date outside the series."""

    starts_at = moment_field(label=_("Begins"))
