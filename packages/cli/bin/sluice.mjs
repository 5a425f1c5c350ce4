#!/usr/bin/env node
// `npx sluice` runs this with the Node.js that is looked for first: the project's own, if it is installed.
import "../../../node-version.mjs";

await import("../src/main.ts");
