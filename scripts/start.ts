/** @file `npm start`: builds the page if its sources changed, serves it on this machine, opens it where there is a screen. */
import { spawn } from "node:child_process";
import { flag, integer, noWords, parseOptions, runCommand, text } from "./options.ts";
import { serve } from "./server.ts";
import { buildIfStale, DIST, ORIGINS } from "./site.ts";

await runCommand(async (argv) => {
  const hosts = { hub: flag(), allow: text(ORIGINS) };
  const { values, words } = parseOptions(argv, { port: integer(1, 65_535, 4173), noOpen: flag(), ...hosts });
  noWords(words);
  await buildIfStale(values);
  const server = await serve(DIST, { port: values.port });
  console.log(`CaT Lab is at ${server.url} (Ctrl+C ends it)`);
  if (!values.noOpen) open(server.url);
  await new Promise<void>((stop) => {
    process.once("SIGINT", stop);
    process.once("SIGTERM", stop);
  });
  await server.close();
  return 0;
});

/** Asks the desktop to show an address; on a machine without one nothing happens. */
function open(url: string): void {
  const { platform, env } = process;
  if (platform === "linux" && !env["DISPLAY"] && !env["WAYLAND_DISPLAY"]) return;
  const [command, args]: [string, string[]] =
    platform === "win32" ? ["cmd", ["/c", "start", "", url]] : [platform === "darwin" ? "open" : "xdg-open", [url]];
  spawn(command, args, { stdio: "ignore", detached: true })
    .on("error", () => {
      console.log("No browser could be opened: open the address yourself.");
    })
    .unref();
}
