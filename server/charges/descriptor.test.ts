import { describe, expect, it } from 'vitest';
import { statementDescriptorOf } from './descriptor';

describe('what is on a statement', () => {
  it.each([
    ['nothing that is set', null, null, null, null],
    ["the project's", 'ACME TRADING', null, null, 'ACME TRADING'],
    ["the intent's own instead", 'ACME TRADING', 'ACME SHOES', null, 'ACME SHOES'],
    [
      "the project's in short, and the suffix",
      'ACME TRADING',
      null,
      'ORDER 7',
      'ACME TRADI* ORDER 7',
    ],
    ['no space before the star', 'ACME UK AND MORE', null, 'ORDER 7', 'ACME UK AN* ORDER 7'],
    ['a short prefix as it is', 'ACME', null, 'ORDER 7', 'ACME* ORDER 7'],
    ['22 characters', 'ACME TRADING', null, 'ORDER 1234567890', 'ACME TRADI* ORDER 1234'],
    ['the suffix where nothing else is set', null, null, 'ORDER 7', 'ORDER 7'],
  ])('is %s', (_, ofProject, statement_descriptor, statement_descriptor_suffix, expected) => {
    expect(
      statementDescriptorOf(ofProject, { statement_descriptor, statement_descriptor_suffix }),
    ).toBe(expected);
  });
});
