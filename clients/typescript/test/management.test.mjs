import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "@lintel/client";
import {
  createApiKey, createManagement, deleteApiKey, each, getApiKey, LintelError, listApiKeys, rotateApiKey, updateApiKey,
} from "@lintel/client/management";

const listThings = ["GET", "/admin/v1/things", 13];
const createThing = ["POST", "/admin/v1/things", 15];
const changeThing = ["PATCH", "/admin/v1/things/{thing_id}", 13, { if_match: "If-Match" }];

/** A server in the place of fetch: it answers in turn, and keeps what it was asked. */
function server(...answers) {
  const asked = [];
  const fetch = async (url, request) => {
    asked.push({ url, ...request, headers: Object.fromEntries(request.headers) });
    const next = answers[Math.min(asked.length, answers.length) - 1];
    return new Response(JSON.stringify(next), { status: next.code ? 403 : 200, headers: { "content-type": "application/json" } });
  };
  return { asked, fetch };
}

const refused = (code, message) => (error) => error instanceof LintelError && error.code === code && (!message || error.message === message);

test("the key goes along, and no cookie", async () => {
  const { asked, fetch } = server({ id: "thg_1" });
  const lintel = createManagement({ baseUrl: "https://id.example.com/", key: "lk_1", fetch, headers: { "x-team": "ops" } });
  assert.deepEqual(await lintel(createThing, { body: { name: "a" } }), { id: "thg_1" });
  await lintel(changeThing, { thing_id: "thg/1", if_match: '"3"', body: { name: null } }, { token: "lk_2", headers: { "x-more": "1" } });
  const [created, changed] = asked;
  assert.equal(created.url, "https://id.example.com/admin/v1/things");
  assert.equal(created.headers.authorization, "Bearer lk_1");
  assert.match(created.headers["idempotency-key"], /^[0-9a-f]{32}$/);
  assert.equal(created.headers["x-team"], "ops");
  assert.equal(changed.url, "https://id.example.com/admin/v1/things/thg%2F1");
  assert.equal(changed.headers.authorization, "Bearer lk_2", "one call with another key");
  assert.equal(changed.headers["if-match"], '"3"');
  assert.equal(changed.headers["content-type"], "application/merge-patch+json");
  for (const one of asked) assert.equal(one.credentials, "omit");
});

test("cookies are not spoken of where a platform has none", async (t) => {
  const { asked, fetch } = server({});
  const property = Object.getOwnPropertyDescriptor(Request.prototype, "credentials");
  delete Request.prototype.credentials;
  t.after(() => Object.defineProperty(Request.prototype, "credentials", property));
  await createManagement({ baseUrl: "https://id.example.com", key: "lk_1", fetch })(listThings);
  assert.ok(!("credentials" in asked[0]));
});

test("the key may be got anew for each request", async () => {
  const { asked, fetch } = server({ items: [1], next_cursor: "b" }, { items: [2], next_cursor: null });
  let turn = 0;
  const lintel = createManagement({ baseUrl: "https://id.example.com", key: async () => `lk_${++turn}`, fetch });
  const seen = [];
  for await (const one of each(lintel, listThings, { limit: 1 })) seen.push(one);
  assert.deepEqual(seen, [1, 2]);
  assert.deepEqual(asked.map((one) => [one.url, one.headers.authorization]), [
    ["https://id.example.com/admin/v1/things?limit=1", "Bearer lk_1"],
    ["https://id.example.com/admin/v1/things?limit=1&cursor=b", "Bearer lk_2"],
  ]);
});

test("nothing is asked without a key", async () => {
  const { asked, fetch } = server({});
  const sealed = () => Promise.reject(new Error("the vault is sealed"));
  for (const key of [undefined, "", () => undefined, async () => ""]) {
    const lintel = createManagement({ baseUrl: "https://id.example.com", key, fetch });
    await assert.rejects(lintel(listThings), refused("input_invalid", "lintel: the key is missing"));
  }
  const lintel = createManagement({ baseUrl: "https://id.example.com", key: sealed, fetch });
  await assert.rejects(lintel(listThings), (error) => refused("input_invalid")(error) && error.cause.message === "the vault is sealed");
  const keyed = createManagement({ baseUrl: "https://id.example.com", key: "lk_1", fetch });
  await assert.rejects(keyed(listThings, {}, { token: "" }), refused("input_invalid"));
  assert.equal(asked.length, 0);
});

test("what is refused is the same error as everywhere", async () => {
  const { fetch } = server({ code: "scope_missing", detail: "The key has no scope things:read." });
  const lintel = createManagement({ baseUrl: "https://id.example.com", key: "lk_1", fetch });
  await assert.rejects(lintel(listThings), refused("scope_missing", "The key has no scope things:read."));
  await assert.rejects(createClient({ baseUrl: "https://id.example.com", fetch })(listThings), refused("scope_missing"));
});

test("a key for its whole life, at a server", async () => {
  const baseUrl = process.env.LINTEL_SERVER;
  const lintel = createManagement({ baseUrl, key: process.env.LINTEL_KEY });
  const { api_key: made, secret } = await lintel(createApiKey, { body: { name: "Import", scopes: ["api_keys:read"] } });
  let tag;
  const inspect = (response) => (tag = response.headers.get("etag"));
  assert.deepEqual(await lintel(getApiKey, { api_key_id: made.id }, { inspect }), made);
  const own = createManagement({ baseUrl, key: secret });
  const names = [];
  for await (const { name } of each(own, listApiKeys, { limit: 1 })) names.push(name);
  assert.ok(names.includes("Import") && names.length > 1, `${names}`);
  await assert.rejects(own(createApiKey, { body: { name: "More", scopes: ["all"] } }), refused("scope_missing"));
  await assert.rejects(lintel(updateApiKey, { api_key_id: made.id, if_match: '"77"', body: { name: "x" } }), refused("version_stale"));
  const changed = await lintel(updateApiKey, { api_key_id: made.id, if_match: tag, body: { expires_at: "2999-01-02T03:04:05Z" } }, { inspect });
  assert.equal(changed.expires_at, "2999-01-02T03:04:05Z");
  const once = crypto.randomUUID();
  const rotate = () => lintel(rotateApiKey, { api_key_id: made.id, if_match: tag, body: { overlap_seconds: 0 } }, { idempotencyKey: once });
  const rotated = await rotate();
  assert.deepEqual(await rotate(), rotated, "the same key gives the same answer, secret included");
  await assert.rejects(own(getApiKey, { api_key_id: made.id }), refused("api_key_invalid"));
  assert.equal(await lintel(deleteApiKey, { api_key_id: made.id }), undefined);
  await assert.rejects(lintel(getApiKey, { api_key_id: made.id }), refused("api_key_unknown"));
  await assert.rejects(createManagement({ baseUrl, key: rotated.secret })(listApiKeys), refused("api_key_invalid"));
});
