// Made by clients/generator from the contract, version 0.1.0. Not to be edited.
import type { Operation } from "../core/operation.js";

/** What a program may do to the tenant, and until when. */
export interface ApiKey {
  /** When it was created. */
  readonly created_at: string;
  /** When it ends by itself; null is never. */
  readonly expires_at: string | null;
  /** Names an API key. It is not the secret that proves it. */
  readonly id: ApiKeyID;
  /** When it was last used, to the minute; null is never. */
  readonly last_used_at: string | null;
  /** What it is for. */
  readonly name: string;
  /** What it may do. */
  readonly scopes: readonly ("all" | "api_keys:read" | "api_keys:write" | "users:read" | "users:write" | (string & {}))[];
  /** When it was last changed or rotated. */
  readonly updated_at: string;
}

/** Names an API key. It is not the secret that proves it. */
export type ApiKeyID = string;

/** A part of the API keys. */
export interface ApiKeyPage {
  /** The API keys, oldest first. */
  readonly items: readonly ApiKey[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** How a secret takes the place of another. */
export interface ApiKeyRotation {
  /** For how long the secret before goes on working. */
  readonly overlap_seconds: number;
}

/** A merge patch of an API key. */
export interface ApiKeyUpdate {
  /** When it is to end by itself; null is never. */
  readonly expires_at?: string | null;
  /** What it is for; one line. */
  readonly name?: string;
  /** What it may do, in the place of what it could. */
  readonly scopes?: readonly Scope[];
}

/** One wrong place in a request. It never repeats the value. */
export interface FieldError {
  /** The stable name of the rule that was broken. New ones may come. */
  readonly code: string;
  /** The rule in a sentence; `Content-Language` says in which language. */
  readonly detail: string;
  /** JSON Pointer into the body; `#header/Name`, `#query/name` or `#path/name` outside of it. */
  readonly pointer: string;
}

/** An API key with the secret that proves it, which is told this once. */
export interface IssuedApiKey {
  /** What a program may do to the tenant, and until when. */
  readonly api_key: ApiKey;
  /** Goes into `Authorization: Bearer …`. Only a digest of it is kept. */
  readonly secret: string;
}

/** An API key to create. */
export interface NewApiKey {
  /** What it is for; one line. */
  readonly name: string;
  /** What it may do. */
  readonly scopes: readonly Scope[];
  /** When it is to end by itself; never without. */
  readonly expires_at?: string;
}

/** What went wrong, as RFC 9457 writes it. */
export interface Problem {
  /** The stable name of the problem, for programs. New codes may come. */
  readonly code: "api_key_invalid" | "api_key_limit" | "api_key_refused" | "api_key_unknown" | "application_invalid" | "audience_not_allowed" | "body_too_large" | "client_id_required" | "client_id_taken" | "client_unknown" | "client_upgrade_required" | "consent_required" | "content_type_unsupported" | "cookie_transport_cross_site" | "credentials_invalid" | "filter_not_indexed" | "flow_token_invalid" | "flow_unknown" | "headers_too_large" | "idempotency_key_busy" | "idempotency_key_reused" | "identifier_invalid" | "identifier_last" | "identifier_limit" | "identifier_taken" | "identifier_unknown" | "identifier_unprovable" | "internal_error" | "journey_unknown" | "method_not_allowed" | "not_found" | "origin_not_allowed" | "overloaded" | "password_none" | "password_rejected" | "password_unchecked" | "profile_invalid" | "rate_limited" | "request_invalid" | "request_malformed" | "schema_invalid" | "scope_exceeded" | "scope_missing" | "session_invalid" | "session_unknown" | "step_not_offered" | "step_up_required" | "tenant_host_taken" | "tenant_invalid" | "tenant_unknown" | "too_many_attempts" | "unavailable" | "user_suspended" | "user_unknown" | "version_stale" | (string & {});
  /** What happened here, for people; `Content-Language` says in which language. */
  readonly detail: string;
  /** The HTTP status. */
  readonly status: number;
  /** The code in a few words, the same for every occurrence but for its language. */
  readonly title: string;
  /** Finds this request in the server's logs. */
  readonly trace_id: string;
  /** The address of a page of this server that explains the code. */
  readonly type: string;
  /** The places in the request that are wrong, where the problem has any. */
  readonly errors?: readonly FieldError[];
  /** What would satisfy a request that needs a more recent or stronger authentication. */
  readonly step_up?: StepUp;
}

/** One thing that an API key may do; every management operation says which one it needs. `all` is whatever there is, and will be. */
export type Scope = "all" | "api_keys:read" | "api_keys:write" | "users:read" | "users:write";

/** What would satisfy a request that needs a more recent or stronger authentication. */
export interface StepUp {
  /** The journey to run, with the session at hand. */
  readonly journey: string;
  /** How recent the proof has to be. */
  readonly max_age_seconds: number;
  /** The proofs that count. */
  readonly methods: readonly ("password" | (string & {}))[];
}

/**
 * Create an API key.
 *
 * A key for one program. Its secret is in the answer and nowhere else, ever. It may be given no scope that the key which asks does not have: `403 scope_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys`
 */
export const createApiKey: Operation<{ readonly body: NewApiKey }, IssuedApiKey> = ["POST", "/admin/v1/api-keys", 15];

/**
 * Delete an API key.
 *
 * It is worth nothing from the next request on, and so is whatever its secret was. A key may delete itself.
 *
 * Needs the scope `api_keys:write`.
 *
 * `DELETE /admin/v1/api-keys/{api_key_id}`
 */
export const deleteApiKey: Operation<{ readonly api_key_id: ApiKeyID }, void> = ["DELETE", "/admin/v1/api-keys/{api_key_id}", 5];

/**
 * Read an API key.
 *
 * What it is called, what it may do, until when, and when it was last used. Never its secret.
 *
 * Needs the scope `api_keys:read`.
 *
 * `GET /admin/v1/api-keys/{api_key_id}`
 */
export const getApiKey: Operation<{ readonly api_key_id: ApiKeyID }, ApiKey> = ["GET", "/admin/v1/api-keys/{api_key_id}", 13];

/**
 * List the API keys.
 *
 * All API keys of the tenant, oldest first, expired ones too. Nothing shows a secret again.
 *
 * Needs the scope `api_keys:read`.
 *
 * `GET /admin/v1/api-keys`
 */
export const listApiKeys: Operation<{ readonly cursor?: string; readonly limit?: number }, ApiKeyPage> = ["GET", "/admin/v1/api-keys", 13];

/**
 * Give an API key another secret.
 *
 * The new secret is in the answer and nowhere else. The one before goes on working for `overlap_seconds`, so that programs can be changed over one by one; secrets that were to end sooner still do.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys/{api_key_id}/rotate`
 */
export const rotateApiKey: Operation<{ readonly api_key_id: ApiKeyID; readonly if_match: string; readonly body: ApiKeyRotation }, IssuedApiKey> = ["POST", "/admin/v1/api-keys/{api_key_id}/rotate", 15, { if_match: "If-Match" }];

/**
 * Change an API key.
 *
 * Name, scopes and expiry. Scopes that are taken away are missing from the next request on. Neither the scopes that are given nor those that the key has may be more than those of the key which asks: `403 scope_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `PATCH /admin/v1/api-keys/{api_key_id}`
 */
export const updateApiKey: Operation<{ readonly api_key_id: ApiKeyID; readonly if_match: string; readonly body: ApiKeyUpdate }, ApiKey> = ["PATCH", "/admin/v1/api-keys/{api_key_id}", 13, { if_match: "If-Match" }];
