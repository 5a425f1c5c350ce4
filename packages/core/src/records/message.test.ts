import fc from "fast-check";
import { expect, test } from "vitest";
import { MESSAGE_VERSION, messageBody, parseMessage, type RecordMessage } from "./message.ts";

const VALID: RecordMessage = {
  version: MESSAGE_VERSION,
  provider: "demo",
  runId: "run",
  correlationId: "trace",
  recordId: "a",
};

const names = fc.string({ unit: "binary", minLength: 1, maxLength: 50 });

test("whatever a record is called and carries, it arrives as it was, in characters that SQS takes", () => {
  const payloads = fc.jsonValue({ stringUnit: "binary" });
  fc.assert(
    fc.property(names, names, names, fc.option(payloads), (recordId, runId, correlationId, payload) => {
      const sent = JSON.parse(JSON.stringify({ ...VALID, recordId, runId, correlationId, payload }));
      const body = messageBody(sent);
      expect(body).not.toMatch(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/);
      expect(parseMessage(body, "demo")).toEqual({ kind: "message", message: sent });
    }),
  );
});

test("a record without a payload arrives without one", () => {
  expect(parseMessage(messageBody(VALID), "demo")).toEqual({ kind: "message", message: VALID });
});

const having = (changes: object) => JSON.stringify({ ...VALID, ...changes });

test.each<[what: string, body: string, cause: string]>([
  ["empty", "", "the body is not JSON"],
  ["text", "hello", "the body is not JSON"],
  ["cut off", having({}).slice(0, -1), "the body is not JSON"],
  ["null", "null", "the message version must be 1, received undefined"],
  ["a list", `[${having({})}]`, "the message version must be 1, received undefined"],
  ["a number", "1", "the message version must be 1, received undefined"],
  ["of a later version", having({ version: 2 }), "the message version must be 1, received 2"],
  ["of a version as text", having({ version: "1" }), 'the message version must be 1, received "1"'],
  ["another provider's", having({ provider: "other" }), "the message is for provider other, this is demo"],
  ["without a provider", having({ provider: undefined }), "provider"],
  ["without a run", having({ runId: undefined }), "runId"],
  ["with an empty run", having({ runId: "" }), "runId"],
  ["with half a character for a run", having({ runId: "\ud800" }), "must be well-formed Unicode"],
  [
    "with half a character in its correlation id",
    having({ correlationId: "a\udc00" }),
    "must be well-formed",
  ],
  ["without a correlation id", having({ correlationId: undefined }), "correlationId"],
  ["without a record", having({ recordId: undefined }), "recordId"],
  ["with a number for a record", having({ recordId: 7 }), "recordId"],
  ["with an empty record", having({ recordId: "" }), "the id is empty"],
  ["with half a character for a record", having({ recordId: "\ud800" }), "the id is not well-formed Unicode"],
  ["with an id that is too long", having({ recordId: "x".repeat(1_025) }), "the id has 1025 characters"],
  ["with a payload too large", having({ payload: "x".repeat(65_536) }), "the payload has 65538 bytes"],
  ["with more than a message has", having({ priority: 1 }), "priority"],
])("a body that is %s is malformed", (_, body, cause) => {
  expect(parseMessage(body, "demo")).toEqual({ kind: "malformed", cause: expect.stringContaining(cause) });
});

test("whatever the body, it is a message or malformed, in one line", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json(), fc.object().map(having)), (body) => {
      const parsed = parseMessage(body, "demo");
      expect(parsed.kind === "message" || /^[^\n]+$/.test(parsed.cause)).toBe(true);
    }),
  );
});

test.each([
  ["of a version that is a page", having({ version: "x".repeat(1_000_000) })],
  ["for a provider that is a page", having({ provider: "🦊".repeat(200_000) })],
  ["with a page for an option", having({ ["x".repeat(1_000_000)]: 1 })],
])("a body %s has a cause of some lines all the same", (_, body) => {
  const parsed = parseMessage(body, "demo");
  expect(parsed.kind === "malformed" && Buffer.byteLength(JSON.stringify(parsed.cause))).toBeLessThan(3_000);
});
