/** @file `npm run class-server`: the page for a class, and the models of a folder as its hub, from one address. Builds the page if its sources changed. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { classCatalogue, classModelFile, classModels } from "./class-models.ts";
import { integer, noWords, optional, parseOptions, runCommand, text, UsageError } from "./options.ts";
import { serve, type SiteServer } from "./server.ts";
import { buildIfStale, DIST } from "./site.ts";

const LOOPBACK = ["127.0.0.1", "localhost"];

/** @param models folder of models; `null`: none. @param dist the built page. @returns the server, and what it has of models */
export async function serveClass(
  models: string | null,
  place: { readonly port?: number; readonly host?: string } = {},
  dist = DIST,
): Promise<SiteServer & Awaited<ReturnType<typeof classModels>>> {
  const catalogue = await classCatalogue(dist);
  const own = await mkdtemp(join(tmpdir(), "cat-lab-class-"));
  const catalogueFile = join(own, "catalogue.json");
  await writeFile(catalogueFile, JSON.stringify(catalogue));
  const server = await serve(dist, {
    ...place,
    instead: async (path) => {
      if (models === null) return null;
      return path === "models/catalogue.json" ? catalogueFile : classModelFile(models, path);
    },
  });
  return {
    ...server,
    ...(models === null ? { whole: [], lacking: [] } : await classModels(models, catalogue)),
    async close() {
      await server.close();
      await rm(own, { recursive: true });
    },
  };
}

if (process.argv[1] === import.meta.filename) {
  await runCommand(async (argv) => {
    const { values, words } = parseOptions(argv, {
      models: optional(text("a folder with models as owner/name/…")),
      port: integer(1, 65_535, 4180),
      host: text("an address of this machine", "127.0.0.1"),
    });
    noWords(words);
    const models = values.models === null ? null : resolve(values.models);
    if (models !== null && (await stat(models).catch(() => null))?.isDirectory() !== true) {
      throw new UsageError(
        `--models is "${models}", which is no folder: it takes a folder with models as owner/name/…`,
      );
    }
    await buildIfStale();
    const server = await serveClass(models, values);
    console.log(`CaT Lab for a class is at ${server.url} (Ctrl+C ends it)`);
    if (models === null) console.log("Only the models of the page: name a folder of others with --models");
    else console.log(`Models in ${models}: ${server.whole.join(", ") || "none that is whole"}`);
    for (const what of server.lacking) console.log(`Not whole: ${what}`);
    if (!LOOPBACK.includes(values.host)) {
      console.log(
        "Other machines must reach it over https, or their browsers lend the page neither WebGPU nor storage nor use without a network: put a server with a certificate before it (docs/workshop.md).",
      );
    }
    await new Promise<void>((stop) => {
      process.once("SIGINT", stop);
      process.once("SIGTERM", stop);
    });
    await server.close();
    return 0;
  });
}
