import { inspect } from "node:util";
import { captureLogs } from "@sluice/testing/capture-logs";
import { type Answering, answerWith, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { providerVariable, workerRequest } from "../fakes/worker-harness.ts";

const TIMES = { slowAfterMs: 50, timeoutMs: 10_000 };
const WITH_TOKEN = providerVariable(TIMES, { secrets: ["ApiToken"] });

beforeEach(() => {
  vi.resetModules();
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "SILENT");
  vi.stubEnv("SLUICE_PROVIDER", providerVariable(TIMES));
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.doUnmock("./secret.ts");
  vi.restoreAllMocks();
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

test.each([
  "localhost:8080",
  "ftp://acme.example",
  "acme.example:443",
  "https://u:s3cr3t@acme.example",
  "https://acme.example?v=1",
])("refuses to load with the base URL %s, and does not quote it", async (url) => {
  vi.stubEnv("PROVIDER_BASE_URL", url);
  const thrown = await import("./http-json.ts").catch((error: unknown) => error);
  expect(thrown).toMatchObject({
    code: "environment-invalid",
    message: expect.stringMatching(/must be an address such as https:.*\n.*PROVIDER_BASE_URL/),
  });
  expect(inspect(thrown)).not.toContain(url);
});

test("refuses to load where its token would go out unencrypted", async () => {
  vi.stubEnv("SLUICE_PROVIDER", WITH_TOKEN);
  vi.stubEnv("PROVIDER_BASE_URL", "http://acme.example");
  vi.doMock("./secret.ts", () => ({ secretOf: () => "s3cr3t" }));
  await expect(import("./http-json.ts")).rejects.toMatchObject({
    code: "environment-invalid",
    message: expect.stringContaining("PROVIDER_BASE_URL must begin with https:"),
  });
});

test("loads without TLS where it has no token", async () => {
  vi.stubEnv("PROVIDER_BASE_URL", "http://acme.example");
  await expect(import("./http-json.ts")).resolves.toHaveProperty("handler");
});

/** The Authorization header of the one request that a worker sends which could read this token. */
async function authorizationSent(token: string): Promise<string | undefined> {
  const sent: (string | undefined)[] = [];
  const answer: Answering = (response, request) => {
    sent.push(request.headers.authorization);
    answerWith(200, "{}")(response, request);
  };
  const provider = await startRawServer(answer);
  vi.stubEnv("PROVIDER_BASE_URL", provider.url);
  vi.doMock("./secret.ts", () => ({
    secretOf: (name: string) => `${token} of ${name}`.replaceAll(" ", "-"),
  }));
  const { handler } = await import("./http-json.ts");
  expect(await handler(workerRequest())).toMatchObject({ outcome: { kind: "ok" } });
  await provider.stop();
  expect(sent).toHaveLength(1);
  return sent[0];
}

test("sends the provider's ApiToken", async () => {
  vi.stubEnv("SLUICE_PROVIDER", WITH_TOKEN);
  expect(await authorizationSent("s3cr3t")).toBe("Bearer s3cr3t-of-ApiToken");
});

test.each([[], ["OtherToken"]])(
  "sends no token unless the provider's definition names it: %j",
  async (...secrets) => {
    vi.stubEnv("SLUICE_PROVIDER", providerVariable(TIMES, { secrets }));
    expect(await authorizationSent("s3cr3t")).toBeUndefined();
  },
);

test("logs nothing of the token, at any level", async () => {
  vi.stubEnv("SLUICE_PROVIDER", WITH_TOKEN);
  vi.stubEnv("POWERTOOLS_LOG_LEVEL", "TRACE");
  const lines = captureLogs();
  await authorizationSent("s3cr3t");
  expect(lines.length).toBeGreaterThan(0);
  expect(JSON.stringify(lines)).not.toContain("s3cr3t");
});

test.each(["s3cr3t\n", "s3cr3t token", "s3cr3t\u00e9"])(
  "refuses to load with a token that no header can carry, and does not quote it: %j",
  async (token) => {
    vi.stubEnv("PROVIDER_BASE_URL", "http://127.0.0.1:9");
    vi.stubEnv("SLUICE_PROVIDER", WITH_TOKEN);
    vi.doMock("./secret.ts", () => ({ secretOf: () => token }));
    const thrown = await import("./http-json.ts").catch((error: unknown) => error);
    expect(thrown).toMatchObject({
      code: "environment-invalid",
      message: expect.stringMatching(/^The secret ApiToken has characters/),
    });
    expect(inspect(thrown)).not.toContain("s3cr3t");
  },
);
