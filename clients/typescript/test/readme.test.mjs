import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createClient, createFlow, createSessionToken } from "@lintel/client";
import { build } from "esbuild";
import { findChromium, launch } from "./conformance/browser.mjs";

// The README's examples as they stand there: only the address is another.
const server = process.env.LINTEL_SERVER;
assert.ok(server, "start with: go run ./tests/fixtures/server/cmd/withserver npm --prefix clients/typescript test");
const root = fileURLToPath(new URL("..", import.meta.url));
const readme = await readFile(join(root, "README.md"), "utf8");
/** Where a developer's own pages come from, which a server in development knows. */
const ports = [5173, 4200, 3000, 8000];
const password = "a long walk to the blue harbour";

/** The code under a heading, the first of its language. */
function example(heading, language) {
  const under = readme.split(/^## /m).find((part) => part.startsWith(heading));
  const [, code] = new RegExp("```" + language + "\\n([^]*?)```").exec(under ?? "") ?? [];
  assert.ok(code, `the README has no ${language} under "${heading}"`);
  return code.replaceAll("http://localhost:8080", server);
}

async function register() {
  const identifier = `ada-${crypto.randomUUID()}@example.com`;
  const submit = { type: "new_password", identifier, password, profile: { name: "Ada" } };
  const flow = await createClient({ baseUrl: server })(createFlow, { body: { journey: "registration", transport: "token", submit } });
  assert.equal(flow.status, "completed", JSON.stringify(flow.error));
  return { identifier, token: flow.outcome.session_token, user: flow.outcome.user };
}

/** The cookie of somebody who signs in with a browser. */
async function cookieOf(identifier) {
  const headers = { origin: `http://localhost:${ports[0]}`, "content-type": "application/json" };
  const body = JSON.stringify({ journey: "login", transport: "cookie", submit: { type: "password", identifier, password } });
  const answer = await fetch(`${server}/v1/flows`, { method: "POST", headers, body });
  assert.equal((await answer.json()).status, "completed");
  return answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
}

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

/** Bundles code that may import the package, and shows it on a page of the same site. */
async function show(t, html, contents, loader) {
  const executable = findChromium();
  if (!executable && process.env.CI !== "true") return t.skip("no Chromium (CHROMIUM names it)");
  assert.ok(executable, "no Chromium");
  const { outputFiles } = await build({ stdin: { contents, resolveDir: root, loader }, bundle: true, write: false, format: "esm", jsx: "automatic", define: { "process.env.NODE_ENV": '"production"' } });
  const browser = await launch(executable);
  t.after(() => browser.close());
  const page = await browser.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => t.diagnostic(message.text()));
  page.on("pageerror", (error) => t.diagnostic(`${error}`));
  const port = await serve(t, (path) => (path === "/script.js" ? ["text/javascript", outputFiles[0].text] : ["text/html; charset=utf-8", `<!doctype html><title>x</title>${html}<script type="module" src="/script.js"></script>`]));
  await page.goto(`http://localhost:${port}/`);
  return page;
}

const form = `<form><input name="identifier"><input name="password" type="password"><button>Sign in</button></form><output></output>`;

test("a page signs in as the README shows", async (t) => {
  const { identifier } = await register();
  const page = await show(t, form, example("Sign in from a page", "js"), "js");
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

test("Next's page and route answer as the README shows", async (t) => {
  const { identifier, token, user } = await register();
  const folder = await mkdtemp(join(root, "test", "readme-"));
  t.after(() => rm(folder, { recursive: true }));
  // Next itself is not started here: what it hands over is headers and a Request.
  const page = example("Next", "jsx").replace('import { headers } from "next/headers";', "const headers = async () => globalThis.visitor;");
  const { outputFiles } = await build({ stdin: { contents: page, resolveDir: root, loader: "jsx" }, bundle: true, write: false, format: "esm", platform: "node", jsx: "automatic", banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' } });
  await writeFile(join(folder, "page.mjs"), outputFiles[0].text);
  await writeFile(join(folder, "route.mjs"), example("Next", "js"));
  const { default: Page } = await import(join(folder, "page.mjs"));
  const render = async (headers) => {
    globalThis.visitor = new Headers(headers);
    return (await Page()).props.children;
  };
  assert.equal(await render({ cookie: `theme=dark; ${await cookieOf(identifier)}` }), `Signed in as ${user.id}`);
  assert.equal(await render({ cookie: "lintel_session=ls_none" }), "Not signed in");
  assert.equal(await render({}), "Not signed in");

  const { GET } = await import(join(folder, "route.mjs"));
  const { token: jwt } = await createClient({ baseUrl: server, token })(createSessionToken);
  const answer = await GET(new Request("http://localhost:3000/api/hello", { headers: { authorization: `Bearer ${jwt}` } }));
  assert.deepEqual(await answer.json(), { hello: user.id });
  assert.equal((await GET(new Request("http://localhost:3000/api/hello"))).status, 401);
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
