"""Only http, https and mailto are opened, and nobody can hide where they lead."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.markdown.links import Target, claimed_host, is_misleading, is_openable, target_of

BAD = {
    "javascript": "javascript:alert(1)",
    "javascript in mixed case": "JaVaScRiPt:alert(1)",
    "javascript after a blank": " javascript:alert(1)",
    "tab in javascript": "java\tscript:alert(1)",
    "newline in javascript": "java\nscript:alert(1)",
    "NUL before javascript": "\x00javascript:alert(1)",
    "javascript as a comment": "javascript://example.com/%0aalert(1)",
    "vbscript": "vbscript:msgbox(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "data in base64": "data:text/html;base64,PHNjcmlwdD4=",
    "file": "file:///etc/passwd",
    "file on a host": "file://server/share",
    "UNC path": "\\\\server\\share",
    "drive": "C:\\Windows\\system32\\cmd.exe",
    "drive as scheme": "c:/x",
    "path": "/etc/passwd",
    "relative path": "x/y.html",
    "fragment": "#",
    "empty": "",
    "no scheme": "example.com",
    "no scheme, two slashes": "//example.com/x",
    "ftp": "ftp://example.com/",
    "ssh": "ssh://example.com/",
    "smb": "smb://server/share",
    "ms-msdt": "ms-msdt:/id PCWDiagnostic",
    "search-ms": "search-ms:query=x&crumb=location:\\\\server",
    "about": "about:blank",
    "blob": "blob:https://example.com/x",
    "view-source": "view-source:https://example.com",
    "intent": "intent://x#Intent;scheme=http;end",
    "qrc": "qrc:/x",
    "tel": "tel:+123",
    "colon alone": ":https://example.com",
    "scheme in full width": "ｈttps://example.com",
    "http with backslashes": "http:\\\\example.com",
    "backslash before the host": "https:/\\example.com",
    "backslash after the host": "https://good.example\\@evil.example",
    "http without slashes": "http:example.com",
    "http with one slash": "http:/example.com",
    "http with three slashes": "http:///example.com",
    "no host": "https://",
    "userinfo and no host": "https://user@/x",
    "port and no host": "https://:80/",
    "two ports": "https://example.com:80:80/",
    "port too high": "https://example.com:65536/",
    "port that is no number": "https://example.com:8o/",
    "port in Arabic digits": "https://example.com:٨٠/",
    "blank in the host": "https://exa mple.com/",
    "blank in the path": "https://example.com/a b",
    "newline in the path": "https://example.com/a\nb",
    "control in the path": "https://example.com/\x1b[0m",
    "C1 control": "https://example.com/\x85",
    "percent in the host": "https://exa%6Dple.com/",
    "empty label": "https://example..com/",
    "dot before": "https://.example.com/",
    "hyphen before": "https://-example.com/",
    "label too long": f"https://{'a' * 64}.com/",
    "host too long": f"https://{'a.' * 130}com/",
    "sign that becomes a slash": "https://good.example℀evil.example/",
    "zero width in the host": "https://exam\u200bple.com/",
    "soft hyphen in the host": "https://exam\u00adple.com/",
    "right-to-left override": "https://example.com/\u202efdp.exe",
    "isolate": "https://example.com/\u2066x",
    "byte order mark": "\ufeffhttps://example.com/",
    "half of a pair": "https://example.com/\ud800",
    "IPv6 with a zone": "http://[fe80::1%25eth0]/",
    "IPv6 that is none": "http://[::g]/",
    "IPv6 with text after": "http://[::1]evil.example/",
    "IPv6 with text before": "http://good.example[::1]/",
    "IPv6 not closed": "http://[::1/",
    "IPv6 without brackets": "http://::1/",
    "IPv4 as one number": "http://2130706433/",
    "IPv4 in hexadecimal": "http://0x7f000001/",
    "IPv4 in octal": "http://0177.0.0.1/",
    "IPv4 of two parts": "http://127.1/",
    "IPv4 of five parts": "http://1.2.3.4.5/",
    "angle brackets": "https://example.com/<script>",
    "quotation mark": 'https://example.com/"onclick="x',
    "mail without address": "mailto:",
    "mail without host": "mailto:user@",
    "mail without user": "mailto:@example.com",
    "mail as a path": "mailto://example.com",
    "mail to two": "mailto:a@example.com,b@example.com",
    "mail with an attachment": "mailto:a@example.com?attach=/etc/passwd",
    "mail with an encoded attachment": "mailto:a@example.com?subject=x&%61ttachment=/etc/passwd",
    "mail with a newline": "mailto:a@example.com?subject=x\nBcc: b@example.com",
}  # fmt: skip


@pytest.mark.parametrize("href", BAD.values(), ids=BAD.keys())
def test_a_bad_address_is_never_opened(href: str) -> None:
    assert target_of(href) is None
    assert not is_openable(href)


@pytest.mark.parametrize(
    ("href", "target"),
    [
        ("https://example.com", Target("https", "example.com", None, False, "https://example.com")),
        ("HTTP://EXAMPLE.COM:80/A?b#c", Target("http", "example.com", 80, False, "http://example.com:80/A?b#c")),
        ("https://example.com:/", Target("https", "example.com", None, False, "https://example.com/")),
        ("https://example.com./x", Target("https", "example.com", None, False, "https://example.com/x")),
        ("http://localhost:8000/", Target("http", "localhost", 8000, False, "http://localhost:8000/")),
        ("http://127.0.0.1/", Target("http", "127.0.0.1", None, False, "http://127.0.0.1/")),
        ("http://[0:0::1]:80/", Target("http", "::1", 80, False, "http://[::1]:80/")),
        ("https://a.b/ä?ö=ü#ß", Target("https", "a.b", None, False, "https://a.b/%C3%A4?%C3%B6=%C3%BC#%C3%9F")),
        ("https://a.b/%20%zz", Target("https", "a.b", None, False, "https://a.b/%20%zz")),
        ("mailto:a.b@c.de?subject=x", Target("mailto", "c.de", None, False, "mailto:a.b@c.de?subject=x")),
    ],
)
def test_a_good_address_is_opened_as_it_is_shown(href: str, target: Target) -> None:
    assert target_of(href) == target


@pytest.mark.parametrize(
    ("href", "host"),
    [
        ("https://good.example@evil.example/", "evil.example"),
        ("https://good.example:443@evil.example/", "evil.example"),
        ("https://good.example%2F@evil.example/", "evil.example"),
        ("https://a@b@evil.example/", "evil.example"),
        ("https://@evil.example/", "evil.example"),
    ],
)
def test_what_stands_before_an_at_sign_is_no_host(href: str, host: str) -> None:
    target = target_of(href)
    assert target is not None
    assert (target.host, target.has_userinfo) == (host, True)


def test_an_at_sign_in_a_path_makes_no_user() -> None:
    target = target_of("https://example.com/@x")
    assert target is not None
    assert (target.host, target.has_userinfo) == ("example.com", False)


@pytest.mark.parametrize(
    ("href", "host"),
    [
        ("https://аррӏе.com/", "xn--80ak6aa92e.com"),
        ("https://gооgle.com/", "xn--ggle-55da.com"),
        ("https://münchen.de/", "xn--mnchen-3ya.de"),
        ("https://例え.jp/", "xn--r8jz45g.jp"),
        ("https://example。com/", "example.com"),
        ("https://ⓔxample.com/", "example.com"),
        ("https://EXAMPLE.ÇOM/", "example.xn--om-3ia"),
    ],
)
def test_a_host_in_other_letters_is_shown_in_ascii(href: str, host: str) -> None:
    target = target_of(href)
    assert target is not None
    assert target.host == host
    assert host in target.address


def test_an_endless_address_is_shown_short_and_opened_whole() -> None:
    href = f"https://example.com/{'x' * 5_000}/end"
    target = target_of(href)
    assert target is not None
    assert target.address == href
    assert len(target.shown) == 2_001
    assert target.shown.startswith("https://example.com/x")
    assert target.shown.endswith("x/end")
    assert "…" in target.shown
    short = target_of("https://example.com/")
    assert short is not None
    assert short.shown == short.address


@given(
    rest=st.text(max_size=40), scheme=st.sampled_from(["http://", "https://", "https://a.b/", "mailto:", "http:", ""])
)
@settings(max_examples=500, derandomize=True, deadline=None)
def test_what_is_opened_has_no_sign_that_could_be_read_two_ways(rest: str, scheme: str) -> None:
    target = target_of(scheme + rest)
    if target is not None:
        assert target.address.isascii()
        assert target.address.isprintable()
        assert not set(target.address) & set(' \\<>"')
        assert target.address.startswith(("http://", "https://", "mailto:"))
        assert target_of(target.address) == target


@pytest.mark.parametrize(
    ("text", "claimed"),
    [
        ("good.example", "good.example"),
        ("Good.Example/login", "good.example"),
        ("https://good.example/", "good.example"),
        ("see www.good.example now", "www.good.example"),
        ("(http://good.example:80/x).", "good.example"),
        ("go\u200bod.example", "good.example"),
        ("\u202egood.example", "good.example"),
        ("user@good.example", "good.example"),
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("click here", ""),
        ("version 1.2.3", ""),
        ("1.5", ""),
        ("main.py", ""),
        ("Node.js", ""),
        ("a sentence. Another one.", ""),
        ("", ""),
    ],
)
def test_a_links_text_may_name_a_host(text: str, claimed: str) -> None:
    assert claimed_host(text) == claimed
    evil = target_of("https://evil.example/")
    assert evil is not None
    assert is_misleading(text, evil) == bool(claimed)


@pytest.mark.parametrize(
    ("text", "href"),
    [
        ("https://good.example/", "https://good.example/other"),
        ("www.good.example", "https://good.example/"),
        ("good.example", "https://www.good.example/"),
        ("münchen.de", "https://xn--mnchen-3ya.de/"),
        ("user@good.example", "mailto:user@good.example"),
        ("the good example", "https://evil.example/"),
    ],
)
def test_a_text_that_names_where_the_link_leads_is_not_misleading(text: str, href: str) -> None:
    target = target_of(href)
    assert target is not None
    assert not is_misleading(text, target)
