import { describe, expect, it } from 'vitest';
import { EACH_MOST, newSlots, type Slots } from './slots';

const QUICK_MS = 50;
const TIMEOUT_MS = 30_000;

/** Takes all that an endpoint may have; gives how many that was. */
function takeAll(slots: Slots, endpoint: string): number {
  let taken = 0;
  while (slots.take(endpoint)) taken += 1;
  return taken;
}

describe('slots', () => {
  it('gives an endpoint more once it answers quickly', () => {
    const slots = newSlots();
    const first = takeAll(slots, 'we_1');
    expect(first).toBeLessThan(EACH_MOST);
    slots.release('we_1', QUICK_MS);
    expect(takeAll(slots, 'we_1')).toBe(first + 1);
  });

  it('remembers what an endpoint has earned while it has nothing to do', () => {
    const slots = newSlots();
    const first = takeAll(slots, 'we_1');
    for (let n = 0; n < first; n += 1) slots.release('we_1', QUICK_MS);
    expect(takeAll(slots, 'we_1')).toBe(EACH_MOST);
  });

  it('never gives one endpoint more than the sender has connections for', () => {
    const slots = newSlots();
    for (let round = 0; round < 10; round += 1) {
      slots.take('we_1');
      slots.take('we_1');
      slots.release('we_1', QUICK_MS);
    }
    expect(takeAll(slots, 'we_1')).toBe(EACH_MOST - 10);
  });

  it('leaves an endpoint that does not answer a single slot, also when it is idle between', () => {
    const slots = newSlots();
    const taken = takeAll(slots, 'we_1');
    for (let n = 0; n < taken; n += 1) slots.release('we_1', TIMEOUT_MS);
    expect(takeAll(slots, 'we_1')).toBe(1);
    expect(slots.full()).toEqual(['we_1']);
  });

  it('names the full endpoints and no others', () => {
    const slots = newSlots();
    takeAll(slots, 'we_1');
    slots.take('we_2');
    expect(slots.full()).toEqual(['we_1']);
    slots.release('we_1', QUICK_MS);
    expect(slots.full()).toEqual([]);
  });

  it('has a bound for all endpoints together', () => {
    const slots = newSlots();
    const all = slots.free();
    let taken = 0;
    for (let n = 0; n < all; n += 1) taken += takeAll(slots, `we_${n}`);
    expect(taken).toBe(all);
    expect(slots.free()).toBe(0);
    slots.giveBack('we_0');
    expect(slots.free()).toBe(1);
    expect(slots.take('we_new')).toBe(true);
  });

  it('refuses to take back what was not given', () => {
    expect(() => newSlots().giveBack('we_1')).toThrow('we_1 holds no slot.');
  });
});
