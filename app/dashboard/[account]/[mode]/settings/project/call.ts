/** As many tax numbers as a business has, and more. */
export const ownTaxIds = { limit: 20 } as const;

export const taxIdsCall = { path: 'taxIds.list', input: ownTaxIds };
