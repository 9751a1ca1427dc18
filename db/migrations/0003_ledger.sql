CREATE TABLE "balance_deltas" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"available_on" bigint NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "balance_deltas_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "balance_deltas" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "balance_totals" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"available_on" bigint NOT NULL,
	"currency" text NOT NULL,
	CONSTRAINT "balance_totals_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "balance_totals" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "ledger_entries" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"available_on" bigint NOT NULL,
	"balance_transaction" text collate "C" NOT NULL,
	"credit" text NOT NULL,
	"currency" text NOT NULL,
	"debit" text NOT NULL,
	"kind" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "ledger_entries_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "ledger_entries_amount_positive" CHECK ("ledger_entries"."amount" > 0),
	CONSTRAINT "ledger_entries_two_accounts" CHECK ("ledger_entries"."debit" <> "ledger_entries"."credit")
);
--> statement-breakpoint
ALTER TABLE "ledger_entries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
DROP INDEX "balance_transactions_available_on_idx";--> statement-breakpoint
ALTER TABLE "ledger_entries" ADD CONSTRAINT "ledger_entries_balance_transaction_fkey" FOREIGN KEY ("project_id","livemode","balance_transaction") REFERENCES "public"."balance_transactions"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "balance_transactions_currency_idx" ON "balance_transactions" USING btree ("project_id","livemode","currency","id");--> statement-breakpoint
ALTER TABLE "balance_transactions" ADD CONSTRAINT "balance_transactions_net" CHECK ("balance_transactions"."net" = "balance_transactions"."amount" - "balance_transactions"."fee");--> statement-breakpoint
CREATE POLICY "balance_deltas_tenant" ON "balance_deltas" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "balance_totals_tenant" ON "balance_totals" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "ledger_entries_tenant" ON "ledger_entries" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
-- What was posted before there were books. The owner does this: policies bind it where they are forced.
ALTER TABLE "balance_transactions" NO FORCE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO "ledger_entries" ("project_id", "livemode", "id", "amount", "available_on", "balance_transaction", "credit", "currency", "debit", "kind", "created")
SELECT "project_id", "livemode", 'le_' || substr("id", length('txn_') + 1), abs("net"), "available_on" - "available_on" % 86400, "id",
  CASE WHEN "net" > 0 THEN 'balance' ELSE 'refunds' END,
  "currency",
  CASE WHEN "net" < 0 THEN 'balance' WHEN "type" = 'charge' THEN 'processor_receivable' ELSE 'refunds' END,
  "type", "created"
FROM "balance_transactions" WHERE "net" <> 0;--> statement-breakpoint
INSERT INTO "balance_totals" ("project_id", "livemode", "id", "amount", "available_on", "currency")
SELECT "project_id", "livemode", "currency" || '/' || "day", sum("net"), "day", "currency"
FROM (SELECT *, "available_on" - "available_on" % 86400 AS "day" FROM "balance_transactions") "posted"
GROUP BY "project_id", "livemode", "currency", "day";--> statement-breakpoint
ALTER TABLE "balance_transactions" FORCE ROW LEVEL SECURITY;
