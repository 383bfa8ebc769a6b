"""A standalone program: renders the SVG on stdin as a PNG of at most `WIDTH` by `HEIGHT`.

A few bytes of SVG can demand gigabytes or run for minutes, and the library may then kill its
process. So it runs separately, with limits on memory and time, and reads no other file. Exits with
status 3 when the drawing refers to another file.
"""

import re
import resource
import sys
from xml.etree import ElementTree

MEMORY = 768 * 1024 * 1024  # bytes; the system's fonts are mapped into it
SECONDS = 5
REFERS_ELSEWHERE = 3
IN_ITSELF = re.compile(r"#|data:image/(png|jpeg|gif|webp)[;,]", re.IGNORECASE)
SIDES = re.compile(r"\s*([\d.]+(?:e[+-]?\d+)?)(?:px|pt|mm|cm|in)?\s*$", re.IGNORECASE)


def draw(source: bytes, width: int, height: int) -> bytes:
    import resvg_py  # after the limits are set

    drawing = ElementTree.fromstring(source)
    for element in drawing.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and not IN_ITSELF.match(value.strip()):
                sys.exit(REFERS_ELSEWHERE)
    one, other = _sides(drawing)
    size = {"width": width} if one / other >= width / height else {"height": height}
    text = ElementTree.tostring(drawing, encoding="unicode")
    return resvg_py.svg_to_bytes(svg_string=text, background="#ffffff", **size)


def _sides(drawing) -> tuple[float, float]:
    """Width and height, in any unit; square if not given."""
    box = re.split(r"[\s,]+", drawing.get("viewBox", "").strip())
    if len(box) == 4:
        return float(box[2]), float(box[3])
    found = [SIDES.match(drawing.get(side, "")) for side in ("width", "height")]
    return tuple(float(each[1]) for each in found) if all(found) else (1.0, 1.0)


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    width, height = (int(each) for each in sys.argv[1:])
    sys.stdout.buffer.write(draw(sys.stdin.buffer.read(), width, height))


if __name__ == "__main__":
    main()
