CREATE TABLE "audit_log" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"id" text collate "C" NOT NULL,
	"user" text collate "C" NOT NULL,
	"email" text NOT NULL,
	"action" text NOT NULL,
	"object" text collate "C",
	"mode" text,
	"before" jsonb,
	"after" jsonb,
	"ip" text,
	"request" text collate "C",
	"created" bigint NOT NULL,
	CONSTRAINT "audit_log_pkey" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "audit_log" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "coupons" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount_off" bigint,
	"currency" text,
	"currency_options" jsonb,
	"percent_off" integer,
	"duration" text NOT NULL,
	"duration_in_months" integer,
	"applies_to" jsonb,
	"max_redemptions" integer,
	"metadata" jsonb NOT NULL,
	"name" text,
	"redeem_by" bigint,
	"times_redeemed" integer NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "coupons_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "coupons" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "discounts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"coupon" text collate "C" NOT NULL,
	"promotion_code" text collate "C",
	"customer" text collate "C",
	"subscription" text collate "C",
	"subscription_item" text collate "C",
	"invoice" text collate "C",
	"invoice_item" text collate "C",
	"start" bigint NOT NULL,
	"end" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "discounts_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "discounts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "promotion_codes" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"code" text NOT NULL,
	"coupon" text collate "C" NOT NULL,
	"customer" text collate "C",
	"expires_at" bigint,
	"max_redemptions" integer,
	"metadata" jsonb NOT NULL,
	"restrictions" jsonb NOT NULL,
	"times_redeemed" integer NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "promotion_codes_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "promotion_codes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credit_note_lines" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"credit_note" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"amount" bigint NOT NULL,
	"description" text,
	"discount_amount" bigint NOT NULL,
	"discount_amounts" jsonb NOT NULL,
	"invoice_line_item" text collate "C",
	"metadata" jsonb NOT NULL,
	"quantity" integer,
	"tax_rates" jsonb NOT NULL,
	"taxes" jsonb NOT NULL,
	"type" text NOT NULL,
	"unit_amount" bigint,
	"unit_amount_decimal" text,
	CONSTRAINT "credit_note_lines_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "credit_note_lines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credit_notes" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"customer" text collate "C" NOT NULL,
	"customer_balance_transaction" text collate "C",
	"discount_amount" bigint NOT NULL,
	"discount_amounts" jsonb NOT NULL,
	"effective_at" bigint,
	"invoice" text collate "C" NOT NULL,
	"memo" text,
	"metadata" jsonb NOT NULL,
	"number" text NOT NULL,
	"out_of_band_amount" bigint,
	"post_payment_amount" bigint NOT NULL,
	"pre_payment_amount" bigint NOT NULL,
	"reason" text,
	"refunds" jsonb NOT NULL,
	"subtotal" bigint NOT NULL,
	"subtotal_excluding_tax" bigint NOT NULL,
	"total" bigint NOT NULL,
	"total_excluding_tax" bigint NOT NULL,
	"total_taxes" jsonb NOT NULL,
	"type" text NOT NULL,
	"voided_at" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "credit_notes_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "credit_notes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invitations" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"id" text collate "C" NOT NULL,
	"email" text NOT NULL,
	"role" text NOT NULL,
	"status" text NOT NULL,
	"hash" text NOT NULL,
	"invited_by" text collate "C" NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "invitations_pkey" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "invitations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoice_items" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"customer" text collate "C" NOT NULL,
	"invoice" text collate "C",
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"date" bigint NOT NULL,
	"description" text,
	"discountable" boolean NOT NULL,
	"discounts" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"period_end" bigint NOT NULL,
	"period_start" bigint NOT NULL,
	"price" text collate "C",
	"product" text collate "C",
	"proration" boolean NOT NULL,
	"proration_details" jsonb,
	"credited_lines" jsonb,
	"quantity" integer NOT NULL,
	"quantity_decimal" text,
	"subscription" text collate "C",
	"subscription_item" text collate "C",
	"tax_rates" jsonb,
	"test_clock" text collate "C",
	"unit_amount_decimal" text,
	"created" bigint NOT NULL,
	CONSTRAINT "invoice_items_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "invoice_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoice_lines" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"invoice" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"description" text,
	"discount_amounts" jsonb NOT NULL,
	"discountable" boolean NOT NULL,
	"discounts" jsonb NOT NULL,
	"invoice_item" text collate "C",
	"metadata" jsonb NOT NULL,
	"period_end" bigint NOT NULL,
	"period_start" bigint NOT NULL,
	"price" text collate "C",
	"product" text collate "C",
	"proration" boolean NOT NULL,
	"proration_details" jsonb,
	"quantity" integer,
	"quantity_decimal" text,
	"subscription" text collate "C",
	"subscription_item" text collate "C",
	"subtotal" bigint NOT NULL,
	"tax_rates" jsonb,
	"taxes" jsonb NOT NULL,
	"unit_amount_decimal" text,
	CONSTRAINT "invoice_lines_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "invoice_lines" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoice_payments" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"invoice" text collate "C" NOT NULL,
	"amount_paid" bigint,
	"amount_requested" bigint NOT NULL,
	"currency" text NOT NULL,
	"is_default" boolean NOT NULL,
	"payment_intent" text collate "C",
	"charge" text collate "C",
	"canceled_at" bigint,
	"paid_at" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "invoice_payments_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "invoice_payments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoice_sequences" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"next" integer NOT NULL,
	CONSTRAINT "invoice_sequences_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "invoice_sequences" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "meter_events" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"meter" text collate "C" NOT NULL,
	"event_name" text NOT NULL,
	"customer" text collate "C" NOT NULL,
	"identifier" text collate "C" NOT NULL,
	"payload" jsonb NOT NULL,
	"value" numeric NOT NULL,
	"timestamp" bigint NOT NULL,
	"canceled_at" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "meter_events_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "meter_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "meters" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"display_name" text NOT NULL,
	"event_name" text NOT NULL,
	"event_time_window" text,
	"aggregation" text NOT NULL,
	"customer_key" text NOT NULL,
	"value_key" text NOT NULL,
	"deactivated_at" bigint,
	"updated" bigint NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "meters_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "meters" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"user" text collate "C" NOT NULL,
	"hash" text NOT NULL,
	"used_at" timestamp with time zone,
	CONSTRAINT "recovery_codes_pkey" PRIMARY KEY("user","hash")
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"user" text collate "C" NOT NULL,
	"method" text NOT NULL,
	"awaits_second_factor" boolean NOT NULL,
	"ip" text,
	"user_agent" text,
	"last_seen_at" timestamp with time zone NOT NULL,
	"expires_at" timestamp with time zone NOT NULL,
	"ended_at" timestamp with time zone,
	"created" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mandates" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"type" text NOT NULL,
	"payment_method" text collate "C" NOT NULL,
	"setup_intent" text collate "C",
	"customer_acceptance" jsonb NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "mandates_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "mandates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "setup_attempts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"setup_intent" text collate "C" NOT NULL,
	"attach_to_self" boolean NOT NULL,
	"card" jsonb NOT NULL,
	"customer" text collate "C",
	"flow_directions" jsonb,
	"payment_method" text collate "C" NOT NULL,
	"setup_error" jsonb,
	"usage" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "setup_attempts_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "setup_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "setup_intents" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"attach_to_self" boolean NOT NULL,
	"automatic_payment_methods" jsonb,
	"cancellation_reason" text,
	"client_secret" text NOT NULL,
	"customer" text collate "C",
	"description" text,
	"flow_directions" jsonb,
	"last_setup_error" jsonb,
	"latest_attempt" text collate "C",
	"mandate" text collate "C",
	"metadata" jsonb NOT NULL,
	"next_action" jsonb,
	"payment_method" text collate "C",
	"payment_method_options" jsonb,
	"payment_method_types" jsonb NOT NULL,
	"return_url" text,
	"single_use_mandate" text collate "C",
	"usage" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "setup_intents_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "setup_intents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sign_in_throttles" (
	"key" text PRIMARY KEY NOT NULL,
	"failures" integer NOT NULL,
	"retry_at" timestamp with time zone NOT NULL,
	"forget_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "subscription_schedules" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"announced_end" bigint,
	"billing_mode" jsonb NOT NULL,
	"canceled_at" bigint,
	"completed_at" bigint,
	"customer" text collate "C" NOT NULL,
	"current_phase" integer,
	"default_settings" jsonb NOT NULL,
	"due_at" bigint,
	"end_behavior" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"phases" jsonb NOT NULL,
	"released_at" bigint,
	"released_subscription" text collate "C",
	"subscription" text collate "C",
	"test_clock" text collate "C",
	"created" bigint NOT NULL,
	CONSTRAINT "subscription_schedules_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "subscription_schedules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tax_rates" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"country" text,
	"description" text,
	"display_name" text NOT NULL,
	"inclusive" boolean NOT NULL,
	"jurisdiction" text,
	"metadata" jsonb NOT NULL,
	"percentage" integer NOT NULL,
	"state" text,
	"tax_type" text,
	"created" bigint NOT NULL,
	CONSTRAINT "tax_rates_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "tax_rates" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "test_clocks" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"name" text,
	"frozen_time" bigint NOT NULL,
	"target_time" bigint,
	"advance_at" timestamp with time zone,
	"deletes_after" bigint NOT NULL,
	"failure" jsonb,
	"created" bigint NOT NULL,
	CONSTRAINT "test_clocks_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "test_clocks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "user_identities" (
	"provider" text NOT NULL,
	"subject" text NOT NULL,
	"user" text collate "C" NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "user_identities_pkey" PRIMARY KEY("provider","subject")
);
--> statement-breakpoint
ALTER TABLE "invoices" ALTER COLUMN "billing_reason" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ALTER COLUMN "payment_intent" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ALTER COLUMN "charge" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ALTER COLUMN "cancellation_details" SET NOT NULL;--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "discount" text collate "C";--> statement-breakpoint
ALTER TABLE "customers" ADD COLUMN "test_clock" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "account_tax_ids" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "amount_overpaid" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "amount_paid_off_stripe" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "automatically_finalizes_at" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "custom_fields" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_address" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_email" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_name" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_phone" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_shipping" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_tax_exempt" text NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "customer_tax_ids" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "cycle" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "days_until_due" integer;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "default_source" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "default_tax_rates" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "discounts" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "due_at" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "effective_at" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "from_invoice" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "last_finalization_error" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "latest_revision" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "subscription_metadata" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "subscription_proration_date" bigint;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "payment_intent" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "payment_settings" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "post_payment_credit_notes_amount" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "pre_payment_credit_notes_amount" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "receipt_number" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "rendering" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "shipping_details" jsonb;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "statement_descriptor" text;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "subtotal_excluding_tax" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "test_clock" text collate "C";--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "total_discount_amounts" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "total_excluding_tax" bigint NOT NULL;--> statement-breakpoint
ALTER TABLE "invoices" ADD COLUMN "total_taxes" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD COLUMN "payment_details" jsonb;--> statement-breakpoint
ALTER TABLE "prices" ADD COLUMN "deleted" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "setup_intent" text collate "C";--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD COLUMN "setup_attempt" text collate "C";--> statement-breakpoint
ALTER TABLE "subscription_items" ADD COLUMN "discounts" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD COLUMN "tax_rates" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "billing_cycle_anchor_config" jsonb;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "billing_mode" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "default_source" text collate "C";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "default_tax_rates" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "discounts" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "due_at" bigint;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "expires_at" bigint;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "invoice_settings" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "next_pending_invoice_item_invoice" bigint;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "is_all_or_nothing" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "off_session" boolean NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "payment_settings" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "pending_invoice_item_interval" jsonb;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "pending_setup_intent" text collate "C";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "pending_update" jsonb;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "phase_end" bigint;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "schedule" text collate "C";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "test_clock" text collate "C";--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "trial_settings" jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "announced_trial_end" bigint;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD COLUMN "announced_renewal" bigint;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_secret" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_enabled_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "totp_last_step" bigint;--> statement-breakpoint
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_coupon_fkey" FOREIGN KEY ("project_id","livemode","coupon") REFERENCES "public"."coupons"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "discounts" ADD CONSTRAINT "discounts_promotion_code_fkey" FOREIGN KEY ("project_id","livemode","promotion_code") REFERENCES "public"."promotion_codes"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "promotion_codes" ADD CONSTRAINT "promotion_codes_coupon_fkey" FOREIGN KEY ("project_id","livemode","coupon") REFERENCES "public"."coupons"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_note_lines" ADD CONSTRAINT "credit_note_lines_credit_note_fkey" FOREIGN KEY ("project_id","livemode","credit_note") REFERENCES "public"."credit_notes"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credit_notes" ADD CONSTRAINT "credit_notes_invoice_fkey" FOREIGN KEY ("project_id","livemode","invoice") REFERENCES "public"."invoices"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_items" ADD CONSTRAINT "invoice_items_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_lines" ADD CONSTRAINT "invoice_lines_invoice_fkey" FOREIGN KEY ("project_id","livemode","invoice") REFERENCES "public"."invoices"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "invoice_payments_invoice_fkey" FOREIGN KEY ("project_id","livemode","invoice") REFERENCES "public"."invoices"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoice_payments" ADD CONSTRAINT "invoice_payments_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "meter_events" ADD CONSTRAINT "meter_events_meter_fkey" FOREIGN KEY ("project_id","livemode","meter") REFERENCES "public"."meters"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "mandates" ADD CONSTRAINT "mandates_payment_method_fkey" FOREIGN KEY ("project_id","livemode","payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setup_attempts" ADD CONSTRAINT "setup_attempts_setup_intent_fkey" FOREIGN KEY ("project_id","livemode","setup_intent") REFERENCES "public"."setup_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setup_intents" ADD CONSTRAINT "setup_intents_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "setup_intents" ADD CONSTRAINT "setup_intents_payment_method_fkey" FOREIGN KEY ("project_id","livemode","payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_schedules" ADD CONSTRAINT "subscription_schedules_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_schedules" ADD CONSTRAINT "subscription_schedules_subscription_fkey" FOREIGN KEY ("project_id","livemode","subscription") REFERENCES "public"."subscriptions"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "user_identities" ADD CONSTRAINT "user_identities_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_user_idx" ON "audit_log" USING btree ("project_id","user","id");--> statement-breakpoint
CREATE INDEX "audit_log_object_idx" ON "audit_log" USING btree ("project_id","object","id");--> statement-breakpoint
CREATE INDEX "audit_log_action_idx" ON "audit_log" USING btree ("project_id","action","id");--> statement-breakpoint
CREATE INDEX "coupons_project_id_status_idx" ON "coupons" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "coupons_created_idx" ON "coupons" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "discounts_project_id_status_idx" ON "discounts" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "discounts_coupon_idx" ON "discounts" USING btree ("project_id","livemode","coupon","id");--> statement-breakpoint
CREATE INDEX "discounts_customer_idx" ON "discounts" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "promotion_codes_project_id_status_idx" ON "promotion_codes" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "promotion_codes_coupon_idx" ON "promotion_codes" USING btree ("project_id","livemode","coupon","id");--> statement-breakpoint
CREATE INDEX "promotion_codes_customer_idx" ON "promotion_codes" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "promotion_codes_code_idx" ON "promotion_codes" USING btree ("project_id","livemode",lower("code"),"id");--> statement-breakpoint
CREATE INDEX "promotion_codes_created_idx" ON "promotion_codes" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "credit_note_lines_credit_note_idx" ON "credit_note_lines" USING btree ("project_id","livemode","credit_note","id");--> statement-breakpoint
CREATE INDEX "credit_notes_project_id_status_idx" ON "credit_notes" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "credit_notes_customer_idx" ON "credit_notes" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "credit_notes_invoice_idx" ON "credit_notes" USING btree ("project_id","livemode","invoice","id");--> statement-breakpoint
CREATE INDEX "credit_notes_created_idx" ON "credit_notes" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE UNIQUE INDEX "credit_notes_number_key" ON "credit_notes" USING btree ("project_id","livemode","number");--> statement-breakpoint
CREATE INDEX "invitations_project_id_status_idx" ON "invitations" USING btree ("project_id","status");--> statement-breakpoint
CREATE INDEX "invitations_hash_idx" ON "invitations" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "invoice_items_customer_idx" ON "invoice_items" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "invoice_items_invoice_idx" ON "invoice_items" USING btree ("project_id","livemode","invoice","id");--> statement-breakpoint
CREATE INDEX "invoice_items_created_idx" ON "invoice_items" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "invoice_items_pending_idx" ON "invoice_items" USING btree ("project_id","livemode","customer","id") WHERE "invoice_items"."invoice" is null;--> statement-breakpoint
CREATE INDEX "invoice_lines_invoice_idx" ON "invoice_lines" USING btree ("project_id","livemode","invoice","position");--> statement-breakpoint
CREATE INDEX "invoice_payments_project_id_status_idx" ON "invoice_payments" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "invoice_payments_invoice_idx" ON "invoice_payments" USING btree ("project_id","livemode","invoice","id");--> statement-breakpoint
CREATE UNIQUE INDEX "invoice_payments_payment_intent_key" ON "invoice_payments" USING btree ("project_id","livemode","payment_intent") WHERE "invoice_payments"."payment_intent" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "meter_events_identifier_key" ON "meter_events" USING btree ("project_id","livemode","identifier");--> statement-breakpoint
CREATE INDEX "meter_events_usage_idx" ON "meter_events" USING btree ("project_id","livemode","meter","customer","timestamp");--> statement-breakpoint
CREATE INDEX "meters_project_id_status_idx" ON "meters" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE UNIQUE INDEX "meters_event_name_key" ON "meters" USING btree ("project_id","livemode","event_name") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "sessions_user_idx" ON "sessions" USING btree ("user","id");--> statement-breakpoint
CREATE INDEX "mandates_project_id_status_idx" ON "mandates" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "mandates_payment_method_idx" ON "mandates" USING btree ("project_id","livemode","payment_method","id");--> statement-breakpoint
CREATE INDEX "setup_attempts_project_id_status_idx" ON "setup_attempts" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "setup_attempts_setup_intent_idx" ON "setup_attempts" USING btree ("project_id","livemode","setup_intent","id");--> statement-breakpoint
CREATE INDEX "setup_intents_project_id_status_idx" ON "setup_intents" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "setup_intents_customer_idx" ON "setup_intents" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "setup_intents_payment_method_idx" ON "setup_intents" USING btree ("project_id","livemode","payment_method","id");--> statement-breakpoint
CREATE INDEX "setup_intents_created_idx" ON "setup_intents" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "sign_in_throttles_forget_at_idx" ON "sign_in_throttles" USING btree ("forget_at");--> statement-breakpoint
CREATE INDEX "subscription_schedules_project_id_status_idx" ON "subscription_schedules" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "subscription_schedules_customer_idx" ON "subscription_schedules" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "subscription_schedules_created_idx" ON "subscription_schedules" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "subscription_schedules_due_idx" ON "subscription_schedules" USING btree ("due_at") WHERE ("subscription_schedules"."due_at" is not null and "subscription_schedules"."test_clock" is null);--> statement-breakpoint
CREATE INDEX "subscription_schedules_due_on_clock_idx" ON "subscription_schedules" USING btree ("project_id","livemode","test_clock","due_at") WHERE ("subscription_schedules"."due_at" is not null and "subscription_schedules"."test_clock" is not null);--> statement-breakpoint
CREATE INDEX "tax_rates_project_id_status_idx" ON "tax_rates" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "tax_rates_created_idx" ON "tax_rates" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "test_clocks_project_id_status_idx" ON "test_clocks" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "test_clocks_created_idx" ON "test_clocks" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "test_clocks_advance_at_idx" ON "test_clocks" USING btree ("advance_at") WHERE "test_clocks"."advance_at" is not null;--> statement-breakpoint
CREATE INDEX "test_clocks_deletes_after_idx" ON "test_clocks" USING btree ("deletes_after") WHERE status in ('internal_failure', 'ready');--> statement-breakpoint
CREATE INDEX "user_identities_user_idx" ON "user_identities" USING btree ("user");--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_discount_fkey" FOREIGN KEY ("project_id","livemode","discount") REFERENCES "public"."discounts"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customers" ADD CONSTRAINT "customers_test_clock_fkey" FOREIGN KEY ("project_id","livemode","test_clock") REFERENCES "public"."test_clocks"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD CONSTRAINT "processor_attempts_setup_intent_fkey" FOREIGN KEY ("project_id","livemode","setup_intent") REFERENCES "public"."setup_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "customers_test_clock_idx" ON "customers" USING btree ("project_id","livemode","test_clock","id");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_one_a_cycle" ON "invoices" USING btree ("project_id","livemode","subscription","cycle") WHERE "invoices"."cycle" is not null;--> statement-breakpoint
CREATE INDEX "invoices_due_idx" ON "invoices" USING btree ("due_at") WHERE ("invoices"."due_at" is not null and "invoices"."test_clock" is null);--> statement-breakpoint
CREATE INDEX "invoices_due_on_clock_idx" ON "invoices" USING btree ("project_id","livemode","test_clock","due_at") WHERE ("invoices"."due_at" is not null and "invoices"."test_clock" is not null);--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_a_setup" ON "processor_attempts" USING btree ("project_id","livemode","setup_intent") WHERE "processor_attempts"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "subscription_items_price_idx" ON "subscription_items" USING btree ("project_id","livemode","price","id");--> statement-breakpoint
CREATE INDEX "subscriptions_due_idx" ON "subscriptions" USING btree ("due_at") WHERE ("subscriptions"."due_at" is not null and "subscriptions"."test_clock" is null);--> statement-breakpoint
CREATE INDEX "subscriptions_due_on_clock_idx" ON "subscriptions" USING btree ("project_id","livemode","test_clock","due_at") WHERE ("subscriptions"."due_at" is not null and "subscriptions"."test_clock" is not null);--> statement-breakpoint
CREATE POLICY "audit_log_tenant" ON "audit_log" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));--> statement-breakpoint
CREATE POLICY "coupons_tenant" ON "coupons" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "discounts_tenant" ON "discounts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "promotion_codes_tenant" ON "promotion_codes" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "credit_note_lines_tenant" ON "credit_note_lines" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "credit_notes_tenant" ON "credit_notes" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "invitations_tenant" ON "invitations" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));--> statement-breakpoint
CREATE POLICY "invoice_items_tenant" ON "invoice_items" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "invoice_lines_tenant" ON "invoice_lines" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "invoice_payments_tenant" ON "invoice_payments" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "invoice_sequences_tenant" ON "invoice_sequences" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "meter_events_tenant" ON "meter_events" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "meters_tenant" ON "meters" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "mandates_tenant" ON "mandates" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "setup_attempts_tenant" ON "setup_attempts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "setup_intents_tenant" ON "setup_intents" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "subscription_schedules_tenant" ON "subscription_schedules" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "tax_rates_tenant" ON "tax_rates" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "test_clocks_tenant" ON "test_clocks" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));