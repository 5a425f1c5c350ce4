import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { answerWith, startRawServer } from "../../../../test/support/raw-server.ts";
import { providerVariable, workerRequest } from "../fakes/worker-bench.ts";

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("SLUICE_PROVIDER", providerVariable({ slowAfterMs: 50, timeoutMs: 10_000 }));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

test("fetches the record from the provider", async () => {
  const provider = await startRawServer(answerWith(200, "{}"));
  vi.stubEnv("PROVIDER_BASE_URL", `${provider.url}/v1`);
  const { handler } = await import("./http-json.ts");
  const reply = await handler(workerRequest({ attemptId: "mine", recordId: "🦊" }));
  expect(reply).toMatchObject({ attemptId: "mine", outcome: { kind: "ok" } });
  expect(provider.paths).toEqual(["/v1/records/%F0%9F%A6%8A"]);
  await provider.stop();
});

test("a provider that answers nothing in time is at fault", async () => {
  const provider = await startRawServer(() => {});
  vi.stubEnv("PROVIDER_BASE_URL", provider.url);
  const { handler } = await import("./http-json.ts");
  const { outcome } = await handler(workerRequest({ deadlineAtMs: Date.now() + 50 }));
  expect(outcome).toMatchObject({ kind: "fault", cause: expect.stringContaining("no answer within") });
  await provider.stop();
});

test("refuses to load without a provider to call", async () => {
  vi.stubEnv("PROVIDER_BASE_URL", undefined);
  await expect(import("./http-json.ts")).rejects.toThrow("PROVIDER_BASE_URL is not set");
});
