// How often the donation's page asks how it stands: by the page's own clock, which the tests move,
// and with answers made up inside the page, so that no network decides what time it is.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scene } from "./steps.mjs";
import { visit } from "./visit.mjs";

/** A visit to an open donation whose questions `answer(n)` answers in the page, the n-th from 0. */
async function watch(t, answer, prepare = () => {}) {
  const { bagel, page } = await visit(t);
  await bagel.fault({ call: "status", kind: { payload: 1 } });
  const headers = { "Content-Type": "application/json" };
  const created = await fetch(`${bagel.page}/api/checkout`, { method: "POST", headers, body: '{"amount": 5}' });
  const { intent_id } = await created.json();
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.addInitScript(prepare);
  await page.addInitScript(`(${fakeAnswers})(${answer})`);
  await page.goto(`${bagel.page}/thanks/${intent_id}`);
  const asked = () => page.evaluate(() => globalThis.asked);
  const gaps = async () => (await asked()).map((second, place, all) => second - all[place - 1]).slice(1);
  const pass = async (seconds) => {
    for (let second = 0; second < seconds; second += 1) await page.clock.runFor(1_000);
  };
  return { bagel, page, asked, gaps, pass };
}

function fakeAnswers(answer) {
  const real = window.fetch;
  window.asked = [];
  window.reply = (status, body, headers) => ({ ok: status < 400, status, headers: new Headers(headers), json: async () => body });
  window.waiting = () => window.reply(200, { status: 1, name: "CREATED", terminal: false, message: "Waiting." });
  window.fetch = async (address, options) => {
    if (!String(address).includes("/api/status")) return real(address, options);
    window.asked.push(Math.round(Date.now() / 1_000));
    const givenUp = new Promise((_, reject) => options.signal.addEventListener("abort", reject));
    return Promise.race([answer(window.asked.length - 1), givenUp]);
  };
}

describe("the donation's page", { concurrency: 3 }, () => {
  test("asks at once, then every five seconds, and says nothing new", async (t) => {
    const { page, asked, gaps, pass } = await watch(t, () => window.waiting());
    assert.equal((await asked()).length, 1);
    await page.evaluate(() => {
      window.said = 0;
      new MutationObserver(() => { window.said += 1; }).observe(document.querySelector("#live"), { childList: true });
    });
    await pass(26);
    assert.deepEqual(await gaps(), [5, 5, 5, 5, 5]);
    assert.equal(await page.evaluate(() => window.said), 0);
  });

  test("asks one question at a time, and gives each up after 15 seconds", async (t) => {
    const { page, asked, pass } = await watch(t, () => new Promise(() => {}));
    await pass(14);
    assert.equal((await asked()).length, 1);
    await pass(2);
    assert.match(await page.textContent("#trouble"), /seem to be offline/);
    await pass(5);
    assert.equal((await asked()).length, 2);
  });

  test("waits 5, 15, 60 seconds after errors, says so once, and never says failed", async (t) => {
    const { page, gaps, pass } = await watch(t, (n) => {
      if (n < 4) return window.reply(500, { error: "…", code: "internal" });
      return window.waiting();
    });
    assert.match(await page.textContent("#trouble"), /longer than usual; we keep trying/);
    assert.equal(await page.textContent("#live"), await page.textContent("#trouble"));
    await pass(150);
    assert.deepEqual((await gaps()).slice(0, 5), [5, 15, 60, 60, 5]);
    assert.ok(!await page.isVisible("#trouble"));
    assert.doesNotMatch(await page.textContent("main"), /fail/i);
  });

  test("says when it is offline, and asks as soon as it is not", async (t) => {
    const { page, asked, pass } = await watch(t, (n) => {
      if (n === 0) throw new TypeError("Failed to fetch");
      return window.waiting();
    });
    assert.match(await page.textContent("#trouble"), /seem to be offline/);
    await pass(2);
    await page.evaluate(() => window.dispatchEvent(new Event("online")));
    await page.waitForSelector("#trouble", { state: "hidden" });
    assert.equal((await asked()).length, 2);
  });

  test("waits as long as it is told to", async (t) => {
    const { page, gaps, pass } = await watch(t, (n) => {
      if (n === 0) return window.reply(429, {}, { "Retry-After": "40" });
      return window.waiting();
    });
    await pass(20);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await pass(21);
    assert.deepEqual(await gaps(), [40]);
  });

  test("asks less while it is hidden, and once, at once, when it is seen again", async (t) => {
    const { page, asked, gaps, pass } = await watch(t, () => window.waiting(), () => {
      window.isHidden = true;
      Object.defineProperty(document, "hidden", { get: () => window.isHidden });
    });
    await pass(32);
    assert.deepEqual(await gaps(), [15, 15]);
    await page.evaluate(() => {
      window.isHidden = false;
      document.dispatchEvent(new Event("visibilitychange"));
      for (const name of ["focus", "pageshow", "online"]) window.dispatchEvent(new Event(name));
    });
    assert.equal((await asked()).length, 4);
    await pass(6);
    assert.deepEqual((await gaps()).slice(3), [5]);
  });

  test("after ten minutes says so in neutral words, and asks again when asked to", async (t) => {
    const { page, asked, pass } = await watch(t, () => window.waiting());
    await pass(598);
    assert.ok(!await page.isVisible("#patience"));
    await pass(10);
    assert.match(await page.textContent("#patience"), /If you paid, it will be recorded/);
    assert.doesNotMatch(await page.textContent("main"), /fail|expired|cancel/i);
    assert.ok(await page.isVisible("text=Continue to payment"));
    const before = (await asked()).length;
    await pass(120);
    assert.equal((await asked()).length, before);
    await page.click("text=Check again");
    assert.equal((await asked()).length, before + 1);
    assert.ok(!await page.isVisible("#patience"));
    await pass(6);
    assert.equal((await asked()).length, before + 2);
  });

  test("after a long sleep asks at once, and goes on", async (t) => {
    const { page, asked, gaps, pass } = await watch(t, () => window.waiting());
    await pass(4);
    await page.clock.fastForward(8 * 3_600_000);
    const slept = (await asked()).length;
    assert.ok(slept <= 2, "nothing is made up for");
    await pass(2);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    assert.equal((await asked()).length, slept + 1);
    assert.ok(!await page.isVisible("#patience"));
    await pass(11);
    assert.deepEqual((await gaps()).slice(slept), [5, 5]);
  });

  test("takes the focus from nobody", async (t) => {
    const { bagel, page, pass } = await watch(t, (n) => {
      if (n < 2) return window.waiting();
      return window.reply(200, { status: 20, name: "CONFIRMED", terminal: true, message: "…" });
    });
    await bagel.clearFaults();
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    await page.focus("text=Back to the page");
    await pass(6);
    assert.equal(await focused(), "Back to the page");
    await page.focus("text=Get a page like this");
    await bagel.act((await bagel.intents())[0].id, "pay");
    await pass(6);
    await scene(page, "paid");
    assert.equal(await focused(), "Get a page like this");
  });

  test("stops at the last word, shows it, and announces it once", async (t) => {
    const { bagel, page, asked, pass } = await watch(t, (n) => {
      if (n < 2) return window.waiting();
      return window.reply(200, { status: 20, name: "CONFIRMED", terminal: true, message: "…" });
    });
    await bagel.clearFaults();
    const [{ id }] = await bagel.intents();
    await bagel.act(id, "pay");
    await page.focus("text=Back to the page");
    await page.evaluate(() => {
      window.said = [];
      const live = document.querySelector("#live");
      new MutationObserver(() => window.said.push(live.textContent)).observe(live, { childList: true });
    });
    await pass(11);
    await scene(page, "paid");
    assert.match(await page.title(), /^Thank you! · Buy Ada a bagel$/);
    assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1", "the link with the focus is gone");
    await pass(600);
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    assert.equal((await asked()).length, 3);
    assert.deepEqual(await page.evaluate(() => window.said), ["Your payment is confirmed and written down."]);
  });
});
