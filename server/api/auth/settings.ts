/** How people sign in to this server. */
export interface SignInSettings {
  /** Where the dashboard is, as browsers see it: `https://pay.example.com`. */
  readonly origin: string;
  /** Signs and seals what browsers keep. */
  readonly secret: string;
  /** Reverse proxies in front: so many entries of X-Forwarded-For are believed. */
  readonly proxies: number;
  /** Other services whose word is taken; those without credentials are left out. */
  readonly providers: Readonly<Partial<Record<'google' | 'github', OAuthCredentials>>>;
}

export interface OAuthCredentials {
  readonly id: string;
  readonly secret: string;
  /** Where the service is, if not at its own address: `https://github.example.com`. */
  readonly at?: string | undefined;
}
