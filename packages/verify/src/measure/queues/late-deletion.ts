import type { Bench } from "../../bench/bench.ts";
import type { MadeQueue } from "../../ports/queues.ts";
import { type Finding, found, type Measurement } from "../measurement.ts";
import { refusalOf } from "../refusal-of.ts";
import { receiveOne } from "./receive-one.ts";

const REFUSAL = "InvalidParameterValue";

/** The deletion of a message whose visibility has ended. */
export const lateDeletion: Measurement = {
  id: "late-deletion",
  rows: ["late-deletion"],
  title: "deletes a message after the end of its visibility",
  needs: ["direct"],
  duration: () => ({ typicalMinutes: 0.2, mostMinutes: 1 }),
  messagesMax: () => 10,
  run: async (bench) => ({ findings: [await deleteLate(bench, await bench.direct())] }),
};

async function deleteLate(bench: Bench, queue: MadeQueue): Promise<Finding> {
  const { account, timing } = bench;
  const about = {
    row: "late-deletion",
    what: "a deletion after the end of the visibility",
    assumed: `refused with ${REFUSAL}, and the message comes back`,
  };
  await account.queues.send(queue, [{ body: "late", groupId: "late", deduplicationId: bench.nextId() }]);
  const first = await receiveOne(bench, queue, { visibilitySeconds: timing.shortVisibilitySeconds });
  await bench.pause(1_500 * timing.shortVisibilitySeconds);
  const refusal = await refusalOf(account.queues.delete(queue, first.handle));
  const again = await account.queues.receive(queue, { max: 1, waitSeconds: 5 });
  for (const { handle } of again) await account.queues.delete(queue, handle);
  const comesBack = again.length > 0;
  const measured = `${refusal === undefined ? "accepted" : `refused with ${refusal}`}, and the message ${comesBack ? "comes" : "does not come"} back`;
  return found(about, refusal === REFUSAL && comesBack, measured);
}
