/** @file Vite plugin: the folder models/ under /models/ in development, and in the build only what a page may download. Recipes stay behind, and weights that no training starts from. */
import { createReadStream } from "node:fs";
import { copyFile, mkdir, readFile, readdir, stat } from "node:fs/promises";
import { dirname, extname, join, normalize, resolve, sep } from "node:path";
import type { Plugin } from "vite";
import { mimeType } from "../mime.ts";

interface ManifestModel {
  readonly path: string;
  readonly embedded: boolean;
  readonly files: readonly { readonly path: string }[];
  readonly trainable?: { readonly path: string };
}

/** Labels are fetched when the visitor opens the key, training prompts when they train; neither before. */
const ITEM_FILES = ["tasks.jsonl", "labels.jsonl", "train.jsonl"];
/** Beside the labels where answers are not right or wrong: the points that there are. */
const KEY_FILE = "key.jsonl";

/**
 * Files of models/ that the page downloads, relative to it, sorted.
 * @throws if the manifest names a file of an embedded model that is not there.
 */
export async function servedModelFiles(folder: string): Promise<string[]> {
  const served = ["catalogue.json", "manifest.json"];
  const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as { models: ManifestModel[] };
  for (const model of manifest.models.filter((entry) => entry.embedded)) {
    for (const file of [...model.files, ...(model.trainable ? [model.trainable] : [])]) {
      served.push(`${model.path}/${file.path}`);
    }
  }
  for (const domain of await readdir(join(folder, "items"))) {
    for (const file of ITEM_FILES) served.push(`items/${domain}/${file}`);
    if (await isFile(join(folder, "items", domain, KEY_FILE))) served.push(`items/${domain}/${KEY_FILE}`);
  }
  for (const path of served) {
    if (!(await isFile(join(folder, path))))
      throw new Error(`models/${path} is missing: make it again with models/recipes`);
  }
  return served.sort();
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}

/** @param folder the models folder. Served below the site's root, copied to `models/` of the build. */
export function models(folder: string): Plugin {
  const root = resolve(folder);
  let outDir = "";
  return {
    name: "models",
    configResolved(config) {
      outDir = resolve(config.root, config.build.outDir);
    },
    configureServer(server) {
      server.middlewares.use("/models", (request, response, next) => {
        const path = normalize(join(root, decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/")));
        if (!path.startsWith(root + sep)) {
          next();
          return;
        }
        stat(path).then(
          (found) => {
            if (!found.isFile()) {
              next();
              return;
            }
            response.setHeader("content-type", mimeType(extname(path)));
            response.setHeader("content-length", found.size);
            createReadStream(path).pipe(response);
          },
          () => {
            response.statusCode = 404;
            response.end();
          },
        );
      });
    },
    async writeBundle() {
      for (const path of await servedModelFiles(root)) {
        const target = join(outDir, "models", path);
        await mkdir(dirname(target), { recursive: true });
        await copyFile(join(root, path), target);
      }
    },
  };
}
