/** @file Makes a fresh checkout ready: checks Node, installs the packages of the lock file when they are not there. Plain Node, because nothing else is installed yet. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const root = new URL("..", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`CaT Lab needs Node 20.19 or newer; this is ${process.versions.node}. Get one from https://nodejs.org`);
  process.exit(1);
}

if (!installed()) {
  console.error("Installing packages (npm ci) …");
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  try {
    execFileSync(npm, ["ci", "--loglevel=error"], {
      cwd: root,
      stdio: ["ignore", process.stderr, process.stderr],
      shell: process.platform === "win32",
    });
  } catch {
    console.error("npm ci failed (above). Check the network, then run the same command again.");
    process.exit(1);
  }
}

/** What npm notes in node_modules agrees with the lock file; packages for other platforms may be absent. */
function installed() {
  try {
    const wanted = packages("package-lock.json");
    const present = packages("node_modules/.package-lock.json");
    return Object.entries(wanted).every(([path, entry]) => {
      if (path === "") return true;
      const found = present[path];
      return found === undefined ? entry.optional === true : found.version === entry.version;
    });
  } catch {
    return false;
  }
}

/** @param {string} file */
function packages(file) {
  return JSON.parse(readFileSync(new URL(file, root), "utf8")).packages;
}
