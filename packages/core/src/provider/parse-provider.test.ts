import { anyProviderInput } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { BASE_URL_RULE, isReadableOnTheWay } from "./base-url.ts";
import { ProviderInvalid, parseDeployedProvider, parseProvider } from "./parse-provider.ts";
import { SHADOW_RANGES } from "./shadow-tuning.ts";

const LATENCY = { medianMs: 10, sigma: 0.5, minMs: 1, maxMs: 100 };
const VALID = {
  id: "demo",
  maxConcurrency: 3,
  slowAfterMs: 100,
  timeoutMs: 1_000,
  latency: LATENCY,
  worker: { name: "demo" },
};

function problemsOf(value: unknown): readonly string[] {
  try {
    parseProvider(value, "demo.json");
  } catch (thrown) {
    if (thrown instanceof ProviderInvalid) return thrown.problems;
    throw thrown;
  }
  return [];
}

const worker = (options: object) => ({ worker: { ...VALID.worker, ...options } });
const latency = (options: object) => ({ latency: { ...LATENCY, ...options } });

const ID_RULE = "must be 1 to 24 lower-case letters, digits and single dashes, starting with a letter";
const ZONE_RULE = "must be an IANA time zone, such as Europe/Zurich";
const SECRET_RULE = "must be the name of a secret, such as ApiToken";
const WORKER_RULE = "must be the file name of a worker, such as http-json";

test.each<[problem: string, changes: object]>([
  [`id ${ID_RULE}, received ""`, { id: "" }],
  [`id ${ID_RULE}, received "abcdefghijklmnopqrstuvwxy"`, { id: "abcdefghijklmnopqrstuvwxy" }],
  [`id ${ID_RULE}, received "1a"`, { id: "1a" }],
  [`id ${ID_RULE}, received "a--b"`, { id: "a--b" }],
  [`id ${ID_RULE}, received "a-"`, { id: "a-" }],
  [`id ${ID_RULE}, received "Demo"`, { id: "Demo" }],
  [`id ${ID_RULE}, received "demo\\n"`, { id: "demo\n" }],
  ['id must not be fleet: that stage is what all providers share, received "fleet"', { id: "fleet" }],
  ["description must be text, received 7", { description: 7 }],
  [`timeZone ${ZONE_RULE}, received "Europe/Bern"`, { timeZone: "Europe/Bern" }],
  [`timeZone ${ZONE_RULE}, received 1`, { timeZone: 1 }],
  ["maxConcurrency must be a whole number from 1 to 1000, received 0", { maxConcurrency: 0 }],
  ["maxConcurrency must be a whole number from 1 to 1000, received 1001", { maxConcurrency: 1_001 }],
  ["maxConcurrency must be a whole number from 1 to 1000, received 1.5", { maxConcurrency: 1.5 }],
  ['maxConcurrency must be a whole number from 1 to 1000, received "3"', { maxConcurrency: "3" }],
  ["slowAfterMs must be a whole number from 1 to 900000, received 0", { slowAfterMs: 0 }],
  ["slowAfterMs must be a whole number from 1 to 900000, received 900001", { slowAfterMs: 900_001 }],
  ["timeoutMs must be a whole number from 10 to 900000, received 9", { timeoutMs: 9 }],
  ["timeoutMs must be a whole number from 10 to 900000, received 900001", { timeoutMs: 900_001 }],
  ["latency must be an object, received 10", { latency: 10 }],
  ["latency.medianMs must be a whole number from 1 to 900000, received 0", latency({ medianMs: 0 })],
  [
    "latency.medianMs must be a whole number from 1 to 900000, received 900001",
    latency({ medianMs: 900_001 }),
  ],
  ["latency.sigma must be a number from 0 to 3, received -0.1", latency({ sigma: -0.1 })],
  ["latency.sigma must be a number from 0 to 3, received 3.1", latency({ sigma: 3.1 })],
  ["latency.sigma must be a number from 0 to 3, received NaN", latency({ sigma: Number.NaN })],
  ["latency.minMs must be a whole number from 0 to 900000, received -1", latency({ minMs: -1 })],
  ["latency.minMs must be a whole number from 0 to 900000, received 900001", latency({ minMs: 900_001 })],
  ["latency.maxMs must be a whole number from 1 to 900000, received 0", latency({ maxMs: 0 })],
  ["latency.maxMs must be a whole number from 1 to 900000, received 900001", latency({ maxMs: 900_001 })],
  ["maxAttempts must be a whole number from 1 to 20, received 0", { maxAttempts: 0 }],
  ["maxAttempts must be a whole number from 1 to 20, received 21", { maxAttempts: 21 }],
  ["backOff must be an object, received null", { backOff: null }],
  [
    "backOff.firstMs must be a whole number from 1000 to 43200000, received 999",
    { backOff: { firstMs: 999 } },
  ],
  [
    "backOff.firstMs must be a whole number from 1000 to 43200000, received 43200001",
    { backOff: { firstMs: 43_200_001 } },
  ],
  ["backOff.maxMs must be a whole number from 1000 to 43200000, received 999", { backOff: { maxMs: 999 } }],
  [
    "backOff.maxMs must be a whole number from 1000 to 43200000, received 43200001",
    { backOff: { maxMs: 43_200_001 } },
  ],
  ["worker must be an object, received []", { worker: [] }],
  [`worker.name ${WORKER_RULE}, received "../demo"`, worker({ name: "../demo" })],
  [`worker.name ${WORKER_RULE}, received ""`, worker({ name: "" })],
  ["worker.timeoutMs must be a whole number from 1000 to 900000, received 0", worker({ timeoutMs: 0 })],
  [
    "worker.timeoutMs must be a whole number from 1000 to 900000, received 901000",
    worker({ timeoutMs: 901_000 }),
  ],
  [
    "worker.timeoutMs must be whole seconds, from 1000 to 900000 ms, received 2500",
    worker({ timeoutMs: 2_500 }),
  ],
  ["worker.memoryMb must be a whole number from 128 to 10240, received 127", worker({ memoryMb: 127 })],
  ["worker.memoryMb must be a whole number from 128 to 10240, received 10241", worker({ memoryMb: 10_241 })],
  ["worker.environment must be an object, received []", worker({ environment: [] })],
  [
    "worker.environment.colour must be a name in capitals, such as SLOW_PERCENTAGE, that begins with none of AWS_, SLUICE_ and SST_",
    worker({ environment: { colour: "blue" } }),
  ],
  [
    "worker.environment.AWS_REGION must be a name in capitals, such as SLOW_PERCENTAGE, that begins with none of AWS_, SLUICE_ and SST_",
    worker({ environment: { AWS_REGION: "nowhere" } }),
  ],
  [
    "worker.environment.SLUICE_PROVIDER must be a name in capitals, such as SLOW_PERCENTAGE, that begins with none of AWS_, SLUICE_ and SST_",
    worker({ environment: { SLUICE_PROVIDER: "{}" } }),
  ],
  [
    "worker.environment.SST_RESOURCE_TOKEN must be a name in capitals, such as SLOW_PERCENTAGE, that begins with none of AWS_, SLUICE_ and SST_",
    worker({ environment: { SST_RESOURCE_TOKEN: "{}" } }),
  ],
  ["worker.environment.LEVEL must be text, received 1", worker({ environment: { LEVEL: 1 } })],
  ["breaker.shadow must be an object of numbers of the law, received 7", { breaker: { shadow: 7 } }],
  [
    "breaker.shadow.cut must be a number from 0.1 to 0.99, received 0",
    { breaker: { shadow: { cut: 0, badAt: 9 } } },
  ],
  [
    "breaker.shadow.cut must be a number from 0.1 to 0.99, received NaN",
    { breaker: { shadow: { cut: Number.NaN } } },
  ],
  [
    'breaker.shadow.cut must be a number from 0.1 to 0.99, received "0.5"',
    { breaker: { shadow: { cut: "0.5" } } },
  ],
  [
    "breaker.shadow.restartLimit must be a whole number from 1 to 1000, received 1.5",
    { breaker: { shadow: { restartLimit: 1.5 } } },
  ],
  [
    `breaker.shadow.cutt is no number of the law, choose from ${Object.keys(SHADOW_RANGES).join(", ")}, received 0.5`,
    { breaker: { shadow: { cutt: 0.5 } } },
  ],
  ["worker.answer must be an object, received true", worker({ answer: true })],
  ["worker.answer.maxMb must be a whole number from 1 to 100, received 0", worker({ answer: { maxMb: 0 } })],
  [
    "worker.answer.maxMb must be a whole number from 1 to 100, received 101",
    worker({ memoryMb: 10_240, answer: { maxMb: 101 } }),
  ],
  [
    'worker.answer.mayBeEmpty must be true or false, received "yes"',
    worker({ answer: { mayBeEmpty: "yes" } }),
  ],
  [
    "worker.answer.maxMb must be at most what worker.memoryMb (256) can hold (5), received 6",
    worker({ memoryMb: 256, answer: { maxMb: 6 } }),
  ],
  ["worker.answer.unit is not an option", worker({ answer: { unit: "kB" } })],
  ...[
    "localhost:8080",
    "acme.example/v1",
    "ftp://acme.example",
    "https://",
    "https://user@acme.example",
    "https://:password@acme.example",
    "https://acme.example/v1?key=1",
    "https://acme.example/v1?",
    "https://acme.example/v1#part",
  ].map((url): [string, object] => [
    `worker.environment.PROVIDER_BASE_URL ${BASE_URL_RULE}, received "${url}"`,
    worker({ environment: { PROVIDER_BASE_URL: url } }),
  ]),
  ['worker.secrets must be a list of names, received "ApiToken"', worker({ secrets: "ApiToken" })],
  [`worker.secrets.0 ${SECRET_RULE}, received "api-token"`, worker({ secrets: ["api-token"] })],
  [`worker.secrets.0 ${SECRET_RULE}, received "apiToken"`, worker({ secrets: ["apiToken"] })],
  [`worker.secrets.0 ${SECRET_RULE}, received "API_TOKEN"`, worker({ secrets: ["API_TOKEN"] })],
  [`worker.secrets.0 ${SECRET_RULE}, received ""`, worker({ secrets: [""] })],
  [`worker.secrets.0 ${SECRET_RULE}, received "App"`, worker({ secrets: ["App"] })],
  [`worker.secrets.1 ${SECRET_RULE}, received 7`, worker({ secrets: ["ApiToken", 7] })],
  ['worker.secrets must name each secret once, received ["A","A"]', worker({ secrets: ["A", "A"] })],
  ["ventilator must be an object, received 1", { ventilator: 1 }],
  [
    "ventilator.timeoutMs must be a whole number from 1000 to 900000, received 901000",
    { ventilator: { timeoutMs: 901_000 } },
  ],
  [
    "ventilator.timeoutMs must be a whole number from 1000 to 900000, received 0",
    { ventilator: { timeoutMs: 0 } },
  ],
  [
    "ventilator.timeoutMs must be whole seconds, from 1000 to 900000 ms, received 30001",
    { ventilator: { timeoutMs: 30_001 } },
  ],
  [
    "ventilator.memoryMb must be a whole number from 128 to 10240, received 127",
    { ventilator: { memoryMb: 127 } },
  ],
  [
    "ventilator.memoryMb must be a whole number from 128 to 10240, received 10241",
    { ventilator: { memoryMb: 10_241 } },
  ],
  [
    "ventilator.maxConcurrency must be a whole number from 2 to 1000, received 1",
    { ventilator: { maxConcurrency: 1 } },
  ],
  [
    "ventilator.maxConcurrency must be a whole number from 2 to 1000, received 1001",
    { ventilator: { maxConcurrency: 1_001 } },
  ],
  [
    "ventilator.marginMs must be a whole number from 2000 to 120000, received 1999",
    { ventilator: { marginMs: 1_999 } },
  ],
  [
    "ventilator.marginMs must be a whole number from 2000 to 120000, received 120001",
    { ventilator: { marginMs: 120_001 } },
  ],
  ["queue must be an object, received true", { queue: true }],
  [
    "queue.visibilityTimeoutMs must be a whole number from 1000 to 43200000, received 0",
    { queue: { visibilityTimeoutMs: 0 } },
  ],
  [
    "queue.visibilityTimeoutMs must be a whole number from 1000 to 43200000, received 43201000",
    { queue: { visibilityTimeoutMs: 43_201_000 } },
  ],
  [
    "queue.visibilityTimeoutMs must be whole seconds, from 1000 to 43200000 ms, received 35500",
    { queue: { visibilityTimeoutMs: 35_500 } },
  ],
])("refuses: %s", (problem, changes) => {
  expect(problemsOf({ ...VALID, ...changes })).toContain(problem);
});

test.each<[problem: string, changes: object]>([
  ["slowAfterMs must be at most timeoutMs (1000), received 1001", { slowAfterMs: 1_001 }],
  [
    "latency.medianMs must be from latency.minMs (11) to latency.maxMs (100), received 10",
    latency({ minMs: 11 }),
  ],
  [
    "latency.medianMs must be from latency.minMs (1) to latency.maxMs (100), received 101",
    latency({ medianMs: 101 }),
  ],
  ["latency.maxMs must be at most timeoutMs (1000), received 1001", latency({ maxMs: 1_001 })],
  [
    "maxConcurrency must be at most 10 × ventilator.maxConcurrency (40), received 41",
    { maxConcurrency: 41, ventilator: { maxConcurrency: 4 } },
  ],
  [
    "backOff.firstMs must be at most backOff.maxMs (5000), received 5001",
    { backOff: { firstMs: 5_001, maxMs: 5_000 } },
  ],
  ["worker.timeoutMs must be at least timeoutMs + 1000 (2000), received 1000", worker({ timeoutMs: 1_000 })],
  [
    "ventilator.timeoutMs must be more than worker.timeoutMs + ventilator.marginMs (6000), received 6000",
    { ventilator: { timeoutMs: 6_000, marginMs: 3_000 } },
  ],
  [
    "queue.visibilityTimeoutMs must be at least ventilator.timeoutMs (30000), received 29000",
    { queue: { visibilityTimeoutMs: 29_000 } },
  ],
])("refuses options that don't fit together: %s", (problem, changes) => {
  expect(problemsOf({ ...VALID, ...changes })).toEqual([problem]);
});

test.each<[what: string, changes: object]>([
  ["the longest id", { id: "abcdefghijklmnopqrstuvwx" }],
  ["a call as slow as the timeout", { slowAfterMs: 1_000 }],
  ["latency without spread", { latency: { medianMs: 1_000, sigma: 0, minMs: 1_000, maxMs: 1_000 } }],
  ["a back-off that never grows", { backOff: { firstMs: 1_000, maxMs: 1_000 } }],
  ["the tightest worker", worker({ timeoutMs: 2_000 })],
  ["the tightest ventilator", { ventilator: { timeoutMs: 7_000 } }],
  ["the tightest visibility", { queue: { visibilityTimeoutMs: 30_000 } }],
])("takes the edge: %s", (_, changes) => {
  expect(problemsOf({ ...VALID, ...changes })).toEqual([]);
});

test.each(["UTC", "Etc/UTC", "Europe/Zurich", "Asia/Kolkata", "Asia/Calcutta", "America/Argentina/Ushuaia"])(
  "knows the time zone %s",
  (timeZone) => {
    expect(problemsOf({ ...VALID, timeZone })).toEqual([]);
  },
);

test.each<[problem: string, changes: object]>([
  ["colour is not an option", { colour: "blue" }],
  ["colour is not an option; shape is not an option", { colour: "blue", shape: "round" }],
  ["latency.meanMs is not an option", latency({ meanMs: 5 })],
  ["backOff.factor is not an option", { backOff: { factor: 2 } }],
  ["worker.runtime is not an option", worker({ runtime: "node" })],
  ["ventilator.batchSize is not an option", { ventilator: { batchSize: 5 } }],
  ["queue.fifo is not an option", { queue: { fifo: true } }],
])("refuses what it does not know: %s", (problem, changes) => {
  expect(problemsOf({ ...VALID, ...changes })).toEqual([problem]);
});

test.each(Object.keys(VALID))("asks for %s, which has no default", (option) => {
  const without = Object.fromEntries(Object.entries(VALID).filter(([key]) => key !== option));
  expect(problemsOf(without)).toEqual([expect.stringMatching(`^${option} must be .+, received nothing$`)]);
});

test.each(Object.keys(LATENCY))("asks for latency.%s, which has no default", (option) => {
  const without = Object.fromEntries(Object.entries(LATENCY).filter(([key]) => key !== option));
  expect(problemsOf({ ...VALID, latency: without })).toEqual([
    expect.stringMatching(`^latency.${option} must be .+, received nothing$`),
  ]);
});

test("names the source and every problem in one message", () => {
  expect(() => parseProvider({ ...VALID, id: "", maxAttempts: 0 }, "demo.json")).toThrow(
    `Provider definition demo.json is invalid:\n  id ${ID_RULE}, received ""\n  maxAttempts must be a whole number from 1 to 20, received 0`,
  );
});

test("fills in what is left out, the timeouts one from the other", () => {
  expect(parseProvider({ ...VALID, timeoutMs: 71_500 }, "demo.json")).toEqual({
    ...VALID,
    timeoutMs: 71_500,
    timeZone: "UTC",
    maxAttempts: 5,
    backOff: { firstMs: 10_000, maxMs: 900_000 },
    worker: {
      name: "demo",
      memoryMb: 128,
      environment: {},
      secrets: [],
      answer: { maxMb: 1, mayBeEmpty: false },
      timeoutMs: 74_000,
    },
    ventilator: { memoryMb: 192, maxConcurrency: 100, marginMs: 65_000, timeoutMs: 302_000 },
    queue: { visibilityTimeoutMs: 307_000 },
    breaker: { paceMs: 20_000 },
  });
});

test("keeps what is given, and derives the rest from it", () => {
  const given = {
    timeZone: "Europe/Zurich",
    maxAttempts: 2,
    backOff: { maxMs: 60_000 },
    worker: { name: "demo", timeoutMs: 40_000, secrets: ["ApiToken", "X2"] },
    ventilator: { marginMs: 10_000 },
  };
  expect(parseProvider({ ...VALID, ...given }, "demo.json")).toMatchObject({
    timeZone: "Europe/Zurich",
    maxAttempts: 2,
    backOff: { firstMs: 10_000, maxMs: 60_000 },
    worker: { timeoutMs: 40_000, secrets: ["ApiToken", "X2"] },
    ventilator: { marginMs: 10_000, timeoutMs: 72_000 },
    queue: { visibilityTimeoutMs: 77_000 },
  });
});

test.each([
  ["a ventilator's timeout", { ventilator: { timeoutMs: 30_000 } }, { marginMs: 3_000, timeoutMs: 30_000 }],
  [
    "a visibility timeout",
    { queue: { visibilityTimeoutMs: 60_000 } },
    { marginMs: 3_000, timeoutMs: 32_000 },
  ],
  [
    "a visibility timeout that leaves no time to wait for a permit",
    { queue: { visibilityTimeoutMs: 30_000 } },
    { marginMs: 3_000, timeoutMs: 30_000 },
  ],
  ["calls as long as Lambda's", { timeoutMs: 850_000 }, { marginMs: 46_000, timeoutMs: 900_000 }],
  ["the longest calls", { timeoutMs: 893_000 }, { marginMs: 3_000, timeoutMs: 900_000 }],
])("given %s, the margin is what that leaves", (_, given, ventilator) => {
  expect(parseProvider({ ...VALID, ...given }, "demo.json")).toMatchObject({ ventilator });
});

test("whatever the definition, a call ends before its worker, the worker before the ventilator, all before the message is seen again", () => {
  fc.assert(
    fc.property(anyProviderInput, (input) => {
      const { timeoutMs, worker, ventilator, queue } = parseProvider(input, "in a test");
      expect(timeoutMs).toBeLessThan(worker.timeoutMs);
      expect(worker.timeoutMs + ventilator.marginMs).toBeLessThan(ventilator.timeoutMs);
      expect(ventilator.timeoutMs).toBeLessThanOrEqual(queue.visibilityTimeoutMs);
    }),
  );
});

test("a complete provider parses to itself, as it travels to the functions", () => {
  fc.assert(
    fc.property(anyProviderInput, (input) => {
      const provider = parseProvider(input, "in a test");
      expect(parseProvider(JSON.parse(JSON.stringify(provider)), "in a test")).toEqual(provider);
    }),
  );
});

test("what a deployment hands over is complete: nothing is filled in", () => {
  fc.assert(
    fc.property(anyProviderInput, (input) => {
      const provider = parseProvider(input, "in a test");
      expect(parseDeployedProvider(JSON.parse(JSON.stringify(provider)), "in a test")).toEqual(provider);
    }),
  );
  expect(() => parseDeployedProvider(VALID, "in SLUICE_PROVIDER")).toThrow(
    "Provider definition in SLUICE_PROVIDER is invalid:\n  timeZone must be an IANA time zone",
  );
});

test("what a deployment hands over must fit together", () => {
  const provider = parseProvider(VALID, "in a test");
  expect(() => parseDeployedProvider({ ...provider, slowAfterMs: 1_001 }, "in a test")).toThrow(
    "slowAfterMs must be at most timeoutMs (1000), received 1001",
  );
});

test("whatever it is given, it throws nothing but ProviderInvalid, with a reason", () => {
  const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
  const keys = fc.constantFrom(...Object.keys(VALID), "timeZone", "backOff", "ventilator", "queue");
  const circular: { self?: unknown } = {};
  circular.self = circular;
  const values = fc.oneof(
    anything,
    fc.dictionary(keys, anything).map((changes) => ({ ...VALID, ...changes })),
    fc.constant({ ...VALID, timeZone: circular }),
  );
  fc.assert(
    fc.property(values, (value) => {
      try {
        parseProvider(value, "in a test");
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(ProviderInvalid);
        expect(thrown).toHaveProperty("problems.0", expect.stringMatching(/\w/));
      }
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  [128, 1],
  [159, 1],
  [160, 2],
  [256, 5],
  [10_240, 5],
])(
  "a worker of %i MB takes answers of up to %i MB unless its data file says otherwise",
  (memoryMb, maxMb) => {
    expect(parseProvider({ ...VALID, ...worker({ memoryMb }) }, "demo.json").worker.answer.maxMb).toBe(maxMb);
  },
);

test.each([
  [1, 128],
  [2, 160],
  [6, 288],
  [100, 3_296],
])(
  "a worker whose answers have up to %i MB has %i MB of memory unless its data file says otherwise",
  (maxMb, memoryMb) => {
    const parsed = parseProvider({ ...VALID, ...worker({ answer: { maxMb } }) }, "demo.json");
    expect(parsed.worker.memoryMb).toBe(memoryMb);
  },
);

test.each(["https://acme.example", "http://acme.example:8080/v1/", "http://127.0.0.1:9", "http://[::1]:9"])(
  "%s is a base URL",
  (url) => {
    expect(problemsOf({ ...VALID, ...worker({ environment: { PROVIDER_BASE_URL: url } }) })).toEqual([]);
  },
);

test.each([
  ["https://acme.example", false],
  ["http://localhost:8080", false],
  ["http://127.0.0.1:8080", false],
  ["http://[::1]:8080", false],
  ["http://acme.example", true],
  ["http://127.0.0.1.acme.example", true],
  ["http://localhost.acme.example", true],
  ["HTTP://10.0.0.1", true],
])("others on the way to %s can read along: %s", (url, isReadable) => {
  expect(isReadableOnTheWay(url)).toBe(isReadable);
});

test("the numbers of a shadow come through as they are, and a deployed provider keeps them", () => {
  const provider = parseProvider({ ...VALID, breaker: { shadow: { cut: 0.5 } } }, "demo.json");
  expect(provider.breaker).toEqual({ paceMs: 20_000, shadow: { cut: 0.5 } });
  expect(parseDeployedProvider(JSON.parse(JSON.stringify(provider)), "deployed")).toEqual(provider);
  expect(parseProvider(VALID, "demo.json").breaker).toEqual({ paceMs: 20_000 });
});
