/** A history and what it was billed, in plain words: what somebody reads when the two differ. */
import { told } from './calendar';
import type { Coupon, Offer, Rate } from './costs';
import type { Bill, BilledLine, Dated, Deed, History, Wish } from './history';

const pounds = (pence: number): string => `£${(pence / 100).toFixed(2)}`;

const list = (words: readonly string[]): string => (words.length === 0 ? 'none' : words.join(', '));

function offerOf({ name, every, scheme }: Offer): string {
  const often = `every ${every.count} ${every.unit}`;
  if (scheme.kind === 'each') return `${name} (${scheme.unit}p ${often})`;
  if (scheme.kind === 'packages') {
    return `${name} (${scheme.unit}p for ${scheme.size} ${often}, rounded ${scheme.round})`;
  }
  const tiers = scheme.tiers.map(
    ({ upTo, unit, flat }) =>
      `up to ${upTo ?? '∞'}: ${unit}p${flat === null ? '' : ` and ${flat}p`}`,
  );
  return `${name} (${scheme.kind}, ${tiers.join('; ')}, ${often})`;
}

const couponOf = ({ name, off, lasts }: Coupon): string =>
  `${name} (${'percent' in off ? `${off.percent} %` : `${off.amount}p`} off, ${
    typeof lasts === 'number' ? `for ${lasts} months` : lasts
  })`;

const rateOf = ({ name, percent, isInclusive }: Rate): string =>
  `${name} (${percent} % ${isInclusive ? 'inclusive' : 'exclusive'})`;

const wishOf = ({ offer, quantity, rates }: Wish): string =>
  `${quantity} × ${offerOf(offer)}${rates.length === 0 ? '' : ` with ${list(rates.map(rateOf))}`}`;

function deedOf(deed: Deed): string {
  switch (deed.does) {
    case 'change_item': {
      const date = deed.looksBack === 0 ? '' : `, looking back on ${deed.looksBack} of the period`;
      return `item ${deed.item} becomes ${deed.quantity} × ${offerOf(deed.offer)}, ${deed.prorating}${date}`;
    }
    case 'add_item':
      return `adds ${wishOf(deed.wish)}, ${deed.prorating}`;
    case 'remove_item':
      return `removes item ${deed.item}, ${deed.prorating}`;
    case 'reset_cycle':
      return `begins the billing cycle anew, ${deed.prorating}`;
    case 'end_trial':
      return 'ends the trial';
    case 'charge_once':
      return `adds an invoice item of ${deed.amount}p${deed.isOwn ? ' for the subscription' : ''}`;
    case 'set_coupons':
      return `sets the coupons: ${list(deed.coupons.map(couponOf))}`;
    case 'set_rates':
      return `sets the default tax rates: ${list(deed.rates.map(rateOf))}`;
    case 'pause':
      return `pauses collection, ${deed.behavior}${deed.days === null ? '' : `, for ${deed.days} days`}`;
    case 'unpause':
      return 'resumes collection';
    case 'cancel_at_period_end':
      return `cancels at the end of the period, ${deed.prorating}`;
    case 'cancel_at':
      return `cancels in ${deed.seconds} seconds, ${deed.prorating}`;
    case 'take_back':
      return `takes the cancellation back, ${deed.prorating}`;
    case 'cancel':
      return `cancels now${deed.prorates ? ', prorated' : ''}${deed.invoicesNow ? ', invoiced now' : ''}`;
  }
}

export const historyInWords = (history: History, done: readonly Dated[]): string =>
  [
    `${history.name}: ${told(history.born)} ${history.wishes.map(wishOf).join(' and ')},`,
    `  ${history.collection}` +
      (history.trialDays === null ? '' : `, ${history.trialDays} days of trial`) +
      (history.anchor === null
        ? ''
        : `, anchored at ${told(history.anchor)}, ${history.prorating}`) +
      (history.fee === null ? '' : `, with a fee of ${history.fee}p`),
    `  coupons: ${list(history.coupons.map(couponOf))}; rates: ${list(history.rates.map(rateOf))}`,
    ...done.map(({ at, deed }) => `  ${told(at)} ${deedOf(deed)}`),
  ].join('\n');

const lineOf = ({ what, amount, start, end, proration, discount, taxes }: BilledLine): string => {
  const taxed = Object.entries(taxes).map(([name, tax]) => `, ${name} ${pounds(tax)}`);
  return `${pounds(amount)} ${what} ${told(start)} to ${told(end)}${proration ? ' (proration)' : ''}${
    discount === 0 ? '' : `, less ${pounds(discount)}`
  }${taxed.join('')}`;
};

export const billInWords = (bill: Bill): string =>
  [
    `${told(bill.at)} ${bill.reason}, ${bill.status}, for ${told(bill.period.start)} to ${told(bill.period.end)}`,
    ...bill.lines.map((line) => `    ${lineOf(line)}`),
    `    subtotal ${pounds(bill.subtotal)}, discount ${pounds(bill.discount)}, tax ${pounds(bill.tax)}, ` +
      `total ${pounds(bill.total)}, ${bill.due === null ? 'not final' : `due ${pounds(bill.due)}`}`,
  ].join('\n');
