// @ts-check
// What the scripts add, and that nothing needs them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KINDS, startBrowser, startServer } from "./server.mjs";

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

/**
 * @param {import("playwright-core").BrowserContextOptions} options
 * @param {(page: import("playwright-core").Page) => Promise<void>} use
 */
async function withPage(options, use) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  try {
    await use(page);
  } finally {
    await context.close();
  }
}

test("no page logs an error, asks elsewhere or sets a cookie, and none is wider than a small phone", () =>
  withPage({ viewport: { width: 320, height: 700 } }, async (page) => {
    /** @type {string[]} */
    const trouble = [];
    page.on("pageerror", (error) => trouble.push(`${page.url()}: ${error.message}`));
    page.on("console", (message) => {
      const isOwnStatus = message.text().includes("Failed to load resource") && message.location().url === page.url();
      if (message.type() === "error" && !isOwnStatus) trouble.push(`${page.url()}: ${message.text()}`);
    });
    page.on("request", (request) => {
      if (!request.url().startsWith(server.base)) trouble.push(`${page.url()} asks ${request.url()}`);
    });
    for (const path of KINDS) {
      await page.goto(server.base + path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px wider than 320 px`);
    }
    assert.deepEqual(trouble, []);
    assert.deepEqual(await page.context().cookies(), []);
  }));

test("/ and Ctrl-K lead to the search, which finds", () =>
  withPage({ viewport: { width: 1280, height: 800 } }, async (page) => {
    for (const key of ["/", "Control+k"]) {
      await page.goto(`${server.base}/501`);
      await page.keyboard.press(key);
      await page.keyboard.type("teapot");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/search?q=teapot");
      assert.equal(await page.locator(".hit a").first().getAttribute("href"), "/418");
    }
    // Within a field, a slash is a slash.
    await page.locator("[data-search]").fill("");
    await page.locator("[data-search]").pressSequentially("a/b");
    assert.equal(await page.locator("[data-search]").inputValue(), "a/b");
  }));

test("typing on the home page dims what does not fit, and moves nothing", () =>
  withPage({ viewport: { width: 1280, height: 900 } }, async (page) => {
    await page.goto(server.base);
    const place = () => page.locator('.cell[href="/429"]').boundingBox();
    const before = await place();
    await page.locator("[data-search]").fill("retry-after");
    assert.ok(await page.locator('.cell[href="/204"]').evaluate((cell) => cell.classList.contains("cell--dim")));
    assert.ok(!(await page.locator('.cell[href="/429"]').evaluate((cell) => cell.classList.contains("cell--dim"))));
    assert.match((await page.locator("[data-filter-status]").textContent()) ?? "", /^\d+ codes? fit/);
    const now = await place();
    assert.equal(now?.x, before?.x);
    await page.locator("[data-search]").fill("5xx");
    assert.equal(await page.locator(".cell:not(.cell--dim)").count(), 11);
    await page.locator("[data-search]").fill("");
    assert.equal(await page.locator(".cell--dim").count(), 0);
  }));

test("the theme is switched, and kept on the next page", () =>
  withPage({ colorScheme: "light" }, async (page) => {
    await page.goto(server.base);
    const paper = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const light = await paper();
    await page.getByRole("button", { name: "Dark colours" }).click();
    const dark = await paper();
    assert.notEqual(dark, light);
    await page.goto(`${server.base}/404`);
    assert.equal(await paper(), dark);
  }));

test("a response is copied as it is shown", () =>
  withPage({ permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
    await page.goto(`${server.base}/501`);
    await page.locator('[data-copy="wire-response"]').click();
    await page.getByRole("button", { name: "Copied" }).waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(text.replaceAll("\r\n", "\n").startsWith("HTTP/1.1 501 Not Implemented\nDate: "), text);
  }));

test("on a phone the longer parts are folded, and a link into one opens it", () =>
  withPage({ viewport: { width: 390, height: 844 } }, async (page) => {
    await page.goto(`${server.base}/404`);
    assert.equal(await page.locator("#causes").getAttribute("open"), "");
    assert.equal(await page.locator("#definition").getAttribute("open"), null);
    await page.goto(`${server.base}/404#definition`);
    await page.locator("#definition[open]").waitFor();
  }));

test("everything is there without JavaScript", () =>
  withPage({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } }, async (page) => {
    await page.goto(`${server.base}/404`);
    for (const part of await page.locator(".part").all()) assert.equal(await part.getAttribute("open"), "");
    assert.equal(await page.locator("[data-copy]:visible").count(), 0);
    await page.locator(".find__input").fill("too many");
    await page.locator(".find__input").press("Enter");
    await page.waitForURL("**/search?q=too+many");
    assert.equal(await page.locator(".hit a").first().getAttribute("href"), "/429");
    await page.goto(`${server.base}/codes`);
    await page.locator('select[name="class"]').selectOption("1xx");
    await page.getByRole("button", { name: "Filter" }).click();
    // Five of the registry, and the 103 of a proposal that was given up.
    assert.equal(await page.locator(".codes tbody tr").count(), 6);
  }));

test("the table prints on one sheet for the wall", () =>
  withPage({}, async (page) => {
    await page.goto(server.base);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    assert.equal(pdf.match(/\/Type\s*\/Page\b(?!s)/g)?.length, 1);
  }));

test("motion stops where it is not wanted", () =>
  withPage({ reducedMotion: "reduce" }, async (page) => {
    await page.goto(server.base);
    const durations = await page.evaluate(() => [...document.querySelectorAll("*")].map((element) => getComputedStyle(element).transitionDuration));
    assert.ok(durations.every((duration) => /^(0s(, )?)+$/.test(duration)));
  }));
