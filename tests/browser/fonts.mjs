// The fonts the tests see, whatever the machine has: each set is a fontconfig file of its own, and
// `./test` installs the packages that it names.

import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Names of the sets in `fonts/`; the first is the usual one. */
export const fontSets = ["dejavu", "liberation", "stack"];

const home = mkdtempSync(join(tmpdir(), "bagel-chromium-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

/** The environment of a browser that sees this set, with a home, a language and a time zone of its own. */
export function surroundings(fonts = fontSets[0]) {
  const file = fileURLToPath(new URL(`fonts/${fonts}.conf`, import.meta.url));
  for (const [, folder] of readFileSync(file, "utf8").matchAll(/<dir>(.*?)<\/dir>/g)) {
    if (!existsSync(folder)) throw new Error(`${folder} is missing: \`./test\` installs the fonts that the tests need.`);
  }
  const { PATH, TMPDIR } = process.env;
  const place = { HOME: home, XDG_CACHE_HOME: join(home, "cache"), XDG_CONFIG_HOME: join(home, "config") };
  return { PATH, ...(TMPDIR && { TMPDIR }), ...place, LANG: "C.UTF-8", TZ: "UTC", FONTCONFIG_FILE: file };
}
