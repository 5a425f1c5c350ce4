import fc from "fast-check";
import { expect, test } from "vitest";
import { Unreachable } from "../errors.ts";
import { createLettersHarness, letterEntry, recordIdsIn } from "./fakes/letters.ts";
import { readDeadLetters } from "./read-dead-letters.ts";
import { redrive } from "./redrive.ts";

const ANNA = { by: "anna", reason: "they have mended it" };

/** The ends of a call: carried out and answered, lost on its way, carried out with a lost answer, or refused in part. */
const fate = fc.constantFrom("answered", "answered", "answered", "lost", "unanswered", "refused");
type Fate = typeof fate extends fc.Arbitrary<infer Value> ? Value : never;

/** A port whose calls have their fates one after the other; after those that are given all are answered. */
function fated<Port extends object>(port: Port, fates: Iterator<Fate>, names: readonly (keyof Port)[]): Port {
  const calls = names.map((name) => [
    name,
    async (...args: readonly unknown[]) => {
      const { value = "answered" } = fates.next();
      if (value === "lost") throw new Unreachable("a queue", "told to fail");
      const call = port[name] as (...args: readonly unknown[]) => Promise<unknown>;
      const [batch] = args;
      if (value === "refused" && Array.isArray(batch) && batch.length > 0) {
        await call(...[batch.slice(1), ...args.slice(1)]);
        return [{ index: 0, reason: "told to refuse", isFinal: false }];
      }
      const answer = await call(...args);
      if (value === "unanswered") throw new Unreachable("a queue", "its answer was lost");
      return answer;
    },
  ]);
  return { ...port, ...Object.fromEntries(calls) };
}

const letters = fc.array(
  fc.record({ cause: fc.constantFrom("HTTP 404", "HTTP 500"), isMalformed: fc.boolean() }),
  { maxLength: 35 },
);

test("whatever fails and whenever it ends, each letter is in its lane or dead, in its place; the next redrive makes it whole", async () => {
  await fc.assert(
    fc.asyncProperty(
      letters,
      fc.array(fate, { maxLength: 30 }),
      fc.nat({ max: 6 }),
      fc.constantFrom({ kind: "all" } as const, { kind: "cause", text: "404" } as const),
      async (given, fates, abortAfter, filter) => {
        const harness = createLettersHarness();
        for (const [index, { cause, isMalformed }] of given.entries()) {
          const entry = letterEntry(`r${index}`, { cause, number: index });
          await harness.deadLetters.send([isMalformed ? { ...entry, body: `m${index}` } : entry]);
        }
        const before = recordIdsIn(harness.deadLetters);
        const wanted = before.filter(
          (id, index) => id.startsWith("r") && (filter.kind === "all" || given[index]?.cause === "HTTP 404"),
        );
        const left = fates.values();
        const deps = {
          ...harness.deps,
          deadLetters: fated(harness.deadLetters, left, ["receive", "deleteAll"]),
          lanes: { ...harness.lanes, records: fated(harness.lanes.records, left, ["send"]) },
        };
        const interrupt = new AbortController();
        let batches = 0;
        const onProgress = () => {
          batches += 1;
          if (batches > abortAfter) interrupt.abort();
        };
        const request = { ...ANNA, filter, expectedCount: given.length };
        await redrive({ ...request, signal: interrupt.signal, onProgress }, deps).catch((thrown) => {
          if (!(thrown instanceof Unreachable)) throw thrown;
        });

        const inLane = recordIdsIn(harness.lanes.records);
        const dead = recordIdsIn(harness.deadLetters);
        expect(new Set(inLane).size).toBe(inLane.length);
        expect(wanted).toEqual(expect.arrayContaining(inLane));
        expect(before.filter((id) => !inLane.includes(id) && !dead.includes(id))).toEqual([]);
        expect(dead).toEqual(before.filter((id) => dead.includes(id)));
        if (fates.every((each) => each === "answered")) {
          expect(dead.filter((id) => inLane.includes(id))).toEqual([]);
          expect((await harness.deadLetters.depth()).inFlightCount).toBe(0);
        }

        // What a lost answer has hidden comes back when its time is up.
        harness.deadLetters.showAll();
        await redrive(request, harness.deps);
        expect(recordIdsIn(harness.lanes.records).toSorted()).toEqual(wanted.toSorted());
        expect(recordIdsIn(harness.deadLetters)).toEqual(before.filter((id) => !wanted.includes(id)));
        const third = await redrive(request, harness.deps);
        expect(third).toMatchObject({ redrivenCount: 0, isComplete: true });
        expect((await readDeadLetters({}, harness.deps)).letters).toHaveLength(before.length - wanted.length);
      },
    ),
    { numRuns: 200 },
  );
});
