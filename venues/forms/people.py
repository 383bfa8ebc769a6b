"""Those who work at a place, those who look after it here, and those who leave."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from venues.models import Membership, Post


class PostKindField(forms.ChoiceField):
    """How somebody works at a place; own staff where nothing else is said."""

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
        help_text=_("Only if they want their training link by e-mail."),
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


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Their e-mail address"),
        error_messages={
            "required": _("Write an e-mail address."),
            "invalid": _("Write an e-mail address, like name@example.org."),
        },
    )
    role = forms.ChoiceField(
        label=_("What they may do"),
        widget=forms.RadioSelect,
        initial=Membership.Role.STAFF,
        choices=[
            (Membership.Role.MANAGER, _("Manager: may change everything")),
            (
                Membership.Role.STAFF,
                _("Staff: may say “we cannot help today”, confirm the hours and the sticker"),
            ),
        ],
    )
