CREATE TABLE "api_keys" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"type" text NOT NULL,
	"name" text,
	"hash" text NOT NULL,
	"prefix" text NOT NULL,
	"last4" text NOT NULL,
	"publishable" text,
	"rights" jsonb,
	"status" text NOT NULL,
	"expires_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	"replaced_by" text collate "C",
	"created" bigint NOT NULL,
	CONSTRAINT "api_keys_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "api_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "balance_transactions" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"available_on" bigint NOT NULL,
	"currency" text NOT NULL,
	"description" text,
	"fee" bigint NOT NULL,
	"fee_details" jsonb NOT NULL,
	"net" bigint NOT NULL,
	"reporting_category" text NOT NULL,
	"source" text collate "C" NOT NULL,
	"type" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "balance_transactions_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "balance_transactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "charges" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"amount_captured" bigint NOT NULL,
	"amount_refunded" bigint NOT NULL,
	"authorization_code" text,
	"balance_transaction" text collate "C",
	"billing_details" jsonb NOT NULL,
	"calculated_statement_descriptor" text,
	"captured" boolean NOT NULL,
	"card" jsonb NOT NULL,
	"currency" text NOT NULL,
	"customer" text collate "C",
	"description" text,
	"disputed" boolean NOT NULL,
	"failure_code" text,
	"failure_message" text,
	"fraud_details" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"outcome" jsonb,
	"payment_intent" text collate "C" NOT NULL,
	"payment_method" text collate "C" NOT NULL,
	"processor_transaction" text,
	"receipt_email" text,
	"released" boolean NOT NULL,
	"shipping" jsonb,
	"statement_descriptor" text,
	"statement_descriptor_suffix" text,
	"transfer_group" text,
	"created" bigint NOT NULL,
	CONSTRAINT "charges_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "charges_captured_within_authorized" CHECK ("charges"."amount_captured" between 0 and "charges"."amount"),
	CONSTRAINT "charges_refunded_within_amount" CHECK ("charges"."amount_refunded" between 0 and "charges"."amount")
);
--> statement-breakpoint
ALTER TABLE "charges" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "customer_balance_transactions" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"customer" text collate "C" NOT NULL,
	"amount" bigint NOT NULL,
	"credit_note" text collate "C",
	"invoice" text collate "C",
	"currency" text NOT NULL,
	"description" text,
	"ending_balance" bigint NOT NULL,
	"metadata" jsonb NOT NULL,
	"type" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "customer_balance_transactions_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "customer_balance_transactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "customers" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"address" jsonb,
	"balance" bigint NOT NULL,
	"business_name" text,
	"currency" text,
	"default_source" text collate "C",
	"delinquent" boolean NOT NULL,
	"description" text,
	"email" text,
	"individual_name" text,
	"invoice_prefix" text NOT NULL,
	"invoice_settings" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"name" text,
	"next_invoice_sequence" bigint NOT NULL,
	"phone" text,
	"preferred_locales" jsonb NOT NULL,
	"shipping" jsonb,
	"tax_exempt" text NOT NULL,
	"tax_ip_address" text,
	"created" bigint NOT NULL,
	CONSTRAINT "customers_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "customers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "events" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"type" text NOT NULL,
	"api_version" text NOT NULL,
	"data" json NOT NULL,
	"related_object" text collate "C",
	"request" text collate "C",
	"idempotency_key" text,
	"created" bigint NOT NULL,
	CONSTRAINT "events_pkey" PRIMARY KEY("project_id","livemode","id")
) PARTITION BY RANGE ("id");
--> statement-breakpoint
ALTER TABLE "events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"fingerprint" text NOT NULL,
	"status" text NOT NULL,
	"request" text collate "C" NOT NULL,
	"attempt" text collate "C",
	"response_status" integer,
	"response_body" text,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "idempotency_keys" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "invoices" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"customer" text collate "C" NOT NULL,
	"subscription" text collate "C",
	"number" text,
	"currency" text NOT NULL,
	"amount_due" bigint NOT NULL,
	"amount_paid" bigint NOT NULL,
	"amount_remaining" bigint NOT NULL,
	"subtotal" bigint NOT NULL,
	"total" bigint NOT NULL,
	"attempt_count" integer NOT NULL,
	"attempted" boolean NOT NULL,
	"auto_advance" boolean NOT NULL,
	"billing_reason" text,
	"collection_method" text NOT NULL,
	"default_payment_method" text collate "C",
	"description" text,
	"due_date" bigint,
	"ending_balance" bigint,
	"footer" text,
	"metadata" jsonb NOT NULL,
	"next_payment_attempt" bigint,
	"period_end" bigint NOT NULL,
	"period_start" bigint NOT NULL,
	"starting_balance" bigint NOT NULL,
	"status_transitions" jsonb NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "invoices_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "invoices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "members" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"id" text collate "C" NOT NULL,
	"user" text collate "C" NOT NULL,
	"role" text NOT NULL,
	"status" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "members_pkey" PRIMARY KEY("project_id","id"),
	CONSTRAINT "members_project_id_user_key" UNIQUE("project_id","user")
);
--> statement-breakpoint
ALTER TABLE "members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "payment_intents" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"amount_capturable" bigint NOT NULL,
	"amount_received" bigint NOT NULL,
	"currency" text NOT NULL,
	"automatic_payment_methods" jsonb,
	"canceled_at" bigint,
	"cancellation_reason" text,
	"capture_method" text NOT NULL,
	"client_secret" text NOT NULL,
	"confirmation_method" text NOT NULL,
	"customer" text collate "C",
	"description" text,
	"last_payment_error" jsonb,
	"latest_charge" text collate "C",
	"metadata" jsonb NOT NULL,
	"next_action" jsonb,
	"off_session" boolean NOT NULL,
	"payment_method" text collate "C",
	"payment_method_options" jsonb,
	"payment_method_types" jsonb NOT NULL,
	"receipt_email" text,
	"return_url" text,
	"setup_future_usage" text,
	"shipping" jsonb,
	"statement_descriptor" text,
	"statement_descriptor_suffix" text,
	"transfer_group" text,
	"created" bigint NOT NULL,
	CONSTRAINT "payment_intents_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "payment_intents" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "payment_methods" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"type" text NOT NULL,
	"customer" text collate "C",
	"allow_redisplay" text NOT NULL,
	"billing_details" jsonb NOT NULL,
	"card" jsonb NOT NULL,
	"processor_token" text NOT NULL,
	"metadata" jsonb NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "payment_methods_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "payment_methods" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "prices" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"active" boolean NOT NULL,
	"product" text collate "C" NOT NULL,
	"billing_scheme" text NOT NULL,
	"currency" text NOT NULL,
	"currency_options" jsonb,
	"custom_unit_amount" jsonb,
	"lookup_key" text,
	"metadata" jsonb NOT NULL,
	"nickname" text,
	"recurring" jsonb,
	"tax_behavior" text NOT NULL,
	"tiers" jsonb,
	"tiers_mode" text,
	"transform_quantity" jsonb,
	"type" text NOT NULL,
	"unit_amount" bigint,
	"unit_amount_decimal" text,
	"created" bigint NOT NULL,
	CONSTRAINT "prices_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "prices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "processor_attempts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"kind" text NOT NULL,
	"processor" text NOT NULL,
	"payment_intent" text collate "C" NOT NULL,
	"payment_method" text collate "C",
	"charge" text collate "C" NOT NULL,
	"refund" text collate "C",
	"processor_token" text,
	"amount" bigint NOT NULL,
	"currency" text NOT NULL,
	"capture" boolean NOT NULL,
	"off_session" boolean NOT NULL,
	"error_on_requires_action" boolean NOT NULL,
	"statement_descriptor" text,
	"transaction" text,
	"reason" text,
	"outcome" jsonb,
	"inquiries" integer NOT NULL,
	"inquire_at" timestamp with time zone,
	"created" bigint NOT NULL,
	CONSTRAINT "processor_attempts_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "processor_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "products" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"active" boolean NOT NULL,
	"name" text NOT NULL,
	"default_price" text collate "C",
	"description" text,
	"images" jsonb NOT NULL,
	"marketing_features" jsonb NOT NULL,
	"metadata" jsonb NOT NULL,
	"package_dimensions" jsonb,
	"shippable" boolean,
	"statement_descriptor" text,
	"tax_code" text,
	"type" text NOT NULL,
	"unit_label" text,
	"url" text,
	"created" bigint NOT NULL,
	"updated" bigint NOT NULL,
	CONSTRAINT "products_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "products" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "projects" (
	"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "projects_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"account" text collate "C" NOT NULL,
	"name" text NOT NULL,
	"country" text DEFAULT 'GB' NOT NULL,
	"default_currency" text DEFAULT 'gbp' NOT NULL,
	"settings" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"created" bigint NOT NULL,
	"deleted_at" timestamp with time zone,
	CONSTRAINT "projects_account_unique" UNIQUE("account")
);
--> statement-breakpoint
CREATE TABLE "refunds" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"amount" bigint NOT NULL,
	"balance_transaction" text collate "C",
	"charge" text collate "C" NOT NULL,
	"currency" text NOT NULL,
	"customer" text collate "C",
	"failure_balance_transaction" text collate "C",
	"failure_reason" text,
	"metadata" jsonb NOT NULL,
	"payment_intent" text collate "C" NOT NULL,
	"payment_method" text collate "C" NOT NULL,
	"pending_reason" text,
	"processor_transaction" text,
	"reason" text,
	"created" bigint NOT NULL,
	CONSTRAINT "refunds_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "refunds_amount_positive" CHECK ("refunds"."amount" > 0)
);
--> statement-breakpoint
ALTER TABLE "refunds" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "request_logs" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"method" text NOT NULL,
	"path" text NOT NULL,
	"response_status" integer NOT NULL,
	"duration_ms" integer NOT NULL,
	"api_key" text collate "C",
	"api_version" text,
	"idempotency_key" text,
	"ip" text,
	"user_agent" text,
	"error_type" text,
	"error_code" text,
	"request_body" text,
	"response_body" text,
	"created" bigint NOT NULL,
	CONSTRAINT "request_logs_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "request_logs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "simulator_transactions" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"verb" text NOT NULL,
	"amount" bigint NOT NULL,
	"transaction" text collate "C" NOT NULL,
	"sequence" integer NOT NULL,
	"token" text NOT NULL,
	"currency" text NOT NULL,
	"requested" bigint NOT NULL,
	"capture" boolean NOT NULL,
	"state" text NOT NULL,
	"authorized" bigint NOT NULL,
	"captured" bigint NOT NULL,
	"refunded" bigint NOT NULL,
	"outcome" jsonb NOT NULL,
	CONSTRAINT "simulator_transactions_pkey" PRIMARY KEY("project_id","livemode","id"),
	CONSTRAINT "simulator_transactions_sequence" UNIQUE("project_id","livemode","transaction","sequence"),
	CONSTRAINT "simulator_transactions_sums" CHECK (0 <= refunded AND refunded <= captured AND captured <= authorized AND authorized <= requested)
);
--> statement-breakpoint
ALTER TABLE "simulator_transactions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscription_items" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"subscription" text collate "C" NOT NULL,
	"price" text collate "C" NOT NULL,
	"quantity" integer,
	"current_period_start" bigint NOT NULL,
	"current_period_end" bigint NOT NULL,
	"metadata" jsonb NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "subscription_items_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "subscription_items" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "subscriptions" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"customer" text collate "C" NOT NULL,
	"currency" text NOT NULL,
	"billing_cycle_anchor" bigint NOT NULL,
	"cancel_at" bigint,
	"cancel_at_period_end" boolean NOT NULL,
	"canceled_at" bigint,
	"cancellation_details" jsonb,
	"collection_method" text NOT NULL,
	"days_until_due" integer,
	"default_payment_method" text collate "C",
	"description" text,
	"ended_at" bigint,
	"latest_invoice" text collate "C",
	"metadata" jsonb NOT NULL,
	"pause_collection" jsonb,
	"start_date" bigint NOT NULL,
	"trial_end" bigint,
	"trial_start" bigint,
	"created" bigint NOT NULL,
	CONSTRAINT "subscriptions_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "subscriptions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tax_ids" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"customer" text collate "C",
	"country" text,
	"type" text NOT NULL,
	"value" text NOT NULL,
	"verification" jsonb,
	"created" bigint NOT NULL,
	CONSTRAINT "tax_ids_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "tax_ids" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tokens" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"type" text NOT NULL,
	"card" jsonb NOT NULL,
	"billing_details" jsonb NOT NULL,
	"processor_token" text NOT NULL,
	"client_ip" text,
	"used" boolean NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "tokens_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "users" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"name" text,
	"password" text,
	"created" bigint NOT NULL,
	"last_login_at" timestamp with time zone,
	CONSTRAINT "users_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"event" text collate "C" NOT NULL,
	"endpoint" text collate "C" NOT NULL,
	"attempts" integer NOT NULL,
	"next_attempt_at" timestamp with time zone,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_delivery_attempts" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"delivery" text collate "C" NOT NULL,
	"endpoint" text collate "C" NOT NULL,
	"response_status" integer,
	"response_body" text,
	"failure" text,
	"duration_ms" integer NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "webhook_delivery_attempts_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_delivery_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"livemode" boolean DEFAULT nullif(current_setting('calmony.livemode', true), '')::boolean NOT NULL,
	"id" text collate "C" NOT NULL,
	"status" text NOT NULL,
	"api_version" text,
	"description" text,
	"enabled_events" text[] NOT NULL,
	"metadata" jsonb NOT NULL,
	"secret" text NOT NULL,
	"previous_secret" text,
	"previous_secret_expires_at" timestamp with time zone,
	"url" text NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY("project_id","livemode","id")
);
--> statement-breakpoint
ALTER TABLE "webhook_endpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "charges" ADD CONSTRAINT "charges_payment_method_fkey" FOREIGN KEY ("project_id","livemode","payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "customer_balance_transactions" ADD CONSTRAINT "customer_balance_transactions_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invoices" ADD CONSTRAINT "invoices_subscription_fkey" FOREIGN KEY ("project_id","livemode","subscription") REFERENCES "public"."subscriptions"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_project_id_projects_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."projects"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_user_users_id_fk" FOREIGN KEY ("user") REFERENCES "public"."users"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_intents" ADD CONSTRAINT "payment_intents_payment_method_fkey" FOREIGN KEY ("project_id","livemode","payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "payment_methods" ADD CONSTRAINT "payment_methods_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_product_fkey" FOREIGN KEY ("project_id","livemode","product") REFERENCES "public"."products"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "processor_attempts" ADD CONSTRAINT "processor_attempts_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_charge_fkey" FOREIGN KEY ("project_id","livemode","charge") REFERENCES "public"."charges"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refunds" ADD CONSTRAINT "refunds_payment_intent_fkey" FOREIGN KEY ("project_id","livemode","payment_intent") REFERENCES "public"."payment_intents"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD CONSTRAINT "subscription_items_subscription_fkey" FOREIGN KEY ("project_id","livemode","subscription") REFERENCES "public"."subscriptions"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscription_items" ADD CONSTRAINT "subscription_items_price_fkey" FOREIGN KEY ("project_id","livemode","price") REFERENCES "public"."prices"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_default_payment_method_fkey" FOREIGN KEY ("project_id","livemode","default_payment_method") REFERENCES "public"."payment_methods"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tax_ids" ADD CONSTRAINT "tax_ids_customer_fkey" FOREIGN KEY ("project_id","livemode","customer") REFERENCES "public"."customers"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_fkey" FOREIGN KEY ("project_id","livemode","endpoint") REFERENCES "public"."webhook_endpoints"("project_id","livemode","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "api_keys_project_id_status_idx" ON "api_keys" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "api_keys_hash_idx" ON "api_keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "balance_transactions_source_idx" ON "balance_transactions" USING btree ("project_id","livemode","source","id");--> statement-breakpoint
CREATE INDEX "balance_transactions_type_idx" ON "balance_transactions" USING btree ("project_id","livemode","type","id");--> statement-breakpoint
CREATE INDEX "balance_transactions_available_on_idx" ON "balance_transactions" USING btree ("project_id","livemode","available_on","id");--> statement-breakpoint
CREATE INDEX "balance_transactions_created_idx" ON "balance_transactions" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "charges_project_id_status_idx" ON "charges" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "charges_customer_idx" ON "charges" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "charges_payment_intent_idx" ON "charges" USING btree ("project_id","livemode","payment_intent","id");--> statement-breakpoint
CREATE INDEX "charges_transfer_group_idx" ON "charges" USING btree ("project_id","livemode","transfer_group","id");--> statement-breakpoint
CREATE INDEX "charges_created_idx" ON "charges" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE UNIQUE INDEX "charges_one_success_an_intent" ON "charges" USING btree ("project_id","livemode","payment_intent") WHERE "charges"."status" = 'succeeded';--> statement-breakpoint
CREATE INDEX "customer_balance_transactions_customer_idx" ON "customer_balance_transactions" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "customers_project_id_status_idx" ON "customers" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "customers_email_idx" ON "customers" USING btree ("project_id","livemode","email","id");--> statement-breakpoint
CREATE INDEX "customers_created_idx" ON "customers" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "events_type_idx" ON "events" USING btree ("project_id","livemode","type","id");--> statement-breakpoint
CREATE INDEX "events_related_object_idx" ON "events" USING btree ("project_id","livemode","related_object","id");--> statement-breakpoint
CREATE INDEX "events_created_idx" ON "events" USING brin ("created");--> statement-breakpoint
CREATE INDEX "idempotency_keys_project_id_status_idx" ON "idempotency_keys" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "invoices_project_id_status_idx" ON "invoices" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "invoices_customer_idx" ON "invoices" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "invoices_subscription_idx" ON "invoices" USING btree ("project_id","livemode","subscription","id");--> statement-breakpoint
CREATE INDEX "invoices_due_date_idx" ON "invoices" USING btree ("project_id","livemode","due_date","id");--> statement-breakpoint
CREATE INDEX "invoices_created_idx" ON "invoices" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE UNIQUE INDEX "invoices_number_key" ON "invoices" USING btree ("project_id","livemode","number") WHERE "invoices"."number" is not null;--> statement-breakpoint
CREATE INDEX "members_project_id_status_idx" ON "members" USING btree ("project_id","status");--> statement-breakpoint
CREATE INDEX "members_user_idx" ON "members" USING btree ("user");--> statement-breakpoint
CREATE INDEX "payment_intents_project_id_status_idx" ON "payment_intents" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "payment_intents_customer_idx" ON "payment_intents" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "payment_intents_created_idx" ON "payment_intents" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "payment_methods_project_id_status_idx" ON "payment_methods" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "payment_methods_customer_idx" ON "payment_methods" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "prices_product_idx" ON "prices" USING btree ("project_id","livemode","product","id");--> statement-breakpoint
CREATE INDEX "prices_created_idx" ON "prices" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE UNIQUE INDEX "prices_lookup_key_key" ON "prices" USING btree ("project_id","livemode","lookup_key") WHERE "prices"."lookup_key" is not null;--> statement-breakpoint
CREATE INDEX "processor_attempts_project_id_status_idx" ON "processor_attempts" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "processor_attempts_payment_intent_idx" ON "processor_attempts" USING btree ("project_id","livemode","payment_intent","id");--> statement-breakpoint
CREATE INDEX "processor_attempts_due_idx" ON "processor_attempts" USING btree ("inquire_at") WHERE "processor_attempts"."status" = 'pending';--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_an_intent" ON "processor_attempts" USING btree ("project_id","livemode","payment_intent") WHERE ("processor_attempts"."status" = 'pending' and "processor_attempts"."kind" <> 'refund');--> statement-breakpoint
CREATE UNIQUE INDEX "processor_attempts_one_open_a_refund" ON "processor_attempts" USING btree ("project_id","livemode","refund") WHERE "processor_attempts"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "products_active_idx" ON "products" USING btree ("project_id","livemode","active","id");--> statement-breakpoint
CREATE INDEX "products_created_idx" ON "products" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "refunds_project_id_status_idx" ON "refunds" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "refunds_charge_idx" ON "refunds" USING btree ("project_id","livemode","charge","id");--> statement-breakpoint
CREATE INDEX "refunds_payment_intent_idx" ON "refunds" USING btree ("project_id","livemode","payment_intent","id");--> statement-breakpoint
CREATE INDEX "refunds_created_idx" ON "refunds" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "request_logs_created_idx" ON "request_logs" USING brin ("created");--> statement-breakpoint
CREATE INDEX "simulator_transactions_token" ON "simulator_transactions" USING btree ("project_id","livemode","token") WHERE verb = 'resume';--> statement-breakpoint
CREATE INDEX "subscription_items_subscription_idx" ON "subscription_items" USING btree ("project_id","livemode","subscription","id");--> statement-breakpoint
CREATE INDEX "subscriptions_project_id_status_idx" ON "subscriptions" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "subscriptions_customer_idx" ON "subscriptions" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "subscriptions_created_idx" ON "subscriptions" USING btree ("project_id","livemode","created","id");--> statement-breakpoint
CREATE INDEX "tax_ids_customer_idx" ON "tax_ids" USING btree ("project_id","livemode","customer","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_project_id_status_idx" ON "webhook_deliveries" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_event_idx" ON "webhook_deliveries" USING btree ("project_id","livemode","event","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint_idx" ON "webhook_deliveries" USING btree ("project_id","livemode","endpoint","id");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due_idx" ON "webhook_deliveries" USING btree ("endpoint","next_attempt_at") WHERE "webhook_deliveries"."status" = 'pending';--> statement-breakpoint
CREATE INDEX "webhook_delivery_attempts_delivery_idx" ON "webhook_delivery_attempts" USING btree ("project_id","livemode","delivery","id");--> statement-breakpoint
CREATE INDEX "webhook_delivery_attempts_endpoint_idx" ON "webhook_delivery_attempts" USING btree ("project_id","livemode","endpoint","id");--> statement-breakpoint
CREATE INDEX "webhook_endpoints_project_id_status_idx" ON "webhook_endpoints" USING btree ("project_id","status","livemode","id");--> statement-breakpoint
CREATE POLICY "api_keys_tenant" ON "api_keys" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "balance_transactions_tenant" ON "balance_transactions" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "charges_tenant" ON "charges" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "customer_balance_transactions_tenant" ON "customer_balance_transactions" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "customers_tenant" ON "customers" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "events_tenant" ON "events" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "idempotency_keys_tenant" ON "idempotency_keys" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "invoices_tenant" ON "invoices" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "members_tenant" ON "members" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));--> statement-breakpoint
CREATE POLICY "payment_intents_tenant" ON "payment_intents" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "payment_methods_tenant" ON "payment_methods" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "prices_tenant" ON "prices" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "processor_attempts_tenant" ON "processor_attempts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "products_tenant" ON "products" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "refunds_tenant" ON "refunds" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "request_logs_tenant" ON "request_logs" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "simulator_transactions_tenant" ON "simulator_transactions" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "subscription_items_tenant" ON "subscription_items" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "subscriptions_tenant" ON "subscriptions" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "tax_ids_tenant" ON "tax_ids" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "tokens_tenant" ON "tokens" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "webhook_deliveries_tenant" ON "webhook_deliveries" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "webhook_delivery_attempts_tenant" ON "webhook_delivery_attempts" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));--> statement-breakpoint
CREATE POLICY "webhook_endpoints_tenant" ON "webhook_endpoints" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean));