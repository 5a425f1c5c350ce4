import { anyProvider } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseQueueTags, queueTagsOf } from "./queue-tags.ts";

const [tagName = ""] = Object.keys(queueTagsOf({ maxConcurrency: 1 }));

test("a scheduler reads what the deployment wrote, among the tags of others", () => {
  fc.assert(
    fc.property(anyProvider, fc.dictionary(fc.string(), fc.string()), (provider, others) => {
      const tags = { ...others, ...queueTagsOf(provider) };
      expect(parseQueueTags(tags)).toEqual({ kind: "tags", maxConcurrency: provider.maxConcurrency });
    }),
  );
});

test("every tag is one that SQS takes", () => {
  fc.assert(
    fc.property(anyProvider, (provider) => {
      for (const [name, value] of Object.entries(queueTagsOf(provider))) {
        expect(name).toMatch(/^(?!aws:)[\w .:/=+@-]{1,128}$/);
        expect(value).toMatch(/^(?!aws:)[\w .:/=+@-]{1,256}$/);
      }
    }),
  );
});

test("tags without X are rejected", () => {
  expect(parseQueueTags({ app: "sluice" })).toEqual({
    kind: "rejected",
    reason: "tag sluice:max-concurrency must be a whole number from 1, received nothing",
  });
});

test.each(["", "0", "-1", "1.5", "1e3", " 1", "1\n", "many"])(
  "an X of %j is rejected, and shown",
  (value) => {
    const parsed = parseQueueTags({ [tagName]: value });
    expect(parsed).toMatchObject({ kind: "rejected" });
    expect(parsed.kind === "rejected" && parsed.reason).toContain(JSON.stringify(value));
  },
);
