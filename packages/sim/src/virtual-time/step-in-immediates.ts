/**
 * Node drains microtasks after each immediate, but a turn of its event loop costs microseconds: so many are queued per
 * turn, each of which makes one step.
 */
const IMMEDIATES_PER_TURN = 256;

/**
 * Calls `step` until it answers false, each time in an immediate of its own: all that a step sets off runs to its next
 * wait before the next step. Then calls `end` and resolves. A step that throws is the last one: rejects with what it
 * threw, without a call of `end`.
 */
export function stepInImmediates(step: () => boolean, end: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let queuedCount = 0;
    let isOver = false;
    let problem: { readonly thrown: unknown } | undefined;

    function turn(): void {
      queuedCount = IMMEDIATES_PER_TURN;
      for (let count = 0; count < IMMEDIATES_PER_TURN; count += 1) setImmediate(onImmediate);
    }

    function onImmediate(): void {
      queuedCount -= 1;
      try {
        isOver = isOver || !step();
      } catch (thrown) {
        problem = { thrown };
        isOver = true;
      }
      if (queuedCount > 0) return;
      if (!isOver) turn();
      else if (problem === undefined) {
        end();
        resolve();
      } else reject(problem.thrown);
    }

    turn();
  });
}
