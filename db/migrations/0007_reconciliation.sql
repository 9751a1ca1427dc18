CREATE TABLE "processor_callbacks" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"processor_account" text collate "C" NOT NULL,
	"reference" text,
	"transaction" text NOT NULL,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"response_code" text NOT NULL,
	"digest" text NOT NULL,
	"fields" jsonb NOT NULL,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "processor_callbacks_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "processor_callbacks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reconciliation_items" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"kind" text NOT NULL,
	"processor_account" text collate "C",
	"processor_attempt" text collate "C",
	"payment_intent" text collate "C",
	"setup_intent" text collate "C",
	"charge" text collate "C",
	"refund" text collate "C",
	"transaction" text,
	"amount" bigint,
	"processor_amount" bigint,
	"currency" text,
	"state" text,
	"processor_state" text,
	"settlement_file" text collate "C",
	"line" integer,
	"subject" text NOT NULL,
	"resolution" text,
	"resolved_by" text,
	"note" text,
	"resolved_at" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "reconciliation_items_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "reconciliation_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "settlement_files" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"processor_account" text collate "C" NOT NULL,
	"name" text,
	"digest" text NOT NULL,
	"lines" integer NOT NULL,
	"matched" integer NOT NULL,
	"differences" integer NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "settlement_files_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "settlement_files" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "settlement_lines" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"settlement_file" text collate "C" NOT NULL,
	"line" integer NOT NULL,
	"transaction" text NOT NULL,
	"reference" text,
	"action" text NOT NULL,
	"state" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"charge" text collate "C",
	"refund" text collate "C",
	CONSTRAINT "settlement_lines_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "settlement_lines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "arrived_as" text;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "decision" jsonb;--> statement-breakpoint
ALTER TABLE "processor_callbacks" ADD CONSTRAINT "processor_callbacks_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_processor_attempt_fkey" FOREIGN KEY ("project_id","livemode","processor_attempt") REFERENCES "public"."processor_attempts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_charge_fkey" FOREIGN KEY ("project_id","livemode","charge") REFERENCES "public"."charges"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_refund_fkey" FOREIGN KEY ("project_id","livemode","refund") REFERENCES "public"."refunds"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliation_items" ADD CONSTRAINT "reconciliation_items_settlement_file_fkey" FOREIGN KEY ("project_id","livemode","settlement_file") REFERENCES "public"."settlement_files"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlement_files" ADD CONSTRAINT "settlement_files_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "settlement_lines" ADD CONSTRAINT "settlement_lines_settlement_file_fkey" FOREIGN KEY ("project_id","livemode","settlement_file") REFERENCES "public"."settlement_files"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "processor_callbacks_told_once" ON "processor_callbacks" USING btree ("project_id","livemode","processor_account","transaction","state","digest");--> statement-breakpoint
CREATE INDEX "processor_callbacks_reference_idx" ON "processor_callbacks" USING btree ("project_id","livemode","reference");--> statement-breakpoint
CREATE INDEX "reconciliation_items_project_id_status_idx" ON "reconciliation_items" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "reconciliation_items_kind_idx" ON "reconciliation_items" USING btree ("project_id","livemode","kind","id");--> statement-breakpoint
CREATE INDEX "reconciliation_items_settlement_file_idx" ON "reconciliation_items" USING btree ("project_id","livemode","settlement_file","id");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_items_raised_once" ON "reconciliation_items" USING btree ("project_id","livemode","kind","subject");--> statement-breakpoint
CREATE UNIQUE INDEX "reconciliation_items_open_attempt" ON "reconciliation_items" USING btree ("project_id","livemode","processor_attempt") WHERE "reconciliation_items"."status" = 'open';--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_files_once" ON "settlement_files" USING btree ("project_id","livemode","processor_account","digest");--> statement-breakpoint
CREATE UNIQUE INDEX "settlement_lines_once" ON "settlement_lines" USING btree ("project_id","livemode","settlement_file","line");--> statement-breakpoint
CREATE INDEX "settlement_lines_charge_idx" ON "settlement_lines" USING btree ("project_id","livemode","charge");--> statement-breakpoint
CREATE INDEX "settlement_lines_refund_idx" ON "settlement_lines" USING btree ("project_id","livemode","refund");--> statement-breakpoint
CREATE INDEX "charges_processor_transaction_idx" ON "charges" USING btree ("project_id","livemode","processor_transaction","id");--> statement-breakpoint
CREATE INDEX "processor_attempts_open_transaction_idx" ON "processor_attempts" USING btree ("project_id","livemode","transaction") WHERE "processor_attempts"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "refunds_processor_transaction_idx" ON "refunds" USING btree ("project_id","livemode","processor_transaction","id");--> statement-breakpoint
CREATE POLICY "processor_callbacks_tenant" ON "processor_callbacks" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "reconciliation_items_tenant" ON "reconciliation_items" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "settlement_files_tenant" ON "settlement_files" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "settlement_lines_tenant" ON "settlement_lines" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));