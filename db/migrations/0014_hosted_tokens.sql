ALTER TABLE "processor_attempts" ADD COLUMN "token" text collate "C";--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "processor_account" text collate "C";--> statement-breakpoint
ALTER TABLE "tokens" ADD COLUMN "agreements" jsonb;--> statement-breakpoint
ALTER TABLE "tokens" ADD CONSTRAINT "tokens_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;