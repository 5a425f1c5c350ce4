import { once } from "node:events";
import { Agent, type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { networkInterfaces } from "node:os";
import { text } from "node:stream/consumers";
import { systemClock } from "@sluice/aws/system-clock";
import { systemIds } from "@sluice/aws/system-ids";
import { systemRandom } from "@sluice/aws/system-random";
import { calmScenario } from "@sluice/sim/provider-simulator";
import { demoProvider } from "@sluice/testing/demo-provider";
import { afterAll, describe, expect, test } from "vitest";
import { createSqsClientFor } from "../cloud/clients.ts";
import { startDynamoDb } from "../cloud/emulators.ts";
import { startLambdaService } from "../lambda/lambda-service.ts";
import { startProviderServer } from "../provider-simulator/provider-server.ts";
import { createTroubleDial } from "../provider-simulator/trouble-dial.ts";
import { startSqs } from "../sqs/server.ts";

interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A running server, and a call with a body that it serves. */
interface Served {
  readonly url: string;
  readonly call: Call;
  readonly bodyMaxBytes: number;
  /** The number of such calls that have had an effect; undefined where it can't be seen from outside. */
  effectCount?(): number;
  stop(): Promise<unknown>;
}

const AWS_BODY_MAX_BYTES = 16_777_216;
const SIGNED = {
  authorization: "AWS4-HMAC-SHA256 Credential=a/20260101/us-east-1/x, SignedHeaders=host, Signature=c",
};
const AMZ_JSON = { "content-type": "application/x-amz-json-1.0", "x-amz-date": "20260101T000000Z" };

const servers: Readonly<Record<string, () => Promise<Served>>> = {
  SQS: async () => {
    const { url, sqs, stop } = await startSqs();
    const names = ["a.fifo", "b.fifo"];
    const headers = { ...AMZ_JSON, "x-amz-target": "AmazonSQS.CreateQueue" };
    const body = JSON.stringify({ QueueName: "a.fifo", Attributes: { FifoQueue: "true" } });
    const exists = (name: string) => {
      try {
        return sqs.queues.named(name).arn !== "";
      } catch {
        return false;
      }
    };
    return {
      url,
      call: { method: "POST", path: "/", headers, body },
      bodyMaxBytes: AWS_BODY_MAX_BYTES,
      effectCount: () => names.filter(exists).length,
      stop,
    };
  },
  DynamoDB: async () => {
    const { url, stop } = await startDynamoDb();
    const headers = { ...AMZ_JSON, ...SIGNED, "x-amz-target": "DynamoDB_20120810.ListTables" };
    return {
      url,
      call: { method: "POST", path: "/", headers, body: "{}" },
      bodyMaxBytes: AWS_BODY_MAX_BYTES,
      stop,
    };
  },
  Lambda: async () => {
    const sqs = createSqsClientFor("http://127.0.0.1:9", "us-east-1");
    const service = await startLambdaService({
      clock: systemClock,
      random: systemRandom,
      ids: systemIds,
      sqs,
    });
    const { lambda, endpoint } = service;
    const bundlePath = "/nowhere.mjs";
    lambda.deploy({ name: "f", bundlePath, timeoutMs: 1_000, memoryMb: 64, environment: {} });
    return {
      url: endpoint,
      call: {
        method: "POST",
        path: "/2015-03-31/functions/f/invocations",
        headers: { "content-type": "application/octet-stream" },
        body: "{}",
      },
      bodyMaxBytes: AWS_BODY_MAX_BYTES,
      effectCount: () => lambda.stats().get("f")?.coldStartCount ?? 0,
      async stop() {
        await service.stop(0);
        sqs.destroy();
      },
    };
  },
  "the simulated provider": async () => {
    const provider = demoProvider();
    const trouble = createTroubleDial({ slowPercentage: 0, errorPercentage: 0 });
    let turnCount = 0;
    trouble.onTurn(() => {
      turnCount += 1;
    });
    const server = await startProviderServer({
      scenario: calmScenario(provider),
      seed: 1,
      timeZone: provider.timeZone,
      trouble,
    });
    return {
      url: server.url,
      call: {
        method: "PUT",
        path: "/trouble",
        headers: { "content-type": "application/json" },
        body: `{"slowPercentage":7}`,
      },
      bodyMaxBytes: 1_024,
      effectCount: () => turnCount,
      stop: server.stop,
    };
  },
};

/** Headers to add or to replace; undefined to leave one out. */
type Changes = Readonly<Record<string, string | undefined>>;

const STRANGERS: readonly (readonly [what: string, changes: Changes])[] = [
  ["a host whose name was made to lead here", { host: "evil.example" }],
  ["such a host with the port", { host: "evil.example:8080" }],
  ["a host that only begins like this machine", { host: "127.0.0.1.evil.example" }],
  ["a host that only ends like this machine", { host: "evil.localhost" }],
  ["a host of another machine", { host: "10.0.0.1" }],
  ["a page of another origin", { origin: "http://evil.example" }],
  ["a page of this machine", { origin: "http://localhost:3000" }],
  ["a page without an origin", { origin: "null" }],
  ["an image in a page of another site", { "sec-fetch-site": "cross-site" }],
  ["an image in a page of another port", { "sec-fetch-site": "same-site" }],
];

describe.each(Object.entries(servers))("%s", async (_name, start) => {
  const served = await start();
  afterAll(() => served.stop());

  test.each(STRANGERS)("refuses %s, and does nothing", async (_what, changes) => {
    const answer = await send(served, changes);
    expect(answer).toMatchObject({ status: 403, problem: expect.stringMatching(/^This server/) });
    expect(answer.headers).not.toHaveProperty("access-control-allow-origin");
    expect(served.effectCount?.() ?? 0).toBe(0);
  });

  test("refuses a body of a type that a page may send unasked, and does nothing", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      undefined,
    ]) {
      expect(await send(served, { "content-type": type })).toMatchObject({
        status: 415,
        problem: expect.stringContaining("application/"),
      });
    }
    expect(served.effectCount?.() ?? 0).toBe(0);
  });

  test("answers that a body is too long before any of it has come", async () => {
    const tooLong = { "content-length": String(served.bodyMaxBytes + 1) };
    expect(await sendHeaders(served, tooLong)).toMatchObject({
      status: 413,
      problem: `The body must have ${served.bodyMaxBytes} bytes at most`,
    });
  });

  test("takes no body that does not say how long it is", async () => {
    expect(await sendHeaders(served, { "transfer-encoding": "chunked" })).toMatchObject({
      status: 411,
      problem: expect.stringContaining("Content-Length"),
    });
  });

  test("answers a client that sends all of a refused body first, and then closes", async () => {
    expect((await send(served, {}, { body: "x".repeat(2 * AWS_BODY_MAX_BYTES) })).status).toBe(413);
  });

  test("serves the next request on a connection whose last one was refused, however much came of that", async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const tooLong = "x".repeat(served.bodyMaxBytes + 1);
    expect((await send(served, {}, { agent, body: tooLong })).status).toBe(413);
    const next = await send(served, { "content-type": "text/plain" }, { agent });
    expect([next.status, next.isOnReusedSocket]).toEqual([415, true]);
    agent.destroy();
  });

  test("goes on when a client goes away in the middle of a body", async () => {
    const { hostname, port } = new URL(served.url);
    const { method, path, headers } = served.call;
    const lines = Object.entries({ ...headers, host: "localhost", "content-length": "9" });
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join("");
    // A whole request in front shows, by its answer, that the cut one has come.
    const whole = `GET /audit HTTP/1.1\r\nhost: localhost\r\n\r\n`;
    socket.write(`${whole}${method} ${path} HTTP/1.1\r\n${head}\r\n{`);
    await once(socket, "data");
    socket.resetAndDestroy();
    expect((await send(served, { "content-type": "text/plain" })).status).toBe(415);
  });

  test("listens on this machine's loopback address only", async () => {
    const others = [...ownAddresses(), ...(process.platform === "linux" ? ["127.0.0.2"] : [])];
    const port = Number(new URL(served.url).port);
    expect(await Promise.all(others.map((address) => connects(address, port)))).toEqual(
      others.map(() => false),
    );
    expect(await connects("127.0.0.1", port)).toBe(true);
  });

  test("serves a program on this machine, by number and by name", async () => {
    const { port } = new URL(served.url);
    for (const host of [`127.0.0.1:${port}`, `LOCALHOST:${port}`, "localhost", "[::1]:80"]) {
      expect([host, (await send(served, { host })).status]).toEqual([host, 200]);
    }
    if (served.effectCount !== undefined) expect(served.effectCount()).toBeGreaterThan(0);
  });
});

interface Answer {
  readonly status: number | undefined;
  readonly problem: string;
  readonly headers: IncomingHttpHeaders;
  readonly isOnReusedSocket: boolean;
}

/** Sends the server's call with changed headers, all of it. */
async function send(
  { url, call }: Served,
  changes: Changes,
  { body = call.body, agent }: { readonly body?: string; readonly agent?: Agent } = {},
): Promise<Answer> {
  const headers = headersWith(call, { "content-length": String(Buffer.byteLength(body)), ...changes });
  const sent = request(new URL(call.path, url), { method: call.method, headers, agent: agent ?? false });
  const closed = once(sent, "close");
  sent.end(body);
  const answer = await answerTo(sent);
  await closed;
  return answer;
}

/** Sends the head of the call alone, and waits for the answer. */
async function sendHeaders({ url, call }: Served, changes: Changes): Promise<Answer> {
  const headers = headersWith(call, changes);
  const sent = request(new URL(call.path, url), { method: call.method, headers, agent: false });
  sent.flushHeaders();
  const answer = await answerTo(sent);
  sent.destroy();
  return answer;
}

function headersWith({ headers }: Call, changes: Changes): Record<string, string> {
  const changed = Object.entries({ ...headers, ...changes });
  return Object.fromEntries(changed.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

async function answerTo(sent: ReturnType<typeof request>): Promise<Answer> {
  const [response] = await once(sent, "response");
  const body = await text(response);
  const { message, error } = body.startsWith("{") ? JSON.parse(body) : {};
  return {
    status: response.statusCode,
    problem: error ?? message,
    headers: response.headers,
    isOnReusedSocket: sent.reusedSocket,
  };
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses
      .filter(({ internal }) => !internal)
      .map(({ address, scopeid }) => (scopeid ? `${address}%${scopeid}` : address)),
  );
}

async function connects(address: string, port: number): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
