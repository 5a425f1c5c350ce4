import type { Bench } from "../../bench/bench.ts";
import type { MadeQueue } from "../../ports/queues.ts";
import { type Finding, found, type Measurement } from "../measurement.ts";

const BODIES = ["first", "second", "third"];
const EXPECTED = "first";
/** Times the others' visibility, for which the second is hidden. */
const HIDDEN_FOR = 5;

/** The lock of a group whose second message is hidden for longer than the others. */
export const groupLock: Measurement = {
  id: "group-lock",
  rows: ["group-lock"],
  title: "hides the second of three messages of a group, and receives when the others are back",
  needs: ["direct"],
  duration: () => ({ typicalMinutes: 0.4, mostMinutes: 2 }),
  messagesMax: () => 20,
  run: async (bench) => ({ findings: [await lockOne(bench, await bench.direct())] }),
};

async function lockOne(bench: Bench, queue: MadeQueue): Promise<Finding> {
  const { account, timing, pause } = bench;
  const about = {
    row: "group-lock",
    what: "what of a group comes back while its second message is hidden",
    assumed: "the first; what is behind the second waits",
  };
  const groupId = `lock-${bench.nextId()}`;
  const messages = BODIES.map((body) => ({ body, groupId, deduplicationId: bench.nextId() }));
  await account.queues.send(queue, messages);
  const seconds = timing.shortVisibilitySeconds;
  const received = await receiveAll(bench, queue, seconds);
  const second = received.find(({ body }) => body === BODIES[1]);
  if (second === undefined || received.length < BODIES.length) {
    const why = `a receive brought ${received.length} of the group's ${BODIES.length} messages`;
    return { ...about, outcome: { kind: "not-measured", why } };
  }
  await account.queues.hide(queue, second.handle, HIDDEN_FOR * seconds);
  await pause(1_500 * seconds);
  const back = await receiveAll(bench, queue, HIDDEN_FOR * seconds);
  await pause(1_000 * HIDDEN_FOR * seconds);
  for (const { handle } of await receiveAll(bench, queue, timing.visibilitySeconds))
    await account.queues.delete(queue, handle);
  const measured = back.map(({ body }) => body).join(", ");
  return found(about, measured === EXPECTED, measured === "" ? "nothing" : measured);
}

function receiveAll({ account }: Bench, queue: MadeQueue, visibilitySeconds: number) {
  return account.queues.receive(queue, { max: 10, visibilitySeconds, waitSeconds: 2 });
}
