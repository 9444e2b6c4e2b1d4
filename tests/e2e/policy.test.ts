/** @file The page's content security policy at work: another host is out of reach for everything that runs here, and each try is counted, as in every test. The algebra, two workers deep, is not hindered. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { DIST } from "../../scripts/site.ts";
import { useSite } from "./site.ts";

const site = useSite();
/** Would be asked, and counted as that, if no policy were in the way. */
const ELSEWHERE = "https://elsewhere.test/";

test("a page, its worker, a worker of that and a frame reach no other host, and each try is counted", async () => {
  const { page, violations } = await site.open({ view: "models" }, { withoutEngine: true });
  await page.getByText("Where models are fetched from").waitFor();
  expect(violations).toEqual([]);
  const counted = (who: string) =>
    expect.poll(() => violations.filter((text) => text.includes(ELSEWHERE + who)).length).toBeGreaterThan(0);
  const attempt = (address: string) =>
    fetch(address).then(
      () => "reached",
      () => "refused",
    );

  expect(await page.evaluate(attempt, `${ELSEWHERE}page`)).toBe("refused");
  await counted("page");
  const worker = page.workers()[0]!;
  expect(await worker.evaluate(attempt, `${ELSEWHERE}worker`)).toBe("refused");
  await counted("worker");
  await worker.evaluate((address) => {
    new Worker(URL.createObjectURL(new Blob([`fetch("${address}")`])));
  }, `${ELSEWHERE}nested`);
  await counted("nested");
  await page.evaluate((address) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-scripts");
    frame.srcdoc = `<img src="${address}">`;
    document.body.append(frame);
  }, `${ELSEWHERE}frame`);
  await counted("frame");
  violations.length = 0;
});

test("the algebra computes under it, two workers deep", async () => {
  const { page } = await site.open({ view: "models" }, { withoutEngine: true });
  await page.getByText("Where models are fetched from").waitFor();
  const [script] = readdirSync(join(DIST, "assets")).filter((name) => /^compute-engine\.worker-[\w-]+\.js$/.test(name));
  const equal = page.workers()[0]!.evaluate(
    (address) =>
      new Promise((done, fail) => {
        const blob = new Blob([`import "${address}";`], { type: "text/javascript" });
        const worker = new Worker(URL.createObjectURL(blob), { type: "module" });
        worker.onerror = fail;
        worker.onmessage = ({ data }: MessageEvent<null | { equal: boolean | null }>) => {
          if (data === null) worker.postMessage(["\\sin^2(x) + \\cos^2(x)", "1"]);
          else done(data.equal);
        };
      }),
    `${site.url}assets/${script!}`,
  );
  expect(await equal).toBe(true);
});
