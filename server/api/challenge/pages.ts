/**
 * The pages of a challenge in which a script has something to do. Each may run that script, by its
 * hash, and nothing else; without scripts there is a button.
 */
import { html, raw } from 'hono/html';
import type { ChallengeStep, Part } from '@/server/processor_attempts';
import { page, type Html, type Served, type Setting } from '@/server/api/payer/page';
import { facts } from './state';
import type { Put } from './put';

/** Finds out what only a script can, and sends itself. */
const BROWSER_SCRIPT = `
const form = document.forms[0];
const facts = { width: screen.width, height: screen.height, depth: screen.colorDepth,
  time_zone: new Date().getTimezoneOffset(),
  java: typeof navigator.javaEnabled === 'function' && navigator.javaEnabled() };
for (const [name, value] of Object.entries(facts)) form.elements[name].value = String(value);
form.submit();
`;

/** Sends the frame to the issuer. Where the issuer only looks at the browser, it has ten seconds. */
const FRAME_SCRIPT = `
document.forms.start.submit();
const late = document.forms.late;
if (late !== undefined) setTimeout(() => late.submit(), 10000);
`;

/** The frame is done: the page around it goes on. */
const ECHO_SCRIPT = `
document.forms[0].submit();
`;

const scriptTag = (text: string): Html => html`${raw(`<script>${text}</script>`)}`;

/** `path` is that of the page. */
export const browserPage = (setting: Setting, path: string): Served => ({
  policy: { script: BROWSER_SCRIPT },
  html: page(
    setting,
    'One moment',
    html`
      <p>Your bank is asked about this payment.</p>
      <form method="post" action="${path}/answer">
        ${['width', 'height', 'depth', 'time_zone', 'java'].map(
          (name) => html`<input type="hidden" name="${name}" />`,
        )}
        <noscript><button>Continue</button></noscript>
      </form>
      ${scriptTag(BROWSER_SCRIPT)}
    `,
  ),
});

type Frame = Extract<ChallengeStep, { kind: 'frame' }>;

export function framePage(
  setting: Setting,
  put: Put,
  { visible, url, parts }: Frame,
  path: string,
): Served {
  return {
    policy: { script: FRAME_SCRIPT, frames: true },
    html: page(
      setting,
      visible ? 'Your bank wants to know that it is you' : 'One moment',
      html`
        ${visible ? facts(setting, put) : html`<p>Your bank is asked about this payment.</p>`}
        <iframe
          name="issuer"
          title="${visible ? 'Your bank' : 'A check by your bank'}"
          ${visible ? '' : 'hidden'}
        ></iframe>
        <form name="start" method="post" action="${url}" target="issuer">
          ${inputs(parts)}
          <noscript><button>Go to your bank</button></noscript>
        </form>
        ${
          visible
            ? ''
            : html`<form name="late" method="post" action="${path}/answer">
                ${inputs([['threeDSMethodData', 'timeout']])}
                <noscript><button>Continue</button></noscript>
              </form>`
        }
        ${scriptTag(FRAME_SCRIPT)}
      `,
    ),
  };
}

/** What the issuer posted into the frame, for the page around it to send. */
export const echoPage = (setting: Setting, action: string, parts: readonly Part[]): Served => ({
  policy: { script: ECHO_SCRIPT },
  html: page(
    setting,
    'One moment',
    html`
      <form method="post" action="${action}" target="_parent">
        ${inputs(parts)}
        <noscript><button>Continue</button></noscript>
      </form>
      ${scriptTag(ECHO_SCRIPT)}
    `,
  ),
});

const inputs = (parts: readonly Part[]): Html[] =>
  parts.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`);
