/** The right to start one call, reserved from all quotas. */
export interface Turn {
  readonly kind: "turn";
  /** On the quota's clock. */
  readonly startsAtMs: number;
  /** The worker begins no call later than this, on its own clock. */
  readonly startByMs: number;
}

/** No start for a while, on the process's own clock. */
export interface NoTurn {
  readonly kind: "shut";
  readonly untilMs: number;
}
