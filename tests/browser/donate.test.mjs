// A donation, end to end, and every other way a payment can go.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { desktop, phone } from "./chromium.mjs";
import { give, press, scene, settled } from "./steps.mjs";
import { visit } from "./visit.mjs";

describe("a donation", { concurrency: 3 }, () => {
  for (const [device, viewport] of Object.entries({ phone, desktop })) {
    test(`on a ${device}: gives, pays, is thanked`, async (t) => {
      const { bagel, page } = await visit(t, { viewport });
      await page.goto(bagel.page);
      assert.equal(await page.textContent(".notice"), "Demo: no real money moves.");
      await page.check("#amount-4");
      await page.fill("#name", "Grace");
      await page.fill("#message", "For the talk 🥯");
      assert.equal(await page.textContent("button[type=submit]"), "Give $10.00");

      const checkout = await give(page);
      await scene(page, "waiting");
      assert.match(await checkout.textContent("main"), /10\.00 USD.*For the talk 🥯.*From Grace/s);
      await press(checkout, "Pay");
      await checkout.waitForURL("**/thanks/*");
      for (const tab of [page, checkout]) {
        await scene(tab, "paid");
        assert.equal(await tab.textContent("h1"), "Thank you!");
        assert.match(await tab.textContent(".slip"), /\$10\.00.*Ada.*Grace.*For the talk 🥯/s);
      }
      assert.equal((await bagel.intents()).length, 1);
    });
  }

  for (const [button, name, heading, onward] of [
    ["Cancel", "cancelled", "No bagel this time", "Try again"],
    ["Underpay", "under-paid", "Only a part arrived", "Back to the page"],
    ["Reject", "refused", "The payment was not accepted", "Try again"],
    ["Expire", "expired", "This checkout has expired", "Try again"],
    ["Send back", "send-back", "Your money is coming back", "Back to the page"],
  ]) {
    test(`that ends with "${button}" is shown as it is, and never thanked`, async (t) => {
      const { bagel, page } = await visit(t);
      await page.goto(bagel.page);
      const checkout = await give(page);
      await press(checkout, button);
      await scene(checkout, name);
      await scene(page, name);
      assert.equal(await page.textContent("h1"), heading);
      assert.doesNotMatch(await page.textContent("main"), /thank you/i);
      await page.getByRole("link", { name: onward }).click();
      await page.waitForSelector("#give");
      assert.equal(await page.isVisible("#resume"), button === "Send back", "only an open donation is resumed");
    });
  }

  for (const [button, webhooks] of [
    ["Pay, but lose the webhook", 0],
    ["Pay, and send the webhook late", 0],
    ["Pay, and send the webhook twice", 2],
  ]) {
    test(`with "${button}" is thanked all the same`, async (t) => {
      const { bagel, page } = await visit(t);
      await page.goto(bagel.page);
      await press(await give(page), button);
      await settled(bagel);
      await scene(page, "paid");
      assert.equal((await bagel.deliveries()).length, webhooks);
    });
  }
});
