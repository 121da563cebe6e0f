// The donation's own address shows the ledger's truth: after a reload, later, on another device.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { desktop } from "./chromium.mjs";
import { give, press, scene, until } from "./steps.mjs";
import { visit } from "./visit.mjs";

describe("a reload in the middle", { concurrency: 3 }, () => {
  test("shows the same donation, waiting, on the chain and paid, on any device", async (t) => {
    const { bagel, page, another } = await visit(t);
    await page.goto(bagel.page);
    await page.fill("#name", "Grace");
    const checkout = await give(page);
    const address = page.url();
    await page.reload();
    await scene(page, "waiting");

    await bagel.fault({ call: "status", kind: { payload: 10 } });
    await press(checkout, "Pay, but lose the webhook");
    await checkout.close();
    await scene(page, "on-chain");
    assert.match(await page.textContent("main"), /may close this page/);
    await page.reload();
    assert.equal(await page.textContent("h1"), "Nearly there");

    const laptop = await another({ viewport: desktop });
    await laptop.goto(address);
    assert.match(await laptop.textContent(".slip"), /\$5\.00.*Grace/s);
    await page.close();
    await bagel.clearFaults();
    await scene(laptop, "paid");
    await laptop.reload();
    assert.equal(await laptop.textContent("h1"), "Thank you!");
    assert.equal((await bagel.intents()).length, 1);
  });

  test("believes the server and not the address", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await give(page);
    const answer = await page.goto(`${page.url()}?status=paid&status=20`);
    await scene(page, "waiting");
    const headers = answer.headers();
    assert.deepEqual(
      [headers["cache-control"], headers["x-robots-tag"], headers["referrer-policy"]],
      ["no-store", "noindex", "no-referrer"],
    );
  });

  test("of the form offers the donation under way, until it is settled", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    assert.ok(!await page.isVisible("#resume"));
    const checkout = await give(page);
    const donation = page.url();
    await page.goto(bagel.page);
    await page.click("#resume a");
    assert.equal(page.url(), donation);
    await press(checkout, "Pay");
    await scene(page, "paid");
    await page.getByRole("link", { name: "Give again" }).click();
    await page.waitForSelector("#give");
    assert.ok(!await page.isVisible("#resume"));
  });
});

test("the back button brings back a form that is filled and works", async (t) => {
  const { bagel, page } = await visit(t);
  await page.addInitScript(() => { window.open = () => null; });
  await page.goto(bagel.page);
  await page.fill("#message", "kept");
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  await page.goBack();
  assert.equal(await page.inputValue("#message"), "kept");
  await until("the button", async () => await page.textContent("button[type=submit]") === "Give $5.00");
  assert.ok(await page.isVisible("#resume"));
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
});
