import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

/** Where Chromium is: CHROMIUM, or what the PATH has; undefined without one. */
export function findChromium() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  try {
    return execFileSync("/bin/sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
  } catch {
    return undefined;
  }
}

/** Starts it. As root there is no sandbox to be had. */
export function launch(executablePath) {
  return chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [] });
}

/** The package and play.mjs as one script, which leaves `play(stub, one, who)` behind. */
export async function bundle() {
  const made = await build({
    stdin: {
      contents: `
        import * as core from "@lintel/client";
        import { startFlow } from "@lintel/client/flow";
        import { play } from "./play.mjs";
        globalThis.play = (...given) => play({ ...core, startFlow }, ...given);
      `,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    write: false,
    target: "es2022",
  });
  return made.outputFiles[0].text;
}
