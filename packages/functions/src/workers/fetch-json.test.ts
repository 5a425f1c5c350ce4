import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { type Answering, answerWith, type RawServer, startRawServer } from "@sluice/testing/raw-server";
import { afterEach, expect, test } from "vitest";
import { ProviderFault, ProviderThrottled, RecordRejected } from "./call-errors.ts";
import { fetchJson } from "./fetch-json.ts";

const providers: RawServer[] = [];
afterEach(async () => {
  await Promise.all(providers.splice(0).map((provider) => provider.stop()));
});

async function start(answer: Answering): Promise<RawServer> {
  const provider = await startRawServer(answer);
  providers.push(provider);
  return provider;
}

const api = (baseUrl: string) => ({ baseUrl, answer: { maxMb: 1, mayBeEmpty: false } });

const LONG: AbortSignal = AbortSignal.timeout(60_000);

async function failureOf(answer: Answering, signal: AbortSignal = LONG): Promise<unknown> {
  const { url } = await start(answer);
  return fetchJson(api(url), "a", signal).then(
    (value) => ({ unexpected: value }),
    (thrown: unknown) => thrown,
  );
}

test.each([200, 201, 203])("status %i is a record", async (status) => {
  const { url } = await start(answerWith(status, '{"id":"a"}'));
  expect(await fetchJson(api(url), "a", LONG)).toEqual({ id: "a" });
});

test.each([400, 404, 405, 406, 409, 410, 413, 414, 415, 422])(
  "status %i is the record's own fault",
  async (status) => {
    const thrown = await failureOf(answerWith(status, "no"));
    expect(thrown).toBeInstanceOf(RecordRejected);
    expect(thrown).toHaveProperty("message", `HTTP ${status}`);
  },
);

test.each([301, 304, 401, 402, 403, 407, 408, 418, 425, 451, 500, 501, 502, 503, 504, 529])(
  "status %i is the provider's fault",
  async (status) => {
    const thrown = await failureOf(answerWith(status, ""));
    expect(thrown).toBeInstanceOf(ProviderFault);
    expect(thrown).toHaveProperty("message", `HTTP ${status}`);
  },
);

test.each<[status: number, header: string | undefined, waitMs: number | undefined]>([
  [429, undefined, undefined],
  [429, "7", 7_000],
  [429, "soon", undefined],
  [503, "0", 0],
  [503, "120", 120_000],
])("status %i with Retry-After %j asks us to slow down", async (status, header, waitMs) => {
  const headers = header === undefined ? {} : { "retry-after": header };
  const thrown = await failureOf(answerWith(status, "", headers));
  expect(thrown).toBeInstanceOf(ProviderThrottled);
  expect(thrown).toMatchObject({ message: `HTTP ${status}`, retryAfterMs: waitMs });
});

test("a 503 whose Retry-After says nothing is the provider's fault", async () => {
  const thrown = await failureOf(answerWith(503, "", { "retry-after": "soon" }));
  expect(thrown).toBeInstanceOf(ProviderFault);
});

test("a 500 with Retry-After is the provider's fault", async () => {
  const thrown = await failureOf(answerWith(500, "", { "retry-after": "7" }));
  expect(thrown).toBeInstanceOf(ProviderFault);
});

test.each(["<html>down for maintenance</html>", '{"id":'])(
  "a success whose body is %j is the provider's fault",
  async (body) => {
    const thrown = await failureOf(answerWith(200, body));
    expect(thrown).toBeInstanceOf(ProviderFault);
    expect(thrown).toHaveProperty("message", "the answer is not JSON");
  },
);

test.each<[what: string, answer: Answering]>([
  ["resets the connection", (response) => response.socket?.resetAndDestroy()],
  ["closes the connection without a word", (response) => response.socket?.end()],
  [
    "breaks off in the middle of its answer",
    (response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write('{"id":', () => response.destroy());
    },
  ],
])("a provider that %s is at fault", async (_, answer) => {
  const thrown = await failureOf(answer);
  expect(thrown).toBeInstanceOf(ProviderFault);
  expect(thrown).toHaveProperty("message", expect.stringMatching(/^no connection: \w/));
});

test("an https address is called over TLS", async () => {
  const greetings: Buffer[] = [];
  const provider = createServer((socket) => {
    socket.once("data", (bytes) => {
      greetings.push(bytes);
      socket.end("HTTP/1.1 200 OK\r\n\r\n{}");
    });
    socket.on("error", () => {});
  }).listen(0, "127.0.0.1");
  await once(provider, "listening");
  const { port } = provider.address() as AddressInfo;
  const thrown = await fetchJson(api(`https://127.0.0.1:${port}`), "a", LONG).catch(
    (error: unknown) => error,
  );
  provider.close();
  expect(thrown).toBeInstanceOf(ProviderFault);
  expect(thrown).toHaveProperty("message", expect.stringMatching(/^no connection: \w/));
  const HANDSHAKE = 0x16;
  expect(greetings.map((bytes) => bytes[0])).toEqual([HANDSHAKE]);
});

test("the connection stays open for the next call", async () => {
  const sockets = new Set<unknown>();
  const { url } = await start((response, request) => {
    sockets.add(request.socket);
    answerWith(200, "{}")(response, request);
  });
  for (let call = 0; call < 3; call += 1) await fetchJson(api(url), "a", LONG);
  expect(sockets.size).toBe(1);
});

test("calls at the same time go out one after the other: a permit is for one", async () => {
  const sockets = new Set<unknown>();
  const { url, paths } = await start((response, request) => {
    sockets.add(request.socket);
    answerWith(200, "{}")(response, request);
  });
  await Promise.all(["a", "b", "c"].map((recordId) => fetchJson(api(url), recordId, LONG)));
  expect(paths).toEqual(["/records/a", "/records/b", "/records/c"]);
  expect(sockets.size).toBe(1);
});

test("a call asks for JSON, and may send headers of its own", async () => {
  const sent: unknown[] = [];
  const { url } = await start((response, request) => {
    sent.push(request.headers);
    answerWith(200, "{}")(response, request);
  });
  await fetchJson(api(url), "a", LONG, { headers: { "x-client": "sluice" } });
  await fetchJson(api(url), "a", LONG);
  expect(sent).toEqual([
    expect.objectContaining({ accept: "application/json", "x-client": "sluice" }),
    expect.not.objectContaining({ "x-client": "sluice" }),
  ]);
});

test("a provider that can't be reached is at fault", async () => {
  const provider = await startRawServer(answerWith(200, "{}"));
  await provider.stop();
  const thrown = await fetchJson(api(provider.url), "a", LONG).catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ProviderFault);
  expect(thrown).toHaveProperty("message", expect.stringContaining("ECONNREFUSED"));
});

test.each<[what: string, answer: Answering]>([
  ["never answers", () => {}],
  [
    "never ends its answer",
    (response) => {
      response.writeHead(200);
      response.write("{");
    },
  ],
])(
  "a provider that %s is hung up on when the signal aborts, which is passed on as it is",
  async (_, answer) => {
    const abort = new AbortController();
    const hungUp = Promise.withResolvers<boolean>();
    const thrown = await failureOf((response, request) => {
      response.once("close", () => hungUp.resolve(!response.writableFinished));
      answer(response, request);
      setTimeout(() => abort.abort(new Error("time is up")), 50);
    }, abort.signal);
    expect(thrown).toBe(abort.signal.reason);
    expect(await hungUp.promise).toBe(true);
  },
);

test("a signal that has aborted before sends nothing", async () => {
  const { url, paths } = await start(answerWith(200, "{}"));
  await expect(fetchJson(api(url), "a", AbortSignal.abort(new Error("too late")))).rejects.toThrow(
    "too late",
  );
  expect(paths).toEqual([]);
});

test.each([
  ["a", "a"],
  [".", "."],
  ["..", ".."],
  ["../secret", "..%2Fsecret"],
  ["a/b", "a%2Fb"],
  ["//host", "%2F%2Fhost"],
  ["a#b", "a%23b"],
  ["?x=1&y", "%3Fx%3D1%26y"],
  ["%41", "%2541"],
  ["100%", "100%25"],
  [" a+b ", "%20a%2Bb%20"],
  ["nul\u0000", "nul%00"],
  ["line\r\nfeed", "line%0D%0Afeed"],
  ["back\\slash", "back%5Cslash"],
  ["Zürich", "Z%C3%BCrich"],
  ["🦊", "%F0%9F%A6%8A"],
  ["日".repeat(900), "%E6%97%A5".repeat(900)],
])("asks for the record %j byte by byte, as one segment of the path", async (recordId, segment) => {
  const { url, paths } = await start(answerWith(200, "{}"));
  await fetchJson(api(url), recordId, LONG);
  expect(paths).toEqual([`/records/${segment}`]);
  expect(decodeURIComponent(segment)).toBe(recordId);
});

test.each([
  ["", "/records/a"],
  ["/", "/records/a"],
  ["/v1", "/v1/records/a"],
  ["/v1/", "/v1/records/a"],
])("a base URL that ends in %j is asked at %s", async (ending, path) => {
  const { url, paths } = await start(answerWith(200, "{}"));
  await fetchJson(api(`${url}${ending}`), "a", LONG);
  expect(paths).toEqual([path]);
});

test("a fault is not repeated: the caller decides about another attempt", async () => {
  const { url, paths } = await start((response) => response.socket?.resetAndDestroy());
  await expect(fetchJson(api(url), "a", LONG)).rejects.toThrow(ProviderFault);
  expect(paths).toHaveLength(1);
});
