import { describe, expect, it } from 'vitest';
import { checkCredentials } from './check';
import { decodeFields, encodeFields, valueOf, type Fields } from './fields';
import type { Post } from './post';
import { signed } from './signature';

const SECRET = 'Circle4Take40Idea';

/** A gateway that answers as told; null breaks the connection. */
const gateway =
  (answer: (asked: Fields) => string | number | null): Post =>
  async (_url, form) => {
    const told = answer(decodeFields(form));
    if (told === null) throw new Error('connect ECONNREFUSED');
    return typeof told === 'number' ? { status: told, body: '' } : { status: 200, body: told };
  };

const check = (answer: (asked: Fields) => string | number | null) =>
  checkCredentials({
    baseUrl: 'https://gateway.example.com',
    merchantId: '100001',
    password: 'pass',
    secret: SECRET,
    post: gateway(answer),
  });

const answering = (code: string, secret: string | null): string => {
  const fields: Fields = [
    ['responseCode', code],
    ['state', 'finished'],
  ];
  return encodeFields(secret === null ? fields : signed(fields, secret));
};

describe('the check of credentials', () => {
  it('asks for a transaction that there is not, signed', async () => {
    let asked: Fields = [];
    await check((fields) => {
      asked = fields;
      return answering('66341', SECRET);
    });
    expect(valueOf(asked, 'action')).toBe('QUERY');
    expect(valueOf(asked, 'merchantPwd')).toBe('pass');
    const unsigned = asked.filter(([name]) => name !== 'signature');
    expect(asked).toEqual(signed(unsigned, SECRET));
  });

  it.each([
    ['the transaction is unknown', answering('66341', SECRET), 'accepted'],
    ['it was so in 2016', answering('65548', SECRET), 'accepted'],
    ['the merchant is unknown', answering('65539', null), 'refused'],
    ['the signature is wrong', answering('66343', 'Another'), 'refused'],
    ['the password is wrong', answering('66306', SECRET), 'refused'],
    ['answers are signed by another secret', answering('66341', 'Another'), 'refused'],
    ['answers are not signed', answering('66341', null), 'refused'],
    ['it is another website', '<html></html>', 'unreachable'],
    ['it is being mended', 503, 'unreachable'],
    ['nobody is there', null, 'unreachable'],
  ])('tells where %s', async (_, answer, result) => {
    const found = await check(() => answer);
    expect(found).toMatchObject({ result });
    expect(found.message).not.toMatch(/Circle4|Another|pass\b|gateway\.example/);
  });
});
