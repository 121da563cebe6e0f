// What a supporter writes is text, wherever it is shown.

import assert from "node:assert/strict";
import { test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

const HOSTILE = [
  `<script>alert(1)</script>`,
  `"><img src=x onerror=alert(1)>`,
  `'><svg/onload=alert(1)>`,
  `</title><script>alert(1)</script>`,
  `</textarea><script>alert(1)</script>`,
  `<iframe srcdoc="<script>alert(1)</script>">`,
  `<a href="javascript:alert(1)">x</a>`,
  `{{constructor.constructor("alert(1)")()}}`,
  `<style>*{display:none}</style><base href=//evil>`,
  `&lt;script&gt;alert(1)&lt;/script&gt;`,
  `\u202Egnol si eman siht <b>`,
  `<!--><script>alert(1)--></script>`,
];

/** What turns letters around is left out, for a listing or a mail cannot isolate it. */
const kept = (text) => text.replaceAll("\u202E", "");

/** What a text could have smuggled in; the pages themselves have none of it. */
const smuggled = (page) => page.locator([
  "script:not([src^='/assets/'])", "style", "base", "iframe", "[onerror]", "[onload]", "[href^='javascript:']", "img", "svg:not(.bagel)",
].join()).count();

test("no text becomes a script, an element or a dialog on its way", async (t) => {
  const settings = { BAGEL_CHECKOUT_PER_MINUTE: "600", BAGEL_STATUS_PER_MINUTE: "600" };
  const { bagel, page } = await visit(t, { settings });
  for (let place = 0; place < HOSTILE.length; place += 2) {
    const [name, message] = HOSTILE.slice(place, place + 2);
    await page.goto(bagel.page);
    await page.fill("#name", name);
    await page.fill("#message", message);
    const checkout = await give(page);
    assert.equal(await checkout.textContent("blockquote"), kept(message));
    assert.equal(await checkout.textContent(".payer bdi"), kept(name));
    assert.equal(await page.textContent(".note dd"), kept(message));
    assert.equal(await smuggled(checkout) + await smuggled(page), 0, name + message);
    if (place === 0) {
      await press(checkout, "Cancel");
      await scene(page, "cancelled");
      assert.equal(await smuggled(page), 0, "redrawn by the script");
    }
    await checkout.close();
  }
});

test("no text breaks out of the form that is shown again", async (t) => {
  const { bagel, page } = await visit(t, { javaScriptEnabled: false, expect: /4\d\d/ });
  for (const text of HOSTILE.slice(0, 5)) {
    await page.goto(bagel.page);
    await page.check("#amount-other");
    for (const field of ["custom_amount", "name", "message"]) await page.fill(`#${field}`, text);
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    for (const field of ["custom_amount", "name", "message"]) assert.equal(await page.inputValue(`#${field}`), text);
    assert.equal(await smuggled(page), 0, text);
  }
});

test("a text that turns letters around turns only itself", async (t) => {
  const { bagel, page } = await visit(t);
  await page.goto(bagel.page);
  const positions = async () => {
    await page.fill("#message", "a\u202Eb\u2067c\u200F\u200B\u200B");
    await give(page);
    return page.evaluate(() => [...document.querySelectorAll(".slip dt, h1")].map((element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      return [element.textContent, Math.round(range.getBoundingClientRect().left)];
    }));
  };
  await page.fill("#name", "Grace");
  const plain = await positions();
  await page.goto(bagel.page);
  await page.fill("#name", "\u202EGrace");
  assert.deepEqual(await positions(), plain);
  assert.equal(await page.locator(".slip a").count(), 0, "no text is a link");
  for (const shown of [".slip bdi", ".note dd[dir=auto]"]) assert.ok(await page.locator(shown).count() > 0, shown);
});
