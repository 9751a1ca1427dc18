/** TABLE: what the kinds of keys are called. */
export const TYPES = {
  secret: 'Secret',
  restricted: 'Restricted',
  publishable: 'Publishable',
} as const;

export const RIGHTS = ['none', 'read', 'write'] as const;

export type Right = (typeof RIGHTS)[number];

/** `payment_intents` as one reads it. */
export const resourceName = (resource: string): string =>
  `${resource.charAt(0).toUpperCase()}${resource.slice(1).replaceAll('_', ' ')}`;
