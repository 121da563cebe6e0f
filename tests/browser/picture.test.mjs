// No text stands on the picture, whatever the window, the fonts, the language and the creator's name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fontSets } from "./fonts.mjs";
import { visit } from "./visit.mjs";

const WIDTHS = [320, 390, 768, 1280, 1920];
const LANGUAGES = ["en", "de", "es", "fr", "pt", "ja", "zh", "ar"];
const NAMES = ["Al", "Ada Lovela", "Wolfeschlegelsteinhausenbergerdorff of the Society for Slow Bread and Good Name."];

for (const fonts of fontSets) {
  for (const name of NAMES) {
    test(`no text stands on the picture: ${fonts}, a name of ${name.length} letters`, async (t) => {
      const { bagel, page } = await visit(t, { fonts, settings: { BAGEL_NAME: name, BAGEL_BIO: "Bread, slowly.\n".repeat(3) } });
      for (const language of LANGUAGES) {
        await page.goto(`${bagel.page}/?lang=${language}`);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: width < 700 ? 700 : 800 });
          assert.deepEqual(await page.evaluate(onThePicture), [], `${language} at ${width} pixels`);
        }
      }
    });
  }
}

test("the tests see the fonts of their set alone", async (t) => {
  const seen = [];
  for (const fonts of fontSets) {
    const { bagel, page } = await visit(t, { fonts });
    await page.goto(bagel.page);
    seen.push(await page.evaluate(() => document.querySelector("h1").getBoundingClientRect().height + document.querySelector("h1 bdi").getBoundingClientRect().width));
  }
  assert.equal(new Set(seen).size, fontSets.length, `letters of one size in two sets: ${seen}`);
});

/** Texts of the page's head that touch the box of anything painted in its picture. */
function onThePicture() {
  const painted = [...document.querySelectorAll(".hello .art :is(path, circle, ellipse, image), .hello .avatar")]
    .filter((part) => part.checkVisibility() && !part.closest("defs, symbol, clipPath, mask"))
    .map((part) => part.getBoundingClientRect())
    .filter((box) => box.width > 0 && box.height > 0);
  if (painted.length === 0) return ["no picture was found"];
  const found = [];
  const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    if (!text.data.trim() || !text.parentElement.checkVisibility() || text.parentElement.closest("svg, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      const touched = painted.find((part) => box.left < part.right - 1 && box.right > part.left + 1 && box.top < part.bottom - 1 && box.bottom > part.top + 1);
      if (touched) found.push(`"${text.data.trim().slice(0, 30)}" at ${Math.round(box.left)}–${Math.round(box.right)}, ${Math.round(box.top)}–${Math.round(box.bottom)} on ${Math.round(touched.left)}–${Math.round(touched.right)}, ${Math.round(touched.top)}–${Math.round(touched.bottom)}`);
    }
  }
  return found;
}
