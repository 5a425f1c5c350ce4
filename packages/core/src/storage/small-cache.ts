/**
 * Takes the place of the package `mnemonist/lru-cache` in bundles. DynamoDB's client keeps the endpoints in it that it has
 * discovered: none, unless it is told to, and then one. The package would be 5 KB of each function that has the table.
 */
class SmallCache<Key, Value> extends Map<Key, Value> {
  /** A cache that forgets nothing: its capacity is left out of account. */
  constructor(_capacity: number) {
    super();
  }

  /** The value of a key, as if it had not been looked at. */
  peek(key: Key): Value | undefined {
    return this.get(key);
  }
}

export { SmallCache as default };
