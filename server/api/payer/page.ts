/**
 * What every page for payers has in common. Plain HTML: it works without scripts, down to 320 CSS
 * pixels, in the colours that the reader prefers, and on paper.
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;

const STYLE = `
:root { color-scheme: light dark; --page: #f7f8fa; --surface: #fff; --line: #dde2ea; --ink: #14202e;
  --muted: #56657a; --accent: #0b6e6e; --accent-ink: #fff; --warn: #8a5300; --warn-soft: #fdf1dc; }
@media (prefers-color-scheme: dark) { :root { --page: #0d141c; --surface: #141d28; --line: #263241;
  --ink: #e8edf3; --muted: #9aa9bc; --accent: #4fc3bd; --accent-ink: #06201f; --warn: #f0b95b;
  --warn-soft: #33260d; } }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { width: 100%; max-width: 26rem; padding: 1.5rem; background: var(--surface);
  border: 1px solid var(--line); border-radius: 1rem; overflow-wrap: anywhere; }
header { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .5rem; margin-bottom: 1.5rem;
  color: var(--muted); font-size: .875rem; }
header strong { padding: 0 .625rem; border-radius: 1rem; background: var(--warn-soft); color: var(--warn);
  font-weight: 600; }
iframe { display: block; width: 100%; min-height: 30rem; margin-top: 1rem; border: 1px solid var(--line);
  border-radius: .625rem; background: #fff; }
[hidden] { display: none; }
main:has(iframe:not([hidden])) { max-width: 42rem; }
img { display: block; max-width: 12rem; max-height: 3rem; margin-bottom: 1.25rem; }
h1 { font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; }
p { margin-top: .5rem; color: var(--muted); }
dl { margin: 1.25rem 0; border-block: 1px solid var(--line); }
dl div { display: flex; justify-content: space-between; gap: 1rem; padding: .625rem 0; }
dl div + div { border-top: 1px solid var(--line); }
dt { color: var(--muted); white-space: nowrap; }
dd { font-weight: 600; font-variant-numeric: tabular-nums; text-align: right; }
form { display: grid; gap: .625rem; margin-top: 1.25rem; }
dl + form { margin-top: 0; }
label { display: grid; gap: .25rem; font-size: .875rem; font-weight: 600; }
input { width: 100%; min-height: 3rem; padding: .5rem .75rem; border: 1px solid var(--line);
  border-radius: .625rem; background: var(--surface); color: var(--ink); font: inherit; font-weight: 400; }
details { margin-top: .625rem; border: 1px solid var(--line); border-radius: .625rem; }
summary { padding: .6875rem 1rem; font-weight: 600; text-align: center; cursor: pointer; }
details form { margin: 0; padding: .25rem 1rem 1rem; }
table { width: 100%; margin-top: 1.25rem; border-collapse: collapse; font-size: .9375rem; }
th { color: var(--muted); font-weight: 400; text-align: left; }
th, td { padding: .625rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th + th, td + td { padding-left: 1rem; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
small { display: block; color: var(--muted); font-size: .8125rem; }
[role="alert"] { padding: .75rem 1rem; border-radius: .625rem; background: var(--warn-soft); color: var(--warn); }
.amount { font-size: 2.25rem; font-weight: 600; line-height: 1.2; letter-spacing: -.02em; color: var(--ink);
  font-variant-numeric: tabular-nums; }
@media print { body { display: block; padding: 0; } main { max-width: none; border: 0; } form, nav { display: none; } }
button, a { display: block; width: 100%; min-height: 3rem; padding: .6875rem 1rem; border: 1px solid var(--accent);
  border-radius: .625rem; background: var(--accent); color: var(--accent-ink); font: inherit;
  font-weight: 600; text-align: center; text-decoration: none; cursor: pointer; }
button + button, .quiet { background: none; border-color: var(--line); color: var(--ink); }
button:hover, a:hover { border-color: var(--ink); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
`;

/** The merchant, as the payer knows them. */
export interface Shop {
  readonly name: string;
  /** The path of a picture on this server. */
  readonly logo: string | null;
  /** As `#0b6e6e`. */
  readonly colour: string | null;
}

const styleOf = (shop: Shop | null): string =>
  shop === null || shop.colour === null
    ? STYLE
    : `${STYLE}main { border-top: 4px solid ${shop.colour}; }\n`;

/** Whose page it is, and for which merchant; none where nothing is known. */
export interface Setting {
  readonly host: string;
  readonly isTest: boolean;
  readonly shop: Shop | null;
}

/** What a page may do beside being read. */
export interface Policy {
  /** The one script that runs in it. */
  readonly script?: string;
  /** It may show the pages of issuers, which lead from one bank to another. */
  readonly frames?: boolean;
}

const hashOf = (text: string): string =>
  `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/**
 * Nothing is loaded but the merchant's logo, and nothing runs but what is named. Where a form may lead
 * is left open, for browsers hold redirects after it to the same rule, and the merchant's site may
 * redirect on. So is who may frame the page: merchants do
 * (https://docs.stripe.com/payments/3d-secure/authentication-flow).
 */
export const policyOf = (shop: Shop | null, { script, frames = false }: Policy = {}): string =>
  [
    "default-src 'none'",
    "base-uri 'none'",
    `style-src ${hashOf(styleOf(shop))}`,
    ...(shop === null || shop.logo === null ? [] : ["img-src 'self'"]),
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`]),
    ...(frames ? ['frame-src https: http:'] : []),
  ].join('; ');

/** A page, and what it may do. */
export interface Served {
  readonly html: Html;
  readonly policy: Policy;
}

export const page = ({ host, isTest, shop }: Setting, title: string, content: Html): Html =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>${title} · ${host}</title>
        ${raw(`<style>${styleOf(shop)}</style>`)}
      </head>
      <body>
        <main>
          <header><span>${host}</span> ${isTest ? html`<strong>Test mode</strong>` : ''}</header>
          ${
            shop === null || shop.logo === null
              ? ''
              : // The name is written out below: to say it twice would only be noise.
                html`<img src="${shop.logo}" alt="" />`
          }
          <h1>${title}</h1>
          ${content}
        </main>
      </body>
    </html> `;
