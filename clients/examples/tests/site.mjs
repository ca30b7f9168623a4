// Serves a folder as a team would behind its own proxy: the files under a strict policy,
// and the API on the same origin.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml" };

/** The policy of a page: what is inline in it is known by its hash, and nothing else is. */
function policy(html) {
  const hashes = (tag) => [...html.matchAll(new RegExp(`<${tag}\\b[^>]*>([^]*?)</${tag}>`, "g"))].filter(([, text]) => text)
    .map(([, text]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`).join(" ");
  return `default-src 'none'; script-src 'self' ${hashes("script")}; style-src 'self' ${hashes("style")}; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

/** Starts the site on a port of localhost; 0 finds a free one. `forward` says where the API is. */
export async function serve(folder, port = 0) {
  let api;
  const server = createServer(async (incoming, answer) => {
    const { pathname } = new URL(incoming.url, "http://localhost");
    if (pathname.startsWith("/v1/")) {
      const { host, ...headers } = incoming.headers;
      const onward = request(new URL(incoming.url, api), { method: incoming.method, headers: { ...headers, host: new URL(api).host } }, (got) => {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
      });
      onward.on("error", () => answer.destroy());
      return incoming.pipe(onward);
    }
    const name = pathname === "/" ? "index.html" : normalize(pathname).replace(/^[/.]+/, "");
    const content = await readFile(join(folder, name)).catch(() => undefined);
    if (!content) return answer.writeHead(404).end();
    const html = name.endsWith(".html") ? { "content-security-policy": policy(content.toString()) } : {};
    answer.writeHead(200, { "content-type": types[extname(name)] ?? "application/octet-stream", ...html }).end(content);
  });
  await new Promise((ready) => server.listen(port, "localhost", ready));
  return { url: `http://localhost:${server.address().port}`, forward: (url) => (api = url), close: () => (server.closeAllConnections(), new Promise((done) => server.close(done))) };
}
