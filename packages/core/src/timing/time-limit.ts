import { Unreachable } from "../errors.ts";
import type { Clock } from "../ports/clock.ts";

/** An instant that no call of a batch is waited for beyond. */
export interface TimeLimit {
  /**
   * Awaits a call, at most until the limit; the call itself goes on.
   * @throws Unreachable if it has not ended by then; every error of the call
   */
  keep<T>(service: string, call: Promise<T>): Promise<T>;
  /** The port, each call of which is awaited at most until the limit. */
  keepPort<Port extends object>(service: string, port: Port): Port;
  /** Calls the limit off; nothing may be awaited under it any more. */
  end(): void;
}

/** Makes a time limit: one timer for any number of calls. */
export function createTimeLimit(clock: Clock, atMs: number): TimeLimit {
  const ended = new AbortController();
  const reached = clock.sleep(Math.max(0, atMs - clock.nowMs()), ended.signal);

  async function keep<T>(service: string, call: Promise<T>): Promise<T> {
    const answered = call.then((answer) => ({ answer }));
    const first = await Promise.race([answered, reached]);
    if (first === undefined) throw new Unreachable(service, "no answer in time");
    return first.answer;
  }

  function keepPort<Port extends object>(service: string, port: Port): Port {
    return new Proxy(port, {
      get(target, name) {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== "function") return member;
        return (...given: unknown[]) => {
          const answer: unknown = Reflect.apply(member, target, given);
          return answer instanceof Promise ? keep(service, answer) : answer;
        };
      },
    });
  }

  return { keep, keepPort, end: () => ended.abort() };
}
