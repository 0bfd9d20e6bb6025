"""An organisation and its tokens."""

from dataclasses import replace

import pytest

from service.domain.errors import NotAllowed, NotFound
from service.domain.organisation import (
    ORGANISATION,
    Command,
    CreateOrganisation,
    IssueToken,
    OrganisationCreated,
    RevokeToken,
    TokenIssued,
    TokenRevoked,
)
from service.domain.values import Scope
from tests.service.domain.facts import COMPONENT_ID, DAY, HOUR, NOON, ORGANISATION_ID, TOKEN_ID
from tests.service.domain.scenario import given

LATER = NOON + HOUR
SCOPES = (Scope.PAGES_READ, Scope.STATUS_WRITE)
CREATE = CreateOrganisation(ORGANISATION_ID, "Acme", NOON)
CREATED = OrganisationCreated(ORGANISATION_ID, "Acme", NOON)
ISSUE = IssueToken(TOKEN_ID, SCOPES, NOON + DAY, LATER)
ISSUED = TokenIssued(ORGANISATION_ID, TOKEN_ID, SCOPES, NOON + DAY, LATER)
REVOKE = RevokeToken(TOKEN_ID, LATER)
REVOKED = TokenRevoked(ORGANISATION_ID, TOKEN_ID, LATER)


def test_an_organisation_is_created_once() -> None:
    given(ORGANISATION).when(CREATE).then(CREATED)
    given(ORGANISATION, CREATED).when(CREATE).then_refused(NotAllowed)


@pytest.mark.parametrize("command", [ISSUE, REVOKE], ids=["issue", "revoke"])
def test_tokens_need_an_organisation(command: Command) -> None:
    given(ORGANISATION).when(command).then_refused(NotFound)


def test_a_token_is_issued_with_its_scopes_and_its_end() -> None:
    given(ORGANISATION, CREATED).when(ISSUE).then(ISSUED)


def test_a_token_may_have_no_end() -> None:
    issue, issued = replace(ISSUE, expires_at=None), replace(ISSUED, expires_at=None)
    given(ORGANISATION, CREATED).when(issue).then(issued)


def test_a_token_is_issued_once() -> None:
    given(ORGANISATION, CREATED, ISSUED).when(replace(ISSUE, at=NOON + DAY)).then_nothing()


def test_a_token_is_revoked_once() -> None:
    given(ORGANISATION, CREATED, ISSUED).when(REVOKE).then(REVOKED)
    given(ORGANISATION, CREATED, ISSUED, REVOKED).when(REVOKE).then_nothing()


def test_a_token_that_never_was_cannot_be_revoked() -> None:
    given(ORGANISATION, CREATED, ISSUED).when(RevokeToken(COMPONENT_ID, LATER)).then_refused(NotFound)


def test_a_revoked_token_never_comes_back() -> None:
    given(ORGANISATION, CREATED, ISSUED, REVOKED).when(ISSUE).then_refused(NotAllowed)


def test_revoking_one_token_leaves_the_others() -> None:
    other, issued = replace(ISSUE, token_id=COMPONENT_ID), replace(ISSUED, token_id=COMPONENT_ID)
    given(ORGANISATION, CREATED, ISSUED, issued, REVOKED).when(other).then_nothing()


def test_the_tokens_in_force_are_those_not_revoked() -> None:
    issued = replace(ISSUED, token_id=COMPONENT_ID)
    state = ORGANISATION.fold([CREATED, ISSUED, issued, REVOKED])
    assert state.tokens == frozenset({COMPONENT_ID})
    assert state.revoked == frozenset({TOKEN_ID})
