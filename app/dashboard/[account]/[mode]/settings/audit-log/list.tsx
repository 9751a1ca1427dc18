import { createdColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, datesFilter, textFilter } from '@/components/list/filters';
import { Badge } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy';

export const auditList = defineList({
  path: 'dashboard.audit.list',
  name: 'audit-log',
  title: 'Audit log',
  nouns: ['entry', 'entries'],
  href: ({ id }) => `settings/audit-log/${id}`,
  columns: [
    {
      id: 'action',
      header: 'What',
      isNarrow: true,
      cell: ({ action }) => <span className="font-mono text-[13px]">{action}</span>,
      text: ({ action }) => action,
    },
    {
      id: 'user',
      header: 'Who',
      cell: ({ user }) => user.email,
      text: ({ user }) => user.email,
    },
    {
      id: 'subject',
      header: 'Object',
      cell: ({ subject }) =>
        subject !== null && <span className="font-mono text-[13px]">{subject}</span>,
      text: ({ subject }) => subject,
    },
    {
      id: 'mode',
      header: 'Mode',
      cell: ({ mode }) =>
        mode === null ? 'Both' : <Badge look={mode === 'test' ? 'warn' : 'good'}>{mode}</Badge>,
      text: ({ mode }) => mode,
    },
    { ...createdColumn, header: 'When', isNarrow: true },
    { id: 'ip', header: 'Address', isExtra: true, cell: ({ ip }) => ip, text: ({ ip }) => ip },
    {
      id: 'request',
      header: 'Request',
      isExtra: true,
      cell: ({ request }) => request !== null && <CopyId id={request} className="relative z-10" />,
      text: ({ request }) => request,
    },
  ],
  filters: {
    email: textFilter('Who', 'ada@example.com', 'email'),
    action: textFilter('What', 'members.update', 'action'),
    object: textFilter('Object', 'cus_… or key_…', 'object'),
    mode: choiceFilter(
      'Mode',
      [
        { value: 'test', label: 'Test' },
        { value: 'live', label: 'Live' },
      ],
      'mode',
    ),
    created: datesFilter('When'),
  },
  empty: { sentence: 'What members do in the dashboard is written here, and never changed.' },
});
