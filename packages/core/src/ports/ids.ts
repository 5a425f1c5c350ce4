/** Makes ids that no other process makes: attempts, permit holders, runs. */
export interface Ids {
  next(): string;
}
