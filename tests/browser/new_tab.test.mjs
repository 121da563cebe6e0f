// The checkout opens in a tab of its own where the browser lets it, and in this one where not.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

describe("the checkout's tab", { concurrency: 3 }, () => {
  test("is opened inside the click, before anything is asked, and loses its opener", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const opened = page.context().waitForEvent("page");
    const { events, title, text, opener } = await page.evaluate(() => {
      const events = [];
      const results = {};
      for (const name of ["open", "fetch"]) {
        const real = window[name];
        window[name] = (...given) => {
          events.push([name, ...given.slice(1).filter((value) => typeof value === "string")]);
          return results[name] = real(...given);
        };
      }
      document.querySelector("button[type=submit]").click();
      events.push(["clicked"]);
      const { document: { title, body }, opener } = results.open;
      return { events, title, text: body.textContent, opener };
    });
    assert.deepEqual(events[0], ["open", "_blank"], "no features, so no noopener");
    assert.ok(events.findIndex(([name]) => name === "clicked") > 0);
    assert.deepEqual([title, text, opener], ["Opening the checkout…", "Opening the checkout…", null]);
    const tab = await opened;
    await tab.waitForURL("**/pay/*");
    assert.equal(await tab.evaluate(() => window.opener), null);
    assert.equal(await tab.evaluate(() => document.referrer), "");
    await page.waitForURL("**/thanks/*");
    const link = page.getByRole("link", { name: "Continue to payment" });
    assert.equal(await link.getAttribute("href"), tab.url());
  });

  for (const [how, open] of [
    ["blocked", () => { window.open = () => null; }],
    ["impossible", () => { window.open = () => { throw new Error("no windows here"); }; }],
  ]) {
    test(`where it is ${how}, is this one`, async (t) => {
      const { bagel, page } = await visit(t);
      await page.addInitScript(open);
      await page.goto(bagel.page);
      await page.click("button[type=submit]");
      await page.waitForURL(`${bagel.standIn}/pay/*`);
      assert.equal(page.context().pages().length, 1);
      await press(page, "Pay");
      await scene(page, "paid");
    });
  }

  test("closed too early is this one", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await bagel.fault({ call: "create", kind: { delay_ms: 1500 }, times: 1 });
    const opened = page.context().waitForEvent("page");
    await page.click("button[type=submit]");
    await (await opened).close();
    await page.waitForURL(`${bagel.standIn}/pay/*`);
  });
});

describe("one press or many", { concurrency: 3 }, () => {
  for (const [how, press] of [
    ["a double click", (page) => page.dblclick("button[type=submit]")],
    ["Enter and a click", (page) => Promise.all([
      page.press("#name", "Enter"), page.click("button[type=submit]", { force: true }),
    ])],
    ["three submits at once", (page) => page.evaluate(() => {
      for (let times = 0; times < 3; times += 1) document.querySelector("#give").requestSubmit();
    })],
  ]) {
    test(`${how} is one donation in one tab`, async (t) => {
      const { bagel, page } = await visit(t);
      await page.goto(bagel.page);
      await bagel.fault({ call: "create", kind: { delay_ms: 300 }, times: 1 });
      await press(page);
      await page.waitForURL("**/thanks/*");
      assert.equal((await bagel.intents()).length, 1);
      assert.equal(page.context().pages().length, 2);
    });
  }

  test("giving again on purpose is another donation", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await give(page);
    await page.getByRole("link", { name: "Back to the page" }).click();
    await page.waitForSelector("#resume:not([hidden])");
    await give(page);
    assert.equal((await bagel.intents()).length, 2);
  });
});
