import { expect, it } from 'vitest';
import { coloured } from './colours';

it('takes nothing away from the code that it colours', () => {
  const json = JSON.stringify({ a: 'x "y" \\', b: [1, -2.5, null, true], 'c-d': {} }, null, 2);
  const code = "import Stripe from 'stripe'; // why\nconst a = await b(`c`, 10_000);";
  for (const language of ['json', 'shell', 'typescript'] as const) {
    for (const text of [json, code, '', '"', "'"]) {
      expect(
        coloured(text, language)
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text);
    }
  }
});

it('tells a key from a string', () => {
  const looks = coloured('{"a": "a"}', 'json')
    .filter(({ text }) => text === '"a"')
    .map(({ look }) => look);
  expect(looks).toEqual(['text-accent', 'text-good']);
});
