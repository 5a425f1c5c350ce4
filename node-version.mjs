import { readFileSync } from "node:fs";

/*
 * Loaded before every script of this project. An older Node.js, which can't read TypeScript, would fail on the first
 * file with an error that says nothing of the cause: the project's own Node.js was not installed.
 */

const { devDependencies } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));
const majorOf = (version) => Number(version.split(".", 1)[0]);

if (majorOf(process.versions.node) < majorOf(devDependencies.node)) {
  process.stderr.write(
    [
      `Sluice runs on Node.js ${majorOf(devDependencies.node)}, and this is ${process.versions.node}.`,
      "It brings its own, the npm package `node`, whose install script has not run, as after `npm ci --ignore-scripts`.",
      "Run it now: npm rebuild node --ignore-scripts=false",
      "",
    ].join("\n"),
  );
  process.exit(1);
}
