import csv
import dataclasses
import io
import json

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.refusals import Refused
from coverage.sums import Question, measure, measure_week, ordinary_week, read_moment
from coverage.sums.moments import hours_of_week
from coverage.sums.venues import lists_named


class Command(BaseCommand):
    help = (
        "Print how many people of an area live within a distance of a safe space: people, "
        "people_covered, share (0 to 1), venues and method. Distances are straight lines. "
        "Without --at, opening hours are left aside."
    )

    def add_arguments(self, parser):
        parser.add_argument("--area", required=True, metavar="CODE", help="as E06000045")
        parser.add_argument("--within", required=True, type=float, metavar="METRES")
        parser.add_argument(
            "--at", default="", metavar="MOMENT", help="as 2026-11-20T22:00, London's clock"
        )
        parser.add_argument(
            "--week",
            action="store_true",
            help="each of the 168 hours of the week of --at; without it of the next week that has "
            "no bank holiday and no change of the clocks",
        )
        parser.add_argument(
            "--other-places",
            nargs="+",
            default=[],
            metavar="SOURCE",
            help="lists of other people's spaces that count as if they had joined",
        )
        parser.add_argument("--points", default="", choices=["", "lsoa", "oa", "msoa"])
        parser.add_argument(
            "--factor", type=float, default=1, help="how much longer a walk is: 1.3 is usual"
        )
        parser.add_argument("--format", default="text", choices=["text", "json", "csv"])

    def handle(self, *, area, within, at, week, other_places, points, factor, **options):
        try:
            question = Question(
                area=area,
                within=within,
                at=read_moment(at) if at else None,
                factor=factor,
                points=points,
                other_places=lists_named(other_places),
            )
            rows = week_rows(question) if week else [row_of(measure(question))]
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(WRITERS[options["format"]](rows), ending="")


def row_of(measures) -> dict:
    return {
        "people": measures.people,
        "people_covered": measures.people_covered,
        "share": measures.share,
        "venues": measures.venues,
        "method": measures.method,
    }


def week_rows(question: Question) -> list[dict]:
    """One row per hour, without the hour that the clocks skip."""
    day = question.at.date() if question.at else ordinary_week(timezone.localdate())
    measures = measure_week(dataclasses.replace(question, at=None), day)
    return [
        {
            "hour": f"{hour:%Y-%m-%dT%H:%M}",
            "people": measures.people,
            "people_covered": measures.people_covered[index],
            "share": measures.shares[index],
            "venues": measures.venues[index],
            "method": measures.method,
        }
        for index, hour in enumerate(hours_of_week(measures.monday))
        if hour is not None
    ]


def as_text(rows: list[dict]) -> str:
    if len(rows) == 1:
        return "".join(f"{name}: {value}\n" for name, value in rows[0].items())
    lines = [f"people: {rows[0]['people']}", f"method: {rows[0]['method']}"]
    lines.append("hour              people_covered   share  venues")
    lines += [
        f"{row['hour']}  {row['people_covered']:>14}  {row['share']:.4f}  {row['venues']:>6}"
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def as_json(rows: list[dict]) -> str:
    if len(rows) == 1:
        return json.dumps(rows[0], ensure_ascii=False) + "\n"
    shared = {name: rows[0][name] for name in ("people", "method")}
    hours = [{name: row[name] for name in row if name not in shared} for row in rows]
    return json.dumps({**shared, "hours": hours}, ensure_ascii=False) + "\n"


def as_csv(rows: list[dict]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


WRITERS = {"text": as_text, "json": as_json, "csv": as_csv}
