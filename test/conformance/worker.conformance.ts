import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { closedPort } from "../support/closed-port.ts";
import { type Case, CONNECTION_CASES, FAILURE_CASES, SUCCESS_CASES } from "./worker/cases.ts";
import { answer, type Body, chunked, untilTheEnd, whole } from "./worker/hostile-bodies.ts";
import { describeReuse } from "./worker/reuse.ts";
import { plainUrl, start, stopServers } from "./worker/servers.ts";
import { describeTls } from "./worker/tls.ts";
import { loadWorker, type WorkerEntry, type WorkerUnderTest } from "./worker/worker-under-test.ts";

/** More than the bytes that lie in the buffers of a connection, and less than those of a body that nobody wants. */
const WRITTEN_MAX_BYTES = 32_000_000;

/** Describes any worker that calls `GET {PROVIDER_BASE_URL}/…` for a record, whatever the provider does to it. */
export function describeWorker(entry: WorkerEntry): void {
  describe(entry.name, () => {
    beforeEach(() => {
      onTestFinished(async () => {
        vi.restoreAllMocks();
        vi.unstubAllEnvs();
        await stopServers();
      });
    });
    describe("judges a status before its body", () => runAll(entry, FAILURE_CASES));
    describe("reads an answer", () => runAll(entry, SUCCESS_CASES));
    describe("bears every connection", () => runAll(entry, CONNECTION_CASES));
    describe("takes nothing for an answer where the data file says so", () => describeEmpty(entry));
    describe("keeps a connection", () => describeReuse(entry));
    describe("calls over TLS", () => describeTls(entry));

    test("a provider that can't be reached is at fault", async () => {
      const worker = await loadWorker(entry, await closedPort());
      expect(await worker.call()).toMatchObject({
        kind: "fault",
        cause: expect.stringContaining("ECONNREFUSED"),
      });
    });
  });
}

function runAll(entry: WorkerEntry, cases: readonly Case[]): void {
  for (const one of cases) test(one.title, () => run(entry, one));
}

async function run(entry: WorkerEntry, { hostility, outcome, hangsUp }: Case): Promise<void> {
  let worker: WorkerUnderTest | undefined;
  const server = await start(hostility(() => worker?.expire()));
  worker = await loadWorker(entry, plainUrl(server));
  expect(await worker.call()).toEqual({ ...outcome, latencyMs: expect.any(Number) });
  expect(server.visits.length).toBeLessThanOrEqual(1);
  if (hangsUp) await server.allEnded();
  for (const { bytesWritten } of server.sockets) expect(bytesWritten).toBeLessThan(WRITTEN_MAX_BYTES);
}

function describeEmpty(entry: WorkerEntry): void {
  test.each<[status: string, what: string, body: Body]>([
    ["204 No Content", "nothing", { send: () => {} }],
    ["205 Reset Content", "nothing", whole("")],
    ["200 OK", "nothing", whole("")],
    ["200 OK", "an empty line in a chunk", chunked("\n")],
    ["200 OK", "the end of the connection", untilTheEnd("")],
    ["200 OK", "JSON", whole("{}")],
  ])("%s with %s is ok", async (status, _, body) => {
    const server = await start({ onRequest: ({ socket }) => answer(socket, status, body) });
    const worker = await loadWorker(entry, plainUrl(server), { mayBeEmpty: true });
    expect(await worker.call()).toMatchObject({ kind: "ok" });
  });
}
