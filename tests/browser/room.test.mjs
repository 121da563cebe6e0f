// Every state has room: for thumbs, for letters twice as large, and for letters set further apart.

import assert from "node:assert/strict";
import { test } from "node:test";
import { everyScene, still, unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

const story = { name: "Grace ".repeat(8), message: `Donaudampfschifffahrtsgesellschaft ${"W".repeat(120)}` };
const settings = { ...unhurried, BAGEL_TWITTER: "ada", BAGEL_GITHUB: "ada", BAGEL_WEBSITE: "https://ada.example" };

test("at 320 pixels every state has room for everybody", async (t) => {
  const { bagel, page } = await visit(t, { settings, cards: true, expect: /40\d/, viewport: { width: 320, height: 568 } });
  await still(page);
  await page.goto(bagel.page);
  await hasRoom(page, "choose");
  await page.check("#amount-other");
  await page.fill("#message", "W".repeat(290));
  await page.click("button[type=submit]");
  await page.waitForSelector("#problem:not([hidden])");
  await hasRoom(page, "error");
  for (const [scene, address] of Object.entries(await everyScene(bagel, story))) {
    await page.goto(address);
    await hasRoom(page, scene);
  }
  await page.goto(`${bagel.page}/nowhere`);
  await hasRoom(page, "404");
});

async function hasRoom(page, state) {
  assert.deepEqual(await page.evaluate(crowded), [], `${state}: targets a thumb does not find`);
  for (const [how, change] of [["as it is", () => {}], ["letters of 200 %", larger], ["letters further apart", wider]]) {
    await page.evaluate(change);
    assert.deepEqual(await page.evaluate(cut), [], `${state}, ${how}: texts cut off, in a window of 320 pixels`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 320, `${state}, ${how}: scrolls sideways`);
    await page.evaluate(restore);
  }
}

function larger() {
  document.documentElement.style.fontSize = "200%";
}

/** The override of WCAG 1.4.12. */
function wider() {
  const sheet = document.styleSheets[0];
  sheet.insertRule("p { margin-block-end: 2em !important; }", sheet.cssRules.length);
  sheet.insertRule("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }", sheet.cssRules.length);
  window.widened = true;
}

function restore() {
  document.documentElement.style.fontSize = "";
  const sheet = document.styleSheets[0];
  for (let rules = window.widened ? 2 : 0; rules > 0; rules -= 1) sheet.deleteRule(sheet.cssRules.length - 1);
  window.widened = false;
}

/** Targets of less than 44 by 44 pixels, or less than 8 from the next; links in a sentence may be. */
function crowded() {
  const all = document.querySelectorAll("a, button, input[type=text], textarea, label.choice, .own > label, summary");
  const targets = [...all]
    .filter((target) => target.checkVisibility() && !target.closest(".skip, .problem, .resume, .hint, .unseen"))
    .map((target) => ({ text: target.textContent.trim() || target.id, box: target.getBoundingClientRect() }));
  const apart = (a, b) => Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom);
  const small = targets.filter(({ box }) => box.width < 44 || box.height < 43.5).map(({ text, box }) => `${text}: ${box.width} × ${box.height}`);
  const close = targets.flatMap(({ text, box }, place) => targets.slice(place + 1)
    .filter((other) => apart(box, other.box) < 7.5)
    .map((other) => `${text} and ${other.text}: ${apart(box, other.box)}`));
  return [...small, ...close];
}

/** Texts that reach beyond the window, or beyond a box that hides what is too much. */
function cut() {
  const beyond = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const element = text.parentElement;
    if (!text.data.trim() || !element.checkVisibility() || element.closest(".skip, .unseen, svg, textarea, [aria-hidden]")) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const { left, right } of range.getClientRects()) {
      if (left < -0.5 || right > document.documentElement.clientWidth + 0.5) beyond.push(`${text.data.trim().slice(0, 30)}: ${left} to ${right}`);
    }
  }
  return beyond;
}
