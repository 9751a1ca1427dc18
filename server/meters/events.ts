/**
 * Meter events are usage as it is reported: each counts once, by its identifier, in the period that
 * its timestamp is in. https://docs.stripe.com/api/billing/meter-event
 *
 * Stripe takes an event and finds out later whether it can count it. Here the answer says so, with
 * the codes of Stripe's later reports:
 * https://docs.stripe.com/billing/subscriptions/usage-based/recording-usage-api
 */
import type { Scope } from '@/server/kernel/context';
import { requireCustomer } from '@/server/customers';
import {
  meterEventExists,
  parameterInvalid,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { onClock } from '@/server/test_clocks';
import { toAdjustment, toMeterEvent } from './object';
import { CreateAdjustment, CreateMeterEvent } from './params';
import * as store from './store';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const create = command({
  route: 'POST /v1/billing/meter_events',
  summary: 'Reports usage of a customer. What is reported again under its identifier is refused.',
  input: CreateMeterEvent,
  async run(tx, { event_name, identifier, payload, timestamp }) {
    const meter = await requireMeterOf(tx, event_name);
    const who = `payload[${meter.customer_key}]`;
    const id = payload[meter.customer_key];
    if (id === undefined) {
      throw parameterInvalid(
        `The payload does not say whose usage it is: ${who} must be a customer.`,
        who,
        'meter_event_no_customer_defined',
      );
    }
    const customer = await requireCustomer(tx, id, who);
    const now = unix((await onClock(tx, customer.test_clock)).now);
    assertRecent(timestamp ?? now, now);
    const eventId = newId('meter_event');
    const row = await store.insertEvent(tx, {
      id: eventId,
      meter: meter.id,
      event_name,
      customer: customer.id,
      identifier: identifier ?? eventId,
      payload,
      value: valueOf(meter, payload),
      timestamp: timestamp ?? now,
      canceled_at: null,
      created: unix(tx.now),
    });
    if (row === null) throw meterEventExists(identifier ?? eventId);
    return toMeterEvent(row);
  },
});

async function requireMeterOf(scope: Scope, eventName: string): Promise<store.MeterRow> {
  const meter = await store.findByEventName(scope, eventName);
  if (meter === null) {
    throw parameterInvalid(`No meter has the event name ${eventName}.`, 'event_name', 'no_meter');
  }
  if (meter.status !== 'active') {
    throw parameterInvalid(
      `The meter with the event name ${eventName} is inactive.`,
      'event_name',
      'archived_meter',
    );
  }
  return meter;
}

/** Fifteen digits, and twelve decimals: what an invoice line can show as its quantity. */
const VALUE = /^-?\d{1,15}(\.\d{1,12})?$/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** Where events are counted, each is one, whatever it says. Less than nothing takes usage back. */
function valueOf(meter: store.MeterRow, payload: Readonly<Record<string, string>>): string {
  if (meter.aggregation === 'count') return '1';
  const param = `payload[${meter.value_key}]`;
  const value = payload[meter.value_key] ?? '';
  if (VALUE.test(value)) return value;
  throw NUMBER.test(value)
    ? parameterInvalid(
        `${param} can have up to 15 digits and 12 decimal places.`,
        param,
        'meter_event_value_too_many_digits',
      )
    : parameterInvalid(`${param} must be a number.`, param, 'meter_event_invalid_value');
}

const OLDEST = 35 * DAY;
/** For clocks that do not agree. */
const AHEAD = 5 * MINUTE;

function assertRecent(timestamp: number, now: number): void {
  if (timestamp < now - OLDEST) {
    throw parameterInvalid(
      `The event timestamp cannot be more than 35 days in past. Expected a timestamp greater than or equal to ${now - OLDEST}.`,
      'timestamp',
      'timestamp_too_far_in_past',
    );
  }
  if (timestamp > now + AHEAD) {
    throw parameterInvalid(
      `The event timestamp cannot be more than 5 minutes in the future. Expected a timestamp less than or equal to ${now + AHEAD}.`,
      'timestamp',
      'timestamp_in_future',
    );
  }
}

/** How long after it was received, by the wall clock. */
const CANCELABLE = 24 * HOUR;

/** What was billed already stays as it was billed. */
export const adjust = command({
  route: 'POST /v1/billing/meter_event_adjustments',
  answers: 'billing.meter_event_adjustment',
  summary: 'Takes a meter event back, within 24 hours of reporting it.',
  input: CreateAdjustment,
  async run(tx, { event_name, cancel: { identifier } }) {
    const param = 'cancel[identifier]';
    const before = await store.lockEvent(tx, event_name, identifier);
    if (before === null) throw resourceMissing('billing_meter_event', identifier, param);
    if (before.canceled_at !== null) {
      throw requestInvalid(`The meter event ${identifier} is canceled already.`);
    }
    const now = unix(tx.now);
    if (now - before.created > CANCELABLE) {
      throw parameterInvalid(
        `The meter event ${identifier} was received more than 24 hours ago and can no longer be canceled.`,
        param,
      );
    }
    return toAdjustment(store.updateEvent(tx, before, { canceled_at: now }));
  },
});
