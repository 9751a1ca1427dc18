'use client';

import { useMay } from '@/components/api/may';
import { Facts } from '@/components/object/facts';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { isAnswerable, type DisputeObject } from '../deadline';
import { EvidenceForm } from './evidence-form';
import { EVIDENCE_TEXTS } from './evidence-texts';

/** What was said to the dispute, or is about to be. */
export function EvidenceCard({ dispute }: { dispute: DisputeObject }) {
  const may = useMay();
  const { has_evidence, submission_count } = dispute.evidence_details;
  const isDraft = has_evidence && submission_count === 0 && isAnswerable(dispute);
  return (
    <Card
      title={
        <span className="flex items-center gap-x-2.5">
          Evidence
          {isDraft && <Badge look="warn">Not submitted</Badge>}
          {submission_count > 0 && <Badge look="good">Submitted</Badge>}
        </span>
      }
      actions={
        isAnswerable(dispute) &&
        may('disputes', 'update') && (
          <EvidenceForm
            dispute={dispute}
            trigger={<Button size="small">{has_evidence ? 'Edit' : 'Add'}</Button>}
          />
        )
      }
    >
      {has_evidence ? (
        <Facts
          facts={EVIDENCE_TEXTS.map(({ name, label }) => ({
            label,
            value: dispute.evidence[name] !== null && (
              <span className="whitespace-pre-wrap">{dispute.evidence[name]}</span>
            ),
          }))}
        />
      ) : (
        <p className="text-sm text-muted">
          {isAnswerable(dispute)
            ? 'Nothing yet. It can be kept as a draft until you submit it.'
            : 'None was submitted.'}
        </p>
      )}
    </Card>
  );
}
