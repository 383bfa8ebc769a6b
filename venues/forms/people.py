"""People who work at a place, members who manage it, and people who leave."""

from typing import ClassVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from common.forms import SharedFactsForm
from venues.models import Membership, Post, StaffMember, Venue
from venues.people_lists import MOST_PEOPLE, ListedPerson, compared, read_people


class PostKindField(forms.ChoiceField):
    """The kind of post; own staff by default."""

    def __init__(self, **kwargs):
        super().__init__(
            label=_("Works here as"), choices=Post.Kind.choices, initial=Post.Kind.OWN, **kwargs
        )

    def clean(self, value):
        return super().clean(value or Post.Kind.OWN)


class StaffMemberForm(forms.Form):
    first_name = forms.CharField(
        label=_("First name"),
        max_length=60,
        help_text=_("The first name is enough."),
        error_messages={"required": _("Write the first name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        help_text=_("Only if they want to hear from us by e-mail."),
        error_messages={"invalid": _("Write an e-mail address, like name@example.org.")},
    )
    kind = PostKindField()


class CorrectPersonForm(SharedFactsForm, forms.ModelForm):
    """Somebody's name and address; says what another manager changed meanwhile."""

    class Meta:
        model = StaffMember
        fields = ("first_name", "email")
        labels: ClassVar = {"first_name": _("Name"), "email": _("E-mail address")}
        help_texts: ClassVar = {
            "first_name": _("The first name is enough."),
            "email": _("Empty if they do not want to hear from us by e-mail."),
        }
        error_messages: ClassVar = {
            "first_name": {"required": _("Write the first name.")},
            "email": {"invalid": _("Write an e-mail address, like name@example.org.")},
        }


class PeopleListForm(forms.Form):
    """A pasted list of people. `rows` is how it was read, with duplicates marked; `chosen` those to
    add: the ticked ones, or everybody without a doubt.
    """

    people = forms.CharField(
        label=_("Everybody who works here, one per line"),
        help_text=_("A name, and an e-mail address if they want to hear from us by e-mail."),
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false", "autocomplete": "off"}),
        error_messages={"required": _("Write or paste at least one name.")},
    )
    kind = PostKindField()

    def __init__(self, *args, venue: Venue, places: QuerySet[Venue], **kwargs):
        super().__init__(*args, **kwargs)
        self.venue, self.places = venue, places
        self.rows: list[ListedPerson] = []

    def clean_people(self):
        text = self.cleaned_data["people"]
        rows = read_people(text)
        if not rows:
            raise forms.ValidationError(self.fields["people"].error_messages["required"])
        if len(rows) > MOST_PEOPLE:
            words = _("These are %(number)s people. Paste at most %(most)s at a time.")
            raise forms.ValidationError(words % {"number": len(rows), "most": MOST_PEOPLE})
        self.rows = compared(rows, self.venue, self.places)
        if wrong := [each for each in self.rows if each.problem]:
            line = _("Line %(line)s: %(problem)s")
            raise forms.ValidationError(
                [line % {"line": each.line, "problem": each.problem} for each in wrong]
            )
        return text

    @property
    def chosen(self) -> list[ListedPerson]:
        ticked = set(self.data.getlist("add"))
        return [each for each in self.rows if each.key in ticked]

    @property
    def was_shown_otherwise(self) -> bool:
        """Whether a ticked row reads differently now: somebody was added or corrected meanwhile."""
        return not {each.key for each in self.rows}.issuperset(self.data.getlist("add"))


class WorkHereForm(forms.Form):
    """Somebody from another place of the organisation who works here too."""

    person = forms.ModelChoiceField(
        label=_("Somebody who works for you at another place"),
        queryset=StaffMember.objects.none(),
        empty_label="",
        error_messages={"required": _("Choose a person.")},
    )
    kind = PostKindField()

    def __init__(self, *args, people: dict[StaffMember, list[str]], **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.queryset = StaffMember.objects.filter(pk__in=[each.pk for each in people])
        field.label_from_instance = lambda person: f"{person}: {', '.join(people[person])}"


class LeaverForm(forms.Form):
    last_day = DayMonthYearField(
        label=_("Their last day"),
        error_messages={"required": _("Write the last day.")},
    )

    def __init__(self, *args, post, **kwargs):
        super().__init__(*args, **kwargs)
        self.post = post

    def clean_last_day(self):
        last_day = self.cleaned_data["last_day"]
        if last_day < self.post.from_date:
            raise forms.ValidationError(_("The last day is before the first."))
        return last_day


class MemberForm(forms.Form):
    """A member's role and scope.

    `venues` are the places that the inviting user may grant, `whole` whether they may grant the
    whole organisation, including places added later. With only one place there is nothing to
    choose.
    """

    role = forms.ChoiceField(
        label=_("What they may do"),
        widget=forms.RadioSelect,
        initial=Membership.Role.STAFF,
        choices=[
            (Membership.Role.MANAGER, _("Manager: may change everything")),
            (
                Membership.Role.STAFF,
                _("Staff: may say “we cannot help today”, and confirm what is right"),
            ),
        ],
    )
    scope = forms.ChoiceField(
        label=_("What they look after"),
        widget=forms.RadioSelect,
        initial=Membership.Scope.ALL,
        choices=Membership.Scope.choices,
    )
    venues = forms.ModelMultipleChoiceField(
        label=_("Chosen places"),
        queryset=Venue.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args, venues: QuerySet[Venue], whole: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["venues"].queryset = venues
        if not whole:
            del self.fields["scope"]
        elif venues.count() < 2:
            del self.fields["scope"], self.fields["venues"]

    def clean(self):
        cleaned = super().clean()
        if "venues" not in self.fields:
            return {**cleaned, "scope": Membership.Scope.ALL, "venues": []}
        cleaned.setdefault("scope", Membership.Scope.CHOSEN)
        if cleaned["scope"] == Membership.Scope.ALL:
            cleaned["venues"] = []
        elif not cleaned.get("venues") and "venues" not in self.errors:
            self.add_error("venues", _("Choose at least one place."))
        return cleaned


class ChangeMemberForm(SharedFactsForm, MemberForm):
    """Change a member's role and scope; checks for concurrent changes by another manager."""


class InviteForm(MemberForm):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write an e-mail address, like name@example.org."),
        },
    )
    field_order = ("email",)
