// By card: the second provider, chosen on the page and paid on its hosted checkout.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene, settled, until } from "./steps.mjs";
import { visit } from "./visit.mjs";

const byCard = (page) => page.getByLabel("Pay with card").check();

describe("by card", { concurrency: 3 }, () => {
  test("gives, pays, is thanked, and the provider hears that it was handed over", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await byCard(page);
    await page.fill("#message", "Not for strangers & co");
    const checkout = await give(page);
    const shown = await checkout.textContent("main");
    assert.match(shown, /5\.00 USD.*to be paid by card.*Buy Ada a bagel/s);
    assert.ok(!shown.includes("strangers"), "a supporter's words stay with us");
    await press(checkout, "Pay");
    await checkout.waitForURL("**/thanks/*");
    for (const tab of [page, checkout]) {
      await scene(tab, "paid");
      assert.match(await tab.textContent(".slip"), /\$5\.00.*Not for strangers & co/s);
    }
    const [paid] = await bagel.settled();
    assert.equal(paid.provider, "alchemy_pay");
    assert.deepEqual((await bagel.deliveries()).map((webhook) => webhook.status), [200]);
    await until("the release", async () => (await bagel.releases())[0]?.acknowledged === 1);
  });

  test("pays without JavaScript", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled: false });
    await page.goto(bagel.page);
    await byCard(page);
    await page.click("button[type=submit]");
    await page.waitForURL(`${bagel.standIn}/alchemy-pay/checkout?*`);
    await press(page, "Pay");
    await page.waitForURL(`${bagel.page}/thanks/*`);
    await page.waitForSelector("main.scene-paid");
  });

  for (const [button, name] of [
    ["Fail", "failed"], ["Expire", "expired"], ["Pay another amount", "review"],
    ["Pay, but lose the webhook", "paid"], ["Pay, and send an old webhook last", "paid"],
  ]) {
    test(`with "${button}" ends as ${name}`, async (t) => {
      const { bagel, page } = await visit(t);
      await page.goto(bagel.page);
      await byCard(page);
      await press(await give(page), button);
      if (name === "paid") await settled(bagel);
      await scene(page, name);
    });
  }
});
