export { fileProblem } from "./file-problem.ts";
export { interruptSignal } from "./interrupt-signal.ts";
export { runCommand } from "./run-command.ts";
export { wholeNumber } from "./whole-number.ts";
