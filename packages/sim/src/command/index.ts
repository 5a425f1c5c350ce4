export { fileProblem } from "./file-problem.ts";
export { createInterrupt, type Interrupt, interruptSignal } from "./interrupt.ts";
export { runCommand } from "./run-command.ts";
export { wholeNumber } from "./whole-number.ts";
