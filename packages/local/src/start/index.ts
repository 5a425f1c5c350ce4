export { type LocalRun, openValves, startLocalRun } from "./local-run.ts";
export { parseStartOptions } from "./options.ts";
export { type Preparation, prepare } from "./prepare.ts";
export { runDay } from "./run-day.ts";
export { type RunReport, runReportOf } from "./run-report.ts";
