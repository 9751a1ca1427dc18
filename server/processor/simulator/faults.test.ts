import { describe, expect, it } from 'vitest';
import { NoAnswer } from '../processor';
import { inquiryAbout, requestFor } from './books.case';
import { memoryBooks } from './books';
import { faultsInTurn, parseFaults, type Faults } from './faults';
import { simulator } from './index';

function newBank(faults: Faults) {
  const books = memoryBooks();
  let minted = 0;
  const options = {
    books,
    newTransaction: () => `transaction_${++minted}`,
    redirect: (reference: string) => `https://bank.example/${reference}`,
  };
  return { faulty: simulator({ ...options, faults }), sound: simulator(options) };
}

const draw = (faults: Faults, calls: number) =>
  Array.from({ length: calls }, () => faults('authorize'));

describe('a lost request', () => {
  it('leaves nothing in the books', async () => {
    const { faulty, sound } = newBank(faultsInTurn({ authorize: [{ lose: 'before' }] }));
    const request = requestFor('sim_visa');
    await expect(faulty.authorize(request)).rejects.toBeInstanceOf(NoAnswer);
    expect(await sound.inquire(inquiryAbout(request.reference))).toEqual({ kind: 'unheard' });
  });
});

describe('a lost answer', () => {
  it('can be recovered by asking, and by repeating the request', async () => {
    const { faulty, sound } = newBank(faultsInTurn({ authorize: [{ lose: 'after' }] }));
    const request = requestFor('sim_visa');
    await expect(faulty.authorize(request)).rejects.toBeInstanceOf(NoAnswer);
    const outcome = await sound.inquire(inquiryAbout(request.reference));
    expect(outcome).toMatchObject({ kind: 'approved' });
    expect(await faulty.authorize(request)).toEqual(outcome);
  });
});

describe('a fault between', () => {
  it('strikes after the bank has acted and before anybody hears of it', async () => {
    const seen: unknown[] = [];
    const request = requestFor('sim_visa');
    const { faulty, sound } = newBank(
      faultsInTurn({
        authorize: [
          {
            between: async () => {
              seen.push(await sound.inquire(inquiryAbout(request.reference)));
              throw new NoAnswer('the process died');
            },
          },
        ],
      }),
    );
    await expect(faulty.authorize(request)).rejects.toThrow('the process died');
    expect(seen).toEqual([expect.objectContaining({ kind: 'approved' })]);
  });
});

describe('faultsInTurn', () => {
  it('counts each verb by itself, and lets the rest pass', () => {
    const faults = faultsInTurn({ capture: [{}, { lose: 'after' }] });
    expect(faults('authorize')).toBeUndefined();
    expect([faults('capture'), faults('capture'), faults('capture')]).toEqual([
      {},
      { lose: 'after' },
      undefined,
    ]);
  });
});

describe('parseFaults', () => {
  it('repeats itself for the same seed and differs for another', () => {
    const spec = 'lose_before:0.2,lose_after:0.3';
    expect(draw(parseFaults(spec, 7), 50)).toEqual(draw(parseFaults(spec, 7), 50));
    expect(draw(parseFaults(spec, 7), 50)).not.toEqual(draw(parseFaults(spec, 8), 50));
  });

  it('loses about the share that was asked for', () => {
    const faults = draw(parseFaults('lose_before:0.05,lose_after:0.25,delay:20', 1), 10_000);
    const share = (lose: string) => faults.filter((fault) => fault?.lose === lose).length / 10_000;
    expect(share('before')).toBeCloseTo(0.05, 1);
    expect(share('after')).toBeCloseTo(0.25, 1);
    expect(faults.every((fault) => fault?.delay === 20)).toBe(true);
  });

  it('never loses without being told to', () => {
    expect(draw(parseFaults('', 1), 100).every((fault) => fault?.lose === undefined)).toBe(true);
  });

  it.each(['lose_everything:1', 'toString:1', 'delay', 'delay:-1', 'delay:1e9', 'lose_after:1.5'])(
    'refuses %s',
    (spec) => {
      expect(() => parseFaults(spec, 1)).toThrow(spec);
    },
  );

  it('refuses to lose more than every call', () => {
    expect(() => parseFaults('lose_before:0.6,lose_after:0.6', 1)).toThrow('More than every call');
  });
});
