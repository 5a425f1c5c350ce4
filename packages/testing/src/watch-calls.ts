import { Unreachable } from "@sluice/core/errors";

/** A failure that a port's methods may be made to have. */
export type Mishap =
  /** The call never got there. */
  | "unreachable"
  /** The call did its work, but the answer was lost. */
  | "lost";

/** A port whose calls are counted, and fail when a test says so. */
export interface Watched<Port extends object> {
  readonly port: Port;
  /** Names of the methods that were called, in order. */
  readonly calls: string[];
  /** Decides for each further call, by its method's name, whether something goes wrong. */
  spoil(rule: (method: string) => Mishap | undefined): void;
}

/** Watches a port: passes its calls on, counts them, and makes them fail by the test's rule. */
export function watchCalls<Port extends object>(port: Port): Watched<Port> {
  const calls: string[] = [];
  let ruleOf: (method: string) => Mishap | undefined = () => undefined;

  function spoiled(method: string, call: (...given: unknown[]) => Promise<unknown>) {
    return async (...given: unknown[]) => {
      calls.push(method);
      const mishap = ruleOf(method);
      if (mishap === "unreachable") throw new Unreachable(method, "told to fail");
      const answer = await call(...given);
      if (mishap === "lost") throw new Unreachable(method, "told to lose its answer");
      return answer;
    };
  }

  const methods = Object.entries(port).map(([method, member]) => [method, spoiled(method, member)]);
  return {
    port: Object.fromEntries(methods) as Port,
    calls,
    spoil: (rule) => {
      ruleOf = rule;
    },
  };
}
