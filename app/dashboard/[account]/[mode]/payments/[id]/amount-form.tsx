'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { failureOf } from '@/components/api/failure';
import { parseMoney, plainMoney } from '@/components/money/format';
import { Button } from '@/components/ui/button';
import { DialogActions } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';

export interface AmountFormProps {
  readonly label: string;
  readonly hint: ReactNode;
  readonly currency: string;
  /** As much as there is, in minor units: what stands there at first. */
  readonly whole: number;
  /** What the button says. */
  readonly action: string;
  /** Below the amount: what else is asked. */
  readonly children?: ReactNode;
  /** The form stays, and says why, when it rejects. */
  readonly onSubmit: (amount: number) => Promise<unknown>;
}

/** Asks how much of a payment. */
export function AmountForm(props: AmountFormProps) {
  const { label, hint, currency, whole, action, children, onSubmit } = props;
  const [text, setText] = useState(() => plainMoney(whole, currency));
  const [reason, setReason] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const amount = parseMoney(text, currency);
    if (amount === null)
      return setReason(`Write an amount such as ${plainMoney(whole, currency)}.`);
    setIsBusy(true);
    try {
      await onSubmit(amount);
    } catch (error) {
      setReason(failureOf(error).message);
      setIsBusy(false);
    }
  }

  return (
    <form noValidate onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
      <Field label={`${label} (${currency.toUpperCase()})`} hint={hint} error={reason}>
        {(control) => (
          <Input
            inputMode="decimal"
            autoComplete="off"
            value={text}
            onChange={({ target }) => setText(target.value)}
            {...control}
          />
        )}
      </Field>
      {children}
      <DialogActions>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {action}
        </Button>
      </DialogActions>
    </form>
  );
}
