/** @file What a step of the method returns, for callers that do not take its events one by one. */

/** Runs a step to its end. @throws what it throws. */
export async function result<E, T>(
  steps: Generator<E, T> | AsyncGenerator<E, T>,
  onEvent?: (event: E) => void,
): Promise<T> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done === true) return value;
    onEvent?.(value);
  }
}
