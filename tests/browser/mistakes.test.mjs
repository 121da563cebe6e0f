// What goes wrong before the checkout is told at its place, and nothing typed is lost.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exhaust } from "./states.mjs";
import { give } from "./steps.mjs";
import { visit } from "./visit.mjs";

describe("a mistake", { concurrency: 3 }, () => {
  test("in the amount is told at its field, before any tab is opened", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await page.check("#amount-other");
    await page.fill("#name", "Grace");
    for (const amount of ["", "abc", "-5", "1e3", "5.005", "1,000", "0.05", "99999", "5²", "⑤", "5 25", "1$2", "5."]) {
      await page.fill("#custom_amount", amount);
      assert.equal(await page.textContent("button[type=submit]"), "Give a bagel");
      await page.click("button[type=submit]");
      assert.match(await page.textContent("#amount-problem"), /from \$0\.50 to /, amount);
      assert.equal(await page.evaluate(() => document.activeElement.id), "problem", amount);
      assert.equal(await page.inputValue("#custom_amount"), amount);
    }
    assert.match(await page.title(), /^Error: Buy Ada/);
    assert.equal(await page.getAttribute("#custom_amount", "aria-invalid"), "true");
    assert.equal(page.context().pages().length, 1);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "custom_amount");

    await page.fill("#custom_amount", "5,25");
    const checkout = await give(page);
    assert.match(await checkout.textContent("main"), /5\.25 USD.*From Grace/s);
  });

  test("in the amount is not made of the way people write it", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await page.click("text=Other");
    assert.equal(await page.evaluate(() => document.activeElement.id), "custom_amount");
    for (const [written, understood] of [
      ["5", "$5.00"], [" 5.5 ", "$5.50"], ["5,00", "$5.00"], ["$7", "$7.00"], ["5 $", "$5.00"], ["1 000", "$1,000.00"],
      ["５．２５", "$5.25"], ["٥٫٢٥", "$5.25"], ["۵", "$5.00"], ["0.6", "$0.60"],
    ]) {
      await page.fill("#custom_amount", written);
      assert.equal(await page.textContent("button[type=submit]"), `Give ${understood}`, written);
    }
  });

  test("that is mended is complained of no more", async (t) => {
    const { bagel, page } = await visit(t, { expect: /400/ });
    await page.goto(bagel.page);
    const complains = async () => [await page.isVisible("#problem"), await page.locator("[aria-invalid]").count(), /^Error/.test(await page.title())];
    const [yes, no] = [[true, 1, true], [false, 0, false]];
    await page.check("#amount-other");
    await page.click("button[type=submit]");
    assert.deepEqual(await complains(), yes);
    await page.fill("#name", "Grace");
    await page.fill("#custom_amount", "0.0");
    assert.deepEqual(await complains(), yes, "not mended yet");
    await page.fill("#custom_amount", "0.5");
    assert.deepEqual(await complains(), no);
    await page.fill("#custom_amount", "");
    await page.click("button[type=submit]");
    await page.check("#amount-1");
    assert.deepEqual(await complains(), no, "another choice mends it, too");
    await page.fill("#message", "x".repeat(281));
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    await page.check("#amount-2");
    assert.deepEqual(await complains(), yes, "of the message still");
    await page.fill("#message", "x");
    assert.deepEqual(await complains(), no);
  });

  test("in the message is told by the server's words, at the message", async (t) => {
    const { bagel, page } = await visit(t, { expect: /400/ });
    await page.goto(bagel.page);
    await page.fill("#message", "🥯".repeat(281));
    assert.equal(await page.textContent("#message-left"), "Characters over the limit: 1");
    await page.click("button[type=submit]");
    await page.waitForSelector("#message-problem:not([hidden])");
    assert.match(await page.textContent("#message-problem"), /Shorten the message to 280 characters; it has 281/);
    assert.equal(await page.getAttribute("#problem a", "href"), "#message");
    assert.equal((await bagel.intents()).length, 0);
  });

  test("of the provider closes the tab again, and the next press works", async (t) => {
    const { bagel, page } = await visit(t, { expect: /50\d/ });
    await bagel.fault({ call: "create", kind: { http: 500 }, times: 1 });
    await page.goto(bagel.page);
    await page.fill("#message", "kept");
    const opened = page.context().waitForEvent("page");
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.textContent("#problem"), /try again/);
    const tab = await opened;
    if (!tab.isClosed()) await tab.waitForEvent("close");
    assert.equal(await page.inputValue("#message"), "kept");
    await give(page);
  });

  test("of the network is told, too", async (t) => {
    const { bagel, page } = await visit(t, { expect: /ERR_INTERNET_DISCONNECTED/ });
    await page.goto(bagel.page);
    await page.context().setOffline(true);
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.textContent("#problem"), /could not reach the checkout, and nothing was paid/);
    await page.context().setOffline(false);
    await give(page);
  });

  test("of haste is told with the wait", async (t) => {
    const { bagel, page } = await visit(t, { expect: /429/ });
    await page.goto(bagel.page);
    await exhaust(bagel);
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.textContent("#problem"), /Please wait \d+ seconds? and try again/);
    assert.equal(await page.textContent("button[type=submit]"), "Give $5.00");
  });
});
