// The page of the sandbox. Everything it shows is set as text, never as markup.
"use strict";

const BASE = "_sandbox/";
const SVG = "http://www.w3.org/2000/svg";
const POLL = 1000;
const KEPT = 200;
const byId = (id) => document.getElementById(id);
const state = { requests: 0, auction: null, market: [], paused: false };

async function call(path, method = "GET", body = undefined) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await fetch(BASE + path, {
    method, headers, body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (!response.ok) throw new Error((await response.text()).trim() || `status ${response.status}`);
  return response.json();
}

function tell(text) { byId("message").textContent = text; }

function act(button, action) {
  byId(button).addEventListener("click", async () => {
    try { tell(""); await action(); await poll(); } catch (error) { tell(error.message); }
  });
}

function row(cells) {
  const line = document.createElement("tr");
  for (const cell of cells) {
    const [text, kind] = Array.isArray(cell) ? cell : [cell, ""];
    const field = document.createElement("td");
    field.textContent = text === null || text === undefined ? "" : String(text);
    if (kind) field.className = kind;
    line.append(field);
  }
  return line;
}

function fill(table, rows) {
  const body = byId(table).tBodies[0];
  if (rows.length === 0) rows = [[["none", "none"]]];
  body.replaceChildren(...rows.map(row));
}

const short = (name) => name.replace(/^([0-9a-f]{8})-[0-9a-f-]{27}/, "$1…");
const good = (text, names) => [text, names.includes(text) ? "good" : ""];

function show(world) {
  byId("time").textContent = world.time;
  state.paused = world.speed === 0;
  byId("pace").textContent = state.paused ? "stopped" : `runs ${world.speed} times as fast as real time`;
  if (!state.paused && document.activeElement !== byId("speed")) choose(world.speed);
  byId("pause").textContent = state.paused ? "Run" : "Pause";
  if (!byId("reveal").disabled) fill("organizations", world.organizations.map((each) => [each.name, each.id, each.namespace, "hidden"]));
  fill("cloudspaces", world.cloudspaces.map((each) => [each.name, each.kind, each.region, good(each.phase, ["Ready"]), each.servers]));
  fill("pools", world.pools.map((each) => [short(each.name), each.kind.replace("NodePool", ""), each.cloudspace, each.class, each.bid, each.market,
    [`${each.won}/${each.desired}`, each.won === each.desired ? "good" : ""], good(each.state, ["Fulfilled", "Reserved"])]));
  fill("servers", world.servers.map((each) => [short(each.name), each.cloudspace, each.class, each.type, good(each.state, ["Running"]), each.address]));
  fill("faults", world.faults.filter((each) => each.times !== 0).map((each) => [each.kind, each.method || "any", each.path, each.times ?? "always", each.probability, each.status]));
  showRequests(world.requests);
}

function choose(speed) {
  const select = byId("speed");
  if (![...select.options].some((each) => Number(each.value) === speed)) select.add(new Option(`${speed} ×`, speed));
  select.value = String(speed);
}

function showRequests(requests) {
  const body = byId("requests").tBodies[0];
  if (requests.total < state.requests || state.requests === 0) body.replaceChildren();
  for (const each of requests.new) {
    const failed = each.status === 0 || each.status >= 400;
    body.prepend(row([each.method, [each.path, "wrap"], [each.status || "none sent", failed ? "bad" : ""], each.fault || ""]));
  }
  while (body.rows.length > KEPT) body.lastElementChild.remove();
  state.requests = requests.total;
}

function chart(each) {
  const figure = document.createElement("figure");
  const picture = document.createElementNS(SVG, "svg");
  const highest = Math.max(...each.history, Number(each.floor)); // the on-demand price would flatten the curve
  const y = (price) => 100 - 95 * price / highest;
  picture.setAttribute("viewBox", `0 0 ${each.history.length - 1} 100`);
  picture.setAttribute("preserveAspectRatio", "none");
  picture.setAttribute("role", "img");
  picture.setAttribute("aria-label", `Prices of ${each.name}`);
  for (const level of [each.floor, each.on_demand].filter((price) => price <= highest)) {
    const rule = document.createElementNS(SVG, "line");
    rule.setAttribute("x1", 0); rule.setAttribute("x2", each.history.length - 1);
    rule.setAttribute("y1", y(level)); rule.setAttribute("y2", y(level));
    picture.append(rule);
  }
  const curve = document.createElementNS(SVG, "polyline");
  curve.setAttribute("points", each.history.map((price, index) => `${index},${y(price)}`).join(" "));
  picture.append(curve);
  const caption = document.createElement("figcaption");
  caption.textContent = `${each.name} · ${each.region} · now ${each.price}, floor ${each.floor}, on demand ${each.on_demand} · ${each.available} free`;
  figure.append(picture, caption);
  return figure;
}

function showMarket() {
  const wanted = byId("filter").value.trim().toLowerCase();
  const found = state.market.filter((each) => `${each.name} ${each.region}`.toLowerCase().includes(wanted));
  byId("market").replaceChildren(...found.map(chart));
}

async function poll() {
  const world = await call(`world?after=${state.requests}`);
  show(world);
  if (world.auction !== state.auction) {
    state.market = await call("prices");
    state.auction = world.auction;
    showMarket();
  }
}

function number(id) {
  const value = byId(id).valueAsNumber;
  if (Number.isNaN(value)) throw new Error(`${id} must be a number`);
  return value;
}

act("pause", () => call("clock", "POST", { speed: state.paused ? Number(byId("speed").value) : 0 }));
byId("speed").addEventListener("change", () => {
  if (!state.paused) call("clock", "POST", { speed: Number(byId("speed").value) }).then(poll).catch((error) => tell(error.message));
});
act("advance", () => call("advance", "POST", { minutes: number("minutes") }));
act("add", () => call("faults", "POST", {
  kind: byId("kind").value, status: number("status"), method: byId("method").value || null, path: byId("path").value,
  times: number("times"), probability: number("probability"),
}));
act("plan", () => call("faults", "POST", byId("script").value.trim().split(/\s+/).map((kind) => (
  { kind, status: number("status"), method: byId("method").value || null, path: byId("path").value, times: 1 }))));
act("clear", () => call("faults", "DELETE"));
act("reveal", async () => {
  const status = await call("status");
  fill("organizations", status.organizations.map((each) => [each.name, each.id, each.metadata.namespace, each.refresh_token]));
  byId("reveal").disabled = true;
});
act("save", async () => {
  const content = new Blob([JSON.stringify(await call("snapshot"))], { type: "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = "sandbox.json";
  link.click();
  URL.revokeObjectURL(link.href);
});
byId("load").addEventListener("change", async (event) => {
  try {
    tell("");
    const [file] = event.target.files;
    await call("snapshot", "POST", JSON.parse(await file.text()));
    byId("reveal").disabled = false;
    state.auction = null;
    await poll();
  } catch (error) { tell(`The snapshot was not loaded: ${error.message}`); }
  event.target.value = "";
});
byId("filter").addEventListener("input", showMarket);
byId("environment").textContent = `export RSSPOT_BASE_URL=${location.origin} RSSPOT_OAUTH_URL=${location.origin} RSSPOT_PUBLIC_DATA_URL=${location.origin} RSSPOT_REFRESH_TOKEN=…`;

async function forever() {
  try { await poll(); if (byId("message").dataset.lost) { tell(""); delete byId("message").dataset.lost; } }
  catch (error) { tell(`The sandbox does not respond: ${error.message}`); byId("message").dataset.lost = "1"; }
  setTimeout(forever, POLL);
}
forever();
