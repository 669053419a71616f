"""A proxy's name and password are not to be kept in the settings; those that are there go on counting."""

import pytest

from app.domain.network import proxy_to_keep

OLD = "http://ann:s%40cret@proxy:8080"


@pytest.mark.parametrize(
    "address",
    [OLD, "ann:secret@proxy", "socks5://ann@proxy:1080", "http://:secret@proxy:8080", "socks5h://token@proxy"],
)
def test_an_address_with_a_login_is_refused_with_where_to_put_it(address: str) -> None:
    with pytest.raises(ValueError, match="put the whole address into the variable HTTPS_PROXY"):
        proxy_to_keep(address)
    with pytest.raises(ValueError, match="HTTPS_PROXY"):
        proxy_to_keep(address, kept="http://ann:other@proxy:8080")


def test_an_address_that_is_kept_already_goes_on_counting_and_only_that_one() -> None:
    address = proxy_to_keep(f" {OLD} ", kept=OLD)
    assert (address.user, address.password, address.host) == ("ann", "s@cret", "proxy")
    with pytest.raises(ValueError, match="HTTPS_PROXY"):
        proxy_to_keep(OLD.replace("8080", "8081"), kept=OLD)


@pytest.mark.parametrize("address", ["proxy:8080", "http://proxy:8080", "socks5://localhost:1080"])
def test_an_address_without_a_login_is_kept(address: str) -> None:
    assert not proxy_to_keep(address).has_login


def test_what_is_no_address_is_no_address_of_a_proxy_either() -> None:
    with pytest.raises(ValueError, match="must begin with"):
        proxy_to_keep("ftp://proxy")
