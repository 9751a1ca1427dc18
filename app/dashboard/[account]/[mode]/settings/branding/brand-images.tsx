'use client';

import { ImageUp } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { Act, usePerform } from '@/components/object/act';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { Picture } from '@/components/ui/picture';
import type { ProjectSettings } from '../with-settings';

type Kind = keyof ProjectSettings['brand'];

/** TABLE: the pictures of a brand. */
const IMAGES = [
  { kind: 'logo', label: 'Logo', hint: 'Wide, at the head of invoices and pages.' },
  { kind: 'icon', label: 'Icon', hint: 'Square, where there is little room.' },
] as const satisfies readonly { kind: Kind; label: string; hint: string }[];

export const BrandImages = ({ brand }: { brand: ProjectSettings['brand'] }) => (
  <Card title="Pictures" note="PNG, JPEG or SVG, up to 512 KB">
    <div className="grid gap-6 sm:grid-cols-2">
      {IMAGES.map((image) => (
        <BrandImage key={image.kind} {...image} path={brand[image.kind]} />
      ))}
    </div>
  </Card>
);

interface BrandImageProps {
  readonly kind: Kind;
  readonly label: string;
  readonly hint: string;
  readonly path: string | null;
}

function BrandImage({ kind, label, hint, path }: BrandImageProps) {
  const may = useMay();
  const remove = trpc.dashboard.projects.removeBrandImage.useMutation();
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h3 className="text-sm font-medium">{label}</h3>
      <div className="flex h-24 items-center justify-center rounded-lg border border-dashed border-line-strong bg-page p-3">
        {path === null ? (
          <span className="text-[13px] text-muted">None yet</span>
        ) : (
          <Picture src={path} alt={label} className="max-h-full max-w-full object-contain" />
        )}
      </div>
      <p className="text-[13px] text-muted">{hint}</p>
      <div className="flex flex-wrap items-start gap-2">
        {may('dashboard', 'projects.setBrandImage') && <Upload kind={kind} label={label} />}
        {path !== null && may('dashboard', 'projects.removeBrandImage') && (
          <Act
            trigger={
              <Button size="small" look="quiet">
                Remove
              </Button>
            }
            title={`Remove the ${kind}?`}
            action={`Remove ${kind}`}
            done={`${label} removed`}
            run={() => remove.mutateAsync({ kind })}
          >
            Pages that show it will be without it at once.
          </Act>
        )}
      </div>
    </div>
  );
}

/** A file is chosen, sent, and taken or refused by the server, which says why. */
function Upload({ kind, label }: { kind: Kind; label: string }) {
  const input = useRef<HTMLInputElement>(null);
  const [reason, setReason] = useState<string | null>(null);
  const note = useId();
  const set = trpc.dashboard.projects.setBrandImage.useMutation();
  const perform = usePerform();
  async function send(file: File): Promise<void> {
    setReason(null);
    try {
      const content = await base64Of(file);
      await perform(() => set.mutateAsync({ kind, content }), `${label} saved`);
    } catch (error) {
      setReason(failureOf(error).message);
    }
  }
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <input
        ref={input}
        type="file"
        accept="image/png,image/jpeg,image/svg+xml"
        aria-label={`Choose a ${kind}`}
        aria-describedby={reason === null ? undefined : note}
        tabIndex={-1}
        className="sr-only"
        onChange={({ target }) => {
          const file = target.files?.[0];
          // The same file may be chosen again, once it was put right.
          target.value = '';
          if (file !== undefined) void send(file);
        }}
      />
      <Button
        size="small"
        className="self-start"
        isBusy={set.isPending}
        onClick={() => input.current?.click()}
      >
        <ImageUp aria-hidden />
        Upload {kind}
      </Button>
      {reason !== null && (
        <p id={note} role="alert" className="text-[13px] break-words text-bad">
          {reason}
        </p>
      )}
    </div>
  );
}

/** In pieces: a call takes only so many arguments. */
async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let at = 0; at < bytes.length; at += PIECE) {
    text += String.fromCharCode(...bytes.subarray(at, at + PIECE));
  }
  return btoa(text);
}

const PIECE = 8_192;
