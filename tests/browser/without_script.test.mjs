// Everything works with JavaScript off: Chromium follows the form's redirects under both policies.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { exhaust } from "./states.mjs";
import { press } from "./steps.mjs";
import { visit } from "./visit.mjs";

const javaScriptEnabled = false;
const story = { name: "Grace", message: "Two\nlines & <b>one</b> bagel" };

describe("without JavaScript", { concurrency: 3 }, () => {
  test("gives, pays, comes back, and the page refreshes itself until thank you", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled });
    await page.goto(bagel.page);
    await page.check("#amount-1");
    await fill(page, story);
    await page.click("button[type=submit]");
    await page.waitForURL(`${bagel.standIn}/pay/*`);
    await press(page, "Pay");
    await page.waitForURL(`${bagel.page}/thanks/*`);
    assert.match(await page.textContent("main"), /looks again every 10 seconds/);
    await page.waitForSelector("main.scene-paid");
    assert.match(await page.textContent(".slip"), /\$1\.00.*Grace.*Two\nlines & <b>one<\/b> bagel/s);
    assert.equal((await bagel.intents()).length, 1);
  });

  test("cancels, and is offered another try", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled });
    await page.goto(bagel.page);
    await page.click("button[type=submit]");
    await press(page, "Cancel");
    await page.waitForURL(`${bagel.page}/thanks/*`);
    await page.getByRole("link", { name: "Back to the page" }).click();
    await page.waitForURL(`${bagel.page}/`);
  });

  test("a bad amount is told at its field, and what was typed is kept", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled, expect: /422/ });
    await page.goto(bagel.page);
    await page.check("#amount-other");
    await fill(page, { custom_amount: "0.05", ...story });
    await page.click("button[type=submit]");
    await page.waitForSelector("#amount-problem:not([hidden])");
    assert.equal(await page.textContent("#amount-problem"), "Enter an amount of $0.50 or more.");
    assert.match(await page.title(), /^Error: /);
    assert.equal(await page.getAttribute("#custom_amount", "aria-invalid"), "true");
    await page.click("#problem a");
    for (const [field, value] of Object.entries({ custom_amount: "0.05", ...story })) {
      assert.equal(await page.inputValue(`#${field}`), value);
    }
    assert.ok(await page.isChecked("#amount-other"));

    await page.fill("#custom_amount", "2");
    await page.click("button[type=submit]");
    await page.waitForURL(`${bagel.standIn}/pay/*`);
    assert.match(await page.textContent("main"), /2\.00 USD/);
  });

  test("one who is too fast reads how long to wait, and keeps what was typed", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled, expect: /429/ });
    await page.goto(bagel.page);
    await fill(page, story);
    await page.check("#amount-1");
    await exhaust(bagel);
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.textContent("#problem"), /wait \d+ seconds?/);
    assert.match(await page.title(), /^Error: /);
    for (const [field, value] of Object.entries(story)) assert.equal(await page.inputValue(`#${field}`), value);
    assert.ok(await page.isChecked("#amount-1"));
  });

  test("a provider that is down is told above the form, and what was typed is kept", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled, expect: /50\d/ });
    await bagel.fault({ call: "create", kind: { http: 500 } });
    await page.goto(bagel.page);
    await fill(page, story);
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.match(await page.textContent("#problem"), /try again/);
    assert.equal(await page.inputValue("#name"), "Grace");
  });
});

async function fill(page, fields) {
  for (const [field, value] of Object.entries(fields)) await page.fill(`#${field}`, value);
}
