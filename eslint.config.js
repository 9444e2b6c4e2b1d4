/** @file Lint rules: type-aware TypeScript and Svelte, sizes, and the walls between the folders of src (ARCHITECTURE.md). Proven by tests/scripts/walls.test.ts. */
import js from "@eslint/js";
import svelte from "eslint-plugin-svelte";
import globals from "globals";
import ts from "typescript-eslint";

const FOLDERS = [
  "cat",
  "verify",
  "run",
  "bench",
  "engine",
  "models",
  "served",
  "sandbox",
  "symbolic",
  "store",
  "train",
  "lab",
  "offline",
  "ui",
];

/**
 * What a folder may import besides itself. `files`: the only files of another folder that are open to it.
 * `packages`: names of npm packages, and "node:" for Node's own modules.
 */
const WALLS = {
  cat: { folders: ["verify", "run"], packages: [] },
  verify: { folders: ["cat", "run"], packages: [] },
  run: { folders: ["cat"], packages: ["valibot"] },
  bench: { folders: ["cat", "verify", "run"], packages: ["valibot"] },
  engine: {
    folders: ["cat", "verify", "run"],
    packages: ["onnxruntime-web", "onnxruntime-node", "@huggingface/transformers", "valibot", "node:"],
  },
  models: { folders: ["cat", "verify", "run"], packages: ["valibot", "hash-wasm", "node:"] },
  served: {
    folders: ["cat", "verify", "run"],
    files: { models: ["patience"] },
    packages: ["valibot", "eventsource-parser"],
  },
  sandbox: { folders: ["cat", "verify", "run"], packages: ["node:"] },
  symbolic: { folders: ["verify"], packages: ["@cortex-js/compute-engine", "node:"] },
  store: { folders: ["cat", "verify", "run"], packages: ["valibot"] },
  train: {
    folders: ["cat", "verify", "run"],
    files: {
      engine: [
        ...["ort", "lock", "runtime", "pipelines", "onnx-file", "onnx-writer"],
        ...["weight-set", "weight-source", "safetensors", "safetensors-writer"],
      ],
    },
    packages: ["valibot"],
  },
  lab: {
    folders: FOLDERS.filter((folder) => folder !== "ui" && folder !== "offline"),
    packages: ["valibot", "fflate", "@zip.js/zip.js"],
  },
  offline: { folders: [], packages: ["workbox-precaching", "workbox-routing", "workbox-strategies"] },
  ui: {
    folders: ["cat", "verify", "run", "bench"],
    files: { lab: ["client", "protocol", "wake-lock"], offline: ["protocol"] },
    packages: ["svelte", "bits-ui", "katex", "marked", "dompurify", "valibot", "@observablehq/plot"],
  },
};

const CORE = ["cat", "verify", "run", "bench"];

/** A regular expression for every import source that the wall of a folder keeps out. */
function forbidden(folder) {
  const { folders, files = {}, packages } = WALLS[folder];
  const closed = FOLDERS.filter((other) => other !== folder && !folders.includes(other));
  const relative = closed.map((other) => {
    const open = files[other];
    return open === undefined ? `${other}/` : `${other}/(?!(?:${open.join("|")})\\.ts$)`;
  });
  const names = packages.map((name) => (name.endsWith(":") ? name : `${name}(?:/|$)`));
  const outside = names.length === 0 ? "^[^.]" : `^(?!${names.join("|")})[^.]`;
  return relative.length === 0 ? outside : `^(?:\\.\\./)+(?:${relative.join("|")})|${outside}`;
}

/** Static and dynamic imports, and worker addresses, all held to the same wall. @param files of the folder; all when left out */
function wall(folder, files = [`src/${folder}/**/*.{ts,svelte}`], more = ONE_CALLER) {
  const regex = forbidden(folder);
  const message = `The wall of src/${folder} (ARCHITECTURE.md) keeps this import out.`;
  // A selector's regular expression ends at the first slash.
  const literal = `/${regex.replaceAll("/", "\\u002F")}/`;
  const address = `/${regex.split("|^")[0].replaceAll("/", "\\u002F")}/`;
  return {
    files,
    rules: {
      "no-restricted-imports": ["error", { patterns: [{ regex, message }] }],
      "no-restricted-syntax": [
        "error",
        { selector: `ImportExpression > Literal.source[value=${literal}]`, message },
        { selector: `NewExpression[callee.name='URL'] > Literal:first-child[value=${address}]`, message },
        { selector: "NewExpression[callee.name='Worker'] > NewExpression", message: NO_POLICY },
        ...more,
        ...(folder === "bench"
          ? []
          : [
              { selector: "Literal[value=/(labels|key|judge|unseen)\\.jsonl/]", message: LABELS },
              { selector: "TemplateElement[value.raw=/(labels|key|judge|unseen)\\.jsonl/]", message: LABELS },
            ]),
      ],
    },
  };
}

/** Whoever holds an InferenceSession can run it beside another, which hangs the page: nobody else gets one. */
const ONE_CALLER = [
  {
    selector: "MemberExpression[property.name='InferenceSession']",
    message: "Only src/engine/ort.ts creates and runs.",
  },
  {
    selector: "ImportSpecifier[imported.name='InferenceSession']",
    message: "Only src/engine/ort.ts creates and runs.",
  },
];

const NO_POLICY = "From its address a worker has no policy of the page's: startWorker (decision 26).";

const LABELS = "Only src/bench may read labels: ask it.";

export default ts.config(
  { ignores: ["dist/", ".types/", ".cache/", "models/", "public/"] },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...svelte.configs.recommended,
  {
    languageOptions: {
      globals: { ...globals.browser, ...globals.node },
      parserOptions: {
        projectService: { allowDefaultProject: ["*.js", "scripts/*.mjs"] },
        extraFileExtensions: [".svelte"],
        tsconfigRootDir: import.meta.dirname,
      },
    },
  },
  { files: ["**/*.svelte", "**/*.svelte.ts"], languageOptions: { parserOptions: { parser: ts.parser } } },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    },
  },
  { files: ["**/*.svelte"], rules: { "max-lines": ["error", { max: 200 }] } },
  ...FOLDERS.map((folder) => wall(folder)),
  wall("engine", ["src/engine/ort.ts", "src/engine/runtime.ts"], []),
  {
    files: CORE.map((folder) => `src/${folder}/**`),
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Math", property: "random", message: "The core is deterministic: take a seed." },
        { object: "Date", property: "now", message: "The core has no clock: take a Clock." },
      ],
      "no-restricted-globals": ["error", { name: "Date", message: "The core has no clock: take a Clock." }],
    },
  },
  {
    files: ["tests/e2e/*.test.ts"],
    rules: {
      "no-restricted-imports": [
        "error",
        {
          paths: [
            {
              name: "../../scripts/page.ts",
              importNames: ["openLab"],
              message: "openWatched and useSite (site.ts) look at the page after the test.",
            },
          ],
        },
      ],
    },
  },
  { files: ["**/*.{js,mjs}"], ...ts.configs.disableTypeChecked },
);
