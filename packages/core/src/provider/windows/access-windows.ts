/** The times at which a provider may be called, in its own time zone: those in `open`, less those in `closed`. */
export interface AccessWindows {
  /** Absent: at any time. */
  readonly open?: readonly AccessWindow[];
  /** Absent: at none. */
  readonly closed?: readonly AccessWindow[];
}

/**
 * A window that recurs on days of the week, or is there on dates: one of the two. Where `to` is not after `from` it ends
 * on the following day; without both it is the whole day.
 */
export interface AccessWindow {
  /** Days on which it begins, such as `sat`, or ranges of them, such as `mon-fri`. */
  readonly days?: readonly string[];
  /** Dates on which it begins, such as `2026-12-25`. */
  readonly dates?: readonly string[];
  /** Time of day, such as `20:00`. */
  readonly from?: string;
  /** Time of day before which it ends, such as `06:00`, or `24:00`. */
  readonly to?: string;
}
