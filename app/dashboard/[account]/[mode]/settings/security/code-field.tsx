import { Field, Input } from '@/components/ui/field';

export interface CodeFieldProps {
  readonly hint: string;
  readonly value: string;
  readonly onChange: (code: string) => void;
}

export const CodeField = ({ hint, value, onChange }: CodeFieldProps) => (
  <Field label="Code" hint={hint} className="max-w-60">
    {(control) => (
      <Input
        {...control}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        value={value}
        onChange={({ target }) => onChange(target.value)}
      />
    )}
  </Field>
);
