// Whatever the device does in between, one donation stays one, and its page finds the truth again.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { give, press, scene, until } from "./steps.mjs";
import { visit } from "./visit.mjs";

describe("a browser inside an app", { concurrency: 3 }, () => {
  test("with one window only goes to the checkout in it", async (t) => {
    const { bagel, page } = await visit(t);
    await page.addInitScript(() => { window.open = () => window; });
    await page.goto(bagel.page);
    await page.click("button[type=submit]");
    await page.waitForURL(`${bagel.standIn}/pay/*`);
    await press(page, "Pay");
    await scene(page, "paid");
    assert.equal((await bagel.intents()).length, 1);
  });

  test("that forbids storage takes a donation all the same", async (t) => {
    const { bagel, page } = await visit(t);
    await page.addInitScript(() => {
      Object.defineProperty(window, "sessionStorage", { get() { throw new DOMException("no", "SecurityError"); } });
    });
    await page.goto(bagel.page);
    await press(await give(page), "Pay");
    await scene(page, "paid");
    await page.getByRole("link", { name: "Give again" }).click();
    await page.waitForSelector("#give");
    assert.ok(!await page.isVisible("#resume"));
  });
});

describe("a network", { concurrency: 3 }, () => {
  test("that is lost while the payment is made is waited for", async (t) => {
    const { bagel, page } = await visit(t, { expect: /ERR_INTERNET_DISCONNECTED/ });
    await page.goto(bagel.page);
    await give(page);
    await page.context().setOffline(true);
    await until("the word", async () => {
      await page.clock.fastForward(5_000);
      return page.isVisible("text=You seem to be offline; we keep trying.");
    });
    const [{ id }] = await bagel.intents();
    await bagel.act(id, "pay");
    await page.context().setOffline(false);
    await scene(page, "paid");
    assert.ok(!await page.isVisible("#trouble"));
  });

  test("that answers with a page of its own is taken for none", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    await give(page);
    const portal = { contentType: "text/html", body: "<h1>Welcome to the café</h1>" };
    const captive = (route) => route.fulfill(portal);
    await page.route("**/api/status*", captive);
    await page.route("**/thanks/*", captive);
    await page.clock.fastForward(5_000);
    await page.waitForSelector("text=You seem to be offline; we keep trying.");
    await page.unroute("**/api/status*", captive);
    const [{ id }] = await bagel.intents();
    await bagel.act(id, "pay");
    await until("the question", async () => {
      await page.clock.fastForward(5_000);
      return (await bagel.settled()).length === 1;
    });
    await page.clock.fastForward(60_000);
    assert.equal(await page.textContent("h1"), "Waiting for your payment");
    await page.unroute("**/thanks/*", captive);
    await scene(page, "paid");
  });

  test("that loses the answer leaves a form that opens another checkout", async (t) => {
    const { bagel, page } = await visit(t, { expect: /504/ });
    await bagel.fault({ call: "create", kind: "drop_after_commit", times: 1 });
    await page.goto(bagel.page);
    await page.fill("#message", "kept");
    await page.click("button[type=submit]");
    await page.waitForSelector("#problem:not([hidden])");
    assert.equal(page.context().pages().length, 1);
    await give(page);
    const [lost, given] = await bagel.intents();
    assert.notEqual(lost.order_id, given.order_id);
    assert.equal(await page.textContent(".note dd"), "kept");
  });
});

describe("two tabs", { concurrency: 3 }, () => {
  test("with one donation are both told", async (t) => {
    const { bagel, page } = await visit(t);
    await page.goto(bagel.page);
    const checkout = await give(page);
    const second = await page.context().newPage();
    await second.goto(page.url());
    await press(checkout, "Pay");
    for (const tab of [page, second]) await scene(tab, "paid");
    assert.equal((await bagel.settled()).length, 1);
  });

  test("with a form each are two donations, each with a page of its own", async (t) => {
    const { bagel, page } = await visit(t);
    const second = await page.context().newPage();
    for (const tab of [page, second]) await tab.goto(bagel.page);
    for (const tab of [page, second]) await give(tab);
    const [one, other] = await bagel.intents();
    assert.notEqual(one.order_id, other.order_id);
    assert.deepEqual([page, second].map((tab) => tab.url().split("/").pop()), [one.order_id, other.order_id]);
    await second.goto(bagel.page);
    assert.ok((await second.getAttribute("#resume a", "href")).endsWith(other.order_id));
  });
});

test("a page out of the browser's cache is ready again, and keeps to its donation", async (t) => {
  const { bagel, page } = await visit(t, { keepsPages: true });
  await page.addInitScript(() => {
    window.open = () => null;
    window.addEventListener("pageshow", ({ persisted }) => { window.persisted = persisted; });
  });
  await page.goto(bagel.page);
  await page.fill("#message", "kept");
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  await page.goBack({ waitUntil: "commit" });
  await until("the page as it was", () => page.evaluate(() => window.persisted === true));
  assert.equal(await page.inputValue("#message"), "kept");
  assert.equal(await page.textContent("button[type=submit]"), "Give $5.00");
  assert.equal(await page.getAttribute("button[type=submit]", "aria-disabled"), "false");
  assert.ok(await page.isVisible("#resume"));
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  assert.equal((await bagel.intents()).length, 1, "the same form is the same donation");
});

test("a form that is filled behind the script's back is not mistaken for the last one", async (t) => {
  const { bagel, page } = await visit(t, { keepsPages: true });
  await page.addInitScript(() => { window.open = () => null; });
  await page.goto(bagel.page);
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  await page.goBack({ waitUntil: "commit" });
  await until("the page as it was", () => page.isVisible("#resume"));
  await page.evaluate(() => { document.querySelector("#message").value = "from the password manager"; });
  await page.click("button[type=submit]");
  await page.waitForURL(`${bagel.standIn}/pay/*`);
  const given = await bagel.intents();
  assert.deepEqual(given.map((intent) => intent.description ?? ""), ["", "from the password manager"]);
});
