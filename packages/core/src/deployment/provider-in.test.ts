import { expect, test } from "vitest";
import { parseProvider } from "../provider/parse-provider.ts";
import { parseEnvironment } from "./parse-environment.ts";
import { providerIn } from "./provider-in.ts";

const FILE = "catalog/acme.json";
const ACME = {
  id: "acme",
  maxConcurrency: 8,
  slowAfterMs: 4_000,
  timeoutMs: 30_000,
  latency: { medianMs: 800, sigma: 0.8, minMs: 50, maxMs: 30_000 },
  windows: { open: [{ days: ["mon"], from: "08:00", to: "18:00" }] },
  worker: {
    name: "http-json",
    environment: { PROVIDER_BASE_URL: "https://acme.example", NOTE: "a" },
    secrets: ["ApiToken"],
  },
};

const staging = (providers: object) =>
  parseEnvironment(
    { accountId: "123456789012", region: "eu-central-1", providers },
    "staging",
    "environments/staging.json",
  );
const having = (overrides: object) => providerIn(staging({ acme: overrides }), "acme", ACME, FILE);

test("without an override of its own a provider is what its data file says", () => {
  const contract = parseProvider(ACME, FILE);
  expect(providerIn(staging({}), "acme", ACME, FILE)).toEqual(contract);
  expect(providerIn(staging({ other: { maxConcurrency: 2 } }), "acme", ACME, FILE)).toEqual(contract);
  expect(having({})).toEqual(contract);
});

test("an object is merged, a list or a value replaces the file's, and null takes it away", () => {
  const { maxConcurrency, slowAfterMs, worker, windows } = having({
    maxConcurrency: 2,
    windows: null,
    worker: { environment: { PROVIDER_BASE_URL: "https://sandbox.acme.example", NOTE: null }, secrets: [] },
  });
  expect({ maxConcurrency, slowAfterMs, windows }).toEqual({
    maxConcurrency: 2,
    slowAfterMs: 4_000,
    windows: undefined,
  });
  expect(worker).toMatchObject({ name: "http-json", secrets: [] });
  expect(worker.environment).toEqual({ PROVIDER_BASE_URL: "https://sandbox.acme.example" });
});

test("an id that is a name of JavaScript's own has no override", () => {
  const wrong = { ...ACME, id: "constructor", maxConcurrency: 0 };
  expect(() => providerIn(staging({}), "constructor", wrong, FILE)).toThrow(
    /catalog\/acme\.json is invalid:/,
  );
});

test.each([
  [{ maxConcurrency: 0 }, /maxConcurrency must be a whole number from 1 to 1000, received 0/],
  [{ maxConcurency: 1 }, /maxConcurency is not an option/],
  [{ maxConcurrency: null }, /maxConcurrency must be .*received nothing/],
  [{ timeoutMs: 1_000 }, /slowAfterMs/],
])("%j does not fit, and the refusal names both files", (overrides, problem) => {
  expect(() => having(overrides)).toThrow(problem);
  expect(() => having(overrides)).toThrow(
    /catalog\/acme\.json with environments\/staging\.json is invalid:\n/,
  );
  expect(() => having(overrides)).toThrow(expect.objectContaining({ code: "provider-invalid" }));
});

test("a data file that is no object is refused by itself: nothing can be laid over it", () => {
  const read = () => providerIn(staging({ acme: { maxConcurrency: 2 } }), "acme", [], FILE);
  expect(read).toThrow(/catalog\/acme\.json is invalid:/);
});
