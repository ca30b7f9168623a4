import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient, createFlow, createSessionToken } from "@lintel/client";
import { build } from "esbuild";

// The package in the runtime of Cloudflare's workers, which is no Node: the Fetch API is all it has.
const server = process.env.LINTEL_SERVER;
assert.ok(server, "start with: go run ./tests/fixtures/server/cmd/withserver npm --prefix clients/typescript test");

const worker = `
  import { createClient } from "@lintel/client";
  import { createGuard, createVerifier, readSession, withClaims } from "@lintel/client/server";

  const guard = createGuard(createVerifier({ baseUrl: "${server}" }));
  const lintel = createClient({ baseUrl: "${server}" });
  const hello = withClaims(guard, (request, claims) => Response.json({ hello: claims.sub }));
  const session = async (request) => Response.json((await readSession(lintel, request.headers)) ?? null);
  export default { fetch: (request) => (new URL(request.url).pathname === "/session" ? session : hello)(request) };
`;

const configuration = `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (modules = [(name = "worker", esModule = embed "worker.mjs")], compatibilityDate = "2024-01-01")),
    (name = "internet", network = (allow = ["public", "private"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
);
`;

/** Starts the worker, and gives where it listens. */
async function start(t) {
  const folder = await mkdtemp(join(tmpdir(), "lintel-worker-"));
  t.after(() => rm(folder, { recursive: true }));
  const resolveDir = fileURLToPath(new URL(".", import.meta.url));
  await build({ stdin: { contents: worker, resolveDir }, bundle: true, format: "esm", target: "es2022", outfile: join(folder, "worker.mjs") });
  await writeFile(join(folder, "worker.capnp"), configuration);
  const { default: program } = createRequire(import.meta.url)("workerd");
  const running = spawn(program, ["serve", "--control-fd=3", join(folder, "worker.capnp")], { stdio: ["ignore", "inherit", "inherit", "pipe"] });
  t.after(() => running.kill());
  return new Promise((resolve, reject) => {
    running.on("error", reject).on("exit", (code) => reject(new Error(`workerd ends with ${code}`)));
    running.stdio[3].on("data", (data) => resolve(`http://127.0.0.1:${JSON.parse(`${data}`.split("\n")[0]).port}`));
  });
}

test("a worker checks tokens and reads sessions", async (t) => {
  const identifier = `ada-${crypto.randomUUID()}@example.com`;
  const submit = { type: "new_password", identifier, password: "a long walk to the blue harbour", profile: { name: "Ada" } };
  const { outcome } = await createClient({ baseUrl: server })(createFlow, { body: { journey: "registration", transport: "token", submit } });
  const { token } = await createClient({ baseUrl: server, token: outcome.session_token })(createSessionToken);
  const url = await start(t);
  const ask = (path, bearer) => fetch(url + path, { headers: bearer ? { authorization: `Bearer ${bearer}` } : {} });
  assert.deepEqual(await (await ask("/", token)).json(), { hello: outcome.user.id });
  assert.equal((await ask("/")).status, 401);
  assert.equal((await ask("/", `${token.slice(0, -8)}AAAAAAAA`)).status, 401);
  assert.equal((await (await ask("/session", outcome.session_token)).json()).id, outcome.session.id);
  assert.equal(await (await ask("/session")).json(), null);
});
