/**
 * The reference calendar: what a subscription's customer is billed, told from one instant to the
 * next in the plainest way. It knows nothing of the engine and computes everything anew each time,
 * from Stripe's documentation and the rounding rule of docs/decisions/0015.
 *
 * Sources: https://docs.stripe.com/billing/subscriptions/prorations (billing mode `flexible`),
 * .../billing-cycle, .../trials, .../pause-payment, .../cancel, https://docs.stripe.com/billing/customer/balance,
 * https://docs.stripe.com/changelog/basil/2025-07-30/cancel-at-enums and the reference of
 * https://docs.stripe.com/api/subscriptions.
 */
import { boundaryAfter, DAY, type Every } from './calendar';
import { discountsOf, linesOf, type Coupon, type Rate } from './costs';
import { Cycle, type SoldItem } from './cycle';
import type { Bill, Dated, Deed, History, Pause, Prorating } from './history';
import { Invoices, shown } from './invoices';
import { Ledger, share, type Entry } from './ledger';
import { sum } from './money';

/** How long the invoice of a renewal is a draft, in seconds. */
const DRAFT = 3600;

export interface Reckoning {
  readonly bills: readonly Bill[];
  /** The deeds that could be done: not after the end, nor in a trial what is not for trials. */
  readonly done: readonly Dated[];
  /** Of the customer in the end, in pence: negative to their credit. */
  readonly balance: number;
}

/** What `history` leads to, up to the instant `history.until`. */
export function reckon(history: History): Reckoning {
  const story = new Story(history);
  const done = history.deeds.filter(({ at, deed }) => {
    story.pass(at);
    return story.act(deed);
  });
  story.pass(history.until);
  return {
    bills: story.invoices.all.map(shown),
    done,
    balance: Number(story.invoices.balance),
  };
}

interface Ahead {
  readonly at: number;
  readonly happens: () => void;
}

class Story {
  readonly invoices: Invoices;
  private readonly ledger = new Ledger();
  private now: number;
  /** Items so far. */
  private made: number;
  private readonly cycle: Cycle;
  private pause: { readonly behavior: Pause; readonly until: number | null } | null = null;
  private rates: readonly Rate[];
  private coupons: readonly { readonly coupon: Coupon; readonly until: number }[];
  private isOver = false;

  constructor(private readonly history: History) {
    const { born, wishes, collection } = history;
    this.invoices = new Invoices(collection);
    this.now = born;
    this.rates = history.rates;
    this.coupons = this.redeemed(history.coupons);
    this.cycle = new Cycle(history);
    this.made = wishes.length;
    this.begin();
  }

  // What happens by itself

  /** Everything that happens up to and with `until`. */
  pass(until: number): void {
    for (let next = this.next(); next !== null && next.at <= until; next = this.next()) {
      this.now = next.at;
      next.happens();
    }
    this.now = until;
  }

  /** What comes first; of what comes at one time, what ends is not renewed. */
  private next(): Ahead | null {
    const ahead: Ahead[] = [];
    const add = (at: number | null | undefined, happens: () => void): void => {
      if (at !== null && at !== undefined) ahead.push({ at, happens });
    };
    if (!this.isOver) {
      add(this.pause?.until, () => (this.pause = null));
      add(this.cycle.end, () => this.close());
      add(this.cycle.firstEnd, () => this.renew());
    }
    for (const invoice of this.invoices.all) {
      add(invoice.finalizesAt, () => this.invoices.finalize(invoice));
    }
    return ahead.reduce<Ahead | null>(
      (first, one) => (first === null || one.at < first.at ? one : first),
      null,
    );
  }

  private begin(): void {
    const { prorating, fee, collection } = this.history;
    const lines = this.cycle.items.flatMap((item) => {
      if (this.isTrialing) {
        this.cycle.enter(item, this.now);
        return [this.entryOf(item, 0n, { isDiscountable: false, isProration: false })];
      }
      const first = this.enter(item);
      // The time to the first boundary is free, where it is not prorated.
      return prorating === 'none' && first.some(({ isProration }) => isProration) ? [] : first;
    });
    if (fee !== null) this.addOnce('fee', fee, true, this.cycle.firstEnd);
    const finalizesAt = collection === 'send_invoice' ? this.now + DRAFT : this.now;
    this.bill('subscription_create', this.now, lines, { finalizesAt });
  }

  /** The periods that are over, of one item or of several. */
  private renew(): void {
    const over = this.cycle.items.filter(({ end }) => end === this.now);
    const start = Math.min(...over.map((item) => item.start));
    this.bill(
      'subscription_cycle',
      start,
      over.flatMap((item) => this.enter(item)),
    );
  }

  private close(): void {
    this.invoices.stop();
    // A trial that leads to nothing is not billed for.
    if (this.now > this.cycle.trialEnd) this.billLast();
    this.isOver = true;
  }

  /** The last invoice has what waits for one of this subscription. */
  private billLast(): void {
    const waiting = this.ledger.waiting().filter(({ isOwn }) => isOwn);
    this.bill('subscription_cycle', this.cycle.firstStart, [], { waiting });
  }

  private get isTrialing(): boolean {
    return this.now < this.cycle.trialEnd;
  }

  /** An item begins a period now, which may be cut short: what that costs. */
  private enter(item: SoldItem): Entry[] {
    const full = this.cycle.enter(item, this.now);
    const isProration = item.start > full.start || item.end < full.end;
    return linesOf(item.offer, item.quantity).map((amount) =>
      this.entryOf(item, share(amount, item, full), { isDiscountable: true, isProration }),
    );
  }

  // What somebody does

  /** Whether it could be done. */
  act(deed: Deed): boolean {
    const isPossible = !this.isOver && this.allows(deed);
    if (isPossible) this.do(deed);
    return isPossible;
  }

  private allows(deed: Deed): boolean {
    const isTrial = this.isTrialing;
    switch (deed.does) {
      case 'change_item': {
        const others = this.cycle.items.filter(({ key }) => key !== deed.item);
        const item = this.cycle.item(deed.item);
        if (item === undefined || (isTrial && deed.prorating === 'always_invoice')) return false;
        if (others.some(({ offer }) => offer === deed.offer)) return false;
        return others.length === 0 || isSame(item.offer.every, deed.offer.every);
      }
      case 'add_item': {
        const { offer: wanted } = deed.wish;
        if (isTrial || this.cycle.items.some(({ offer }) => offer === wanted)) return false;
        return this.cycle.items.every(({ offer }) => isSame(offer.every, wanted.every));
      }
      case 'remove_item':
        if (isTrial || this.cycle.items.length < 2) return false;
        return this.cycle.item(deed.item) !== undefined;
      case 'reset_cycle':
        return !isTrial;
      case 'end_trial':
        return isTrial;
      case 'cancel_at':
        return !isTrial && this.cycle.cancelAt === null;
      case 'cancel_at_period_end':
        return this.cycle.cancelAt === null;
      case 'take_back':
        return this.cycle.cancelAt !== null;
      default:
        return true;
    }
  }

  private do(deed: Deed): void {
    switch (deed.does) {
      case 'change_item':
        return this.changeItem(deed);
      case 'add_item': {
        const { start, end } = this.cycle.items[0]!;
        const item = { ...deed.wish, key: this.made++, start, end };
        return this.change([item.key], deed, () => this.cycle.items.push(item));
      }
      case 'remove_item':
        return this.change([deed.item], deed, () => {
          this.cycle.items = this.cycle.items.filter(({ key }) => key !== deed.item);
        });
      case 'reset_cycle':
        return this.change([], { ...deed, beginsAnew: true });
      case 'end_trial':
        this.cycle.trialEnd = this.now;
        return this.change([], { prorating: 'none', beginsAnew: true });
      case 'charge_once':
        return this.addOnce('charge', deed.amount, deed.isOwn, this.now);
      case 'set_coupons':
        this.coupons = this.redeemed(deed.coupons);
        return undefined;
      case 'set_rates':
        this.rates = deed.rates;
        return undefined;
      case 'pause': {
        const until = deed.days === null ? null : this.now + deed.days * DAY;
        this.pause = { behavior: deed.behavior, until };
        return undefined;
      }
      case 'unpause':
        this.pause = null;
        return undefined;
      case 'cancel_at_period_end':
        return this.moveEnd('period_end', deed.prorating);
      case 'cancel_at':
        return this.moveEnd(this.now + deed.seconds, deed.prorating);
      case 'take_back':
        return this.moveEnd(null, deed.prorating);
      case 'cancel':
        return this.cancel(deed);
    }
  }

  private changeItem(deed: Extract<Deed, { does: 'change_item' }>): void {
    const item = this.cycle.item(deed.item)!;
    if (item.offer === deed.offer && item.quantity === deed.quantity) return;
    const isOther = !isSame(item.offer.every, deed.offer.every);
    this.change([item.key], { ...deed, beginsAnew: isOther && !this.isTrialing }, () => {
      item.offer = deed.offer;
      item.quantity = deed.quantity;
    });
  }

  /**
   * Items change, by `make`: what was paid ahead for them is given back, and what comes instead is
   * charged for. Where the billing cycle begins anew, that is a whole period of all, at once.
   */
  private change(
    changed: readonly number[],
    how: { prorating: Prorating; beginsAnew?: boolean; looksBack?: number },
    make: () => void = () => undefined,
  ): void {
    const { prorating, beginsAnew = false, looksBack = 0 } = how;
    const isProrated = prorating !== 'none' && !this.isTrialing;
    const at = this.now - Math.floor((this.now - this.cycle.lastStart) * looksBack);
    const [start, size] = [this.cycle.firstStart, this.ledger.size];
    const credited = beginsAnew ? this.cycle.items.map(({ key }) => key) : changed;
    if (isProrated) for (const key of credited) this.ledger.giveBack(key, at);
    make();
    if (beginsAnew) {
      this.cycle.reset(this.now);
      const lines = this.cycle.items.flatMap((item) => this.enter(item));
      return this.bill('subscription_update', start, lines, { finalizesAt: this.now });
    }
    for (const item of this.cycle.items) {
      const isChanged = changed.includes(item.key);
      // An item that goes may take the first end of the periods, and of the subscription, along.
      if (!isChanged && this.cycle.cutEnd(item) !== item.end) this.moveItem(item, prorating);
      item.end = this.cycle.cutEnd(item);
      if (isChanged && isProrated) this.charge(item, at);
    }
    if (prorating === 'always_invoice') this.invoiceAtOnce(start, size);
  }

  /** Where anything came of it: the ledger is longer than it was. */
  private invoiceAtOnce(start: number, size: number): void {
    if (this.ledger.size === size) return;
    this.bill('subscription_update', start, [], { finalizesAt: this.now });
  }

  /** The subscription is to end at another time, or not at all: the periods follow. */
  private moveEnd(cancelAt: number | 'period_end' | null, prorating: Prorating): void {
    const [start, size] = [this.cycle.firstStart, this.ledger.size];
    this.cycle.cancelAt = cancelAt;
    for (const item of this.cycle.items) this.moveItem(item, prorating);
    if (prorating === 'always_invoice') this.invoiceAtOnce(start, size);
  }

  private moveItem(item: SoldItem, prorating: Prorating): void {
    const paidUntil = this.ledger.paidUntil(item.key, this.now);
    item.end = this.cycle.cutEnd(item);
    if (prorating === 'none' || paidUntil === null || this.isTrialing) return;
    if (item.end < paidUntil) this.ledger.giveBack(item.key, item.end);
    else this.charge(item, paidUntil);
  }

  private cancel({ prorates, invoicesNow }: Extract<Deed, { does: 'cancel' }>): void {
    this.invoices.stop();
    if (prorates) for (const { key } of this.cycle.items) this.ledger.giveBack(key, this.now);
    if (invoicesNow) this.billLast();
    if (!prorates && !invoicesNow) this.ledger.dropProrations();
    this.isOver = true;
  }

  // What it costs

  /** What the whole period would cost after discounts, times the share of it from `start` on. */
  private charge(item: SoldItem, start: number): void {
    const lines = this.cycle.items.flatMap((one) =>
      linesOf(one.offer, one.quantity).map((amount) => ({ one, amount, isDiscountable: true })),
    );
    const discounts = discountsOf(lines, this.active());
    const its = lines.map(({ one, amount }, index) =>
      one === item ? amount - discounts[index]! : 0n,
    );
    const amount = share(sum(its), { start, end: item.end }, this.cycle.full(item));
    if (amount === 0n) return;
    const entry = this.entryOf(item, amount, { isDiscountable: false, isProration: true });
    this.ledger.add({ ...entry, start });
  }

  private entryOf(
    { key, offer, rates, start, end }: SoldItem,
    amount: bigint,
    kind: Pick<Entry, 'isDiscountable' | 'isProration'>,
  ): Entry {
    return {
      item: key,
      what: offer.name,
      amount,
      start,
      end,
      ...kind,
      isOwn: true,
      of: null,
      discount: 0n,
      invoice: null,
      rates: rates.length === 0 ? null : rates,
    };
  }

  private addOnce(what: string, pence: number, isOwn: boolean, end: number): void {
    this.ledger.add({
      item: null,
      what,
      amount: BigInt(pence),
      start: this.now,
      end,
      isOwn,
      isProration: false,
      isDiscountable: pence > 0,
      of: null,
      rates: null,
      discount: 0n,
      invoice: null,
    });
  }

  private redeemed(coupons: readonly Coupon[]) {
    return coupons.map((coupon) => ({
      coupon,
      until:
        typeof coupon.lasts === 'number'
          ? boundaryAfter(this.now, { unit: 'month', count: coupon.lasts }, this.now)
          : Infinity,
    }));
  }

  private active(): Coupon[] {
    return this.coupons.filter(({ until }) => until > this.now).map(({ coupon }) => coupon);
  }

  /** What waits is on it too; where there is nothing to say, there is no invoice. */
  private bill(
    reason: Bill['reason'],
    start: number,
    lines: readonly Entry[],
    {
      waiting = this.ledger.waiting(),
      finalizesAt = this.now + DRAFT,
    }: { waiting?: readonly Entry[]; finalizesAt?: number } = {},
  ): void {
    if (waiting.length + lines.length === 0) return;
    this.ledger.add(...lines);
    this.invoices.make([...waiting, ...lines], {
      at: this.now,
      reason,
      finalizesAt,
      rates: this.rates,
      period: { start, end: this.now },
      coupons: this.active(),
      pause: this.pause?.behavior ?? null,
    });
    // Where it asks for nothing but prorations, no discount was used.
    if (reason === 'subscription_update' && lines.length === 0) return;
    this.coupons = this.coupons.filter(
      ({ coupon, until }) => until > this.now && coupon.lasts !== 'once',
    );
  }
}

const isSame = (one: Every, other: Every): boolean =>
  one.unit === other.unit && one.count === other.count;
