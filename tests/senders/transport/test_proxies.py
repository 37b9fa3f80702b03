"""Which proxy of the environment a URL goes through, whatever the variables hold."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Any
from unittest import mock

import httpx
import pytest
from httpx._utils import URLPattern, get_environment_proxies
from hypothesis import given
from hypothesis import strategies as st

from rsspot.errors import ConfigError
from rsspot.senders.transport.proxies import Bypass, environment, proxy_of

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABELS, min_size=2, max_size=4).map(".".join).filter(lambda name: name[-1] > "9")
V4 = st.integers(0, 2**32 - 1).map(ipaddress.IPv4Address)
V6 = st.integers(0, 2**128 - 1).map(ipaddress.IPv6Address)
URLS = st.builds(
    "{}://{}{}/".format,
    st.sampled_from(["http", "https"]),
    st.one_of(NAMES, V4.map(str), V6.map("[{}]".format)),
    st.sampled_from(["", ":8080"]),
).map(httpx.URL)
ENTRIES = st.one_of(
    st.text(max_size=30),
    NAMES,
    V6.map(str),
    st.from_regex(r"[\[\]:./%*@0-9a-f, ]{0,20}", fullmatch=True),
    st.text(st.characters(categories=["Cs"]), max_size=3),
)


@given(st.lists(ENTRIES).map(",".join), URLS)
def test_whatever_no_proxy_holds_each_url_is_covered_or_not(text: str, url: httpx.URL) -> None:
    assert Bypass(text).covers(url) in {True, False}


@given(st.data())
def test_names_and_addresses_mean_what_they_mean_to_httpx(data: st.DataObject) -> None:
    name = data.draw(NAMES)
    entries = data.draw(
        st.lists(
            st.one_of(
                st.sampled_from([name, name.partition(".")[2], "." + name.partition(".")[2]]),
                NAMES,
                V4.map(str),
                V6.map(str),
                st.just("localhost"),
                st.just(f"http://{name}"),
                st.just(f"{name}:8080"),
            ),
            max_size=4,
        )
    )
    host = data.draw(st.one_of(st.sampled_from([name, f"a.{name}", "localhost"]), NAMES))
    url = httpx.URL(f"http://{host}{data.draw(st.sampled_from(['', ':8080']))}/")
    text = ",".join(entries)
    with mock.patch.dict(os.environ, {"no_proxy": text}, clear=True):
        patterns = [URLPattern(pattern) for pattern in get_environment_proxies()]
    assert Bypass(text).covers(url) == any(pattern.matches(url) for pattern in patterns)


@given(st.one_of(V4, V6), st.integers(0, 128), st.one_of(V4, V6), st.booleans())
def test_a_range_covers_the_addresses_in_it(start: Any, size: int, host: Any, near: bool) -> None:  # noqa: FBT001 - drawn
    size = min(size, start.max_prefixlen)
    network = ipaddress.ip_network((start, size), strict=False)
    if near:
        host = network[network.num_addresses // 2]
    written = f"[{host}]" if host.version == 6 else str(host)
    covers = Bypass(f"x.example, {start}/{size}").covers(httpx.URL(f"https://{written}:1/"))
    assert covers == (host in network)


@pytest.mark.parametrize(
    ("entries", "url", "covered"),
    [
        ("fe80::/10", "http://[fe80::1]:80/", True),
        ("fe80::/10", "http://[2001:db8::1]/", False),
        ("[fe80::]/10", "http://[fe80::1]/", True),
        ("fe80::1%eth0", "http://[fe80::1]/", True),
        ("0:0:0:0:0:0:0:1", "http://[::1]:8080/", True),
        ("[::1]", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:8080/", True),
        ("[::1]:8080", "http://[::1]:8081/", False),
        ("10.0.0.0/8 192.168.0.0/255.255.0.0", "https://192.168.3.4/", True),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", True),
        ("127.0.0.1:8080", "http://127.0.0.1/", False),
        ("api.example:443", "https://api.example/", True),
        ("api.example:443", "http://api.example/", False),
        ("https://api.example", "http://api.example/", False),
        ("*.example", "https://a.b.example/", True),
        ("*.example", "https://example/", False),
        ("10.*", "http://10.1.2.3/", True),
        ("http://*", "http://any.example/", True),
        ("API.Example.", "https://api.example/", True),
        ("münchen.example", "https://xn--mnchen-3ya.example/", True),
        ("xn--mnchen-3ya.example", "https://münchen.example/", True),
        (".example", "https://notexample/", False),
        ("1", "http://127.0.0.1/", False),
        ("fe80::/200,]:,[,http://,:80,%,/", "http://[fe80::1]/", False),
        (" \t,, api.example ,", "https://api.example/", True),
    ],
)
def test_entries_are_hosts_addresses_ranges_and_wildcards(
    entries: str, url: str, *, covered: bool
) -> None:
    assert Bypass(entries).covers(httpx.URL(url)) is covered


def proxies_of(**variables: str) -> dict[str, str]:
    with mock.patch.dict(os.environ, variables, clear=True):
        return environment()[0]


def test_variables_in_lower_case_win_and_empty_ones_are_as_absent() -> None:
    assert proxies_of(HTTP_PROXY="http://a", http_proxy="http://b") == {"http": "http://b"}
    assert proxies_of(HTTPS_PROXY="", ALL_PROXY=" ", no_proxy="x") == {}
    assert proxies_of(all_proxy="a:1", NO_PROXY="x , *") == {}
    assert proxies_of(HTTP_PROXY="http://a", REQUEST_METHOD="GET") == {}


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("http://proxy:3128", "http://proxy:3128"),
        (" proxy:3128 ", "http://proxy:3128"),
        ("user:pa%40ss@proxy:3128", "http://proxy:3128"),
        ("https://[::1]:3128/", "https://[::1]:3128/"),
        (httpx.URL("http://user:x@proxy"), "http://proxy"),
        (httpx.Proxy("http://proxy"), "http://proxy"),
    ],
)
def test_a_proxy_is_a_url_or_a_host_and_port(value: Any, url: str) -> None:
    assert str(proxy_of(value, "proxy").url) == url


SECRET = "hunter2"
UNUSABLE = [
    f"http://user:{SECRET}#x@proxy:3128",
    f"http://user:{SECRET}/x@proxy:3128",
    f"http://user:12/{SECRET}@proxy:3128",
    f"http://user:{SECRET}@proxy:99999",
    f"http://user:{SECRET}@proxy:0",
    f"http://user:{SECRET}@pro..xy",
    f"http://user:{SECRET}@.proxy",
    f"http://user:{SECRET}@{'p' * 64}.example",
    f"http://user:{SECRET}@256.1.1.1",
    f"http://user:{SECRET}@[::1",
    f"http://user:{SECRET}@",
    f"http://user:{SECRET} x@pro xy",
    f"ftp://user:{SECRET}@proxy",
    f"socks4://user:{SECRET}@proxy",
    f"socks5://user:{SECRET}@proxy",
    f"http://user:{SECRET}\udcff@proxy",
    f"http://user:{SECRET}@pro\x00xy",
    f"http:/user:{SECRET}@proxy",
    f"{SECRET}://",
    "http://",
    "[",
]


@pytest.mark.parametrize("value", UNUSABLE)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable_and_never_shown(
    value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(_name: str) -> None:
        return None

    monkeypatch.setattr("rsspot.senders.transport.proxies.find_spec", absent)
    monkeypatch.setenv("Https_Proxy", "http://x")
    monkeypatch.setenv("https_proxy", value.replace("\x00", ""))
    with pytest.raises(ConfigError, match=r"^https_proxy ") as caught:
        proxy_of(value, "https")
    shown = f"{caught.value}{vars(caught.value)}"
    assert SECRET not in shown
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert re.search(r"http://host:port|socksio", shown)


@given(st.one_of(st.text(), st.integers(), st.none(), st.text().map("http://u:{}@h".format)))
def test_any_value_is_a_proxy_or_a_config_error(value: Any) -> None:
    try:
        assert proxy_of(value, "proxy").url.host
    except ConfigError as error:
        assert str(error).startswith("proxy ")  # noqa: PT017 - either may happen
