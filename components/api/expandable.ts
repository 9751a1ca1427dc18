/** Fields that hold an id, or the object of that id where it was expanded. */

type Expandable<T> = string | T | null | undefined;

export const idOf = (value: Expandable<{ readonly id: string }>): string | null =>
  typeof value === 'string' ? value : (value?.id ?? null);

/** The object, where it was expanded. */
export const objectIn = <T extends object>(value: Expandable<T>): T | null =>
  typeof value === 'object' ? value : null;

interface Named {
  readonly id: string;
  readonly name?: string | null;
  readonly email?: string | null;
}

/** What a customer is called: the name, else the address, else the id. */
export function customerName(value: Expandable<Named>): string {
  if (value == null) return '';
  if (typeof value === 'string') return value;
  return value.name ?? value.email ?? value.id;
}
