import type { Submission } from '@/components/object/form';
import { Field, Input } from '@/components/ui/field';

type Name = 'secret' | 'password';

export interface SecretsProps {
  readonly form: Submission;
  readonly typed: Readonly<Record<Name, string>>;
  readonly onChange: (name: Name, text: string) => void;
  /** Of one that is there already, what is empty stays as it is. */
  readonly isSecretRequired?: boolean;
}

/** TABLE: what goes in and never comes out. */
const SECRETS = [
  { name: 'secret', label: 'Signature secret', hint: 'It signs each request.' },
  { name: 'password', label: 'Merchant password', hint: 'Only of accounts that have one.' },
] as const;

export const Secrets = ({ form, typed, onChange, isSecretRequired = false }: SecretsProps) =>
  SECRETS.map(({ name, label, hint }) => (
    <Field
      key={name}
      label={label}
      hint={isSecretRequired ? hint : `${hint} Empty: as it is.`}
      error={form.errorOf(name)}
      isOptional={!(isSecretRequired && name === 'secret')}
    >
      {(control) => (
        <Input
          {...control}
          type="password"
          // A browser would offer to keep it as the password of this site.
          autoComplete="off"
          data-1p-ignore
          value={typed[name]}
          onChange={({ target }) => onChange(name, target.value)}
        />
      )}
    </Field>
  ));
