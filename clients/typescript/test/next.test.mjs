// The README's files for Next in a project of Next, built and started as its own commands do.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createClient, createSessionToken } from "@lintel/client";
import { cookieOf, example, register, root, server } from "./readme/readme.mjs";

const project = join(root, "test", "readme", "next");
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", NODE_ENV: "production" };

/** Writes a file where its first line says that it belongs. */
async function place(code) {
  const [, path] = /^\/\/ (\S+)\n/.exec(code) ?? [];
  assert.ok(path, code);
  await mkdir(join(project, dirname(path)), { recursive: true });
  await writeFile(join(project, path), code);
}

/** Starts what was built on a port that is free, and gives its address. */
async function start(t) {
  const next = spawn(process.execPath, [join(project, "node_modules/next/dist/bin/next"), "start", "--port", "0", "--hostname", "127.0.0.1"], { cwd: project, env, stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => next.kill());
  let said = "";
  return new Promise((resolve, reject) => {
    next.once("exit", () => reject(new Error(`next start: ${said}`)));
    next.stdout.on("data", (data) => {
      said += data;
      const [url] = /http:\/\/127\.0\.0\.1:[1-9]\d*/.exec(said) ?? [];
      if (url) resolve(url);
    });
  });
}

test("Next's page and route answer as the README shows", { timeout: 180_000 }, async (t) => {
  const { identifier, token, user } = await register();
  await rm(join(project, "app/api"), { recursive: true, force: true });
  await rm(join(project, ".next"), { recursive: true, force: true });
  await place(example("Next", "jsx"));
  await place(example("Next", "js"));
  const installed = join(project, "node_modules/@lintel/client");
  await rm(installed, { recursive: true, force: true });
  await cp(join(root, "dist"), join(installed, "dist"), { recursive: true });
  await cp(join(root, "package.json"), join(installed, "package.json"));
  const began = performance.now();
  await promisify(execFile)("npm", ["run", "build"], { cwd: project, env }).catch((error) => assert.fail(`${error.stdout}${error.stderr}`));
  console.log(`next build: ${Math.round((performance.now() - began) / 1000)} s`);
  const url = await start(t);

  const visit = async (headers) => (await (await fetch(`${url}/`, { headers })).text()).replaceAll("<!-- -->", "");
  assert.match(await visit({ cookie: `theme=dark; ${await cookieOf(identifier)}` }), new RegExp(`<p>Signed in as ${user.id}</p>`));
  assert.match(await visit({ cookie: "lintel_session=ls_none" }), /<p>Not signed in<\/p>/);
  assert.match(await visit({}), /<p>Not signed in<\/p>/);

  const { token: jwt } = await createClient({ baseUrl: server, token })(createSessionToken);
  const hello = (headers) => fetch(`${url}/api/hello`, { headers });
  assert.deepEqual(await (await hello({ authorization: `Bearer ${jwt}` })).json(), { hello: user.id });
  assert.equal((await hello({})).status, 401);
});
