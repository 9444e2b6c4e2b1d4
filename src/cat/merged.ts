/** @file Several streams as one, each in its own order. Leaves out how many are good at once. */

/** @throws what the first throws that fails; the others are ended */
export async function* merged<T>(streams: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const next = async (stream: AsyncGenerator<T>) => ({ stream, result: await stream.next() });
  const waiting = new Map(streams.map((stream) => [stream, next(stream)]));
  try {
    while (waiting.size > 0) {
      const { stream, result } = await Promise.race(waiting.values());
      if (result.done === true) waiting.delete(stream);
      else {
        waiting.set(stream, next(stream));
        yield result.value;
      }
    }
  } finally {
    const ends = [...waiting.keys()].map((stream) => stream.return(undefined));
    await Promise.allSettled([...waiting.values(), ...ends]);
  }
}
