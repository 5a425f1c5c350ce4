import type { Log } from "@sluice/core/ports";

/** {@link Log} that drops all lines. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  with: () => silentLog,
};
