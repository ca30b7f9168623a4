// What the tests play on: a server of this tree with an application that asks for
// everything, both pages, and a browser.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import * as lintel from "../login-vanilla/lintel.js";
import { serve } from "./site.mjs";

export const password = "a long walk to the blue harbour";
export const kinds = ["vanilla", "react"];

const root = fileURLToPath(new URL("../../..", import.meta.url));

/** Starts everything. `close` ends it, and fails where a page had an error of its own. */
export async function open() {
  const folder = await mkdtemp(join(tmpdir(), "lintel-examples-"));
  const [port, site] = await Promise.all([freePort(), serve(fileURLToPath(new URL("../login-react/dist", import.meta.url)))]);
  const urls = { vanilla: `http://localhost:${port}/demo/`, react: `${site.url}/` };
  const key = `lk_${randomBytes(32).toString("base64url")}`;
  const server = await startConfigured(folder, port, site.url, Object.values(urls), key);
  site.forward(server.url);
  const browser = await launch();
  const client = lintel.createClient({ baseUrl: server.url, token: "" });
  const faults = [];
  let people = 0;

  return {
    /** A page in a browser of its own, at the door. */
    async visit(kind, { path = "", prepare, ...options } = {}) {
      const context = await browser.newContext({ locale: "en-GB", reducedMotion: "reduce", viewport: { width: 1100, height: 760 }, ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(10_000);
      page.on("pageerror", (error) => faults.push(`${kind}: ${error}`));
      // Chromium notes a refusal by the policy as an error, and also every answer above 399.
      page.on("console", (said) => said.type() === "error" && !said.text().startsWith("Failed to load resource") && faults.push(`${kind}: ${said.text()}`));
      await prepare?.(page);
      await page.goto(urls[kind] + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      return page;
    },
    /** An empty page in a browser of its own, as a mail client has for a letter: it fetches nothing. */
    async blank(options) {
      const context = await browser.newContext({ locale: "en-GB", viewport: { width: 800, height: 900 }, ...options });
      const page = await context.newPage();
      await page.route("**", (route) => (faults.push(`a letter fetches ${route.request().url()}`), route.abort()));
      return page;
    },
    /** Somebody who has signed up, without a browser. */
    async register(profile = { name: "Ada Lovelace" }) {
      const identifier = name(people++);
      const flow = await lintel.startFlow(client, { journey: "registration", transport: "token", submit: { type: "new_password", identifier, password, profile } });
      const { terms } = lintel.offer(flow.state.flow, "consent");
      await flow.submit({ type: "consent", agreed: terms.map(({ subject, version }) => ({ subject, version })) });
      assert.equal(flow.state.flow.status, "completed");
      return identifier;
    },
    /** An address that nobody has yet. */
    newcomer: () => name(people++),
    /** The next message to somebody, after one that was read before. */
    async message(to, before) {
      const { messages } = await client(lintel.getTestInbox, { to, after: before?.id, wait: 20 });
      assert.ok(messages.length, `a message to ${to}`);
      return messages[0];
    },
    /** Asks as an operator does. */
    async manage(method, path, body) {
      const headers = { authorization: `Bearer ${key}`, "content-type": "application/json", "idempotency-key": randomBytes(16).toString("hex") };
      const answer = await fetch(`${server.url}/admin/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
      assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok || (await answer.text())}`);
      return answer.json();
    },
    /** Lets time go by, for the server. */
    advance: (seconds) => client(lintel.advanceClock, { body: { seconds } }),
    async close() {
      await browser.close();
      await site.close();
      await server.stop();
      await rm(folder, { recursive: true });
      assert.deepEqual(faults, []);
    },
  };
}

/**
 * What a newcomer has after the first command of the README: a server that nobody has told
 * anything, but where to listen, since another one may be at the usual port. And a page at
 * its demo.
 */
export async function openFirst() {
  const readme = await readFile(join(root, "README.md"), "utf8");
  const [, program, args] = /```sh\n(go run \.\/server\/cmd\/lintel) ?(.*)\n/.exec(readme) ?? [];
  assert.ok(program, "the first command of the README runs the server");
  const folder = await mkdtemp(join(tmpdir(), "lintel-first-"));
  const port = await freePort();
  const stop = await startServer(folder, args.split(" "), { LINTEL_LISTEN: `localhost:${port}`, LINTEL_OPERATIONS_LISTEN: "localhost:0" });
  const browser = await launch();
  const page = await browser.newPage({ locale: "en-GB" });
  page.setDefaultTimeout(10_000);
  return {
    page, demo: `http://localhost:${port}/demo`,
    async close() {
      await browser.close();
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

export const launch = (...more) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? execFileSync("/bin/sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
  args: [...(process.getuid?.() === 0 ? ["--no-sandbox"] : []), ...more], // root has no sandbox to be had
});

const name = (number) => `ada-${process.pid}-${number}@example.com`;

/** A port that was free a moment ago: the application's origin is configured before the server starts. */
export async function freePort() {
  const server = createServer();
  await new Promise((ready) => server.listen(0, "localhost", ready));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/**
 * A server whose application asks for everything, and which lets time be moved. Two more ask
 * for nothing but the proof of an address, and differ in what a link does elsewhere. Some have
 * passkeys, and one has guests.
 */
async function startConfigured(folder, port, site, pages, bootstrap_key) {
  const url = `http://localhost:${port}`;
  const file = join(folder, "lintel.yaml");
  await writeFile(file, JSON.stringify({
    listen: `localhost:${port}`,
    data_dir: join(folder, "data"),
    test_mode: true,
    bootstrap_key,
    operations: { listen: "localhost:0" },
    // One browser is many people here.
    rate: { source: { rate: 0 }, account: { rate: 0 } },
    risk: { submissions: { burst: 1000 }, source: { burst: 1000 }, account_from_source: { burst: 1000 } },
    applications: [{
      client_id: "books", name: "Harbour Books", default: true, origins: [url, site], ownership_proof: "deferred",
      profile_claims: ["name"], terms: { version: "2026-11", url: "https://books.example/terms" }, link_uris: pages,
    }, ...["approve", "refuse"].map((link_elsewhere) => ({
      client_id: link_elsewhere, name: "Harbour Boats", origins: [url, site], ownership_proof: "before_account", link_uris: pages, link_elsewhere,
    })), ...keyed.map(({ client_id, ...passkeys }) => ({
      client_id, name: "Harbour Keys", origins: [url, site], ownership_proof: "deferred", link_uris: pages, passkeys: { rp_id: "localhost", ...passkeys },
    })), { client_id: "guests", name: "Harbour Inn", origins: [url, site], ownership_proof: "deferred", link_uris: pages, guests: true }],
  }));
  return { url, stop: await startServer(folder, ["serve", "--config", file]) };
}

/** The applications with passkeys: what each wants of them. */
const keyed = [
  { client_id: "keys", user_verification: "preferred" }, { client_id: "keys-verified", user_verification: "required" },
  { client_id: "keys-second", user_verification: "preferred", second_factor: true }, { client_id: "keys-upgrade", user_verification: "preferred", conditional_create: true },
  { client_id: "keys-touch", user_verification: "discouraged" }, { client_id: "keys-hybrid", user_verification: "preferred", hints: ["hybrid"] },
];

/** Starts the program in a folder, waits until it serves, and gives what stops it. */
export async function startServer(folder, args, settings = {}) {
  const binary = process.env.LINTEL_BINARY ?? join(folder, "lintel");
  if (!process.env.LINTEL_BINARY) execFileSync("go", ["build", "-o", binary, "./server/cmd/lintel"], { cwd: root, stdio: "inherit" });
  // Whatever else is called LINTEL_ would be a setting.
  const env = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("LINTEL_"))), ...settings };
  const program = spawn(binary, args, { cwd: folder, env, stdio: ["ignore", "ignore", "pipe"] });
  const ended = new Promise((done) => program.once("exit", done));
  const said = [];
  await new Promise((ready, fail) => {
    createInterface(program.stderr).on("line", (line) => (said.push(line), line.includes('"serving"') && ready()));
    ended.then(() => fail(new Error(said.join("\n"))));
  });
  return () => (program.kill("SIGTERM"), ended);
}

/** The letters that come with the server: of each shape that there is one, and the languages. */
export const letterKinds = [
  "test", "login_code", "login_link", "registration_link", "recovery_code", "step_up_code", "no_account", "password_changed", "password_reset", "identifier_added",
  "identifier_removed", "identifier_removed_undo", "recovery_started", "account_recovered", "invitation",
];
export const letterLocales = ["en", "de", "fr", "es", "pt", "ja", "ar"];

/** A letter with the sample values. */
export const letter = (stage, kind, locale) => stage.manage("POST", "/templates/preview", { kind, channel: "email", locale });

/** The page's requests to the API from now on. */
export function listen(page) {
  const asked = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname.startsWith("/v1/")) asked.push(`${request.method()} ${pathname.replace(/flw_\w+/, "{flow}")}`);
  });
  return asked;
}

/** The axe-core checks: all of them, or those with such tags. */
export async function axe(page, tags) {
  await page.evaluate(await axeSource);
  const { violations } = await page.evaluate((tags) => globalThis.axe.run(tags ? { runOnly: tags } : {}), tags);
  assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`), []);
}
const axeSource = readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** Where the focus is: its role or tag, and its name. */
export const focused = (page) => page.evaluate(() => {
  const { activeElement: at } = document;
  return `${at.localName} ${at.labels?.[0]?.textContent ?? at.ariaLabel ?? at.textContent}`;
});

/** What a screen reader adds to a field: its description, and that it is wrong. */
export const described = (field) => field.evaluate((input) => ({
  invalid: input.getAttribute("aria-invalid"),
  text: input.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id)?.textContent).filter(Boolean).join(" "),
}));

/** The fields by their labels. */
export const who = (page) => page.getByRole("textbox", { name: /username$/i });
export const secret = (page) => page.getByLabel("Password", { exact: true });
export const newSecret = (page) => page.getByLabel("New password", { exact: true });
export const press = (page, label) => page.getByRole("button", { name: label, exact: true }).click();
export const title = (page, text) => page.getByRole("heading", { level: 1, name: text }).waitFor();

/** Signs somebody in who is at the door, or will be in a moment: the page before may have fields of the same names. */
export async function signIn(page, identifier, word = password) {
  await title(page, "Sign in");
  await who(page).fill(identifier);
  await secret(page).fill(word);
  await press(page, "Sign in");
}
