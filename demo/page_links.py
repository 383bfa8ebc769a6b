"""Links every page of a demonstration to its mailbox."""

from django.utils.translation import gettext_lazy as _

from common.page_links import PageLink, register

register("demonstration", PageLink(_("Its mail"), "demo_mail"))
