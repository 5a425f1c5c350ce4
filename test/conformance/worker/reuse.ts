import type { Socket } from "node:net";
import { NOON_MS } from "@sluice/testing/fake-clock";
import type { Hostility, Visit } from "@sluice/testing/hostile-server";
import { expect, test, vi } from "vitest";
import { LOCALHOST } from "../../support/certificates.ts";
import { answer, STALLED, whole } from "./hostile-bodies.ts";
import { plainUrl, start } from "./servers.ts";
import { trusting } from "./tls.ts";
import { loadWorker, type WorkerEntry } from "./worker-under-test.ts";

const OK = { kind: "ok" };
const NO_CONNECTION = { kind: "fault", cause: expect.stringMatching(/^no connection: \w/) };
const FINE = whole("{}");
const fine = ({ socket }: Visit) => answer(socket, "200 OK", FINE);

/** Describes how a worker keeps its connection, and bears that a provider ends it. */
export function describeReuse(entry: WorkerEntry): void {
  /** Calls twice; the provider answers the first request of a connection well, and does `treat` to the others. */
  async function callTwice(
    treat: (socket: Socket) => void,
    isAgain = (nthOfConnection: number) => nthOfConnection > 1,
  ) {
    const server = await start({
      onRequest: (visit) => (isAgain(visit.nthOfConnection) ? treat(visit.socket) : fine(visit)),
    });
    const worker = await loadWorker(entry, plainUrl(server));
    const outcomes = [await worker.call(), await worker.call()];
    return { outcomes, requests: server.visits.map(({ nthOfConnection }) => nthOfConnection) };
  }

  test("calls share one, and so does a call after one that was refused", async () => {
    const server = await start({
      onRequest: (visit) =>
        visit.nth === 2 ? answer(visit.socket, "404 Not Found", whole("no")) : fine(visit),
    });
    const worker = await loadWorker(entry, plainUrl(server));
    const outcomes = [await worker.call(), await worker.call(), await worker.call()];
    expect(outcomes).toMatchObject([OK, { kind: "rejected" }, OK]);
    expect(server.sockets).toHaveLength(1);
  });

  const endings: readonly (readonly [how: string, end: (socket: Socket) => void])[] = [
    ["closes", (socket) => socket.end()],
    ["resets", (socket) => socket.resetAndDestroy()],
  ];

  test.each(endings)(
    "where the provider %s it as it is used again, a call asks once more",
    async (_, end) => {
      const { outcomes, requests } = await callTwice(end);
      expect(outcomes).toMatchObject([OK, OK]);
      expect(requests).toEqual([1, 2, 1]);
    },
  );

  test("so it is over TLS, whose own bytes are no answer", async () => {
    const server = await start({
      certificate: LOCALHOST,
      onRequest: (visit) => (visit.nthOfConnection === 1 ? fine(visit) : visit.socket.end()),
    });
    await trusting(LOCALHOST, async () => {
      const worker = await loadWorker(entry, `https://localhost:${server.port}`);
      expect([await worker.call(), await worker.call()]).toMatchObject([OK, OK]);
    });
    expect(server.visits.map(({ nthOfConnection }) => nthOfConnection)).toEqual([1, 2, 1]);
  });

  test("a call asks twice at most", async () => {
    let isDown = false;
    const server = await start({
      onRequest(visit) {
        if (isDown) visit.socket.end();
        else fine(visit);
        isDown = true;
      },
    });
    const worker = await loadWorker(entry, plainUrl(server));
    expect([await worker.call(), await worker.call()]).toMatchObject([OK, NO_CONNECTION]);
    expect(server.visits).toHaveLength(3);
  });

  test.each<[what: string, treat: (socket: Socket) => void]>([
    ["the first byte of an answer", (socket) => socket.end("H")],
    ["what is no answer", (socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n")],
    [
      "headers, and resets it",
      (socket) => answer(socket, "200 OK", { headers: ["Content-Length: 9"], send: () => socket.end() }),
    ],
  ])("a call is not repeated once it has brought %s", async (_, treat) => {
    const { outcomes, requests } = await callTwice(treat);
    expect(outcomes).toMatchObject([OK, NO_CONNECTION]);
    expect(requests).toEqual([1, 2]);
  });

  test("a call whose time is up is not repeated", async () => {
    const server = await start({
      onRequest(visit) {
        if (visit.nth === 1) fine(visit);
        else worker.expire();
      },
    });
    const worker = await loadWorker(entry, plainUrl(server));
    expect([await worker.call(), await worker.call()]).toMatchObject([OK, { kind: "fault" }]);
    await server.allEnded();
    expect(server.visits).toHaveLength(2);
  });

  test("a healthy provider that closes each connection behind its answer costs no call", async () => {
    const server = await start({
      onRequest(visit) {
        fine(visit);
        setImmediate(() => visit.socket.end());
      },
    });
    const worker = await loadWorker(entry, plainUrl(server));
    const kinds = new Set<string>();
    for (let call = 0; call < 100; call += 1) kinds.add((await worker.call()).kind);
    expect([...kinds]).toEqual(["ok"]);
  });

  test.each([
    [3_999, 1],
    [4_000, 2],
  ])(
    "after %i ms without a call there have been %i: usual servers end theirs after five seconds",
    async (idleMs, count) => {
      const server = await start({ onRequest: fine });
      const worker = await loadWorker(entry, plainUrl(server));
      const clock = vi.spyOn(Date, "now").mockReturnValue(NOON_MS);
      await worker.call();
      clock.mockReturnValue(NOON_MS + idleMs);
      expect(await worker.call()).toMatchObject(OK);
      expect(server.sockets).toHaveLength(count);
    },
  );

  const keepFor = (seconds: number): Hostility => ({
    onRequest: ({ socket }) =>
      answer(socket, "200 OK", whole("{}", "Connection: keep-alive", `Keep-Alive: timeout=${seconds}`)),
  });

  test("one that the provider says to end soon is not used again", async () => {
    const server = await start(keepFor(1));
    const worker = await loadWorker(entry, plainUrl(server));
    expect([await worker.call(), await worker.call()]).toMatchObject([OK, OK]);
    expect(server.sockets).toHaveLength(2);
  });

  test("one is ended a second before the provider would", async () => {
    const server = await start(keepFor(2));
    const worker = await loadWorker(entry, plainUrl(server));
    await worker.call();
    await server.allEnded();
  });

  test("a second answer that nobody asked for is not the next call's", async () => {
    const server = await start({
      onRequest(visit) {
        visit.socket.write(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        );
      },
    });
    const worker = await loadWorker(entry, plainUrl(server));
    expect([await worker.call(), await worker.call()]).toMatchObject([OK, OK]);
  });

  test("none with half an answer in it is used again", async () => {
    const [stalled = FINE] = Object.values(STALLED);
    const server = await start({
      onRequest: (visit) => (visit.nth === 1 ? answer(visit.socket, "404 Not Found", stalled) : fine(visit)),
    });
    const worker = await loadWorker(entry, plainUrl(server));
    expect([await worker.call(), await worker.call()]).toMatchObject([{ kind: "rejected" }, OK]);
    expect(server.sockets).toHaveLength(2);
  });
}
