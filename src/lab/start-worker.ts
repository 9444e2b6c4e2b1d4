/**
 * @file Starts the page's own module workers so that they obey its content security policy. One started from its address has a policy of its own, out of
 * the headers it came with, of which a static host sends none: it could reach any host. One from a `blob:` takes over its maker's (decision 26).
 */

/**
 * @param address of a script of the page, relative to `from` or whole
 * @param from the caller's `import.meta.url`
 */
export function startWorker(address: string, from: string, name = ""): Worker {
  const script = `import ${JSON.stringify(new URL(address, from).href)};`;
  const blob = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const worker = new Worker(blob, { type: "module", name });
  // The address was read when the worker was made.
  URL.revokeObjectURL(blob);
  return worker;
}
