"""People who work at a place, members who manage it, and people who leave."""

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from common.forms import SharedFactsForm
from venues.models import Membership, Post, Venue


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
