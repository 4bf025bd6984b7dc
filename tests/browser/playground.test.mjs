// @ts-check
// The request builder: what it sends, what it shows, what it says about fetch, and that it needs no script.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { startBrowser, startServer } from "./server.mjs";

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
 * @param {string} query
 * @param {(page: import("playwright-core").Page) => Promise<void>} use
 * @param {import("playwright-core").BrowserContextOptions} [options]
 */
async function open(query, use, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  /** @type {string[]} */
  const trouble = [];
  page.on("pageerror", (error) => trouble.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource|net::ERR_/.test(message.text())) trouble.push(message.text());
  });
  try {
    await page.goto(`${server.base}/playground${query}`);
    await use(page);
    assert.deepEqual(trouble, []);
  } finally {
    await context.close();
  }
}

/**
 * Sends, and gives what is shown.
 * @param {import("playwright-core").Page} page
 */
async function send(page) {
  await page.getByRole("button", { name: "Send" }).click();
  await page.locator("[data-live]:not([hidden]) [data-hidden] li").first().waitFor();
  await page.locator("[data-status]", { hasText: /^$/ }).waitFor({ state: "attached" });
  const text = (/** @type {string} */ selector) => page.locator(selector).innerText();
  return { verdict: await text("[data-verdict]"), seen: await text("[data-seen]"), wire: await text("[data-wire]"), hidden: await text("[data-hidden]") };
}

test("a request is composed while one types, and the address holds it", () =>
  open("", async (page) => {
    await page.locator("[name=code]").fill("429");
    await page.locator("[name=header]").fill("Retry-After: 7\nX-A: b");
    await page.waitForURL("**/playground?code=429&header=Retry-After:%207&header=X-A:%20b");
    assert.equal(await page.locator("[data-target]").innerText(), "/play/status/429?header=Retry-After:%207&header=X-A:%20b");
    assert.match(await page.locator("#command-curl").innerText(), /^curl -i 'http:\/\/127\.0\.0\.1:\d+\/play\/status\/429\?header=/);
    await page.getByText("JavaScript", { exact: true }).click();
    assert.match(await page.locator("#command-javascript").innerText(), /^const response = await fetch\("http/);
    assert.match(await page.locator("[data-explained-text]").innerText(), /\w+/);
    // Another kind of answer shows its own part of the form.
    await page.getByRole("radio", { name: "a fault" }).check();
    assert.ok(await page.locator("[name=fault]").isVisible());
    assert.ok(!(await page.locator("[name=code]").isVisible()));
    await page.waitForURL("**/playground?fault=*");
    await page.getByRole("radio", { name: "a status code" }).check();
    await page.locator("[name=method]").evaluate((field) => ((/** @type {any} */ (field)).closest("details").open = true));
    await page.locator("[name=method]").fill("NOT A METHOD");
    await page.locator("[data-status]", { hasText: "no request method" }).waitFor();
  }));

test("what fetch hides is told: interim responses, a cookie, fields that it would not send", () =>
  open("?code=200&header=Set-Cookie:+a%3Db&body=hello&delay=200ms&interim=103@0,102@100&field=Connection:+close", async (page) => {
    const { verdict, seen, wire, hidden } = await send(page);
    assert.match(verdict, /^200 OK is what fetch saw after \d/);
    assert.match(seen, /status 200, statusText "OK"/);
    assert.match(seen, /hello/);
    assert.doesNotMatch(seen, /103|set-cookie/i);
    assert.match(wire, /HTTP\/1\.1 103 Early Hints[^]*HTTP\/1\.1 102 Processing[^]*HTTP\/1\.1 200 OK[^]*set-cookie: a=b[^]*hello/);
    assert.match(wire, /^GET \/play\/status\/200\?/m);
    assert.match(hidden, /A 103 that left after/);
    assert.match(hidden, /A 102 that left after/);
    assert.match(hidden, /no script may read: set-cookie/);
    assert.match(hidden, /did not send Connection/);
    assert.match(hidden, /What it added to your request: .*user-agent/);
    assert.equal(await page.evaluate(() => document.activeElement?.id), "live");
  }));

test("a content coding and a followed redirect are told", async () => {
  await open("?path=/gzip", async (page) => assert.match((await send(page)).hidden, /coded with gzip/));
  await open("?path=/redirect/2", async (page) => assert.match((await send(page)).hidden, /fetch followed the 302 by itself/));
  await open("?path=/trailers?X-Sum=abc", async (page) => assert.match((await send(page)).hidden, /trailer fields X-Sum/i));
});

test("a failure has a cause that only the transcript knows", async () => {
  await open("?fault=close-without-a-byte", async (page) => {
    const { verdict, hidden } = await send(page);
    assert.match(verdict, /^No response, says fetch/);
    assert.match(hidden, /TypeError: Failed to fetch for every kind of trouble; by the server’s transcript the server closed/);
  });
  await open("?fault=length-too-long", async (page) => {
    const { verdict, seen } = await send(page);
    assert.match(verdict, /^200 OK is what fetch saw .* and then the content broke off/);
    assert.match(seen, /TypeError/);
  });
  // RFC 9110 section 9.3.8, and the Fetch standard: a forbidden method.
  await open("?path=/get&method=TRACE", async (page) => {
    const { wire, hidden } = await send(page);
    assert.match(wire, /Nothing of it reached the server/);
    assert.match(hidden, /refused to send this at all/);
  });
  await open("?code=407", async (page) => assert.match((await send(page)).verdict, /^No response/));
});

test("a sequence goes on with each press, and its report card is shown", () =>
  open("?seq=503,429,200", async (page) => {
    const id = await page.locator("[name=id]").inputValue();
    assert.match(id, /^try-/);
    for (const code of ["503", "429", "200"]) {
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator("[data-verdict] b", { hasText: code }).waitFor();
    }
    await page.getByRole("link", { name: "Report card", exact: true }).click();
    await page.locator("[data-card]:not([hidden])").waitFor();
    assert.match(await page.locator("[data-card] pre").innerText(), new RegExp(`Report card of ${id}`));
  }));

test("what was sent is remembered in this browser, and forgotten when asked", () =>
  open("?code=404", async (page) => {
    await send(page);
    await page.goto(`${server.base}/playground?code=410`);
    await send(page);
    const links = page.locator("[data-list] a");
    assert.equal(await links.count(), 2);
    await links.last().click();
    await page.waitForURL("**/playground?code=404");
    assert.equal(await page.locator("[name=code]").inputValue(), "404");
    await page.getByRole("button", { name: "Forget all" }).click();
    assert.equal(await links.count(), 0);
    await page.reload();
    assert.ok(!(await page.locator("[data-history]").isVisible()));
    // What somebody else put there does no harm.
    await page.evaluate(() => localStorage.setItem("playground", '[{"link":"javascript:alert(1)","label":"x"},null,3]'));
    await page.reload();
    assert.ok(!(await page.locator("[data-history]").isVisible()));
  }));

test("every example leads to a request that can be sent", () =>
  open("", async (page) => {
    const targets = await page.locator(".try__title").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    assert.ok(targets.length >= 6);
    for (const target of targets) {
      const answer = await (await fetch(`${server.base}${target.replace("/playground?", "/playground.json?")}&run=1`)).json();
      // One of them is held back until a client has lost its patience, none is refused.
      assert.notEqual(answer.exchange.status, 400, target);
      assert.ok(answer.exchange.pieces.length > 0, target);
    }
  }));

test("a fault takes what it can be told, with a script and without", async () => {
  await open("?fault=reset-in-content", async (page) => {
    await page.locator("[name=after]").fill("64");
    await page.waitForURL("**/playground?fault=reset-in-content&after=64");
    assert.equal(await page.locator("[data-target]").innerText(), "/play/fault/reset-in-content?after=64");
    // The next fault has no use for it, and the form keeps it for the one after.
    await page.locator("[name=fault]").selectOption("stall-in-head");
    await page.waitForURL("**/playground?fault=stall-in-head");
    await page.locator("[name=pause]").fill("100ms");
    await page.waitForURL("**/playground?fault=stall-in-head&pause=100ms");
    assert.match(await page.locator("[data-explained-link]").getAttribute("href") ?? "", /^\/play\/faults\/stall-in-head$/);
  });
  await open(
    "?fault=reset-in-content",
    async (page) => {
      await page.locator("[name=after]").fill("16");
      await page.getByRole("button", { name: "Send" }).click();
      await page.waitForURL("**/playground?**run=1");
      const wire = await page.locator("#wire-response").innerText();
      assert.ok(wire.trimEnd().endsWith("\n0123456789abcdef"), wire);
      assert.match(await page.locator("[data-played]").innerText(), /Then the server reset the connection/);
    },
    { javaScriptEnabled: false },
  );
});

test("without a script the form shows the exact response and the command", () =>
  open(
    "",
    async (page) => {
      await page.locator("[name=code]").fill("418");
      await page.locator("[name=header]").fill("X-A: b\nX-A: c");
      await page.locator("[name=interim]").fill("103@0");
      await page.getByRole("button", { name: "Send" }).click();
      await page.waitForURL("**/playground?**run=1");
      assert.match(await page.locator("#result").innerText(), /^418 I'm a teapot after .* and before it a 103 after/);
      const wire = await page.locator("#wire-response").innerText();
      assert.match(wire, /HTTP\/1\.1 103 Early Hints[^]*HTTP\/1\.1 418 I'm a teapot\n[^]*x-a: b\nx-a: c\n/);
      assert.match(await page.locator("#command-curl").innerText(), /^curl -i 'http:/);
      await page.getByText("Python", { exact: true }).click();
      assert.ok(await page.locator("#command-python").isVisible());
      await page.getByRole("radio", { name: "a sequence" }).check();
      assert.ok(await page.locator("[name=seq]").isVisible());
      assert.ok(!(await page.locator("[name=code]").isVisible()));
    },
    { javaScriptEnabled: false },
  ));

test("curl does what the page says", async () => {
  const { execFileSync } = await import("node:child_process");
  await open("?path=/anything&method=POST&field=X-A:+it's+%24HOME&content=a'b%0Ac", async (page) => {
    const command = await page.locator("#command-curl").innerText();
    const answer = execFileSync("sh", ["-c", command.replace("curl -i", "curl -s")], { encoding: "utf8" });
    const echoed = JSON.parse(answer);
    assert.equal(echoed.data, "a'b\nc");
    assert.equal(echoed.headers["X-A"], "it's $HOME");
  });
});
