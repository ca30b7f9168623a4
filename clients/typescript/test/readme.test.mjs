import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { promisify } from "node:util";
import { createClient, createSessionToken } from "@lintel/client";
import { build } from "esbuild";
import { findChromium, launch } from "./conformance/browser.mjs";
import { example, password, ports, register, root, server } from "./readme/readme.mjs";

/** Serves a developer's page on the first of the ports that is free. */
async function serve(t, answer) {
  for (const port of ports) {
    const pages = createServer((request, response) => {
      const [type, body] = answer(request.url);
      response.writeHead(200, { "content-type": type }).end(body);
    });
    const free = await new Promise((resolve) => pages.once("error", () => resolve(false)).listen(port, "localhost", () => resolve(true)));
    if (!free) continue;
    t.after(() => (pages.close(), pages.closeAllConnections()));
    return port;
  }
  throw new Error(`none of the ports ${ports} is free`);
}

/** Opens a page in Chromium; undefined where there is none and need not be. */
async function open(t, url) {
  const executable = findChromium();
  if (!executable && process.env.CI !== "true") return t.skip("no Chromium (CHROMIUM names it)");
  assert.ok(executable, "no Chromium");
  const browser = await launch(executable);
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => t.diagnostic(message.text()));
  page.on("pageerror", (error) => t.diagnostic(`${error}`));
  await page.goto(url);
  return page;
}

/** Bundles code that may import the package, and shows it on a page of the same site. */
async function show(t, html, contents, loader) {
  const { outputFiles } = await build({ stdin: { contents, resolveDir: root, loader }, bundle: true, write: false, format: "esm", jsx: "automatic", define: { "process.env.NODE_ENV": '"production"' } });
  const port = await serve(t, (path) => (path === "/script.js" ? ["text/javascript", outputFiles[0].text] : ["text/html; charset=utf-8", `<!doctype html><title>x</title>${html}<script type="module" src="/script.js"></script>`]));
  return open(t, `http://localhost:${port}/`);
}

/** The first of the ports that nobody else is at. */
async function freePort() {
  for (const port of ports) {
    const trial = createServer();
    const free = await new Promise((resolve) => trial.once("error", () => resolve(false)).listen(port, "localhost", () => resolve(true)));
    await new Promise((resolve) => trial.close(resolve));
    if (free) return port;
  }
  throw new Error(`none of the ports ${ports} is free`);
}

/** Runs the README's commands in a folder, and gives the address that they serve it at. */
async function serveFolder(t, folder, commands) {
  const port = await freePort();
  const shell = spawn("sh", ["-e", "-c", commands.replace("localhost:8000", `localhost:${port}`)], { cwd: folder, detached: true, stdio: ["pipe", "ignore", "pipe"] });
  let said = "";
  shell.stderr.on("data", (data) => (said += data));
  t.after(() => shell.exitCode ?? process.kill(-shell.pid));
  const url = `http://localhost:${port}/`;
  for (;;) {
    assert.equal(shell.exitCode, null, said);
    if (await fetch(url).then((answer) => answer.ok, () => false)) return url;
    await setTimeout(50);
  }
}

test("a page signs in as the README shows", { timeout: 60_000 }, async (t) => {
  const { identifier } = await register();
  const folder = await mkdtemp(join(root, "test", "readme-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "index.html"), example("Sign in from a page", "html"));
  const page = await open(t, await serveFolder(t, folder, example("Sign in from a page", "sh")));
  if (!page) return;
  const asked = [];
  page.on("request", (request) => request.url().startsWith(server) && request.method() !== "OPTIONS" && asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await page.fill("[name=identifier]", identifier);
  await page.fill("[name=password]", "not that one at all");
  await page.click("button");
  await page.waitForFunction(() => document.querySelector("output").textContent);
  assert.doesNotMatch(await page.textContent("output"), /Hello/);
  asked.length = 0;
  await page.fill("[name=password]", password);
  await page.click("button");
  await page.waitForFunction((name) => document.querySelector("output").textContent === `Hello, ${name}.`, identifier);
  assert.deepEqual(asked, ["POST /v1/flows", "GET /v1/me"], "a password signs in with one request");
});

test("React signs in and out as the README shows", async (t) => {
  const { identifier } = await register();
  const mount = `import { createElement } from "react"; import { createRoot } from "react-dom/client"; createRoot(document.querySelector("main")).render(createElement(App));`;
  const page = await show(t, "<main></main>", example("React", "jsx") + mount, "jsx");
  if (!page) return;
  await page.fill("[name=identifier]", identifier);
  await page.fill("[name=password]", "not that one at all");
  await page.click("text=Sign in");
  await page.waitForFunction(() => document.querySelector("form [role=alert]").textContent);
  await page.fill("[name=password]", password);
  await page.click("text=Sign in");
  await page.click("text=Sign out");
  await page.waitForSelector("[name=password]");
});

test("a page that a link opened asks what it is for, as the README shows", async (t) => {
  const told = "for (const kind of ['error', 'unhandledrejection']) addEventListener(kind, ({ error, reason }) => document.body.append((error ?? reason).code));";
  const opened = `${told} location.hash = "#flow=flw_01h455vb4pex5vsknk084sn02q&link=ll_1";`;
  const page = await show(t, "<main></main>", `${opened}\n${example("Codes and links", "js")}`, "js");
  if (!page) return;
  await page.waitForFunction(() => document.body.textContent.includes("link_invalid"));
  assert.equal(await page.evaluate(() => location.hash), "", "nothing of the link is left in the address");
});

test("a service checks tokens as the README shows", async (t) => {
  const { token, user } = await register();
  const folder = await mkdtemp(join(root, "test", "readme-"));
  t.after(() => rm(folder, { recursive: true }));
  const listening = `.listen(0, "127.0.0.1", function () { console.log(this.address().port); })`;
  await writeFile(join(folder, "service.mjs"), example("Node, Express", "js").replace(".listen(3000)", listening));
  const service = spawn(process.execPath, [join(folder, "service.mjs")], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => service.kill());
  const [port] = await new Promise((resolve) => service.stdout.on("data", (data) => resolve(`${data}`.split("\n"))));
  const { token: jwt } = await createClient({ baseUrl: server, token })(createSessionToken);
  const ask = (headers) => fetch(`http://127.0.0.1:${port}/`, { headers });
  assert.equal(await (await ask({ authorization: `Bearer ${jwt}` })).text(), `Hello, ${user.id}.\n`);
  assert.equal((await ask({})).status, 401);
  assert.equal((await ask({ authorization: `Bearer ${token}` })).status, 401, "a session's own token is no JWT");
});

test("a back end lists keys as the README shows", async (t) => {
  const folder = await mkdtemp(join(root, "test", "readme-"));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, "list.mjs"), example("Manage from a back end", "js"));
  const run = (env) => promisify(execFile)(process.execPath, [join(folder, "list.mjs")], { env: { ...process.env, ...env } });
  assert.match((await run({})).stdout, /^bootstrap$/m);
  await assert.rejects(run({ LINTEL_KEY: "" }), (error) => /the key is missing/.test(error.stderr));
  await assert.rejects(run({ LINTEL_KEY: `lk_${"A".repeat(43)}` }), (error) => /api_key_invalid/.test(error.stderr));
});

test("the switch of the README compiles, and without its default it does not", async (t) => {
  const folder = await mkdtemp(join(root, "test", "readme-"));
  t.after(() => rm(folder, { recursive: true }));
  const tsc = (file) => promisify(execFile)(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "--noEmit", "--strict", "--noImplicitReturns", "--target", "es2022", "--module", "nodenext", join(folder, file)]);
  const whole = example("What to know", "ts");
  await writeFile(join(folder, "whole.ts"), whole);
  await tsc("whole.ts");
  await writeFile(join(folder, "short.ts"), whole.replace(/^ *default:.*\n/m, ""));
  await assert.rejects(tsc("short.ts"), (error) => /TS2366|TS7030/.test(error.stdout));
});
