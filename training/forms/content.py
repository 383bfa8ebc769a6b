"""Forms for trainers who write a module: its details, questions and pictures."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geography.models import Area
from training.models import Module, Picture, Question
from training.rules import pictures_in, why_not_before
from venues.models import Organisation, Scheme, Venue
from venues.photos import redraw


class ManyField(forms.MultipleChoiceField):
    """Checkboxes for an array field."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, base_field=None, max_length=None, **kwargs):
        super().__init__(required=False, **kwargs)


class ModuleForm(forms.ModelForm):
    """A module's details. Choices made by other councils on a shared module are kept."""

    for_types = ManyField(choices=Venue.Type.choices, label=gettext_lazy("Only these kinds"))
    for_sectors = ManyField(
        choices=Organisation.Sector.choices, label=gettext_lazy("Only these sectors")
    )
    suggested_types = ManyField(choices=Venue.Type.choices, label=gettext_lazy("These kinds"))
    suggested_sectors = ManyField(
        choices=Organisation.Sector.choices, label=gettext_lazy("These sectors")
    )

    suggested_served = ManyField(
        choices=Venue.Served.choices, label=gettext_lazy("Places that these people use most")
    )

    class Meta:
        model = Module
        fields = [
            "title",
            "slug",
            "summary",
            "aims",
            "audience",
            "level",
            "kind",
            "completed_by",
            "pass_mark",
            "next_completed_by",
            "next_pass_mark",
            "minutes",
            "valid_months",
            "prerequisites",
            "schemes",
            "for_types",
            "for_sectors",
            "suggested_at_night",
            "suggested_types",
            "suggested_sectors",
            "suggested_served",
            "suggested_areas",
        ]

    def clean_prerequisites(self):
        chosen = self._and_what_others_chose("prerequisites", Module)
        if self.instance.pk and (reasons := why_not_before(self.instance, chosen)):
            raise ValidationError(reasons)
        return chosen

    def clean_schemes(self):
        return self._and_what_others_chose("schemes", Scheme)

    def clean_suggested_areas(self):
        return self._and_what_others_chose("suggested_areas", Area)

    def _and_what_others_chose(self, name, model):
        """Add back what other councils chose: the officer sees and changes only their own."""
        chosen = self.cleaned_data[name]
        if not self.instance.pk:
            return chosen
        offered = self.fields[name].queryset
        others = getattr(self.instance, name).exclude(pk__in=offered.values("pk"))
        return model.objects.filter(
            pk__in=[*(each.pk for each in chosen), *(each.pk for each in others)]
        )


class OrderFormSet(forms.BaseInlineFormSet):
    """Rows with a unique position; new ones belong to the module's newest version."""

    def clean(self):
        super().clean()
        places = [
            form.cleaned_data["order"]
            for form in self.forms
            if form.cleaned_data.get("order") and not form.cleaned_data.get("DELETE")
        ]
        if len(places) != len(set(places)):
            raise ValidationError(_("Two of these have the same place."))

    def save_new(self, form, commit=True):
        if hasattr(form.instance, "version"):
            form.instance.version = self.instance.version
        return super().save_new(form, commit=commit)


class QuestionForm(forms.ModelForm):
    """A question; a new one goes last in the module's newest version."""

    class Meta:
        model = Question
        fields = ["text"]

    def __init__(self, *args, module=None, **kwargs):
        super().__init__(*args, **kwargs)
        if module:
            self.instance.module, self.instance.version = module, module.version
            self.instance.order = _next(module.questions.of_version(module.version), "order")


class ChoicesFormSet(forms.BaseInlineFormSet):
    """A question's answers: at least two, at least one of them right."""

    def clean(self):
        super().clean()
        rows = [
            form.cleaned_data
            for form in self.forms
            if form.cleaned_data.get("text") and not form.cleaned_data.get("DELETE")
        ]
        if not any(row.get("right") for row in rows):
            raise ValidationError(_("At least one answer has to be right."))
        if len(rows) < 2:
            raise ValidationError(_("Give at least two answers to choose from."))

    def save_new(self, form, commit=True):
        form.instance.order = _next(self.instance.choices, "order")
        return super().save_new(form, commit=commit)


class PictureForm(forms.ModelForm):
    """A picture: the file is uploaded once, and later only its description can change."""

    file = forms.FileField(
        label=gettext_lazy("Picture: JPEG, PNG or WebP"),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
    )

    class Meta:
        model = Picture
        fields = ["file", "alt"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].disabled = bool(self.instance.pk)

    def clean_file(self):
        upload = self.cleaned_data["file"]
        return upload if self.instance.pk else redraw(upload)


class PicturesFormSet(forms.BaseInlineFormSet):
    """New pictures get the next number; a picture shown in the text cannot be removed."""

    def clean(self):
        super().clean()
        shown = {
            number
            for body in self.instance.sections.values_list("body", flat=True)
            for number in pictures_in(body)
        }
        for form in self.deleted_forms:
            if form.instance.number in shown:
                raise ValidationError(
                    _("Picture %(number)s is shown in a section. Take it out there first.")
                    % {"number": form.instance.number}
                )

    def save_new(self, form, commit=True):
        form.instance.number = _next(self.instance.pictures, "number")
        return super().save_new(form, commit=commit)


class ReviewForm(forms.Form):
    """Who reviewed a module, and whether the change calls for a refresher."""

    name = forms.CharField(
        label=gettext_lazy("Name of the safeguarding lead"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give the name of whoever reviewed it.")},
    )
    role = forms.CharField(
        label=gettext_lazy("Their role"),
        max_length=120,
        error_messages={"required": gettext_lazy("Give their role.")},
    )
    refresher = forms.BooleanField(
        label=gettext_lazy(
            "It is a change of substance: whoever did an older version must do this one too"
        ),
        required=False,
    )
    refresher_by = forms.DateField(
        label=gettext_lazy("By which day? At least four weeks from today"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args, module, **kwargs):
        super().__init__(*args, **kwargs)
        if module.reviewed_version is None:  # a first version: nobody has completed an older one
            del self.fields["refresher"], self.fields["refresher_by"]

    def clean(self):
        given = super().clean()
        if given.get("refresher") and not given.get("refresher_by"):
            if "refresher_by" not in self.errors:
                self.add_error("refresher_by", _("Write the day by which to do it again."))
        elif not given.get("refresher"):
            given["refresher_by"] = None
        return given


def _next(rows, name):
    return (rows.aggregate(last=Max(name))["last"] or 0) + 1
