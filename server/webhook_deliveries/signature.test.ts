import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { sign, standardHeaders } from './signature';

const stripe = new Stripe('sk_test_000000000000000000000000');
const OLD = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const NEW = 'whsec_0Zk3bYQe7tXw2LmN8pRs5uVa1cDf4gHj';
const BODY = '{"id":"evt_1","object":"event","type":"customer.created"}';
/** Unix seconds. */
const SIGNED_AT = 1_735_689_600;
const TOLERANCE_S = 300;

/** What the official SDK makes of a delivery that arrives `ageS` seconds after it was signed. */
const receive = (body: string, header: string, secret: string, ageS = 0): Stripe.Event =>
  stripe.webhooks.constructEvent(
    body,
    header,
    secret,
    TOLERANCE_S,
    undefined,
    (SIGNED_AT + ageS) * 1000,
  );

describe('sign', () => {
  it('is accepted by the official SDK', () => {
    const header = sign(BODY, [OLD], SIGNED_AT);
    expect(header).toMatch(/^t=1735689600,v1=[0-9a-f]{64}$/);
    expect(receive(BODY, header, OLD).id).toBe('evt_1');
  });

  it('writes the header that the official SDK writes for its users’ tests', () => {
    const theirs = stripe.webhooks.generateTestHeaderString({
      payload: BODY,
      secret: OLD,
      timestamp: SIGNED_AT,
    });
    expect(sign(BODY, [OLD], SIGNED_AT)).toBe(theirs);
  });

  it('is accepted with either secret while one is rolled', () => {
    const header = sign(BODY, [NEW, OLD], SIGNED_AT);
    expect(header.match(/,v1=/g)).toHaveLength(2);
    expect(receive(BODY, header, OLD).id).toBe('evt_1');
    expect(receive(BODY, header, NEW).id).toBe('evt_1');
  });

  it('signs the bytes of a body beyond ASCII', () => {
    const body = '{"id":"evt_1","object":"event","name":"Zoë 山田 😀 \\u2028"}';
    const bytes = Buffer.from(body);
    const event = stripe.webhooks.constructEvent(
      bytes,
      sign(body, [OLD], SIGNED_AT),
      OLD,
      TOLERANCE_S,
      undefined,
      SIGNED_AT * 1000,
    );
    expect(event.id).toBe('evt_1');
  });

  it('is refused for a body that was altered on the way', () => {
    const header = sign(BODY, [OLD], SIGNED_AT);
    expect(() => receive(BODY.replace('evt_1', 'evt_2'), header, OLD)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });

  it('is refused with the secret of another endpoint', () => {
    expect(() => receive(BODY, sign(BODY, [OLD], SIGNED_AT), NEW)).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
  });

  it('is refused once it is older than the tolerance, and not before', () => {
    const header = sign(BODY, [OLD], SIGNED_AT);
    expect(receive(BODY, header, OLD, TOLERANCE_S).id).toBe('evt_1');
    expect(() => receive(BODY, header, OLD, TOLERANCE_S + 1)).toThrow(/outside the tolerance zone/);
  });

  it('is refused when its timestamp is freshened by somebody without the secret', () => {
    const header = sign(BODY, [OLD], SIGNED_AT).replace(`${SIGNED_AT}`, `${SIGNED_AT + 600}`);
    expect(() => receive(BODY, header, OLD, 600)).toThrow(/No signatures found/);
  });
});

describe('standardHeaders', () => {
  it('gives the signature that the reference libraries publish as their test vector', () => {
    const headers = standardHeaders(
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '{"test": 2432232314}',
      [OLD],
      1_614_265_330,
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('lists one signature a secret, parted by spaces, while one is rolled', () => {
    const both = standardHeaders('evt_1', BODY, [NEW, OLD], SIGNED_AT)['webhook-signature'];
    const alone = [NEW, OLD].map(
      (secret) => standardHeaders('evt_1', BODY, [secret], SIGNED_AT)['webhook-signature'],
    );
    expect(both).toBe(alone.join(' '));
    expect(new Set(alone).size).toBe(2);
  });
});
