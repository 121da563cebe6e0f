// The script speaks the page's language, and writes amounts as the server does.

import assert from "node:assert/strict";
import { test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

test("in every language the button says the amount as the donation's page does", async (t) => {
  const { bagel, page } = await visit(t, { settings: unhurried });
  for (const language of ["en", "de", "es", "fr", "pt", "ja", "zh", "ar"]) {
    await page.goto(`${bagel.page}/?lang=${language}`);
    await page.check("#amount-other");
    await page.fill("#custom_amount", "1234.5");
    const said = await page.textContent("button[type=submit]");
    const checkout = await give(page);
    const amount = await page.locator(".slip bdi").first().textContent();
    assert.ok(said.includes(amount), `${language}: "${said}" and "${amount}"`);
    assert.equal((await page.getAttribute("html", "lang")).slice(0, 2), language);
    await checkout.close();
  }
});

test("what the server says to the script is in the language of the page", async (t) => {
  const { bagel, page } = await visit(t, { locale: "en", expect: /400/ });
  await page.goto(`${bagel.page}/?lang=de`);
  await page.fill("#message", "x".repeat(281));
  const asked = page.waitForRequest("**/api/checkout*");
  await page.click("button[type=submit]");
  assert.equal(await (await asked).headerValue("accept-language"), "de");
  await page.waitForSelector("#message-problem:not([hidden])");
  assert.match(await page.textContent("#message-problem"), /Zeichen/);
  assert.equal(await page.textContent("#problem h2 + p"), await page.textContent("#message-problem"));
});

test("a donation's page keeps its language in its links when it is paid", async (t) => {
  const { bagel, page } = await visit(t, { locale: "fr" });
  await page.goto(`${bagel.page}/?lang=ja`);
  const checkout = await give(page);
  const back = page.locator(".onward a[href*=lang]");
  assert.equal(await back.getAttribute("href"), "/?lang=ja");
  await press(checkout, "Pay");
  await scene(page, "paid");
  assert.equal(await page.getAttribute("html", "lang"), "ja");
  assert.equal(await back.getAttribute("href"), "/?lang=ja");
});

test("right to left turns the page around, and leaves amounts in one piece", async (t) => {
  const { bagel, page } = await visit(t, { locale: "ar" });
  await page.goto(bagel.page);
  assert.equal(await page.getAttribute("html", "dir"), "rtl");
  const start = (selector) => page.locator(selector).evaluate((element) => element.getBoundingClientRect().left);
  assert.ok(await start("#amount-1") > await start("label[for=amount-1] .sum"), "the radio stands on the right");
  await page.fill("#message", "Hello");
  await give(page);
  const gap = await page.evaluate(() => {
    const message = document.querySelector(".slip .note dd");
    const text = document.createRange();
    text.selectNodeContents(message);
    return message.getBoundingClientRect().right - text.getBoundingClientRect().right;
  });
  assert.ok(gap < 2, `a message of another direction stands where the page begins, not ${gap} pixels off`);
  const isolated = await page.locator(".slip dd").evaluateAll((all) => all
    .map((value) => value.querySelector("bdi") !== null || value.dir === "auto"));
  assert.ok(isolated.length >= 2 && isolated.every(Boolean));
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
});

test("a pre-filled link waits for the click, and then keeps to its one donation", async (t) => {
  const { bagel, page } = await visit(t);
  await page.addInitScript(() => { window.open = () => null; });
  await page.goto(`${bagel.page}/?amount=7&message=Hello&name=Grace`);
  assert.equal(await page.textContent("button[type=submit]"), "Give $7.00");
  assert.equal((await bagel.intents()).length, 0);
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  await page.goBack();
  assert.equal(await page.inputValue("#message"), "Hello");
  assert.ok(await page.isVisible("#resume"));
  assert.equal((await bagel.intents()).length, 1);
});
