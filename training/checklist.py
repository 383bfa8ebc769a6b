"""A new scheme's checklist: every training its principles require is open."""

from django.urls import reverse
from django.utils.translation import gettext as _

from training.models import Module
from venues.checklist import Line, register
from venues.models import Requirement, Scheme


def _training(scheme: Scheme):
    if not scheme.has_training:
        return
    asked = Requirement.objects.filter(principle__scheme=scheme, evidence="trained_people")
    subjects = set(asked.values_list("subject", flat=True))
    modules = Module.objects.for_scheme(scheme).filter(slug__in=subjects)
    waiting = sorted(str(each) for each in modules if each.reviewed_version is None)
    missing = sorted(subjects - {each.slug for each in modules})
    if missing:
        says = _("There is no module called %(names)s.") % {"names": ", ".join(missing)}
    elif waiting:
        says = _("Waiting for the safeguarding lead’s review: %(names)s.")
        says %= {"names": ", ".join(waiting)}
    else:
        says = _("What the principles require has been reviewed.")
    url = reverse("admin:training_module_changelist")
    yield Line(_("Training"), not missing and not waiting, says, url)


register(50, _training)
