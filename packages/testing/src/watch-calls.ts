import { Unreachable } from "@sluice/core/errors";

/** A failure that a port's methods may be made to have. */
export type Mishap =
  /** The call never got there. */
  | "unreachable"
  /** The call did its work, but the answer was lost. */
  | "lost";

/** The name of a port's method. */
type MethodOf<Port> = keyof Port & string;

/** A port whose calls are counted, and fail when a test says so. */
export interface Watched<Port extends object> {
  readonly port: Port;
  /** Names of the methods that were called, in order. */
  readonly calls: MethodOf<Port>[];
  /** Decides for each further call, by its method's name, whether something goes wrong. */
  spoil(rule: (method: MethodOf<Port>) => Mishap | undefined): void;
}

/** Watches a port: passes its calls on, counts them, and makes them fail by the test's rule. */
export function watchCalls<Port extends object>(port: Port): Watched<Port> {
  const calls: MethodOf<Port>[] = [];
  let ruleOf: (method: MethodOf<Port>) => Mishap | undefined = () => undefined;

  function spoiled(method: MethodOf<Port>, call: (...given: unknown[]) => Promise<unknown>) {
    return async (...given: unknown[]) => {
      calls.push(method);
      const mishap = ruleOf(method);
      if (mishap === "unreachable") throw new Unreachable(method, "told to fail");
      const answer = await call(...given);
      if (mishap === "lost") throw new Unreachable(method, "told to lose its answer");
      return answer;
    };
  }

  const methods = methodsOf(port).map(([method, member]) => [method, spoiled(method, member)]);
  return {
    port: Object.fromEntries(methods) as Port,
    calls,
    spoil: (rule) => {
      ruleOf = rule;
    },
  };
}

function methodsOf<Port extends object>(port: Port) {
  return Object.entries(port) as [MethodOf<Port>, (...given: unknown[]) => Promise<unknown>][];
}
