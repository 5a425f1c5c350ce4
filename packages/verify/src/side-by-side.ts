import { Interrupted } from "./interrupted.ts";

/**
 * Does all of these side by side, and ends when each of them has: a call that is still under way may make something, which
 * has to be removed afterwards.
 * @param callOff told as soon as one fails, so that the others end early
 * @throws the first failure, and an {@link Interrupted} only where there is no other
 */
export async function sideBySide(
  works: readonly (() => Promise<void>)[],
  callOff: () => void = () => {},
): Promise<void> {
  const failures: unknown[] = [];
  const attempt = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (thrown) {
      failures.push(thrown);
      callOff();
    }
  };
  await Promise.all(works.map(attempt));
  if (failures.length === 0) return;
  throw failures.find((one) => !(one instanceof Interrupted)) ?? failures[0];
}
