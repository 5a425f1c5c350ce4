import { Logger } from "@aws-lambda-powertools/logger";
import type { Log, LogFields } from "@sluice/core/ports";

/** {@link Log} as JSON lines for CloudWatch, each with `names`, from the level in POWERTOOLS_LOG_LEVEL on. */
export function createPowertoolsLog(serviceName: string, names: LogFields): Log {
  return logWith(new Logger({ serviceName, persistentKeys: { ...names } }), {});
}

function logWith(logger: Logger, names: LogFields): Log {
  return {
    debug: (message, fields) => logger.debug(message, { ...names, ...fields }),
    info: (message, fields) => logger.info(message, { ...names, ...fields }),
    warn: (message, fields) => logger.warn(message, { ...names, ...fields }),
    error: (message, fields) => logger.error(message, { ...names, ...fields }),
    with: (more) => logWith(logger, { ...names, ...more }),
  };
}
