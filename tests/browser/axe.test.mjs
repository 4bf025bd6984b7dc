// @ts-check
// axe-core finds nothing, on each kind of page, in both themes, on a phone and on a desk.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { KINDS, PASTED, startBrowser, startServer } from "./server.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

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

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  for (const width of [390, 1280]) {
    test(`axe-core, ${colorScheme}, ${width} px`, async () => {
      // The page's own policy would refuse the checker.
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true, reducedMotion: "reduce" });
      const page = await context.newPage();
      for (const path of [...KINDS, "/lint#pasted", "/lint#nonsense"]) {
        await page.goto(server.base + path);
        if (path.includes("#")) {
          await page.fill("[name=response]", path.endsWith("pasted") ? PASTED : "hello");
          await page.click(".lintform .btn--main");
          await page.waitForSelector(path.endsWith("pasted") ? ".finding" : ".refusal");
        }
        await page.evaluate(() => {
          for (const details of document.querySelectorAll("details")) details.open = true;
        });
        await page.evaluate(AXE);
        const violations = await page.evaluate(async (rules) => {
          // @ts-ignore: put there by the line above
          const found = await axe.run(document, { runOnly: rules });
          return found.violations.map((/** @type {any} */ one) => `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html).join(" | ")}`);
        }, RULES);
        assert.deepEqual(violations, [], `${path} ${colorScheme} ${width}`);
      }
      await context.close();
    });
  }
}

test("the checker does find faults", async () => {
  const context = await browser.newContext({ bypassCSP: true });
  const page = await context.newPage();
  await page.setContent("<!doctype html><html><body><img src='x'><p style='color:#aaa;background:#fff'>faint</p></body></html>");
  await page.evaluate(AXE);
  // @ts-ignore
  const ids = await page.evaluate(async () => (await axe.run(document)).violations.map((one) => one.id));
  assert.ok(ids.includes("image-alt") && ids.includes("color-contrast"), ids.join(" "));
  await context.close();
});
