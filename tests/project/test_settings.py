import os
import subprocess
import sys

import pytest
from django.conf import settings

PRODUCTION = {
    "SAFESPACES_MODE": "production",
    "DATABASE_URL": "postgis://safespaces@/nowhere",
    "SECRET_KEY": "Wc3l0vV0bQ7yqzqYt2m8nTn5m1sQv9Jk4hDx6rFg2pLaZsXeRuIoNw",
    "ALLOWED_HOSTS": "spaces.example.org, www.spaces.example.org",
    "EMAIL_URL": "smtp+tls://desk:word@mail.example.org:587",
}


def manage(*arguments, **environment):
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=kept | environment,
        capture_output=True,
        text=True,
    )


def test_the_deployment_check_passes_in_production():
    checked = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr
    assert "no issues" in checked.stdout


@pytest.mark.parametrize("name", ["DATABASE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL"])
def test_a_missing_secret_stops_the_start_naming_the_variable(name):
    without = {key: value for key, value in PRODUCTION.items() if key != name}

    stopped = manage("check", **without)

    assert stopped.returncode != 0
    assert f"Set {name}:" in stopped.stderr


def test_production_is_the_default_mode():
    told = {key: value for key, value in PRODUCTION.items() if key != "SAFESPACES_MODE"}
    asked = "from django.conf import settings; print(settings.PRODUCTION, settings.DEBUG)"

    shown = manage("shell", "--no-imports", "-c", asked, **told, DEBUG="true")

    assert shown.stdout.split() == ["True", "False"]


def test_cookies_are_host_only_and_hsts_covers_subdomains_only_on_request():
    asked = (
        "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, "
        "s.DEVICE_COOKIE_NAME, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD, "
        "s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH)"
    )
    shell = ("shell", "--no-imports", "-c", asked)
    names = ["__Host-sessionid", "__Host-csrftoken", "__Host-device"]
    shown = manage(*shell, **PRODUCTION)
    assert shown.stdout.split() == [*names, "False", "False", "None", "/"]
    shown = manage(*shell, **PRODUCTION, HSTS_SUBDOMAINS="true", HSTS_PRELOAD="true")
    assert shown.stdout.split() == [*names, "True", "True", "None", "/"]


def test_env_example_lists_every_variable_the_settings_read():
    source = (settings.BASE_DIR / "safespaces" / "settings.py").read_text()
    listed = (settings.BASE_DIR / ".env.example").read_text()
    read = {
        part.split('"')[1]
        for marker in ("env(", "env.bool(", "env.int(", "env.list(", "env.db(", "required(")
        for part in source.split(marker)[1:]
        if part.startswith('"')
    }

    assert read
    assert [name for name in sorted(read) if f"{name}=" not in listed] == []


def test_disclosure_thresholds_can_be_stricter_but_never_looser():
    asked = "from django.conf import settings; print(settings.DISCLOSURE.hide_up_to)"

    raised = manage("shell", "--no-imports", "-c", asked, **PRODUCTION, DISCLOSURE_HIDE_UP_TO="9")
    lowered = manage("check", **PRODUCTION, DISCLOSURE_HIDE_UP_TO="4")

    assert raised.stdout.split() == ["9"]
    assert lowered.returncode != 0
    assert "DISCLOSURE_HIDE_UP_TO" in lowered.stderr
