import type { Reporter, TestModule } from "vitest/node";

/** An error, as a worker of vitest's has sent it. */
interface SentError {
  readonly name?: string;
  readonly message: string;
}

/**
 * Closes a test run with one plain line, `N passed, N failed`, that any CI can read, and, before it, with what to install where
 * tests could not run for want of it.
 */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const states = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => test.result().state),
    );
    const passed = states.filter((state) => state === "passed").length;
    const brokenModules = modules.filter((module) => module.errors().length > 0).length;
    const failed = states.filter((state) => state === "failed").length + brokenModules + errors.length;
    // The default reporter prints its own summary in the same event, before this one is called.
    process.stdout.write(`\n${whatIsMissing(modules)}${passed} passed, ${failed} failed\n`);
  }
}

/** The first sentence that says so, or nothing. */
function whatIsMissing(modules: readonly TestModule[]): string {
  const missing = modules.flatMap(errorsOf).find(({ name }) => name === "BrowserMissing");
  return missing === undefined ? "" : `${missing.message}\n`;
}

function errorsOf(module: TestModule): readonly SentError[] {
  const suites = [...module.children.allSuites()];
  const tests = [...module.children.allTests()];
  return [
    ...module.errors(),
    ...suites.flatMap((suite) => suite.errors()),
    ...tests.flatMap((test) => test.result().errors ?? []),
  ];
}
