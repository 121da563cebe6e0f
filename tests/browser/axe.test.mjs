// axe-core finds nothing at any state, light or dark, left to right or right to left.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { test } from "node:test";
import { everyScene, exhaust, still, unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

const path = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
// So tall that the button at a phone's lower edge lies over nothing: axe does not scroll.
const viewport = { width: 390, height: 3000 };
const story = { name: "Grace", message: "Thank you for the parser talk.\nIt saved my week!" };

for (const locale of ["en", "ar"]) {
  test(`axe finds nothing in the form, nor in its mistakes (${locale})`, async (t) => {
    const { bagel, page } = await visit(t, { locale, viewport, expect: /50\d|404/ });
    await page.addInitScript({ path });
    await page.goto(bagel.page);
    await page.fill("#message", story.message);
    await findsNothing(page, "choose");
    await page.check("#amount-other");
    await page.fill("#message", "🥯".repeat(281));
    await page.click("button[type=submit]");
    await findsNothing(page, "error");
    await page.goto(`${bagel.page}/thanks/nobody`);
    await findsNothing(page, "404");
  });

  test(`axe finds nothing at any state of a donation (${locale})`, async (t) => {
    const { bagel, page } = await visit(t, { locale, viewport, settings: unhurried, cards: true });
    await page.addInitScript({ path });
    await still(page);
    for (const [scene, address] of Object.entries(await everyScene(bagel, story))) {
      await page.goto(address);
      await page.waitForSelector(`main.scene-${scene}`);
      await findsNothing(page, scene);
    }
  });

  test(`axe finds nothing while a page waits for the network, or a person for a minute (${locale})`, async (t) => {
    const { bagel, page } = await visit(t, { locale, viewport, expect: /429|ERR_INTERNET/ });
    await page.addInitScript({ path });
    await page.goto(bagel.page);
    await page.click("button[type=submit]");
    await page.waitForURL("**/thanks/*");
    await page.context().setOffline(true);
    await page.clock.fastForward(11 * 60_000);
    await page.waitForSelector("#trouble:not([hidden])");
    await findsNothing(page, "offline");
    await page.context().setOffline(false);
    await page.goto(bagel.page);
    await page.waitForSelector("#resume:not([hidden])");
    await findsNothing(page, "resume");
    await exhaust(bagel);
    // As a browser without the script posts it.
    await page.evaluate(() => document.querySelector("#give").submit());
    await page.waitForURL("**/api/checkout");
    await findsNothing(page, "429");
  });
}

/** In both colour schemes; what axe cannot decide counts as found. */
async function findsNothing(page, state) {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.deepEqual(await page.evaluate(findings), [], `${state}, ${colorScheme}`);
  }
}

async function findings() {
  // The ticket's torn edges are pseudo-elements, but behind its texts they paint nothing. All other
  // options are axe's own: it takes all or none.
  const contrast = {
    ignorePseudo: true, ignoreUnicode: true, boldValue: 700, boldTextPt: 14, largeTextPt: 18,
    contrastRatio: { normal: { expected: 4.5 }, large: { expected: 3 } }, shadowOutlineEmMax: 0.2, textStrokeEmMin: 0.03,
  };
  window.axe.configure({ checks: [{ id: "color-contrast", options: contrast }] });
  const { violations, incomplete } = await window.axe.run(document, { resultTypes: ["violations", "incomplete"] });
  const told = ({ id, nodes }) => nodes.map(({ target, any }) => `${id} at ${target}: ${any[0]?.message ?? ""}`);
  return [...violations, ...incomplete].flatMap(told);
}
