/** The end of a measurement because it took longer than was told beforehand. */
export class OutOfTime extends Error {
  /** @param minutes that it may take */
  constructor(minutes: number) {
    super(`it took longer than ${minutes} minutes`);
    this.name = new.target.name;
  }
}
