/** @file Which other hosts this copy of the page may fetch from, read from its own content security policy. Asks nobody. */

/** What the policy of a page lets it connect to, itself left out. @param policy the text of its meta element */
export function connectSources(policy: string): readonly string[] {
  const directive = policy.split(";").find((part) => part.trim().startsWith("connect-src ")) ?? "";
  return directive
    .trim()
    .split(/\s+/)
    .slice(1)
    .filter((source) => source !== "'self'");
}

/** @param host such as "https://huggingface.co" @param own the page's origin */
export function mayFetchFrom(host: string, sources: readonly string[], own: string): boolean {
  if (!URL.canParse(host)) return false;
  const { origin, protocol, hostname } = new URL(host);
  if (origin === own) return true;
  return sources.some((source) => {
    if (source.endsWith(":*")) return source === `${protocol}//${hostname}:*`;
    return source.includes("*")
      ? origin.endsWith(source.slice(source.indexOf("*") + 1)) &&
          origin.startsWith(source.slice(0, source.indexOf("*")))
      : source === origin;
  });
}

/** @returns what whoever hosts the page has to allow for that address; `null`: it is allowed */
export function originToAllow(address: string): string | null {
  return mayFetchFrom(address, connectSources(ownPolicy()), location.origin) ? null : new URL(address).origin;
}

export function ownPolicy(): string {
  return document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? "";
}
