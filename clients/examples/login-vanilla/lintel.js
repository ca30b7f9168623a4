// Core, flows and passkeys of @lintel/client. Made by clients/examples/build.mjs; not to be edited.

// ../typescript/src/core/error.ts
var LintelError = class extends Error {
  name = "LintelError";
  /** The stable name of what went wrong. Servers may know others than this client. */
  code;
  /** The HTTP status; 0 where nothing came back. */
  status;
  /** What the server said, in full. */
  problem;
  /** Seconds after which another try makes sense. */
  retryAfter;
  constructor(code, status, message, more = {}) {
    super(message, more);
    this.code = code;
    this.status = status;
    this.problem = more.problem;
    this.retryAfter = more.retryAfter;
  }
  /** What is wrong with one place of the input, by its JSON Pointer: `field("/password")`. */
  field(pointer) {
    return this.problem?.errors?.find((one) => one.pointer === pointer);
  }
};

// ../typescript/src/core/operation.ts
var MAY_REPEAT = 1;
var TAKES_KEY = 2;
var TAKES_TOKEN = 4;
var ANSWERS = 8;

// ../typescript/src/core/client.ts
function createClient(options) {
  return async (operation, input = {}, call = {}) => {
    const all = { ...options, ...given(call), headers: { ...options.headers, ...call.headers } };
    const timeout = Math.min(all.timeout ?? 3e4, 2 ** 31 - 1);
    const end = Date.now() + timeout;
    const leave = new AbortController();
    const left2 = () => leave.abort();
    const late = setTimeout(left2, timeout);
    all.signal?.addEventListener("abort", left2);
    if (all.signal?.aborted) left2();
    let theirs = false;
    const inspect = (response) => (theirs = true, all.inspect?.(response), theirs = false);
    try {
      const [url, request] = await sendable(async () => {
        const token = typeof all.token === "function" ? await before(leave.signal, all.token) : all.token;
        return spell(operation, input, all, token);
      });
      for (let attempt = 0; ; attempt++) {
        try {
          return await exchange({ ...all, inspect }, operation[2], url, { ...request, signal: leave.signal });
        } catch (error) {
          if (theirs || leave.signal.aborted) throw error;
          const { code, status, retryAfter } = error;
          const pause = retryAfter === void 0 ? 200 * 2 ** attempt * (1 + Math.random()) : retryAfter * 1e3;
          const passing = code === "network" || status > 501 && status < 505;
          if (!(operation[2] & MAY_REPEAT) || attempt >= (all.retries ?? 2) || !passing || Date.now() + pause > end) throw error;
          await rest(pause, leave.signal);
        }
      }
    } catch (error) {
      if (theirs || !leave.signal.aborted) throw error;
      throw all.signal?.aborted ? failure("aborted", all.signal.reason) : failure("timeout", error);
    } finally {
      clearTimeout(late);
      all.signal?.removeEventListener("abort", left2);
    }
  };
}
function given(options) {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== void 0));
}
function failure(code, cause) {
  return new LintelError(code, 0, `lintel: ${code}`, { cause });
}
function rest(pause, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, pause);
    signal.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
  });
}
async function before(signal, make2) {
  signal.throwIfAborted();
  return Promise.race([make2(), new Promise((_, reject) => signal.addEventListener("abort", reject))]);
}
async function sendable(make2) {
  try {
    return await make2();
  } catch (cause) {
    throw cause instanceof LintelError ? cause : new LintelError("input_invalid", 0, "lintel: the input cannot be sent", { cause });
  }
}
function spell(operation, input, options, token) {
  const [method, template, bits, named2 = {}] = operation;
  const headers = new Headers(options.headers);
  const request = { method, headers, redirect: "manual" };
  const query = new URLSearchParams();
  let path = template;
  headers.set("accept", "application/json, application/problem+json");
  for (const [name, value] of Object.entries(input)) {
    if (value === void 0) continue;
    const hole = `{${name}}`;
    if (name === "body") {
      request.body = JSON.stringify(value);
      headers.set("content-type", method === "PATCH" ? "application/merge-patch+json" : "application/json");
    } else if (template.includes(hole)) {
      path = path.replace(hole, () => segment(name, `${value}`));
    } else if (named2[name]) {
      headers.set(named2[name], `${value}`);
    } else {
      for (const one of [value].flat()) query.append(name, `${one}`);
    }
  }
  const missing = /{(.+?)}/.exec(path);
  if (missing) throw new LintelError("input_invalid", 0, `lintel: ${missing[1]} is missing`);
  if (options.locale) headers.set("accept-language", options.locale);
  if (bits & TAKES_KEY) headers.set("idempotency-key", options.idempotencyKey ?? key());
  if (options.token === void 0) request.credentials = "include";
  else if (token && bits & TAKES_TOKEN) headers.set("authorization", `Bearer ${token}`);
  const asked2 = query.toString();
  return [options.baseUrl.replace(/\/$/, "") + path + (asked2 && `?${asked2}`), request];
}
function segment(name, value) {
  if (/^\.{0,2}$/.test(value)) throw new LintelError("input_invalid", 0, `lintel: ${name} cannot be "${value}"`);
  return encodeURIComponent(value);
}
function key() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
async function exchange(options, bits, url, request) {
  let response, text2;
  try {
    response = await (options.fetch ?? fetch)(url, request);
  } catch (cause2) {
    throw failure("network", cause2);
  }
  options.inspect?.(response);
  try {
    text2 = await response.text();
  } catch (cause2) {
    throw failure("network", cause2);
  }
  const { ok, status, headers } = response;
  if (ok && status === 204 && !(bits & ANSWERS)) return void 0;
  let answer, cause;
  if (/^application\/(problem\+)?json *(;|$)/i.test(headers.get("content-type") ?? "") && /^\s*{/.test(text2)) {
    try {
      answer = JSON.parse(text2);
    } catch (error) {
      cause = error;
    }
  }
  if (ok && answer) return answer;
  const retryAfter = Number(headers.get("retry-after") || void 0);
  const more = { cause, retryAfter: retryAfter >= 0 ? retryAfter : void 0 };
  const problem = ok ? void 0 : answer;
  if (typeof problem?.code !== "string") {
    throw new LintelError("unreadable", status, `lintel: the answer (${status}) is not one of Lintel's`, more);
  }
  throw new LintelError(problem.code, status, problem.detail, { ...more, problem });
}

// ../typescript/src/core/each.ts
async function* each(client, operation, input, options) {
  const ask = client;
  for (let cursor; cursor !== null; ) {
    const page = await ask(operation, { ...input, cursor }, options);
    yield* page.items;
    cursor = page.next_cursor ?? null;
  }
}

// ../typescript/src/generated/frontend.ts
var stepTypes = ["acknowledge", "code", "consent", "guest", "identifier", "link", "new_passkey", "new_password", "passkey", "password", "profile", "skip"];
var abandonFlow = ["DELETE", "/v1/flows/{flow_id}", 1, { flow_token: "Lintel-Flow" }];
var addIdentifier = ["POST", "/v1/me/identifiers", 12];
var advanceClock = ["POST", "/test/v1/clock", 8];
var approveLink = ["POST", "/v1/flows/{flow_id}/link/approval", 0];
var createExport = ["POST", "/v1/me/export", 13];
var createFlow = ["POST", "/v1/flows", 15];
var createMyInvitation = ["POST", "/v1/me/invitations", 12];
var createSessionToken = ["POST", "/v1/session/token", 13];
var deleteMe = ["DELETE", "/v1/me", 13];
var endMySession = ["DELETE", "/v1/me/sessions/{session_id}", 5];
var endOtherSessions = ["DELETE", "/v1/me/sessions", 5];
var endSession = ["DELETE", "/v1/session", 5];
var getAppleAppSiteAssociation = ["GET", "/.well-known/apple-app-site-association", 9];
var getAssetLinks = ["GET", "/.well-known/assetlinks.json", 9];
var getClock = ["GET", "/test/v1/clock", 9];
var getConfiguration = ["GET", "/v1/configuration", 9];
var getExport = ["GET", "/v1/me/export", 13];
var getExportResult = ["GET", "/v1/me/export/result", 13];
var getFlow = ["GET", "/v1/flows/{flow_id}", 9, { flow_token: "Lintel-Flow" }];
var getJwks = ["GET", "/.well-known/jwks.json", 9];
var getMe = ["GET", "/v1/me", 13];
var getPasskeyEndpoints = ["GET", "/.well-known/passkey-endpoints", 9];
var getRelatedOrigins = ["GET", "/.well-known/webauthn", 9];
var getSession = ["GET", "/v1/session", 13];
var getTestInbox = ["GET", "/test/v1/messages", 9];
var listActivity = ["GET", "/v1/me/activity", 13];
var listIdentifiers = ["GET", "/v1/me/identifiers", 13];
var listMyInvitations = ["GET", "/v1/me/invitations", 13];
var listMyPasskeys = ["GET", "/v1/me/passkeys", 13];
var listMySessions = ["GET", "/v1/me/sessions", 13];
var openInvitation = ["POST", "/v1/invitations/open", 8];
var openLink = ["POST", "/v1/flows/{flow_id}/link", 8];
var openRecovery = ["POST", "/v1/recovery/open", 8];
var openReversal = ["POST", "/v1/reversals/open", 8];
var refreshSession = ["POST", "/v1/session/refresh", 13];
var removeIdentifier = ["DELETE", "/v1/me/identifiers/{identifier_id}", 5];
var removeMyPasskey = ["DELETE", "/v1/me/passkeys/{passkey_id}", 13];
var renameMyPasskey = ["PATCH", "/v1/me/passkeys/{passkey_id}", 13];
var resetClock = ["DELETE", "/test/v1/clock", 9];
var revokeMyInvitation = ["DELETE", "/v1/me/invitations/{invitation_id}", 5];
var rewindFlow = ["POST", "/v1/flows/{flow_id}/back", 8, { flow_token: "Lintel-Flow" }];
var setClock = ["PUT", "/test/v1/clock", 9];
var setPassword = ["PUT", "/v1/me/password", 5];
var stopRecovery = ["POST", "/v1/recovery/stop", 0];
var submitStep = ["POST", "/v1/flows/{flow_id}/steps", 11, { flow_token: "Lintel-Flow" }];
var updateIdentifier = ["PATCH", "/v1/me/identifiers/{identifier_id}", 13];
var updateMe = ["PATCH", "/v1/me", 13, { if_match: "If-Match" }];
var useReversal = ["POST", "/v1/reversals", 0];

// ../typescript/src/flow/index.ts
var KEY = "lintel_flow";
var LINK_KEY = "lintel_link";
async function startFlow(client, { storage, links, ...start }) {
  const body = { transport: "cookie", accepts: stepTypes, ...start };
  return drive(client, await client(createFlow, { body }), { storage, links });
}
async function resumeFlow(client, storage, links) {
  return kept(client, storage, KEY, { storage, links });
}
async function kept(client, at, key2, keeping, wanted) {
  const [flow_id, flow_token] = (convenient(() => at.getItem(key2)) ?? "").split(" ");
  if (!flow_id || !flow_token || wanted && wanted !== flow_id) return void 0;
  try {
    const flow = await client(getFlow, { flow_id, flow_token });
    if (flow.status === "active") return drive(client, { ...flow, flow_token }, keeping);
  } catch (error) {
    if (!(error instanceof LintelError) || ![401, 404].includes(error.status)) throw error;
  }
  convenient(() => at.removeItem(key2));
  return void 0;
}
function linkIn(fragment) {
  const { flow, link, invitation, undo, recovery } = Object.fromEntries(new URLSearchParams(fragment.replace(/^#/, "")));
  if (flow && link) return { type: "flow", flow_id: flow, link_token: link };
  if (invitation) return { type: "invitation", invitation_token: invitation };
  if (undo) return { type: "undo", undo_token: undo };
  return recovery ? { type: "recovery", recovery_token: recovery } : void 0;
}
async function followLink(client, { flow_id, link_token }, keeping) {
  const driver = keeping.links && await kept(client, keeping.links, LINK_KEY, keeping, flow_id);
  if (driver && offer(driver.state.flow, "link")) await driver.submit({ type: "link", link_token });
  return driver;
}
function awaitsLink(flow) {
  return flow.status === "active" && !!offer(flow, "link")?.sent;
}
async function awaitLink(driver, signal) {
  while (awaitsLink(driver.state.flow)) {
    const { flow } = driver.state;
    const step = offer(flow, "link");
    try {
      if (step?.approved && !flow.error) await driver.submit({ type: "link", id: step.id });
      else await driver.wait(signal);
    } catch (error) {
      const { status, retryAfter } = error;
      if (signal?.aborted || status > 399 && status < 500 && status !== 409 && status !== 429) throw error;
      await new Promise((resolve) => setTimeout(resolve, (retryAfter ?? 2) * 1e3));
    }
  }
  return driver.state.flow;
}
function convenient(use2) {
  try {
    return use2();
  } catch {
    return void 0;
  }
}
function offer(flow, type) {
  return flow.steps.find((step) => step.type === type);
}
function drive(client, first, { storage, links }) {
  const listeners = /* @__PURE__ */ new Set();
  const open = { flow_id: first.id, flow_token: first.flow_token ?? "" };
  let state = { flow: first, busy: false, error: void 0 };
  let turn = Promise.resolve();
  let abandoned = false;
  function show(change) {
    state = { ...state, ...change };
    for (const listener of [...listeners]) {
      try {
        listener();
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
  function tell(flow) {
    const newer = flow.revision - state.flow.revision;
    if (newer > 0 || newer === 0 && !state.flow.outcome?.session_token) show({ flow });
    if (!abandoned) keep(state.flow.status === "active");
    return state.flow;
  }
  function keep(active) {
    const mine = `${open.flow_id} ${open.flow_token}`;
    convenient(() => active ? storage?.setItem(KEY, mine) : storage?.removeItem(KEY));
    convenient(() => active && awaitsLink(state.flow) ? links?.setItem(LINK_KEY, mine) : links?.getItem(LINK_KEY) === mine && links.removeItem(LINK_KEY));
  }
  function act(ask) {
    const mine = turn.then(async () => {
      show({ busy: true, error: void 0 });
      try {
        return tell(await ask());
      } catch (error) {
        show({ error });
        if (error.status === 409) await client(getFlow, open).then(tell, () => void 0);
        throw error;
      } finally {
        show({ busy: false });
      }
    });
    turn = mine.catch(() => void 0);
    return mine;
  }
  tell(first);
  return {
    get state() {
      return state;
    },
    submit: (body) => act(() => client(submitStep, { ...open, body })),
    back: () => act(() => client(rewindFlow, open)),
    refresh: () => act(() => client(getFlow, open)),
    wait: async (signal) => tell(await client(getFlow, { ...open, wait: 30, revision: state.flow.revision }, { signal, timeout: 45e3 })),
    async abandon() {
      abandoned = true;
      keep(false);
      await client(abandonFlow, open);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    }
  };
}

// ../typescript/src/passkeys/error.ts
var PasskeyError = class extends Error {
  name = "PasskeyError";
  /** The stable name of what went wrong. */
  code;
  constructor(code, cause) {
    super(`lintel: passkey ${code}`, { cause });
    this.code = code;
  }
};

// ../typescript/src/passkeys/json.ts
function platform() {
  const { PublicKeyCredential: found } = globalThis;
  return typeof found === "function" && globalThis.navigator?.credentials ? found : void 0;
}
function requestOptions(given2) {
  const parsed = platform()?.parseRequestOptionsFromJSON?.(given2);
  return parsed ?? { ...given2, challenge: bytes(given2.challenge), allowCredentials: given2.allowCredentials.map(named) };
}
function creationOptions(given2) {
  const parsed = platform()?.parseCreationOptionsFromJSON?.(given2);
  return parsed ?? {
    ...given2,
    challenge: bytes(given2.challenge),
    user: { ...given2.user, id: bytes(given2.user.id) },
    excludeCredentials: given2.excludeCredentials.map(named)
  };
}
function named(one) {
  return { ...one, id: bytes(one.id) };
}
function answered(credential) {
  try {
    const told = credential.toJSON();
    if (told.response.clientDataJSON) return told;
  } catch {
  }
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const made = response;
  const { attestationObject, authenticatorData, signature, userHandle } = made;
  const texts = Object.entries({ clientDataJSON: made.clientDataJSON, attestationObject, signature, userHandle, authenticatorData }).filter(([, value]) => value).map(([name, value]) => [name, text(value)]);
  const transports = made.getTransports?.();
  return {
    id,
    rawId: text(rawId),
    type,
    authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: { ...Object.fromEntries(texts), ...transports && { transports } }
  };
}
function bytes(base64url) {
  return Uint8Array.from(atob(base64url.replace(/-/g, "+").replace(/_/g, "/")), (char) => char.charCodeAt(0));
}
function text(buffer) {
  return btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("")).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

// ../typescript/src/passkeys/ceremony.ts
var current;
async function hold(held, ask, then) {
  if (!platform()) throw new PasskeyError("unsupported");
  for (; ; ) {
    const round = begin(held, ask, then);
    try {
      return await round.result;
    } catch (error) {
      if (!held.autofill || error.code !== "superseded" || current?.autofill) throw error;
      while (current && !current.autofill && !held.signal?.aborted) await Promise.race([current.over, left(held.signal)]);
      if (held.signal?.aborted || held.wanted?.() === false) throw new PasskeyError("aborted", error);
      if (current) throw error;
    }
  }
}
function begin({ autofill = false, timeout, signal }, ask, then) {
  const controller = new AbortController();
  const before2 = current;
  let why;
  const leave = (code) => {
    why ??= code;
    controller.abort();
  };
  const caller = () => leave("aborted");
  signal?.addEventListener("abort", caller);
  if (signal?.aborted) caller();
  const hear = async () => {
    await before2?.over;
    const started = Date.now();
    try {
      controller.signal.throwIfAborted();
      const found = await ask(controller.signal);
      if (!found) throw new DOMException("there is nothing", "NotAllowedError");
      if (why) throw new PasskeyError(why);
      return found;
    } catch (cause) {
      throw cause instanceof PasskeyError ? cause : new PasskeyError(why ?? reason(cause, Date.now() - started >= timeout), cause);
    }
  };
  const result = hear().then(then);
  const mine = {
    autofill,
    leave: () => leave("superseded"),
    over: result.then(() => void 0, () => void 0).then(() => {
      signal?.removeEventListener("abort", caller);
      if (current === mine) current = void 0;
    })
  };
  current = mine;
  before2?.leave();
  return { result };
}
function left(signal) {
  return new Promise((resolve) => signal?.addEventListener("abort", () => resolve(), { once: true }));
}
function reason(cause, late) {
  switch (cause?.name) {
    case "NotAllowedError":
      return late ? "timed_out" : "cancelled";
    case "AbortError":
      return "cancelled";
    case "InvalidStateError":
      return "already_registered";
    case "SecurityError":
      return "invalid_domain";
    case "NotSupportedError":
    case "ConstraintError":
      return "unsupported";
    case "TypeError":
    case "DataError":
    case "EncodingError":
    case "SyntaxError":
    case "InvalidCharacterError":
      return "invalid_options";
    default:
      return "failed";
  }
}

// ../typescript/src/passkeys/index.ts
function isSupported() {
  return !!platform();
}
async function canAutofill() {
  return !!await quietly(() => platform()?.isConditionalMediationAvailable?.());
}
async function canUpgrade() {
  return !!(await quietly(() => platform()?.getClientCapabilities?.()))?.conditionalCreate;
}
function getPasskey(step, options = {}) {
  return use(step, options, void 0, (answer) => answer);
}
function makePasskey(step, options = {}) {
  return make(step, options, (answer) => answer);
}
async function signInWithPasskey(driver, { identifier, signal } = {}) {
  const who = identifier && offer(driver.state.flow, "identifier");
  const flow = who ? await driver.submit({ type: "identifier", id: who.id, identifier }) : driver.state.flow;
  if (who && !(flow && !flow.error && offer(flow, "passkey"))) return flow;
  return use(asked(flow, "passkey"), { signal }, void 0, (answer) => submit(driver, answer));
}
async function addPasskey(driver, options = {}) {
  return make(asked(driver.state.flow, "new_passkey"), options, (answer) => submit(driver, answer));
}
async function autofillPasskey(driver, { signal } = {}) {
  if (!await canAutofill()) return driver.state.flow;
  while (!signal?.aborted) {
    const { flow } = driver.state;
    const step = flow.status === "active" ? offer(flow, "passkey") : void 0;
    if (!step || step.identifier !== void 0 || step.options.allowCredentials.length) break;
    const moved = new AbortController();
    const wanted = () => offer(driver.state.flow, "passkey")?.options.challenge === step.options.challenge;
    const look = () => wanted() || moved.abort();
    const end = () => moved.abort();
    const hear = driver.subscribe?.(look);
    signal?.addEventListener("abort", end);
    const started = Date.now();
    try {
      await use(step, { signal: moved.signal }, wanted, (answer) => (hear?.(), submit(driver, answer)));
    } catch (error) {
      const { code } = error;
      if (code === "cancelled" || code === "timed_out") {
        if (Date.now() - started > 1e3) continue;
        break;
      }
      if (code !== "aborted") throw error;
    } finally {
      hear?.();
      signal?.removeEventListener("abort", end);
    }
    if (!moved.signal.aborted && driver.state.flow === flow) break;
  }
  return driver.state.flow;
}
async function upgradeToPasskey(driver, { signal } = {}) {
  const step = asked(driver.state.flow, "new_passkey");
  const late = new AbortController();
  const leave = () => late.abort();
  const timer = setTimeout(leave, 5e3);
  signal?.addEventListener("abort", leave);
  let flow;
  try {
    if (step.conditional && await canUpgrade()) flow = await make(step, { signal: late.signal }, (answer) => submit(driver, answer));
  } catch (error) {
    if (!(error instanceof PasskeyError)) throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
  }
  if (signal?.aborted) throw new PasskeyError("aborted", signal.reason);
  const now = flow ?? driver.state.flow;
  const left2 = offer(now, "skip");
  return left2 && (!flow || flow.error) ? driver.submit({ type: "skip", id: left2.id }) : now;
}
async function listPasskeys(client) {
  const found = [];
  for (let cursor; cursor !== null; ) {
    const page = await client(listMyPasskeys, cursor ? { cursor } : {});
    found.push(...page.items);
    cursor = page.next_cursor;
    if (cursor === null) void tellPlatform(page.signals);
  }
  return found;
}
async function removePasskey(client, passkey_id, { lastWayIn = false } = {}) {
  void tellPlatform(await client(removeMyPasskey, { passkey_id, ...lastWayIn && { last_way_in: true } }));
}
async function tellPlatform(signals) {
  const tell = (method, all = []) => all.map((one) => quietly(() => platform()?.[method]?.(one)));
  await Promise.all([
    ...tell("signalUnknownCredential", signals?.unknown_credential && [signals.unknown_credential]),
    ...tell("signalAllAcceptedCredentials", signals?.all_accepted_credentials),
    ...tell("signalCurrentUserDetails", signals?.current_user_details)
  ]);
}
function asked(flow, type) {
  const step = flow && offer(flow, type);
  if (!step) throw new PasskeyError("not_offered");
  return step;
}
async function submit(driver, answer) {
  const flow = await driver.submit(answer);
  void tellPlatform(flow?.passkey_signals);
  return flow;
}
function use({ id, options }, { signal }, wanted, then) {
  return hold(
    { ...wanted && { autofill: true, wanted }, timeout: options.timeout, signal },
    (leave) => navigator.credentials.get({ publicKey: requestOptions(options), signal: leave, ...wanted && { mediation: "conditional" } }),
    (found) => then({ type: "passkey", id, credential: answered(found) })
  );
}
function make({ id, conditional, options }, { identifier, name, profile, signal }, then) {
  return hold(
    { timeout: options.timeout, signal },
    (leave) => {
      const typed = options.user.name || identifier || "";
      const user = options.user.name ? options.user : { ...options.user, name: typed, displayName: typed };
      const asking = { publicKey: creationOptions({ ...options, user }), signal: leave, ...conditional && { mediation: "conditional" } };
      return navigator.credentials.create(asking);
    },
    (made) => then({
      type: "new_passkey",
      id,
      credential: answered(made),
      ...identifier && { identifier },
      ...name && { name },
      ...profile && { profile }
    })
  );
}
async function quietly(what) {
  try {
    return await what();
  } catch {
    return void 0;
  }
}
export {
  LintelError,
  PasskeyError,
  abandonFlow,
  addIdentifier,
  addPasskey,
  advanceClock,
  approveLink,
  autofillPasskey,
  awaitLink,
  awaitsLink,
  canAutofill,
  canUpgrade,
  createClient,
  createExport,
  createFlow,
  createMyInvitation,
  createSessionToken,
  deleteMe,
  each,
  endMySession,
  endOtherSessions,
  endSession,
  followLink,
  getAppleAppSiteAssociation,
  getAssetLinks,
  getClock,
  getConfiguration,
  getExport,
  getExportResult,
  getFlow,
  getJwks,
  getMe,
  getPasskey,
  getPasskeyEndpoints,
  getRelatedOrigins,
  getSession,
  getTestInbox,
  isSupported,
  linkIn,
  listActivity,
  listIdentifiers,
  listMyInvitations,
  listMyPasskeys,
  listMySessions,
  listPasskeys,
  makePasskey,
  offer,
  openInvitation,
  openLink,
  openRecovery,
  openReversal,
  refreshSession,
  removeIdentifier,
  removeMyPasskey,
  removePasskey,
  renameMyPasskey,
  resetClock,
  resumeFlow,
  revokeMyInvitation,
  rewindFlow,
  setClock,
  setPassword,
  signInWithPasskey,
  startFlow,
  stepTypes,
  stopRecovery,
  submitStep,
  tellPlatform,
  updateIdentifier,
  updateMe,
  upgradeToPasskey,
  useReversal
};
