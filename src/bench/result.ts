/** @file What a step of the method returns, for callers that do not keep its events. */

/** Runs a step to its end. @throws what it throws. */
export async function result<T>(steps: Generator<unknown, T> | AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
  }
}
