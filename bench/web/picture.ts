import * as fs from 'node:fs/promises';
import path from 'node:path';
import { addUp } from './home';
import { withDashboard, type WebBench } from './dashboard';

/** A small business, with a year behind it. */
const SIZES = { customers: 1_200, payments: 9_000 };

/** Draws Home as somebody with a year of business sees it. */
export const drawPicture = (bench: WebBench, file: string): Promise<void> =>
  withDashboard(bench, SIZES, async (dashboard) => {
    await addUp(dashboard);
    const context = await dashboard.newContext();
    const page = await context.newPage();
    await page.goto(`${dashboard.home}?range=3m`);
    await page.getByRole('button', { name: 'Dismiss the checklist' }).click();
    // Out of the way: what was below the button is not to look as if it were pointed at.
    await page.mouse.move(0, 0);
    await page.locator('svg.recharts-surface').last().waitFor();
    await page.waitForLoadState('networkidle');
    await fs.mkdir(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file });
    await context.close();
  });
