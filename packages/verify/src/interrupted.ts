/** The end of a measurement because its run was interrupted. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
    this.name = new.target.name;
  }
}
