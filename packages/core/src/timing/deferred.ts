/** A promise that is settled from outside: `Promise.withResolvers`, which Node has from 22 on only, and schedulers run on 20. */
export function deferred<T = void>(): PromiseWithResolvers<T> {
  let resolve: PromiseWithResolvers<T>["resolve"] = () => {};
  let reject: PromiseWithResolvers<T>["reject"] = () => {};
  const promise = new Promise<T>((...settle) => {
    [resolve, reject] = settle;
  });
  return { promise, resolve, reject };
}
