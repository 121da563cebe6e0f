// What the creator sets is what the supporter sees.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==",
  "base64",
);

test("name, bio, picture, links, amounts and theme", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "bagel-avatar-"));
  t.after(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "ada.png"), PIXEL);
  const { bagel, page } = await visit(t, {
    settings: {
      BAGEL_NAME: "Ada <3", BAGEL_BIO: "I bake & I code.", BAGEL_AVATAR: join(folder, "ada.png"),
      BAGEL_TWITTER: "ada", BAGEL_GITHUB: "ada", BAGEL_WEBSITE: "https://ada.example",
      BAGEL_PRESETS: "2,4", BAGEL_CUSTOM_AMOUNT: "false", BAGEL_THEME: "dark",
    },
  });
  await page.goto(bagel.page);
  assert.equal(await page.textContent("h1"), "Buy Ada <3 a bagel");
  assert.equal(await page.title(), "Buy Ada <3 a bagel");
  assert.equal(await page.textContent(".bio"), "I bake & I code.");
  assert.equal(await page.evaluate(() => document.querySelector(".avatar").naturalWidth), 1);
  assert.equal(await page.getByRole("radio").count(), 2);
  assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), "dark");
  const links = await page.locator("footer a:not([hreflang])").evaluateAll((all) => all.map((link) => [link.textContent, link.href]));
  assert.deepEqual(links, [
    ["X", "https://x.com/ada"],
    ["GitHub", "https://github.com/ada"],
    ["Website", "https://ada.example/"],
    ["Allscale (USD → USDT)", "https://allscale.io/"],
    ["Get a page like this", "https://github.com/allscale-io/buy_me_a_bagel"],
  ]);
  assert.match(await page.textContent("footer"), /USD → USDT/);
  assert.ok(await page.isVisible("text=no real money moves"), "a provider on this machine is a stand-in");
  const checkout = await give(page);
  await press(checkout, "Pay");
  await scene(page, "paid");
  assert.match(await page.textContent(".slip"), /\$4\.00.*Ada <3/s);
});

test("yen have no decimals", async (t) => {
  const { bagel, page } = await visit(t, { settings: { ALLSCALE_CURRENCY: "JPY" } });
  await page.goto(bagel.page);
  await page.check("#amount-other");
  assert.equal(await page.getAttribute("#custom_amount", "inputmode"), "numeric");
  await page.fill("#custom_amount", "500.5");
  assert.equal(await page.textContent("button[type=submit]"), "Give a bagel");
  await page.fill("#custom_amount", "¥５００");
  assert.equal(await page.textContent("button[type=submit]"), "Give ¥500");
  await give(page);
  assert.match(await page.textContent(".slip"), /¥500/);
});

test("under a path, everything stays under it", async (t) => {
  const { bagel, page } = await visit(t, { settings: { BAGEL_THEME: "light" }, path: "/tips" });
  await page.goto(`${bagel.page}/`);
  await press(await give(page), "Pay");
  assert.match(page.url(), /\/tips\/thanks\//);
  await scene(page, "paid");
});

test("the badge is a picture other pages can show", async (t) => {
  const { bagel, page } = await visit(t);
  await page.setContent(`<img src="${bagel.page}/badge.svg" alt="Buy me a bagel">`);
  assert.deepEqual(await page.evaluate(() => {
    const { naturalWidth, naturalHeight } = document.querySelector("img");
    return [naturalWidth, naturalHeight];
  }), [184, 44]);
});
