import type { VirtualClock } from "@sluice/sim/virtual-time";
import type { Account } from "../ports/account.ts";
import { withRedrive } from "./play-redrive.ts";

/** An account in which every measurement can run, and that knows what is in it. */
export interface WholeAccount {
  readonly account: Account;
  /** Kind and name of each thing that is there, as of the end of the call that made it. */
  readonly existing: Set<string>;
}

/** The least time that AWS takes to make things and to remove them, about; some take nearly twice as long. */
const TAKES_MS = { role: 500, function: 15_000, queue: 200, table: 10_000, mapping: 1_000, removal: 25_000 };
/** Calls that begin together end apart. */
const UNEVEN = 7;

/** Adds to an account on the models of the lab what they do not have. */
export function wholeAccount(clock: VirtualClock, account: Account): WholeAccount {
  const existing = new Set<string>();
  let begun = 0;
  const { queues, functions, journal } = account;
  async function made<T>(kind: keyof typeof TAKES_MS, name: string, call: () => Promise<T>): Promise<T> {
    begun += 1;
    await clock.sleep(TAKES_MS[kind] * (1 + (begun % UNEVEN) / UNEVEN));
    const answer = await call();
    existing.add(`${kind} ${name}`);
    return answer;
  }
  const { mappings, invoke } = withUpdater(account, made);
  const whole: Account = {
    ...account,
    mappings,
    queues: withRedrive({
      ...queues,
      // The models know FIFO queues alone.
      create: (spec) =>
        made("queue", spec.name, () =>
          queues.create({ ...spec, name: spec.name.replace(/(\.fifo)?$/, ".fifo"), isFifo: true }),
        ),
    }),
    functions: {
      ...functions,
      invoke,
      createRole: (name, statements) => made("role", name, () => functions.createRole(name, statements)),
      create: (spec) => made("function", spec.name, () => functions.create(spec)),
    },
    journal: { ...journal, create: (name) => made("table", name, () => journal.create(name)) },
    remover: {
      find: account.remover.find,
      async remove({ kind, name }) {
        // A function without a mapping is gone at once, and one that is not there yet is none.
        if (kind === "function" && existing.delete(`mapping ${name}`)) await clock.sleep(TAKES_MS.removal);
        existing.delete(`${kind} ${name}`);
      },
    },
  };
  return { account: whole, existing };
}

/** Mappings, and the function that may update those of one function alone. */
function withUpdater(
  { mappings, functions }: Account,
  made: <T>(kind: "mapping", name: string, call: () => Promise<T>) => Promise<T>,
): { readonly mappings: Account["mappings"]; readonly invoke: Account["functions"]["invoke"] } {
  const functionOf = new Map<string, string>();
  return {
    mappings: {
      ...mappings,
      async create(spec) {
        const uuid = await made("mapping", spec.functionName, () => mappings.create(spec));
        functionOf.set(uuid, spec.functionName);
        return uuid;
      },
    },
    async invoke(name, event) {
      const { uuid } = event as { readonly uuid?: string };
      if (uuid === undefined) return functions.invoke(name, event);
      const mayUpdate = functionOf.get(uuid) === name.replace(/updater$/, "recorder");
      return { answer: mayUpdate ? "accepted" : "AccessDeniedException" };
    },
  };
}
