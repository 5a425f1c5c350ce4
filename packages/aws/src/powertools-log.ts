import { Logger } from "@aws-lambda-powertools/logger";
import type { Log, LogFields } from "@sluice/core/ports/log";

/** {@link Log} as JSON lines for CloudWatch; every line carries `names`. The level is POWERTOOLS_LOG_LEVEL's. */
export function createPowertoolsLog(serviceName: string, names: LogFields): Log {
  const logger = new Logger({ serviceName, persistentKeys: { ...names } });
  return {
    debug: (message, fields = {}) => logger.debug(message, { ...fields }),
    info: (message, fields = {}) => logger.info(message, { ...fields }),
    warn: (message, fields = {}) => logger.warn(message, { ...fields }),
    error: (message, fields = {}) => logger.error(message, { ...fields }),
  };
}
