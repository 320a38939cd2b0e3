"""Settings are read once, strictly, and everything that is wrong is said at once."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from ledger.settings import Settings, SettingsRefused, load


def refused(**environ: str) -> set[tuple[str, str]]:
    with pytest.raises(SettingsRefused) as refusal:
        load(environ)
    return {(error.pointer, error.code) for error in refusal.value.errors}


def test_an_empty_environment_gives_a_ledger_on_loopback_with_its_own_database() -> None:
    settings = load({"HOME": "/srv/ann"})
    assert settings.home == Path("/srv/ann/.local/share/pledger")
    assert settings.keys_dir == Path("/srv/ann/.local/share/pledger/keys")
    assert settings.embedded
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.zone == ZoneInfo("Europe/London")
    assert settings.origin.startswith("urn:pledger:")
    assert settings.categories == ()
    assert (settings.batch_events, settings.batch_bytes) == (2000, 4 * 1024 * 1024)
    assert (settings.max_batch, settings.max_body_bytes, settings.max_event_bytes) == (1000, 5 * 1024 * 1024, 32 * 1024)


def test_the_data_folder_of_the_desktop_is_respected() -> None:
    assert load({"HOME": "/srv/ann", "XDG_DATA_HOME": "/data"}).home == Path("/data/pledger")


def test_every_value_is_read_into_its_type() -> None:
    settings = load(
        {
            "PLEDGER_HOME": "/srv/pledger",
            "PLEDGER_DATABASE_URL": "postgresql://pledger@db.example/pledger",
            "PLEDGER_ZONE": "Europe/Dublin",
            "PLEDGER_ORIGIN": "ledger.northern-trust.example/2026",
            "PLEDGER_PORT": "0",
            "PLEDGER_POLL_SECONDS": "0.25",
            "PLEDGER_CATEGORIES": "music, forest_school",
            "PLEDGER_LOG_LEVEL": "WARNING",
        }
    )
    assert settings.keys_dir == Path("/srv/pledger/keys")
    assert settings.database_url == "postgresql://pledger@db.example/pledger"
    assert not settings.embedded
    assert settings.zone == ZoneInfo("Europe/Dublin")
    assert settings.origin == "ledger.northern-trust.example/2026"
    assert settings.port == 0
    assert settings.poll_seconds == 0.25
    assert settings.categories == ("music", "forest_school")
    assert settings.log_level == "warning"


@pytest.mark.parametrize(("given", "host", "port"), [("0.0.0.0:9000", "0.0.0.0", 9000), ("[::1]:9464", "::1", 9464)])
def test_the_operator_s_address_is_a_host_and_a_port(given: str, host: str, port: int) -> None:
    found = load({"PLEDGER_OPERATOR_ADDRESS": given}).operator_address
    assert (found, str(found)) == ((host, port), given)


def test_there_may_be_no_operator_s_address() -> None:
    assert load({"PLEDGER_OPERATOR_ADDRESS": "off"}).operator_address is None


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ({"PLEDGER_PUBLIC_URL": "https://Ledger.example/"}, "https://ledger.example"),
        ({"PLEDGER_PORT": "9000"}, "http://127.0.0.1:9000"),
        ({"PLEDGER_HOST": "::1"}, "http://[::1]:8080"),
    ],
)
def test_the_service_has_an_address_of_its_own(given: dict[str, str], address: str) -> None:
    assert load(given).address == address


def test_proxies_and_origins_are_lists() -> None:
    settings = load({"PLEDGER_TRUSTED_PROXIES": "10.0.0.0/8, ::1", "PLEDGER_CORS_ORIGINS": "https://a.example,"})
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert settings.cors_origins == {"https://a.example"}
    assert (load({}).trusted_proxies, load({}).cors_origins) == ((), frozenset())


def test_an_unknown_name_is_refused_with_a_suggestion() -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load({"PLEDGER_POOLMAX": "8"})
    assert [(error.pointer, error.code) for error in refusal.value.errors] == [("PLEDGER_POOLMAX", "unknown-setting")]
    assert "PLEDGER_POOL_MAX" in refusal.value.errors[0].detail


def test_names_of_others_are_none_of_our_business() -> None:
    assert load({"HOME": "/srv/ann", "LANG": "C", "PLEDGERS": "4"}).port == 8080


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PLEDGER_PORT", "65536"),
        ("PLEDGER_PORT", "80.5"),
        ("PLEDGER_PORT", "1_000"),
        ("PLEDGER_PORT", "٨٠"),
        ("PLEDGER_PORT", ""),
        ("PLEDGER_HOST", " "),
        ("PLEDGER_HOME", "pledger"),
        ("PLEDGER_ZONE", "Europe/Camelot"),
        ("PLEDGER_ZONE", "../../etc/passwd"),
        ("PLEDGER_ORIGIN", "two words"),
        ("PLEDGER_ORIGIN", "a+b"),
        ("PLEDGER_POST_DEADLINE_SECONDS", "nan"),
        ("PLEDGER_POST_DEADLINE_SECONDS", "1e1"),
        ("PLEDGER_CATEGORIES", "music,Forest School"),
        ("PLEDGER_LOG_LEVEL", "loud"),
        ("PLEDGER_MAX_EVENT_BYTES", "65536"),
        ("PLEDGER_DATABASE_URL", "mysql://db/pledger"),
        ("PLEDGER_OPERATOR_ADDRESS", "9464"),
        ("PLEDGER_OPERATOR_ADDRESS", "127.0.0.1:0"),
        ("PLEDGER_OPERATOR_ADDRESS", ":9464"),
        ("PLEDGER_TRUSTED_PROXIES", "10.0.0.0/8, proxy.example"),
        ("PLEDGER_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("PLEDGER_CORS_ORIGINS", "*"),
        ("PLEDGER_CORS_ORIGINS", "https://pages.example/path"),
        ("PLEDGER_PUBLIC_URL", "ledger.example"),
        ("PLEDGER_PUBLIC_URL", "https://ledger.example/api"),
        ("PLEDGER_PUBLIC_URL", "https://user@ledger.example"),
        ("PLEDGER_TOKEN_SECONDS", "901"),
        ("PLEDGER_READS_PER_MINUTE", "-1"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(name: str, value: str) -> None:
    assert refused(**{name: value}) == {(name, "setting-malformed")}


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert refused(PLEDGER_PORT="high", PLEDGER_HOME="here", PLEDGER_COLOUR="red") == {
        ("PLEDGER_PORT", "setting-malformed"),
        ("PLEDGER_HOME", "setting-malformed"),
        ("PLEDGER_COLOUR", "unknown-setting"),
    }


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "url"
    file.write_text("postgresql://pledger:open-sesame@db/pledger\n")
    settings = load({"PLEDGER_DATABASE_URL_FILE": str(file)})
    assert settings.database_url == "postgresql://pledger:open-sesame@db/pledger"
    assert "open-sesame" not in repr(settings)


def test_a_secret_is_given_once_and_its_file_must_be_there(tmp_path: Path) -> None:
    missing = str(tmp_path / "missing")
    twice = refused(PLEDGER_DATABASE_URL="host=db", PLEDGER_DATABASE_URL_FILE=missing)
    assert twice == {("PLEDGER_DATABASE_URL", "setting-twice")}
    assert refused(PLEDGER_DATABASE_URL_FILE=missing) == {("PLEDGER_DATABASE_URL_FILE", "setting-unreadable")}


def test_what_is_no_secret_does_not_come_from_a_file() -> None:
    assert refused(PLEDGER_PORT_FILE="/srv/port") == {("PLEDGER_PORT_FILE", "unknown-setting")}


def test_a_refused_secret_is_not_repeated() -> None:
    with pytest.raises(SettingsRefused) as refusal:
        load({"PLEDGER_DATABASE_URL": "mysql://root:open-sesame@db"})
    assert "open-sesame" not in str(refusal.value)


def test_settings_cannot_be_changed() -> None:
    settings: Settings = load({"HOME": "/srv/ann"})
    with pytest.raises(AttributeError):
        settings.port = 1  # type: ignore[misc] # that it is refused is the point
