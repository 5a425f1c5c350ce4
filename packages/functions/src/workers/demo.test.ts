import { answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { providerVariable, workerRequest } from "../fakes/worker-harness.ts";

const SLOW_AFTER_MS = 5;

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("SLUICE_PROVIDER", providerVariable({ slowAfterMs: SLOW_AFTER_MS, timeoutMs: 10_000 }));
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function load(variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const { handler } = await import("./demo.ts");
  return handler;
}

test("without trouble and without a provider, every call succeeds", async () => {
  const handler = await load({});
  const replies = await Promise.all(Array.from({ length: 50 }, () => handler(workerRequest())));
  expect(new Set(replies.map(({ outcome }) => outcome.kind))).toEqual(new Set(["ok"]));
});

test("ERROR_PERCENTAGE 100 makes every call the provider's fault", async () => {
  const handler = await load({ ERROR_PERCENTAGE: "100" });
  const replies = await Promise.all(Array.from({ length: 50 }, () => handler(workerRequest())));
  for (const { outcome } of replies) {
    expect(outcome).toMatchObject({ kind: "fault", cause: "ERROR_PERCENTAGE hit this call" });
  }
});

test("THROTTLED_PERCENTAGE 100 tells every call to come later, and when", async () => {
  const handler = await load({ THROTTLED_PERCENTAGE: "100" });
  const { outcome } = await handler(workerRequest());
  expect(outcome).toMatchObject({ kind: "throttled", retryAfterMs: 20_000 });
});

test("HANGING_PERCENTAGE 100 answers no call before its deadline", async () => {
  const handler = await load({ HANGING_PERCENTAGE: "100" });
  const { outcome } = await handler(workerRequest({ deadlineAtMs: Date.now() + 30 }));
  expect(outcome).toMatchObject({ kind: "fault", cause: expect.stringContaining("no answer within") });
});

test("SLOW_PERCENTAGE 100 makes every call slower than the provider's threshold", async () => {
  const handler = await load({ SLOW_PERCENTAGE: "100" });
  for (let round = 0; round < 20; round += 1) {
    const replies = await Promise.all(Array.from({ length: 30 }, () => handler(workerRequest())));
    for (const { outcome } of replies) {
      expect(outcome.kind).toBe("ok");
      expect(outcome.latencyMs).toBeGreaterThan(SLOW_AFTER_MS);
    }
  }
});

test("a share between hits some calls and spares others", async () => {
  const handler = await load({ ERROR_PERCENTAGE: "50" });
  const replies = await Promise.all(Array.from({ length: 200 }, () => handler(workerRequest())));
  expect(new Set(replies.map(({ outcome }) => outcome.kind))).toEqual(new Set(["ok", "fault"]));
});

test("usual latency comes from the range", async () => {
  const handler = await load({ LATENCY_MIN_MS: "40", LATENCY_MAX_MS: "60" });
  const { outcome } = await handler(workerRequest());
  expect(outcome.latencyMs).toBeGreaterThan(38);
});

test("a call under way ends with its deadline", async () => {
  const handler = await load({ LATENCY_MIN_MS: "60000", LATENCY_MAX_MS: "60000" });
  const { outcome } = await handler(workerRequest({ deadlineAtMs: Date.now() + 30 }));
  expect(outcome).toMatchObject({ kind: "fault", cause: expect.stringContaining("no answer within") });
});

test.each([
  [200, "ok"],
  [404, "rejected"],
  [429, "throttled"],
  [500, "fault"],
])("with a provider, its status %i is %s", async (status, kind) => {
  const provider = await startRawServer(answerWith(status, "{}"));
  const handler = await load({ PROVIDER_BASE_URL: provider.url });
  expect((await handler(workerRequest({ recordId: "a/b" }))).outcome.kind).toBe(kind);
  expect(provider.paths).toEqual(["/records/a%2Fb"]);
  await provider.stop();
});

test.each([
  ["ERROR_PERCENTAGE", "101"],
  ["SLOW_PERCENTAGE", "-1"],
  ["THROTTLED_PERCENTAGE", "some"],
  ["HANGING_PERCENTAGE", "200"],
  ["LATENCY_MAX_MS", "long"],
  ["PROVIDER_BASE_URL", "somewhere"],
])("refuses to load with %s = %s, and names it", async (name, value) => {
  await expect(load({ [name]: value })).rejects.toThrow(name);
});
