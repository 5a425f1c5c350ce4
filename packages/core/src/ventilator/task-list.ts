import type { Task } from "./batch.ts";

/** The tasks of a batch that have not been started. Several runs, each with permits of its own, may share them. */
export interface TaskList {
  /** Takes the next task; undefined if none is left. */
  next(): Task | undefined;
  /** Puts a task back that could not be started: it is the next again. */
  putBack(task: Task): void;
  count(): number;
  /** Counts one more run that works through the list. */
  join(): void;
  /** Counts one less. The last one gets what is left, and nobody else does; the others get nothing. */
  leave(): readonly Task[];
}

/** Makes a list of these tasks, that nobody works through yet. */
export function createTaskList(tasks: readonly Task[]): TaskList {
  const waiting = [...tasks];
  let runCount = 0;
  return {
    next: () => waiting.shift(),
    putBack: (task) => void waiting.unshift(task),
    count: () => waiting.length,
    join() {
      runCount += 1;
    },
    leave() {
      runCount -= 1;
      return runCount === 0 ? waiting.splice(0) : [];
    },
  };
}
