// Several domains with one server behind them, over TLS: passkeys of one, used on others. No
// name is asked of anybody, and the certificate is made here.
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, launch, startServer } from "./stage.mjs";

const [own, related, other] = ["harbour.test", "boats.test", "strangers.test"];
const origin = (host) => `https://${host}`;

/** The relying party is harbour.test. Its passkeys are for boats.test too, and not for strangers.test. */
export async function domains() {
  const folder = await mkdtemp(join(tmpdir(), "lintel-domains-"));
  const file = (name) => join(folder, name);
  const port = await freePort();
  await writeFile(file("lintel.yaml"), JSON.stringify({
    listen: `localhost:${port}`, base_url: origin(own), data_dir: file("data"), operations: { listen: "localhost:0" },
    applications: [{
      client_id: "boats", name: "Harbour Boats", default: true, origins: [own, related, other].map(origin), ownership_proof: "deferred",
      passkeys: { rp_id: own, origins: [origin(related)] },
    }],
  }));
  const stop = await startServer(folder, ["serve", "--config", file("lintel.yaml")]);
  execFileSync("openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", `/CN=${own}`, "-keyout", file("key.pem"), "-out", file("cert.pem")], { stdio: "ignore" });
  const asked = [];
  const proxy = createServer({ key: await readFile(file("key.pem")), cert: await readFile(file("cert.pem")) }, (incoming, answer) => {
    asked.push(`${incoming.headers.host} ${incoming.url}`);
    const onward = request({ host: "localhost", port, path: incoming.url, method: incoming.method, headers: { ...incoming.headers, host: own } }, (got) => {
      answer.writeHead(got.statusCode, got.headers);
      got.pipe(answer);
    });
    onward.on("error", () => answer.destroy());
    incoming.pipe(onward);
  });
  await new Promise((ready) => proxy.listen(0, "127.0.0.1", ready));
  const rules = [own, related, other].map((host) => `MAP ${host}:443 127.0.0.1:${proxy.address().port}`);
  const browser = await launch("--ignore-certificate-errors", `--host-resolver-rules=${rules.join(", ")}`);
  const url = (host, hash) => `${origin(host)}/demo/#${hash}`;
  return {
    asked, url,
    async visit(host, hash) {
      const page = await browser.newPage({ locale: "en-GB" });
      page.setDefaultTimeout(10_000);
      await page.goto(url(host, hash));
      await page.getByRole("heading", { level: 1 }).waitFor();
      return page;
    },
    async close() {
      await browser.close();
      proxy.closeAllConnections();
      await new Promise((done) => proxy.close(done));
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}
