/** What the simulated bank asks a cardholder. */
import { html } from 'hono/html';
import type { Put } from '@/server/api/challenge/put';
import { facts } from '@/server/api/challenge/state';
import { page, type Html, type Setting, type Shop } from '@/server/api/payer/page';

export const settingFor = (shop: Shop | null): Setting => ({
  host: 'Simulated bank',
  isTest: true,
  shop,
});

/** The question, while the intent waits for its answer. `path` is that of the page. */
export const questionPage = (setting: Setting, put: Put, path: string): Html =>
  page(
    setting,
    'Is this you?',
    html`
      <p>${QUESTIONS[put.object]}</p>
      ${facts(setting, put)}
      <form method="post">
        <button formaction="${path}/complete">Complete authentication</button>
        <button formaction="${path}/fail">Fail authentication</button>
      </form>
    `,
  );

const QUESTIONS: Record<Put['object'], string> = {
  payment_intent: 'The shop asks your bank to make sure that this payment is yours.',
  setup_intent: 'The shop asks your bank for your consent to keep this card for later payments.',
};
