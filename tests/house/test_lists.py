"""Every officers' list can be exported as a spreadsheet."""

from django.contrib import admin

from common.admin import ListExport

OF_THE_KEEPER = {"geography", "accounts", "account"}
"""Only whoever runs the installation sees these: millions of imported rows, and who logs in."""

WITHOUT_A_LIST = {"training.Question"}
"""Opened from the page of its module only."""


def test_every_officers_list_has_an_export():
    without = [
        model._meta.label
        for model, its_admin in admin.site._registry.items()
        if model._meta.app_label not in OF_THE_KEEPER and not isinstance(its_admin, ListExport)
    ]
    assert set(without) == WITHOUT_A_LIST
