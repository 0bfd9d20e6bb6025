from uuid import UUID, uuid4

import pytest

from service.http.request_ids import correlation_id, request_id


@pytest.mark.parametrize("given", ["abc", "A-b_c.1", "x" * 128, "0b8f4c1e-6a0e-4d57-9f43-2f6f7f6f1a11"])
def test_a_harmless_name_is_kept(given: str) -> None:
    assert request_id(given) == given


@pytest.mark.parametrize("given", [None, "", "x" * 129, "a b", "a\nb", "a;b", "ä", "<script>"])
def test_another_name_is_replaced(given: str | None) -> None:
    assert UUID(request_id(given)) != UUID(request_id(given))


def test_a_uuid_is_its_own_correlation_id() -> None:
    name = str(uuid4())
    assert str(correlation_id(name)) == name


def test_another_name_always_has_the_same_correlation_id() -> None:
    assert correlation_id("deploy-7") == correlation_id("deploy-7") != correlation_id("deploy-8")
