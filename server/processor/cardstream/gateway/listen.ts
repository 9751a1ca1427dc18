/** A gateway that listens: in this process, or in one of its own by `main.ts`. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { createGateway, type Gateway, type GatewayOptions } from './gateway';

export interface ListeningGateway extends Gateway {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Ends at once: what is under way is cut off. */
  stop(): Promise<void>;
}

export interface ListenOptions extends Omit<GatewayOptions, 'origin'> {
  readonly host?: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  readonly origin?: string | undefined;
}

export async function listen(options: ListenOptions): Promise<ListeningGateway> {
  const { host = '127.0.0.1', port = 0, ...rest } = options;
  let url = options.origin ?? '';
  const gateway = createGateway({ ...rest, origin: () => url });
  const server = serve({ fetch: gateway.app.fetch, hostname: host, port });
  await new Promise<void>((resolve, reject) => {
    server.once('listening', resolve);
    server.once('error', reject);
  });
  const address = server.address() as AddressInfo;
  const own = `http://${host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host}:${address.port}`;
  url = options.origin ?? own;
  return Object.assign(gateway, {
    url: own,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
        gateway.close();
      }),
  });
}
