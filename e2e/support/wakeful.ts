/** Pages of the dashboard in a browser that has taken them over: what is pressed before is lost. */
import type { Page } from 'playwright';
import { vi } from 'vitest';

/**
 * Whether every control has its handlers, which React keeps beside each element. Pages that are not
 * React's need nobody to take them over.
 */
const IS_AWAKE = `
  !('__next_f' in window) ||
  (document.readyState === 'complete' &&
    [...document.querySelectorAll('button, a[href], input, select, textarea')].every((control) =>
      Object.keys(control).some((key) => key.startsWith('__reactProps')),
    ))`;

/** Sooner on any machine that could show the page at all, in milliseconds. */
const AWAKE_TIMEOUT_MS = 30_000;

/** The same page: from now on a visit ends when the browser has taken over. */
export function wakeful(page: Page): Page {
  const goto = page.goto.bind(page);
  const reload = page.reload.bind(page);
  const untilAwake = () =>
    vi.waitFor(
      async () => {
        if (!(await page.evaluate<boolean>(IS_AWAKE))) throw new Error(`${page.url()} sleeps.`);
      },
      { timeout: AWAKE_TIMEOUT_MS },
    );
  return Object.assign(page, {
    async goto(...visit: Parameters<Page['goto']>) {
      const response = await goto(...visit);
      await untilAwake();
      return response;
    },
    async reload(...visit: Parameters<Page['reload']>) {
      const response = await reload(...visit);
      await untilAwake();
      return response;
    },
  });
}
