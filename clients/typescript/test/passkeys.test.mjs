import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import {
  addPasskey, autofillPasskey, canAutofill, canUpgrade, getPasskey, isSupported, listPasskeys, makePasskey, PasskeyError, removePasskey, signInWithPasskey, tellPlatform, upgradeToPasskey,
} from "@lintel/client/passkeys";

// What a browser has, in its place: each ceremony waits until the test ends it. A real browser
// is in clients/examples/tests/passkeys.test.mjs.
const buffer = (text) => new TextEncoder().encode(text).buffer;
const flush = async () => { for (let i = 0; i < 20; i++) await new Promise(setImmediate); };

class Credential {
  constructor(kind, { byHand } = {}) {
    Object.assign(this, { id: "Y3JlZA", rawId: buffer("cred"), type: "public-key", authenticatorAttachment: "platform", getClientExtensionResults: () => ({}) });
    this.response = kind === "create"
      ? { clientDataJSON: buffer("data?>"), attestationObject: buffer("proof"), getTransports: () => ["internal"] }
      : { clientDataJSON: buffer("data?>"), authenticatorData: buffer("auth"), signature: buffer("sign"), userHandle: null };
    if (!byHand) this.toJSON = () => ({ id: "Y3JlZA", rawId: "Y3JlZA", type: "public-key", response: { clientDataJSON: "ZGF0YT8-" }, clientExtensionResults: {} });
  }
}

let asked, told, capabilities;
/** A browser; `more` is what it has beside the oldest of it all. */
function browser(more = {}) {
  asked = [];
  told = [];
  class PublicKeyCredential {}
  Object.assign(PublicKeyCredential, more);
  globalThis.PublicKeyCredential = PublicKeyCredential;
  const ceremony = (kind) => ({ publicKey, mediation, signal }) =>
    new Promise((resolve, reject) => {
      const one = { kind, publicKey, mediation, signal, settled: false, give: (found) => ((one.settled = true), resolve(found)), fail: (name) => ((one.settled = true), reject(new DOMException("no", name))) };
      // A browser says so at once or, as the platform's own dialogue closes, later.
      signal?.addEventListener("abort", () => (one.slow ? (one.left = () => one.fail("AbortError")) : one.fail("AbortError")));
      assert.ok(asked.every(({ settled }) => settled), "a browser has room for one");
      asked.push(one);
    });
  Object.defineProperty(globalThis, "navigator", { value: { credentials: { get: ceremony("get"), create: ceremony("create") } }, configurable: true });
}
const modern = {
  isConditionalMediationAvailable: async () => true,
  getClientCapabilities: async () => capabilities,
  parseRequestOptionsFromJSON: (options) => ({ ...options, parsed: true }),
  parseCreationOptionsFromJSON: (options) => ({ ...options, parsed: true }),
  signalUnknownCredential: async (options) => void told.push(["unknown", options]),
  signalAllAcceptedCredentials: async (options) => void told.push(["accepted", options]),
  signalCurrentUserDetails: async (options) => void told.push(["details", options]),
};
beforeEach(() => ((capabilities = { conditionalCreate: true }), browser(modern)));
afterEach(() => {
  delete globalThis.PublicKeyCredential;
  delete globalThis.navigator;
});

const passkey = (challenge = "Y2hhbA", more = {}) => ({ type: "passkey", id: "start.1.passkey", options: { challenge, timeout: 300_000, rpId: "example.com", allowCredentials: [], userVerification: "preferred", hints: [] }, ...more });
const creation = { rp: { id: "example.com", name: "Example" }, user: { id: "aGFuZGxl", name: "", displayName: "" }, challenge: "Y2hhbA", pubKeyCredParams: [{ type: "public-key", alg: -7 }], timeout: 300_000, excludeCredentials: [{ type: "public-key", id: "b2xk" }], authenticatorSelection: {}, hints: [], attestation: "none", extensions: { credProps: true } };
const newPasskey = (more = {}, conditional = false) => ({ type: "new_passkey", id: "start.1.new_passkey", conditional, options: { ...creation, ...more } });

/** A flow that is driven, whose next states are given. */
function driver(...states) {
  const answers = [];
  const listeners = new Set();
  const flow = (steps, more) => ({ id: "flw_1", status: steps.length ? "active" : "completed", steps, ...more });
  const one = {
    answers, listeners,
    state: { flow: flow(states.shift()) },
    submit: async (answer) => (answers.push(answer), one.move(...(states.shift() ?? []))),
    move: (...steps) => {
      const more = steps.at(-1)?.type ? undefined : steps.pop();
      one.state = { flow: flow(steps, more) };
      for (const listener of [...listeners]) listener();
      return one.state.flow;
    },
    subscribe: (listener) => (listeners.add(listener), () => listeners.delete(listener)),
  };
  return one;
}
const refused = (code) => (error) => error instanceof PasskeyError && error.code === code;

test("what this browser can do is found out, and is nothing where it has none of it", async () => {
  assert.deepEqual([isSupported(), await canAutofill(), await canUpgrade()], [true, true, true]);
  capabilities = {};
  assert.equal(await canUpgrade(), false);
  browser({ isConditionalMediationAvailable: async () => { throw new Error("no"); } });
  assert.deepEqual([isSupported(), await canAutofill(), await canUpgrade()], [true, false, false]);
  browser();
  assert.deepEqual([isSupported(), await canAutofill(), await canUpgrade()], [true, false, false]);
  delete globalThis.PublicKeyCredential;
  assert.deepEqual([isSupported(), await canAutofill(), await canUpgrade()], [false, false, false]);
  await assert.rejects(getPasskey(passkey()), refused("unsupported"));
  assert.deepEqual(asked, []);
});

test("the platform's own forms are used where it has them", async () => {
  const using = getPasskey(passkey());
  await flush();
  assert.equal(asked[0].publicKey.parsed, true);
  assert.equal(asked[0].mediation, undefined);
  asked[0].give(new Credential("get"));
  assert.deepEqual(await using, { type: "passkey", id: "start.1.passkey", credential: { id: "Y3JlZA", rawId: "Y3JlZA", type: "public-key", response: { clientDataJSON: "ZGF0YT8-" }, clientExtensionResults: {} } });
});

test("and done by hand where it has not", async () => {
  browser();
  const bytes = (given) => Buffer.from(given).toString();
  const using = getPasskey(passkey("Y2hhbD8-", { options: { ...passkey().options, challenge: "Y2hhbD8-", allowCredentials: [{ type: "public-key", id: "b2xk", transports: ["usb"] }] } }));
  await flush();
  const { challenge, allowCredentials: [allowed], rpId } = asked[0].publicKey;
  assert.deepEqual([bytes(challenge), bytes(allowed.id), allowed.transports, rpId], ["chal?>", "old", ["usb"], "example.com"]);
  asked[0].give(new Credential("get", { byHand: true }));
  assert.deepEqual((await using).credential, {
    id: "Y3JlZA", rawId: "Y3JlZA", type: "public-key", authenticatorAttachment: "platform", clientExtensionResults: {},
    response: { clientDataJSON: "ZGF0YT8-", signature: "c2lnbg", authenticatorData: "YXV0aA" },
  });
  const making = makePasskey(newPasskey(), { identifier: "ada@example.com" });
  await flush();
  const { user, excludeCredentials: [excluded] } = asked[1].publicKey;
  assert.deepEqual([bytes(user.id), user.name, user.displayName, bytes(excluded.id)], ["handle", "ada@example.com", "ada@example.com", "old"]);
  asked[1].give(new Credential("create", { byHand: true }));
  const { credential, ...answer } = await making;
  assert.deepEqual(answer, { type: "new_passkey", id: "start.1.new_passkey", identifier: "ada@example.com" });
  assert.deepEqual(credential.response, { clientDataJSON: "ZGF0YT8-", attestationObject: "cHJvb2Y", transports: ["internal"] });
});

test("a name that the server gives stays, and a toJSON of no use is done by hand", async () => {
  const made = new Credential("create");
  made.toJSON = () => ({ response: {} });
  const making = makePasskey(newPasskey({ user: { id: "aGFuZGxl", name: "ada@example.com", displayName: "Ada" } }), { name: "My phone", identifier: "other@example.com", profile: { name: "Ada" } });
  await flush();
  assert.deepEqual(asked[0].publicKey.user, { id: "aGFuZGxl", name: "ada@example.com", displayName: "Ada" });
  asked[0].give(made);
  const { credential, name, profile } = await making;
  assert.deepEqual([credential.response.attestationObject, name, profile], ["cHJvb2Y", "My phone", { name: "Ada" }]);
});

test("a new ceremony takes the place of the one before, and begins when that has settled", async () => {
  const first = getPasskey(passkey());
  await flush();
  asked[0].slow = true;
  const second = makePasskey(newPasskey(), { identifier: "ada@example.com" });
  await flush();
  assert.equal(asked[0].signal.aborted, true);
  assert.equal(asked.length, 1, "it waits");
  const third = getPasskey(passkey());
  await flush();
  asked[0].left();
  await assert.rejects(first, refused("superseded"));
  await assert.rejects(second, refused("superseded"));
  await flush();
  assert.deepEqual(asked.map(({ kind }) => kind), ["get", "get"], "what was superseded while it waited never began");
  asked[1].give(new Credential("get"));
  assert.equal((await third).type, "passkey");
});

test("what a superseded one gives after all is not taken", async () => {
  const first = getPasskey(passkey());
  await flush();
  asked[0].slow = true;
  const second = getPasskey(passkey());
  asked[0].give(new Credential("get"));
  await assert.rejects(first, refused("superseded"));
  await flush();
  asked[1].give(new Credential("get"));
  await second;
});

test("a caller that leaves ends its ceremony, be it asked already or not", async () => {
  const leave = new AbortController();
  const first = getPasskey(passkey(), { signal: leave.signal });
  await flush();
  leave.abort();
  await assert.rejects(first, refused("aborted"));
  await assert.rejects(getPasskey(passkey(), { signal: leave.signal }), refused("aborted"));
  assert.equal(asked.length, 1);
});

test("what goes wrong has a code", async (t) => {
  for (const [name, code, step] of [
    ["NotAllowedError", "cancelled"], ["AbortError", "cancelled"], ["InvalidStateError", "already_registered", newPasskey()], ["SecurityError", "invalid_domain"],
    ["NotSupportedError", "unsupported"], ["ConstraintError", "unsupported"], ["UnknownError", "failed"],
    ["NotAllowedError", "timed_out", passkey("Y2hhbA", { options: { ...passkey().options, timeout: 0 } })],
  ]) {
    await t.test(`${name}: ${code}`, async () => {
      const one = step?.type === "new_passkey" ? makePasskey(step) : getPasskey(step ?? passkey());
      await flush();
      asked[0].fail(name);
      await assert.rejects(one, (error) => refused(code)(error) && error.cause.name === name && error.name === "PasskeyError");
    });
  }
  await t.test("nothing at all: cancelled", async () => {
    const one = getPasskey(passkey());
    await flush();
    asked[0].give(null);
    await assert.rejects(one, refused("cancelled"));
  });
});

test("options that cannot be read are refused, and stand in nobody's way", async () => {
  browser();
  for (const options of [{ ...creation, challenge: "%" }, { ...creation, user: undefined }, { ...creation, excludeCredentials: [{ type: "public-key" }] }, {}]) {
    await assert.rejects(makePasskey({ ...newPasskey(), options }), refused("invalid_options"));
  }
  browser({ parseRequestOptionsFromJSON: () => { throw new DOMException("no", "EncodingError"); } });
  await assert.rejects(getPasskey(passkey()), refused("invalid_options"));
  browser(modern);
  const one = getPasskey(passkey());
  await flush();
  asked[0].give(new Credential("get"));
  await one;
});

test("signs in: the flow is answered, and the platform told", async () => {
  const signals = { unknown_credential: { rpId: "example.com", credentialId: "b2xk" }, all_accepted_credentials: [{ rpId: "example.com" }], current_user_details: [{ rpId: "example.com", name: "ada" }] };
  const flow = driver([passkey()], [{ passkey_signals: signals }]);
  const signing = signInWithPasskey(flow);
  await flush();
  asked[0].give(new Credential("get"));
  assert.equal((await signing).status, "completed");
  assert.equal(flow.answers[0].id, "start.1.passkey");
  await flush();
  assert.deepEqual(told.map(([what]) => what), ["unknown", "accepted", "details"]);
  await assert.rejects(signInWithPasskey(flow), refused("not_offered"));
  await assert.rejects(addPasskey(flow), refused("not_offered"));
});

test("who was typed is said first, so that passkeys are found that no authenticator keeps", async () => {
  const identifier = { type: "identifier", id: "start.1.identifier" };
  const flow = driver([passkey(), identifier], [passkey("dHdv", { identifier: "ada@example.com" })], []);
  const signing = signInWithPasskey(flow, { identifier: "ada@example.com" });
  await flush();
  assert.equal(asked[0].publicKey.challenge, "dHdv");
  asked[0].give(new Credential("get"));
  await signing;
  assert.deepEqual(flow.answers.map(({ type, identifier }) => [type, identifier]), [["identifier", "ada@example.com"], ["passkey", undefined]]);
  const other = driver([passkey(), identifier], [{ type: "new_password", id: "new_password.2" }]);
  assert.equal((await signInWithPasskey(other, { identifier: "new@example.com" })).steps[0].type, "new_password");
  assert.equal(asked.length, 1);
});

test("signs up with a passkey alone", async () => {
  const flow = driver([newPasskey()], []);
  const signing = addPasskey(flow, { identifier: "ada@example.com" });
  await flush();
  asked[0].give(new Credential("create"));
  await signing;
  assert.equal(flow.answers[0].identifier, "ada@example.com");
});

test("autofill answers by itself, and what it cannot do it leaves alone", async () => {
  const flow = driver([passkey()], []);
  const filling = autofillPasskey(flow);
  await flush();
  assert.equal(asked[0].mediation, "conditional");
  asked[0].give(new Credential("get"));
  assert.equal((await filling).status, "completed");
  assert.equal(flow.listeners.size, 0);
  assert.equal((await autofillPasskey(driver([passkey("a", { identifier: "ada@example.com" })]))).status, "active", "it is known who it is");
  browser();
  assert.equal((await autofillPasskey(driver([passkey()]))).status, "active");
  assert.deepEqual(asked, []);
});

test("autofill survives being mounted twice", async () => {
  const flow = driver([passkey()], []);
  const one = new AbortController();
  const first = autofillPasskey(flow, { signal: one.signal });
  await flush();
  one.abort();
  const second = autofillPasskey(flow);
  await first;
  await flush();
  assert.equal(asked.length, 2);
  asked[1].give(new Credential("get"));
  assert.equal((await second).status, "completed");
});

test("two autofills that nobody ends do not fight: the newer one stays", async () => {
  const flow = driver([passkey()], []);
  const first = autofillPasskey(flow);
  await flush();
  const second = autofillPasskey(flow);
  await assert.rejects(first, refused("superseded"));
  await flush();
  assert.equal(asked.length, 2);
  asked[1].give(new Credential("get"));
  await second;
});

test("a button comes before autofill, which is offered again when the button's dialogue was closed", async () => {
  const flow = driver([passkey()], []);
  const filling = autofillPasskey(flow);
  await flush();
  const button = signInWithPasskey(flow);
  await flush();
  assert.deepEqual(asked.map(({ mediation, signal }) => [mediation, signal.aborted]), [["conditional", true], [undefined, false]]);
  asked[1].fail("NotAllowedError");
  await assert.rejects(button, refused("cancelled"));
  await flush();
  assert.equal(asked[2].mediation, "conditional");
  asked[2].give(new Credential("get"));
  assert.equal((await filling).status, "completed");
});

test("autofill does not go on while a button's answer is under way, nor after it", async () => {
  const flow = driver([passkey()], []);
  const { submit } = flow;
  let go;
  flow.submit = async (answer) => (await new Promise((resolve) => (go = resolve)), submit(answer));
  const filling = autofillPasskey(flow);
  await flush();
  const button = signInWithPasskey(flow);
  await flush();
  asked[1].give(new Credential("get"));
  await flush();
  assert.equal(asked.length, 2);
  go();
  await button;
  assert.equal((await filling).status, "completed");
  await flush();
  assert.equal(asked.length, 2);
});

test("autofill takes each new challenge", async () => {
  const flow = driver([passkey("b25l")], [passkey("dGhyZWU"), { error: { code: "credentials_invalid" } }], []);
  const filling = autofillPasskey(flow);
  await flush();
  flow.move(passkey("dHdv"));
  await flush();
  assert.deepEqual(asked.map(({ publicKey }) => publicKey.challenge), ["b25l", "dHdv"]);
  asked[1].give(new Credential("get"));
  await flush();
  assert.equal(asked[2].publicKey.challenge, "dGhyZWU", "one that was refused is asked for anew");
  asked[2].give(new Credential("get"));
  assert.equal((await filling).status, "completed");
});

test("autofill that a browser closes at once is not begun again and again", async () => {
  const filling = autofillPasskey(driver([passkey()]));
  await flush();
  asked[0].fail("NotAllowedError");
  assert.equal((await filling).status, "active", "there is nothing to tell");
  assert.equal(asked.length, 1);
});

test("an upgrade is made without asking, or skipped", async (t) => {
  const skip = { type: "skip", id: "upgrade.1.skip" };
  await t.test("made", async () => {
    const flow = driver([newPasskey({}, true), skip], []);
    const upgrading = upgradeToPasskey(flow);
    await flush();
    assert.equal(asked[0].mediation, "conditional");
    asked[0].give(new Credential("create"));
    assert.equal((await upgrading).status, "completed");
    assert.deepEqual(flow.answers.map(({ type }) => type), ["new_passkey"]);
  });
  await t.test("not by this browser", async () => {
    capabilities = {};
    const flow = driver([newPasskey({}, true), skip], []);
    await upgradeToPasskey(flow);
    assert.deepEqual(flow.answers, [{ type: "skip", id: "upgrade.1.skip" }]);
  });
  await t.test("refused by the browser", async () => {
    const flow = driver([newPasskey({}, true), skip], []);
    const upgrading = upgradeToPasskey(flow);
    await flush();
    asked.at(-1).fail("InvalidStateError");
    await upgrading;
    assert.deepEqual(flow.answers.map(({ type }) => type), ["skip"]);
  });
  await t.test("refused by the server", async () => {
    const flow = driver([newPasskey({}, true), skip], [newPasskey({}, true), skip, { error: { code: "passkey_not_allowed" } }], []);
    const upgrading = upgradeToPasskey(flow);
    await flush();
    asked.at(-1).give(new Credential("create"));
    assert.equal((await upgrading).status, "completed");
    assert.deepEqual(flow.answers.map(({ type }) => type), ["new_passkey", "skip"]);
  });
  await t.test("not where the page has gone", async () => {
    const leave = new AbortController();
    const flow = driver([newPasskey({}, true), skip], []);
    const upgrading = upgradeToPasskey(flow, { signal: leave.signal });
    await flush();
    leave.abort();
    await assert.rejects(upgrading, refused("aborted"));
    assert.deepEqual(flow.answers, []);
  });
});

test("the platform is told what the server says, and whatever it makes of that is nobody's matter", async () => {
  const signals = { unknown_credential: { rpId: "a" }, all_accepted_credentials: [{ rpId: "a" }, { rpId: "b" }] };
  await tellPlatform(signals);
  assert.deepEqual(told, [["unknown", { rpId: "a" }], ["accepted", { rpId: "a" }], ["accepted", { rpId: "b" }]]);
  await tellPlatform(undefined);
  browser({ signalUnknownCredential: () => { throw new TypeError("no"); }, signalAllAcceptedCredentials: () => Promise.reject(new DOMException("no", "SecurityError")) });
  await tellPlatform(signals);
  browser();
  await tellPlatform(signals);
  delete globalThis.PublicKeyCredential;
  await tellPlatform(signals);
});

test("a list is read to its end, and told once; what is removed is told", async () => {
  const inputs = [];
  const client = async ([method], input) => {
    inputs.push([method, input]);
    const signals = { all_accepted_credentials: [{ rpId: `${inputs.length}` }] };
    if (method === "DELETE") return signals;
    return input.cursor ? { items: [{ id: "psk_2" }], next_cursor: null, signals } : { items: [{ id: "psk_1" }], next_cursor: "more", signals };
  };
  assert.deepEqual(await listPasskeys(client), [{ id: "psk_1" }, { id: "psk_2" }]);
  await removePasskey(client, "psk_1");
  await removePasskey(client, "psk_2", { lastWayIn: true });
  await flush();
  assert.deepEqual(inputs, [["GET", {}], ["GET", { cursor: "more" }], ["DELETE", { passkey_id: "psk_1" }], ["DELETE", { passkey_id: "psk_2", last_way_in: true }]]);
  assert.deepEqual(told.map(([what, { rpId }]) => `${what} ${rpId}`), ["accepted 2", "accepted 3", "accepted 4"]);
});
