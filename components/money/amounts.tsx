import { plainMoney } from './format';
import { Money } from './money';

/** By currency, in its minor unit. */
export type AmountsByCurrency = Readonly<Record<string, number>>;

/** Amounts of several currencies, which are never added. The code is said where there is more than one. */
export function Amounts({ amounts }: { amounts: AmountsByCurrency }) {
  const all = Object.entries(amounts);
  return (
    <span className="inline-flex flex-wrap gap-x-2">
      {all.map(([currency, amount]) => (
        <Money key={currency} amount={amount} currency={currency} hasCode={all.length > 1} />
      ))}
    </span>
  );
}

/** `42.50 gbp; 10.00 usd`, for a spreadsheet. */
export const plainAmounts = (amounts: AmountsByCurrency): string =>
  Object.entries(amounts)
    .map(([currency, amount]) => `${plainMoney(amount, currency)} ${currency}`)
    .join('; ');
