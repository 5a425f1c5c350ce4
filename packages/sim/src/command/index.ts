export { fileProblem } from "@sluice/aws/file-problem";
export { createInterrupt, type Interrupt, interruptSignal } from "./interrupt.ts";
export { runCommand } from "./run-command.ts";
export { wholeNumber } from "./whole-number.ts";
