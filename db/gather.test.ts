import { describe, expect, it } from 'vitest';
import { gathering } from './gather';

const a = { projectId: 1, livemode: false };
const b = { projectId: 2, livemode: false };
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** Carries nothing until it is told to. */
function subject(limits: { atOnce: number; most: number }) {
  const batches: (readonly string[])[] = [];
  const ends: (() => void)[] = [];
  const gather = gathering<string>((_, batch) => {
    batches.push(batch);
    return new Promise((resolve) => ends.push(resolve));
  }, limits);
  return { batches, ends, gather };
}

describe('gathering', () => {
  it('takes what comes in one turn together, tenant by tenant', async () => {
    const { batches, gather } = subject({ atOnce: 2, most: 10 });
    gather(a, 'a1');
    gather(b, 'b1');
    gather(a, 'a2');
    expect(batches).toEqual([]);
    await turn();
    await turn();
    expect(batches).toEqual([['a1', 'a2'], ['b1']]);
  });

  it('lets wait what comes while enough is under way, and then takes it together', async () => {
    const { batches, ends, gather } = subject({ atOnce: 1, most: 2 });
    gather(a, '1');
    await turn();
    for (const one of ['2', '3', '4']) gather(a, one);
    await turn();
    expect(batches).toEqual([['1']]);
    ends[0]?.();
    await turn();
    await turn();
    expect(batches).toEqual([['1'], ['2', '3']]);
    ends[1]?.();
    await turn();
    await turn();
    expect(batches).toEqual([['1'], ['2', '3'], ['4']]);
  });

  it('does not wait for a batch that is stuck', async () => {
    const { batches, gather } = subject({ atOnce: 1, most: 2 });
    gather(a, 'stuck');
    await turn();
    gather(a, 'next');
    await expect.poll(() => batches).toEqual([['stuck'], ['next']]);
  });
});
