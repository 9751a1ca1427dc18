'use client';

/** Shows what failed without showing why: the digest is what finds the reason in the server's log. */
export default function ErrorPage({
  error,
  reset,
}: {
  error: Error & { digest?: string };
  reset: () => void;
}) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-start justify-center gap-4 px-6">
      <h1 className="text-2xl font-semibold tracking-tight">This page could not be shown</h1>
      <p className="leading-relaxed text-muted">
        Something failed on our side. No payment is affected: what was accepted is stored.
      </p>
      {error.digest !== undefined && (
        <p className="text-sm text-muted">
          Reference: <code className="font-mono text-ink">{error.digest}</code>
        </p>
      )}
      <button
        type="button"
        onClick={reset}
        className="rounded-md bg-accent px-4 py-2 font-medium text-accent-ink hover:opacity-90"
      >
        Try again
      </button>
    </main>
  );
}
