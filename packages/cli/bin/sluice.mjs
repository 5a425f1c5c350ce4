#!/usr/bin/env node
import { existsSync } from "node:fs";

/** The oldest Node.js that the built file runs on. */
const NODE_MIN = 22;

// In the repository the sources run, on the Node.js that npx looks for first: the project's own. A package has the built file.
const source = new URL("../src/main.ts", import.meta.url);
if (existsSync(source)) {
  await import("../../../node-version.mjs");
  await import(source.href);
} else if (Number.parseInt(process.versions.node, 10) < NODE_MIN) {
  process.stderr.write(
    `sluice runs on Node.js ${NODE_MIN} or later, and this is ${process.versions.node}.\n`,
  );
  process.exitCode = 2;
} else {
  await import("../dist/main.mjs");
}
