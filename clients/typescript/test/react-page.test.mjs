import assert from "node:assert/strict";
import { test } from "node:test";
import { Window } from "happy-dom";
import { createElement, StrictMode, useEffect } from "react";
import { createClient } from "@lintel/client";
import { useFlow, useSession } from "@lintel/client/react";
import { createSession } from "@lintel/client/session";

// The hooks in a page, where components come and go. React wants one before it is loaded.
const { document } = (globalThis.window = new Window({ url: "https://app.example.com/" }));
globalThis.document = document;
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true }); // Node has one of its own, later
const { createRoot } = await import("react-dom/client");

const answer = { type: "password", identifier: "ada@example.com", password: "right" };
const passed = Symbol("as it would be");

/** Stands for sessionStorage. */
function storage(...kept) {
  const values = new Map(kept);
  return { values, getItem: (key) => values.get(key) ?? null, setItem: (key, value) => void values.set(key, value), removeItem: (key) => void values.delete(key) };
}

/** A server of flows in the place of fetch. `on` may answer a request in another way, later or not at all. */
function server(on = () => passed) {
  const asked = [];
  let flows = 0;
  const flow = (id, journey, { type, password } = {}) => {
    const completed = type === "password" && password === "right";
    return {
      id, flow_token: `lf_${id}`, journey, revision: asked.length, can_go_back: false,
      status: completed ? "completed" : "active",
      steps: completed ? [] : [{ type: "password", id: "stp_1" }],
      ...(type && !completed && { error: { code: "credentials_invalid", detail: "Not right." } }),
      ...(completed && { outcome: { session: { id: "ses_1" } } }),
    };
  };
  const fetch = async (url, { method, body, signal }) => {
    const { pathname } = new URL(url);
    const sent = body && JSON.parse(body);
    const [, id, more] = /^\/v1\/flows\/([^/]+)(\/\w+)?/.exec(pathname) ?? [];
    const name = `${method} ${pathname}`;
    asked.push(sent?.journey ? `${name} ${sent.journey}` : name);
    const other = await on(name, sent, signal);
    if (other !== passed) return other;
    if (method === "DELETE") return new Response(null, { status: 204 });
    const made = id ? flow(id, "login", more === "/steps" ? sent : {}) : flow(`flw_${++flows}`, sent.journey, sent.submit);
    return new Response(JSON.stringify(made), { headers: { "content-type": "application/json" } });
  };
  return { asked, client: createClient({ baseUrl: "https://id.example.com", fetch, retries: 0 }) };
}

/** Shows a component that uses a hook; `seen` is what the hook gave last. */
function show(t, hook, props, { strict = false } = {}) {
  const root = createRoot(document.createElement("main"));
  const page = { seen: undefined, there: false, render, leave: () => root.unmount() };
  function Component(given) {
    page.seen = hook(given);
    useEffect(() => void (page.there = true), []);
    return null;
  }
  function render(given) {
    root.render(strict ? createElement(StrictMode, null, createElement(Component, given)) : createElement(Component, given));
  }
  render(props);
  t.after(() => root.unmount());
  return page;
}

/** Waits until something is so. */
async function until(what) {
  for (let i = 0; !what(); i++) {
    assert.ok(i < 2000, `it does not come about: ${what}`);
    await new Promise(setImmediate);
  }
}
/** Waits for what is not to come. */
async function quiet() {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setTimeout(resolve));
}

const flowOf = ({ client, ...options }) => useFlow(client, options);

test("a component that React mounts twice starts one flow", async (t) => {
  const { asked, client } = server();
  const page = show(t, flowOf, { client, journey: "login" }, { strict: true });
  await until(() => page.seen?.flow);
  await quiet();
  assert.deepEqual(asked, ["POST /v1/flows login"]);
  assert.equal(page.seen.busy, false);
});

test("a password is answered, and completion told once", async (t) => {
  const { asked, client } = server();
  const completed = [];
  const page = show(t, flowOf, { client, journey: "login", onCompleted: (flow) => completed.push(flow.id) }, { strict: true });
  await until(() => page.seen?.flow);
  assert.equal((await page.seen.submit({ ...answer, password: "wrong" })).error.code, "credentials_invalid");
  await until(() => page.seen.flow.error);
  const flow = await page.seen.submit(answer);
  assert.equal(flow.status, "completed");
  await page.seen.refresh();
  await page.seen.submit(answer);
  assert.deepEqual(completed, [flow.id]);
  assert.equal(asked.filter((one) => one.startsWith("POST /v1/flows ")).length, 1);
});

test("another journey and a new start are other flows", async (t) => {
  const { asked, client } = server();
  const kept = storage();
  const page = show(t, flowOf, { client, journey: "login", storage: kept });
  await until(() => page.seen?.flow?.journey === "login");
  page.render({ client, journey: "registration", storage: kept });
  await until(() => page.seen.flow?.journey === "registration");
  const before = page.seen.flow.id;
  page.seen.restart();
  await until(() => page.seen.flow && page.seen.flow.id !== before);
  assert.equal(page.seen.flow.journey, "registration");
  assert.equal(kept.values.get("lintel_flow"), "flw_3 lf_flw_3");
  assert.deepEqual(asked.filter((one) => one.startsWith("POST")), ["POST /v1/flows login", "POST /v1/flows registration", "POST /v1/flows registration"]);
});

test("an invitation is for a flow of its own, whatever was kept", async (t) => {
  const { asked, client } = server();
  const kept = storage(["lintel_flow", "flw_left lf_left"]);
  const page = show(t, flowOf, { client, journey: "login", storage: kept, invitation_token: "li_1" });
  await until(() => page.seen?.flow);
  page.render({ client, journey: "login", storage: kept, invitation_token: "li_2" });
  await until(() => page.seen.flow?.id === "flw_2");
  assert.deepEqual(asked.filter((one) => !one.startsWith("DELETE")), ["POST /v1/flows login", "POST /v1/flows login"]);
  assert.equal(kept.values.get("lintel_flow"), "flw_2 lf_flw_2");
});

test("a flow that starts after its component has left is abandoned, and kept over no other", async (t) => {
  const late = [];
  const { asked, client } = server((name, sent) => (sent?.journey === "login" ? new Promise((resolve) => late.push(() => resolve(passed))) : passed));
  const kept = storage();
  const page = show(t, flowOf, { client, journey: "login", storage: kept });
  await until(() => late.length);
  page.render({ client, journey: "registration", storage: kept });
  await until(() => page.seen.flow);
  late[0]();
  await until(() => asked.some((one) => one.startsWith("DELETE")));
  assert.equal(page.seen.flow.journey, "registration");
  assert.equal(kept.values.get("lintel_flow"), `${page.seen.flow.id} lf_${page.seen.flow.id}`);
  assert.ok(!asked.includes(`DELETE /v1/flows/${page.seen.flow.id}`));
});

test("a component that leaves before anything was asked asks nothing, and one that leaves after that abandons", async (t) => {
  const late = [];
  const { asked, client } = server((name) => (name.startsWith("POST") ? new Promise((resolve) => late.push(() => resolve(passed))) : passed));
  const first = show(t, flowOf, { client, journey: "login" });
  await until(() => first.seen);
  first.leave();
  await quiet();
  assert.deepEqual(asked, []);
  const second = show(t, flowOf, { client, journey: "login" });
  await until(() => late.length);
  second.leave();
  late[0]();
  await until(() => asked.length === 2);
  assert.match(asked[1], /^DELETE /);
});

test("what cannot be started says why, and starts on demand", async (t) => {
  let away = true;
  const { client } = server(() => (away ? Promise.reject(new TypeError("fetch failed")) : passed));
  const page = show(t, flowOf, { client, journey: "login" });
  await until(() => page.seen?.error);
  assert.deepEqual([page.seen.error.code, page.seen.busy, page.seen.flow], ["network", false, undefined]);
  away = false;
  page.seen.restart();
  await until(() => page.seen.flow);
  assert.equal(page.seen.error, undefined);
});

test("a lazy flow signs in with one request", async (t) => {
  const late = [];
  const { asked, client } = server(() => new Promise((resolve) => late.push(() => resolve(passed))));
  const completed = [];
  const page = show(t, flowOf, { client, journey: "login", lazy: true, onCompleted: (flow) => completed.push(flow.id) }, { strict: true });
  await until(() => page.there);
  await quiet();
  assert.deepEqual([asked, page.seen.flow, page.seen.busy], [[], undefined, false]);
  const submitted = page.seen.submit(answer);
  await until(() => page.seen.busy && late.length);
  late[0]();
  assert.equal((await submitted).status, "completed");
  await until(() => page.seen.flow?.status === "completed");
  assert.deepEqual(asked, ["POST /v1/flows login"]);
  assert.deepEqual(completed, [page.seen.flow.id]);
});

test("a lazy flow goes on where it stands, after a wrong password, two answers at once, and a lost connection", async (t) => {
  let away = true;
  const { asked, client } = server(() => (away ? Promise.reject(new TypeError("fetch failed")) : passed));
  const page = show(t, flowOf, { client, journey: "login", lazy: true });
  await until(() => page.there);
  assert.equal(await page.seen.submit(answer), undefined);
  await until(() => page.seen.error);
  assert.deepEqual([page.seen.error.code, page.seen.busy], ["network", false]);
  away = false;
  const wrong = { ...answer, password: "wrong" };
  const [first, second] = await Promise.all([page.seen.submit(wrong), page.seen.submit(wrong)]);
  assert.equal(first.error.code, "credentials_invalid");
  assert.equal(second.id, first.id);
  await until(() => page.seen.flow);
  assert.equal((await page.seen.submit(answer)).status, "completed");
  const steps = `POST /v1/flows/${first.id}/steps`;
  assert.deepEqual(asked, ["POST /v1/flows login", "POST /v1/flows login", steps, steps]);
  page.seen.restart();
  await until(() => !page.seen.flow);
  assert.equal(asked.length, 4, "it starts anew with the next answer");
});

test("a lazy flow that was left goes on at once, and answers wait for that", async (t) => {
  const { asked, client } = server();
  const page = show(t, flowOf, { client, journey: "login", lazy: true, storage: storage(["lintel_flow", "flw_9 lf_9"]) });
  await until(() => page.there);
  assert.equal((await page.seen.submit(answer)).id, "flw_9");
  assert.deepEqual(asked, ["GET /v1/flows/flw_9", "POST /v1/flows/flw_9/steps"]);
  const none = show(t, flowOf, { client, journey: "login", lazy: true, storage: storage() });
  await until(() => none.seen && !none.seen.busy);
  assert.equal(asked.length, 2);
});

test("a sign-in that is done when its component has left is told all the same", async (t) => {
  const late = [];
  const { asked, client } = server(() => new Promise((resolve) => late.push(() => resolve(passed))));
  const completed = [];
  const page = show(t, flowOf, { client, journey: "login", lazy: true, onCompleted: (flow) => completed.push(flow.id) });
  await until(() => page.there);
  void page.seen.submit(answer);
  await until(() => late.length);
  page.leave();
  late[0]();
  await until(() => completed.length);
  await quiet();
  assert.deepEqual(asked, ["POST /v1/flows login"]);
});

test("a flow that moves elsewhere is waited for, and that can be left", async (t) => {
  const { client } = server((name, sent, signal) =>
    name.startsWith("GET") && signal && client.hangs ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason))) : passed);
  const page = show(t, flowOf, { client, journey: "login" });
  await until(() => page.seen?.flow);
  const before = page.seen.flow.revision;
  await page.seen.wait();
  await until(() => page.seen.flow.revision > before);
  client.hangs = true;
  const leave = new AbortController();
  const waited = page.seen.wait(leave.signal);
  await quiet();
  leave.abort();
  await assert.rejects(waited, (error) => error.code === "aborted");
});

test("a session is asked for once by all who show it, and seen by them when it changes", async (t) => {
  let asked = 0;
  const fetch = async () => (asked++, new Response(JSON.stringify({ id: "ses_1" }), { headers: { "content-type": "application/json" } }));
  const store = createSession({ baseUrl: "https://id.example.com", fetch });
  t.after(() => store.close());
  const [one, two] = [show(t, () => useSession(store), {}, { strict: true }), show(t, () => useSession(store), {})];
  await until(() => one.seen?.status === "signed_in" && two.seen?.status === "signed_in");
  assert.equal(asked, 1);
  store.adopt({ outcome: { session: { id: "ses_2" } } });
  await until(() => one.seen.session.id === "ses_2" && two.seen.session.id === "ses_2");
});

test("a flow that has ended elsewhere is completed here", async (t) => {
  const done = { id: "flw_1", flow_token: "lf_1", journey: "login", revision: 2, can_go_back: false, status: "completed", steps: [], outcome: { session: { id: "ses_1" } } };
  const moved = { code: "step_not_offered", detail: "It has moved on." };
  const { client } = server((name) => {
    if (name.endsWith("/steps")) return new Response(JSON.stringify(moved), { status: 409, headers: { "content-type": "application/problem+json" } });
    if (name === "GET /v1/flows/flw_1") return new Response(JSON.stringify(done), { headers: { "content-type": "application/json" } });
    return passed;
  });
  const completed = [];
  const page = show(t, flowOf, { client, journey: "login", onCompleted: (flow) => completed.push(flow.id) });
  await until(() => page.seen?.flow);
  assert.equal(await page.seen.submit(answer), undefined);
  assert.deepEqual(completed, ["flw_1"]);
});

test("what onCompleted throws is heard of", async (t) => {
  const { client } = server();
  const page = show(t, flowOf, { client, journey: "login", onCompleted: () => { throw new RangeError("a mistake of the page"); } });
  await until(() => page.seen?.flow);
  await assert.rejects(page.seen.submit(answer), RangeError);
});

test("a flow that was kept is not abandoned by who leaves while it is read", async (t) => {
  let go;
  const held = new Promise((resolve) => (go = resolve));
  const { asked, client } = server((name) => (name.startsWith("GET") ? held.then(() => passed) : passed));
  const kept = storage(["lintel_flow", "flw_9 lf_flw_9"]);
  const page = show(t, flowOf, { client, journey: "login", storage: kept });
  await until(() => asked.length === 1);
  page.leave();
  go();
  await quiet();
  assert.deepEqual(asked, ["GET /v1/flows/flw_9"]);
  assert.ok(kept.values.has("lintel_flow"));
});

test("a link that was sent is waited for, and its approval goes on by itself", async (t) => {
  const step = (approved) => ({ id: "stp_1", type: "link", approved, sent: { channel: "email", destination: "a•••@example.com", code_length: 6 } });
  const told = (revision, more) => new Response(JSON.stringify({ id: "flw_1", journey: "login", status: "active", steps: [], ...more, revision }), { headers: { "content-type": "application/json" } });
  let approve;
  const { asked, client } = server((name, sent, signal) => {
    if (name === "POST /v1/flows") return told(1, { flow_token: "lf_1", steps: [step(false)] });
    if (name.endsWith("/steps")) return told(3, { status: "completed", outcome: { session: { id: "ses_1" } } });
    return new Promise((resolve, reject) => {
      approve = () => resolve(told(2, { steps: [step(true)] }));
      signal.addEventListener("abort", () => reject(signal.reason));
    });
  });
  const done = [];
  const page = show(t, flowOf, { client, journey: "login", onCompleted: (flow) => done.push(flow.id) }, { strict: true });
  await until(() => approve);
  approve();
  await until(() => done.length);
  await quiet();
  assert.deepEqual([done, page.seen.flow.status], [["flw_1"], "completed"]);
  assert.equal(asked.filter((one) => one.endsWith("/steps")).length, 1);
});

test("a component that leaves waits for no link any more", async (t) => {
  const sent = { channel: "email", destination: "a•••@example.com", code_length: 6 };
  let waits = 0, left = 0;
  const { client } = server((name, _, signal) => {
    if (name !== "GET /v1/flows/flw_1") return new Response(JSON.stringify({ id: "flw_1", flow_token: "lf_1", journey: "login", status: "active", revision: 1, steps: [{ id: "stp_1", type: "link", approved: false, sent }] }), { headers: { "content-type": "application/json" } });
    waits++;
    return new Promise((_, reject) => signal.addEventListener("abort", () => (left++, reject(signal.reason))));
  });
  const page = show(t, flowOf, { client, journey: "login" });
  await until(() => waits);
  page.leave();
  await until(() => left);
  await quiet();
  assert.deepEqual([waits, left], [1, 1]);
});
