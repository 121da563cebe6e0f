// How the form is made, and what every page says of itself.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene } from "./steps.mjs";
import { everyScene, still, unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

const attributes = (page, selector, ...names) => page.locator(selector).evaluate(
  (element, wanted) => wanted.map((name) => element.getAttribute(name)), names);

describe("the form", { concurrency: 2 }, () => {
  test("asks for text where people write text, under labels that can be seen", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await page.check("#amount-other");
    assert.deepEqual(await attributes(page, "#custom_amount", "type", "inputmode", "autocomplete"), ["text", "decimal", "off"]);
    assert.deepEqual(await attributes(page, "#name", "type", "autocomplete"), ["text", "name"]);
    const unlabelled = await page.locator("#give :is(input:not([type=hidden]), textarea)").evaluateAll((all) => all
      .filter((input) => ![...input.labels].some((label) => label.checkVisibility() && label.textContent.trim()))
      .map((input) => input.id));
    assert.deepEqual(unlabelled, []);
  });

  test("marks the choice by more than its colour", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const mark = (id) => page.locator(id).evaluate((radio) => getComputedStyle(radio).backgroundImage);
    assert.notEqual(await mark("#amount-3"), await mark("#amount-1"));
    assert.ok(await page.isChecked("#amount-3"), "one amount is chosen from the start");
  });

  test("has a button that is never dead, says the amount, and stands beside who is paid", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const button = page.locator("button[type=submit]");
    assert.deepEqual(await attributes(page, "button[type=submit]", "disabled", "aria-disabled"), [null, "false"]);
    assert.equal(await button.textContent(), "Give $5.00");
    assert.match(await page.textContent(".till"), /The money goes to Ada/);
    const checkout = await give(page);
    assert.match(await page.textContent(".slip"), /\$5\.00.*Ada/s);
    await press(checkout, "Pay");
    await scene(page, "paid");
    assert.match(await page.textContent(".slip"), /\$5\.00.*Ada/s);
  });

  test("has edges and a focus ring that can be told from the paper", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await page.check("#amount-other");
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      for (const [selector, edge] of [
        ["#custom_amount", "borderTopColor"], ["#name", "borderTopColor"], ["#message", "borderTopColor"],
        ["label[for=amount-1]", "borderTopColor"], ["#amount-1", "borderTopColor"], ["button[type=submit]", "backgroundColor"],
      ]) {
        const ratio = await page.locator(selector).evaluate(contrast, edge);
        assert.ok(ratio >= 3, `${selector}, ${colorScheme}: ${ratio}`);
      }
      await page.focus("#custom_amount");
      await page.keyboard.press("Tab");
      assert.ok(await page.locator("#name").evaluate(contrast, "outlineColor") >= 3, `focus ring, ${colorScheme}`);
    }
  });
});

describe("every page", { concurrency: 2 }, () => {
  test("has the title of its state, and tells search engines what is private", async (t) => {
    const { bagel, page } = await visit(t, { settings: unhurried, cards: true, expect: /404/ });
    await still(page);
    await page.goto(bagel.page);
    const content = (name) => page.locator(`meta[name="${name}"], meta[property="${name}"]`).first().getAttribute("content");
    assert.equal(await page.title(), "Buy me a bagel");
    assert.equal(await page.locator("link[rel=canonical]").getAttribute("href"), `${bagel.page}/`);
    for (const name of ["description", "og:title", "og:description", "og:image"]) assert.ok(await content(name), name);
    assert.equal(await page.locator("meta[name=robots]").count(), 0);
    const titles = new Set();
    for (const [state, address] of Object.entries(await everyScene(bagel))) {
      await page.goto(address);
      assert.equal(await page.title(), `${await page.textContent("h1")} · Buy me a bagel`, state);
      assert.equal(await content("robots"), "noindex", state);
      assert.equal(await page.locator("link[rel=canonical]").count(), 0, state);
      titles.add(await page.title());
    }
    assert.equal(titles.size, 11);
    await page.goto(`${bagel.page}/nowhere`);
    assert.equal(await content("robots"), "noindex");
  });

  test("has one silent place for what is announced", async (t) => {
    const { bagel, page } = await visit(t, { javaScriptEnabled: false });
    await page.goto(bagel.page);
    assert.equal(await page.locator("[role=status]").count(), 1);
    assert.deepEqual(await attributes(page, "[role=status]", "id", "aria-atomic"), ["live", "true"]);
    assert.equal(await page.textContent("#live"), "");
  });

  test("says on paper, too, that no real money moves", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const checkout = await give(page);
    await press(checkout, "Pay");
    await scene(page, "paid");
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.isVisible("text=no real money moves"));
    assert.ok(await page.isVisible(".slip"));
  });
});

/** The contrast of one of an element's colours to what is painted around it. */
function contrast(element, property) {
  const read = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => read(colour).slice(0, 3)
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  let ground = element.parentElement;
  while (read(getComputedStyle(ground).backgroundColor)[3] === 0) ground = ground.parentElement;
  const [low, high] = [getComputedStyle(element)[property], getComputedStyle(ground).backgroundColor].map(light).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}
