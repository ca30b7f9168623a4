import assert from "node:assert/strict";
import { test } from "node:test";
import { bundle, findChromium, launch } from "./conformance/browser.mjs";
import { playAll } from "./conformance/play.mjs";

const stub = process.env.LINTEL_STUB;
assert.ok(stub, "start with: go run ./clients/conformance/cmd/withstub npm --prefix clients/typescript test");

// The suite of clients/conformance in a page: one that comes from where the server is,
// and one of another origin, to which a browser shows less.
test("conformance in a browser", async (t) => {
  const executable = findChromium();
  if (!executable && process.env.CI !== "true") return t.skip("no Chromium; CHROMIUM names one");
  assert.ok(executable, "no Chromium");
  const { cases } = await (await fetch(`${stub}/-/cases`)).json();
  const browser = await launch(executable);
  t.after(() => browser.close());
  const script = await bundle();
  for (const [who, origin] of [["same origin", stub], ["another origin", stub.replace("127.0.0.1", "localhost")]]) {
    const page = await browser.newPage();
    await page.goto(`${origin}/-/cases`);
    await page.evaluate(script);
    await playAll(t, cases, `Chromium ${browser.version()}, page of ${who}`, (one) =>
      page.evaluate((given) => globalThis.play(...given), [stub, one, who.replace(" ", "-")]),
    );
    await page.close();
  }
});
