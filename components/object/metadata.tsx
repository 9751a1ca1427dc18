'use client';

import { Plus, X } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { failureOf } from '@/components/api/failure';
import { Button, IconButton } from '@/components/ui/button';
import { Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';

export type Metadata = Readonly<Record<string, string>>;

export interface MetadataCardProps {
  readonly metadata: Metadata;
  /** Sends what differs; an empty string takes a key away. Rejects with the server's refusal. */
  readonly onSave: (changes: Metadata) => Promise<unknown>;
  /** May only be read. */
  readonly isFixed?: boolean;
}

/** A merchant's own words about an object. What is saved is seen at once, and taken back if refused. */
export function MetadataCard({ metadata, onSave, isFixed = false }: MetadataCardProps) {
  const [isEditing, setIsEditing] = useState(false);
  const [hoped, setHoped] = useState<Metadata | null>(null);
  const [reason, setReason] = useState<string | null>(null);
  const [draft, setDraft] = useState<readonly Entry[]>([]);
  const shown = Object.entries(hoped ?? metadata);

  function edit(): void {
    setDraft(entriesOf(metadata));
    setReason(null);
    setIsEditing(true);
  }
  async function save(): Promise<void> {
    const changes = changesOf(metadata, draft);
    setHoped(
      Object.fromEntries(
        draft.flatMap(({ key, value }) => (key.trim() === '' ? [] : [[key.trim(), value]])),
      ),
    );
    setIsEditing(false);
    try {
      if (Object.keys(changes).length > 0) await onSave(changes);
    } catch (error) {
      setReason(failureOf(error).message);
      setIsEditing(true);
    } finally {
      setHoped(null);
    }
  }

  return (
    <Card
      title="Metadata"
      actions={
        !isEditing &&
        !isFixed && (
          <Button size="small" onClick={edit} disabled={hoped !== null}>
            {shown.length === 0 ? 'Add' : 'Edit'}
          </Button>
        )
      }
    >
      {isEditing ? (
        <Editor
          draft={draft}
          reason={reason}
          onChange={setDraft}
          onSave={() => void save()}
          onCancel={() => setIsEditing(false)}
        />
      ) : shown.length === 0 ? (
        <p className="text-sm text-muted">Nothing yet. Keep your own ids and notes here.</p>
      ) : (
        <dl className="flex flex-col gap-2.5 text-sm">
          {shown.map(([key, value]) => (
            <div key={key} className="flex min-w-0 flex-col">
              <dt className="font-mono text-xs break-words text-muted">{key}</dt>
              <dd className="min-w-0 break-words">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Card>
  );
}

interface Entry {
  /** Its place in the form, which stays when its key changes. */
  readonly at: number;
  readonly key: string;
  readonly value: string;
}

const entriesOf = (metadata: Metadata): Entry[] => {
  const entries = Object.entries(metadata).map(([key, value], at) => ({ at, key, value }));
  return entries.length === 0 ? [{ at: 0, key: '', value: '' }] : entries;
};

/** What differs from what was there; what is no longer there becomes an empty string. */
function changesOf(before: Metadata, draft: readonly Entry[]): Metadata {
  const after = new Map(draft.map(({ key, value }) => [key.trim(), value]));
  after.delete('');
  const gone = Object.keys(before).filter((key) => !after.has(key));
  return Object.fromEntries([
    ...gone.map((key) => [key, '']),
    ...[...after].filter(([key, value]) => before[key] !== value),
  ]);
}

interface EditorProps {
  readonly draft: readonly Entry[];
  readonly reason: string | null;
  readonly onChange: (draft: readonly Entry[]) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

function Editor({ draft, reason, onChange, onSave, onCancel }: EditorProps) {
  const change = (at: number, changes: Partial<Entry>): void =>
    onChange(draft.map((entry) => (entry.at === at ? { ...entry, ...changes } : entry)));
  const add = (): void =>
    onChange([...draft, { at: (draft.at(-1)?.at ?? 0) + 1, key: '', value: '' }]);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onSave();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2.5">
      {draft.map(({ at, key, value }, index) => (
        <div key={at} className="flex items-center gap-1.5">
          <Input
            aria-label={`Key ${index + 1}`}
            placeholder="key"
            value={key}
            maxLength={40}
            onChange={(event) => change(at, { key: event.target.value })}
            className="min-w-0 font-mono"
          />
          <Input
            aria-label={`Value ${index + 1}`}
            placeholder="value"
            value={value}
            maxLength={500}
            onChange={(event) => change(at, { value: event.target.value })}
            className="min-w-0"
          />
          <IconButton
            label={`Remove ${key === '' ? `entry ${index + 1}` : key}`}
            size="small"
            onClick={() => onChange(draft.filter((entry) => entry.at !== at))}
          >
            <X />
          </IconButton>
        </div>
      ))}
      {reason !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {reason}
        </p>
      )}
      <div className="flex flex-wrap justify-between gap-2 pt-1">
        <Button look="quiet" size="small" onClick={add}>
          <Plus aria-hidden />
          Add entry
        </Button>
        <div className="flex gap-2">
          <Button size="small" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" size="small" look="primary">
            Save
          </Button>
        </div>
      </div>
    </form>
  );
}
