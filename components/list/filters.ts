/**
 * Filters of lists. The value of each is one text in the address, so that a filtered list is a link;
 * from the text come the parameters of the query and the words on the chip.
 */

export type Params = Readonly<Record<string, unknown>>;

interface Labelled {
  readonly label: string;
}

/** A few exclusive views of the list, in a row above it. The first shows all. */
export interface TabsFilter extends Labelled {
  readonly kind: 'tabs';
  readonly options: readonly { value: string; label: string }[];
  readonly toParams: (value: string) => Params;
}

export interface ChoiceFilter extends Labelled {
  readonly kind: 'choice';
  readonly options: readonly { value: string; label: string }[];
  readonly toParams: (value: string) => Params;
}

export interface TextFilter extends Labelled {
  readonly kind: 'text';
  readonly placeholder: string;
  readonly toParams: (value: string) => Params;
}

/** In the address as `from..until`, in unix seconds, of which either may be left out. */
export interface DatesFilter extends Labelled {
  readonly kind: 'dates';
  readonly toParams: (value: string) => Params;
}

export type Filter = TabsFilter | ChoiceFilter | TextFilter | DatesFilter;

/** The parameter that a filter sets, or what it sets where that is more than one. */
type Target = string | ((value: string) => Params);

const toParamsOf = (target: Target): ((value: string) => Params) =>
  typeof target === 'string' ? (value) => ({ [target]: value }) : target;

type Options = readonly { value: string; label: string }[];

export const tabsFilter = (label: string, options: Options, target: Target): TabsFilter => ({
  kind: 'tabs',
  label,
  options,
  toParams: toParamsOf(target),
});

export const choiceFilter = (label: string, options: Options, target: Target): ChoiceFilter => ({
  kind: 'choice',
  label,
  options,
  toParams: toParamsOf(target),
});

export const textFilter = (label: string, placeholder: string, target: Target): TextFilter => ({
  kind: 'text',
  label,
  placeholder,
  toParams: toParamsOf(target),
});

/** @param param which takes a range of times, such as `created`. */
export const datesFilter = (label: string, param = 'created'): DatesFilter => ({
  kind: 'dates',
  label,
  toParams(value) {
    const { gte, lt } = parseDates(value);
    const range = { ...(gte === null ? {} : { gte }), ...(lt === null ? {} : { lt }) };
    return Object.keys(range).length === 0 ? {} : { [param]: range };
  },
});

/** Unix seconds: from `gte`, up to but without `lt`. */
export interface Dates {
  readonly gte: number | null;
  readonly lt: number | null;
}

export function parseDates(value: string): Dates {
  const [, from = '', until = ''] = /^(\d*)\.\.(\d*)$/.exec(value) ?? [];
  return { gte: from === '' ? null : Number(from), lt: until === '' ? null : Number(until) };
}

export const datesText = ({ gte, lt }: Dates): string => `${gte ?? ''}..${lt ?? ''}`;
