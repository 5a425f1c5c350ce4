import fc from "fast-check";
import { expect, it } from "vitest";
import { createHeap } from "./heap.ts";

it("hands out its items in their order, however pushes and pops mix", () => {
  const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant("pop" as const)), {
    maxLength: 200,
  });
  fc.assert(
    fc.property(steps, (mixed) => {
      const heap = createHeap<number>((one, other) => one < other);
      const model: number[] = [];
      for (const step of mixed) {
        if (step === "pop") {
          expect(heap.peek()).toBe(model[0]);
          expect(heap.pop()).toBe(model.shift());
        } else {
          heap.push(step);
          model.push(step);
          model.sort((one, other) => one - other);
        }
        expect(heap.size).toBe(model.length);
      }
    }),
  );
});
