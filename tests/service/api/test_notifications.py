"""From an incident on the API to mails in their readers' hands, over every part in between."""

from typing import Any

from tests.service.mailing import Confirmation, Mailing, somebody


async def opened(post: Mailing, page: dict[str, Any], **fields: Any) -> dict[str, Any]:
    body = {"name": "Slow answers", "body": "We **look** into it.", **fields}
    answer = await post.owner.post(f"/v1/statuspage/{page['id']}/incident", body)
    assert answer.status == 201, answer.json
    incident: dict[str, Any] = answer.json["incident"]
    return incident


async def updated(post: Mailing, incident: dict[str, Any], status: str) -> None:
    body = {"status": status, "body": "News."}
    answer = await post.owner.post(f"/v1/incident/{incident['id']}/update", body)
    assert answer.status == 201, answer.json


def subject(mail: Confirmation) -> str:
    return str(mail.message["Subject"])


async def test_readers_are_mailed_the_beginning_and_the_end(post: Mailing) -> None:
    page, address = await post.page(), somebody()
    await post.subscribed(page, address)
    incident = await opened(post, page)
    beginning = await post.mail_to(address, count=2)
    assert subject(beginning) == f"[{page['name']}] Investigating: Slow answers"
    assert "look" in beginning.text
    await updated(post, incident, "resolved")
    end = await post.mail_to(address, count=3)
    assert subject(end) == f"[{page['name']}] Resolved: Slow answers"


async def test_a_page_asks_and_tells_in_its_own_language(post: Mailing) -> None:
    page, address = await post.page(language="de-AT"), somebody()
    assert subject(await post.subscribed(page, address)).startswith("Bestätigen Sie")
    await opened(post, page)
    assert "Wird untersucht" in subject(await post.mail_to(address, count=2))


async def test_only_who_confirmed_and_chose_it_is_mailed(post: Mailing) -> None:
    page = await post.page(components=[{"name": "API"}, {"name": "Web"}])
    api, web = (component["id"] for component in page["components"])
    of_api, of_web, unconfirmed = somebody(), somebody(), somebody()
    for address, chosen in ((of_api, api), (of_web, web)):
        await post.subscribe(page, address, component_ids=[chosen])
        await post.verify((await post.mail_to(address)).verify)
    await post.subscribe(page, unconfirmed)
    await post.mail_to(unconfirmed)
    await opened(post, page, components=[{"id": api, "status": "major_outage"}])
    await post.mail_to(of_api, count=2)
    assert (len(post.mails_to(of_web)), len(post.mails_to(unconfirmed))) == (1, 1)


async def test_the_link_in_a_notice_ends_the_subscription(post: Mailing) -> None:
    page, address = await post.page(), somebody()
    await post.subscribed(page, address)
    await opened(post, page)
    notice = await post.mail_to(address, count=2)
    token = str(notice.message["List-Unsubscribe"]).strip("<>").split("/")[-2]
    assert (await post.unsubscribe(token)).status == 200
    assert (await post.listed(page))["counts"]["cancelled"] == 1


async def test_a_notice_that_is_not_wanted_is_not_sent(post: Mailing) -> None:
    page, address = await post.page(), somebody()
    await post.subscribed(page, address)
    await opened(post, page, notify=False)
    await post.policies_are_done()
    plans = "SELECT count(*) FROM notify.plans WHERE page_id = $1"
    assert await post.value(plans, page["id"]) == 0
    assert len(post.mails_to(address)) == 1
