import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient, getSession, LintelError } from "@lintel/client";
import { createSession } from "@lintel/client/session";

const session = { id: "ses_1", user_id: "usr_1" };
const kept = () => {
  const values = new Map();
  return { getItem: (name) => values.get(name) ?? null, setItem: (name, value) => values.set(name, value), removeItem: (name) => values.delete(name) };
};

/** A server whose answers are given by method and path. */
function server(answers) {
  const asked = [];
  return {
    asked,
    fetch: async (url, request) => {
      const { pathname, search } = new URL(url);
      const name = `${request.method} ${pathname}${search}`;
      asked.push([name, request.headers.get("authorization"), request.credentials]);
      const [status, body] = typeof answers[name] === "function" ? answers[name]() : answers[name];
      const type = status < 400 ? "application/json" : "application/problem+json";
      return new Response(body === undefined ? null : JSON.stringify(body), { status, headers: { "content-type": type } });
    },
  };
}

const none = [401, { code: "session_invalid", detail: "There is no session." }];

function store(t, answers, more = {}) {
  const { fetch, asked } = server(answers);
  const made = createSession({ baseUrl: `https://${crypto.randomUUID()}.example.com`, fetch, retries: 0, ...more });
  t.after(() => made.close());
  return { made, asked };
}

test("a cookie's session is asked for once, by however many", async (t) => {
  const { made, asked } = store(t, { "GET /v1/session": [200, session] });
  assert.deepEqual(made.state, { status: "unknown" });
  const all = await Promise.all(Array.from({ length: 20 }, () => made.load()));
  assert.deepEqual(all[19], { status: "signed_in", session });
  assert.deepEqual(asked, [["GET /v1/session", null, "include"]]);
});

test("that there is none is an answer, and anything else a fault", async (t) => {
  const { made } = store(t, { "GET /v1/session": none });
  assert.deepEqual(await made.load(), { status: "signed_out" });
  const { made: broken } = store(t, { "GET /v1/session": [503, { code: "unavailable", detail: "Not now." }] });
  await assert.rejects(broken.load(), (error) => error instanceof LintelError && error.code === "unavailable");
  assert.deepEqual(broken.state, { status: "unknown" });
});

test("a token that cannot be got is an error of the client's, and nothing is sent", async () => {
  const { fetch, asked } = server({});
  const cause = new Error("the keychain is locked");
  const lintel = createClient({ baseUrl: "https://id.example.com", fetch, token: () => Promise.reject(cause) });
  await assert.rejects(lintel(getSession), (error) => error instanceof LintelError && error.code === "input_invalid" && error.cause === cause);
  assert.deepEqual(asked, []);
});

test("a token is kept where it was told, and forgotten when the session is over", async (t) => {
  const tokenStorage = kept();
  const answers = { "GET /v1/session": () => (tokenStorage.getItem("lintel_session") ? [200, session] : none), "GET /v1/me": none };
  const { made, asked } = store(t, answers, { tokenStorage });
  const told = [];
  made.subscribe(() => told.push(made.state.status));
  assert.equal(made.adopt({ outcome: { session, session_token: "ls_1" } }).status, "signed_in");
  assert.equal((await made.load()).status, "signed_in");
  assert.deepEqual(asked.at(-1), ["GET /v1/session", "Bearer ls_1", undefined]);
  await assert.rejects(made.client(["GET", "/v1/me", 5]), LintelError);
  assert.equal(made.state.status, "signed_out");
  assert.equal(tokenStorage.getItem("lintel_session"), null);
  assert.equal(told[0], "signed_in");
  assert.equal(told.at(-1), "signed_out");
});

test("signing out is done even where the session was over", async (t) => {
  for (const answer of [[204], none]) {
    const { made } = store(t, { "DELETE /v1/session": answer });
    made.adopt({ outcome: { session } });
    await made.end();
    assert.equal(made.state.status, "signed_out");
  }
  const { made } = store(t, { "DELETE /v1/session": [503, { code: "unavailable", detail: "Not now." }] });
  made.adopt({ outcome: { session } });
  await assert.rejects(made.end(), LintelError);
  assert.equal(made.state.status, "signed_in");
});

test("a JWT is made once and used until shortly before it ends", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000 });
  let made = 0;
  const { made: one } = store(t, { "POST /v1/session/token": () => [200, { token: `jwt${++made}`, expires_in: 300 }], "POST /v1/session/token?audience=b": [200, { token: "other", expires_in: 300 }] });
  assert.deepEqual(await Promise.all(Array.from({ length: 20 }, () => one.jwt())), Array(20).fill("jwt1"));
  assert.equal(await one.jwt("b"), "other");
  t.mock.timers.tick(269_000);
  assert.equal(await one.jwt(), "jwt1");
  t.mock.timers.tick(2000);
  assert.equal(await one.jwt(), "jwt2");
  one.adopt({ outcome: { session: { ...session, id: "ses_2" } } });
  assert.equal(await one.jwt(), "jwt3", "another session has other tokens");
});

test("a JWT that could not be made is asked for again", async (t) => {
  let asked = 0;
  const { made } = store(t, { "POST /v1/session/token": () => (asked++ ? [200, { token: "jwt", expires_in: 300 }] : [503, { code: "overloaded", detail: "Later." }]) });
  await assert.rejects(made.jwt(), LintelError);
  assert.equal(await made.jwt(), "jwt");
});

test("a JWT that arrives after another has signed in is not theirs", async (t) => {
  const answers = [];
  const fetch = () => new Promise((resolve) => answers.push((token) => resolve(new Response(JSON.stringify({ token, expires_in: 300 }), { headers: { "content-type": "application/json" } }))));
  const { made } = store(t, {}, { fetch });
  const until = async (count) => { while (answers.length < count) await new Promise(setImmediate); };
  made.adopt({ outcome: { session } });
  const early = made.jwt();
  await until(1);
  made.adopt({ outcome: { session: { ...session, id: "ses_2" } } });
  const late = made.jwt();
  await until(2);
  answers[1]("second");
  assert.equal(await late, "second");
  answers[0]("first");
  assert.equal(await early, "first");
  assert.equal(await made.jwt(), "second");
});

/** Requests that wait for their answers, in the order in which they were sent. */
function held() {
  const sent = [];
  const fetch = (url, { headers }) =>
    new Promise((resolve) => {
      const type = (status) => (status < 400 ? "application/json" : "application/problem+json");
      const answer = (status, body) => resolve(new Response(JSON.stringify(body), { status, headers: { "content-type": type(status) } }));
      sent.push({ path: new URL(url).pathname, token: headers.get("authorization"), answer });
    });
  return { sent, fetch, until: async (count) => { while (sent.length < count) await new Promise(setImmediate); } };
}

for (const tokenStorage of [undefined, kept()]) {
  const how = tokenStorage ? "a token" : "a cookie";
  test(`what is said late of an earlier session counts for nothing: ${how}`, async (t) => {
    const { sent, fetch, until } = held();
    const { made } = store(t, {}, { fetch, tokenStorage });
    const second = { ...session, id: "ses_2" };
    made.adopt({ outcome: { session, session_token: "ls_1" } });
    const asked = [made.client(["GET", "/v1/me", 5]), made.load(), made.refresh()];
    await until(3);
    made.adopt({ outcome: { session: second, session_token: "ls_2" } });
    sent[0].answer(...none);
    sent[1].answer(...none);
    sent[2].answer(200, session);
    await assert.rejects(asked[0], LintelError);
    assert.deepEqual(await Promise.all(asked.slice(1)), Array(2).fill({ status: "signed_in", session: second }));
    assert.deepEqual(made.state, { status: "signed_in", session: second });
    if (tokenStorage) assert.equal(tokenStorage.getItem("lintel_session"), "ls_2");
    const now = made.client(["GET", "/v1/me", 5]);
    await until(4);
    sent[3].answer(...none);
    await assert.rejects(now, LintelError);
    assert.equal(made.state.status, "signed_out", "and what is said of this one does");
  });
}

test("an answer that there is no session is not the session's where a call has a token of its own", async (t) => {
  const { made } = store(t, { "GET /v1/me": none }, { tokenStorage: kept() });
  made.adopt({ outcome: { session, session_token: "ls_1" } });
  await assert.rejects(made.client(["GET", "/v1/me", 5], {}, { token: "ls_other" }), LintelError);
  assert.equal(made.state.status, "signed_in");
});

test("who signed out before the answer came stays signed out", async (t) => {
  const { sent, fetch, until } = held();
  const { made } = store(t, {}, { fetch });
  made.adopt({ outcome: { session } });
  const loaded = made.load();
  const ended = made.end();
  await until(2);
  sent[1].answer(...none);
  await ended;
  sent[0].answer(200, session);
  assert.deepEqual(await loaded, { status: "signed_out" });
  const again = made.load();
  await until(3);
  sent[2].answer(...none);
  assert.deepEqual(await again, { status: "signed_out" });
});

/** Two tabs of one site, both signed in, with a JWT. */
async function tabs(t, answers) {
  const alive = setInterval(() => {}, 1000); // the tabs alone keep no process
  t.after(() => clearInterval(alive));
  const baseUrl = `https://${crypto.randomUUID()}.example.com`;
  const { made: first } = store(t, answers, { baseUrl });
  const { made: second } = store(t, answers, { baseUrl });
  await Promise.all([first.load(), second.load()]);
  const hears = (what) => new Promise((resolve) => second.subscribe(() => what(second.state) && resolve()));
  return { first, second, hears };
}

test("what one tab does another hears", async (t) => {
  let over = false;
  const answers = { "GET /v1/session": () => (over ? none : [200, session]), "DELETE /v1/session": () => ((over = true), [204]) };
  const { first, hears } = await tabs(t, answers);
  const heard = hears((state) => state.status === "signed_out");
  await first.end();
  await heard;
});

for (const [what, next] of [
  ["somebody else", { ...session, id: "ses_2", user_id: "usr_2" }],
  ["a new proof", { ...session, auth_time: "2030-01-02T03:04:05Z" }],
]) {
  test(`${what} in one tab is there in another, with other JWTs`, async (t) => {
    let current = session;
    let made = 0;
    const answers = { "GET /v1/session": () => [200, current], "POST /v1/session/token": () => [200, { token: `jwt${++made}`, expires_in: 300 }] };
    const { first, second, hears } = await tabs(t, answers);
    assert.deepEqual([await first.jwt(), await second.jwt()], ["jwt1", "jwt2"]);
    const heard = hears((state) => state.session.id === next.id && state.session.auth_time === next.auth_time);
    current = next;
    first.adopt({ outcome: { session: next } });
    await heard;
    assert.deepEqual(second.state, { status: "signed_in", session: next });
    assert.deepEqual([await first.jwt(), await second.jwt()], ["jwt3", "jwt4"]);
  });
}

test("a process ends that has a session", async () => {
  const code = `import { createSession } from "@lintel/client/session"; createSession({ baseUrl: "https://id.example.com" }); console.log("made");`;
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", code], { cwd, timeout: 20_000 });
  assert.equal(stdout, "made\n");
});

test("a session can be ended after the other tabs are no more heard of", async (t) => {
  const { made } = store(t, { "DELETE /v1/session": [204] });
  made.close();
  made.close();
  await made.end();
  assert.equal(made.state.status, "signed_out");
});

test("a server that does not answer is told of, signed out or not", async (t) => {
  let there = true;
  const { made } = store(t, { "GET /v1/session": () => (there ? none : [503, { code: "unavailable", detail: "Not now." }]) });
  assert.equal((await made.load()).status, "signed_out");
  assert.equal((await made.load()).status, "signed_out", "that there is none is no fault");
  there = false;
  await assert.rejects(made.load(), (error) => error instanceof LintelError && error.code === "unavailable");
  assert.equal(made.state.status, "signed_out");
});
