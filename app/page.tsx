import { headers } from 'next/headers';
import Link from 'next/link';
import { Wordmark } from '@/components/layout/wordmark';
import { Button } from '@/components/ui/button';

/** What this server answers to besides the API, in the order in which one needs it. */
const PLACES = [
  {
    href: '/openapi.json',
    name: 'API description',
    about: 'OpenAPI 3.1: every operation, with its parameters and errors.',
  },
  { href: '/healthz', name: 'Health', about: 'Answers while this process is alive.' },
  { href: '/readyz', name: 'Readiness', about: 'Answers when requests can be served.' },
  { href: '/metrics', name: 'Metrics', about: 'Latencies, errors and memory for Prometheus.' },
] as const;

/** The address as the visitor sees it, through whatever proxy is in between. */
async function origin(): Promise<URL> {
  const sent = await headers();
  const host = sent.get('x-forwarded-host') ?? sent.get('host') ?? '127.0.0.1:3000';
  const protocol = sent.get('x-forwarded-proto')?.split(',')[0] ?? 'http';
  return URL.canParse(`${protocol}://${host}`)
    ? new URL(`${protocol}://${host}`)
    : new URL('http://127.0.0.1:3000');
}

function snippet({ protocol, hostname, port }: URL): string {
  const isSecure = protocol === 'https:';
  return `import Stripe from 'stripe';

const stripe = new Stripe(process.env.CALMONY_KEY, {
  host: '${hostname}',
  port: ${port === '' ? (isSecure ? 443 : 80) : port},
  protocol: '${isSecure ? 'https' : 'http'}',
});

const customer = await stripe.customers.create({
  email: 'ada@example.com',
});`;
}

export default async function StartPage() {
  const here = await origin();
  return (
    <main className="mx-auto flex max-w-5xl flex-col gap-12 px-5 py-10 sm:px-8 sm:py-16">
      <header className="flex flex-col gap-5">
        <div className="flex items-center justify-between gap-4">
          <Wordmark />
          <Button asChild>
            <Link href="/sign-in">Sign in</Link>
          </Button>
        </div>
        <h1 className="max-w-2xl text-3xl font-semibold tracking-tight text-balance sm:text-4xl">
          Payments on your own server, with the Stripe SDK you already use
        </h1>
        <p className="max-w-2xl leading-relaxed text-pretty text-muted">
          This server is running. Change the host and the key; the rest of your code stays as it is.
        </p>
      </header>

      <div className="grid gap-10 lg:grid-cols-[3fr_2fr] lg:gap-14">
        <section aria-labelledby="connect" className="flex min-w-0 flex-col gap-4">
          <h2 id="connect" className="text-lg font-semibold">
            Connect
          </h2>
          <dl className="flex flex-col gap-1">
            <dt className="text-sm text-muted">API base URL</dt>
            <dd className="font-mono break-all">{`${here.origin}/v1`}</dd>
          </dl>
          {/* Wrapped, not scrolled: a box that scrolls sideways is hard to reach from a keyboard. */}
          <pre className="rounded-lg border border-line bg-sunken p-4 font-mono text-[13px] leading-6 break-words whitespace-pre-wrap">
            <code>{snippet(here)}</code>
          </pre>
          <p className="text-sm leading-relaxed text-muted">
            Your first keys, and the password to sign in with, were printed when the server started
            for the first time.
          </p>
        </section>

        <section aria-labelledby="places" className="flex min-w-0 flex-col gap-4">
          <h2 id="places" className="text-lg font-semibold">
            Where things are
          </h2>
          <ul className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-surface">
            {PLACES.map(({ href, name, about }) => (
              <li key={href}>
                {/* Most of these are no pages of Next, so they are plain links. */}
                <a
                  href={href}
                  className="flex flex-col gap-0.5 px-4 py-3 -outline-offset-2 hover:bg-accent-soft"
                >
                  <span className="flex flex-wrap items-baseline justify-between gap-x-3">
                    <span className="font-medium">{name}</span>
                    <span className="font-mono text-[13px] text-accent">{href}</span>
                  </span>
                  <span className="text-sm text-muted">{about}</span>
                </a>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </main>
  );
}
