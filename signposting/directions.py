"""Walking directions in the device's own map app, by coordinates alone, without a name."""

APPLE = ("iPhone", "iPad", "iPod")
ANDROID = "Android"


def device_of(user_agent: str) -> str:
    """“apple”, “android” or empty, from the User-Agent header.

    An iPad that claims to be a Macintosh gets the website, like any computer.
    """
    if any(name in user_agent for name in APPLE):
        return "apple"
    return "android" if ANDROID in user_agent else ""


def route_to(latitude: float, longitude: float, device: str = "") -> str:
    """The URL that opens the walking route in the device's own map app, or else on a website."""
    to = f"{latitude:.5f},{longitude:.5f}"
    if device == "apple":
        return f"https://maps.apple.com/?daddr={to}&dirflg=w"
    if device == "android":
        return f"geo:{to}?q={to}"
    return f"https://www.openstreetmap.org/directions?engine=fossgis_osrm_foot&route=%3B{to}"
