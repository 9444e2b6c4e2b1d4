/** @file The page's content security policy at work: another host is out of reach for everything that runs here, and each try is counted, as in every test. */
import { expect, test } from "vitest";
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
