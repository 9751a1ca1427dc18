/** Random histories of subscriptions: more is done to them than in life. */
import fc from 'fast-check';
import { DAY, type Every } from './calendar';
import type { Offer, Rate } from './costs';
import type { Dated, Deed, History, Prorating, Wish } from './history';
import { INTERVALS, type Market } from './market';
import { reckon } from './model';
import type { Timeline } from './timelines';

/** From 0 to just below 1. A double of fast-check is hardly ever more than next to nothing. */
const part = fc.integer({ min: 0, max: 9_999 }).map((many) => many / 10_000);

const prorating = fc.constantFrom<Prorating>('always_invoice', 'create_prorations', 'none');
const quantity = fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 40 }));

/** How long an interval is, to the nearest month: enough to say how long a history is to be. */
const daysOf = ({ unit, count }: Every): number =>
  ({ day: 1, week: 7, month: 30, year: 365 })[unit] * count;

const isLong = ({ unit }: Every): boolean => unit === 'month' || unit === 'year';

function deeds({ offers, coupons, rates }: Market, every: Every): fc.Arbitrary<Deed> {
  const length = daysOf(every);
  const kin = offers.filter((offer) => isLong(offer.every) === isLong(every));
  const same = offers.filter((offer) => offer.every === every);
  const item = fc.integer({ min: 0, max: 1 });
  const change = (of: readonly Offer[]) =>
    fc.record({
      does: fc.constant('change_item' as const),
      item,
      offer: fc.constantFrom(...of),
      quantity,
      prorating,
      looksBack: fc.oneof(fc.constant(0), fc.constant(0), part),
    });
  return fc.oneof(
    { weight: 8, arbitrary: change(same) },
    { weight: 3, arbitrary: change(kin).map((deed) => ({ ...deed, looksBack: 0 })) },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('add_item' as const),
        wish: wish(same, rates),
        prorating,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('remove_item' as const), item, prorating }),
    },
    { weight: 1, arbitrary: fc.record({ does: fc.constant('reset_cycle' as const), prorating }) },
    { weight: 2, arbitrary: fc.constant<Deed>({ does: 'end_trial' }) },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('charge_once' as const),
        amount: fc.oneof(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: -20_000, max: -1 })),
        isOwn: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('set_coupons' as const),
        coupons: some(coupons, 2),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ does: fc.constant('set_rates' as const), rates: some(rates, 2) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('pause' as const),
        behavior: fc.constantFrom('keep_as_draft' as const, 'mark_uncollectible', 'void'),
        days: fc.constantFrom(null, 1, 10, length, 2 * length),
      }),
    },
    { weight: 1, arbitrary: fc.constant<Deed>({ does: 'unpause' }) },
    { weight: 1, arbitrary: cancelAtPeriodEnd },
    {
      weight: 2,
      arbitrary: fc.record({
        does: fc.constant('cancel_at' as const),
        seconds: fc.integer({ min: 1, max: 2 * length * DAY }),
        prorating,
      }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ does: fc.constant('take_back' as const), prorating }),
    },
  );
}

const cancelAtPeriodEnd = fc.record({
  does: fc.constant('cancel_at_period_end' as const),
  prorating,
});

const cancel = fc.record({
  does: fc.constant('cancel' as const),
  prorates: fc.boolean(),
  invoicesNow: fc.boolean(),
});

/** Up to so many of them, in any order; often none. */
const some = <T>(many: readonly T[], most: number): fc.Arbitrary<T[]> =>
  fc.oneof(fc.constant<T[]>([]), fc.shuffledSubarray([...many], { maxLength: most }));

const wish = (offers: readonly Offer[], rates: readonly Rate[]): fc.Arbitrary<Wish> =>
  fc.record({
    offer: fc.constantFrom(...offers),
    quantity,
    rates: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: some(rates, 2) },
    ),
  });

/** More would be more of the same. */
const BILLS_MOST = 10;

/** So many histories, each with its timeline. Where one is number `n`, it is so with any `count`. */
export function histories(
  market: Market,
  lines: readonly Timeline[],
  { seed, count }: { seed: number; count: number },
): { readonly history: History; readonly timeline: Timeline }[] {
  const one = fc
    .record({
      timeline: fc.constantFrom(...lines),
      every: fc.oneof(
        { weight: 1, arbitrary: fc.constantFrom(...INTERVALS) },
        { weight: 1, arbitrary: fc.constantFrom(...INTERVALS.filter(isLong)) },
      ),
    })
    .chain(({ timeline, every }) =>
      onTimeline(market, timeline, every).map((history) => ({ history, timeline })),
    )
    .filter(({ history }) => reckon(history).bills.length <= BILLS_MOST);
  return fc
    .sample(one, { seed, numRuns: count, unbiased: true })
    .map(({ history, timeline }, index) => ({
      history: { ...history, name: `history ${index}` },
      timeline,
    }));
}

function onTimeline(market: Market, timeline: Timeline, every: Every): fc.Arbitrary<History> {
  const { offers, coupons, rates } = market;
  const same = offers.filter((offer) => offer.every === every);
  // A second item may be billed every year beside one that is every month.
  const beside = offers.filter((offer) => offer.every === every || isMultiple(offer.every, every));
  const length = daysOf(every);
  return fc
    .record({
      born: fc.constantFrom(...timeline.births),
      wishes: fc
        .tuple(wish(same, rates), fc.option(wish(beside, rates), { freq: 4 }))
        .map(([first, second]) =>
          second === null || second.offer === first.offer ? [first] : [first, second],
        ),
      trialDays: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: fc.constantFrom(1, 7, 14, 30, 31) },
      ),
      anchorAhead: fc.oneof(
        { weight: 4, arbitrary: fc.constant(null) },
        { weight: 1, arbitrary: part },
      ),
      prorating: fc.constantFrom('create_prorations' as const, 'create_prorations', 'none'),
      coupons: some(coupons, 2),
      rates: some(rates, 2),
      fee: fc.option(fc.integer({ min: 1, max: 5_000 }), { freq: 4 }),
      // Hardly anything takes as long as to charge a card, and what is billed is the same.
      collection: fc.oneof(
        { weight: 1, arbitrary: fc.constant('charge_automatically' as const) },
        { weight: 3, arbitrary: fc.constant('send_invoice' as const) },
      ),
      life: fc.integer({ min: 1, max: 5 }),
      steps: fc.array(fc.tuple(part, deeds(market, every), fc.boolean()), {
        maxLength: 6,
        size: 'max',
      }),
      last: fc.oneof(cancel, cancelAtPeriodEnd),
    })
    .map(({ life, steps, last, anchorAhead, trialDays, ...given }) => {
      const until = given.born + Math.min(life * length, 1100) * DAY;
      const stops = timeline.stops.filter((at) => at > given.born && at <= until);
      // No later than the first boundary would be without it.
      const anchors = [...timeline.births, ...timeline.firsts].filter(
        (at) => at >= given.born && at <= given.born + (length - 3) * DAY,
      );
      const trial = stops.filter((at) => at <= given.born + (trialDays ?? 0) * DAY);
      const dated = new Map<number, Deed>();
      for (const [index, [place, deed]] of steps.entries()) {
        // What comes first is done in the trial, where there is one.
        const among = index === 0 && trial.length > 0 ? trial : stops;
        const at = among[Math.floor(place * among.length)];
        if (at !== undefined) dated.set(at, deed);
      }
      const end = timeline.stops.find((at) => at > until) ?? timeline.stops.at(-1)!;
      return {
        ...given,
        name: '',
        trialDays,
        // An anchor ahead is for those that are billed at once.
        anchor:
          anchorAhead === null || trialDays !== null || anchors.length === 0
            ? null
            : anchors[Math.floor(anchorAhead * anchors.length)]!,
        // What is for one invoice is not for a trial's, which asks for nothing.
        coupons: given.coupons.filter(({ lasts }) => trialDays === null || lasts !== 'once'),
        deeds: [
          ...undone(
            [...dated]
              .map(([at, deed]) => ({ at, deed }))
              .toSorted((one, other) => one.at - other.at),
            steps.map(([, , isUndone]) => isUndone),
            trialDays !== null,
          ),
          { at: end, deed: last },
        ],
        until: timeline.end,
      };
    });
}

/** Some of the deeds instead undo what was before them: an end that was set, a pause, a trial. */
const undone = (deeds: readonly Dated[], isUndone: readonly boolean[], isTrial: boolean): Dated[] =>
  deeds.map((dated, index) => {
    if (isUndone[index] !== true) return dated;
    const before = deeds[index - 1]?.deed ?? null;
    if (before === null) return isTrial ? { ...dated, deed: { does: 'end_trial' } } : dated;
    const deed = UNDOES[before.does];
    return deed === undefined ? dated : { ...dated, deed };
  });

const UNDOES: { readonly [does in Deed['does']]?: Deed } = {
  cancel_at: { does: 'take_back', prorating: 'create_prorations' },
  cancel_at_period_end: { does: 'take_back', prorating: 'always_invoice' },
  pause: { does: 'unpause' },
};

const isMultiple = (long: Every, short: Every): boolean =>
  isLong(short) && isLong(long) && daysOf(long) === 365 && 12 % monthsOf(short) === 0;

const monthsOf = ({ unit, count }: Every): number => (unit === 'year' ? 12 * count : count);
