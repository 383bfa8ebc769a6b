"""What a specialist module of the software has to hold before a reviewer is asked to read it."""

from collections.abc import Iterator
from dataclasses import dataclass

from training.content import PAPERS, Content, VersionText
from training.reading import reading_age, words_in

SECTIONS = range(4, 8)
QUESTIONS = range(6, 11)
FEWEST_FACTS = 5
OLDEST_READER = 12.0
OLDEST_READER_OF_EASY_READ = 9.0


@dataclass(frozen=True)
class Measure:
    """The measurements of one module, for the table that `check_training` prints."""

    sections: int
    questions: int
    facts: int
    to_confirm: int
    words: int  # of the sections
    all_words: int  # with questions, papers and the outline
    age: float  # of the sections
    minutes: int  # of the outline


def measure(text: VersionText) -> Measure:
    body = _body(text)
    return Measure(
        sections=len(text.sections),
        questions=len(text.questions),
        facts=len(text.facts),
        to_confirm=sum(fact["to_confirm"] for fact in text.facts),
        words=len(words_in(body)),
        all_words=sum(len(words_in(each)) for each in [body, *_beside(text)]),
        age=reading_age(body),
        minutes=sum(step["minutes"] for step in text.outline),
    )


def _body(text: VersionText) -> str:
    return "\n".join(f"{title}\n{body}" for title, body in text.sections)


def _beside(text: VersionText) -> Iterator[str]:
    for question in text.questions:
        yield question["text"]
        for choice in question["choices"]:
            yield f"{choice['text']}\n{choice['feedback']}"
    for paper in text.papers:
        yield paper["body"]
    for step in text.outline:
        yield f"{step['title']}\n{step['text']}"


def below_standard(content: Content) -> list[str]:
    """What is missing or excessive in a module's files, in words for the author."""
    text, found = content.text, measure(content.text)
    problems = []
    # The introduction has everything that nobody else says, so it may be longer.
    is_specialist = content.about["kind"] == "specialist"
    if is_specialist and found.sections not in SECTIONS:
        problems.append(f"{found.sections} sections: there are 4 to 7.")
    if is_specialist and found.questions not in QUESTIONS:
        problems.append(f"{found.questions} questions: there are 6 to 10.")
    if found.facts < FEWEST_FACTS:
        problems.append(f"{found.facts} facts: give at least {FEWEST_FACTS} with their sources.")
    if found.minutes != content.about["minutes"]:
        problems.append(
            f"The outline takes {found.minutes} minutes, the module {content.about['minutes']}."
        )
    if found.age > OLDEST_READER:
        problems.append(f"Reading age {found.age:.1f}: at most {OLDEST_READER:.0f}.")
    problems += [f"There is no {kind}.md." for kind in PAPERS if kind not in _kinds(text)]
    easy = reading_age(_kinds(text).get("easy-read", ""))
    if easy > OLDEST_READER_OF_EASY_READ:
        problems.append(f"Easy Read: reading age {easy:.1f}.")
    return problems + [
        f"Question {number} has fewer than three answers."
        for number, question in enumerate(text.questions, start=1)
        if len(question["choices"]) < 3
    ]


def _kinds(text: VersionText) -> dict[str, str]:
    return {paper["kind"]: paper["body"] for paper in text.papers}
