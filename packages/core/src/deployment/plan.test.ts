import { anyProvider } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseProvider } from "../provider/parse-provider.ts";
import { concurrencyNeedOf } from "./concurrency-budget.ts";
import { type DeploymentPlan, type FunctionPlan, planOf, queuesInOrder } from "./plan.ts";

const LONGEST = parseProvider(
  {
    id: "x".repeat(24),
    maxConcurrency: 5,
    slowAfterMs: 100,
    timeoutMs: 1_000,
    latency: { medianMs: 10, sigma: 0.5, minMs: 1, maxMs: 100 },
    worker: { name: "http-json", timeoutMs: 4_000, memoryMb: 512, environment: { LEVEL: "high" } },
    ventilator: { timeoutMs: 20_000, memoryMb: 1_024 },
  },
  "in a test",
);

const plans = anyProvider.map((provider) => ({ provider, plan: planOf(provider, "production") }));

test("no message is seen again while its ventilator may still be working on it", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      for (const queue of queuesInOrder(plan)) {
        expect(queue.visibilityTimeoutMs).toBeGreaterThanOrEqual(plan.ventilator.timeoutMs);
      }
    }),
  );
});

test("dead-letter queues come before the queues that name them, and only sources name one", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      const { names } = plan;
      const queues = queuesInOrder(plan);
      const order = queues.map(({ name }) => name);
      expect(order).toEqual([names.deadLetterQueue, names.queues.records, names.queues.express]);
      expect(queues.map(({ deadLetterQueue }) => deadLetterQueue)).toEqual([
        undefined,
        names.deadLetterQueue,
        names.deadLetterQueue,
      ]);
      expect(queues.map(({ maxReceiveCount }) => maxReceiveCount)).toEqual([undefined, 1_000, 1_000]);
    }),
  );
});

test("messages are kept as long as SQS can", () => {
  expect(queuesInOrder(planOf(LONGEST, "production")).map(({ retentionMs }) => retentionMs)).toEqual(
    Array(3).fill(1_209_600_000),
  );
});

test("both source queues are mapped to the ventilator, open and at the floor, and the dead-letter queue is not", () => {
  fc.assert(
    fc.property(plans, ({ plan: { mappings, names } }) => {
      const floor = { isEnabled: true, batchSize: 1, maximumConcurrency: 2 };
      expect(mappings).toEqual({
        records: { queue: names.queues.records, functionName: names.ventilator, settings: floor },
        express: { queue: names.queues.express, functionName: names.ventilator, settings: floor },
      });
    }),
  );
});

test("where a developer is attached the mappings are shut and lead to the relay, and X is 2 at most", () => {
  fc.assert(
    fc.property(anyProvider, (provider) => {
      const plan = planOf(provider, "anna", "attended");
      const { names, mappings, relay, ventilator } = plan;
      for (const { functionName, settings } of [mappings.records, mappings.express]) {
        expect(functionName).toBe(names.relay);
        expect(settings).toEqual({ isEnabled: false, batchSize: 1, maximumConcurrency: 2 });
      }
      expect(relay).toMatchObject({ entry: "relay", environment: { SLUICE_VENTILATOR: names.ventilator } });
      expect(relay?.timeoutMs).toBeGreaterThanOrEqual(ventilator.timeoutMs);
      for (const queue of queuesInOrder(plan))
        expect(queue.visibilityTimeoutMs).toBeGreaterThanOrEqual(relay?.timeoutMs ?? 0);
      const told = parseProvider(JSON.parse(ventilator.environment.SLUICE_PROVIDER ?? ""), "in a test");
      expect(told.maxConcurrency).toBe(Math.min(2, provider.maxConcurrency));
      expect(ventilator.environment.SLUICE_MODE).toBe("attended");
    }),
  );
});

test("where a developer is attached a stub has time to tell that nobody is, and the rest has more", () => {
  const STUB_ANSWERS_AFTER_MS = 16_000;
  fc.assert(
    fc.property(anyProvider, (provider) => {
      const { worker, ventilator, relay } = planOf(provider, "anna", "attended");
      expect(worker.timeoutMs).toBeGreaterThan(2 * STUB_ANSWERS_AFTER_MS);
      expect(ventilator.timeoutMs).toBeGreaterThan(worker.timeoutMs);
      expect(relay?.timeoutMs).toBeGreaterThanOrEqual(ventilator.timeoutMs);
      // Every relation of the contract still holds.
      const told = ventilator.environment.SLUICE_PROVIDER ?? "";
      expect(() => parseProvider(JSON.parse(told), "in a test")).not.toThrow();
    }),
  );
});

test("a dry run calls nobody, and needs no secret", () => {
  const { worker } = planOf(LONGEST, "dryrun");
  expect(worker).toMatchObject({ entry: "workers/dry-run", secrets: [] });
  expect(planOf(LONGEST, "production").worker.entry).toBe("workers/http-json");
});

test("without a developer there is no relay, and the breaker governs", () => {
  fc.assert(
    fc.property(plans, ({ plan }) => {
      expect(plan.relay).toBeUndefined();
      expect(plan.ventilator.environment.SLUICE_MODE).toBe("governed");
    }),
  );
});

test("names fit what AWS allows, for the longest provider id, and tell all of it apart", () => {
  const plan = planOf(LONGEST, "production");
  const { ventilator, worker, names } = plan;
  for (const { name } of queuesInOrder(plan)) expect(name).toMatch(/^[A-Za-z0-9_-]{1,75}\.fifo$/);
  for (const name of [ventilator.name, worker.name, names.relay])
    expect(name).toMatch(/^[A-Za-z0-9_-]{1,64}$/);
  expect(names.table).toMatch(/^[A-Za-z0-9_.-]{3,255}$/);
  expect(new Set(Object.values(names)).size).toBe(Object.keys(names).length);
});

test("two providers, or two environments of one, share no name", () => {
  const other = { ...LONGEST, id: "other" };
  const all = [planOf(LONGEST, "production"), planOf(LONGEST, "staging"), planOf(other, "production")];
  const names = all.flatMap((plan) => Object.values(plan.names));
  expect(new Set(names).size).toBe(names.length);
});

test("functions get what the provider says of them", () => {
  const { ventilator, worker } = planOf(LONGEST, "production");
  expect(ventilator).toMatchObject({ entry: "ventilator", timeoutMs: 20_000, memoryMb: 1_024 });
  expect(worker).toMatchObject({ entry: "workers/http-json", timeoutMs: 4_000, memoryMb: 512 });
  expect(worker.environment).toMatchObject({ LEVEL: "high" });
});

test("both functions can read the provider out of their environment, and the ventilator finds its parts", () => {
  fc.assert(
    fc.property(plans, ({ provider, plan: { ventilator, worker, names } }) => {
      for (const { environment } of [ventilator, worker]) {
        expect(parseProvider(JSON.parse(environment.SLUICE_PROVIDER ?? ""), "in a test")).toEqual(provider);
      }
      expect(ventilator.environment).toMatchObject({
        SLUICE_TABLE: names.table,
        SLUICE_EVENT_BUS: "default",
        SLUICE_METRICS: "alarms",
        SLUICE_WORKER: names.worker,
      });
    }),
  );
});

test.each(["", "Production", "a b", "a-b", "x".repeat(22)])(
  "an environment %j can't be part of a name",
  (environment) => {
    expect(() => planOf(LONGEST, environment)).toThrow(/1 to 21 lower-case letters/);
  },
);

test("no other provider and environment make the same names: neither contains what stands between them", () => {
  const environment = fc.stringMatching(/^[a-z0-9]{1,6}$/);
  fc.assert(
    fc.property(anyProvider, anyProvider, environment, environment, (one, other, here, there) => {
      fc.pre(one.id !== other.id || here !== there);
      expect(planOf(one, here).names.queues.records).not.toBe(planOf(other, there).names.queues.records);
    }),
  );
});

test("the longest names are ones that AWS takes", () => {
  const { names } = planOf(LONGEST, "x".repeat(21));
  for (const name of [names.ventilator, names.worker]) expect(name.length).toBeLessThanOrEqual(64);
  for (const name of [names.queues.records, names.queues.express, names.deadLetterQueue]) {
    expect(name.length).toBeLessThanOrEqual(80);
  }
});

describe("where concurrency is reserved", () => {
  const reserving = { reservesConcurrency: true };
  const reservedIn = ({ worker, waker, ventilator, relay }: DeploymentPlan) =>
    [worker, waker, ventilator, relay].map((plan) => plan?.reservedConcurrency);

  test("the worker has X, the waker one round, and the ventilator what the account has left", () => {
    fc.assert(
      fc.property(anyProvider, (provider) => {
        const plan = planOf(provider, "production", "governed", reserving);
        expect(reservedIn(plan)).toEqual([provider.maxConcurrency, 1, undefined, undefined]);
      }),
    );
  });

  test("no more is reserved than a deploy reckons with", () => {
    fc.assert(
      fc.property(anyProvider, (provider) => {
        const reserved = reservedIn(planOf(provider, "production", "governed", reserving));
        const sum = reserved.reduce<number>((total, one) => total + (one ?? 0), 0);
        expect(sum).toBe(concurrencyNeedOf(provider).reserved);
      }),
    );
  });

  test("nothing else of the plan differs", () => {
    fc.assert(
      fc.property(plans, ({ provider, plan }) => {
        const { worker, waker, ...rest } = planOf(provider, "production", "governed", reserving);
        const without = ({ reservedConcurrency: _, ...others }: FunctionPlan) => others;
        expect({ ...rest, worker: without(worker), waker: without(waker) }).toEqual(plan);
      }),
    );
  });

  test("nothing is, unless the environment wishes it, nor while a developer is attached", () => {
    fc.assert(
      fc.property(anyProvider, (provider) => {
        const none = [undefined, undefined, undefined, undefined];
        expect(reservedIn(planOf(provider, "production"))).toEqual(none);
        expect(reservedIn(planOf(provider, "anna", "attended", reserving))).toEqual(none);
      }),
    );
  });
});
