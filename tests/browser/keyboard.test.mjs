// With a keyboard and ears alone.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.textContent.trim());
const submit = (page) => page.textContent("button[type=submit]");

describe("with the keyboard alone", { concurrency: 2 }, () => {
  test("gives, pays and hears thank you", async (t) => {
    const { bagel, page } = await visit(t);
    const keys = async (target, ...names) => { for (const name of names) await target.keyboard.press(name); };
    await page.goto(bagel.page);
    await keys(page, "Tab");
    assert.equal(await focused(page), "Skip to the content");
    await keys(page, "Tab");
    assert.equal(await focused(page), "amount-3", "the amounts are one stop");
    await keys(page, "ArrowDown");
    assert.equal(await submit(page), "Give $10.00");
    await keys(page, "ArrowDown");
    assert.equal(await focused(page), "amount-other", "arrow keys stay among the choices");
    await keys(page, "Tab");
    assert.equal(await focused(page), "custom_amount");
    await page.keyboard.type("2,50");
    assert.equal(await submit(page), "Give $2.50");
    await keys(page, "Tab");
    assert.equal(await focused(page), "provider-1", "the ways to pay are one stop");
    await keys(page, "Tab");
    await page.keyboard.type("Grace");
    await keys(page, "Tab");
    await page.keyboard.type("Hello");
    for (const box of ["show_name", "show_message", "show_amount"]) {
      await keys(page, "Tab");
      assert.equal(await focused(page), box);
    }
    await keys(page, "Space", "Tab");
    assert.ok(await page.isChecked("#show_amount"));
    assert.equal(await focused(page), "Give $2.50");

    const opened = page.context().waitForEvent("page");
    await keys(page, "Enter");
    const checkout = await opened;
    await checkout.waitForURL("**/pay/*");
    await keys(checkout, "Tab", "Enter");
    await checkout.waitForURL("**/thanks/*");
    await page.waitForURL("**/thanks/*");
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
    await scene(page, "paid");
    assert.equal(await page.textContent("#live"), "Your payment is confirmed and written down.");
    assert.equal(await page.textContent(":focus"), "Thank you!");
  });

  test("every control has a name, and what has the focus can be seen", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await page.check("#amount-other");
    const names = await page.getByRole("radio").evaluateAll((all) => all.map((radio) => radio.labels[0]?.textContent.trim()));
    assert.equal(names.filter(Boolean).length, 7);
    for (const [role, name] of [
      ["group", "Pick your bagel"], ["group", "How to pay"], ["textbox", "Your amount in USD"], ["textbox", "Your name optional"],
      ["textbox", "A message optional"], ["button", "Give a bagel"], ["main", ""], ["contentinfo", ""],
    ]) {
      assert.equal(await page.getByRole(role, name ? { name, exact: true } : {}).count(), 1, `${role} ${name}`);
    }
    await page.focus("body");
    for (let stop = 0; stop < 10; stop += 1) {
      await page.keyboard.press("Tab");
      const ring = await page.evaluate(() => {
        const shown = document.activeElement.closest(".choice") ?? document.activeElement;
        return parseFloat(getComputedStyle(shown).outlineWidth) || parseFloat(getComputedStyle(document.activeElement).outlineWidth);
      });
      assert.ok(ring >= 2, await focused(page));
    }
  });
});
