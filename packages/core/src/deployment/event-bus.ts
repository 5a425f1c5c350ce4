/** The source of all events that Sluice puts on a bus: rules filter by it, and its functions may use no other. */
export const EVENT_SOURCE = "sluice";

/** The bus that an account has without anybody making it. */
export const DEFAULT_BUS = "default";
