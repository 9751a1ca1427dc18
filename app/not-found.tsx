import type { Metadata } from 'next';
import Link from 'next/link';

export const metadata: Metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col justify-center gap-4 px-6">
      <p className="font-mono text-sm text-muted">404</p>
      <h1 className="text-2xl font-semibold tracking-tight">There is nothing at this address</h1>
      <p className="leading-relaxed text-muted">
        The link may be old, or it may belong to a project that you are not signed in to.
      </p>
      <p>
        <Link href="/" className="font-medium text-accent underline underline-offset-4">
          Go to the start page
        </Link>
      </p>
    </main>
  );
}
