// Makes login-vanilla/lintel.js, the client in one file, from its source; with --check it
// only says whether what is there is that file. `lintel serve` carries it, so that the
// server builds without Node.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const target = fileURLToPath(new URL("login-vanilla/lintel.js", import.meta.url));
const { outputFiles } = await build({
  stdin: {
    contents: 'export * from "./src/index.ts"; export * from "./src/flow/index.ts"; export * from "./src/passkeys/index.ts";',
    resolveDir: fileURLToPath(new URL("../typescript", import.meta.url)),
  },
  banner: { js: "// Core, flows and passkeys of @lintel/client. Made by clients/examples/build.mjs; not to be edited." },
  bundle: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  minify: process.argv.includes("--min"),
  write: false,
});
const made = outputFiles[0].text;
if (!process.argv.includes("--check")) {
  await writeFile(target, made);
} else if ((await readFile(target, "utf8").catch(() => "")) !== made) {
  console.error("login-vanilla/lintel.js is not what the client's source gives: npm run build in clients/examples");
  process.exit(1);
}
