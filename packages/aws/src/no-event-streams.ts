/*
 * Takes the place of the SDK's event streams in bundles: no call of Sluice's has one, and they would be a fiftieth of each
 * function that invokes another.
 */

/** Leaves a client's settings as they are. */
export function resolveEventStreamSerdeConfig<T>(settings: T): T {
  return settings;
}

/** Provides nothing. */
export function eventStreamSerdeProvider(): undefined {
  return undefined;
}

/** Says that there is none, to whoever makes a call that has one. */
export class EventStreamSerde {
  constructor() {
    throw new TypeError("Event streams are not in the bundle: see @sluice/aws/no-event-streams");
  }
}
