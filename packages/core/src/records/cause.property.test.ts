import fc from "fast-check";
import { expect, test } from "vitest";
import { boundedCause, CAUSE_MAX_BYTES, shortened } from "./cause.ts";
import { escapeForSqs } from "./sqs-text.ts";

/** Any text, halves of surrogate pairs and what SQS refuses included. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 200 }),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 200 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({ unit: fc.constantFrom("🦊", "é", "\n", '"', "\ufffe", "a"), maxLength: 200 }),
);

/** Bytes of a text within JSON, as SQS gets it. */
const bytesOf = (text: string) => Buffer.byteLength(escapeForSqs(JSON.stringify(text)), "utf8") - 2;

test("a shortened text fits, keeps all that fits, and splits no character", () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 0, max: 300 }), (written, maxBytes) => {
      const short = shortened(written, maxBytes);
      const text = written.toWellFormed();
      expect(bytesOf(short)).toBeLessThanOrEqual(maxBytes);
      if (bytesOf(text) <= maxBytes) {
        expect(short).toBe(text);
        return;
      }
      if (maxBytes < bytesOf("…")) {
        expect(short).toBe("");
        return;
      }
      const kept = [...short.slice(0, -1)];
      expect(short.endsWith("…")).toBe(true);
      const characters = [...text];
      expect(kept).toEqual(characters.slice(0, kept.length));
      const next = characters[kept.length] ?? "";
      expect(bytesOf(kept.join("") + next) + bytesOf("…")).toBeGreaterThan(maxBytes);
    }),
  );
});

test("a cause of megabytes is bounded, one of a sentence stays as it is", () => {
  expect(bytesOf(boundedCause("🦊".repeat(1_000_000)))).toBeLessThanOrEqual(CAUSE_MAX_BYTES);
  expect(boundedCause("HTTP 500: out of memory")).toBe("HTTP 500: out of memory");
});

test("a cause is well-formed, whatever a provider or a worker has said", () => {
  fc.assert(fc.property(texts, (text) => boundedCause(text).isWellFormed()));
  expect(boundedCause("HTTP 500 \ud83d")).toBe("HTTP 500 \ufffd");
});

test.each(["", " ", "\n\t"])("a cause of nothing, such as %j, says so", (cause) => {
  expect(boundedCause(cause)).toBe("no cause was given");
});

test("half a surrogate pair, which no table takes, is replaced", () => {
  expect(boundedCause(`HTTP 500: ${"🦊".slice(0, 1)}`)).toBe("HTTP 500: \ufffd");
  fc.assert(
    fc.property(texts, fc.nat({ max: 400 }), (text, maxBytes) => {
      expect(shortened(text, maxBytes).isWellFormed()).toBe(true);
    }),
  );
});
