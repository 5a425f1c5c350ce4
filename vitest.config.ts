import { availableParallelism } from "node:os";
import { defineConfig, type TestProjectInlineConfiguration, type ViteUserConfig } from "vitest/config";

const EVERY_FILE = ["packages/*/src/**/*.test.ts", "test/**/*.test.ts"];
/** What `npm test` leaves to `npm run test:long`, wherever it is. */
const LONG = "**/*.long.test.ts";
/** Tests that leave nothing behind in their process: most of their time went into loading the same modules anew. */
const SHARING_A_PROCESS = "packages/{cli,console,core,sim}/src/**/*.test.ts";
const ON_THE_REAL_CLOCK = "test/end-to-end/**/*.test.ts";
/** Tests that keep all cores busy, at a low priority: they take what those on the real clock leave. */
const WITH_THREADS = "test/simulate/**/*.test.ts";

const cores = availableParallelism();
/** A core is left idle by a test that waits: another one fills the gap. */
const COMPUTING_AT_A_TIME = cores + 1;
/** A run on the real clock takes half of a core. */
const WAITING_AT_A_TIME = 2 * cores;
/** One of them simulates days for as long as the stage lasts. */
const BESIDE_DAYS_AT_A_TIME = WAITING_AT_A_TIME + 1;

/** Tests in a stage of their own, or with the other projects of that stage: stages follow each other. */
function project(
  name: string,
  stage: number,
  test: TestProjectInlineConfiguration["test"],
): TestProjectInlineConfiguration {
  return { extends: true, test: { name, sequence: { groupOrder: stage }, ...test } };
}

const config: ViteUserConfig = defineConfig({
  test: {
    globalSetup: ["./test/support/suite-folder.ts"],
    setupFiles: ["./test/support/check-requests.ts"],
    reporters: ["default", "./test/support/summary-reporter.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    projects: [
      project("units", 1, {
        include: [SHARING_A_PROCESS],
        exclude: [LONG],
        isolate: false,
        maxWorkers: COMPUTING_AT_A_TIME,
      }),
      project("components", 1, {
        include: EVERY_FILE,
        exclude: [LONG, SHARING_A_PROCESS, ON_THE_REAL_CLOCK, WITH_THREADS],
        maxWorkers: COMPUTING_AT_A_TIME,
      }),
      project("end-to-end", 2, {
        include: [ON_THE_REAL_CLOCK],
        exclude: [LONG],
        globalSetup: ["./test/support/unpack-browser.ts"],
        maxWorkers: BESIDE_DAYS_AT_A_TIME,
      }),
      // Begins before what it runs beside, as its name comes first: it takes the longest.
      project("days", 2, {
        include: [WITH_THREADS],
        exclude: [LONG],
        maxWorkers: BESIDE_DAYS_AT_A_TIME,
      }),
      project("long-simulate", 3, {
        include: EVERY_FILE.map((pattern) => pattern.replace("**/*.test.ts", LONG)),
        exclude: [ON_THE_REAL_CLOCK],
        maxWorkers: cores,
      }),
      project("long-end-to-end", 4, {
        include: [ON_THE_REAL_CLOCK.replace("**/*.test.ts", LONG)],
        // These are storms of thousands of records: a call that begins late for want of a core is counted against the run.
        maxWorkers: cores,
      }),
    ],
  },
});

export default config;
