// The table of promises in tests/behaviours.md names every behaviour, and tests that exist.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const tests = new URL("../", import.meta.url);
const LATER = ["F12", "F30", "F35"];

test("every behaviour names its tests, and they exist", () => {
  const rows = readFileSync(new URL("behaviours.md", tests), "utf8").split("\n").filter((line) => /^\| F\d/.test(line));
  const cells = rows.map((row) => row.split("|").map((cell) => cell.trim()));
  assert.deepEqual(cells.map(([, number]) => number), Array.from({ length: 38 }, (_, place) => `F${place + 1}`));
  for (const [, number, , named] of cells) {
    if (LATER.includes(number)) continue;
    const all = [...named.matchAll(/`([\w./]+)` "([^"]+)"/g)];
    assert.ok(all.length > 0 && all.length === named.split(";").length, `${number}: ${named}`);
    for (const [, file, name] of all) {
      const source = readFileSync(new URL(file, tests), "utf8");
      const begins = file.endsWith(".rs") ? [`fn ${name}(`] : [`test("${name}"`, `test(\`${name}\``];
      assert.ok(begins.some((begin) => source.includes(begin)), `${number}: ${file} has no test "${name}"`);
    }
  }
});
