/**
 * What a visit of a page is like, as the browser itself measures it: the entries that Lighthouse and
 * the Web Vitals are made of. https://web.dev/articles/vitals
 */
import type { Page } from 'playwright';
import type { Dashboard } from './dashboard';

export interface Visit {
  /** Largest contentful paint, in milliseconds from the navigation. */
  readonly paintMs: number;
  /** The slowest of the interactions until the next paint, in milliseconds. */
  readonly interactionMs: number;
  /** Scripts as they came over the wire, in kilobytes (1,024 bytes). */
  readonly scriptKb: number;
}

/** Before anything of the page runs. Interactions are those that the browser gives a number. */
const OBSERVE = `
  window.calmonyVitals = { paint: 0, interactions: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) calmonyVitals.paint = entry.startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.interactionId > 0) calmonyVitals.interactions.push(entry.duration);
  }).observe({ type: 'event', durationThreshold: 16, buffered: true });`;

const READ = `({
  paint: calmonyVitals.paint,
  interactions: calmonyVitals.interactions,
  scripts: performance.getEntriesByType('resource')
    .filter(({ name }) => /\\.js(?:$|\\?)/.test(name))
    .reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
})`;

/** How long the browser is left to settle, in milliseconds: a paint may still come, and entries come late. */
const SETTLE_MS = 600;

/** Opens the page with nothing cached, and does what a visitor does there. */
export async function visit(
  { home, newContext }: Dashboard,
  address: string,
  act: (page: Page) => Promise<void>,
): Promise<Visit> {
  const context = await newContext();
  try {
    const page = await context.newPage();
    await page.addInitScript(OBSERVE);
    await page.goto(`${home}${address}`);
    await page.waitForLoadState('networkidle');
    await page.waitForTimeout(SETTLE_MS);
    const loaded = await page.evaluate<{ paint: number; scripts: number }>(READ);
    await act(page);
    await page.waitForTimeout(SETTLE_MS);
    const { interactions } = await page.evaluate<{ interactions: number[] }>(READ);
    return {
      paintMs: loaded.paint,
      interactionMs: Math.max(0, ...interactions),
      scriptKb: loaded.scripts / 1_024,
    };
  } finally {
    await context.close();
  }
}

/** How long the server takes for the whole page, one after the other, in milliseconds. */
export async function respond(
  { home, cookie }: Dashboard,
  addresses: readonly string[],
): Promise<number[]> {
  const times: number[] = [];
  for (const address of addresses) {
    const began = performance.now();
    const answer = await fetch(`${home}${address}`, {
      headers: { cookie, 'accept-language': 'en-GB', 'accept-encoding': 'gzip' },
      redirect: 'manual',
    });
    await answer.text();
    times.push(performance.now() - began);
    if (answer.status !== 200) throw new Error(`Void: ${address} answered ${answer.status}.`);
  }
  return times;
}
