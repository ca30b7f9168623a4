import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Window } from "happy-dom";
import { createElement, StrictMode, useState } from "react";
import { LintelError } from "@lintel/client";
import { useNewPasskey, usePasskeyAutofill, usePasskeys, usePasskeySignIn, usePasskeyUpgrade } from "@lintel/client/react";

// The hooks for passkeys in a page, where components come and go. React wants one before it is loaded.
const { document } = (globalThis.window = new Window({ url: "https://app.example.com/" }));
globalThis.document = document;
let asked;
const credentials = Object.fromEntries(["get", "create"].map((kind) => [kind, ({ mediation, publicKey, signal }) =>
  new Promise((resolve, reject) => {
    const one = { kind, mediation, challenge: publicKey.challenge, over: false };
    one.give = () => ((one.over = true), resolve({ toJSON: () => ({ id: "a", response: { clientDataJSON: "a" } }) }));
    one.fail = (name) => ((one.over = true), reject(new DOMException("no", name)));
    signal?.addEventListener("abort", () => one.fail("AbortError"));
    assert.ok(asked.every(({ over }) => over), "a browser has room for one");
    asked.push(one);
  })]));
Object.defineProperty(window.navigator, "credentials", { value: credentials });
Object.defineProperty(globalThis, "navigator", { value: window.navigator, configurable: true });
globalThis.PublicKeyCredential = Object.assign(class {}, {
  isConditionalMediationAvailable: async () => true, getClientCapabilities: async () => ({ conditionalCreate: true }),
  parseRequestOptionsFromJSON: (options) => options, parseCreationOptionsFromJSON: (options) => options,
});
const { createRoot } = await import("react-dom/client");
beforeEach(() => (asked = []));

const options = { timeout: 300_000, allowCredentials: [], user: { name: "ada" } };
const passkey = (challenge) => ({ type: "passkey", id: "1", options: { ...options, challenge } });
const newPasskey = (conditional) => ({ type: "new_passkey", id: "1", conditional, options: { ...options, challenge: "new" } });
let revision = 0;
const flow = (steps, more) => ({ id: "flw_1", revision: revision++, status: steps.length ? "active" : "completed", steps, ...more });
async function until(what) {
  for (let i = 0; !what(); i++) {
    assert.ok(i < 2000, `it does not come about: ${what}`);
    await new Promise(setImmediate);
  }
}
async function quiet() {
  for (let i = 0; i < 50; i++) await new Promise((resolve) => setTimeout(resolve));
}

/** Shows a component twice mounted, whose flow goes through some states, one with each answer. */
function show(t, hook, first, ...next) {
  const root = createRoot(document.createElement("main"));
  const page = { answers: [], seen: undefined, leave: () => root.unmount() };
  function Component() {
    const [now, setNow] = useState(first);
    const submit = async (answer) => {
      page.answers.push(answer.type);
      const to = next.shift();
      setNow(to);
      return to;
    };
    page.seen = hook({ flow: now, submit });
    return null;
  }
  root.render(createElement(StrictMode, null, createElement(Component)));
  t.after(() => root.unmount());
  return page;
}

test("autofill that React mounts twice is asked for once, takes each challenge, and answers by itself", async (t) => {
  const page = show(t, usePasskeyAutofill, flow([passkey("one")]), flow([passkey("two")], { error: { code: "passkey_invalid" } }), flow([]));
  await until(() => asked.length);
  await quiet();
  assert.deepEqual(asked.map(({ mediation, challenge }) => [mediation, challenge]), [["conditional", "one"]]);
  asked[0].give();
  await until(() => asked.at(-1).challenge === "two" && !asked.at(-1).over);
  await quiet();
  asked.at(-1).give();
  await until(() => page.answers.length === 2);
  page.leave();
  assert.ok(asked.every(({ over }) => over));
});

test("a component that leaves waits for no passkey any more", async (t) => {
  const page = show(t, usePasskeyAutofill, flow([passkey("one")]));
  await until(() => asked.length);
  page.leave();
  await quiet();
  assert.deepEqual(asked.map(({ over }) => over), [true]);
});

test("a button is there where the flow asks for a passkey, tells why there was none, and comes before the field", async (t) => {
  const both = (view) => (usePasskeyAutofill(view), usePasskeySignIn(view));
  const page = show(t, both, flow([passkey("one")]), flow([]));
  await until(() => asked.length && page.seen.offered);
  const first = page.seen.signIn();
  await until(() => asked.length === 2 && page.seen.busy);
  asked[1].fail("NotAllowedError");
  assert.equal(await first, undefined);
  await until(() => page.seen.error);
  assert.equal(page.seen.error.code, "cancelled");
  await until(() => asked[2]?.mediation === "conditional");
  const second = page.seen.signIn();
  await until(() => asked.length === 4);
  asked[3].give();
  assert.equal((await second).status, "completed");
  await until(() => !page.seen.offered);
  await quiet();
  assert.equal(asked.length, 4);
  assert.deepEqual(page.answers, ["passkey"]);
});

test("a passkey is made at the press of a button, and in passing", async (t) => {
  const made = show(t, useNewPasskey, flow([newPasskey(false)]), flow([]));
  await until(() => made.seen?.offered);
  await quiet(); // it is there to stay
  const making = made.seen.create({ name: "My phone" });
  await until(() => asked.length);
  asked[0].give();
  assert.equal((await making).status, "completed");
  const passing = show(t, usePasskeyUpgrade, flow([newPasskey(true), { type: "skip", id: "2" }]), flow([]));
  await until(() => asked.at(-1).mediation === "conditional" && !asked.at(-1).over);
  await quiet();
  asked.at(-1).fail("NotAllowedError");
  await until(() => passing.answers.length);
  assert.deepEqual(passing.answers, ["skip"]);
});

test("the list names and removes, the last way in only when that was said", async (t) => {
  let held = [{ id: "psk_1", name: "Phone" }], last = true;
  const client = async ([method], { passkey_id, body, last_way_in }) => {
    if (method === "PATCH") held = held.map((one) => (one.id === passkey_id ? { ...one, ...body } : one));
    if (method === "DELETE" && last && !last_way_in) throw new LintelError("last_way_in", 409, "no");
    if (method === "DELETE") return (held = []), {};
    return { items: held, next_cursor: null, signals: {} };
  };
  const page = show(t, () => usePasskeys(client), flow([]));
  await until(() => page.seen?.passkeys);
  assert.equal(await page.seen.rename("psk_1", "The phone"), true);
  await until(() => page.seen.passkeys[0].name === "The phone");
  assert.equal(await page.seen.remove("psk_1"), false);
  await until(() => page.seen.lastWayIn?.id === "psk_1");
  assert.equal(page.seen.error, undefined);
  page.seen.keep();
  await until(() => !page.seen.lastWayIn);
  assert.equal(await page.seen.confirm(), false, "nothing was asked");
  await page.seen.remove("psk_1");
  await until(() => page.seen.lastWayIn);
  assert.equal(await page.seen.confirm(), true);
  await until(() => !page.seen.passkeys.length);
});
