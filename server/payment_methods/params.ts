import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams } from '@/server/kernel/page';
import { address, clearable, id } from '@/server/kernel/params';
import { expiry, preferredNetwork, typedCard } from '@/server/tokens';

/** TABLE: the methods of Stripe's that are not cards, which this server does not take. */
const OTHER_TYPES = [
  'acss_debit',
  'affirm',
  'afterpay_clearpay',
  'alipay',
  'alma',
  'amazon_pay',
  'au_becs_debit',
  'bacs_debit',
  'bancontact',
  'billie',
  'bizum',
  'blik',
  'boleto',
  'cashapp',
  'crypto',
  'custom',
  'customer_balance',
  'eps',
  'fpx',
  'giropay',
  'grabpay',
  'ideal',
  'kakao_pay',
  'klarna',
  'konbini',
  'kr_card',
  'link',
  'mb_way',
  'mobilepay',
  'multibanco',
  'naver_pay',
  'nz_bank_account',
  'oxxo',
  'p24',
  'pay_by_bank',
  'payco',
  'paynow',
  'paypal',
  'paypay',
  'payto',
  'pix',
  'promptpay',
  'revolut_pay',
  'samsung_pay',
  'satispay',
  'scalapay',
  'sepa_debit',
  'sequra',
  'sofort',
  'sunbit',
  'swish',
  'twint',
  'upi',
  'us_bank_account',
  'wechat_pay',
  'zip',
] as const;

const allowRedisplay = z.enum(['always', 'limited', 'unspecified']);

const billingDetails = z.strictObject({
  address: clearable(address).optional(),
  email: clearable(z.email().max(512)).optional(),
  name: clearable(z.string().max(5_000)).optional(),
  phone: clearable(z.string().max(5_000)).optional(),
  tax_id: clearable(z.string().max(5_000)).optional(),
});
export type BillingDetails = z.infer<typeof billingDetails>;

/** A new method: what is posted, and what `payment_method_data` of an intent says. */
export const PaymentMethodData = z.strictObject({
  type: z.literal('card'),
  card: z.union([z.strictObject(typedCard), z.strictObject({ token: z.string() })]),
  allow_redisplay: allowRedisplay.optional(),
  billing_details: billingDetails.optional(),
  metadata: metadata.optional(),
});
export type PaymentMethodData = z.infer<typeof PaymentMethodData>;

/** `customer` and `payment_method` copy a method to a connected account. */
export const UNSUPPORTED = [
  ...OTHER_TYPES,
  'customer',
  'interac_present',
  'payment_method',
  'radar_options',
] as const;

export const PaymentMethodId = z.strictObject(id);

export const UpdatePaymentMethod = z.strictObject({
  ...id,
  allow_redisplay: allowRedisplay.optional(),
  billing_details: billingDetails.optional(),
  card: z
    .strictObject({
      exp_month: expiry.exp_month.optional(),
      exp_year: expiry.exp_year.optional(),
      networks: z.strictObject({ preferred: clearable(preferredNetwork).optional() }).optional(),
    })
    .optional(),
  metadata: metadata.optional(),
});
export const UNSUPPORTED_ON_UPDATE = ['us_bank_account'] as const;

/** The other types may be asked for: the answer, that there are none, is true. */
export const filters = {
  ...pageParams,
  allow_redisplay: allowRedisplay.optional(),
  type: z.enum(['card', ...OTHER_TYPES]).optional(),
};

export const ListPaymentMethods = z.strictObject({ ...filters, customer: z.string().optional() });
export const UNSUPPORTED_ON_LIST = ['customer_account'] as const;

export type Checked = [
  Complete<
    Uncovered<Stripe.PaymentMethodCreateParams, typeof PaymentMethodData, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<
      Stripe.PaymentMethodUpdateParams,
      typeof UpdatePaymentMethod,
      typeof UNSUPPORTED_ON_UPDATE
    >
  >,
  Complete<
    Uncovered<Stripe.PaymentMethodListParams, typeof ListPaymentMethods, typeof UNSUPPORTED_ON_LIST>
  >,
];
