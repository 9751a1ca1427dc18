import { and, eq, gt, gte, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { coupons, promotion_codes } from '@/db/schema/coupons';
import { customers } from '@/db/schema/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { pageOf, within } from '@/server/kernel/page';
import type { ListPromotionCodes } from './params';

export type PromotionCodeRow = typeof promotion_codes.$inferSelect;

const rows = rowsOf(promotion_codes);
export const { insert, find, findAll, lock, update } = rows;

/** As `lock`, of several. In the order of their ids, so that two who want the same never cross. */
export async function lockAll(tx: Tx, ids: readonly string[]): Promise<PromotionCodeRow[]> {
  if (ids.length === 0) return [];
  const text = `select ${rows.columns} from promotion_codes where id = any($1) order by id for no key update`;
  return (await tx.lookUp(text, [ids])).map(rows.toRow);
}

const spelled = (code: string): SQL => sql`lower(${promotion_codes.code}) = ${code.toLowerCase()}`;

/**
 * Whether a customer would have the choice between two codes that are written the same. Whoever else
 * wants the code waits until this transaction ends.
 *
 * @param id of the code that asks, which does not stand in its own way.
 */
export async function isTaken(
  tx: Tx,
  { id, code, customer }: Pick<PromotionCodeRow, 'id' | 'code' | 'customer'>,
): Promise<boolean> {
  const lock = 'select pg_advisory_xact_lock(hashtextextended($1, 0))';
  tx.write(lock, [`promotion_codes.code:${code.toLowerCase()}`]);
  const found = await tx.db
    .select({ id: promotion_codes.id })
    .from(promotion_codes)
    .where(
      and(
        spelled(code),
        sql`${promotion_codes.id} <> ${id}`,
        customer === null
          ? undefined
          : or(isNull(promotion_codes.customer), eq(promotion_codes.customer, customer)),
        active(unix(tx.now)),
      ),
    )
    .limit(1);
  return found.length > 0;
}

/** What `isActive` of `object.ts` says, for the database. */
function active(now: number): SQL | undefined {
  const { status, expires_at, max_redemptions, times_redeemed } = promotion_codes;
  const coupon = and(
    eq(coupons.id, promotion_codes.coupon),
    eq(coupons.status, 'active'),
    or(isNull(coupons.redeem_by), gte(coupons.redeem_by, now)),
    or(isNull(coupons.max_redemptions), lt(coupons.times_redeemed, coupons.max_redemptions)),
  );
  return and(
    eq(status, 'active'),
    or(isNull(expires_at), gt(expires_at, now)),
    or(isNull(max_redemptions), lt(times_redeemed, max_redemptions)),
    sql`exists (select 1 from ${coupons} where ${coupon})`,
  );
}

export const page = (scope: Scope, params: ListPromotionCodes) =>
  pageOf<PromotionCodeRow>(
    scope,
    { table: promotion_codes, rows, object: 'promotion_code' },
    params,
    params.code === undefined ? undefined : spelled(params.code),
    params.active === undefined ? undefined : isIt(params.active, active(unix(scope.now))),
    whenGiven(promotion_codes.coupon, params.coupon),
    whenGiven(promotion_codes.customer, params.customer),
    within(promotion_codes.created, params.created),
  );

const isIt = (wanted: boolean, condition: SQL | undefined): SQL | undefined =>
  wanted ? condition : sql`not (${condition})`;

/** Customers come after codes in the order of domains, so all that is asked is if it is there. */
export async function isCustomer(scope: Scope, id: string): Promise<boolean> {
  const found = await scope.db
    .select({ id: customers.id })
    .from(customers)
    .where(and(eq(customers.id, id), eq(customers.status, 'active')))
    .limit(1);
  return found.length > 0;
}
