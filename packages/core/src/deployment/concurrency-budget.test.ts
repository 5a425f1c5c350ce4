import { anyProvider } from "@sluice/testing/any-provider";
import { demoProvider } from "@sluice/testing/demo-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { concurrencyNeedOf, overbooked } from "./concurrency-budget.ts";
import type { Environment } from "./environment.ts";
import { parseEnvironment } from "./parse-environment.ts";

const DEMO = demoProvider();

const provider = (maxConcurrency: number, id = "acme") => ({ ...DEMO, id, maxConcurrency });
const environment = (concurrency: number, more: object = {}, name = "production") =>
  parseEnvironment(
    { accountId: "123456789012", region: "eu-central-1", lambda: { concurrency }, ...more },
    name,
    "environments/production.json",
  );

test.each([
  [10, 23],
  [20, 43],
  [50, 106],
  [1, 6],
])("at X = %d a provider needs %d invocations: about 2 X + 3", (x, all) => {
  expect(concurrencyNeedOf(provider(x))).toEqual({ reserved: x + 1, all });
});

test("beyond what the account grants its ventilators X alone grows", () => {
  const granted = { ...provider(400), ventilator: { ...DEMO.ventilator, maxConcurrency: 100 } };
  expect(concurrencyNeedOf(granted).all).toBe(400 + 1 + 100 + 10);
});

test("a catalog that fits is fine, and one invocation less is refused, with what to ask for", () => {
  const catalog = (one: ReturnType<typeof environment>) =>
    [provider(100), provider(50, "other")].map((each) => ({ environment: one, provider: each }));
  // 100 + 1 + 110 and 50 + 1 + 55.
  const enough = environment(317);
  expect(overbooked(enough, catalog(enough))).toEqual([]);
  const short = environment(316);
  const [problem = "", ...others] = overbooked(short, catalog(short));
  expect(others).toEqual([]);
  expect(problem).toContain(
    "need 317 concurrent invocations (acme in production 211, other in production 106",
  );
  expect(problem).toContain("environments/production.json has lambda.concurrency 316");
  expect(problem).toContain("Ask AWS for 317: Service Quotas");
});

test("what is reserved leaves the 100 that AWS keeps unreserved", () => {
  const short = environment(110);
  const [problem] = overbooked(short, [{ environment: short, provider: provider(10) }]);
  expect(problem).toContain("need 111 concurrent invocations");
});

test("other environments count if they share account and region, and only then", () => {
  const here = environment(120);
  const beside = (more: object) => [
    { environment: here, provider: provider(10) },
    { environment: environment(120, more, "staging"), provider: provider(10) },
  ];
  expect(overbooked(here, beside({}))).toHaveLength(1);
  expect(overbooked(here, beside({ region: "us-east-1" }))).toEqual([]);
  expect(overbooked(here, beside({ accountId: "999999999999" }))).toEqual([]);
});

test("what another environment does not reserve may come out of the 100 that AWS keeps unreserved", () => {
  const here = environment(111);
  const reserving = environment(111, {}, "staging");
  const { lambda: _left, ...silent } = reserving;
  const beside = (other: Environment) => [
    { environment: here, provider: provider(10) },
    { environment: other, provider: provider(40) },
  ];
  expect(overbooked(here, beside(silent))).toEqual([]);
  expect(overbooked(here, beside({ ...silent, lambda: { concurrency: 111, isReserved: false } }))).toEqual(
    [],
  );
  expect(overbooked(here, beside(reserving))).toHaveLength(1);
  expect(overbooked(environment(108), beside(silent))).toHaveLength(1);
});

test("an environment that does not want to know is not told", () => {
  const off = environment(10, { lambda: { concurrency: 10, reserve: false } });
  expect(overbooked(off, [{ environment: off, provider: provider(500) }])).toEqual([]);
  const { lambda: _left, ...silent } = environment(10);
  expect(overbooked(silent, [{ environment: silent, provider: provider(500) }])).toEqual([]);
});

test("a provider needs at least its X, its waker and a ventilator for each worker that is called alone", () => {
  fc.assert(
    fc.property(anyProvider, (any) => {
      const { reserved, all } = concurrencyNeedOf(any);
      expect(reserved).toBe(any.maxConcurrency + 1);
      expect(all).toBeGreaterThanOrEqual(
        reserved + Math.min(any.maxConcurrency, any.ventilator.maxConcurrency) / 2,
      );
    }),
  );
});
