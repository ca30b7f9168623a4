import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createClient, createFlow } from "@lintel/client";

// The README's examples as they stand there: only the address is another.
export const server = process.env.LINTEL_SERVER;
assert.ok(server, "start with: go run ./tests/fixtures/server/cmd/withserver npm --prefix clients/typescript test");
export const root = fileURLToPath(new URL("../..", import.meta.url));
const readme = await readFile(join(root, "README.md"), "utf8");
/** Where a developer's own pages come from, which a server in development knows. */
export const ports = [5173, 4200, 3000, 8000];
export const password = "a long walk to the blue harbour";

/** The code under a heading, the first of its language. */
export function example(heading, language) {
  const under = readme.split(/^## /m).find((part) => part.startsWith(heading));
  const [, code] = new RegExp("```" + language + "\\n([^]*?)```").exec(under ?? "") ?? [];
  assert.ok(code, `the README has no ${language} under "${heading}"`);
  return code.replaceAll("http://localhost:8080", server);
}

export async function register() {
  const identifier = `ada-${crypto.randomUUID()}@example.com`;
  const submit = { type: "new_password", identifier, password, profile: { name: "Ada" } };
  const flow = await createClient({ baseUrl: server })(createFlow, { body: { journey: "registration", transport: "token", submit } });
  assert.equal(flow.status, "completed", JSON.stringify(flow.error));
  return { identifier, token: flow.outcome.session_token, user: flow.outcome.user };
}

/** The cookie of somebody who signs in with a browser. */
export async function cookieOf(identifier) {
  const headers = { origin: `http://localhost:${ports[0]}`, "content-type": "application/json" };
  const body = JSON.stringify({ journey: "login", transport: "cookie", submit: { type: "password", identifier, password } });
  const answer = await fetch(`${server}/v1/flows`, { method: "POST", headers, body });
  assert.equal((await answer.json()).status, "completed");
  return answer.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
}
