import type { SnippetPlace } from './define';

/** How the official SDK is pointed at this server: the first lines of every snippet. */
export const sdkSnippet = ({ host, port, protocol, key }: SnippetPlace, code: string): string =>
  `import Stripe from 'stripe';

const stripe = new Stripe('${key}', {
  host: '${host}',
  port: ${port},
  protocol: '${protocol}',
});

${code}`;
