ALTER TABLE "payment_methods" ADD COLUMN "processor_account" text collate "C";--> statement-breakpoint
ALTER TABLE "payment_methods" ADD COLUMN "agreements" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "agreement" text DEFAULT 'none' NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "initiator" text DEFAULT 'customer' NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "previous" text;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "request_three_d_secure" text DEFAULT 'automatic' NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "billing" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "browser" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "step" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "answer" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "refundable" bigint;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "kept" jsonb;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_processor_account_fkey" FOREIGN KEY ("project_id","livemode","processor_account") REFERENCES "public"."processor_accounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;