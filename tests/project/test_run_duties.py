"""Running duties by hand: counts on screen, and a dry run that changes nothing."""

import datetime

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from post_office.mail import send as queue
from post_office.models import Email

from safespaces.management.commands import run_duties
from tests.factories import SchemeFactory
from venues.actions import ask_to_be_rung
from venues.models import Enquiry

pytestmark = pytest.mark.django_db


def long_ago():
    return timezone.now() - datetime.timedelta(days=400)


@pytest.fixture
def overdue():
    ask_to_be_rung(SchemeFactory(), name="Kim", venue_name="Café", phone="01632 960001")
    queue("ana@example.org", "desk@example.org", subject="Old", message="Old.")
    queue("ana@example.org", "desk@example.org", subject="New", message="New.")
    Enquiry.objects.update(asked_at=long_ago())
    Email.objects.filter(subject="Old").update(created=long_ago())


def test_each_duty_runs_once_and_prints_its_count(overdue, capsys):
    call_command("run_duties")
    said = capsys.readouterr().out
    assert "Delete old enquiries: 1" in said
    assert "Delete old mail: 1" in said
    assert "Warn of lapses: 0" in said
    assert not Enquiry.objects.exists()
    assert Email.objects.get().subject == "New"


def test_a_dry_run_prints_the_same_counts_and_changes_nothing(overdue, capsys):
    call_command("run_duties", dry_run=True)
    said = capsys.readouterr().out
    assert "Delete old enquiries: 1" in said
    assert "Nothing was changed." in said
    assert Enquiry.objects.count() == 1
    assert Email.objects.count() == 2


def test_a_failing_duty_is_named_and_rolled_back(overdue, monkeypatch):
    def fails():
        raise ValueError("out of order")

    monkeypatch.setattr(run_duties, "DUTIES", [*run_duties.DUTIES, fails])
    with pytest.raises(CommandError, match="fails failed"):
        call_command("run_duties")
    assert Enquiry.objects.count() == 1
