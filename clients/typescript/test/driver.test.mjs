import assert from "node:assert/strict";
import { test } from "node:test";
import { resumeFlow, startFlow } from "@lintel/client/flow";

// What the driver makes of answers that come late or twice, and of helpers that throw. The
// client is one whose answers the test lets go, because their order is what matters.
const flow = (revision, more = {}) => ({ id: "flw_1", journey: "login", status: "active", revision, steps: [], flow_token: "lf_1", ...more });
const completed = (revision, session_token) => flow(revision, { status: "completed", flow_token: undefined, outcome: { user: { id: "usr_1" }, session_token } });

/** A client that answers the first request with a flow; the others wait for the test. */
function asking() {
  const asked = [];
  const client = () => new Promise((answer, refuse) => asked.push({ answer, refuse }));
  const start = async (options = {}) => {
    const started = startFlow(client, { journey: "login", ...options });
    asked.shift().answer(flow(1));
    return started;
  };
  /** The next request that has not been answered, as soon as it is there. */
  const next = async () => {
    for (let turns = 0; !asked.length && turns < 100; turns++) await new Promise(setImmediate);
    assert.ok(asked.length, "nothing was asked");
    return asked.shift();
  };
  return { client, start, next };
}

/** Stands for sessionStorage. */
function storage() {
  const kept = new Map();
  return { kept, getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value), removeItem: (key) => void kept.delete(key) };
}

/** A storage that is full, or that the browser denies. */
function denied() {
  const no = () => {
    throw new DOMException("no", "QuotaExceededError");
  };
  return { getItem: no, setItem: no, removeItem: no };
}

for (const late of [flow(2), completed(2)]) {
  test(`what was abandoned is not touched again by an answer on its way: ${late.status}`, async () => {
    const { start, next } = asking();
    const kept = storage();
    const driver = await start({ storage: kept });
    const submitted = driver.submit({ type: "password", password: "x" });
    const submission = await next();
    const abandoned = driver.abandon();
    (await next()).answer(undefined);
    await abandoned;
    kept.setItem("lintel_flow", "flw_2 lf_2"); // the next one, under the same name
    submission.answer(late);
    await submitted;
    assert.equal(kept.getItem("lintel_flow"), "flw_2 lf_2");
  });
}

test("the token of a session, which is told once, outlives an answer without it", async () => {
  const { start, next } = asking();
  const driver = await start();
  const waited = driver.wait();
  const wait = await next();
  const submitted = driver.submit({ type: "password", password: "x" });
  (await next()).answer(completed(2, "ls_1"));
  await submitted;
  wait.answer(completed(2));
  assert.equal((await waited).outcome.session_token, "ls_1");
  assert.equal(driver.state.flow.outcome.session_token, "ls_1");
});

test("the token is taken too where an answer without it was faster", async () => {
  const { start, next } = asking();
  const driver = await start();
  const waited = driver.wait();
  const wait = await next();
  const submitted = driver.submit({ type: "password", password: "x" });
  const submission = await next();
  wait.answer(completed(2));
  await waited;
  submission.answer(completed(2, "ls_1"));
  assert.equal((await submitted).outcome.session_token, "ls_1");
  assert.equal(driver.state.flow.outcome.session_token, "ls_1");
});

test("a flow goes on where nothing can be kept", async () => {
  const { client, start, next } = asking();
  const driver = await start({ storage: denied() });
  const submitted = driver.submit({ type: "password", password: "x" });
  (await next()).answer(completed(2));
  assert.equal((await submitted).status, "completed");
  const abandoned = driver.abandon();
  (await next()).answer(undefined);
  await abandoned;
  assert.equal(await resumeFlow(client, denied()), undefined);
});

test("a listener that throws stops neither the flow nor the other listeners, and is not passed over in silence", async (t) => {
  const thrown = [];
  t.mock.method(globalThis, "queueMicrotask", (task) => {
    try {
      task();
    } catch (error) {
      thrown.push(error.message);
    }
  });
  const { start, next } = asking();
  const driver = await start();
  let heard = 0;
  driver.subscribe(() => {
    throw new Error("a mistake of the page");
  });
  driver.subscribe(() => heard++);
  const submitted = driver.submit({ type: "password", password: "x" });
  (await next()).answer(flow(2));
  await submitted;
  assert.equal(driver.state.busy, false);
  assert.equal(heard, 3, "busy, told, not busy");
  assert.deepEqual(thrown, Array(3).fill("a mistake of the page"));
});
