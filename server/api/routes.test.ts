import { expect, it } from 'vitest';
import { routes } from './routes';

it('the routes are those of the snapshot: a change of the API shows as a change of a table', async () => {
  await expect(`${routes()}\n`).toMatchFileSnapshot('routes.snapshot.txt');
});
