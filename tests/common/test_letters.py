"""Letters: one source gives the subject, text, HTML and the copy that is kept."""

import datetime
import re

import pytest
from django.template import engines
from django.utils import timezone
from post_office.mail import send_queued
from post_office.models import STATUS, Email

from common import letters, signed_links
from common.letters import LetterFile, Signature, composing

SIGNED = Signature("Safe Harbour", "Anytown Council", "team@example.org", "01632 960000")
SOURCE = """{% load letters %}
{% subject %}About
 {{ name }}{% endsubject %}
Dear {{ name }},
please read this.

- first
- {% link more %}second{% endlink %}
  and a half

{% button url %}Read it{% endbutton %}

Code: {% private %}{{ code }}{% endprivate %}
"""


@pytest.fixture
def compose(monkeypatch):
    """Compose a letter from source text."""

    def from_source(source=SOURCE, *, text=None, **context):
        template = engines["django"].from_string(source)
        monkeypatch.setattr("common.letters.composing.get_template", choose(template))
        site = "http://127.0.0.1:8000"
        context = {"name": "Hall", "url": f"{site}/a/", "more": f"{site}/b/", "code": 1, **context}
        return letters.compose("source.txt", context, signature=SIGNED, text=text)

    original = composing.get_template

    def choose(template):
        return lambda name: template if name == "source.txt" else original(name)

    return from_source


@pytest.fixture(autouse=True)
def site_url(settings):
    settings.SITE_URL = "http://127.0.0.1:8000"


def buttons(html):
    return re.findall(r"display:inline-block", html)


def test_text_and_html_come_from_one_source(compose):
    letter = compose()
    assert letter.subject == "About Hall"
    assert letter.text == (
        "Dear Hall,\nplease read this.\n\n- first\n- second: http://127.0.0.1:8000/b/\n"
        "  and a half\n\nRead it:\nhttp://127.0.0.1:8000/a/\n\nCode: 1\n\n"
        "Anytown Council, Safe Harbour\nteam@example.org\n01632 960000\n"
    )
    assert len(buttons(letter.html)) == 1
    assert "Dear Hall,<br>please read this.</p>" in letter.html
    assert letter.html.count("<li") == 2
    assert "Anytown Council, Safe Harbour" in letter.html


def test_a_newline_in_a_name_cannot_break_the_subject(compose):
    letter = compose(name="Hall\r\nBcc: everybody@example.org\x00")
    assert letter.subject == "About Hall Bcc: everybody@example.org"
    assert "\x00" not in letter.text


def test_a_very_long_name_still_gives_a_subject_that_fits(compose):
    assert len(compose(name="x" * 500).subject) == 200


@pytest.mark.parametrize(
    "name",
    [
        "<script>x</script>",
        "{{ code }}",
        "{% load x %}",
        "\x0200:link:0\x03",
        "http://evil.example/",
    ],
)
def test_a_name_is_never_read_as_markup_or_as_our_link(compose, name):
    letter = compose(name=name)
    assert "<script>" not in letter.html
    assert 'href="http://evil' not in letter.html
    assert letter.html.count("<a ") == 2
    assert len(buttons(letter.html)) == 1


@pytest.mark.django_db
def test_a_name_that_looks_like_a_template_is_queued_unchanged(compose):
    email = letters.queue(["a@example.org"], compose(name="{% if {{ 7|add:7 }}"))
    assert email.subject == "About {% if {{ 7|add:7 }}"
    assert "{% if {{ 7|add:7 }}" in email.message


def test_an_edited_draft_keeps_its_button_while_it_keeps_the_link(compose):
    draft = compose().body
    assert draft in compose(text=draft).text
    edited = compose(text=draft.replace("Dear Hall", "Hello"))
    assert "Hello" in edited.html
    assert len(buttons(edited.html)) == 1
    only_address = compose(text="Hello\n\nhttp://127.0.0.1:8000/a/\n")
    assert len(buttons(only_address.html)) == 1
    assert len(buttons(compose(text="Hello").html)) == 0


def test_the_kept_copy_has_no_link_or_code_that_acts_for_the_recipient(compose):
    token = signed_links.make("x", 1, lasts=datetime.timedelta(days=1))
    url = f"http://127.0.0.1:8000/join/{token}/"
    letter = compose(url=url, code="4711-0815", more=f"{url}?page=1")
    assert url in letter.text
    assert "4711-0815" in letter.text
    assert token not in letter.kept
    assert "4711-0815" not in letter.kept
    typed = compose(text=f"See {url} please", url="http://127.0.0.1:8000/a/")
    assert token not in typed.kept
    assert "http://127.0.0.1:8000/a/" in compose().kept


def test_only_the_subject_is_shortened(compose):
    long = "word " * 100 + "end"
    letter = compose(name=long, code=long)
    assert letter.text.count("end") == 2
    assert letter.html.count("end</p>") == 1


def test_two_buttons_or_no_subject_is_an_error(compose):
    button = "{% button url %}Go{% endbutton %}"
    with pytest.raises(ValueError, match="one button"):
        compose("{% load letters %}{% subject %}x{% endsubject %}" + button * 2)
    with pytest.raises(ValueError, match="no subject"):
        compose("{% load letters %}" + button)


@pytest.mark.django_db
def test_a_letter_goes_to_all_addresses_at_once_and_replies_reach_the_council(compose, mailoutbox):
    file = LetterFile("day.ics", b"BEGIN:VCALENDAR", "text/calendar")
    to = {"b@example.org", "a@example.org", "", "no address"}
    email = letters.queue(to, compose(), files=[file])
    assert email.to == ["a@example.org", "b@example.org"]
    send_queued()
    (message,) = mailoutbox
    assert message.extra_headers["Reply-To"] == "team@example.org"
    assert [kind for _content, kind in message.alternatives] == ["text/html"]
    assert [name for name, *_rest in message.attachments] == ["day.ics"]


@pytest.mark.django_db
def test_nothing_is_queued_without_an_address(compose):
    assert letters.queue(["", "no address"], compose()) is None
    assert not Email.objects.exists()


# Letters that wait


@pytest.mark.django_db
def test_a_waiting_letter_is_not_sent_and_can_be_withdrawn(compose, mailoutbox):
    email = letters.queue(["a@example.org"], compose(), wait=datetime.timedelta(minutes=10))
    send_queued()
    assert mailoutbox == []
    assert letters.withdraw(email) is True
    Email.objects.update(scheduled_time=timezone.now())
    send_queued()
    assert mailoutbox == []


@pytest.mark.django_db
@pytest.mark.parametrize("late_by", [0, 20])
def test_a_letter_that_may_have_left_cannot_be_withdrawn(compose, mailoutbox, late_by):
    email = letters.queue(["a@example.org"], compose(), wait=datetime.timedelta(minutes=10))
    Email.objects.update(
        scheduled_time=timezone.now() + letters.MARGIN - datetime.timedelta(seconds=late_by)
    )
    assert letters.withdraw(email) is False
    assert Email.objects.filter(pk=email.pk).exists()


@pytest.mark.django_db
def test_a_letter_queued_without_a_wait_cannot_be_withdrawn(compose):
    email = letters.queue(["a@example.org"], compose())
    assert letters.withdraw(email) is False
    Email.objects.update(status=STATUS.sent)
    assert letters.withdraw(email) is False
