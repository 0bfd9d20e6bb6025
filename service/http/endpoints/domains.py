"""The call that says whether a custom domain points here."""

from service.dns import CnameRecords, Dns
from service.domain.values import Scope
from service.http.call import Call, Reply
from service.http.problems import INVALID_PATH_PARAMETER, FieldError, Problem
from service.http.routing import Endpoint
from service.http.schemas.domains import CnameAnswer
from service.http.schemas.fields import hostname
from service.readmodels.pages import Pages
from service.timestamps import text


class DomainQueries:
    """`cname_base`: the domain below which every page has its own unguessable target."""

    def __init__(self, dns: Dns, pages: Pages, cname_base: str) -> None:
        self._dns = dns
        self._pages = pages
        self._cname_base = cname_base

    async def cname(self, call: Call) -> Reply:
        """Asks the DNS now; no answer within three seconds is `configured: false` with the reason."""
        domain = _hostname(call.path["domain"])
        page = await self._pages.by_domain(domain, call.organisation_id)
        target = None if page is None else page.document["page"]["domain_target"]
        expected = None if target is None else f"{target}.{self._cname_base}"
        records = await self._dns.cname(domain)
        return Reply(200, {"cname": _answer(domain, expected, records)})

    def endpoints(self) -> list[Endpoint]:
        return [
            Endpoint(
                method="GET",
                path="/v1/domain/{domain}/cname",
                handler=self.cname,
                summary="Read a domain's CNAME settings",
                scope=Scope.PAGES_READ,
                tag="Status pages",
                ids=(),
                answers={200: CnameAnswer},
            )
        ]


def _hostname(given: str) -> str:
    try:
        return hostname(given)
    except ValueError as error:
        wrong = FieldError("/domain", "hostname", f"It {error}.")
        raise Problem(INVALID_PATH_PARAMETER, "The path holds no hostname.", errors=[wrong]) from None


def _answer(domain: str, expected: str | None, records: CnameRecords) -> dict[str, object]:
    configured = expected is not None and expected in records.found
    return {
        "domain": domain,
        "expected": expected,
        "found": records.found,
        "configured": configured,
        "reason": _reason(expected, records, configured),
        "checked_at": text(records.checked_at),
    }


def _reason(expected: str | None, records: CnameRecords, configured: bool) -> str | None:
    if configured:
        return None
    if records.reason is not None:
        return records.reason
    return "no_page_has_this_domain" if expected is None else "points_elsewhere"
