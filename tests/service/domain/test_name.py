"""A name has one holder at a time, and rests before it goes to strangers."""

from dataclasses import replace

import pytest

from service.domain.errors import NameTaken
from service.domain.name import (
    COOL_DOWN,
    DOMAIN,
    SUBDOMAIN,
    ClaimName,
    NameClaimed,
    NameReleased,
    ReleaseName,
)
from tests.service.domain.facts import (
    DAY,
    HOUR,
    INSTANT,
    NOON,
    ORGANISATION_ID,
    OTHER_ORGANISATION_ID,
    OTHER_PAGE_ID,
    PAGE_ID,
)
from tests.service.domain.scenario import given

LATER = NOON + HOUR
CLAIM = ClaimName("subdomain", "acme", PAGE_ID, ORGANISATION_ID, NOON)
CLAIMED = NameClaimed("subdomain", "acme", PAGE_ID, ORGANISATION_ID, NOON)
RELEASED = NameReleased("subdomain", "acme", PAGE_ID, LATER)
SISTER = replace(CLAIM, page_id=OTHER_PAGE_ID, at=LATER)
STRANGER = replace(SISTER, organisation_id=OTHER_ORGANISATION_ID)


def claimed(claim: ClaimName) -> NameClaimed:
    return NameClaimed(claim.field, claim.name, claim.page_id, claim.organisation_id, claim.at)


def test_a_free_name_is_claimed() -> None:
    given(SUBDOMAIN).when(CLAIM).then(CLAIMED)


def test_the_holder_claims_it_again_and_nothing_happens() -> None:
    given(SUBDOMAIN, CLAIMED).when(replace(CLAIM, at=LATER)).then_nothing()


@pytest.mark.parametrize("rival", [SISTER, STRANGER], ids=["own organisation", "other organisation"])
def test_the_second_of_two_racing_claims_is_refused(rival: ClaimName) -> None:
    assert given(SUBDOMAIN, CLAIMED).when(rival).then_refused(NameTaken).field == "subdomain"


def test_the_refusal_names_the_field_that_was_asked_for() -> None:
    claim = replace(STRANGER, field="domain", name="status.acme.test")
    refused = given(DOMAIN, replace(CLAIMED, field="domain")).when(claim).then_refused(NameTaken)
    assert refused.field == "domain"
    assert "status.acme.test" in str(refused)


def test_the_holder_releases_its_name() -> None:
    given(SUBDOMAIN, CLAIMED).when(ReleaseName(PAGE_ID, LATER)).then(RELEASED)


def test_nobody_else_releases_it() -> None:
    given(SUBDOMAIN, CLAIMED).when(ReleaseName(OTHER_PAGE_ID, LATER)).then_nothing()


def test_releasing_what_nobody_holds_does_nothing() -> None:
    given(SUBDOMAIN).when(ReleaseName(PAGE_ID, LATER)).then_nothing()
    given(SUBDOMAIN, CLAIMED, RELEASED).when(ReleaseName(PAGE_ID, LATER)).then_nothing()


def test_a_released_name_goes_back_to_its_organisation_at_once() -> None:
    given(SUBDOMAIN, CLAIMED, RELEASED).when(SISTER).then(claimed(SISTER))


def test_a_released_name_is_kept_from_strangers_for_ninety_days() -> None:
    assert COOL_DOWN == 90 * DAY
    too_early = replace(STRANGER, at=RELEASED.at + 90 * DAY - INSTANT)
    given(SUBDOMAIN, CLAIMED, RELEASED).when(too_early).then_refused(NameTaken)


def test_after_ninety_days_anybody_may_have_it() -> None:
    claim = replace(STRANGER, at=RELEASED.at + 90 * DAY)
    given(SUBDOMAIN, CLAIMED, RELEASED).when(claim).then(claimed(claim))


def test_the_ninety_days_start_at_the_last_release() -> None:
    again = claimed(replace(SISTER, at=RELEASED.at + 80 * DAY))
    released_again = replace(RELEASED, page_id=OTHER_PAGE_ID, at=RELEASED.at + 81 * DAY)
    history = (CLAIMED, RELEASED, again, released_again)
    claim = replace(STRANGER, at=RELEASED.at + 90 * DAY)
    given(SUBDOMAIN, *history).when(claim).then_refused(NameTaken)


def test_after_a_stranger_had_it_the_first_organisation_waits_like_others() -> None:
    taken = claimed(replace(STRANGER, at=RELEASED.at + 90 * DAY))
    given_up = replace(RELEASED, page_id=OTHER_PAGE_ID, at=taken.at + DAY)
    history = (CLAIMED, RELEASED, taken, given_up)
    given(SUBDOMAIN, *history).when(replace(CLAIM, at=given_up.at + DAY)).then_refused(NameTaken)


def test_subdomains_and_domains_have_streams_of_their_own() -> None:
    assert SUBDOMAIN.stream("acme") == "subdomain-acme"
    assert DOMAIN.stream("acme") == "domain-acme"
