ALTER TABLE "charges" ADD COLUMN "capture_before" bigint;--> statement-breakpoint
ALTER TABLE "charges" ADD COLUMN "settled" bigint;--> statement-breakpoint
ALTER TABLE "refunds" ADD COLUMN "settled" bigint;