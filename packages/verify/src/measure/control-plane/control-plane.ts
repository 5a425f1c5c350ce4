import { BATCH_SIZE_MAX, MAXIMUM_CONCURRENCY_MAX, MAXIMUM_CONCURRENCY_MIN } from "@sluice/core/aws-bounds";
import type { Bench } from "../../bench/bench.ts";
import { AT_FIRST } from "../../bench/making.ts";
import { whenSettled } from "../../bench/when-settled.ts";
import type { TurnedSettings } from "../../ports/mapping-calls.ts";
import { type Finding, found, type Measurement } from "../measurement.ts";
import { refusalOf } from "../refusal-of.ts";

const BUSY = "ResourceInUseException";
const OUT_OF_BOUNDS = "ValidationException";
const NO_WINDOW = "InvalidParameterValueException";

/** Updates of a mapping that stays disabled: what they are answered with, and what they leave. */
export const controlPlane: Measurement = {
  id: "control-plane",
  rows: [
    "busy-while-changing",
    "update-while-disabled",
    "omission-keeps",
    "least-concurrency",
    "bounds-refusal",
    "fifo-batches",
  ],
  title: "updates a disabled mapping, twice at once and out of bounds",
  needs: ["mapping"],
  duration: () => ({ typicalMinutes: 1.5, mostMinutes: 10 }),
  messagesMax: () => 0,
  run: async (bench) => ({ findings: await measureControlPlane(bench) }),
};

async function measureControlPlane(bench: Bench): Promise<readonly Finding[]> {
  const { uuid } = await bench.mapping();
  await whenSettled(bench, uuid);
  const [changing, again] = await updateTwice(bench, uuid);
  const kept = await whenSettled(bench, uuid);
  return [
    found(
      { row: "busy-while-changing", what: "an update during another one", assumed: `refused with ${BUSY}` },
      again === BUSY,
      toldOf(again),
    ),
    found(
      {
        row: "update-while-disabled",
        what: "the state of a disabled mapping after a change",
        assumed: "Updating for a while",
      },
      changing === "Updating",
      changing,
    ),
    found(
      {
        row: "omission-keeps",
        what: "the maximum concurrency after an update of the batch size alone",
        assumed: `as before: ${AT_FIRST.maximumConcurrency}`,
      },
      kept.maximumConcurrency === AT_FIRST.maximumConcurrency,
      String(kept.maximumConcurrency ?? "none"),
    ),
    ...(await measureBounds(bench, uuid)),
  ];
}

async function updateTwice({ account }: Bench, uuid: string): Promise<readonly [string, string | undefined]> {
  const { state } = await account.mappings.update(uuid, { batchSize: AT_FIRST.batchSize + 1 });
  const again = await refusalOf(account.mappings.update(uuid, { batchSize: AT_FIRST.batchSize + 2 }));
  return [state, again];
}

async function measureBounds(bench: Bench, uuid: string): Promise<readonly Finding[]> {
  const least = await trial(bench, uuid, { maximumConcurrency: MAXIMUM_CONCURRENCY_MIN - 1 });
  const most = await trial(bench, uuid, { maximumConcurrency: MAXIMUM_CONCURRENCY_MAX + 1 });
  const inBounds = await trial(bench, uuid, { maximumConcurrency: MAXIMUM_CONCURRENCY_MAX });
  const large = await trial(bench, uuid, { batchSize: BATCH_SIZE_MAX + 1 });
  await trial(bench, uuid, AT_FIRST);
  return [
    found(
      {
        row: "least-concurrency",
        what: `a maximum concurrency of ${MAXIMUM_CONCURRENCY_MIN - 1}, of ${MAXIMUM_CONCURRENCY_MAX}, of ${MAXIMUM_CONCURRENCY_MAX + 1}`,
        assumed: "refused, accepted, refused",
      },
      least !== undefined && inBounds === undefined && most !== undefined,
      [least, inBounds, most].map(toldOf).join("; "),
    ),
    found(
      {
        row: "bounds-refusal",
        what: `a maximum concurrency of ${MAXIMUM_CONCURRENCY_MIN - 1}`,
        assumed: `refused with ${OUT_OF_BOUNDS}`,
      },
      least === OUT_OF_BOUNDS,
      toldOf(least),
    ),
    found(
      {
        row: "fifo-batches",
        what: `a batch size of ${BATCH_SIZE_MAX + 1}`,
        assumed: `refused with ${NO_WINDOW}`,
      },
      large === NO_WINDOW,
      toldOf(large),
    ),
  ];
}

/** Tries an update when none is under way; AWS's name for its refusal, or undefined. */
async function trial(
  bench: Bench,
  uuid: string,
  change: Partial<TurnedSettings>,
): Promise<string | undefined> {
  // A refused one is over at once, and others need the control plane as well.
  await bench.pause(bench.timing.lookEveryMs);
  await whenSettled(bench, uuid);
  return refusalOf(bench.account.mappings.update(uuid, change));
}

function toldOf(refusal: string | undefined): string {
  return refusal === undefined ? "accepted" : `refused with ${refusal}`;
}
