import type { Log } from "@sluice/core/ports/log";

/** Says nothing: a run is told by its figures and its trace. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: (m, f) => { if (process.env.LOUD) console.log(m, f); },
  error: (m, f) => { if (process.env.LOUD) console.log(m, f); },
  with: () => silentLog,
};
