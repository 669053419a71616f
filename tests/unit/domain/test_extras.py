"""What the user has sent with each request may hold a secret, too."""

from app.domain.extras import secret_values


def test_the_values_of_headers_that_carry_a_secret_are_known_and_the_rest_is_not() -> None:
    headers = (
        ("Helicone-Auth", "Bearer canary-1"),
        ("cf-aig-authorization", "canary-2"),
        ("X-Session-Token", "canary-3"),
        ("HTTP-Referer", "https://example.org"),
        ("X-Title", "Belay"),
    )
    assert secret_values(headers) == ("canary-1", "canary-2", "canary-3")
