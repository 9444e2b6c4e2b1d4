/** @file The built page in a folder of a test's own, some of its files replaced by others. The rest are links, so nothing is copied. */
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DIST } from "../../scripts/site.ts";

/** @param replaced contents by path. @returns the folder, which the caller removes */
export function siteFolder(replaced: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), "cat-lab-site-"));
  link("", folder, Object.keys(replaced));
  for (const [path, content] of Object.entries(replaced)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Links what is below a path, going into folders only where something in them is replaced. */
function link(below: string, folder: string, replaced: readonly string[]): void {
  for (const name of readdirSync(join(DIST, below))) {
    const path = below + name;
    // What is compressed beside a replaced file is of the old one.
    if (replaced.some((one) => [one, `${one}.br`, `${one}.gz`].includes(path))) continue;
    if (replaced.some((one) => one.startsWith(`${path}/`))) {
      mkdirSync(join(folder, path));
      link(`${path}/`, folder, replaced);
    } else symlinkSync(join(DIST, path), join(folder, path));
  }
}
