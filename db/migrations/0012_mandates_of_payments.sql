ALTER TABLE "payouts" DROP CONSTRAINT "payouts_amount_positive";--> statement-breakpoint
ALTER TABLE "payment_intents" ADD COLUMN "mandate" text collate "C";--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "original_payout" text collate "C";--> statement-breakpoint
ALTER TABLE "payouts" ADD COLUMN "reversed_by" text collate "C";--> statement-breakpoint
ALTER TABLE "payouts" ADD CONSTRAINT "payouts_amount_not_zero" CHECK ("payouts"."amount" <> 0);