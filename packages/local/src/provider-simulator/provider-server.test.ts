import { get } from "node:http";
import { DEFAULT_SCENARIO, type SimulatedProvider } from "@sluice/sim/provider-simulator";
import { afterEach, expect, test, vi } from "vitest";
import { type ProviderServer, type ProviderServerOptions, startProviderServer } from "./provider-server.ts";
import { createTroubleDial } from "./trouble-dial.ts";

const NOON_MS = Date.parse("2026-11-20T12:00:00Z");
const QUICK = { medianMs: 1, sigma: 0, minMs: 1, maxMs: 1 };
const LONG = { medianMs: 60_000, sigma: 0, minMs: 1, maxMs: 60_000 };
const HANGS = { mode: "hang", exponent: 1, retryAfterSeconds: null } as const;

const JSON_TYPE = { "content-type": "application/json" };

const servers: ProviderServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

test("answers a record as JSON, always with the same value", async () => {
  const server = await start({});
  const first = await fetchRecord(server, "a");
  expect(first.status).toBe(200);
  const record: unknown = await first.json();
  expect(record).toEqual({ id: "a", provider: "default", value: expect.any(Number) });
  expect(await (await fetchRecord(server, "a")).json()).toEqual(record);
  expect(server.audit.wasServed("a")).toBe(true);
});

test.each(["🦊", "#1", "a/b", " a b ", "nul\u0000", "?x=1&y", "%41", "日".repeat(900)])(
  "knows the record %j by its percent-encoded id",
  async (recordId) => {
    const server = await start({});
    const response = await fetchRecord(server, recordId);
    expect(await response.json()).toMatchObject({ id: recordId });
    expect([...server.audit.served()].map((served) => served.recordId)).toEqual([recordId]);
  },
);

test.each([".", ".."])("knows the record %j if the client leaves its path as it is", async (recordId) => {
  const server = await start({});
  await getRaw(server, `/records/${recordId}`);
  expect(server.audit.wasServed(recordId)).toBe(true);
});

test("refuses a broken id without counting a request", async () => {
  const server = await start({});
  const response = await fetch(`${server.url}/records/%E0%A4%A`);
  expect(response.status).toBe(400);
  expect(server.audit.report().requestCount).toBe(0);
});

test("answers 404 for a record that it does not know and 500 for one that always fails", async () => {
  const unknowing = await start({ rejectedRatio: 1 });
  expect((await fetchRecord(unknowing, "a")).status).toBe(404);
  const failing = await start({ poisonRatio: 1 });
  expect((await fetchRecord(failing, "a")).status).toBe(500);
  expect(failing.audit.wasServed("a")).toBe(false);
});

test("answers 429 with Retry-After over capacity", async () => {
  const overload = { mode: "reject", exponent: 1, retryAfterSeconds: 7 } as const;
  const server = await start({ capacity: [[0, 1]], latency: LONG, overload });
  const client = new AbortController();
  const first = fetchRecord(server, "a", client.signal).catch((error: unknown) => error);
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(1));
  const refused = await fetchRecord(server, "b");
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBe("7");
  expect(server.audit.report().startsOverCapacityCount).toBe(1);
  client.abort();
  await first;
});

test("counts requests in flight, now and at most", async () => {
  const server = await start({ maxConcurrency: 3, latency: LONG });
  const client = new AbortController();
  const responses = ["a", "b", "c", "d"].map((recordId) => fetchRecord(server, recordId, client.signal));
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(4));
  client.abort();
  await Promise.allSettled(responses);
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(0));
  expect(server.audit.report()).toMatchObject({
    requestCount: 4,
    mostInFlightCount: 4,
    boundViolationCount: 1,
  });
});

test("one request after the other is never two in flight", async () => {
  const server = await start({ maxConcurrency: 1 });
  for (let at = 0; at < 200; at += 1) await (await fetchRecord(server, `record-${at}`)).text();
  expect(server.audit.report()).toMatchObject({ requestCount: 200, mostInFlightCount: 1 });
});

test("a request whose client gives up is over at once, even if the client calls again without delay", async () => {
  const server = await start({ capacity: [[0, 0]], overload: HANGS });
  for (let at = 0; at < 20; at += 1) {
    const client = new AbortController();
    const response = fetchRecord(server, "a", client.signal).catch((error: unknown) => error);
    await vi.waitFor(() => expect(server.audit.report().requestCount).toBe(at + 1));
    client.abort();
    expect(await response).toMatchObject({ name: "AbortError" });
  }
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(0));
  expect(server.audit.report()).toMatchObject({
    mostInFlightCount: 1,
    abortedCount: 20,
    startsInOutageCount: 20,
  });
});

test("an answer that is due after its client has gone is never counted as served", async () => {
  const server = await start({ latency: LONG });
  const client = new AbortController();
  const response = fetchRecord(server, "a", client.signal).catch((error: unknown) => error);
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(1));
  client.abort();
  await response;
  await vi.waitFor(() => expect(server.audit.report().abortedCount).toBe(1));
  expect(server.audit.wasServed("a")).toBe(false);
});

test("the weather follows the clock that it is given", async () => {
  let nowMs = NOON_MS;
  const capacity: SimulatedProvider["capacity"] = [
    [0, 20],
    [30, 0],
    [54, 20],
  ];
  const server = await start({ capacity }, { nowMs: () => nowMs });
  const statuses: number[] = [];
  for (const minute of [29, 31, 55]) {
    nowMs = NOON_MS + minute * 60_000;
    statuses.push((await fetchRecord(server, `at-${minute}`)).status);
  }
  expect(statuses).toEqual([200, 500, 200]);
});

test("GET /audit answers what the provider has seen", async () => {
  const server = await start({});
  await fetchRecord(server, "a");
  await fetchRecord(server, "a");
  const answer: unknown = await (await fetch(`${server.url}/audit`)).json();
  expect(answer).toEqual(JSON.parse(JSON.stringify(server.audit.report())));
  expect(answer).toMatchObject({
    requestCount: 2,
    servedByDay: { "2026-11-20": 1 },
    servedAgain: [{ day: "2026-11-20", recordId: "a", count: 2 }],
  });
});

test("PUT /trouble turns the dial, and GET /trouble answers where it stands", async () => {
  const trouble = createTroubleDial({ slowPercentage: 0, errorPercentage: 5 });
  const server = await start({}, { trouble });
  expect(await answerOf(await fetch(`${server.url}/trouble`))).toEqual([
    200,
    { slowPercentage: 0, errorPercentage: 5 },
  ]);
  const both = { slowPercentage: 30, errorPercentage: 20 };
  expect(await answerOf(await putTrouble(server, JSON.stringify(both)))).toEqual([200, both]);
  expect(trouble.current()).toEqual(both);
  await putTrouble(server, JSON.stringify({ slowPercentage: 12.5 }));
  expect(await (await fetch(`${server.url}/trouble`)).json()).toEqual({
    slowPercentage: 12.5,
    errorPercentage: 20,
  });
});

test.each([
  [`{"slowPercentage":101}`, 400, "slowPercentage must be a number from 0 to 100, received 101"],
  [
    `{"slowPercentage":-1,"errorPercentage":"9"}`,
    400,
    `slowPercentage must be a number from 0 to 100, received -1; errorPercentage must be a number from 0 to 100, received "9"`,
  ],
  [`{"slow":1}`, 400, "slow is not an option"],
  ["5", 400, "the definition must be an object with slowPercentage and errorPercentage, received 5"],
  ["not JSON", 400, `The body must be JSON, such as {"slowPercentage":0,"errorPercentage":5}`],
  [`{"slowPercentage":1}${" ".repeat(2_000)}`, 413, "The body must have 1024 bytes at most"],
])("PUT /trouble with %s is refused with %d and changes nothing", async (body, status, error) => {
  const trouble = createTroubleDial({ slowPercentage: 0, errorPercentage: 5 });
  const server = await start({}, { trouble });
  expect(await answerOf(await putTrouble(server, body))).toEqual([status, { error }]);
  expect(trouble.current()).toEqual({ slowPercentage: 0, errorPercentage: 5 });
});

test("without a dial there is no /trouble", async () => {
  const server = await start({});
  expect((await putTrouble(server, "{}")).status).toBe(404);
  expect(server.audit.report().requestCount).toBe(0);
});

test("stop closes connections whose requests still wait", async () => {
  const server = await start({ capacity: [[0, 0]], overload: HANGS });
  const response = fetchRecord(server, "a").then(
    () => "answered",
    () => "closed",
  );
  await vi.waitFor(() => expect(server.audit.inFlightCount()).toBe(1));
  await server.stop();
  expect(await response).toBe("closed");
  await expect(fetch(`${server.url}/audit`)).rejects.toThrow("fetch failed");
});

async function start(
  provider: Partial<SimulatedProvider>,
  options: Partial<ProviderServerOptions> = {},
): Promise<ProviderServer> {
  const server = await startProviderServer({
    scenario: {
      ...DEFAULT_SCENARIO,
      provider: { ...DEFAULT_SCENARIO.provider, latency: QUICK, ...provider },
    },
    seed: 1,
    timeZone: "Europe/Zurich",
    nowMs: () => NOON_MS,
    ...options,
  });
  servers.push(server);
  return server;
}

function putTrouble(server: ProviderServer, body: string): Promise<Response> {
  return fetch(`${server.url}/trouble`, { method: "PUT", headers: JSON_TYPE, body });
}

async function answerOf(response: Response): Promise<[status: number, body: unknown]> {
  return [response.status, await response.json()];
}

function fetchRecord(server: ProviderServer, recordId: string, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/records/${encodeURIComponent(recordId)}`, signal ? { signal } : {});
}

/** Sends the path as it stands, where `fetch` would resolve its dots. */
function getRaw(server: ProviderServer, path: string): Promise<void> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    get({ hostname, port, path, agent: false }, (response) => {
      response.resume().on("end", resolve);
    }).on("error", reject);
  });
}
