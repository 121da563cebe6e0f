// The first visit is light, asks nobody else, and can be read before the script has come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { phone } from "./chromium.mjs";
import { visit } from "./visit.mjs";

const BUDGET = 50_000;

test("the first visit asks this site alone, for under 50 kB in all", async (t) => {
  const { bagel, page } = await visit(t, { viewport: phone });
  const session = await page.context().newCDPSession(page);
  const bytes = new Map();
  const names = new Map();
  session.on("Network.requestWillBeSent", ({ requestId, request }) => names.set(requestId, request.url));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => bytes.set(names.get(requestId), encodedDataLength));
  await session.send("Network.enable");
  await page.goto(bagel.page, { waitUntil: "networkidle" });
  const kinds = [...bytes.keys()].map((url) => new URL(url)).map(({ origin, pathname }) => {
    assert.equal(origin, new URL(bagel.page).origin);
    return pathname.replace(/\.[0-9a-f]{8,}/, "");
  });
  assert.deepEqual(kinds.filter((path) => !/favicon|touch-icon/.test(path)).sort(), ["/", "/assets/asking.js", "/assets/giving.js", "/assets/page.css"]);
  const total = [...bytes.values()].reduce((sum, size) => sum + size, 0);
  t.diagnostic(`first visit: ${total} bytes in ${bytes.size} answers, headers included`);
  assert.ok(total < BUDGET, `${total} bytes`);
});

test("without script and pictures all is there, on a phone network in a second of transfer", async (t) => {
  const { bagel, page } = await visit(t, { expect: /ERR_FAILED/ });
  await page.route(/\.(js|svg|png)$/, (route) => route.abort());
  let transferred = 0;
  page.on("response", async (response) => { transferred += (await response.request().sizes()).responseBodySize; });
  await page.goto(bagel.page, { waitUntil: "networkidle" });
  for (const what of ["h1", "#amount-1", "#custom_amount", "#name", "#message", "button[type=submit]"]) {
    assert.equal(await page.locator(what).count(), 1, what);
  }
  assert.ok(await page.isVisible("button[type=submit]"));
  assert.notEqual(await page.evaluate(() => getComputedStyle(document.querySelector(".button")).backgroundColor), "rgba(0, 0, 0, 0)");
  // 3G as browsers' own tools have it: 1.6 Mbit/s.
  assert.ok(transferred * 8 < 1_600_000, `${transferred} bytes`);
});
