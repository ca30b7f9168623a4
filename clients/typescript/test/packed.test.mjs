// The package as npm packs it, installed into an empty project away from this tree.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";

const home = fileURLToPath(new URL("..", import.meta.url));
const manifest = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
const entries = Object.keys(manifest.exports);
const specifier = (entry) => manifest.name + entry.slice(1);
const place = mkdtempSync(join(tmpdir(), "lintel-packed-"));
const project = join(place, "project");
let packed;

function run(program, args, cwd) {
  try {
    return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (failure) {
    throw new Error(`${program} ${args.join(" ")}: ${failure.stdout}${failure.stderr}`);
  }
}

const install = (...packages) =>
  run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", "--ignore-scripts", ...packages], project);

const script = (code) => run("node", ["--input-type=module", "--eval", code], project);

before(() => {
  [packed] = JSON.parse(run("npm", ["pack", "--json", "--pack-destination", place], home));
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify({ private: true, type: "module" }));
  install(join(place, packed.filename));
});

after(() => rmSync(place, { recursive: true, force: true }));

test("the package holds what it is made of, and nothing else", () => {
  const built = readdirSync(join(home, "src"), { recursive: true })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => `dist/${path.replaceAll("\\", "/").slice(0, -".ts".length)}`);
  const expected = [
    ...["CHANGELOG.md", "LICENSE", "README.md", "package.json"],
    ...built.flatMap((path) => [`${path}.js`, `${path}.d.ts`]),
  ];
  assert.deepEqual(packed.files.map((file) => file.path).sort(), expected.sort());
  console.log(`packed: ${packed.size} bytes, ${packed.unpackedSize} unpacked, in ${packed.files.length} files`);
});

test("the licence is that of the repository", () => {
  const read = (path) => readFileSync(join(home, path), "utf8");
  assert.equal(read("LICENSE"), read("../../LICENSE"));
});

test("nothing else is installed with it", () => {
  const scope = manifest.name.split("/")[0];
  assert.deepEqual(readdirSync(join(project, "node_modules")).filter((name) => !name.startsWith(".")), [scope]);
});

test("every entry says types before code, and both are there", () => {
  const files = new Set(packed.files.map((file) => `./${file.path}`));
  for (const [entry, targets] of Object.entries(manifest.exports)) {
    assert.deepEqual(Object.keys(targets), ["types", "default"], entry);
    for (const target of Object.values(targets)) assert.ok(files.has(target), `${entry}: ${target}`);
  }
  assert.throws(() => script(`await import("${manifest.name}/dist/index.js")`), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
});

test("plain Node imports every entry, and none but the hooks needs React", () => {
  const load = (entry) => script(`console.log(Object.keys(await import("${specifier(entry)}")).length)`);
  for (const entry of entries) {
    if (entry !== "./react") assert.ok(Number(load(entry)) > 0, entry);
  }
  assert.throws(() => load("./react"), /'react'/);
  install(`react@${manifest.devDependencies.react}`);
  assert.ok(Number(load("./react")) > 0);
});

test("a strict compiler reads every entry, as Node resolves it and as bundlers do", () => {
  const pinned = (name) => `${name}@${manifest.devDependencies[name]}`;
  install(pinned("react"), pinned("@types/react"), pinned("typescript"));
  const uses = entries.map((entry, i) => `import * as entry${i} from "${specifier(entry)}";\nexport const names${i}: readonly (keyof typeof entry${i})[] = [];`);
  // A wrong use must be seen, or a package without types would pass as well.
  uses.push(
    `import { createClient, getSession, type Session } from "${manifest.name}";`,
    `export const session: Promise<Session> = createClient({ baseUrl: "https://id.example.com" })(getSession);`,
    `// @ts-expect-error a base URL is a text`,
    `createClient({ baseUrl: 1 });`,
  );
  writeFileSync(join(project, "use.ts"), uses.join("\n"));
  for (const [module, moduleResolution] of [["Node16", "Node16"], ["NodeNext", "NodeNext"], ["ESNext", "Bundler"]]) {
    const compilerOptions = {
      module, moduleResolution, target: "ES2022", lib: ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"], types: [],
      strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true,
    };
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
    run("node", ["node_modules/typescript/bin/tsc"], project);
  }
});
