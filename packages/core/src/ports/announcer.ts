/**
 * Tells others what has become of runs and records. Throws `Unreachable` if they could not be told, in part or in whole;
 * then all is told again, under the same ids.
 */
export interface Announcer {
  announce(announcements: readonly Announcement[]): Promise<void>;
}

/** Something that others may wait for. */
export interface Announcement {
  /** The same of the same news, however often it is told. */
  readonly id: string;
  readonly kind: AnnouncementKind;
  readonly atMs: number;
  /** A JSON value. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The news there are. */
export type AnnouncementKind = "Run Completed" | "Run Late" | "Record Dead";
