import { expect, test } from "vitest";
import { openSimulatedAccount } from "../../fakes/simulated-account.ts";
import type { Account } from "../../ports/account.ts";
import type { MadeQueue } from "../../ports/queues.ts";
import { updates } from "./updates.ts";

/** The finding about messages that a mapping had received when it was disabled, where it drops so many. */
async function findingWhere(dropped: number) {
  let load: MadeQueue | undefined;
  const change = ({ queues, mappings }: Account) => ({
    queues: {
      ...queues,
      async create(spec: Parameters<typeof queues.create>[0]) {
        load = await queues.create(spec);
        return load;
      },
    },
    mappings: {
      ...mappings,
      async update(...[uuid, settings]: Parameters<typeof mappings.update>) {
        if (settings.isEnabled === false && load !== undefined && dropped > 0)
          await queues.receive(load, { max: dropped });
        return mappings.update(uuid, settings);
      },
    },
  });
  const { findings } = await openSimulatedAccount({ transitionMs: () => 8_000, change }).measure(updates, {
    rounds: 1,
  });
  return findings.find(({ row }) => row === "received-when-disabled")?.outcome;
}

test("a mapping that hands over all that it has received leaves nothing hidden", async () => {
  expect(await findingWhere(0)).toMatchObject({
    kind: "holds",
    measured: expect.stringMatching(/^0 received in vain, 0 hidden/),
  });
});

test("messages that were received and never handed over are found", async () => {
  expect(await findingWhere(3)).toMatchObject({
    kind: "differs",
    measured: expect.stringMatching(/^3 received in vain, 3 hidden/),
  });
});
