import assert from "node:assert/strict";
import { test } from "node:test";
import * as lintel from "@lintel/client";
import { offer, resumeFlow, startFlow } from "@lintel/client/flow";

// What this client is for, against a server that runs. Names no function that a release
// did not have when this file was kept beside it: clients/conformance/released.
const baseUrl = process.env.LINTEL_SERVER;
assert.ok(baseUrl, "start with: go run ./tests/fixtures/server/cmd/withserver npm --prefix clients/typescript test");

const open = lintel.createClient({ baseUrl, token: "" });
const signedIn = (token) => lintel.createClient({ baseUrl, token });
const start = { journey: "login", transport: "token" };
const password = "a long walk to the blue harbour";

let people = 0;
/** Signs somebody up with one request. */
async function register() {
  const identifier = `ada-${process.pid}-${Date.now()}-${people++}@example.com`;
  const flow = await open(lintel.createFlow, {
    body: { ...start, journey: "registration", submit: { type: "new_password", identifier, password, profile: { name: "Ada", nickname: "Countess" } } },
  });
  assert.equal(flow.status, "completed", JSON.stringify(flow));
  return { identifier, user: flow.outcome.user, token: flow.outcome.session_token, client: signedIn(flow.outcome.session_token) };
}

/** Signs them in once more. */
async function login(identifier, secret = password) {
  return open(lintel.createFlow, { body: { ...start, submit: { type: "password", identifier, password: secret } } });
}

/** Stands for sessionStorage. */
function storage() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
}

/** Whatever goes wrong is an Error of one class, with what the server said. */
const problem = (code, status) => (error) => {
  assert.ok(error instanceof lintel.LintelError && error instanceof Error, String(error));
  assert.deepEqual([error.code, error.status], [code, status], error.message);
  assert.equal(error.problem.code, code);
  assert.equal(error.message, error.problem.detail);
  return true;
};

test("one request registers, and the session it leads to is there", async () => {
  const { user, identifier, client } = await register();
  assert.equal(user.identifiers[0].value, identifier);
  assert.equal(user.identifiers[0].verified_at, null);
  const session = await client(lintel.getSession);
  assert.equal(session.user_id, user.id);
  assert.equal(session.current, true);
  assert.ok(Date.parse(session.expires_at) > Date.parse(session.created_at));
});

test("one request logs in", async () => {
  const { identifier, user } = await register();
  const flow = await login(identifier);
  assert.equal(flow.status, "completed");
  assert.equal(flow.outcome.user.id, user.id);
  assert.equal((await signedIn(() => flow.outcome.session_token)(lintel.getUser)).id, user.id);
});

test("a wrong password leaves the flow active, with the reason, and the right one goes on from there", async () => {
  const { identifier } = await register();
  const flow = await login(identifier, "let me in");
  assert.equal(flow.status, "active");
  assert.equal(flow.error.code, "credentials_invalid");
  const step = offer(flow, "password");
  const done = await open(lintel.submitStep, { flow_id: flow.id, flow_token: flow.flow_token, body: { type: "password", id: step.id, identifier, password } });
  assert.equal(done.status, "completed");
});

test("what is wrong with a new password is told for the place it stands at", async () => {
  const identifier = `new-${process.pid}-${Date.now()}@example.com`;
  const flow = await open(lintel.createFlow, { body: { ...start, journey: "registration", submit: { type: "new_password", identifier, password: "short" } } });
  assert.equal(flow.status, "active");
  assert.equal(flow.error.code, "password_rejected");
  assert.ok(flow.error.errors.some((one) => one.pointer === "/password"), JSON.stringify(flow.error));
  assert.ok(offer(flow, "new_password").policy.min_length > 5);
});

test("the driver asks one thing after the other, goes back, and goes on after the page was left", async () => {
  const { identifier, user } = await register();
  const kept = storage();
  const driver = await startFlow(open, { ...start, storage: kept });
  let changes = 0;
  driver.subscribe(() => changes++);
  await driver.submit({ type: "identifier", identifier });
  assert.equal(offer(driver.state.flow, "password").identifier, identifier);
  assert.equal(driver.state.flow.can_go_back, true);
  await driver.back();
  assert.ok(offer(driver.state.flow, "identifier"));
  assert.equal(driver.state.flow.can_go_back, false);
  await assert.rejects(driver.back(), problem("step_not_offered", 409));
  assert.equal(driver.state.error.code, "step_not_offered");
  await driver.submit({ type: "identifier", identifier });
  assert.ok(changes > 6, "every act is seen to begin and to end");

  const again = await resumeFlow(open, kept);
  assert.equal(again.state.flow.id, driver.state.flow.id);
  assert.equal((await again.refresh()).revision, driver.state.flow.revision);
  assert.equal((await again.submit({ type: "password", password: "let me in" })).error.code, "credentials_invalid");
  const done = await again.submit({ type: "password", password });
  assert.equal(done.status, "completed");
  assert.equal(again.state.flow, done);
  assert.equal(done.outcome.user.id, user.id);
  assert.equal(kept.kept.size, 0, "what is over is not kept");
  assert.equal(await resumeFlow(open, kept), undefined);
});

test("two answers at once are given one after the other", async () => {
  const { identifier } = await register();
  const driver = await startFlow(open, start);
  const [first, second] = await Promise.all([driver.submit({ type: "identifier", identifier }), driver.submit({ type: "password", password })]);
  assert.equal(first.status, "active");
  assert.equal(second.status, "completed");
});

test("a flow that moves elsewhere is waited for", async () => {
  const { identifier } = await register();
  const kept = storage();
  const driver = await startFlow(open, { ...start, storage: kept });
  const waited = driver.wait();
  await (await resumeFlow(open, kept)).submit({ type: "identifier", identifier });
  assert.equal(offer(await waited, "password").identifier, identifier);
  assert.equal(driver.state.flow.can_go_back, true);
});

test("a flow that is waited for can be left", async () => {
  const driver = await startFlow(open, start);
  const leave = new AbortController();
  const waited = driver.wait(leave.signal);
  leave.abort();
  await assert.rejects(waited, (error) => error instanceof lintel.LintelError && error.code === "aborted" && error.status === 0);
  assert.equal(driver.state.flow.status, "active");
});

test("a flow that was abandoned is over, here and there", async () => {
  const kept = storage();
  const driver = await startFlow(open, { ...start, storage: kept });
  const was = kept.kept.get([...kept.kept.keys()][0]);
  await driver.abandon();
  assert.equal(kept.kept.size, 0);
  kept.setItem("lintel_flow", was);
  assert.equal(await resumeFlow(open, kept), undefined, "and is not gone on with by somebody who kept it");
  assert.equal(kept.kept.size, 0);
});

test("a client that cannot show what a journey needs is told to be updated", async () => {
  const driver = await startFlow(open, { ...start, accepts: ["identifier"] });
  assert.deepEqual(driver.state.flow.steps.map((step) => step.type), ["identifier"]);
  const ended = await driver.submit({ type: "identifier", identifier: "ada@example.com" });
  assert.equal(ended.status, "denied");
  assert.equal(ended.error.code, "client_upgrade_required");
});

test("the same key gets the same answer", async () => {
  const { identifier } = await register();
  const body = { ...start, submit: { type: "password", identifier, password } };
  const options = { idempotencyKey: `${process.pid}-${Date.now()}` };
  const first = await open(lintel.createFlow, { body }, options);
  const second = await open(lintel.createFlow, { body }, options);
  assert.deepEqual(second, first);
  assert.notEqual((await open(lintel.createFlow, { body })).id, first.id, "and another request another one");
});

test("sessions are listed page after page, and one of them ended", async () => {
  const { identifier, client } = await register();
  const tokens = [];
  for (let i = 0; i < 4; i++) tokens.push((await login(identifier)).outcome.session_token);
  const sessions = [];
  for await (const session of lintel.each(client, lintel.listUserSessions, { limit: 2 })) sessions.push(session);
  assert.equal(new Set(sessions.map((one) => one.id)).size, 5);
  assert.equal(sessions.filter((one) => one.current).length, 1);
  const other = await signedIn(tokens[0])(lintel.getSession);
  assert.equal(await client(lintel.endUserSession, { session_id: other.id }), undefined);
  await assert.rejects(signedIn(tokens[0])(lintel.getSession), problem("session_invalid", 401));
  await assert.rejects(client(lintel.endUserSession, { session_id: other.id }), problem("session_unknown", 404));
});

test("a profile keeps what is not named and loses what is null, and an old version changes nothing", async () => {
  const { client } = await register();
  let etag;
  await client(lintel.getUser, {}, { inspect: (response) => (etag = response.headers.get("etag")) });
  const changed = await client(lintel.updateUser, { if_match: etag, body: { profile: { nickname: null, given_name: "Ada" } } });
  assert.deepEqual(changed.profile, { name: "Ada", given_name: "Ada" });
  await assert.rejects(client(lintel.updateUser, { if_match: etag, body: { profile: { name: "Eve" } } }), problem("version_stale", 412));
  await assert.rejects(client(lintel.updateUser, { body: { profile: { birthdate: "yesterday" } } }), (error) => {
    assert.ok(error.field("/profile/birthdate"), JSON.stringify(error.problem));
    return problem("profile_invalid", 422)(error);
  });
});

test("a changed password ends the other sessions and not this one", async () => {
  const { identifier, client } = await register();
  const other = signedIn((await login(identifier)).outcome.session_token);
  await other(lintel.getSession);
  await client(lintel.setPassword, { body: { password: "a short walk to the green hill" } });
  await assert.rejects(other(lintel.getSession), problem("session_invalid", 401));
  await client(lintel.getSession);
  assert.equal((await login(identifier)).error.code, "credentials_invalid");
  assert.equal((await login(identifier, "a short walk to the green hill")).status, "completed");
});

test("a session mints tokens that the published keys verify", async () => {
  const { client, user } = await register();
  const { token, token_type } = await client(lintel.createSessionToken);
  assert.equal(token_type, "Bearer");
  const [header, claims] = token.split(".", 2).map((part) => JSON.parse(Buffer.from(part, "base64url")));
  assert.equal(claims.sub, user.id);
  assert.ok((await open(lintel.getJwks)).keys.some((one) => one.kid === header.kid));
  await assert.rejects(client(lintel.createSessionToken, { audience: "https://else.example.com" }), problem("audience_not_allowed", 422));
});

test("who has signed out is nobody", async () => {
  const { client } = await register();
  assert.equal(await client(lintel.endSession), undefined);
  await assert.rejects(client(lintel.getSession), problem("session_invalid", 401));
  await assert.rejects(client(lintel.getUser), problem("session_invalid", 401));
});

test("details come in the language of the client", async () => {
  const german = lintel.createClient({ baseUrl, token: "", locale: "de" });
  await assert.rejects(german(lintel.getSession), (error) => problem("session_invalid", 401)(error) && /Sitzung/.test(error.message));
});

// The last one: it moves the clock of the server.
test("what needs a fresh proof says which journey to run, and goes on after it", async (t) => {
  const { client, identifier } = await register();
  t.after(() => open(lintel.resetClock));
  await open(lintel.advanceClock, { body: { seconds: 3600 } });
  const ask = () => client(lintel.setPassword, { body: { password: "a short walk to the green hill" } });
  const refused = await ask().catch((error) => error);
  problem("step_up_required", 403)(refused);
  assert.ok(refused.problem.step_up.methods.includes("password"));
  const driver = await startFlow(client, { journey: refused.problem.step_up.journey, transport: "token" });
  const done = await driver.submit({ type: "password", password });
  assert.equal(done.status, "completed", JSON.stringify(done));
  await ask();
  assert.equal((await login(identifier, "a short walk to the green hill")).status, "completed");
});
