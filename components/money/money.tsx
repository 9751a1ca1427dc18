'use client';

import { useViewer } from '@/components/time/viewer';
import { formatMoney } from './format';

export interface MoneyProps {
  /** In the currency's minor unit (pence), as on the wire. */
  readonly amount: number;
  /** ISO code in lower case, as on the wire. */
  readonly currency: string;
  /** Writes the code behind it, where several currencies meet. */
  readonly hasCode?: boolean;
}

/** An amount as the viewer writes it. */
export function Money({ amount, currency, hasCode = false }: MoneyProps) {
  const { locale } = useViewer();
  return (
    <span className="whitespace-nowrap tabular-nums">
      {formatMoney(amount, currency, locale)}
      {hasCode && (
        // A table on a narrow screen has no room for it: there the sign must do.
        <span className="ml-1.5 text-muted max-sm:[td_&]:hidden">{currency.toUpperCase()}</span>
      )}
    </span>
  );
}
