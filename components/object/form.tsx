'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { failureOf, type Failure } from '@/components/api/failure';
import { parseMoney } from '@/components/money/format';
import { Button } from '@/components/ui/button';

/** What cannot even be asked, such as letters for an amount; `param` is the field's name. */
export class FieldError extends Error {
  constructor(
    readonly param: string,
    message: string,
  ) {
    super(message);
  }
}

/** What was typed, in minor units. Throws FieldError for what is no amount. */
export function amountOf(text: string, currency: string, param: string): number {
  const amount = parseMoney(text, currency);
  if (amount === null) throw new FieldError(param, 'Write an amount, such as 12.50');
  return amount;
}

/** What was typed as a number of things. Throws FieldError for what is no whole number. */
export function countOf(text: string, param: string): number {
  if (!isCount(text)) throw new FieldError(param, 'Write a whole number, such as 30');
  return Number(text);
}

export const isCount = (text: string): boolean => /^\d{1,15}$/.test(text.trim());

export interface Submission {
  readonly isBusy: boolean;
  readonly submit: (event: FormEvent) => void;
  /** What is wrong with a field, by its name on the wire. */
  readonly errorOf: (param: string) => string | null;
  /** What is wrong and has no field here. */
  readonly rest: string | null;
}

/**
 * One attempt after another at what a form is for.
 *
 * @param params names, as on the wire, of the fields that show their own errors.
 */
export function useSubmission(
  work: () => Promise<unknown>,
  params: readonly string[] = [],
): Submission {
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<Pick<Failure, 'message' | 'param'> | null>(null);
  async function attempt(): Promise<void> {
    setIsBusy(true);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      setFailure(error instanceof FieldError ? error : failureOf(error));
    } finally {
      setIsBusy(false);
    }
  }
  const isOf = (param: string): boolean => failure?.param === param;
  return {
    isBusy,
    submit(event) {
      event.preventDefault();
      // A form in a dialog is, to React, inside the form that the dialog is opened from.
      event.stopPropagation();
      if (!isBusy) void attempt();
    },
    errorOf: (param) => (failure !== null && isOf(param) ? failure.message : null),
    rest: failure === null || params.some(isOf) ? null : failure.message,
  };
}

export interface FormProps {
  readonly form: Submission;
  /** What the button says. */
  readonly action: string;
  readonly children: ReactNode;
  /** There is nothing to send yet. */
  readonly isIncomplete?: boolean;
  /** It may be read, and not be changed. */
  readonly isFixed?: boolean;
}

/** One that came after its dialog had opened takes the focus, as if it had been there. */
function focusFirst(form: HTMLFormElement | null): void {
  const dialog = form?.closest('[role=dialog]') ?? null;
  const focused = document.activeElement;
  if (form === null || dialog?.contains(focused) !== true || form.contains(focused)) return;
  form.querySelector<HTMLElement>('input, textarea, button')?.focus();
}

/** What is valid, the server decides: the browser's own opinion is not asked. */
export function Form(props: FormProps) {
  const { form, action, children, isIncomplete = false, isFixed = false } = props;
  return (
    <form noValidate ref={focusFirst} onSubmit={form.submit}>
      <fieldset disabled={isFixed} className="flex min-w-0 flex-col gap-4">
        {children}
        {form.rest !== null && (
          <p role="alert" className="text-sm break-words text-bad">
            {form.rest}
          </p>
        )}
        {!isFixed && (
          <Button
            type="submit"
            look="primary"
            isBusy={form.isBusy}
            disabled={isIncomplete}
            className="mt-2 self-end"
          >
            {action}
          </Button>
        )}
      </fieldset>
    </form>
  );
}
