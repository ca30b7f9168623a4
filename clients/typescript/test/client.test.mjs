import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, getSession, LintelError } from "@lintel/client";

const baseUrl = "https://id.example.com";
const fault = (code) => (error) => error instanceof LintelError && error.code === code;

/** A server in the place of fetch, which counts. */
function server() {
  const served = {
    asked: 0,
    fetch: async () => (served.asked++, new Response(JSON.stringify({ id: "ses_1" }), { headers: { "content-type": "application/json" } })),
  };
  return served;
}

test("a token that does not come is waited for no longer than the answer", async () => {
  const { fetch } = server();
  const lintel = createClient({ baseUrl, fetch, token: () => new Promise(() => {}) });
  await assert.rejects(lintel(getSession, {}, { timeout: 20 }), fault("timeout"));
  const leave = new AbortController();
  const asked = lintel(getSession, {}, { signal: leave.signal });
  leave.abort("enough");
  await assert.rejects(asked, (error) => fault("aborted")(error) && error.cause === "enough");
});

test("who has left before is asked for no token, and nothing is sent", async () => {
  const served = server();
  let tokens = 0;
  const lintel = createClient({ baseUrl, fetch: served.fetch, token: () => `${tokens++}` });
  await assert.rejects(lintel(getSession, {}, { signal: AbortSignal.abort() }), fault("aborted"));
  assert.deepEqual([tokens, served.asked], [0, 0]);
});

test("what looks at the answer may throw, and that is what is thrown, at once", async () => {
  for (const thrown of [new TypeError("no etag"), undefined, new LintelError("network", 0, "one's own")]) {
    const served = server();
    const lintel = createClient({ baseUrl, fetch: served.fetch, token: "" });
    const inspect = () => { throw thrown; };
    const got = await lintel(getSession, {}, { inspect }).then(() => assert.fail("it went well"), (error) => error);
    assert.equal(got, thrown);
    assert.equal(served.asked, 1);
  }
});

test("an option of a call that is undefined leaves the client's as it is", async () => {
  const sent = [];
  const fetch = async (_, request) => (sent.push(request), new Response("<html>", { status: 502 }));
  const lintel = createClient({ baseUrl, fetch, token: "ls_1", retries: 0 });
  await assert.rejects(lintel(getSession, {}, { token: undefined, retries: undefined, timeout: undefined }), fault("unreadable"));
  assert.equal(sent.length, 1);
  assert.equal(sent[0].headers.get("authorization"), "Bearer ls_1");
  assert.equal(sent[0].credentials, undefined);
});

test("a timeout without end is none, and an empty Retry-After says nothing", async () => {
  const served = server();
  assert.equal((await createClient({ baseUrl, fetch: served.fetch, timeout: Infinity })(getSession)).id, "ses_1");
  const fetch = async () => new Response("{}", { status: 503, headers: { "retry-after": "", "content-type": "application/json" } });
  await assert.rejects(createClient({ baseUrl, fetch, retries: 0 })(getSession), (error) => error.status === 503 && error.retryAfter === undefined);
});
