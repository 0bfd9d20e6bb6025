from tests.service.http.conftest import Service


async def test_a_write_answers_with_etag_position_and_location(service: Service) -> None:
    await service.freshness.move_to(10**6)
    async with service.http.post("/v1/counter", json={"name": "a", "colour": "red"}) as response:
        body = await response.json()
        assert response.status == 201
        assert response.headers["ETag"] == '"v1"'
        assert response.headers["Location"] == f"/v1/counter/{body['counter']['id']}"
        assert response.headers["Statuspages-Position"] == str(service.counters.position)
        assert response.headers["Preference-Applied"] == "wait=1"
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
