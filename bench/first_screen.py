"""A phone on a bad signal: `.venv/bin/python bench/first_screen.py ADDRESS "ZX1 1AA"`.

ADDRESS is that of a server: with `bin/run`, http://127.0.0.1:8000, whose demonstration has ZX1 1AA.
Opens its finder in Chromium, 360 by 640 pixels, over "slow 3G" (400 ms there and back, 500 kbit/s)
and with a processor four times slower, nothing cached. Prints, of three visits, the milliseconds
until the box can be typed in, those from pressing Find until the answer stands there, and the bytes
and requests of both. CHROMIUM names the browser if it is not on the path.
"""

import os
import shutil
import statistics
import sys
import time

from playwright.sync_api import sync_playwright

SLOW_3G = {
    "offline": False,
    "latency": 400,
    "downloadThroughput": 500_000 / 8,
    "uploadThroughput": 500_000 / 8,
}
SLOWER = 4
VISITS = 3
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


class Visit:
    """One cold visit; `here` and `answered` are milliseconds, `first` and `answer` what came."""

    def __init__(self, browser, address, location):
        context = browser.new_context(viewport={"width": 360, "height": 640})
        page = context.new_page()
        devtools = context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", SLOW_3G)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        came = []
        devtools.on("Network.loadingFinished", lambda each: came.append(each["encodedDataLength"]))
        start = time.monotonic()
        page.goto(address, wait_until="commit")
        box = page.get_by_label("Town or postcode")
        box.fill(location)
        self.here = (time.monotonic() - start) * 1000
        page.wait_for_load_state()
        page.wait_for_timeout(500)
        self.first = (len(came), sum(came))
        came.clear()
        start = time.monotonic()
        page.get_by_role("button", name="Find places").click()
        page.locator("#answer").wait_for()
        self.answered = (time.monotonic() - start) * 1000
        page.wait_for_timeout(500)
        self.answer = (len(came), sum(came))
        context.close()


def main(address, location):
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        sys.exit("No Chromium here: set CHROMIUM to its path.")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=SWITCHES)
        visits = [Visit(browser, address, location) for _visit in range(VISITS)]
        browser.close()
    for name, spent, came in (
        ("box can be typed in", [v.here for v in visits], visits[-1].first),
        ("answer stands there", [v.answered for v in visits], visits[-1].answer),
    ):
        each = ", ".join(f"{number:.0f}" for number in spent)
        print(
            f"{name}: {statistics.median(spent):.0f} ms ({each});"
            f" {came[1] / 1000:.1f} kB in {came[0]} requests"
        )


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
