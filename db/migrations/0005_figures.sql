CREATE TABLE "figure_marks" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"until" text collate "C" NOT NULL,
	"time_zone" text NOT NULL,
	CONSTRAINT "figure_marks_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "figure_marks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "figures" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"period" text NOT NULL,
	"kind" text NOT NULL,
	"currency" text NOT NULL,
	"amount" bigint NOT NULL,
	"net" bigint NOT NULL,
	"occurrences" bigint NOT NULL,
	CONSTRAINT "figures_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "figures" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscription_values" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"customer" text collate "C" NOT NULL,
	"currency" text NOT NULL,
	"mrr" bigint NOT NULL,
	CONSTRAINT "subscription_values_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "subscription_values" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "subscription_values_customer_idx" ON "subscription_values" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "payment_intents_failed_idx" ON "payment_intents" USING btree ("project_id","livemode","created","currency") WHERE "payment_intents"."status" = 'requires_payment_method' and "payment_intents"."last_payment_error" is not null;--> statement-breakpoint
CREATE POLICY "figure_marks_tenant" ON "figure_marks" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "figures_tenant" ON "figures" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "subscription_values_tenant" ON "subscription_values" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));