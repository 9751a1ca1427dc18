CREATE TABLE "confirmation_tokens" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"payment_method" text collate "C" NOT NULL,
	"return_url" text,
	"setup_future_usage" text,
	"shipping" jsonb,
	"payment_intent" text collate "C",
	"setup_intent" text collate "C",
	"expires_at" bigint NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "confirmation_tokens_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "confirmation_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "confirmation_tokens" ADD CONSTRAINT "confirmation_tokens_payment_method_fkey" FOREIGN KEY ("project_id","livemode","payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "confirmation_tokens_tenant" ON "confirmation_tokens" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));