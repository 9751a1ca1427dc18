/**
 * Every lifecycle of the system, walked. The rendered tables are a snapshot, so that a change of a
 * lifecycle is read as a change of a table.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENT_TYPES } from '@/server/events';
import type { Lifecycle } from '@/server/kernel/lifecycle';

type AnyLifecycle = Lifecycle<string, string>;

const isLifecycle = (value: unknown): value is AnyLifecycle =>
  typeof value === 'object' && value !== null && 'table' in value && 'initial' in value;

/** Found, not listed: a new folder's table is walked from its first day. */
const files = readdirSync('server', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('/lifecycle.ts') && !file.startsWith('kernel/'))
  .toSorted();

const lifecycles = await Promise.all(
  files.map(async (file) => {
    const exported: Record<string, unknown> = await import(path.resolve('server', file));
    const found = Object.values(exported).filter(isLifecycle);
    return { file, lifecycle: found[0], count: found.length };
  }),
);

interface Edge {
  readonly from: string;
  readonly action: string;
  readonly to: string;
  readonly event: string | null;
}

const edgesOf = ({ table }: AnyLifecycle): Edge[] =>
  Object.entries(table).flatMap(([from, actions]) =>
    Object.entries(actions).flatMap(([action, step]) =>
      step === undefined ? [] : [{ from, action, to: step[0], event: step[1] }],
    ),
  );

function reachable(lifecycle: AnyLifecycle): Set<string> {
  const reached = new Set<string>(lifecycle.initial);
  // A set that grows while it is walked is walked to its end.
  for (const status of reached) {
    for (const { from, to } of edgesOf(lifecycle)) if (from === status) reached.add(to);
  }
  return reached;
}

function render(lifecycle: AnyLifecycle): string {
  const rows = Object.keys(lifecycle.table).flatMap((from) => {
    const mark = lifecycle.initial.includes(from) ? `**${from}**` : from;
    const edges = edgesOf(lifecycle).filter((edge) => edge.from === from);
    if (edges.length === 0) return [[mark, '', '', '']];
    return edges.map(({ action, to, event }) => [mark, action, to, event ?? '']);
  });
  const lines = [['from', 'action', 'to', 'event'], ['---', '---', '---', '---'], ...rows];
  return [`## ${lifecycle.object}`, '', ...lines.map((cells) => `| ${cells.join(' | ')} |`)].join(
    '\n',
  );
}

describe.each(lifecycles)('$file', ({ lifecycle, count }) => {
  it('exports one lifecycle', () => expect(count).toBe(1));

  if (lifecycle === undefined) return;

  it('has a row for every status that it leads to, and starts from one of its own', () => {
    const statuses = Object.keys(lifecycle.table);
    expect(statuses).toEqual(expect.arrayContaining(edgesOf(lifecycle).map(({ to }) => to)));
    expect(statuses).toEqual(expect.arrayContaining([...lifecycle.initial]));
    expect(lifecycle.initial).not.toHaveLength(0);
  });

  it('reaches every status, but for those that only real gateways have', () => {
    const reached = reachable(lifecycle);
    const unreached = Object.keys(lifecycle.table).filter((status) => !reached.has(status));
    expect(unreached).toEqual(UNREACHED[lifecycle.object] ?? []);
  });

  it('announces events that there are', () => {
    const names = edgesOf(lifecycle).flatMap(({ event }) => (event === null ? [] : [event]));
    for (const name of names) expect(EVENT_TYPES).toContain(name);
  });

  it('allows exactly the steps of its table', () => {
    const actions = new Set(edgesOf(lifecycle).map(({ action }) => action));
    for (const from of Object.keys(lifecycle.table)) {
      for (const action of actions) {
        const edge = edgesOf(lifecycle).find((one) => one.from === from && one.action === action);
        const step = edge === undefined ? null : [edge.to, edge.event];
        expect(lifecycle.step(from, action)).toEqual(step);
        expect(lifecycle.allows(from, action)).toBe(edge !== undefined);
      }
    }
  });
});

/**
 * Statuses that Stripe documents and nothing here leads to: they wait for a processor that needs
 * the customer's bank details, or lets a refund be called back. A setup attempt begins confirmed.
 */
const UNREACHED: Readonly<Record<string, readonly string[]>> = {
  refund: ['requires_action', 'canceled'],
  setup_attempt: ['requires_confirmation'],
};

it('looks as it did when it was last read', async () => {
  const tables = lifecycles.flatMap(({ lifecycle }) =>
    lifecycle === undefined ? [] : [render(lifecycle)],
  );
  expect(tables.length).toBeGreaterThanOrEqual(5);
  const page = ['# Lifecycles', 'A status in bold is one to begin with.', ...tables].join('\n\n');
  await expect(`${page}\n`).toMatchFileSnapshot('./lifecycles.snapshot.md');
});
