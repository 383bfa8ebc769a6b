"""Two officers, one thing: the admin's own forms say what the other one changed meanwhile."""

from common.forms import Fact, SharedFactsForm


class SharedRowForm(SharedFactsForm):
    """One row among many: what both changed is told with the name of the row."""

    def facts(self):
        if self.instance.pk is None:
            yield from super().facts()  # a new row has nothing yet that its name is made of
            return
        for fact in super().facts():
            yield Fact(fact.key, f"{self.instance}: {fact.label}", fact.names)


def shared(form: type, kind: type = SharedFactsForm) -> type:
    """The same form class, which compares what it is sent with what its page showed."""
    return form if issubclass(form, SharedFactsForm) else type(form.__name__, (kind, form), {})


class SharedRows:
    """Mixin for inlines: each stored row is compared by itself. It goes before Django's class.

    `templates/admin/change_form.html` draws the hidden field of each row.
    """

    def get_formset(self, request, obj=None, **kwargs):
        formset = super().get_formset(request, obj, **kwargs)
        formset.form = shared(formset.form, SharedRowForm)
        return formset
