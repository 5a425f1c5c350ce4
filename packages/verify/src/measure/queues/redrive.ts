import type { Bench } from "../../bench/bench.ts";
import { MAX_RECEIVES } from "../../bench/making.ts";
import { type Finding, found, type Measurement } from "../measurement.ts";
import { receiveOne } from "./receive-one.ts";

const BODY = "a dead letter";
const ATTRIBUTES = { cause: "measured" };
/** A redrive is carried out in the background. */
const MOVED_WITHIN_MS = 120_000;

/** A message that is received too often, becomes a dead letter, and is redriven. */
export const redrive: Measurement = {
  id: "redrive",
  rows: ["redriven-count", "redriven-attributes"],
  title: "receives a message until it is a dead letter, redrives it, and receives it again",
  needs: ["direct"],
  duration: () => ({ typicalMinutes: 1, mostMinutes: 4 }),
  messagesMax: () => 10,
  run: async (bench) => ({ findings: await redriveOne(bench) }),
};

async function redriveOne(bench: Bench): Promise<readonly Finding[]> {
  const { account, pause, say } = bench;
  const [queue, deadLetters] = [await bench.direct(), await bench.deadLetters()];
  const message = { body: BODY, groupId: "redrive", deduplicationId: bench.nextId(), attributes: ATTRIBUTES };
  await account.queues.send(queue, [message]);
  for (let at = 1; at <= MAX_RECEIVES; at += 1) {
    await receiveOne(bench, queue, { visibilitySeconds: 0 });
    await pause(0);
  }
  // The receive that would be one too many moves it.
  await account.queues.receive(queue, { max: 1, visibilitySeconds: 0, waitSeconds: 1 });
  const dead = await receiveOne(bench, deadLetters, { visibilitySeconds: 0 });
  say("it is a dead letter; redriving it");
  await account.queues.redrive(deadLetters, queue);
  const again = await receiveOne(bench, queue, {}, MOVED_WITHIN_MS);
  await account.queues.delete(queue, again.handle);
  const isWhole = again.body === BODY && again.attributes.cause === ATTRIBUTES.cause;
  return [
    found(
      {
        row: "redriven-count",
        what: `the receive count after a redrive, of a message that was received ${MAX_RECEIVES} times before`,
        assumed: "1: it counts anew",
      },
      again.receiveCount === 1,
      `${again.receiveCount}; in the dead-letter queue it was ${dead.receiveCount}`,
    ),
    found(
      {
        row: "redriven-attributes",
        what: "body and sender's attributes after a redrive",
        assumed: "as they were",
      },
      isWhole,
      isWhole ? "as they were" : `body ${again.body}, attributes ${JSON.stringify(again.attributes)}`,
    ),
  ];
}
