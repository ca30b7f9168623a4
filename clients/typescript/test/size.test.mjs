import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const budget = 4096;
const passkeys = 2304;

/** What a page downloads that uses some of the package, as a bundler makes it. */
async function bundled(contents) {
  const made = await build({
    stdin: { contents, resolveDir: fileURLToPath(new URL(".", import.meta.url)) },
    bundle: true,
    minify: true,
    format: "esm",
    target: "es2022",
    write: false,
  });
  return made.outputFiles[0].text;
}

test("a login page downloads no more than the budget", async () => {
  const page = await bundled(`
    export { createClient, getConfiguration, getSession, LintelError } from "@lintel/client";
    export { awaitLink, followLink, linkIn, offer, resumeFlow, startFlow } from "@lintel/client/flow";
  `);
  const bytes = gzipSync(page, { level: 9 }).length;
  console.log(`size: core and flow of a login page are ${bytes} bytes of gzip, of ${budget} at most`);
  assert.ok(bytes <= budget, `${bytes} bytes`);
  assert.match(page, /submit/);
});

test("passkeys add no more than their budget to that", async () => {
  const page = `
    export { createClient, getConfiguration, getSession, LintelError } from "@lintel/client";
    export { awaitLink, followLink, linkIn, offer, resumeFlow, startFlow } from "@lintel/client/flow";
  `;
  const size = async (contents) => gzipSync(await bundled(contents), { level: 9 }).length;
  const bytes = (await size(`${page} export * from "@lintel/client/passkeys";`)) - (await size(page));
  console.log(`size: passkeys add ${bytes} bytes of gzip, of ${passkeys} at most`);
  assert.ok(bytes <= passkeys, `${bytes} bytes`);
});

test("what is not used is not downloaded", async () => {
  const one = await bundled(`export { createClient, getSession } from "@lintel/client";`);
  assert.match(one, /\/v1\/session/);
  assert.doesNotMatch(one, /\/v1\/(me|flows)|\/admin\/|new_password/);
});
