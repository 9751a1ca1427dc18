/**
 * `/brand/PROJECT/IMAGE`: the pictures of a project, as payers see them. Whoever has the address may
 * look: it stands on pages for anybody. A drawing could be opened by itself, so it may do nothing.
 */
import { Hono } from 'hono';
import { scopeOf, type Runtime } from '@/server/context';
import { ApiError } from '@/server/kernel/errors';
import { readBrandImage } from '@/server/projects';

// Nine digits are within PostgreSQL's integer, whichever they are.
const PATH = '/brand/:project{[1-9][0-9]{0,8}}/:image{img_[0-9A-Za-z]{22}}';

const HEADERS = {
  // Another picture has another address.
  'cache-control': 'public, max-age=31536000, immutable',
  'content-disposition': 'inline',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
};

export function createBrandApp(runtime: Runtime): Hono {
  const app = new Hono();
  app.get(PATH, async ({ req }) => {
    const scope = scopeOf(runtime, { projectId: Number(req.param('project')), livemode: false });
    try {
      const { type, bytes } = await readBrandImage(scope, req.param('image'));
      return new Response(new Uint8Array(bytes), {
        headers: { ...HEADERS, 'content-type': type },
      });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return new Response(null, { status: error.status });
    }
  });
  return app;
}
