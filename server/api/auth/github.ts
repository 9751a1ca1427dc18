import { z } from 'zod';

/** Of the addresses of a GitHub account. https://docs.github.com/en/rest/users/emails */
const Emails = z.array(
  z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }),
);

const TIMEOUT_MS = 5_000;

/** @param at of GitHub Enterprise, whose API is below its own address. */
export const githubApi = (at: string | undefined): string =>
  at === undefined ? 'https://api.github.com' : `${at}/api/v3`;

/** The primary address, if GitHub has verified it. The profile's own may be anything. */
export async function verifiedEmailAtGithub(
  at: string | undefined,
  accessToken: string,
): Promise<string | null> {
  const response = await fetch(`${githubApi(at)}/user/emails`, {
    headers: { authorization: `Bearer ${accessToken}`, accept: 'application/vnd.github+json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const parsed = Emails.safeParse(await response.json());
  if (!response.ok || !parsed.success) return null;
  return parsed.data.find(({ primary, verified }) => primary && verified)?.email ?? null;
}
