import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';
import { TAX_ID_TYPES } from './formats';

const customer = z.string();

/** Other owners, `account` and `application`, only exist between accounts that are connected. */
const owner = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('self') }),
    z.strictObject({ type: z.literal('customer'), customer }),
  ])
  .optional();

/** What a tax id is, for whoever it is. */
export const TaxIdValue = z.strictObject({
  type: z.enum(TAX_ID_TYPES),
  value: z.string().min(1).max(5_000),
});
export type TaxIdValue = z.infer<typeof TaxIdValue>;

export const TaxIdId = z.strictObject(id);
export const CreateTaxId = TaxIdValue.extend({ owner });
export const ListTaxIds = z.strictObject({ ...pageParams, owner });

export const CustomerTaxIdId = z.strictObject({ customer, ...id });
export const CreateCustomerTaxId = TaxIdValue.extend({ customer });
export const ListCustomerTaxIds = z.strictObject({ ...pageParams, customer });

export type PageOfTaxIds = Omit<z.infer<typeof ListTaxIds>, 'owner'>;

export type Checked = [
  Complete<Uncovered<Stripe.TaxIdCreateParams, typeof CreateTaxId>>,
  Complete<Uncovered<Stripe.TaxIdListParams, typeof ListTaxIds>>,
  Complete<Uncovered<Stripe.CustomerCreateTaxIdParams, typeof CreateCustomerTaxId>>,
  Complete<Uncovered<Stripe.CustomerListTaxIdsParams, typeof ListCustomerTaxIds>>,
];
