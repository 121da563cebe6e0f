// Every state fits a small phone, a thumb, weak eyes, and the settings of the device.

import assert from "node:assert/strict";
import { test } from "node:test";
import { desktop } from "./chromium.mjs";
import { visit } from "./visit.mjs";

test("every state is fit for everybody", async (t) => {
  const { bagel, page } = await visit(t, { expect: /40\d/, viewport: { width: 320, height: 568 } });
  await page.goto(bagel.page);
  await check(page, "form");
  await page.check("#amount-other");
  await page.fill("#message", "W".repeat(280));
  await page.click("button[type=submit]");
  await check(page, "error");
  for (const [action, scene] of [[null, "waiting"], ["cancel", "cancelled"], ["pay", "paid"]]) {
    const { intent_id } = await donate(bagel, scene);
    if (action) await bagel.act((await bagel.intents()).at(-1).id, action);
    if (action) await fetch(`${bagel.page}/api/status?intent_id=${intent_id}`);
    await page.goto(`${bagel.page}/thanks/${intent_id}`);
    await page.waitForSelector(`main.scene-${scene}`);
    await check(page, scene);
  }
  await page.goto(`${bagel.page}/nowhere`);
  await check(page, "nothing here");
});

test("a creator's own colour is readable, and kept where it can be", async (t) => {
  const settings = { BAGEL_ACCENT: "#ffdd00" };
  const { bagel, page } = await visit(t, { settings, viewport: { width: 320, height: 568 } });
  assert.match(bagel.said(), /BAGEL_ACCENT: #ffdd00 is too light on paper: the light theme has borders in #/);
  await page.goto(bagel.page);
  await check(page, "form in yellow");
  const button = () => page.evaluate(() => getComputedStyle(document.querySelector(".button")).backgroundColor);
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.equal(await button(), "rgb(255, 221, 0)", colorScheme);
  }
});

test("the button at a phone's lower edge is in reach and covers nothing that has the focus", async (t) => {
  const { bagel, page } = await visit(t);
  await page.goto(bagel.page);
  const button = page.locator("#give button[type=submit]");
  const { y, height } = await button.boundingBox();
  assert.ok(y + height <= 844, `the button ends at ${y + height}`);
  const { y: last, height: tall } = await page.locator(".choice.own").boundingBox();
  assert.ok(last + tall <= y, "the amounts are seen at once");
  for (let stops = 0; stops < 40; stops += 1) {
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(covered), null);
  }
});

test("a link to a field shows its label, and the button lies over neither", async (t) => {
  const { bagel, page } = await visit(t, { expect: /400/ });
  await page.goto(bagel.page);
  const between = async (field) => {
    const { y } = await page.locator(`label[for=${field}]`).boundingBox();
    const box = await page.locator(`#${field}`).boundingBox();
    const till = await page.locator(".till").boundingBox();
    assert.ok(y >= 0 && box.y + box.height <= till.y, `${field}: ${y} to ${box.y + box.height}, the button from ${till.y}`);
  };
  await page.check("#amount-other");
  await page.click("button[type=submit]");
  await page.click("#problem a");
  await between("custom_amount");
  await page.fill("#custom_amount", "5");
  await page.fill("#message", "W".repeat(281));
  await page.click("button[type=submit]");
  await page.waitForSelector("#message-problem:not([hidden])");
  // From below the field, so that it comes to stand at the upper edge.
  await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
  await page.evaluate(() => document.querySelector("#problem a").click());
  await between("message");
});

test("on a desktop the whole picture of a donation is seen, wherever its long ticket is read", async (t) => {
  const { bagel, page } = await visit(t, { viewport: desktop });
  const { intent_id } = await donate(bagel, "seen");
  await page.goto(`${bagel.page}/thanks/${intent_id}`);
  await page.getByRole("heading", { name: "Your words" }).click();
  for (const scrolled of [0, 200]) {
    await page.evaluate((y) => scrollTo(0, y), scrolled);
    const { y, height } = await page.locator(".state .art").boundingBox();
    assert.ok(y >= 0 && y + height <= desktop.height, `scrolled by ${scrolled}: ${y} to ${y + height}`);
  }
});

async function check(page, state) {
  assert.deepEqual(await page.evaluate(tooSmall), [], `${state}: targets a thumb does not find`);
  for (const size of ["100%", "150%"]) {
    const width = await page.evaluate((fontSize) => {
      document.documentElement.style.fontSize = fontSize;
      return Math.max(document.documentElement.scrollWidth, document.body.scrollWidth);
    }, size);
    assert.ok(width <= 320, `${state}: ${width} pixels wide with letters of ${size}`);
  }
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).colorScheme), colorScheme);
    assert.deepEqual(await page.evaluate(tooFaint), [], `${state}: too faint when ${colorScheme}`);
  }
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, `${state}: moves`);
  await page.emulateMedia({ forcedColors: "active" });
  const edge = await page.evaluate(() => getComputedStyle(document.querySelector(".ticket")).borderTopStyle);
  assert.equal(edge, "solid", `${state}: no edge where the device picks the colours`);
  await page.emulateMedia({ forcedColors: "none" });
}

async function donate(bagel, scene) {
  const body = JSON.stringify({ amount: 5, name: "Grace", message: `${scene} ${"W".repeat(200)}` });
  const answer = await fetch(`${bagel.page}/api/checkout`, { method: "POST", headers: { "Content-Type": "application/json" }, body });
  return answer.json();
}

/** What lies over the middle of the focused element, if anything does. */
function covered() {
  const focused = document.activeElement;
  const { x, y, width, height } = focused.getBoundingClientRect();
  const top = document.elementFromPoint(x + width / 2, y + height / 2);
  const fine = focused === document.body || !top || focused.contains(top) || top.closest("label")?.contains(focused);
  return fine ? null : `${top.className} over ${focused.id || focused.textContent.trim()}`;
}

/** Elements to press that are smaller than a thumb; links inside a sentence may be. */
function tooSmall() {
  const targets = document.querySelectorAll("a:not(.skip), button, input[type=text], textarea, label.choice, .own > label");
  return [...targets]
    .filter((target) => target.offsetParent && !target.closest(".problem, .resume, .hint"))
    .map((target) => [target.textContent.trim(), target.getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 44 || height < 43.5)
    .map(([text, { width, height }]) => `${text}: ${width} × ${height}`);
}

/** Texts whose contrast to what is painted behind them is below 4.5 to 1. */
function tooFaint() {
  const read = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { channels: [r, g, b], a };
  };
  const light = ({ channels }) => channels
    .map((value) => value / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    .reduce((sum, value, place) => sum + value * [0.2126, 0.7152, 0.0722][place], 0);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const ground = read(getComputedStyle(at).backgroundColor);
      if (ground.a === 1) return ground;
    }
    return read("rgb(255, 255, 255)");
  };
  const texts = [...document.querySelectorAll("body *")].filter((element) =>
    element.checkVisibility() && !element.closest("svg, .unseen, [aria-hidden]") &&
    [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim()));
  return texts
    .map((element) => {
      const [low, high] = [read(getComputedStyle(element).color), behind(element)].map(light).sort((a, b) => a - b);
      return [element.textContent.trim().slice(0, 30), (high + 0.05) / (low + 0.05)];
    })
    .filter(([, ratio]) => ratio < 4.5)
    .map(([text, ratio]) => `${text}: ${ratio.toFixed(2)}`);
}
