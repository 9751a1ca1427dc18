import { describe, expect, it } from 'vitest';
import { filteredCall, isFiltered, listCall } from './call';
import type { AnyList } from './define';
import { choiceFilter, datesFilter, datesText, parseDates, textFilter } from './filters';

const list = {
  path: 'customers.list',
  input: { expand: ['data.card'] },
  filters: {
    email: textFilter('E-mail', '', 'email'),
    status: choiceFilter('Status', [], (value) => ({ status: value, all: true })),
    created: datesFilter('Created'),
  },
  search: { path: 'customers.search', placeholder: '', query: (text: string) => `name~"${text}"` },
} as unknown as AnyList;

describe('the query of a list', () => {
  it('has what the list always asks with, and the size of a page', () => {
    expect(listCall(list, {})).toEqual({
      path: 'customers.list',
      input: { expand: ['data.card'], limit: 25 },
    });
    expect(isFiltered(list, {})).toBe(false);
  });

  it('has what the filters in the address say', () => {
    const address = { email: 'a@example.com', status: 'open', created: '100..200', other: 'x' };
    expect(filteredCall(list, address).input).toEqual({
      expand: ['data.card'],
      email: 'a@example.com',
      status: 'open',
      all: true,
      created: { gte: 100, lt: 200 },
    });
    expect(isFiltered(list, address)).toBe(true);
  });

  it('has the cursor in the address, of a search as its page', () => {
    expect(listCall(list, { starting_after: 'cus_1' }).input).toMatchObject({
      starting_after: 'cus_1',
    });
    expect(listCall(list, { ending_before: 'cus_1' }).input).toMatchObject({
      ending_before: 'cus_1',
    });
    expect(listCall(list, { q: 'ada', starting_after: 'cus_1' })).toEqual({
      path: 'customers.search',
      input: { expand: ['data.card'], query: 'name~"ada"', limit: 25, page: 'cus_1' },
    });
  });
});

describe('dates in the address', () => {
  it('may be open at either end, and nonsense is none', () => {
    expect(parseDates('100..')).toEqual({ gte: 100, lt: null });
    expect(parseDates('..200')).toEqual({ gte: null, lt: 200 });
    expect(parseDates('yesterday')).toEqual({ gte: null, lt: null });
    expect(datesText({ gte: 100, lt: null })).toBe('100..');
  });
});
