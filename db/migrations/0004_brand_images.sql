CREATE TABLE "brand_images" (
	"project_id" bigint DEFAULT nullif(current_setting('calmony.project_id', true), '')::bigint NOT NULL,
	"id" text collate "C" NOT NULL,
	"kind" text NOT NULL,
	"type" text NOT NULL,
	"bytes" "bytea" NOT NULL,
	"created" bigint NOT NULL,
	CONSTRAINT "brand_images_pkey" PRIMARY KEY("project_id","id")
);
--> statement-breakpoint
ALTER TABLE "brand_images" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE INDEX "audit_log_email_idx" ON "audit_log" USING btree ("project_id","email","id");--> statement-breakpoint
CREATE POLICY "brand_images_tenant" ON "brand_images" AS PERMISSIVE FOR ALL TO public USING (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)) WITH CHECK (project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));