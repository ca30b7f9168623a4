import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { Hono } from "hono";
import { can, createGuard, createKeys, createVerifier, honoGuard, nextGuard, nodeGuard, readSession, TokenError, withClaims } from "@lintel/client/server";

const issuer = "https://id.example.com";
const audience = "https://api.example.com";
const algorithms = {
  ES256: [{ name: "ECDSA", namedCurve: "P-256" }, { name: "ECDSA", hash: "SHA-256" }],
  EdDSA: [{ name: "Ed25519" }, "Ed25519"],
  RS256: [{ name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, "RSASSA-PKCS1-v1_5"],
  PS256: [{ name: "RSA-PSS", hash: "SHA-256", modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }, { name: "RSA-PSS", saltLength: 32 }],
};

const encode = (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");

/** A signer with its public key. */
async function signer(alg, kid) {
  const [make, sign] = algorithms[alg];
  const { privateKey, publicKey } = await crypto.subtle.generateKey(make, true, ["sign", "verify"]);
  const { kty, crv, x, y, n, e } = await crypto.subtle.exportKey("jwk", publicKey);
  return {
    jwk: { kty, crv, x, y, n, e, use: "sig", alg, kid },
    async token(claims = {}, header = {}) {
      const now = Math.floor(Date.now() / 1000);
      const whole = { iss: issuer, aud: audience, sub: "usr_1", sid: "ses_1", iat: now, exp: now + 60, ...claims };
      const signed = `${encode({ alg, kid, typ: "JWT", ...header })}.${encode(typeof claims === "string" ? claims : whole)}`;
      const signature = await crypto.subtle.sign(sign, privateKey, Buffer.from(signed));
      return `${signed}.${Buffer.from(signature).toString("base64url")}`;
    },
  };
}

/** A server of keys that counts how often it is asked. */
function serving(...jwks) {
  const served = {
    asked: 0,
    keys: jwks,
    away: false,
    hangs: false,
    caching: undefined,
    fetch: async (url, { signal }) => {
      served.asked++;
      assert.equal(url, `${issuer}/.well-known/jwks.json`);
      if (served.hangs) await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
      if (served.away) throw new TypeError("fetch failed");
      const headers = { "content-type": "application/json", ...(served.caching !== undefined && { "cache-control": served.caching }) };
      return new Response(JSON.stringify({ keys: served.keys }), { headers });
    },
  };
  return served;
}

const verifierOf = (served, more = {}) => createVerifier({ baseUrl: issuer, audience, fetch: served.fetch, timeout: 50, ...more });
const fault = (name) => (error) => error instanceof TokenError && error.fault === name;

for (const alg of Object.keys(algorithms)) {
  test(`a token of ${alg} is believed, and by its own algorithm only`, async () => {
    const one = await signer(alg, "k1");
    const verify = verifierOf(serving(one.jwk));
    assert.equal((await verify(await one.token())).sub, "usr_1");
    for (const other of ["none", "HS256", ...Object.keys(algorithms)].filter((name) => name !== alg)) {
      await assert.rejects(verify(await one.token({}, { alg: other })), fault("algorithm"), other);
    }
  });
}

test("what is not right about a token is refused, each for its reason", async () => {
  const one = await signer("ES256", "k1");
  const other = await signer("ES256", "k1");
  const verify = verifierOf(serving(one.jwk));
  const now = Math.floor(Date.now() / 1000);
  const good = await one.token();
  const cases = [
    ["signature", await other.token()],
    ["signature", `${good.split(".")[0]}.${encode({ iss: issuer, aud: audience, sub: "usr_2", exp: now + 60 })}.${good.split(".")[2]}`],
    ["issuer", await one.token({ iss: "https://else.example.com" })],
    ["issuer", await one.token({ iss: undefined })],
    ["audience", await one.token({ aud: "https://else.example.com" })],
    ["audience", await one.token({ aud: undefined })],
    ["time", await one.token({ exp: now - 31 })],
    ["time", await one.token({ exp: undefined })],
    ["time", await one.token({ exp: "9999999999" })],
    ["time", await one.token({ nbf: now + 60 })],
    ["time", await one.token({ iat: now + 60 })],
    ["time", await one.token({ iat: "yesterday" })],
    ["time", await one.token(`{"iss":"${issuer}","aud":"${audience}","sub":"usr_1","sid":"ses_1","exp":1e999}`)],
    ["malformed", await one.token({ sub: undefined })],
    ["malformed", await one.token({ sid: undefined })],
    ["malformed", await one.token({ sid: "" })],
    ["malformed", await one.token({ sid: { id: "ses_1" } })],
    ...(await Promise.all([{ jti: 1 }, { client_id: {} }, { acr: [] }, { amr: "pwd" }, { amr: [1] }, { roles: "owner" }, { roles: [1] }, { permissions: "all" }, { permissions: [{}] }, { auth_time: "now" }].map(async (claim) => ["malformed", await one.token(claim)]))),
    ["malformed", await one.token({}, { typ: { toString: 1 } })],
    ["malformed", await one.token({}, { typ: ["JWT"] })],
    ["algorithm", await one.token({}, { alg: { toString: 1 } })],
    ["algorithm", await one.token({}, { alg: ["ES256"] })],
    ["malformed", await one.token({}, { kid: "k".repeat(257) })],
    ["malformed", await one.token({}, { crit: ["exp"] })],
    ["malformed", await one.token({}, { typ: "at+jwt" })],
    ["malformed", await one.token({}, { kid: undefined })],
    ["malformed", ""],
    ["malformed", "a.b"],
    ["malformed", `${good}.x`],
    ["malformed", `=.${good.split(".").slice(1).join(".")}`],
    ["malformed", `${encode("[]")}.${good.split(".").slice(1).join(".")}`],
    ["malformed", `${"a".repeat(20_000)}.b.c`],
    ["key", await (await signer("ES256", "k2")).token()],
  ];
  for (const [reason, token] of cases) await assert.rejects(verify(token), fault(reason), `${reason}: ${token.slice(0, 60)}`);
  assert.equal((await verify(await one.token({ aud: ["https://else.example.com", audience] }))).sub, "usr_1");
  assert.equal((await verify(await one.token({ exp: now - 5 }))).sub, "usr_1", "clocks may differ a little");
});

test("a token says what its user can do, and what it does not say is not allowed", async () => {
  const one = await signer("ES256", "k1");
  const verify = verifierOf(serving(one.jwk));
  const claims = await verify(await one.token({ roles: ["clerk"], permissions: ["invoices:read", "lintel:users:read"] }));
  assert.deepEqual(claims.roles, ["clerk"]);
  assert.equal(can(claims, "invoices:read"), true);
  assert.equal(can(claims, "invoices:read", "lintel:users:read"), true);
  assert.equal(can(claims, "invoices:read", "invoices:write"), false);
  for (const wanted of ["invoices", "invoices:", "Invoices:read", "lintel:users", "lintel:all", ""]) assert.equal(can(claims, wanted), false, wanted);
  assert.equal(can(claims), false, "nothing was asked");
  const owner = await verify(await one.token({ roles: ["lintel_owner"], permissions: ["lintel:all"] }));
  assert.equal(can(owner, "lintel:users:write", "lintel:to:come"), true);
  for (const wanted of ["users:write", "lintel", "lintels:x"]) assert.equal(can(owner, wanted), false, wanted);
  for (const silent of [{ roles: ["clerk"] }, {}]) assert.equal(can(await verify(await one.token(silent)), "invoices:read"), false);
});

test("who acts in somebody's name is never taken for that somebody", async () => {
  const one = await signer("ES256", "k1");
  const verify = verifierOf(serving(one.jwk));
  assert.deepEqual((await verify(await one.token({ act: { sub: "Grace" } }))).act, { sub: "Grace" });
  assert.equal((await verify(await one.token())).act, undefined);
  for (const act of [{}, { sub: "" }, { Sub: "Grace" }, { sub: 1 }, "Grace", ["Grace"], null, false]) {
    await assert.rejects(verify(await one.token({ act })), fault("malformed"), JSON.stringify(act));
  }
});

test("without an audience of its own a service takes what is meant for the issuer", async () => {
  const one = await signer("ES256", "k1");
  const verify = createVerifier({ baseUrl: `${issuer}/`, fetch: serving(one.jwk).fetch });
  assert.equal((await verify(await one.token({ aud: issuer }))).sub, "usr_1");
  await assert.rejects(verify(await one.token()), fault("audience"));
});

test("a key that the header brings along counts for nothing", async () => {
  const real = await signer("ES256", "k1");
  const forged = await signer("ES256", "k1");
  const verify = verifierOf(serving(real.jwk));
  for (const header of [{ jwk: forged.jwk }, { jku: "https://evil.example.com/keys" }, { x5c: [] }, { x5u: "https://evil.example.com/" }, { b64: false }]) {
    await assert.rejects(verify(await forged.token({}, header)), fault("malformed"), JSON.stringify(header));
  }
  await assert.rejects(verify(await forged.token()), fault("signature"));
});

test("keys are fetched once for many, and again for one that is new, but not for every guess", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const first = await signer("ES256", "k1");
  const second = await signer("ES256", "k2");
  const served = serving(first.jwk);
  const token = await first.token();
  const verify = verifierOf(served);
  await Promise.all(Array.from({ length: 20 }, () => verify(token)));
  assert.equal(served.asked, 1);
  await assert.rejects(verify(await second.token()), fault("key"));
  assert.equal(served.asked, 1, "a key that is not there is not asked for again at once");
  served.keys = [first.jwk, second.jwk];
  t.mock.timers.tick(10_001);
  assert.equal((await verify(await second.token())).sub, "usr_1");
  assert.equal(served.asked, 2);
});

test("while the server is away the keys that are known go on, and without any it is nobody's fault", async () => {
  const one = await signer("ES256", "k1");
  const served = serving(one.jwk);
  const verify = verifierOf(served, { maxAge: 0, coolDown: 0 });
  const token = await one.token();
  await verify(token);
  served.away = true;
  assert.equal((await verify(token)).sub, "usr_1");
  const answer = await createGuard(verifierOf(served))(new Headers({ authorization: `Bearer ${token}` }));
  assert.equal(answer.status, 503);
  assert.equal(answer.headers.get("retry-after"), "5");
});

const hours = 3_600_000;

test("a revoked key is not believed", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const [first, second] = [await signer("ES256", "k1"), await signer("ES256", "k2")];
  const served = serving(first.jwk, second.jwk);
  const verify = verifierOf(served);
  await verify(await first.token());
  served.keys = [second.jwk];
  t.mock.timers.tick(8 * hours);
  await assert.rejects(verify(await first.token()), fault("key"));
  assert.equal((await verify(await second.token())).sub, "usr_1");
});

test("keys count for a day without the server, and it is left in peace for a while", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const one = await signer("ES256", "k1");
  const served = serving(one.jwk);
  const verify = verifierOf(served, { timeout: 1 });
  await verify(await one.token());
  served.away = true;
  t.mock.timers.tick(23 * hours);
  for (let i = 0; i < 10; i++) await verify(await one.token());
  assert.equal(served.asked, 2);
  t.mock.timers.tick(1 * hours);
  const answer = await createGuard(verify)(new Headers({ authorization: `Bearer ${await one.token()}` }));
  assert.equal(answer.status, 503, "nor does it say that the token is not valid");
  served.away = false;
  t.mock.timers.tick(11_000);
  assert.equal((await verify(await one.token())).sub, "usr_1");
});

test("nobody waits for a server that was away a moment ago", async (t) => {
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const one = await signer("ES256", "k1");
  const served = serving(one.jwk);
  const verify = verifierOf(served, { timeout: 200 });
  await verify(await one.token());
  served.away = true;
  t.mock.timers.tick(1 * hours);
  await verify(await one.token());
  Object.assign(served, { hangs: true, away: false });
  t.mock.timers.tick(11_000);
  const asked = served.asked;
  const began = performance.now();
  let late = false;
  const hanging = setTimeout(() => (late = true), 190);
  await verify(await one.token());
  assert.equal(late, false, `${performance.now() - began} ms`);
  clearTimeout(hanging);
  assert.equal(served.asked, asked + 1, "though it is asked");
});

test("keys are kept as long as the server says", async (t) => {
  const one = await signer("ES256", "k1");
  t.mock.timers.enable({ apis: ["Date"], now: Date.now() });
  const said = [["public, max-age=60", 60], ["MAX-AGE=7", 7], ["max-age=999999", 3600], [undefined, 300], ["no-cache", 300], ["max-age=-1", 300], ["s-max-age=5", 300]];
  for (const [caching, seconds] of said) {
    const served = Object.assign(serving(one.jwk), { caching });
    const keys = createKeys({ baseUrl: issuer, fetch: served.fetch, coolDown: 0 });
    await keys.find("k1");
    t.mock.timers.tick((seconds - 1) * 1000);
    await keys.find("k1");
    assert.equal(served.asked, 1, caching);
    t.mock.timers.tick(1000);
    await keys.find("k1");
    assert.equal(served.asked, 2, caching);
  }
});

test("a key of another use or kind is none", async () => {
  const one = await signer("ES256", "k1");
  for (const change of [{ use: "enc" }, { alg: "ES512" }, { alg: "toString" }, { x: "AA" }]) {
    const keys = createKeys({ baseUrl: issuer, fetch: serving({ ...one.jwk, ...change }).fetch });
    assert.equal(await keys.find("k1"), undefined, JSON.stringify(change));
  }
});

test("a handler of the Fetch API is told who asks", async () => {
  const one = await signer("ES256", "k1");
  const guard = createGuard(verifierOf(serving(one.jwk)));
  const handler = withClaims(guard, (_, claims, more) => new Response(`${claims.sub} ${more}`));
  const ask = (headers) => handler(new Request("https://api.example.com/", { headers }), "more");
  assert.equal(await (await ask({ authorization: `bearer ${await one.token()}` })).text(), "usr_1 more");
  const missing = await ask({});
  assert.equal(missing.status, 401);
  assert.equal(missing.headers.get("www-authenticate"), "Bearer");
  assert.equal(missing.headers.get("content-type"), "application/problem+json");
  assert.equal((await missing.json()).code, "token_missing");
  const wrong = await ask({ authorization: "Bearer a.b.c" });
  assert.equal(wrong.headers.get("www-authenticate"), 'Bearer error="invalid_token"');
  assert.equal((await wrong.json()).code, "token_invalid");
});

test("middleware for Node lets through whoever may, and nobody else", async () => {
  const one = await signer("ES256", "k1");
  const guard = createGuard(verifierOf(serving(one.jwk)));
  const node = nodeGuard(guard);
  const server = createServer((request, response) => node(request, response, (error) => response.end(error ? "fault" : request.claims.sub)));
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${server.address().port}/`;
    assert.equal(await (await fetch(url, { headers: { authorization: `Bearer ${await one.token()}` } })).text(), "usr_1");
    assert.equal((await fetch(url)).status, 401);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

test("middleware for Hono lets through whoever may, and nobody else", async () => {
  const one = await signer("ES256", "k1");
  const app = new Hono();
  app.use("/api/*", honoGuard(createGuard(verifierOf(serving(one.jwk)))));
  app.get("/api/hello", (c) => c.text(c.get("claims").sub));
  app.get("/", (c) => c.text("open"));
  const ask = (path, headers = {}) => app.request(path, { headers });
  const answer = await ask("/api/hello", { authorization: `Bearer ${await one.token()}` });
  assert.deepEqual([answer.status, await answer.text()], [200, "usr_1"]);
  const refused = await ask("/api/hello");
  assert.deepEqual([refused.status, refused.headers.get("www-authenticate"), (await refused.json()).code], [401, "Bearer", "token_missing"]);
  assert.equal((await ask("/api/hello", { authorization: "Bearer a.b.c" })).status, 401);
  assert.equal(await (await ask("/")).text(), "open");
});

test("middleware for Next lets whoever may go on, as it says how", async () => {
  const one = await signer("ES256", "k1");
  const guard = createGuard(verifierOf(serving(one.jwk)));
  const signedIn = new Request("https://app.example.com/api", { headers: { authorization: `Bearer ${await one.token()}` } });
  const nobody = new Request("https://app.example.com/api");
  assert.equal(await nextGuard(guard)(signedIn), undefined, "which goes on, for Next");
  assert.equal((await nextGuard(guard)(nobody)).status, 401);
  const pass = nextGuard(guard, (request, claims) => new Response(null, { headers: { "x-who": `${claims.sub} ${new URL(request.url).pathname}` } }));
  assert.equal((await pass(signedIn)).headers.get("x-who"), "usr_1 /api");
  assert.equal((await pass(nobody)).headers.get("x-who"), null);
});

test("of a visitor's cookies the server learns the session's alone", async () => {
  const seen = [];
  const client = (_, input, call) => (seen.push(call), Promise.resolve({ id: "ses_1" }));
  const read = (headers) => readSession(client, new Headers(headers));
  assert.equal(await read({}), undefined);
  assert.equal(await read({ cookie: "theme=dark; not_lintel_session=1" }), undefined);
  assert.equal((await read({ cookie: "theme=dark; __Host-lintel_session=ls_a-b; other=1" })).id, "ses_1");
  assert.equal((await read({ cookie: "lintel_session=ls_c" })).id, "ses_1");
  assert.equal((await read({ cookie: "lintel_session=ls_evil; __Host-lintel_session=ls_good" })).id, "ses_1");
  assert.equal((await read({ cookie: "theme=dark;  lintel_session=ls_e ;\tother=1" })).id, "ses_1");
  assert.equal((await read({ cookie: "theme=dark;lintel_session=ls_f" })).id, "ses_1");
  assert.equal(await read({ cookie: "lintel_session=; __Host-lintel_session=" }), undefined);
  assert.equal((await read({ authorization: "Bearer ls_d", cookie: "lintel_session=ls_c" })).id, "ses_1");
  assert.deepEqual(seen, [
    { token: "", headers: { cookie: "__Host-lintel_session=ls_a-b" } },
    { token: "", headers: { cookie: "lintel_session=ls_c" } },
    { token: "", headers: { cookie: "__Host-lintel_session=ls_good" } },
    { token: "", headers: { cookie: "lintel_session=ls_e" } },
    { token: "", headers: { cookie: "lintel_session=ls_f" } },
    { token: "ls_d", headers: {} },
  ]);
});
