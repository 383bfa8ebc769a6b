from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from training.content import read_all
from training.standards import below_standard, measure

HEAD = (
    "Module",
    "Sections",
    "Questions",
    "Facts",
    "To confirm",
    "Words",
    "All words",
    "Reading age",
    "Outline, minutes",
)


class Command(BaseCommand):
    help = (
        "List the training that comes with the software: sections, questions, facts with their "
        "sources, words and reading age. Fails if one misses what it must hold."
    )

    def handle(self, *args, **options):
        try:
            contents = read_all()
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(_row(HEAD))
        self.stdout.write(_row(["---", *["---:"] * (len(HEAD) - 1)]))
        problems = []
        for content in contents:
            found = measure(content.text)
            self.stdout.write(
                _row(
                    (
                        content.slug,
                        found.sections,
                        found.questions,
                        found.facts,
                        found.to_confirm,
                        found.words,
                        found.all_words,
                        f"{found.age:.1f}",
                        found.minutes,
                    )
                )
            )
            problems += [f"{content.slug}: {words}" for words in below_standard(content)]
        if problems:
            raise CommandError("\n".join(problems))


def _row(cells):
    return "| " + " | ".join(str(cell) for cell in cells) + " |"
