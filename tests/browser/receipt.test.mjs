// The page of a paid donation prints as a receipt: one sheet, black on white, and nothing to press.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everyScene, unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

const story = { name: "Grace ".repeat(8).trim(), message: "Thank you for the parser talk. ".repeat(9).trim() };

test("a receipt is one sheet, black on white, in either theme", async (t) => {
  const { bagel, page } = await visit(t, { settings: unhurried, cards: true });
  const { paid } = await everyScene(bagel, story);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await page.goto(paid);
    const sheets = (await page.pdf({ format: "A5" })).toString("latin1").match(/\/Type\s*\/Page\b/g);
    assert.equal(sheets.length, 1, colorScheme);
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await page.evaluate(inks), { paper: "rgb(255, 255, 255)", ink: "rgb(0, 0, 0)" }, colorScheme);
    assert.deepEqual(await page.evaluate(pressable), [], colorScheme);
    assert.match(await page.innerText(".slip"), /\$5\.00[\s\S]*Grace/);
    await page.emulateMedia({ media: null });
  }
});

test("a receipt leaves browsers no margin to print the donation's address into", async (t) => {
  const { bagel, page } = await visit(t, { settings: unhurried, cards: true });
  const { paid } = await everyScene(bagel, story);
  await page.goto(paid);
  const paper = { format: "A5", margin: { top: "2cm", bottom: "2cm" } };
  const footed = async (displayHeaderFooter) => (await page.pdf({ ...paper, displayHeaderFooter })).toString("latin1").length;
  const plain = await footed(false);
  assert.ok(Math.abs(await footed(true) - plain) < 100, "header and footer are not printed");
  await page.evaluate(() => {
    const sheet = document.styleSheets[0];
    sheet.insertRule("@page { margin: 2cm; }", sheet.cssRules.length);
  });
  assert.ok(await footed(true) > plain + 1_000, "and would be, if the sheet had a margin");
});

function inks() {
  const of = (selector) => getComputedStyle(document.querySelector(selector));
  return { paper: of("body").backgroundColor, ink: of("h1").color };
}

function pressable() {
  const all = document.querySelectorAll("a, button, input, summary");
  return [...all].filter((one) => one.checkVisibility()).map((one) => one.textContent.trim());
}
