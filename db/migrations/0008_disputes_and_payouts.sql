CREATE TABLE "disputes" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"brand" text NOT NULL,
	"case_type" text NOT NULL,
	"charge" text collate "C" NOT NULL,
	"currency" text NOT NULL,
	"due_at" bigint,
	"due_by" bigint NOT NULL,
	"evidence" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"network_reason_code" text,
	"payment_intent" text collate "C",
	"reason" text NOT NULL,
	"reinstatement" text collate "C",
	"submission_count" integer NOT NULL,
	"test_clock" text collate "C",
	"withdrawal" text collate "C",
	"created" bigint NOT NULL,
	CONSTRAINT "disputes_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "disputes_amount_positive" CHECK ("disputes"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "disputes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "early_fraud_warnings" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"actionable" boolean NOT NULL,
	"charge" text collate "C" NOT NULL,
	"fraud_type" text NOT NULL,
	"payment_intent" text collate "C",
	"created" bigint NOT NULL,
	CONSTRAINT "early_fraud_warnings_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "early_fraud_warnings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "payouts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"arrival_date" bigint NOT NULL,
	"balance_transaction" text collate "C" NOT NULL,
	"currency" text NOT NULL,
	"description" text,
	"due_at" bigint,
	"failure_balance_transaction" text collate "C",
	"failure_code" text,
	"failure_message" text,
	"metadata" jsonb NOT NULL,
	"statement_descriptor" text,
	"created" bigint NOT NULL,
	CONSTRAINT "payouts_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "payouts_amount_positive" CHECK ("payouts"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "payouts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "simulator_sequels" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"due_at" bigint,
	CONSTRAINT "simulator_sequels_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "simulator_sequels" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "withdrawn" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_charge_fkey" FOREIGN KEY ("project_id","livemode","charge") REFERENCES "public"."charges"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "disputes" ADD CONSTRAINT "disputes_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "early_fraud_warnings" ADD CONSTRAINT "early_fraud_warnings_charge_fkey" FOREIGN KEY ("project_id","livemode","charge") REFERENCES "public"."charges"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "early_fraud_warnings" ADD CONSTRAINT "early_fraud_warnings_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "disputes_project_id_status_idx" ON "disputes" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "disputes_charge_idx" ON "disputes" USING btree ("project_id","livemode","charge","id");--> statement-breakpoint
CREATE INDEX "disputes_payment_intent_idx" ON "disputes" USING btree ("project_id","livemode","payment_intent","id");--> statement-breakpoint
CREATE INDEX "disputes_created_idx" ON "disputes" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "disputes_due_idx" ON "disputes" USING btree ("due_at") WHERE ("disputes"."due_at" is not null and "disputes"."test_clock" is null);--> statement-breakpoint
CREATE INDEX "disputes_due_on_clock_idx" ON "disputes" USING btree ("project_id","livemode","test_clock","due_at") WHERE ("disputes"."due_at" is not null and "disputes"."test_clock" is not null);--> statement-breakpoint
CREATE INDEX "early_fraud_warnings_charge_idx" ON "early_fraud_warnings" USING btree ("project_id","livemode","charge","id");--> statement-breakpoint
CREATE INDEX "early_fraud_warnings_payment_intent_idx" ON "early_fraud_warnings" USING btree ("project_id","livemode","payment_intent","id");--> statement-breakpoint
CREATE INDEX "early_fraud_warnings_created_idx" ON "early_fraud_warnings" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "payouts_project_id_status_idx" ON "payouts" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "payouts_arrival_date_idx" ON "payouts" USING btree ("project_id","livemode","arrival_date","id");--> statement-breakpoint
CREATE INDEX "payouts_created_idx" ON "payouts" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "payouts_due_idx" ON "payouts" USING btree ("due_at") WHERE "payouts"."due_at" is not null;--> statement-breakpoint
CREATE INDEX "simulator_sequels_due_idx" ON "simulator_sequels" USING btree ("due_at") WHERE "simulator_sequels"."due_at" is not null;--> statement-breakpoint
CREATE POLICY "disputes_tenant" ON "disputes" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "early_fraud_warnings_tenant" ON "early_fraud_warnings" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "payouts_tenant" ON "payouts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "simulator_sequels_tenant" ON "simulator_sequels" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));