// Names that content blockers hide, and directions that right-to-left turns around, stand nowhere.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { test } from "node:test";
import { everyScene, still, unhurried } from "./states.mjs";
import { visit } from "./visit.mjs";

const BLOCKED = new Set([
  "ad", "ads", "advert", "adverts", "banner", "banners", "sponsor", "sponsors", "sponsored", "promo", "popup", "popunder",
  "donate-widget", "donation-widget", "donatewidget", "kofi", "ko-fi", "coffee", "patreon", "paypal", "tipjar",
  "tracking", "tracker", "track", "analytics", "beacon", "pixel", "social", "share", "sharing", "cookie", "cookies", "newsletter",
]);

/** A name's whole words, split at - and _ and dots, and each pair of neighbours. */
function blocked(name) {
  const words = name.toLowerCase().split(/[-_.]+/).filter(Boolean);
  const pairs = words.slice(1).map((word, place) => `${words[place]}-${word}`);
  return [...words, ...pairs].filter((word) => BLOCKED.has(word));
}

test("no path, class or id has a word that content blockers know", async (t) => {
  const { bagel, page } = await visit(t, { settings: unhurried, cards: true, expect: /404/ });
  const paths = new Set();
  page.context().on("request", (request) => {
    const { origin, pathname } = new URL(request.url());
    if (origin === new URL(bagel.page).origin) for (const segment of pathname.split("/")) paths.add(segment);
  });
  await still(page);
  const names = new Set();
  for (const address of [bagel.page, ...Object.values(await everyScene(bagel)), `${bagel.page}/thanks/nobody`]) {
    await page.goto(address);
    for (const name of await page.evaluate(() => [...document.querySelectorAll("*")].flatMap((element) =>
      [...element.classList, element.id, element.getAttribute("name") ?? ""]))) names.add(name);
  }
  for (const path of ["assets", "api", "checkout", "status", "thanks"]) assert.ok(paths.has(path) || path === "checkout", path);
  const found = [...paths, ...names, "badge.svg", "bagel.png", "avatar"].filter((name) => blocked(name).length > 0);
  assert.deepEqual(found, []);
});

test("the list tells whole words from parts of words", () => {
  for (const name of ["ad", "top_ad", "ad-box", "donate-widget", "x-donate_widget", "kofi-button", "page.tracking.js"]) {
    assert.notDeepEqual(blocked(name), [], name);
  }
  for (const name of ["shade", "ladder", "donate", "widget", "heading", "bagel", "badge.svg"]) assert.deepEqual(blocked(name), [], name);
});

test("the style sheets know start and end, and no left and right", () => {
  const folder = new URL("../../static/", import.meta.url);
  const sheets = readdirSync(folder).filter((name) => name.endsWith(".css") && name !== "stand-in.css");
  const sheet = sheets.map((name) => readFileSync(new URL(name, folder), "utf8")).join("\n").replace(/\/\*[\s\S]*?\*\//g, "");
  const declared = [...sheet.matchAll(/(?<=[{;]\s*)([a-z-]+)\s*:\s*([^;{}]+)/g)];
  assert.ok(declared.length > 200);
  const physical = declared.filter(([, property, value]) =>
    /(^|-)(left|right|top|bottom)(-|$)/.test(property) || ["width", "height", "min-width", "max-width", "min-height", "max-height"].includes(property)
    || (["text-align", "float", "clear"].includes(property) && /\b(left|right)\b/.test(value))
    || (["margin", "padding", "inset", "border-width", "border-radius"].includes(property) && isLopsided(property, value)));
  assert.deepEqual(physical.map(([declaration]) => declaration), []);
});

/** Four values of which the second and the fourth differ; for a radius, the corners of a side. */
function isLopsided(property, value) {
  const values = value.trim().match(/[\w-]+\([^)]*\)|[^\s]+/g);
  if (property === "border-radius") return !value.includes("/") && values.length === 4 && (values[0] !== values[1] || values[2] !== values[3]);
  return values.length === 4 && values[1] !== values[3];
}
