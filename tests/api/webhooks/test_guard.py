"""Where a webhook may point."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from api.webhooks.guard import AddressRefused, Allowed, Target, allowed, require_outside, target_of

NOTHING = Allowed()


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://receiver.example/hook", Target(True, "receiver.example", 443, "/hook")),
        ("https://Receiver.Example:8443?a=1&b=2", Target(True, "receiver.example", 8443, "/?a=1&b=2")),
        ("https://xn--mller-kva.example/x%20y", Target(True, "xn--mller-kva.example", 443, "/x%20y")),
        ("https://93.184.216.34/", Target(True, "93.184.216.34", 443, "/")),
        ("https://[2606:2800:220:1::1]:444/", Target(True, "2606:2800:220:1::1", 444, "/")),
    ],
)
def test_a_public_address_over_https_is_taken_apart(url: str, target: Target) -> None:
    assert target_of(url, NOTHING) == target


@pytest.mark.parametrize(
    "url",
    [
        "http://receiver.example/", "ftp://receiver.example/", "//receiver.example/", "receiver.example", "https://",
        "https:///hook", "https://user:secret@receiver.example/", "https://receiver.example/#part",
        "https://receiver.example\\@inside.example/", "https://receiver.example/a b",
        "https://receiver.example/\r\nX: y",
        "https://receiver.example/\u00e9", "https://m\u00fcller.example/", "https://receiver.example:0x50/",
        "https://receiver.example:99999/", "https://-receiver.example/", "https://receiver..example/",
        "https://127.0.0.1/", "https://10.1.2.3/", "https://169.254.169.254/latest", "https://[::1]/",
        "https://[::ffff:93.184.216.34]/", "https://[fe80::1%25eth0]/", "https://receiver.example/" + "a" * 2000,
    ],
)  # fmt: skip
def test_other_addresses_are_refused(url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        target_of(url, NOTHING)
    assert refused.value.errors[0].pointer == "/url"


INSIDE = (
    "0.0.0.0", "10.0.0.1", "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254",
    "172.16.0.1", "172.31.255.255", "192.0.0.9", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822", "64:ff9b::7f00:1",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::1", "3fff::1", "5f00::1", "fc00::1", "fd00::1",
    "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
)  # fmt: skip


@pytest.mark.parametrize("address", INSIDE)
def test_addresses_inside_a_network_and_those_that_hide_one_are_refused(address: str) -> None:
    with pytest.raises(AddressRefused):
        require_outside("receiver.example", ip_address(address), NOTHING)
    require_outside("receiver.example", ip_address(address), allowed((address,)))
    require_outside("receiver.example", ip_address(address), allowed(("receiver.example",)))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:2800:220:1::1"]
)
def test_public_addresses_are_not(address: str) -> None:
    require_outside("receiver.example", ip_address(address), NOTHING)


def test_plain_http_goes_to_what_is_listed_by_name_or_address_alone() -> None:
    permitted = allowed(("inside.example", "10.0.0.0/8", "fd00::/8"))
    assert not target_of("http://inside.example/", permitted).secure
    assert not target_of("http://10.9.8.7:8080/", permitted).secure
    assert target_of("http://[fd00::1]:8080/", permitted).authority == "[fd00::1]:8080"
    for url in ("http://outside.example/", "http://11.9.8.7/", "http://[2606:2800:220:1::1]/"):
        with pytest.raises(AddressRefused):
            target_of(url, permitted)
