/** The lanes, each with a queue and a mapping. records: the bulk; express: those that a user waits for. */
export const LANES = ["records", "express"] as const;

/** One of {@link LANES}. */
export type Lane = (typeof LANES)[number];

/** The lanes, the most urgent first. */
export const LANES_BY_URGENCY: readonly Lane[] = ["express", "records"];

/** The lane beside one. */
export function otherLane(lane: Lane): Lane {
  return lane === "records" ? "express" : "records";
}

/** One value for each lane. */
export type ByLane<T> = Readonly<Record<Lane, T>>;

/** Makes one value for each lane, side by side. */
export async function byLaneAsync<T>(valueFor: (lane: Lane) => Promise<T>): Promise<ByLane<T>> {
  const [records, express] = await Promise.all([valueFor("records"), valueFor("express")]);
  return { records, express };
}

/** Makes one value for each lane. */
export function byLane<T>(valueFor: (lane: Lane) => T): ByLane<T> {
  return { records: valueFor("records"), express: valueFor("express") };
}
