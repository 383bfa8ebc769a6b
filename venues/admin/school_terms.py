"""School terms: a scheme's officers enter the school year and its holidays."""

from django import forms
from django.contrib import admin

from geography.models import Area
from venues.hours.terms import outside
from venues.models import SchoolHoliday, SchoolYear

from .base import OfficersAdmin, OfficersInline, SchemeFilter


class HolidayFormSet(forms.BaseInlineFormSet):
    """Compares the holidays with a school year that is being added in the same form."""

    def clean(self):
        super().clean()
        for form in self.forms:
            for name, words in outside(self.instance, form.instance).items():
                if name in form.fields and not form.has_error(name):
                    form.add_error(name, words)


class SchoolHolidayInline(OfficersInline):
    model = SchoolHoliday
    formset = HolidayFormSet
    scheme_path = "year__scheme"
    fields = ["starts_on", "ends_on"]

    def get_extra(self, request, obj=None, **kwargs):
        """A row for each holiday of a usual year: half-terms, Christmas, Easter, summer."""
        return 1 if obj else 6


@admin.register(SchoolYear)
class SchoolYearAdmin(OfficersAdmin):
    list_display = ["__str__", "starts_on", "ends_on", "scheme"]
    list_filter = [("scheme", SchemeFilter)]
    list_select_related = ["scheme", "area"]
    fields = ["scheme", "area", "starts_on", "ends_on"]
    inlines = [SchoolHolidayInline]
    scheme_permission = "venues.add_schoolyear"
    changed = "venues.scheme_changed"

    def get_readonly_fields(self, request, obj=None):
        return ["scheme"] if obj else []

    def get_queryset(self, request):
        return super().get_queryset(request).defer("area__boundary")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name == "area" and field:
            # Councils with schools are counties and districts.
            councils = Area.objects.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.DISTRICT])
            field.queryset = councils.defer("boundary")
        return field
