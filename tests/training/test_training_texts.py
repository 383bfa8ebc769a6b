"""The specialist modules of the software: complete, readable, sourced, and true in every nation."""

import re
from dataclasses import replace
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from tests.factories import SchemeFactory
from training import actions
from training.content import FOLDER, read, read_all
from training.management.commands import check_training
from training.papers import paper_or_404, paper_pdf
from training.reading import reading_age, words_in
from training.standards import below_standard, measure
from venues.models import Venue

EVERY = [content.slug for content in read_all()]
WRITTEN = [content.slug for content in read_all() if content.about["kind"] == "specialist"]
LOCAL_NUMBER = re.compile(r"\b0\d{2}[\d ]{5,}\d")
"""A helpline belongs to one nation more often than not, so the text leaves it to [[helplines]]."""


@pytest.mark.parametrize("slug", EVERY)
def test_the_module_contains_everything_a_reviewer_needs(slug):
    content = read(FOLDER / slug)
    assert below_standard(content) == []
    assert all(choice["feedback"] for each in content.text.questions for choice in each["choices"])
    for question in content.text.questions:
        several = sum(choice["right"] for choice in question["choices"]) > 1
        assert question["text"].endswith("Choose all that are right.") == several


@pytest.mark.parametrize("slug", WRITTEN)
def test_the_module_writes_no_helpline_number_but_lists_those_of_the_nation(slug):
    text = read(FOLDER / slug).text
    bodies = [body for __, body in text.sections] + [paper["body"] for paper in text.papers]
    assert [found for body in bodies for found in LOCAL_NUMBER.findall(body)] == []
    assert any("[[helplines]]" in body for body in bodies)
    assert any("[[scheme numbers]]" in body for body in bodies)


@pytest.mark.django_db
@pytest.mark.parametrize("slug", EVERY)
def test_the_handout_is_one_page_with_the_schemes_numbers(slug):
    module, __ = actions.load_module(replace(read(FOLDER / slug), about=about(slug)))
    paper = paper_or_404(
        module,
        1,
        "handout",
        kinds=["handout"],
        scheme=SchemeFactory(),
        venues=Venue.objects.none(),
    )
    (page,) = PdfReader(BytesIO(paper_pdf(paper))).pages
    printed = page.extract_text()
    assert "01632 960000" in printed
    assert "[[" not in printed


def about(slug):
    """Without what comes before it, which is not loaded here."""
    return {
        key: value for key, value in read(FOLDER / slug).about.items() if key != "prerequisites"
    }


def test_long_words_and_long_sentences_need_an_older_reader():
    easy = "The cat sat. The dog ran. We had tea."
    hard = (
        "Notwithstanding organisational responsibilities, practitioners customarily acknowledge "
        "considerable uncertainty regarding individual circumstances."
    )
    assert reading_age(easy) < 7 < 18 < reading_age(hard)
    assert reading_age("") == 0


def test_a_line_of_a_list_is_a_sentence_and_markdown_is_no_word():
    assert words_in("## Say\n\n- **Come in**\n- [Help](/help/)\n\n[[helplines]]") == [
        *("Say", "Come", "in", "Help")
    ]
    assert reading_age("- Come in\n- Sit down") == reading_age("Come in. Sit down.")


def test_a_module_with_too_little_is_told_what_it_lacks():
    content = read(FOLDER / WRITTEN[0])
    short = replace(
        content,
        text=replace(
            content.text,
            sections=content.text.sections[:2],
            questions=content.text.questions[:5],
            papers=[],
            outline=content.text.outline[1:],
            facts=content.text.facts[:1],
        ),
    )
    words = " ".join(below_standard(short))
    for said in ("2 sections", "5 questions", "1 facts", "The outline takes", "no handout.md"):
        assert said in words


def test_the_command_lists_each_module_and_fails_for_an_incomplete_one(monkeypatch):
    whole = read(FOLDER / WRITTEN[0])
    monkeypatch.setattr(check_training, "read_all", lambda: [whole])
    out = StringIO()
    call_command("check_training", stdout=out)
    found = measure(whole.text)
    assert f"| {whole.slug} | {found.sections} | {found.questions} |" in out.getvalue()
    short = replace(whole, text=replace(whole.text, facts=[]))
    monkeypatch.setattr(check_training, "read_all", lambda: [short])
    with pytest.raises(CommandError, match="0 facts"):
        call_command("check_training", stdout=StringIO())
