import { captureLogs } from "@sluice/testing/capture-logs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { providerVariable, workerRequest } from "../fakes/worker-harness.ts";

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("SLUICE_PROVIDER", providerVariable({ slowAfterMs: 50, timeoutMs: 100 }));
  vi.stubEnv("PROVIDER_BASE_URL", "http://127.0.0.1:9");
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** The lines that three calls log at a level. */
async function linesOf(level: string): Promise<readonly Record<string, unknown>[]> {
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", level);
  const lines = captureLogs();
  const { handler } = await import("./dry-run.ts");
  for (const recordId of ["a", "b", "c"]) await handler(workerRequest({ recordId }));
  return lines;
}

test("every call succeeds at once, and reaches nobody", async () => {
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  const { handler } = await import("./dry-run.ts");
  expect(await handler(workerRequest({ attemptId: "mine" }))).toEqual({
    version: 1,
    attemptId: "mine",
    outcome: { kind: "ok", latencyMs: expect.any(Number) },
  });
});

test("says once that it calls nobody", async () => {
  const messages = (await linesOf("INFO")).map(({ level, message }) => [level, message]);
  expect(messages).toEqual([["INFO", "dry run: the provider is not called"]]);
});

test("names each record for those who look closely", async () => {
  const lines = await linesOf("DEBUG");
  const dry = lines.filter(
    ({ level, message }) => level === "DEBUG" && String(message).startsWith("dry run"),
  );
  expect(dry.map(({ recordId }) => recordId)).toEqual(["a", "b", "c"]);
});
