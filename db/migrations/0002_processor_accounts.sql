CREATE TABLE "processor_accounts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"processor" text NOT NULL,
	"merchant_id" text NOT NULL,
	"secret" text NOT NULL,
	"password" text,
	"base_url" text NOT NULL,
	"three_d_secure" boolean NOT NULL,
	"country" text NOT NULL,
	"merchant_category_code" text,
	"callback_token" text NOT NULL,
	"revision" integer NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "processor_accounts_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "processor_accounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "processor_account" text collate "C";--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "processor_account" text collate "C";--> statement-breakpoint
CREATE INDEX "processor_accounts_project_id_status_idx" ON "processor_accounts" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "processor_accounts_callback_token_idx" ON "processor_accounts" USING btree ("callback_token");--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD CONSTRAINT "processor_attempts_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "processor_accounts_tenant" ON "processor_accounts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));