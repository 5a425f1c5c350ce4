import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { expect, test } from "vitest";
import { ACME, type Certificate, EXPIRED, LOCALHOST } from "../../support/certificates.ts";
import { answer, whole } from "./hostile-bodies.ts";
import { start } from "./servers.ts";
import { loadWorker, type WorkerEntry } from "./worker-under-test.ts";

/** Runs a part of a test while this process trusts a certificate. */
export async function trusting({ cert }: Certificate, run: () => Promise<void>): Promise<void> {
  const usual = getCACertificates();
  setDefaultCACertificates([...usual, cert]);
  try {
    await run();
  } finally {
    setDefaultCACertificates(usual);
  }
}

/** Describes whom a worker talks to over TLS. */
export function describeTls(entry: WorkerEntry): void {
  const noConnection = (cause: RegExp) => ({ kind: "fault", cause: expect.stringMatching(cause) });

  /** A call of a server with this certificate; the worker trusts `trusted`. */
  async function call(certificate: Certificate, trusted?: Certificate) {
    const server = await start({
      certificate,
      onRequest: ({ socket }) => answer(socket, "200 OK", whole("{}")),
    });
    const worker = await loadWorker(entry, `https://localhost:${server.port}`);
    const outcomes: unknown[] = [];
    const once = async () => void outcomes.push(await worker.call());
    await (trusted === undefined ? once() : trusting(trusted, once));
    return { outcome: outcomes[0], requestCount: server.visits.length };
  }

  test("a provider with a certificate of its name, by an authority that it trusts, is asked", async () => {
    expect(await call(LOCALHOST, LOCALHOST)).toMatchObject({ outcome: { kind: "ok" }, requestCount: 1 });
  });

  test.each([
    ["by an authority that nobody trusts", LOCALHOST, undefined, /^no connection: .*self.signed/],
    ["of another name", ACME, ACME, /^no connection: .*(altnames|does not match)/],
    ["that has expired", EXPIRED, EXPIRED, /^no connection: .*expired/],
  ])("a provider with a certificate %s is told nothing", async (_, certificate, trusted, cause) => {
    expect(await call(certificate, trusted)).toMatchObject({ outcome: noConnection(cause), requestCount: 0 });
  });

  test("a provider without TLS behind an https address is told nothing", async () => {
    const server = await start({ onConnection: (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n") });
    const worker = await loadWorker(entry, `https://127.0.0.1:${server.port}`);
    expect(await worker.call()).toMatchObject(noConnection(/^no connection: \w/));
    expect(server.visits).toEqual([]);
  });
}
