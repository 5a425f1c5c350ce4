/** The names of the functions of a day. */
export const FUNCTION_NAMES = { ventilator: "ventilator", worker: "worker", waker: "waker" } as const;
