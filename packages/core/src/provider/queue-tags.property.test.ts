import { anyProvider } from "@sluice/testing/any-provider";
import fc from "fast-check";
import { expect, test } from "vitest";
import { queueTagsOf } from "./queue-tags.ts";

test("an installed scheduler that asks for X finds it", () => {
  fc.assert(
    fc.property(anyProvider, (provider) => {
      expect(queueTagsOf(provider)["sluice:max-concurrency"]).toMatch(/^[1-9]\d*$/);
      expect(Number(queueTagsOf(provider)["sluice:max-concurrency"])).toBe(provider.maxConcurrency);
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
