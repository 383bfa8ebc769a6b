"""The report of an import or of its dry run."""

from collections import Counter
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.tables import Findings, Table


@dataclass
class Summary:
    """What an import did or would do: counts, a line per venue, and points to check."""

    dry_run: bool
    read: int = 0
    made: Counter = field(default_factory=Counter)
    kept: Counter = field(default_factory=Counter)
    skipped: Counter = field(default_factory=Counter)
    findings: Findings = field(default_factory=Findings)
    table: Table | None = None
    notes: list[str] = field(default_factory=list)
    venues: list[str] = field(default_factory=list)

    def sentences(self) -> list[str]:
        """Counts of rows read, created, unchanged and skipped; values not understood; the notes."""
        said = [
            ngettext("%(count)s row read.", "%(count)s rows read.", self.read)
            % {"count": self.read},
            (_("Would be made: %(what)s.") if self.dry_run else _("Made: %(what)s."))
            % {"what": counted(self.made)},
            _("Here already, left as they are: %(what)s.") % {"what": counted(self.kept)},
        ]
        said += [
            _("Skipped, %(count)s: %(why)s.") % {"count": count, "why": why}
            for why, count in self.skipped.items()
        ]
        said += self.findings.sentences()
        if self.dry_run:
            return [*said, *self.notes, _("This was a trial: nothing was changed.")]
        return said + self.notes

    def __str__(self) -> str:
        return "\n".join([*self.venues, *self.sentences()])


def counted(counts: Counter) -> str:
    """The counts in words: "2 venues, 1 person"."""
    words = {
        "venues": ngettext("%(n)s venue", "%(n)s venues", counts["venues"]),
        "joined": ngettext(
            "%(n)s that joins a place that is here",
            "%(n)s that join places that are here",
            counts["joined"],
        ),
        "people": ngettext("%(n)s person", "%(n)s people", counts["people"]),
        "trainings": ngettext("%(n)s training", "%(n)s trainings", counts["trainings"]),
        "stickers": ngettext("%(n)s sticker", "%(n)s stickers", counts["stickers"]),
        "invitations": ngettext("%(n)s invitation", "%(n)s invitations", counts["invitations"]),
    }
    said = [words[key] % {"n": counts[key]} for key in words if counts[key]]
    return ", ".join(said) or _("nothing")
