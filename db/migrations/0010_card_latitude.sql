ALTER TABLE "charges" DROP CONSTRAINT "charges_captured_within_authorized";--> statement-breakpoint
ALTER TABLE "charges" DROP CONSTRAINT "charges_refunded_within_amount";--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "granted" jsonb;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "amount_maximum" bigint;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "use_stripe_sdk" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "authentication" jsonb;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "latitudes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "final" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "simulator_transactions" ADD COLUMN "latitudes" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_captured_within_authorized" CHECK ("charges"."amount_captured" between 0 and coalesce("charges"."amount_maximum", "charges"."amount"));--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_refunded_within_amount" CHECK ("charges"."amount_refunded" between 0 and greatest("charges"."amount", "charges"."amount_captured"));