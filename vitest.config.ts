import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

/** Files that `npm test` leaves to `npm run test:long`, wherever they are. */
const LONG = "**/*.long.test.ts";
const ROOTS = ["packages/*/src", "test"];
const ON_THE_REAL_CLOCK = "test/end-to-end/**/*.test.ts";
const WITH_THREADS_OF_THEIR_OWN = "test/simulate/**/*.test.ts";

/** Runs on the real clock mostly wait: so many at a time keep a core busy. */
const RUNS_PER_CORE = 2;

const cores = availableParallelism();

const below = (pattern: string) => ROOTS.map((root) => `${root}/${pattern}`);

/** Tests that run at a time among themselves, after those of the projects before. */
function project(
  name: string,
  groupOrder: number,
  options: TestProjectInlineConfiguration["test"],
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, sequence: { groupOrder }, ...options } };
}

const config: ViteUserConfig = defineConfig({
  test: {
    setupFiles: ["./test/support/check-requests.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      project("quick", 0, {
        include: below("**/*.test.ts"),
        exclude: [LONG, ON_THE_REAL_CLOCK, WITH_THREADS_OF_THEIR_OWN],
        maxWorkers: cores,
      }),
      project("end-to-end", 1, {
        include: [ON_THE_REAL_CLOCK],
        exclude: [LONG],
        globalSetup: ["./test/support/unpack-browser.ts"],
        maxWorkers: RUNS_PER_CORE * cores,
      }),
      project("threads", 2, { include: [WITH_THREADS_OF_THEIR_OWN], exclude: [LONG], maxWorkers: 1 }),
      project("long", 3, { include: below(LONG), maxWorkers: RUNS_PER_CORE * cores }),
    ],
  },
});

export default config;
