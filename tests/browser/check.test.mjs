// @ts-check
// The checker in a browser: with scripts it fills up as things happen, without them the form does the same.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CHECKED, startBrowser, startServer } from "./server.mjs";

/** @type {Awaited<ReturnType<typeof startServer>>} */
let server;
/** @type {Awaited<ReturnType<typeof startBrowser>>} */
let browser;
before(async () => {
  server = await startServer();
  browser = await startBrowser();
});
after(async () => {
  await browser.close();
  await server.stop();
});

for (const javaScriptEnabled of [true, false]) {
  test(`a URL is checked ${javaScriptEnabled ? "with" : "without"} scripts`, async () => {
    const context = await browser.newContext({ javaScriptEnabled });
    const page = await context.newPage();
    /** @type {string[]} */
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname));
    /** @type {string[]} */
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
    await page.goto(`${server.base}/check`);
    await page.fill("input[name=url]", `http://127.0.0.${javaScriptEnabled ? 21 : 22}:${CHECKED}/redirect/2`);
    await page.click("form[action='/check'] button");
    await page.waitForSelector(".hops");
    assert.equal(await page.locator(".hop").count(), 3);
    assert.match(await page.locator("h1").innerText(), /^Two redirects lead to 200 OK/);
    assert.match(page.url(), /\/check\?url=http/);
    assert.equal(asked.includes("/api/v1/check/events"), javaScriptEnabled);
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test("what cannot be checked now is said, and the form stays", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  // Seven requests at once: the host is left alone for as many seconds.
  await page.goto(`${server.base}/check?url=http://127.0.0.23:${CHECKED}/redirect/7`);
  await page.fill("input[name=url]", `http://127.0.0.23:${CHECKED}/get`);
  await page.click("form[action='/check'] button");
  await page.waitForFunction(() => document.querySelector("[data-status]")?.textContent?.includes("try again in"));
  assert.equal(await page.inputValue("input[name=url]"), `http://127.0.0.23:${CHECKED}/get`);
  await context.close();
});

test("no page is wider than its window", async () => {
  for (const width of [320, 390, 1280]) {
    const context = await browser.newContext({ viewport: { width, height: 800 } });
    const page = await context.newPage();
    for (const path of ["/check", `/check?url=http://127.0.0.24:${CHECKED}/interim/103/404`, "/check?url=http://10.0.0.1/"]) {
      await page.goto(server.base + path);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(over <= 0, `${path} at ${width}: ${over} px too wide`);
    }
    await context.close();
  }
});
