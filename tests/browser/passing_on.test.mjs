// The end of a donation: the page's address is handed on, never the donation's, and a receipt printed.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

/** A visit to a donation that is paid, on a device made ready by `prepare`. */
async function thanked(t, prepare) {
  const { bagel, page } = await visit(t);
  await page.addInitScript(prepare);
  await page.goto(bagel.page);
  await press(await give(page), "Pay");
  await scene(page, "paid");
  return { bagel, page };
}

describe("thanked", { concurrency: 3 }, () => {
  test("shares the page with the device's own dialog", async (t) => {
    const { bagel, page } = await thanked(t, () => {
      navigator.share = async (what) => { window.shared = what; throw new DOMException("closed", "AbortError"); };
    });
    await page.getByRole("link", { name: "Share this page" }).click();
    assert.deepEqual(await page.evaluate(() => window.shared), { url: `${bagel.page}/` });
    assert.match(page.url(), /\/thanks\//);
  });

  test("copies the page's address where there is no dialog, and hears of it", async (t) => {
    const { bagel, page } = await thanked(t, () => {
      Object.defineProperty(navigator, "share", { value: undefined });
      Object.defineProperty(navigator, "clipboard", { value: { writeText: async (text) => { window.copied = text; } } });
    });
    await page.getByRole("link", { name: "Share this page" }).click();
    await page.getByRole("link", { name: "The address is copied" }).waitFor();
    assert.equal(await page.evaluate(() => window.copied), `${bagel.page}/`);
    assert.equal(await page.textContent("#live"), "The address is copied");
  });

  for (const [how, prepare] of [
    ["the device can do neither", () => {
      for (const name of ["share", "clipboard"]) Object.defineProperty(navigator, name, { value: undefined });
    }],
    ["the dialog fails", () => {
      navigator.share = async () => { throw new DOMException("not here", "NotAllowedError"); };
    }],
    ["copying is forbidden", () => {
      const writeText = async () => { throw new DOMException("not here", "NotAllowedError"); };
      Object.defineProperty(navigator, "share", { value: undefined });
      Object.defineProperty(navigator, "clipboard", { value: { writeText } });
    }],
  ]) {
    test(`follows a link where ${how}`, async (t) => {
      const { bagel, page } = await thanked(t, prepare);
      await page.getByRole("link", { name: "Share this page" }).click();
      await page.waitForURL(`${bagel.page}/`);
    });
  }

  test("prints a receipt with amount and payee, and no buttons", async (t) => {
    const { page } = await thanked(t, () => { window.print = () => { window.printed = true; }; });
    await page.getByRole("button", { name: "Print a receipt" }).click();
    assert.ok(await page.evaluate(() => window.printed));
    await page.emulateMedia({ media: "print" });
    assert.match(await page.textContent(".slip"), /\$5\.00.*Ada/s);
    for (const button of ["#print", "#pass-on"]) assert.ok(!await page.isVisible(button));
  });

  test("without the script has a plain link, and no button that does nothing", async (t) => {
    const { bagel, page, another } = await visit(t);
    await page.goto(bagel.page);
    await press(await give(page), "Pay");
    await scene(page, "paid");
    const plain = await another({ javaScriptEnabled: false });
    await plain.goto(page.url());
    assert.ok(!await plain.isVisible("#print"));
    await plain.getByRole("link", { name: "Share this page" }).click();
    await plain.waitForURL(`${bagel.page}/`);
  });
});
