import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import type { ReactNode } from 'react';
import { Theme } from '@/components/layout/theme';
import './globals.css';

export const metadata: Metadata = {
  title: { default: 'Calmony Pay', template: '%s · Calmony Pay' },
  description: 'Self-hosted payments that speak the Stripe API.',
  icons: { icon: '/favicon.svg' },
};

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#f8f9fb' },
    { media: '(prefers-color-scheme: dark)', color: '#0d131b' },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get('x-nonce') ?? undefined;
  return (
    // The theme's class is set before React wakes, so the server's markup has none.
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh">
        <Theme nonce={nonce}>{children}</Theme>
      </body>
    </html>
  );
}
