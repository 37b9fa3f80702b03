"""Planned faults: what the client gets, and whether the request was carried out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import httpx
import pytest

from rsspot.sandbox.faults.plan import Fault, FaultPlan

if TYPE_CHECKING:
    from rsspot.sandbox import SpotSandbox

BODY = {
    "metadata": {"name": "demo"},
    "spec": {"region": "us-central-dfw-2", "kubernetesVersion": "1.31.1"},
}


def _exists(http: Any) -> bool:
    return bool(http("GET", "cloudspaces/demo").status_code == 200)


@pytest.mark.parametrize(
    ("kind", "options", "code", "done"),
    [
        ("status", {"status": 503}, 503, False),
        ("status", {"status": 429, "retry_after": "7"}, 429, False),
        ("status_after", {"status": 500}, 500, True),
        ("html", {}, 200, False),
        ("expired_token", {}, 401, False),
        ("latency", {"seconds": 0.001}, 201, True),
        ("drip", {"seconds": 0}, 201, True),
        ("drop_before", {}, 0, False),
        ("drop_after", {}, 0, True),
        ("truncate", {}, 0, True),
    ],
)
def test_each_fault_strikes_once_and_carries_out_the_request_or_not(
    http: Any, kind: Any, options: dict[str, Any], code: int, *, done: bool
) -> None:
    http.sandbox.faults.add(kind, method="POST", times=1, **options)
    try:
        response = http("POST", "cloudspaces", json=BODY)
    except httpx.RemoteProtocolError:
        assert code == 0
    else:
        assert response.status_code == code
        if kind == "html":
            assert response.headers["content-type"].startswith("text/html")
        elif kind == "expired_token":
            assert response.text == "Jwt is expired"
        else:
            assert response.json()["kind"] == ("CloudSpace" if code == 201 else "Status")
        assert response.headers.get("retry-after") == options.get("retry_after")
    recorded = {"truncate": 201}.get(kind, code)
    assert http.sandbox.requests[-1].status == recorded
    assert _exists(http) is done
    assert http("POST", "cloudspaces", json=BODY).status_code == (409 if done else 201)
    assert http.sandbox.faults.struck == {kind: 1}


def test_faults_choose_by_method_path_and_order(http: Any) -> None:
    http.sandbox.faults.add("status", status=500, path=r"/spotnodepools$")
    http.sandbox.faults.add("status", status=502, method="DELETE")
    http.sandbox.faults.add("status", status=504, path="pools")
    assert http("GET", "cloudspaces").status_code == 200
    assert http("GET", "spotnodepools").status_code == 500
    assert http("GET", "spotnodepools/x").status_code == 504
    assert http("DELETE", "cloudspaces/x").status_code == 502
    http.sandbox.faults.clear()
    assert http("GET", "spotnodepools").status_code == 200


def test_a_script_determines_what_happens_to_each_request_in_turn(http: Any) -> None:
    http.sandbox.faults.script(
        "none", Fault("status", status=502), "none", Fault("status", status=504), path="cloudspaces"
    )
    codes: list[int] = []
    for _ in range(6):
        assert http("GET", "vmpools").status_code == 200
        codes.append(http("GET", "cloudspaces").status_code)
    assert codes == [200, 502, 200, 504, 200, 200]


def test_a_fault_can_let_some_requests_pass_first() -> None:
    plan = FaultPlan(1)
    plan.add("drop_after", skip=2, times=2)
    struck = [plan.next_fault("GET", "/") is not None for _ in range(6)]
    assert struck == [False, False, True, True, False, False]


def test_probabilities_follow_from_the_seed() -> None:
    runs: list[list[bool]] = []
    for seed in (1, 1, 2):
        plan = FaultPlan(seed)
        plan.add("drop_before", probability=0.3)
        runs.append([plan.next_fault("GET", "/") is not None for _ in range(400)])
    assert runs[0] == runs[1] != runs[2]
    assert 80 < sum(runs[0]) < 160


def test_faults_strike_the_sign_in_too(sandbox: SpotSandbox) -> None:
    sandbox.faults.add("status", path="oauth", status=500)
    assert httpx.post(f"{sandbox.url}/oauth/token").status_code == 500


def test_a_fault_is_parsed_from_text() -> None:
    fault = Fault.parse("status,status=429,retry_after=2,path=pools,times=3,probability=.5,skip=1")
    assert fault == Fault(
        "status", status=429, retry_after="2", path="pools", times=3, probability=0.5, skip=1
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("explode", "'explode' is not a kind of fault. The kinds are latency, status"),
        ("status,when=now", "'when=now' is not an option of a fault. Write NAME=VALUE"),
        ("status,times", "'times' is not an option of a fault"),
        ("status,times=x", "times must be a number, not 'x'"),
        ("status,probability=2", "probability must be from 0 to 1, not 2.0"),
        ("status,path=(", "is not a valid regular expression"),
    ],
)
def test_a_fault_that_cannot_be_parsed_is_an_error_that_says_why(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match="^.*" + problem.replace("(", r"\(")):
        Fault.parse(text)


def test_a_running_sandbox_is_controlled_over_http(sandbox: SpotSandbox, http: Any) -> None:
    control = httpx.Client(base_url=f"{sandbox.url}/_sandbox")
    with control:
        before = control.get("/status").json()
        assert before["seed"] == 1
        names = [known["name"] for known in before["organizations"]]
        assert dict(zip(names, [known["refresh_token"] for known in before["organizations"]],
                        strict=True)) == sandbox.refresh_tokens  # fmt: skip
        moved = control.post("/advance", json={"minutes": 2, "seconds": 3}).json()
        assert moved["now"] == before["now"] + 123
        plan = [{"kind": "status", "status": 418, "times": 1}, {"kind": "drop_after", "times": 0}]
        assert len(control.post("/faults", json=plan).json()) == 2
        assert control.post("/faults", json={"kind": "html", "path": "never"}).status_code == 200
        assert http("GET", "cloudspaces").status_code == 418
        assert [item["kind"] for item in control.get("/faults").json()] == [
            "status", "drop_after", "html",
        ]  # fmt: skip
        assert control.get("/status").json()["faults_struck"] == {"status": 1}
        assert control.delete("/faults").is_success
        assert control.get("/faults").json() == []
        http.create("cloudspaces", "demo", BODY["spec"])
        assert control.get("/requests").json()[-1]["status"] == 201
        world = control.get("/snapshot").json()
        http("DELETE", "cloudspaces/demo")
        assert control.post("/snapshot", json=world).is_success
        assert "deletionTimestamp" not in http.get("cloudspaces/demo")["metadata"]
        assert control.delete("/requests").is_success
        assert control.get("/requests").json() == []
        for path, body in (
            ("/faults", {"kind": "explode"}),
            ("/faults", {"what": 1}),
            ("/faults", [1]),
            ("/advance", {"seconds": -1}),
            ("/advance", {"seconds": "x"}),
            ("/advance", []),
            ("/snapshot", {"format": 0}),
        ):
            refused = control.post(path, json=body)
            assert (refused.status_code, bool(refused.text.strip())) == (400, True), path
        assert control.get("/nothing").status_code == 404
        assert control.put("/advance").status_code == 405
