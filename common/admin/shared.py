"""Concurrent edits in the admin: forms report what another officer changed meanwhile."""

from common.forms import Fact, SharedFactsForm


class SharedRowForm(SharedFactsForm):
    """One inline row: conflicts are reported with the row's name."""

    def facts(self):
        if self.instance.pk is None:
            yield from super().facts()  # a new row has no values yet to be named by
            return
        for fact in super().facts():
            yield Fact(fact.key, f"{self.instance}: {fact.label}", fact.names)


def shared(form: type, kind: type = SharedFactsForm) -> type:
    """The same form class, which compares what was posted with what its page showed."""
    return form if issubclass(form, SharedFactsForm) else type(form.__name__, (kind, form), {})


class SharedRows:
    """Mixin for inlines that compares each stored row separately. Goes before Django's class.

    `templates/admin/change_form.html` draws each row's hidden field.
    """

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = shared(formset.form, SharedRowForm)
        return formset
