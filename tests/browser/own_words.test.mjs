// What a supporter lets everybody see: said in the form, changed and erased on the donation's page.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

const BOXES = ["show_name", "show_message", "show_amount"];

async function ticked(page) {
  const boxes = await page.$$eval("input[type=checkbox]", (all) => all.filter((box) => box.checked).map((box) => box.name));
  return boxes.filter((name) => BOXES.includes(name));
}

async function fill(page) {
  await page.fill("#name", "Wilhelmina");
  await page.fill("#message", "Unforgettable bagels");
}

async function erase(page) {
  const button = page.getByRole("button", { name: "Yes, erase them" });
  assert.ok(!await button.isVisible(), "asked once more");
  await page.getByText("Erase my name and message", { exact: true }).click();
  await button.click();
  await page.waitForURL("**/thanks/*saved=erased*");
  assert.match(await page.textContent(".saved"), /erased/);
  assert.doesNotMatch(await page.content(), /Wilhelmina|Unforgettable/);
}

describe("a supporter's own words", { concurrency: 3 }, () => {
  test("are shown as was said, and what was ticked meanwhile survives the news", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    assert.deepEqual(await ticked(page), []);
    await fill(page);
    await page.check("#show_message");
    const checkout = await give(page);
    assert.ok(!await page.isVisible("#show_name"), "folded until there is a payment");
    await page.getByRole("heading", { name: "Your words" }).click();
    assert.deepEqual(await ticked(page), ["show_message"]);
    await page.check("#show_name");
    await page.focus("#show_amount");
    await press(checkout, "Pay");
    await scene(page, "paid");
    assert.deepEqual(await ticked(page), ["show_name", "show_message"]);
    assert.equal(await page.evaluate(() => document.activeElement.id), "show_amount");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/thanks/*saved=visibility*");
    assert.match(await page.textContent(":focus"), /^Saved/);
    assert.deepEqual(await ticked(page), ["show_name", "show_message"]);
    await erase(page);
    assert.deepEqual(await ticked(page), []);
  });

  test("are unfolded when the payment comes, and the answer to a change is seen before it", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const checkout = await give(page);
    await page.getByRole("heading", { name: "Your words" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/thanks/*saved=visibility*");
    assert.match(await page.textContent(":focus"), /^Saved/);
    const { y } = await page.locator(".saved").boundingBox();
    assert.ok(y > 0 && y < 844, `the answer is at ${y}`);
    await page.goto(page.url().split("?")[0]);
    assert.ok(!await page.isVisible("#show_amount"));
    await press(checkout, "Pay");
    await scene(page, "paid");
    assert.ok(await page.isVisible("#show_amount"));
  });

  test("can be changed without JavaScript, and nothing is loaded again meanwhile", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled: false });
    await page.goto(bagel.page);
    await fill(page);
    await page.check("#show_name");
    await page.click("button[type=submit]");
    await page.goto(await returnAddress(bagel));
    await page.getByRole("heading", { name: "Your words" }).click();
    await page.getByRole("link", { name: "Stop looking again" }).click();
    assert.equal(await page.locator("meta[http-equiv=refresh]").count(), 0);
    await page.uncheck("#show_name");
    await page.check("#show_amount");
    await page.getByRole("button", { name: "Save" }).click();
    await page.waitForURL("**/thanks/*saved=visibility*");
    assert.match(await page.textContent(".saved"), /^Saved/);
    assert.deepEqual(await ticked(page), ["show_amount"]);
    await erase(page);
  });
});

/** Where the provider sends the supporter back to. */
async function returnAddress(bagel) {
  const [intent] = await bagel.intents();
  return intent.redirect_url;
}
