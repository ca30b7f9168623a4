import assert from "node:assert/strict";
import { test } from "node:test";
import * as lintel from "@lintel/client";
import { bundle, findChromium, launch } from "./conformance/browser.mjs";
import { play } from "./conformance/play.mjs";

// The suite of clients/conformance, in Node and in a page. One after the other: a case is
// for one client at a time.
const stub = process.env.LINTEL_STUB;
assert.ok(stub, "start with: go run ./clients/conformance/cmd/withstub npm --prefix clients/typescript test");
const { cases } = await (await fetch(`${stub}/-/cases`)).json();
const name = (one) => `${one.promise}: ${one.name}`;

async function passes(t, where, playOne) {
  const passed = new Set();
  await t.test(where, { concurrency: 4 }, (t) =>
    Promise.all(cases.map((one) => t.test(name(one), async () => {
      await playOne(one);
      passed.add(one.name);
    }))),
  );
  console.log(`conformance: ${passed.size} of ${cases.length} cases, ${where}`);
}

test("a client without manners is found out", async () => {
  const failed = [];
  const careless = { ...lintel, createClient: ({ baseUrl, token }) => async ([method, path], { body, ...more } = {}) => {
    const filled = path.replace(/{(.+?)}/g, (_, hole) => more[hole]);
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    return (await fetch(baseUrl + filled, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(1000) })).json();
  } };
  await Promise.all(cases.map((one) => play(careless, stub, one).catch(() => failed.push(one.name))));
  const hard = cases.filter((one) => one.expect.error || one.wire.length !== 1).map((one) => one.name);
  assert.deepEqual(hard.filter((one) => !failed.includes(one)), []);
});

test("conformance", async (t) => {
  await passes(t, `Node ${process.version}`, (one) => play(lintel, stub, one));

  const executable = findChromium();
  if (!executable && process.env.CI !== "true") return t.diagnostic("no Chromium (CHROMIUM names it), so no page was tried");
  assert.ok(executable, "no Chromium");
  const browser = await launch(executable);
  t.after(() => browser.close());
  const script = await bundle();
  for (const [where, origin] of [["of the same origin", stub], ["of another origin", stub.replace("127.0.0.1", "localhost")]]) {
    const page = await browser.newPage();
    await page.goto(`${origin}/-/cases`);
    await page.evaluate(script);
    await passes(t, `Chromium ${browser.version()}, page ${where}`, (one) => page.evaluate(([stub, one]) => globalThis.play(stub, one), [stub, one]));
    await page.close();
  }
});
