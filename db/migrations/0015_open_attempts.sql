DROP INDEX "charges_transfer_group_idx";--> statement-breakpoint
DROP INDEX "processor_attempts_open_transaction_idx";--> statement-breakpoint
DROP INDEX "processor_attempts_one_open_an_intent";--> statement-breakpoint
DROP INDEX "processor_attempts_one_open_a_setup";--> statement-breakpoint
DROP INDEX "processor_attempts_one_open_a_refund";--> statement-breakpoint
CREATE INDEX "charges_transfer_group_idx" ON "charges" USING btree ("project_id","livemode","transfer_group","id") WHERE "charges"."transfer_group" is not null;--> statement-breakpoint
CREATE INDEX "processor_attempts_open_transaction_idx" ON "processor_attempts" USING btree ("project_id","livemode","transaction") WHERE "processor_attempts"."status" = 'pending' and "processor_attempts"."transaction" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_an_intent" ON "processor_attempts" USING btree ("project_id","livemode","payment_intent") WHERE ("processor_attempts"."status" = 'pending' and "processor_attempts"."payment_intent" is not null and "processor_attempts"."kind" <> 'refund');--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_a_setup" ON "processor_attempts" USING btree ("project_id","livemode","setup_intent") WHERE "processor_attempts"."status" = 'pending' and "processor_attempts"."setup_intent" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_a_refund" ON "processor_attempts" USING btree ("project_id","livemode","refund") WHERE "processor_attempts"."status" = 'pending' and "processor_attempts"."refund" is not null;