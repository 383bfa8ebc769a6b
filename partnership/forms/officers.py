"""Forms for officers about text, issues and absences, one per action."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnership.models import Away, Issue
from partnership.models.issues import ISSUE_LENGTH
from partnership.rules.issues import theme_words, urgency_words
from venues.evidence_kinds import Part
from venues.models import Officer, Scheme, SignUp


class RedactForm(forms.Form):
    text = forms.CharField(
        label=_("Words without anything that identifies somebody"),
        help_text=_("Edit them. What you take out is gone for good, here and everywhere."),
        max_length=ISSUE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OfficerField(forms.ModelChoiceField):
    """Officers by name and role; the scheme is known from the context."""

    def label_from_instance(self, obj):
        return f"{obj.user}, {obj.get_role_display()}"


class GiveForm(forms.Form):
    officer = OfficerField(label=_("Owner"), queryset=Officer.objects.none())

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["officer"].queryset = Officer.objects.filter(scheme=scheme).select_related(
            "user", "scheme"
        )


class NoteForm(forms.Form):
    text = forms.CharField(
        label=_("What was done"),
        help_text=_("For officers only."),
        required=False,
        max_length=ISSUE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CloseForm(forms.Form):
    answer = forms.CharField(
        label=_("Answer to the venue"),
        help_text=_("The venue reads this in the portal. The letter has only the link."),
        max_length=ISSUE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class OfficersIssueForm(forms.ModelForm):
    """An issue in an officer's own words, about a venue of the scheme or none."""

    class Meta:
        model = Issue
        fields = ["scheme", "sign_up", "theme", "urgency", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 4})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.in_which(user, "partnership.raise_issue")
        self.fields["scheme"].queryset = schemes
        parts = schemes.parts()
        themes = theme_words(parts)
        del themes[Issue.Theme.CALL_US]
        self.fields["theme"].choices = list(themes.items())
        self.fields["urgency"].choices = list(
            urgency_words(has_meetings=Part.MEETINGS in parts).items()
        )
        self.fields["text"].required = True
        sign_ups = SignUp.objects.for_officer(user).select_related("venue", "scheme")
        self.fields["sign_up"].queryset = sign_ups.filter(
            state__in=[SignUp.State.APPROVED, SignUp.State.SUSPENDED]
        ).order_by("venue__name")

    def clean(self):
        data = super().clean()
        sign_up, scheme = data.get("sign_up"), data.get("scheme")
        if sign_up and scheme and sign_up.scheme_id != scheme.pk:
            self.add_error("sign_up", _("This venue is not in this scheme."))
        return data


class AwayForm(forms.ModelForm):
    until = forms.DateField(
        label=_("Away up to and including"), widget=forms.DateInput(attrs={"type": "date"})
    )

    class Meta:
        model = Away
        fields = ["officer", "until", "deputy"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.in_which(user, "partnership.go_away")
        officers = Officer.objects.filter(scheme__in=schemes).select_related("user", "scheme")
        self.fields["officer"].queryset = self.fields["deputy"].queryset = officers

    def clean(self):
        data = super().clean()
        officer, deputy = data.get("officer"), data.get("deputy")
        if officer and deputy and (deputy.scheme_id != officer.scheme_id or officer == deputy):
            self.add_error("deputy", _("Choose another officer of this scheme as deputy."))
        return data
