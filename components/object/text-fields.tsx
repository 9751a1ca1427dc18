'use client';

import type { ComponentProps, ReactNode } from 'react';
import { Field, Input, Textarea } from '@/components/ui/field';
import type { Submission } from './form';

export interface TextSpec<Name extends string> {
  /** Also the parameter by which the server speaks of it. */
  readonly name: Name;
  readonly label: string;
  readonly hint?: ReactNode;
  readonly type?: 'text' | 'email' | 'tel' | 'url' | 'number' | 'long';
  readonly placeholder?: string;
  readonly isRequired?: boolean;
  readonly maxLength?: number;
  /** What a browser may fill in: `street-address`. */
  readonly autoComplete?: string;
}

export interface TextFieldsProps<Name extends string> {
  readonly fields: readonly TextSpec<Name>[];
  readonly form: Submission;
  readonly typed: Readonly<Record<Name, string>>;
  readonly onChange: (name: Name, text: string) => void;
  /** Where the server names a field by another name than its own: `support_address[city]`. */
  readonly paramOf?: (name: Name) => string;
}

/** Fields that hold text, one below the other, each with what the server says about it. */
export function TextFields<Name extends string>(props: TextFieldsProps<Name>) {
  const { fields, form, typed, onChange, paramOf = (name) => name } = props;
  return fields.map(({ name, label, hint, type = 'text', isRequired = false, ...rest }) => (
    <Field
      key={name}
      label={label}
      hint={hint}
      error={form.errorOf(paramOf(name))}
      isOptional={!isRequired}
    >
      {(control) => {
        const given: ComponentProps<'input'> & ComponentProps<'textarea'> = {
          ...control,
          autoComplete: 'off',
          ...rest,
          name,
          value: typed[name],
          onChange: ({ target }: { target: { value: string } }) => onChange(name, target.value),
        };
        return type === 'long' ? <Textarea {...given} /> : <Input type={type} {...given} />;
      }}
    </Field>
  ));
}
