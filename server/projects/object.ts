import type Stripe from 'stripe';
import { readSettings } from './settings';
import type { ProjectRow } from './store';

export type Account = Stripe.Account;

/**
 * A project as Stripe's account. What belongs to Connect, such as what is still required
 * of the account's owner, is said not to be there, rather than made up.
 *
 * @param chargesEnabled whether there is a processor for the mode that is asked in.
 */
export function toAccount(row: ProjectRow, chargesEnabled: boolean): Account {
  const settings = readSettings(row.settings);
  const { branding } = settings;
  return {
    id: row.account,
    object: 'account',
    business_profile: {
      mcc: null,
      minority_owned_business_designation: null,
      name: row.name,
      specified_commercial_transactions_act_url: null,
      support_address: settings.support_address,
      support_email: settings.support_email,
      support_phone: settings.support_phone,
      support_url: settings.support_url,
      url: settings.url,
    },
    business_type: null,
    capabilities: { card_payments: chargesEnabled ? 'active' : 'inactive' },
    charges_enabled: chargesEnabled,
    controller: { type: 'account' },
    country: row.country,
    created: row.created,
    default_currency: row.default_currency,
    details_submitted: true,
    email: settings.support_email,
    metadata: {},
    payouts_enabled: chargesEnabled,
    settings: {
      branding: {
        icon: branding.icon,
        logo: branding.logo,
        primary_color: branding.primary_color,
        secondary_color: branding.secondary_color,
      },
      card_payments: {
        statement_descriptor_prefix: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
      dashboard: { display_name: row.name, timezone: settings.timezone },
      payments: {
        statement_descriptor: settings.statement_descriptor,
        statement_descriptor_kana: null,
        statement_descriptor_kanji: null,
        statement_descriptor_prefix_kana: null,
        statement_descriptor_prefix_kanji: null,
      },
    },
    type: 'standard',
  };
}
