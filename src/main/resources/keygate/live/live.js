"use strict";
// Draws the numbers of /live. Whatever they hold is put in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";
const STORED = "keygate.token";
const NO_ROUTE = "none";
const SILENCE = 5000;
const SECONDS = 60;
const BLAMED_ON_NOBODY = ["none", "caller"];

const at = id => document.getElementById(id);
const whole = new Intl.NumberFormat("en", {maximumFractionDigits: 0});

function count(n) { return whole.format(n); }

function rate(n) {
  if (n === 0) return "0";
  if (n < 0.1) return "<0.1";
  return n < 10 ? n.toFixed(1) : count(n);
}

function many(n, what) { return `${count(n)} ${what}${n === 1 ? "" : "s"}`; }

function millis(n) {
  if (n === undefined) return "–";
  return n < 1 ? n.toFixed(2) : n < 10 ? n.toFixed(1) : count(n);
}

function text(node, value) {
  if (node.textContent !== value) node.textContent = value;
}

function make(name, kind, value) {
  const node = document.createElement(name);
  if (kind) node.className = kind;
  if (value !== undefined) node.textContent = value;
  return node;
}

// ---- curves

function path(svg, kind) {
  let node = svg.querySelector("." + kind);
  if (!node) {
    node = document.createElementNS(SVG, "path");
    node.setAttribute("class", kind);
    svg.append(node);
  }
  return node;
}

/** The newest is at the right, and a minute is as wide as there is room. */
function curve(svg, series, second) {
  const top = Math.max(...series, ...(second || []), 0.001);
  const points = values => values
    .map((value, i) => `${100 - (values.length - 1 - i) * 100 / (SECONDS - 1)} ${29 - 27 * value / top}`);
  svg.setAttribute("viewBox", "0 0 100 30");
  svg.setAttribute("preserveAspectRatio", "none");
  const line = points(series);
  const d = line.length < 2 ? "" : "M" + line.join("L");
  path(svg, "base").setAttribute("d", "M0 30L100 30");
  path(svg, "area").setAttribute("d", d && `${d}L100 30L${line[0].split(" ")[0]} 30Z`);
  path(svg, "line").setAttribute("d", d);
  if (second) path(svg, "second").setAttribute("d", d && second.some(v => v > 0) ? "M" + points(second).join("L") : "");
}

// ---- tables

/** A cell is a text, or {text, kind} or {series}. Rows are kept, so that what is selected stays selected. */
function table(id, rows, nothing) {
  const body = at(id).tBodies[0];
  const columns = at(id).tHead.rows[0].cells;
  if (rows.length === 0) {
    if (!body.querySelector(".nothing")) {
      const cell = make("td", "none nothing", nothing);
      cell.colSpan = columns.length;
      const row = document.createElement("tr");
      row.append(cell);
      body.replaceChildren(row);
    }
    return;
  }
  if (body.querySelector(".nothing")) body.replaceChildren();
  while (body.rows.length > rows.length) body.lastChild.remove();
  rows.forEach((cells, i) => {
    const row = body.rows[i] || body.insertRow();
    cells.forEach((cell, j) => fill(row.cells[j] || put(row, j), cell, columns[j].className));
  });
}

function put(row, column) {
  const cell = document.createElement(column === 0 ? "th" : "td");
  if (column === 0) cell.scope = "row";
  row.append(cell);
  return cell;
}

function fill(cell, value, kind) {
  cell.className = kind + (value.kind ? " " + value.kind : "");
  if (value.series) {
    let svg = cell.querySelector("svg");
    if (!svg) {
      svg = document.createElementNS(SVG, "svg");
      svg.setAttribute("aria-hidden", "true");
      cell.append(svg);
    }
    curve(svg, value.series);
  } else {
    text(cell, value.text === undefined ? String(value) : String(value.text));
  }
}

// ---- what needs attention

function findings(now) {
  const found = [];
  const say = (kind, what, more) => found.push({kind, what, more});
  if (now.faults.length > 0) {
    const rest = now.faultsInAll - now.faults.length;
    say("broken", "The newest configuration is refused; the one before is in force.",
      now.faults.join("\n") + (rest > 0 ? `\nand ${rest} more` : ""));
  }
  if (!now.ready) say("broken", "Not ready: load balancers are told to send requests elsewhere.");
  if (now.heldBack) say("broken", "Unkey does not answer. Calls are held back; known keys are served from memory.");
  if (now.backedOffSeconds > 0) {
    say("broken", `Unkey has no calls left for this workspace; asked again in ${count(now.backedOffSeconds)} s.`);
  }
  for (const target of now.targets) {
    const state = stateOf(target);
    if (state.kind) {
      say(state.kind, `Upstream ${target.upstream}: ${target.target} is ${state.text}, ${target.up} up,`
        + ` ${target.ejected} ejected, ${target.unhealthy} unhealthy.`);
    }
  }
  for (const one of now.reasons) {
    if (one.lastMinute > 0 && !BLAMED_ON_NOBODY.includes(one.blame)) {
      say("look", `${many(one.lastMinute, "request")} of the last minute ended with ${one.reason}; to blame: ${one.blame}.`);
    }
  }
  if (now.calls.failedLastMinute > 0 && !now.heldBack) {
    say("look", `${many(now.calls.failedLastMinute, "call")} to Unkey failed in the last minute.`);
  }
  const most = now.unsettled.most;
  if (most && most.owed > most.mayOwe) {
    say("look", `More units are owed to Unkey than may be while it answers: ${most.owed} of ${most.mayOwe}`
      + ` on ${most.name} of ${most.keyId}.`);
  }
  return found;
}

function attention(found) {
  const list = at("wrong");
  const seen = JSON.stringify(found);
  if (list.dataset.seen === seen) return;
  list.dataset.seen = seen;
  list.replaceChildren(...found.map(one => {
    const item = make("li", one.kind);
    item.append(make("b", "", one.kind === "broken" ? "✕ Broken" : "▲ Look"), one.what);
    if (one.more) item.append(make("span", "more", one.more));
    return item;
  }));
  if (found.length === 0) list.append(make("li", "", "✓ Nothing needs attention."));
}

// ---- the whole page

function stateOf(target) {
  if (target.up === 0 && target.ejected + target.unhealthy === 0) return {text: "✕ not found", kind: "broken"};
  if (target.up === 0) return {text: "✕ down", kind: "broken"};
  if (target.ejected + target.unhealthy > 0) return {text: "▲ partly", kind: "look"};
  return {text: "● up"};
}

function tiles(now) {
  const known = now.seconds > 0;
  text(at("requests"), known ? rate(now.requests.perSecond) : "–");
  text(at("refused"), known ? `${rate(now.requests.refusedPerSecond)} refused (dashed)` : "measuring");
  curve(at("s-requests"), now.requests.series, now.requests.refusedSeries);
  text(at("added"), now.added.p99 === undefined ? "–" : millis(now.added.p99) + " ms");
  text(at("added50"), now.added.p50 === undefined ? "no requests" : `p50 ${millis(now.added.p50)} ms`);
  curve(at("s-added"), now.added.series);
  const all = now.calls.lastMinute + now.calls.savedLastMinute;
  text(at("calls"), known ? rate(now.calls.perSecond) : "–");
  text(at("saved"), all === 0 ? "no verdicts" : `${Math.floor(100 * now.calls.savedLastMinute / all)} % saved`);
  curve(at("s-calls"), now.calls.series);
  const most = now.unsettled.most;
  text(at("owed"), count(now.unsettled.owed));
  text(at("fullest"), most ? `fullest ${most.owed} of ${most.mayOwe}` : "all settled");
  at("m-owed").value = most ? Math.min(1, most.owed / Math.max(1, most.mayOwe)) : 0;
  text(at("flight"), count(now.inFlight));
  text(at("connections"), many(now.connections, "connection"));
}

function tables(now) {
  table("routes", now.routes.map(one => [one.route === NO_ROUTE ? {text: "no route", kind: "none"} : one.route, rate(one.perSecond), rate(one.refusedPerSecond),
    millis(one.added.p50), millis(one.added.p99), {series: one.series}]), "No requests yet.");
  text(at("more-routes"), more(now.routesInAll, now.routes.length, "with fewer requests"));
  table("reasons", now.reasons.map(one => [
    {text: one.reason, kind: BLAMED_ON_NOBODY.includes(one.blame) || one.lastMinute === 0 ? "" : "look"},
    one.blame || "", rate(one.perSecond), count(one.lastMinute)]), "No requests yet.");
  table("targets", now.targets.map(one => [one.target === one.upstream ? one.target : `${one.upstream}  ${one.target}`,
    stateOf(one), count(one.up), count(one.ejected + one.unhealthy), count(one.inFlight)]), "No upstreams.");
  text(at("more-targets"), more(now.targetsInAll, now.targets.length, "that are up"));
  table("sources", now.sources.map(one => [one.source, rate(one.perSecond), count(one.lastMinute)]), "No verdicts yet.");
  table("unkey", [[`${rate(now.calls.perSecond)} a second`, count(now.calls.lastMinute), count(now.calls.savedLastMinute),
    {text: count(now.calls.failedLastMinute), kind: now.calls.failedLastMinute > 0 ? "look" : ""},
    millis(now.calls.took.p50), millis(now.calls.took.p99)]], "");
  table("limits", now.limits.map(one => [one.name, {text: one.keyId, kind: "id"},
    {text: one.remaining === 0 ? "✕ 0" : count(one.remaining), kind: one.remaining === 0 ? "look" : ""},
    count(one.limit)]), "No limit is close to empty.");
}

function more(all, shown, which) {
  return all > shown ? `and ${count(all - shown)} more, ${which}` : "";
}

function refusals(list) {
  const box = at("refusals");
  const seen = JSON.stringify(list);
  const chosen = getSelection();
  // Whoever copies an id must not lose it.
  const busy = !chosen.isCollapsed && box.contains(chosen.anchorNode);
  if (box.dataset.seen === seen || busy) return;
  box.dataset.seen = seen;
  box.replaceChildren(...list.map(refusal));
  if (list.length === 0) box.append(make("li", "none", "Nobody was refused."));
}

function refusal(one) {
  const item = document.createElement("li");
  const what = make("div", "what");
  what.append(make("time", "", one.timestamp.slice(11, 19)), make("b", "", `${one.status} ${one.reason}`),
    make("span", "", one.route === undefined ? "no route" : `route ${one.route}`));
  item.append(what);
  if (one.detail !== undefined) item.append(make("div", "", one.detail));
  const ids = make("div", "ids");
  const id = (name, value) => {
    if (value === undefined) return;
    const node = make("span", "", name + " ");
    node.append(make("span", "id", value));
    ids.append(node);
  };
  id("request", one.requestId);
  id("Unkey", one.unkeyRequestId);
  id("key", one.keyId);
  item.append(ids);
  return item;
}

function draw(now) {
  at("numbers").hidden = false;
  const found = findings(now);
  attention(found);
  tiles(now);
  tables(now);
  refusals(now.refusals);
  state("live", "●", `Live, ${now.at.slice(11, 19)} UTC`);
  document.title = (found.length ? `▲ ${found.length} · ` : "") + `${rate(now.requests.perSecond)}/s · Keygate`;
}

// ---- the stream

function state(name, mark, said) {
  document.body.dataset.state = name;
  text(at("mark"), mark);
  text(at("said"), said);
}

function gone(why) {
  const since = document.body.dataset.since || new Date().toISOString().slice(11, 19);
  document.body.dataset.since = since;
  state("gone", "✕", `${why} since ${since} UTC. Trying again.`);
  attention([{kind: "broken", what: `${why}. What stands below is older than ${since} UTC.`}]);
  document.title = "✕ Keygate";
}

/** Reads events until the stream ends, or is silent for too long. */
async function read(stream, silent) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    silent.again();
    const {done, value} = await reader.read();
    if (done) return;
    const events = (rest + value).split("\n\n");
    rest = events.pop();
    const last = events.filter(event => event.startsWith("data: ")).pop();
    if (last) {
      delete document.body.dataset.since;
      draw(JSON.parse(last.slice(6)));
    }
  }
}

async function connect() {
  const abort = new AbortController();
  let timer;
  const silent = {again() { clearTimeout(timer); timer = setTimeout(() => abort.abort(), SILENCE); }};
  const token = sessionStorage.getItem(STORED);
  at("forget").hidden = token === null;
  silent.again();
  try {
    const answer = await fetch("/live", {
      headers: token === null ? {} : {Authorization: "Bearer " + token}, cache: "no-store", signal: abort.signal});
    if (answer.status === 401) return ask(token !== null);
    if (answer.status === 503) {
      gone("As many pages as may be are open");
    } else if (!answer.ok) {
      gone(`The gateway answers ${answer.status}`);
    } else {
      await read(answer.body, silent);
      gone("The gateway has ended the stream");
    }
  } catch (failure) {
    if (failure instanceof SyntaxError || failure instanceof TypeError && !(/fetch|network/i).test(failure.message)) {
      console.error(failure);
    }
    gone("The gateway does not answer");
  } finally {
    clearTimeout(timer);
  }
  setTimeout(connect, 1500 + Math.random() * 1000);
}

function ask(again) {
  sessionStorage.removeItem(STORED);
  at("forget").hidden = true;
  at("numbers").hidden = true;
  at("door").hidden = false;
  text(at("asked"), again ? "This token is not accepted." : "The numbers need the management token.");
  state("asking", "◌", "Waiting for the token");
  document.title = "Keygate";
  at("token").focus();
}

at("door").addEventListener("submit", event => {
  event.preventDefault();
  sessionStorage.setItem(STORED, at("token").value.trim());
  at("token").value = "";
  at("door").hidden = true;
  state("connecting", "◌", "Connecting");
  connect();
});
at("forget").addEventListener("click", () => {
  sessionStorage.removeItem(STORED);
  location.reload();
});
connect();
