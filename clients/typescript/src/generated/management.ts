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
  readonly scopes: readonly ("all" | "api_keys:read" | "api_keys:write" | "applications:read" | "applications:write" | "audit:read" | "invitations:read" | "invitations:write" | "jobs:read" | "jobs:write" | "keys:read" | "keys:write" | "messages:read" | "messages:write" | "roles:read" | "roles:write" | "schemas:read" | "schemas:write" | "settings:read" | "settings:write" | "templates:read" | "templates:write" | "users:export" | "users:impersonate" | "users:read" | "users:write" | (string & {}))[];
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
  /** When it is to end by itself; null is never. Not after the API key which asks does. */
  readonly expires_at?: string | null;
  /** What it is for; one line. */
  readonly name?: string;
  /** What it may do, in the place of what it could. */
  readonly scopes?: readonly Scope[];
}

/** What may talk to the tenant on behalf of people, with all of its settings. */
export interface Application {
  /** Whether it runs at an address of its own or is installed on a device. */
  readonly application_type: "web" | "native" | (string & {});
  /** How the key that authorization responses that are a JWT are encrypted with reaches it; null is that they are not encrypted. */
  readonly authorization_encrypted_response_alg: "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | (string & {}) | null;
  /** What authorization responses that are a JWT are encrypted with; null where they are not. */
  readonly authorization_encrypted_response_enc: "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512" | (string & {}) | null;
  /** What authorization responses are signed with where they are a JWT. */
  readonly authorization_signed_response_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {});
  /** Whether logout tokens have to name the session. */
  readonly backchannel_logout_session_required: boolean;
  /** Where a logout token is to be sent when a session ends. */
  readonly backchannel_logout_uri: string | null;
  /** What requests name it by. */
  readonly client_id: string;
  /** A page about it. */
  readonly client_uri: string | null;
  /** Email addresses of who is responsible. */
  readonly contacts: readonly string[];
  /** When it was made. */
  readonly created_at: string;
  /** Whether it stands in where a request names no client id; in development only. */
  readonly default: boolean;
  /** How strong a sign-in should be where a request does not say, the most wanted first. */
  readonly default_acr_values: readonly string[];
  /** After how many seconds a sign-in is too old for it; null is never. */
  readonly default_max_age: number | null;
  /** Whether its access tokens are bound to a key of its own. */
  readonly dpop_bound_access_tokens: boolean;
  /** Whether it may be used. */
  readonly enabled: boolean;
  /** Whether that has to name the issuer and the session. */
  readonly frontchannel_logout_session_required: boolean;
  /** What the browser of a person is to load when their session ends. */
  readonly frontchannel_logout_uri: string | null;
  /** The ways to a token that it may use. */
  readonly grant_types: readonly ("authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code" | (string & {}))[];
  /** Whether people may go on as guests, in the journey `guest`, and register later. */
  readonly guests: boolean;
  /** Names an application inside of Lintel; requests name it by its client id. */
  readonly id: ApplicationID;
  /** How the key that its id tokens are encrypted with reaches it; null is that they are not encrypted. */
  readonly id_token_encrypted_response_alg: "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | (string & {}) | null;
  /** What its id tokens are encrypted with; null where they are not. */
  readonly id_token_encrypted_response_enc: "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512" | (string & {}) | null;
  /** What its id tokens are signed with. */
  readonly id_token_signed_response_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {});
  /** Where somebody else may send people for it to begin a sign-in. */
  readonly initiate_login_uri: string | null;
  /** How the key that answers to its introspection that are a JWT are encrypted with reaches it; null is that they are not encrypted. */
  readonly introspection_encrypted_response_alg: "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | (string & {}) | null;
  /** What answers to its introspection that are a JWT are encrypted with; null where they are not. */
  readonly introspection_encrypted_response_enc: "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512" | (string & {}) | null;
  /** What answers to its introspection are signed with where they are a JWT. */
  readonly introspection_signed_response_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {});
  /** Whether signed-in users may invite others, with `createMyInvitation`. */
  readonly invitations_by_users: boolean;
  /** The journeys it may run; empty is all built-in ones. */
  readonly journeys: readonly string[];
  /** Where its public keys are. */
  readonly jwks_uri: string | null;
  /** What a link of a message does where it is opened elsewhere than where it was asked for: it shows a short code to type there, it may approve the flow that waits, or it does nothing. */
  readonly link_elsewhere: "code" | "approve" | "refuse" | (string & {});
  /** Pages of its front ends that open the links of messages; the first is meant where none is chosen. https, http on the loopback, or the own scheme of an app. */
  readonly link_uris: readonly string[];
  /** Its logo. */
  readonly logo_uri: string | null;
  /** Who changes it: the configuration that declares it, or this API. */
  readonly managed_by: "configuration" | "api" | (string & {});
  /** Its name, for people. */
  readonly name: string;
  /** Exact origins of its front ends. */
  readonly origins: readonly string[];
  /** When an address has to be proven. */
  readonly ownership_proof: "before_account" | "deferred" | (string & {});
  /** How it uses what it learns of people. */
  readonly policy_uri: string | null;
  /** Where people may be sent after a logout. */
  readonly post_logout_redirect_uris: readonly string[];
  /** Claims of the profile schema that registration asks for. */
  readonly profile_claims: readonly string[];
  /** Where people may be sent back to. https, http on the loopback, or the own scheme of an app. */
  readonly redirect_uris: readonly string[];
  /** What its request objects have to be signed with; null is whatever its keys fit. */
  readonly request_object_signing_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {}) | null;
  /** Whether its id tokens always tell when the sign-in was. */
  readonly require_auth_time: boolean;
  /** Whether an authorization request has to be pushed first. */
  readonly require_pushed_authorization_requests: boolean;
  /** Whether an authorization request has to be a signed request object. */
  readonly require_signed_request_object: boolean;
  /** What the authorization endpoint may answer it. */
  readonly response_types: readonly ("code" | (string & {}))[];
  /** The scopes that it may ask for, a space between two; null is those that OpenID Connect defines. */
  readonly scope: string | null;
  /** Where the redirect URIs of all applications are listed that know people by the same pairwise subjects; null is the host of its own. */
  readonly sector_identifier_uri: string | null;
  /** What its software is called by whoever makes it, the same wherever it is installed. */
  readonly software_id: string | null;
  /** Which version of the software it is. */
  readonly software_version: string | null;
  /** Whether people have one subject for every application, or one of its own for each. */
  readonly subject_type: "public" | "pairwise" | (string & {});
  /** What its front ends may mint from a session for its services. */
  readonly token: ApplicationToken;
  /** How it proves itself at the token endpoint. */
  readonly token_endpoint_auth_method: "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt" | (string & {});
  /** What it has to sign with when it proves itself by private_key_jwt; null is whatever its keys fit. */
  readonly token_endpoint_auth_signing_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {}) | null;
  /** Its terms of service. */
  readonly tos_uri: string | null;
  /** When it was last changed. */
  readonly updated_at: string;
  /** How the key that answers about a person (userinfo) are encrypted with reaches it; null is that they are not encrypted. */
  readonly userinfo_encrypted_response_alg: "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW" | (string & {}) | null;
  /** What answers about a person (userinfo) are encrypted with; null where they are not. */
  readonly userinfo_encrypted_response_enc: "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512" | (string & {}) | null;
  /** What answers about a person (userinfo) are signed with; null is that they are JSON and not signed. */
  readonly userinfo_signed_response_alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {}) | null;
  /** A JSON Web Key Set with the public keys of the application. One with the `use` `enc` is encrypted to, every other verifies signatures. Private and symmetric keys are refused. */
  readonly jwks?: ApplicationJwks;
  /** What an application says of passkeys. Without it, it has none. */
  readonly passkeys?: ApplicationPasskeys;
  /** What a person agrees to when registering. */
  readonly terms?: ApplicationTerms;
}

/** An Android app that may use the passkeys. */
export interface ApplicationAndroidApp {
  /** Its package name. */
  readonly package_name: string;
  /** SHA-256 of the certificates that it is signed with, as 32 hexadecimal pairs with colons. */
  readonly sha256_cert_fingerprints: readonly string[];
}

/** Names an application inside of Lintel; requests name it by its client id. */
export type ApplicationID = string;

/** A JSON Web Key Set with the public keys of the application. One with the `use` `enc` is encrypted to, every other verifies signatures. Private and symmetric keys are refused. */
export type ApplicationJwks = { readonly [name: string]: unknown };

/** The public keys of the application, or null for none. One with the `use` `enc` is encrypted to, every other verifies signatures. */
export type ApplicationJwksUpdate = { readonly [name: string]: unknown };

/** Applications of the tenant. */
export interface ApplicationPage {
  /** The applications, oldest first. */
  readonly items: readonly Application[];
  /** Where the next page goes on; null on the last. */
  readonly next_cursor: string | null;
}

/** What an application says of passkeys. Without it, it has none. */
export interface ApplicationPasskeys {
  /** Signatures that a new one may have, as COSE numbers them, the preferred one first; ES256, EdDSA and RS256 without. */
  readonly algorithms: readonly number[];
  /** The only models of authenticators that a new one may be made on; empty is all. This needs the attestation `required`, since a model that is only claimed proves nothing. */
  readonly allowed_aaguids: readonly string[];
  /** Android apps that may use them. */
  readonly android_apps: readonly ApplicationAndroidApp[];
  /** Apple apps that may use them, each by its team id, a dot and its bundle id; they read `/.well-known/apple-app-site-association`. */
  readonly apple_apps: readonly string[];
  /** Which authenticators a new one may be made on; null is any. */
  readonly attachment: "platform" | "cross-platform" | (string & {}) | null;
  /** What a new one has to show of its authenticator: nothing; something, which is verified where it comes; or what metadata that the operator gave proves. */
  readonly attestation: "none" | "direct" | "required" | (string & {});
  /** The page where people change their password; `/.well-known/change-password` leads there. It is in an origin of the application or of its passkeys. */
  readonly change_password_url: string | null;
  /** Whether a front end may make one without asking, after a login with a password. */
  readonly conditional_create: boolean;
  /** Models of authenticators that no new one may be made on. */
  readonly denied_aaguids: readonly string[];
  /** The page where people make one, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly enroll_url: string | null;
  /** What a front end should offer first. */
  readonly hints: readonly ("security-key" | "client-device" | "hybrid" | (string & {}))[];
  /** The page where people see those they have, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly manage_url: string | null;
  /** Exact web origins that may use them, besides those of the application at the domain or below it. Those elsewhere are told browsers at `/.well-known/webauthn`, and have at most 5 different names before their public suffixes. */
  readonly origins: readonly string[];
  /** The relying party id: the domain that the passkeys belong to, or `localhost` in development. They are for good of this domain: after a change those that people have work no more, and nobody can move them. */
  readonly rp_id: string;
  /** Whether who signs in with something weaker is asked for a passkey too, if they have one. */
  readonly second_factor: boolean;
  /** For how long people are asked; 300 without. */
  readonly timeout_seconds: number;
  /** Whether an authenticator has to find out who is there. */
  readonly user_verification: "required" | "preferred" | "discouraged" | (string & {});
}

/** What an application says of passkeys. A member that is null gets its default; null instead of the object is that it has none. */
export interface ApplicationPasskeysUpdate {
  /** Signatures that a new one may have, as COSE numbers them, the preferred one first; ES256, EdDSA and RS256 without. */
  readonly algorithms?: readonly number[] | null;
  /** The only models of authenticators that a new one may be made on; empty is all. This needs the attestation `required`, since a model that is only claimed proves nothing. */
  readonly allowed_aaguids?: readonly string[] | null;
  /** Android apps that may use them; they read `/.well-known/assetlinks.json`. */
  readonly android_apps?: readonly NewApplicationAndroidApp[] | null;
  /** Apple apps that may use them, each by its team id, a dot and its bundle id; they read `/.well-known/apple-app-site-association`. */
  readonly apple_apps?: readonly string[] | null;
  /** Which authenticators a new passkey may be made on. Null is the default, any. */
  readonly attachment?: RelyingPartyAttachmentUpdate | null;
  /** What a new passkey has to show of its authenticator. Null is the default, none. */
  readonly attestation?: RelyingPartyAttestationUpdate | null;
  /** The page where people change their password; `/.well-known/change-password` leads there. It is in an origin of the application or of its passkeys. */
  readonly change_password_url?: string | null;
  /** Whether a front end may make one without asking, after a login with a password. */
  readonly conditional_create?: boolean | null;
  /** Models of authenticators that no new one may be made on. */
  readonly denied_aaguids?: readonly string[] | null;
  /** The page where people make one, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly enroll_url?: string | null;
  /** What a front end should offer first. */
  readonly hints?: readonly RelyingPartyHint[] | null;
  /** The page where people see those they have, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly manage_url?: string | null;
  /** Exact web origins that may use them, besides those of the application at the domain or below it. Those elsewhere are told browsers at `/.well-known/webauthn`, and have at most 5 different names before their public suffixes. */
  readonly origins?: readonly string[] | null;
  /** The relying party id: the domain that the passkeys belong to, or `localhost` in development. They are for good of this domain: after a change those that people have work no more, and nobody can move them. */
  readonly rp_id?: string;
  /** Whether who signs in with something weaker is asked for a passkey too, if they have one. */
  readonly second_factor?: boolean | null;
  /** For how long people are asked; 300 without. */
  readonly timeout_seconds?: number | null;
  /** Whether an authenticator has to find out who is there. Null is the default, required. */
  readonly user_verification?: RelyingPartyUserVerificationUpdate | null;
}

/** What is known of a secret. */
export interface ApplicationSecret {
  /** When it was made. */
  readonly created_at: string;
  /** When it ends, or ended; null is never. */
  readonly expires_at: string | null;
  /** Names a secret of an application. It is not the secret. */
  readonly id: ApplicationSecretID;
}

/** Names a secret of an application. It is not the secret. */
export type ApplicationSecretID = string;

/** Secrets of an application. */
export interface ApplicationSecretPage {
  /** What is known of each, oldest first. */
  readonly items: readonly ApplicationSecret[];
  /** Where the next page goes on; null on the last. */
  readonly next_cursor: string | null;
}

/** What a person agrees to when registering. */
export interface ApplicationTerms {
  /** Where it can be read; https. */
  readonly url: string;
  /** Which version of it. */
  readonly version: string;
}

/** What a person agrees to when registering. */
export interface ApplicationTermsUpdate {
  /** Where it can be read; https. */
  readonly url: string;
  /** Which version of it. */
  readonly version: string;
}

/** What its front ends may mint from a session for its services. */
export interface ApplicationToken {
  /** Whom tokens are for, the first where none is named; empty is the base URL of the tenant. */
  readonly audiences: readonly string[];
  /** For how long a token is good; 300 without. */
  readonly lifetime_seconds: number;
}

/** Whether it runs at an address of its own or is installed on a device. */
export type ApplicationType = "web" | "native";

/** A merge patch of an application's settings. */
export interface ApplicationUpdate {
  /** Whether it runs at an address of its own or is installed on a device. */
  readonly application_type?: ApplicationType;
  /** How the key that tokens or answers are encrypted with reaches the application. Null is that they are not encrypted. */
  readonly authorization_encrypted_response_alg?: KeyEncryptionAlgorithmUpdate | null;
  /** What tokens or answers are encrypted with. Null is A128CBC-HS256, beside how its key arrives. */
  readonly authorization_encrypted_response_enc?: ContentEncryptionAlgorithmUpdate | null;
  /** What tokens, requests or answers are signed with. Null is the default. */
  readonly authorization_signed_response_alg?: SigningAlgorithmUpdate | null;
  /** Whether logout tokens have to name the session. Null is the default. */
  readonly backchannel_logout_session_required?: boolean | null;
  /** Where a logout token is to be sent when a session ends. https, or http on the loopback. Null is the default. */
  readonly backchannel_logout_uri?: string | null;
  /** A page about it. https. Null is the default. */
  readonly client_uri?: string | null;
  /** Email addresses of who is responsible. Null is the default. */
  readonly contacts?: readonly string[] | null;
  /** How strong a sign-in should be where a request does not say, the most wanted first. Null is the default. */
  readonly default_acr_values?: readonly string[] | null;
  /** After how many seconds a sign-in is too old for it; never without. Null is the default. */
  readonly default_max_age?: number | null;
  /** Whether its access tokens are bound to a key of its own. */
  readonly dpop_bound_access_tokens?: boolean;
  /** Whether it may be used. */
  readonly enabled?: boolean;
  /** Whether that has to name the issuer and the session. Null is the default. */
  readonly frontchannel_logout_session_required?: boolean | null;
  /** What the browser of a person is to load when their session ends. https, or http on the loopback; with the scheme, host and port of a redirect URI. Null is the default. */
  readonly frontchannel_logout_uri?: string | null;
  /** The ways to a token that it may use. Without, the code where there are redirect URIs. Null is the default. */
  readonly grant_types?: readonly GrantType[] | null;
  /** Whether people may go on as guests, in the journey `guest`, and register later. They may not where nothing is said. */
  readonly guests?: boolean;
  /** How the key that tokens or answers are encrypted with reaches the application. Null is that they are not encrypted. */
  readonly id_token_encrypted_response_alg?: KeyEncryptionAlgorithmUpdate | null;
  /** What tokens or answers are encrypted with. Null is A128CBC-HS256, beside how its key arrives. */
  readonly id_token_encrypted_response_enc?: ContentEncryptionAlgorithmUpdate | null;
  /** What tokens, requests or answers are signed with. */
  readonly id_token_signed_response_alg?: SigningAlgorithm;
  /** Where somebody else may send people for it to begin a sign-in, https. Null is the default. */
  readonly initiate_login_uri?: string | null;
  /** How the key that tokens or answers are encrypted with reaches the application. Null is that they are not encrypted. */
  readonly introspection_encrypted_response_alg?: KeyEncryptionAlgorithmUpdate | null;
  /** What tokens or answers are encrypted with. Null is A128CBC-HS256, beside how its key arrives. */
  readonly introspection_encrypted_response_enc?: ContentEncryptionAlgorithmUpdate | null;
  /** What tokens, requests or answers are signed with. Null is the default. */
  readonly introspection_signed_response_alg?: SigningAlgorithmUpdate | null;
  /** Whether signed-in users may invite others, with `createMyInvitation`. They may not where nothing is said. */
  readonly invitations_by_users?: boolean;
  /** The journeys it may run; empty is all built-in ones. Null is the default. */
  readonly journeys?: readonly string[] | null;
  /** The public keys of the application, or null for none. One with the `use` `enc` is encrypted to, every other verifies signatures. */
  readonly jwks?: ApplicationJwksUpdate | null;
  /** Where its public keys are, https; not beside jwks. Null is the default. */
  readonly jwks_uri?: string | null;
  /** What a link of a message does where it is opened elsewhere than where it was asked for: it shows a short code to type there (`code`, the default), it may approve the flow that waits (`approve`), or it does nothing (`refuse`). */
  readonly link_elsewhere?: LinkElsewhere;
  /** Pages of its front ends that open the links of messages; the first is meant where none is chosen. https, http on the loopback, or the own scheme of an app. Null is the default. */
  readonly link_uris?: readonly string[] | null;
  /** Its logo. https. Null is the default. */
  readonly logo_uri?: string | null;
  /** Its name, for people. */
  readonly name?: string;
  /** Exact origins of its front ends. Null is the default. */
  readonly origins?: readonly string[] | null;
  /** When an address has to be proven: before there is an account, and nothing is told about taken ones, or later. Who says nothing gets `before_account` in production, and `deferred` in development. */
  readonly ownership_proof?: OwnershipProof;
  /** What an application says of passkeys. A member that is null gets its default; null instead of the object is that it has none. */
  readonly passkeys?: ApplicationPasskeysUpdate | null;
  /** How it uses what it learns of people. https. Null is the default. */
  readonly policy_uri?: string | null;
  /** Where people may be sent after a logout. Null is the default. */
  readonly post_logout_redirect_uris?: readonly string[] | null;
  /** Claims of the profile schema that registration asks for. Null is the default. */
  readonly profile_claims?: readonly string[] | null;
  /** Where people may be sent back to. https, http on the loopback, or the own scheme of an app. Null is the default. */
  readonly redirect_uris?: readonly string[] | null;
  /** What tokens, requests or answers are signed with. Null is the default. */
  readonly request_object_signing_alg?: SigningAlgorithmUpdate | null;
  /** Whether its id tokens always tell when the sign-in was. Null is the default. */
  readonly require_auth_time?: boolean | null;
  /** Whether an authorization request has to be pushed first. */
  readonly require_pushed_authorization_requests?: boolean;
  /** Whether an authorization request has to be a signed request object. Null is the default. */
  readonly require_signed_request_object?: boolean | null;
  /** What the authorization endpoint may answer it; it follows from the grant types. Null is the default. */
  readonly response_types?: readonly ResponseType[] | null;
  /** The scopes that it may ask for, a space between two. Without, those that OpenID Connect defines. Null is the default. */
  readonly scope?: string | null;
  /** Where the redirect URIs of all applications are listed that know people by the same pairwise subjects, https. Needed for these where the redirect URIs do not have one host. Null is the default. */
  readonly sector_identifier_uri?: string | null;
  /** What its software is called by whoever makes it, the same wherever it is installed. Null is the default. */
  readonly software_id?: string | null;
  /** Which version of the software it is. Null is the default. */
  readonly software_version?: string | null;
  /** Whether people have one subject for every application, or one of its own for each. Null is the default. */
  readonly subject_type?: SubjectTypeUpdate | null;
  /** What a person agrees to when registering. */
  readonly terms?: ApplicationTermsUpdate | null;
  /** What its front ends may mint from a session for its services. */
  readonly token?: NewApplicationToken;
  /** How the application proves itself at the token endpoint. */
  readonly token_endpoint_auth_method?: TokenEndpointAuthMethod;
  /** What tokens, requests or answers are signed with. Null is the default. */
  readonly token_endpoint_auth_signing_alg?: SigningAlgorithmUpdate | null;
  /** Its terms of service. https. Null is the default. */
  readonly tos_uri?: string | null;
  /** How the key that tokens or answers are encrypted with reaches the application. Null is that they are not encrypted. */
  readonly userinfo_encrypted_response_alg?: KeyEncryptionAlgorithmUpdate | null;
  /** What tokens or answers are encrypted with. Null is A128CBC-HS256, beside how its key arrives. */
  readonly userinfo_encrypted_response_enc?: ContentEncryptionAlgorithmUpdate | null;
  /** What tokens, requests or answers are signed with. Null is the default. */
  readonly userinfo_signed_response_alg?: SigningAlgorithmUpdate | null;
}

/** Who did it. */
export interface AuditActor {
  /** Who acted in their name: the API key that began an impersonation, or `system`; null where they acted themselves. */
  readonly by: string | null;
  /** Which one; null for nobody in particular. */
  readonly id: string | null;
  /** What sort of party it is. */
  readonly kind: "user" | "api_key" | "operator" | "system" | "anonymous" | (string & {});
}

/** What the event tells, as the list of events describes it by type and version, with what was before and after where it tells that. Never a secret. */
export type AuditData = { readonly [name: string]: unknown };

/** One thing that happened, and its place in the chain. */
export interface AuditEntry {
  /** Who did it. */
  readonly actor: AuditActor;
  /** What the event tells, as the list of events describes it by type and version, with what was before and after where it tells that. Never a secret. */
  readonly data: AuditData;
  /** Names the event. */
  readonly event_id: string;
  /** Closes an entry and, through it, all before: what was sealed is covered as it was sealed. */
  readonly hash: AuditHash;
  /** Its place, counted from 1 without a gap; the oldest that is kept may have a higher one. */
  readonly number: number;
  /** When it happened. */
  readonly occurred_at: string;
  /** What the event tells about its user beside the source. It was sealed under that user's key: null where there is none, or once the user was erased. */
  readonly personal: AuditPersonal | null;
  /** Where it came from, as far as that was noted. */
  readonly source: AuditSource;
  /** The id of what it happened to. */
  readonly subject: string;
  /** What happened; the list of events has all types. */
  readonly type: string;
  /** The user it is about; null where it is about nobody. */
  readonly user_id: string | null;
  /** The version of the shape of its data. */
  readonly version: number;
}

/** The form of an export. */
export type AuditExportFormat = "ndjson" | "csv";

/** Closes an entry and, through it, all before: what was sealed is covered as it was sealed. */
export type AuditHash = string;

/** The end of the chain, and where it begins. */
export interface AuditHead {
  /** The number of the oldest entry that is kept. */
  readonly first_number: number;
  /** Closes an entry and, through it, all before: what was sealed is covered as it was sealed. */
  readonly hash: AuditHash;
  /** How many entries there have been. */
  readonly number: number;
  /** What the tenant's `audit_retention_days` have removed from the beginning of the chain; null where nothing was. */
  readonly removed: AuditRemoval | null;
}

/** Which entries come first. */
export type AuditOrder = "newest" | "oldest";

/** A part of what happened. */
export interface AuditPage {
  /** The entries, in the order that was asked for. */
  readonly items: readonly AuditEntry[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** What the event tells about its user beside the source. It was sealed under that user's key: null where there is none, or once the user was erased. */
export type AuditPersonal = { readonly [name: string]: unknown };

/** What the tenant's `audit_retention_days` have removed from the beginning of the chain; null where nothing was. */
export interface AuditRemoval {
  /** Closes an entry and, through it, all before: what was sealed is covered as it was sealed. */
  readonly hash: AuditHash;
  /** The number of the last entry that was removed. */
  readonly number: number;
  /** When the last ones were removed. */
  readonly removed_at: string;
}

/** Where it came from, as far as that was noted. */
export interface AuditSource {
  /** The network address. */
  readonly address: string | null;
  /** A readable name of the device. */
  readonly device: string | null;
  /** What the device calls itself. */
  readonly user_agent: string | null;
}

/** What tokens or answers are encrypted with; A128CBC-HS256 without, beside how its key arrives. */
export type ContentEncryptionAlgorithm = "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512";

/** What tokens or answers are encrypted with. Null is A128CBC-HS256, beside how its key arrives. */
export type ContentEncryptionAlgorithmUpdate = "A128GCM" | "A256GCM" | "A128CBC-HS256" | "A256CBC-HS512";

/** A tenant with the API key that manages it, whose secret is told this once. */
export interface CreatedTenant {
  /** An API key with the secret that proves it, which is told this once. */
  readonly api_key: IssuedApiKey;
  /** A full separation of data and keys, as whoever runs the server sees it. */
  readonly tenant: Tenant;
}

/** What can be told about where a session lives. */
export interface Device {
  /** The network address it was started from; empty when that is not known. */
  readonly address: string;
  /** A readable name made from the user agent. */
  readonly name: string;
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

/** A way to a token at the token endpoint. */
export type GrantType = "authorization_code" | "refresh_token" | "client_credentials" | "urn:ietf:params:oauth:grant-type:device_code";

/** An email address, phone number or username that finds a user. */
export interface Identifier {
  /** Names an identifier; it stays the same for as long as the identifier is there. */
  readonly id: IdentifierID;
  /** Whether it is the first choice of its type. */
  readonly primary: boolean;
  /** Which sort of identifier it is. */
  readonly type: "email" | "phone" | "username" | (string & {});
  /** As it is shown. */
  readonly value: string;
  /** When the user proved to hold it; null when they have not. */
  readonly verified_at: string | null;
}

/** Names an identifier; it stays the same for as long as the identifier is there. */
export type IdentifierID = string;

/** What sort of identifier the value is meant to be; told from the value when left out. */
export type IdentifierType = "email" | "phone" | "username";

/** A session in which somebody acts in a user's name. */
export interface Impersonation {
  /** One signed-in browser or app. */
  readonly session: Session;
  /** The session's secret, shown once. */
  readonly session_token: string;
}

/** An invitation to become a user, or to sign in, at an application. */
export interface Invitation {
  /** When it was accepted. */
  readonly accepted_at: string | null;
  /** Names an application inside of Lintel; requests name it by its client id. */
  readonly application_id: ApplicationID;
  /** When it was created. */
  readonly created_at: string;
  /** How its link reaches whom it is for. */
  readonly delivery: "message" | "none" | (string & {});
  /** Until when it can be accepted. */
  readonly expires_at: string;
  /** Names an invitation. */
  readonly id: InvitationID;
  /** Whom an invitation is for. */
  readonly identifier: InvitationAddress;
  /** Who invited somebody. */
  readonly invited_by: InvitationActor;
  /** The language that it is written in, as a tag; null where the tenant's own is meant. */
  readonly locale: string | null;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile: Profile;
  /** When it was revoked. */
  readonly revoked_at: string | null;
  /** When its token was made, which is worth something as long as it is pending. */
  readonly sent_at: string;
  /** Where it stands. */
  readonly status: "pending" | "accepted" | "revoked" | "expired" | (string & {});
  /** Who has accepted it; null as long as nobody has. */
  readonly user_id: string | null;
}

/** Who invited somebody. */
export interface InvitationActor {
  /** What they are. */
  readonly kind: "api_key" | "user" | "system" | "anonymous" | (string & {});
  /** Who they are, where that has a name. */
  readonly id?: string;
}

/** Whom an invitation is for. */
export interface InvitationAddress {
  /** What sort of address it is. */
  readonly type: "email" | "phone" | (string & {});
  /** The email address, or the phone number in E.164 form. */
  readonly value: string;
}

/** How its link reaches whom it is for: in a message to their address, or by whoever created it. */
export type InvitationDelivery = "message" | "none";

/** Names an invitation. */
export type InvitationID = string;

/** Whom to invite. */
export interface InvitationIdentifier {
  /** What sort of address it is. */
  readonly type: InvitationIdentifierType;
  /** The email address, or the phone number in E.164 form. */
  readonly value: string;
}

/** What sort of address it is. */
export type InvitationIdentifierType = "email" | "phone";

/** A part of the invitations. */
export interface InvitationPage {
  /** The invitations, the newest first. */
  readonly items: readonly Invitation[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** Where an invitation stands. */
export type InvitationStatus = "pending" | "accepted" | "revoked" | "expired";

/** An API key with the secret that proves it, which is told this once. */
export interface IssuedApiKey {
  /** What a program may do to the tenant, and until when. */
  readonly api_key: ApiKey;
  /** Goes into `Authorization: Bearer …`. Only a digest of it is kept. */
  readonly secret: string;
}

/** A secret that is told this once. */
export interface IssuedApplicationSecret {
  /** What is known of a secret. */
  readonly application_secret: ApplicationSecret;
  /** What the application proves itself with. Only a digest of it is kept. */
  readonly secret: string;
}

/** An invitation, with its token where the caller is to deliver it, which is told this once. */
export interface IssuedInvitation {
  /** An invitation to become a user, or to sign in, at an application. */
  readonly invitation: Invitation;
  /** The link to deliver, which has the token in its fragment. */
  readonly invitation_link?: string;
  /** What accepts the invitation. Only a digest of it is kept. */
  readonly invitation_token?: string;
}

/** Work that takes longer than a request may. */
export interface Job {
  /** When it was asked for. */
  readonly created_at: string;
  /** Who started a job. */
  readonly created_by: JobActor;
  /** Why it failed. */
  readonly error_code: "job_abandoned" | "job_result_too_large" | "user_suspended" | "user_unknown" | "internal_error" | (string & {}) | null;
  /** When it is removed, result included; null before it has ended. */
  readonly expires_at: string | null;
  /** When it ended. */
  readonly finished_at: string | null;
  /** Names a job. */
  readonly id: JobID;
  /** How far a job is, in whatever it counts. */
  readonly progress: JobProgress;
  /** What there is to read of a completed job; null before, and once it was removed. */
  readonly result: JobOutcome | null;
  /** The scope that starting it needed, and that reading its result needs. */
  readonly scope: string;
  /** When it was first begun. */
  readonly started_at: string | null;
  /** Where it stands; from completed, failed and cancelled it does not move. */
  readonly status: "queued" | "running" | "completed" | "failed" | "cancelled" | (string & {});
  /** What it does. */
  readonly type: "audit_verification" | "audit_export" | "user_export" | (string & {});
}

/** Who started a job. */
export interface JobActor {
  /** Which one; null for nobody in particular. */
  readonly id: string | null;
  /** What sort of party it is. */
  readonly kind: "user" | "api_key" | "system" | "anonymous" | (string & {});
}

/** Names a job. */
export type JobID = string;

/** What there is to read of a completed job; null before, and once it was removed. */
export interface JobOutcome {
  /** How long it is as a whole. */
  readonly bytes: number;
  /** What the whole of it is. */
  readonly content_type: string;
  /** In how many parts it is read. */
  readonly parts: number;
}

/** A part of the jobs. */
export interface JobPage {
  /** The jobs, the newest first. */
  readonly items: readonly Job[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** How far a job is, in whatever it counts. */
export interface JobProgress {
  /** How much is done. */
  readonly done: number;
  /** How much there is to do; 0 while that is not known. */
  readonly total: number;
}

/** A part of the result of a job. */
export interface JobResult {
  /** What the whole of it is. */
  readonly content_type: string;
  /** The part after this one; null when this was the last. */
  readonly next_part: number | null;
  /** Which part this is. */
  readonly part: number;
  /** The part itself. */
  readonly text: string;
}

/** One public key, with the members of its type (RFC 7517 §4, RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2). */
export interface Jwk {
  /** The only algorithm that it is used with. */
  readonly alg: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {});
  /** Its thumbprint (RFC 7638), which the header of a token names. */
  readonly kid: string;
  /** The type of key. */
  readonly kty: "EC" | "OKP" | "RSA" | (string & {});
  /** What it is for; always signatures. */
  readonly use: "sig" | (string & {});
  /** The curve, of EC and OKP keys. */
  readonly crv?: "P-256" | "Ed25519" | (string & {});
  /** The exponent of an RSA key, in base64url. */
  readonly e?: string;
  /** The modulus of an RSA key, in base64url. */
  readonly n?: string;
  /** The x coordinate, or the whole key of an OKP key, in base64url. */
  readonly x?: string;
  /** The y coordinate of an EC key, in base64url. */
  readonly y?: string;
}

/** How the key that tokens or answers are encrypted with reaches the application. */
export type KeyEncryptionAlgorithm = "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW";

/** How the key that tokens or answers are encrypted with reaches the application. Null is that they are not encrypted. */
export type KeyEncryptionAlgorithmUpdate = "RSA-OAEP-256" | "ECDH-ES" | "ECDH-ES+A128KW" | "ECDH-ES+A256KW";

/** What a link of a message does where it is opened elsewhere than where it was asked for: it shows a short code to type there (`code`, the default), it may approve the flow that waits (`approve`), or it does nothing (`refuse`). */
export type LinkElsewhere = "code" | "approve" | "refuse";

/** What is known of a message, apart from what it says. */
export interface Message {
  /** How often it was handed to the provider, or nearly. */
  readonly attempts: number;
  /** How it reaches its reader. */
  readonly channel: "email" | "sms" | (string & {});
  /** When it was queued. */
  readonly created_at: string;
  /** What the provider has told of a message since it took it; null when nothing, as by SMTP. */
  readonly delivery: MessageDelivery | null;
  /** Why the last attempt failed; null when it did not. */
  readonly error_code: "provider_unavailable" | "provider_credentials_refused" | "recipient_refused" | "message_refused" | "message_outdated" | "not_ready" | "outcome_unknown" | (string & {}) | null;
  /** When all that is known of it is removed. */
  readonly expires_at: string;
  /** Names a message. */
  readonly id: MessageID;
  /** What it is about. */
  readonly kind: "test" | "login_code" | "login_link" | "registration_code" | "registration_link" | "recovery_code" | "recovery_link" | "verification_code" | "verification_link" | "step_up_code" | "step_up_link" | "no_account" | "password_changed" | "password_reset" | "identifier_added" | "identifier_removed" | "identifier_removed_undo" | "recovery_started" | "account_recovered" | "passkey_added" | "passkey_removed" | "invitation" | (string & {});
  /** The language that it is in, as a tag. What is for users only is in what its reader says they read once that is known, where it was not asked for in another language. */
  readonly locale: string;
  /** Whether a server ended, or was cut off from the provider, between handing it over and noting that, so that it may have arrived twice. */
  readonly may_have_repeated: boolean;
  /** When it is tried next; null when it is not. */
  readonly next_attempt_at: string | null;
  /** From when on it is of no use to its reader, and not sent any more. */
  readonly outdated_at: string;
  /** What the provider calls it. */
  readonly reference: string | null;
  /** When the provider took it. */
  readonly sent_at: string | null;
  /** Where it stands. What is sent was taken by the provider, which may still fail to deliver it. What is withheld was for a user's address only, and found no user who may sign in. */
  readonly status: "queued" | "sent" | "failed" | "withheld" | (string & {});
  /** The address. */
  readonly to: string;
}

/** How a message reaches its reader. `sms` is their phone, which the server may be set to reach over WhatsApp. */
export type MessageChannel = "email" | "sms";

/** What the provider has told of a message since it took it; null when nothing, as by SMTP. */
export interface MessageDelivery {
  /** Why, as the provider calls it; null when it did not say. */
  readonly code: string | null;
  /** When the provider told. */
  readonly reported_at: string;
  /** What became of it: on its way to the reader's carrier, held up on the way, arrived, refused there, or called unwanted by its reader. */
  readonly status: "relayed" | "deferred" | "delivered" | "bounced" | "complained" | (string & {});
}

/** Names a message. */
export type MessageID = string;

/** A part of the messages. */
export interface MessagePage {
  /** The messages, the newest first. */
  readonly items: readonly Message[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** A range of phone numbers that nothing is sent to for now. */
export interface MessageRange {
  /** The country of the number that was the last to be written to, as ISO 3166 has it; 001 where there is none. */
  readonly country: string;
  /** From when on messages go there again. */
  readonly ends_at: string;
  /** How many of its numbers got a message for the first time. */
  readonly new_numbers: number;
  /** The digits that its numbers begin with, the country code first, without +. */
  readonly prefix: string;
  /** When it was stopped. */
  readonly stopped_at: string;
}

/** A part of the ranges that are stopped. */
export interface MessageRangePage {
  /** The ranges, by their prefixes. */
  readonly items: readonly MessageRange[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** Where a message stands. */
export type MessageStatus = "queued" | "sent" | "failed" | "withheld";

/** What whoever manages the tenant keeps about a user, at most 16 KiB. The private one is never the person's to see. */
export type Metadata = { readonly [name: string]: unknown };

/** A merge patch of metadata; a member set to null is removed. */
export type MetadataUpdate = { readonly [name: string]: unknown };

/** An API key to create. */
export interface NewApiKey {
  /** What it is for; one line. */
  readonly name: string;
  /** What it may do. */
  readonly scopes: readonly Scope[];
  /** When it is to end by itself; never without. Not after the API key which asks does. */
  readonly expires_at?: string;
}

/** An application to create. */
export interface NewApplication {
  /** Its name, for people. */
  readonly name: string;
  /** Whether it runs at an address of its own or is installed on a device. */
  readonly application_type?: ApplicationType;
  /** How the key that tokens or answers are encrypted with reaches the application. */
  readonly authorization_encrypted_response_alg?: KeyEncryptionAlgorithm;
  /** What tokens or answers are encrypted with; A128CBC-HS256 without, beside how its key arrives. */
  readonly authorization_encrypted_response_enc?: ContentEncryptionAlgorithm;
  /** What tokens, requests or answers are signed with. */
  readonly authorization_signed_response_alg?: SigningAlgorithm;
  /** Whether logout tokens have to name the session. */
  readonly backchannel_logout_session_required?: boolean;
  /** Where a logout token is to be sent when a session ends. https, or http on the loopback. */
  readonly backchannel_logout_uri?: string;
  /** What requests name it by; made up without. */
  readonly client_id?: string;
  /** A page about it. https. */
  readonly client_uri?: string;
  /** Email addresses of who is responsible. */
  readonly contacts?: readonly string[];
  /** How strong a sign-in should be where a request does not say, the most wanted first. */
  readonly default_acr_values?: readonly string[];
  /** After how many seconds a sign-in is too old for it; never without. */
  readonly default_max_age?: number;
  /** Whether its access tokens are bound to a key of its own. */
  readonly dpop_bound_access_tokens?: boolean;
  /** Whether it may be used. */
  readonly enabled?: boolean;
  /** Whether that has to name the issuer and the session. */
  readonly frontchannel_logout_session_required?: boolean;
  /** What the browser of a person is to load when their session ends. https, or http on the loopback; with the scheme, host and port of a redirect URI. */
  readonly frontchannel_logout_uri?: string;
  /** The ways to a token that it may use. Without, the code where there are redirect URIs. */
  readonly grant_types?: readonly GrantType[];
  /** Whether people may go on as guests, in the journey `guest`, and register later. They may not where nothing is said. */
  readonly guests?: boolean;
  /** How the key that tokens or answers are encrypted with reaches the application. */
  readonly id_token_encrypted_response_alg?: KeyEncryptionAlgorithm;
  /** What tokens or answers are encrypted with; A128CBC-HS256 without, beside how its key arrives. */
  readonly id_token_encrypted_response_enc?: ContentEncryptionAlgorithm;
  /** What tokens, requests or answers are signed with. */
  readonly id_token_signed_response_alg?: SigningAlgorithm;
  /** Where somebody else may send people for it to begin a sign-in, https. */
  readonly initiate_login_uri?: string;
  /** How the key that tokens or answers are encrypted with reaches the application. */
  readonly introspection_encrypted_response_alg?: KeyEncryptionAlgorithm;
  /** What tokens or answers are encrypted with; A128CBC-HS256 without, beside how its key arrives. */
  readonly introspection_encrypted_response_enc?: ContentEncryptionAlgorithm;
  /** What tokens, requests or answers are signed with. */
  readonly introspection_signed_response_alg?: SigningAlgorithm;
  /** Whether signed-in users may invite others, with `createMyInvitation`. They may not where nothing is said. */
  readonly invitations_by_users?: boolean;
  /** The journeys it may run; empty is all built-in ones. */
  readonly journeys?: readonly string[];
  /** A JSON Web Key Set with the public keys of the application. One with the `use` `enc` is encrypted to, every other verifies signatures. Private and symmetric keys are refused. */
  readonly jwks?: ApplicationJwks;
  /** Where its public keys are, https; not beside jwks. */
  readonly jwks_uri?: string;
  /** What a link of a message does where it is opened elsewhere than where it was asked for: it shows a short code to type there (`code`, the default), it may approve the flow that waits (`approve`), or it does nothing (`refuse`). */
  readonly link_elsewhere?: LinkElsewhere;
  /** Pages of its front ends that open the links of messages; the first is meant where none is chosen. https, http on the loopback, or the own scheme of an app. */
  readonly link_uris?: readonly string[];
  /** Its logo. https. */
  readonly logo_uri?: string;
  /** Exact origins of its front ends. */
  readonly origins?: readonly string[];
  /** When an address has to be proven: before there is an account, and nothing is told about taken ones, or later. Who says nothing gets `before_account` in production, and `deferred` in development. */
  readonly ownership_proof?: OwnershipProof;
  /** What an application says of passkeys. What is left out has its default. */
  readonly passkeys?: NewApplicationPasskeys;
  /** How it uses what it learns of people. https. */
  readonly policy_uri?: string;
  /** Where people may be sent after a logout. */
  readonly post_logout_redirect_uris?: readonly string[];
  /** Claims of the profile schema that registration asks for. */
  readonly profile_claims?: readonly string[];
  /** Where people may be sent back to. https, http on the loopback, or the own scheme of an app. */
  readonly redirect_uris?: readonly string[];
  /** What tokens, requests or answers are signed with. */
  readonly request_object_signing_alg?: SigningAlgorithm;
  /** Whether its id tokens always tell when the sign-in was. */
  readonly require_auth_time?: boolean;
  /** Whether an authorization request has to be pushed first. */
  readonly require_pushed_authorization_requests?: boolean;
  /** Whether an authorization request has to be a signed request object. */
  readonly require_signed_request_object?: boolean;
  /** What the authorization endpoint may answer it; it follows from the grant types. */
  readonly response_types?: readonly ResponseType[];
  /** The scopes that it may ask for, a space between two. Without, those that OpenID Connect defines. */
  readonly scope?: string;
  /** Where the redirect URIs of all applications are listed that know people by the same pairwise subjects, https. Needed for these where the redirect URIs do not have one host. */
  readonly sector_identifier_uri?: string;
  /** What its software is called by whoever makes it, the same wherever it is installed. */
  readonly software_id?: string;
  /** Which version of the software it is. */
  readonly software_version?: string;
  /** Whether people have one subject for every application, or one of its own for each. */
  readonly subject_type?: SubjectType;
  /** What a person agrees to when registering. */
  readonly terms?: NewApplicationTerms;
  /** What its front ends may mint from a session for its services. */
  readonly token?: NewApplicationToken;
  /** How the application proves itself at the token endpoint. */
  readonly token_endpoint_auth_method?: TokenEndpointAuthMethod;
  /** What tokens, requests or answers are signed with. */
  readonly token_endpoint_auth_signing_alg?: SigningAlgorithm;
  /** Its terms of service. https. */
  readonly tos_uri?: string;
  /** How the key that tokens or answers are encrypted with reaches the application. */
  readonly userinfo_encrypted_response_alg?: KeyEncryptionAlgorithm;
  /** What tokens or answers are encrypted with; A128CBC-HS256 without, beside how its key arrives. */
  readonly userinfo_encrypted_response_enc?: ContentEncryptionAlgorithm;
  /** What tokens, requests or answers are signed with. */
  readonly userinfo_signed_response_alg?: SigningAlgorithm;
}

/** An Android app that may use the passkeys. */
export interface NewApplicationAndroidApp {
  /** Its package name. */
  readonly package_name: string;
  /** SHA-256 of the certificates that it is signed with, as 32 hexadecimal pairs with colons. */
  readonly sha256_cert_fingerprints: readonly string[];
}

/** What an application says of passkeys. What is left out has its default. */
export interface NewApplicationPasskeys {
  /** The relying party id: the domain that the passkeys belong to, or `localhost` in development. They are for good of this domain: after a change those that people have work no more, and nobody can move them. */
  readonly rp_id: string;
  /** Signatures that a new one may have, as COSE numbers them, the preferred one first; ES256, EdDSA and RS256 without. */
  readonly algorithms?: readonly number[];
  /** The only models of authenticators that a new one may be made on; empty is all. This needs the attestation `required`, since a model that is only claimed proves nothing. */
  readonly allowed_aaguids?: readonly string[];
  /** Android apps that may use them; they read `/.well-known/assetlinks.json`. */
  readonly android_apps?: readonly NewApplicationAndroidApp[];
  /** Apple apps that may use them, each by its team id, a dot and its bundle id; they read `/.well-known/apple-app-site-association`. */
  readonly apple_apps?: readonly string[];
  /** Which authenticators a new passkey may be made on. */
  readonly attachment?: RelyingPartyAttachment;
  /** What a new passkey has to show of its authenticator. */
  readonly attestation?: RelyingPartyAttestation;
  /** The page where people change their password; `/.well-known/change-password` leads there. It is in an origin of the application or of its passkeys. */
  readonly change_password_url?: string;
  /** Whether a front end may make one without asking, after a login with a password. */
  readonly conditional_create?: boolean;
  /** Models of authenticators that no new one may be made on. */
  readonly denied_aaguids?: readonly string[];
  /** The page where people make one, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly enroll_url?: string;
  /** What a front end should offer first. */
  readonly hints?: readonly RelyingPartyHint[];
  /** The page where people see those they have, told at `/.well-known/passkey-endpoints`. It is in an origin of the application or of its passkeys. */
  readonly manage_url?: string;
  /** Exact web origins that may use them, besides those of the application at the domain or below it. Those elsewhere are told browsers at `/.well-known/webauthn`, and have at most 5 different names before their public suffixes. */
  readonly origins?: readonly string[];
  /** Whether who signs in with something weaker is asked for a passkey too, if they have one. */
  readonly second_factor?: boolean;
  /** For how long people are asked; 300 without. */
  readonly timeout_seconds?: number;
  /** Whether an authenticator has to find out who is there. */
  readonly user_verification?: RelyingPartyUserVerification;
}

/** A secret to make. */
export interface NewApplicationSecret {
  /** When it is to end by itself; never without. */
  readonly expires_at?: string;
  /** For how long the secrets before it go on working; without, they stay as they are. */
  readonly overlap_seconds?: number;
}

/** What a person agrees to when registering. */
export interface NewApplicationTerms {
  /** Where it can be read; https. */
  readonly url: string;
  /** Which version of it. */
  readonly version: string;
}

/** What its front ends may mint from a session for its services. */
export interface NewApplicationToken {
  /** Whom tokens are for, the first where none is named; empty is the base URL of the tenant. */
  readonly audiences?: readonly string[];
  /** For how long a token is good; 300 without. */
  readonly lifetime_seconds?: number;
}

/** What to export, and in which form; all that is given must hold. */
export interface NewAuditExport {
  /** The form of an export. */
  readonly format: AuditExportFormat;
  /** Who did it, as themselves or in a user's name. */
  readonly actor_id?: string;
  /** Only entries of a higher number. */
  readonly after_number?: number;
  /** Before then. */
  readonly before_time?: string;
  /** Then or later. */
  readonly from_time?: string;
  /** The id of what it happened to. */
  readonly subject?: string;
  /** What happened, or the noun that it begins with. */
  readonly type?: string;
  /** Names a user. */
  readonly user_id?: UserID;
}

/** What to verify. */
export interface NewAuditVerification {
  /** An end of the chain that was noted earlier. */
  readonly expected?: NotedAuditHead;
}

/** Who wants to act in a user's name, and why. */
export interface NewImpersonation {
  /** Who acts, as a name or a user id. It is what `act.sub` says. */
  readonly actor: string;
  /** Why. It is kept with the event, sealed under the user's key. */
  readonly reason: string;
  /** The application to act in; without it the default one. */
  readonly client_id?: string;
  /** For how long; there is no longer. */
  readonly duration_seconds?: number;
}

/** An invitation to create. */
export interface NewInvitation {
  /** The application that it is to. */
  readonly client_id: string;
  /** Whom to invite. */
  readonly identifier: InvitationIdentifier;
  /** How its link reaches whom it is for: in a message to their address, or by whoever created it. */
  readonly delivery?: InvitationDelivery;
  /** For how long it can be accepted; a week without. */
  readonly expires_in_seconds?: number;
  /** The language to write it in, as a tag; the tenant's own without. */
  readonly locale?: string;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile?: Profile;
}

/** What profiles are to hold. */
export interface NewProfileSchema {
  /** A JSON Schema (2020-12) of an object whose properties are the claims of a profile. `x-user-access` says what people may do with a claim of theirs: `write` (the default), `read` or `none`. `x-searchable` says that users can be found by it. */
  readonly document: ProfileSchemaDocument;
}

/** A role to create. */
export interface NewRole {
  /** What a role is called in tokens and programs; it never changes, and no other role of the tenant has it. Small letters, digits, `_` and `-`, beginning with a letter. What begins with `lintel` is for built-in roles. */
  readonly key: RoleKey;
  /** What people call it; one line. */
  readonly name: string;
  /** What it holds; none makes it a mere name. */
  readonly permissions: readonly Permission[];
  /** What it is for. */
  readonly description?: string;
}

/** What a message says: a subject with a heading, a body and a footer, which fill the built-in layout, or with HTML and the same as text. An SMS has a text and nothing else. A name in braces stands for a value. */
export interface NewTemplateWords {
  /** The sentences below it; an empty line begins another paragraph. A paragraph that is nothing but `{code}` or `{link}` becomes the code or the button, and one that tells what nobody knows is left out. */
  readonly body?: string;
  /** What stands below everything. */
  readonly footer?: string;
  /** The heading of the built-in layout. */
  readonly heading?: string;
  /** The whole message as HTML, in place of the built-in layout. `{link}` may be the whole `href` of an `a`, and stands in no other attribute. */
  readonly html?: string;
  /** The subject, one line; every email has one. */
  readonly subject?: string;
  /** The same as plain text. All of an SMS, in at most 300 characters; the last line of a code, by which browsers fill it in, is added by itself. */
  readonly text?: string;
}

/** A tenant to create. */
export interface NewTenant {
  /** Where its API is to be: https://host[:port]; http:// serves only on the loopback in development. */
  readonly base_url: string;
  /** What operators call it, for ever; small letters, digits and dashes. */
  readonly name: string;
  /** Hosts beside that of the base URL. */
  readonly hosts?: readonly string[];
}

/** An API key that a tenant is to have. */
export interface NewTenantApiKey {
  /** What it is for; one line. */
  readonly name: string;
}

/** A user to create. */
export interface NewUser {
  /** What finds them; the first one of each type is the primary one. */
  readonly identifiers: readonly NewUserIdentifier[];
  /** Their password; without one they have none. */
  readonly password?: string;
  /** What whoever manages the tenant keeps about a user, at most 16 KiB. The private one is never the person's to see. */
  readonly private_metadata?: Metadata;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile?: Profile;
  /** What whoever manages the tenant keeps about a user, at most 16 KiB. The private one is never the person's to see. */
  readonly public_metadata?: Metadata;
}

/** An identifier of somebody else. */
export interface NewUserIdentifier {
  /** An email address, a phone number in E.164 form or a username. */
  readonly value: string;
  /** What sort of identifier the value is meant to be; told from the value when left out. */
  readonly type?: IdentifierType;
  /** Whether it counts as proven. */
  readonly verified?: boolean;
}

/** A role to give to a user. */
export interface NewUserRole {
  /** Names a role. Built-in roles have the same ids in every tenant. */
  readonly role_id: RoleID;
}

/** An end of the chain that was noted earlier. */
export interface NotedAuditHead {
  /** Closes an entry and, through it, all before: what was sealed is covered as it was sealed. */
  readonly hash: AuditHash;
  /** How many entries there were. */
  readonly number: number;
}

/** When an address has to be proven: before there is an account, and nothing is told about taken ones, or later. Who says nothing gets `before_account` in production, and `deferred` in development. */
export type OwnershipProof = "before_account" | "deferred";

/** A passkey of a user. */
export interface Passkey {
  /** The make of its authenticator, as the authenticator says it; zeros where it does not. */
  readonly aaguid: string;
  /** Whether the make is proven, and not only said. */
  readonly attested: boolean;
  /** Whether it was, when it was last used. */
  readonly backed_up: boolean;
  /** Whether it may be copied to other devices of its person. */
  readonly backup_eligible: boolean;
  /** When it was made. */
  readonly created_at: string;
  /** Names a passkey; `id` of a credential is what its authenticator calls it. */
  readonly id: PasskeyID;
  /** When it was last used; null until it is. */
  readonly last_used_at: string | null;
  /** What its person calls it. */
  readonly name: string;
  /** The domain that it is good for. */
  readonly rp_id: string;
  /** How its authenticator is reached, as the platform said when it was made. */
  readonly transports: readonly ("ble" | "cable" | "hybrid" | "internal" | "nfc" | "smart-card" | "usb" | (string & {}))[];
  /** Whether it was made by somebody who unlocked it with a PIN, a face or a fingerprint. */
  readonly user_verified: boolean;
  /** What that make is called; missing where it is not known here. */
  readonly authenticator?: string;
}

/** Names a passkey; `id` of a credential is what its authenticator calls it. */
export type PasskeyID = string;

/** A page of a user's passkeys, oldest first. */
export interface PasskeyPage {
  /** The passkeys of this page. */
  readonly items: readonly Passkey[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** What goes with the expiry of a password. */
export interface PasswordExpiry {
  /** Whether every session of the user ends, so that the next login comes soon. */
  readonly end_sessions?: boolean;
}

/** One thing that somebody may do, as words between colons: small letters, digits, `.`, `_` and `-`, each word beginning with a letter or a digit. There are no wildcards. What begins with `lintel:` is a management scope, such as `lintel:users:read`; everything else means what the tenant's own services make of it. */
export type Permission = string;

/** What is allowed of what was asked. */
export interface PermissionAnswer {
  /** Whether all of it is. */
  readonly allowed: boolean;
  /** Each permission, in the order in which it was asked. */
  readonly decisions: readonly PermissionDecision[];
}

/** What is asked about. */
export interface PermissionCheck {
  /** What somebody wants to do. */
  readonly permissions: readonly Permission[];
}

/** Whether one permission is there. */
export interface PermissionDecision {
  /** Whether the user has it. */
  readonly allowed: boolean;
  /** What was asked. */
  readonly permission: string;
}

/** What went wrong, as RFC 9457 writes it. */
export interface Problem {
  /** The stable name of the problem, for programs. New codes may come. */
  readonly code: "address_required" | "address_unknown" | "api_key_invalid" | "api_key_limit" | "api_key_refused" | "api_key_secret_limit" | "api_key_unknown" | "application_invalid" | "application_limit" | "application_secret_limit" | "application_secret_unknown" | "application_unknown" | "association_unknown" | "audience_not_allowed" | "audit_entry_unknown" | "body_too_large" | "client_id_required" | "client_id_taken" | "client_secret_invalid" | "client_unknown" | "client_upgrade_required" | "code_expired" | "code_invalid" | "code_limit" | "code_not_sent" | "code_sent_recently" | "code_spent" | "consent_required" | "content_type_unsupported" | "cookie_transport_cross_site" | "credentials_invalid" | "declared_in_configuration" | "expiry_exceeded" | "export_limited" | "export_unknown" | "filter_not_indexed" | "flow_token_invalid" | "flow_unknown" | "headers_too_large" | "idempotency_key_busy" | "idempotency_key_reused" | "identifier_invalid" | "identifier_last" | "identifier_limit" | "identifier_taken" | "identifier_unknown" | "identifier_unprovable" | "impersonated" | "impersonation_disabled" | "impersonation_refused" | "internal_error" | "invitation_closed" | "invitation_exists" | "invitation_invalid" | "invitation_unknown" | "invitations_not_allowed" | "job_abandoned" | "job_finished" | "job_limit" | "job_result_limit" | "job_result_too_large" | "job_result_unknown" | "job_unknown" | "journey_unknown" | "last_way_in" | "link_invalid" | "link_not_approvable" | "link_uri_required" | "merge_deletion_scheduled" | "merge_impersonated" | "merge_itself" | "merge_operator" | "merge_suspended" | "message_budget_spent" | "message_callback_refused" | "message_channel_unavailable" | "message_country_not_allowed" | "message_not_failed" | "message_not_noted" | "message_outdated" | "message_range_unknown" | "message_recipient_invalid" | "message_unknown" | "metadata_invalid" | "method_not_allowed" | "not_found" | "operator_key_invalid" | "origin_not_allowed" | "overloaded" | "passkey_invalid" | "passkey_limit_reached" | "passkey_moved" | "passkey_name_invalid" | "passkey_not_allowed" | "passkey_taken" | "passkey_unknown" | "passkey_user_unverified" | "password_none" | "password_rejected" | "password_unchecked" | "profile_invalid" | "rate_limited" | "recovery_link_invalid" | "recovery_operator" | "recovery_running" | "recovery_unknown" | "registration_required" | "request_invalid" | "request_malformed" | "role_built_in" | "role_key_taken" | "role_limit" | "role_refused" | "role_unknown" | "schema_invalid" | "schema_unknown" | "scope_exceeded" | "scope_missing" | "session_invalid" | "session_unknown" | "settings_invalid" | "settings_version_unknown" | "signing_key_limit" | "signing_key_unknown" | "step_not_offered" | "step_up_required" | "template_invalid" | "template_unknown" | "template_version_unknown" | "tenant_deleting" | "tenant_host_taken" | "tenant_invalid" | "tenant_limit" | "tenant_name_taken" | "tenant_not_found" | "tenant_unknown" | "too_many_attempts" | "too_many_invitations" | "unavailable" | "undo_invalid" | "user_guest" | "user_role_limit" | "user_suspended" | "user_unknown" | "version_stale" | (string & {});
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
  /** The scope that the API key lacks, with `scope_missing`. */
  readonly scope?: string;
  /** What would satisfy a request that needs a more recent or stronger authentication. */
  readonly step_up?: StepUp;
}

/** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
export type Profile = { readonly [name: string]: unknown };

/** One change of a claim. */
export interface ProfileSchemaChange {
  /** What would be different: `access` is `x-user-access`, `searchable` is `x-searchable`, `required` that it is asked for or not any more, and `definition` anything else. */
  readonly change: "added" | "removed" | "access" | "searchable" | "required" | "definition" | (string & {});
  /** The claim. */
  readonly claim: string;
}

/** A JSON Schema (2020-12) of an object whose properties are the claims of a profile. `x-user-access` says what people may do with a claim of theirs: `write` (the default), `read` or `none`. `x-searchable` says that users can be found by it. */
export type ProfileSchemaDocument = { readonly [name: string]: unknown };

/** A version of the tenant's profile schema, without its document. */
export interface ProfileSchemaHead {
  /** When it was created; null for the built-in one. */
  readonly created_at: string | null;
  /** Whether it is the one that holds. */
  readonly current: boolean;
  /** Where the version is from. While the current one is from the configuration, none can be created here. */
  readonly managed_by: "builtin" | "configuration" | "api" | (string & {});
  /** Its number; the first is 1. */
  readonly version: number;
}

/** A claim that does not fit, and in how many profiles. */
export interface ProfileSchemaMisfit {
  /** The claim. */
  readonly claim: string;
  /** What is wrong with it, as `profile_invalid` says it. */
  readonly code: string;
  /** In how many of the profiles. */
  readonly count: number;
}

/** A page of versions. */
export interface ProfileSchemaPage {
  /** The page. */
  readonly items: readonly ProfileSchemaHead[];
  /** Where the next page begins; null when this was the last. */
  readonly next_cursor: string | null;
}

/** How the profiles of the newest users would fit; null where the document is not valid, or the API key does not have the scope `users:read`. */
export interface ProfileSchemaSample {
  /** How many were looked at; at most 100. */
  readonly checked: number;
  /** How many of them would not fit. */
  readonly failing: number;
  /** Why, by claim; a profile may be in several. */
  readonly reasons: readonly ProfileSchemaMisfit[];
}

/** What would come of a profile schema. */
export interface ProfileSchemaTrial {
  /** What it would change of the current version, by claim; empty where it is not valid. */
  readonly changes: readonly ProfileSchemaChange[];
  /** What keeps it from being that; the pointers lead into the document. */
  readonly errors: readonly FieldError[];
  /** How the profiles of the newest users would fit; null where the document is not valid, or the API key does not have the scope `users:read`. */
  readonly sample: ProfileSchemaSample | null;
  /** Whether it could be the next version. */
  readonly valid: boolean;
}

/** A version of the tenant's profile schema. */
export interface ProfileSchemaVersion {
  /** When it was created; null for the built-in one. */
  readonly created_at: string | null;
  /** Whether it is the one that holds. */
  readonly current: boolean;
  /** A JSON Schema (2020-12) of an object whose properties are the claims of a profile. `x-user-access` says what people may do with a claim of theirs: `write` (the default), `read` or `none`. `x-searchable` says that users can be found by it. */
  readonly document: ProfileSchemaDocument;
  /** Where the version is from. While the current one is from the configuration, none can be created here. */
  readonly managed_by: "builtin" | "configuration" | "api" | (string & {});
  /** Its number; the first is 1. */
  readonly version: number;
}

/** A merge patch of the profile; a claim set to null is removed. */
export type ProfileUpdate = { readonly [name: string]: unknown };

/** An account that is handed to whoever proves another address. */
export interface Recovery {
  /** The application; empty once it is no more. */
  readonly client_id: string;
  /** When it was started. */
  readonly created_at: string;
  /** Until when it is. */
  readonly expires_at: string;
  /** What sort of address it is. */
  readonly identifier_type: "email" | "phone" | (string & {});
  /** From when the address is good for it. */
  readonly opens_at: string;
  /** `waiting` until `opens_at`; `open` until `expires_at`; `completed` by whoever proved the address; `stopped` by an objection or over management; `expired` when nobody came. */
  readonly status: "waiting" | "open" | "completed" | "stopped" | "expired" | (string & {});
  /** Whose account it is. */
  readonly user_id: string;
  /** The address. */
  readonly value: string;
  /** When it was completed or stopped; absent until then. */
  readonly ended_at?: string;
}

/** To which address an account is recovered, and when. */
export interface RecoveryStart {
  /** An email address, or a phone number in E.164 form, that nobody else has proven. */
  readonly value: string;
  /** The application whose words the notices have and whose page their link opens, the first of its `link_uris`. May be left out only where there is a default one. */
  readonly client_id?: string;
  /** How long everybody who reads an address of the account has to object. */
  readonly waiting_seconds?: number;
}

/** Which authenticators a new passkey may be made on. */
export type RelyingPartyAttachment = "platform" | "cross-platform";

/** Which authenticators a new passkey may be made on. Null is the default, any. */
export type RelyingPartyAttachmentUpdate = "platform" | "cross-platform";

/** What a new passkey has to show of its authenticator. */
export type RelyingPartyAttestation = "none" | "direct" | "required";

/** What a new passkey has to show of its authenticator. Null is the default, none. */
export type RelyingPartyAttestationUpdate = "none" | "direct" | "required";

/** What a front end should offer first when it comes to passkeys. */
export type RelyingPartyHint = "security-key" | "client-device" | "hybrid";

/** Whether an authenticator has to find out who is there. */
export type RelyingPartyUserVerification = "required" | "preferred" | "discouraged";

/** Whether an authenticator has to find out who is there. Null is the default, required. */
export type RelyingPartyUserVerificationUpdate = "required" | "preferred" | "discouraged";

/** What the authorization endpoint may answer. */
export type ResponseType = "code";

/** What somebody who has it may do. */
export interface Role {
  /** Whether every tenant has it and nobody can change it. */
  readonly built_in: boolean;
  /** When it was created; null for a built-in one. */
  readonly created_at: string | null;
  /** What it is for; empty where nobody has said. */
  readonly description: string;
  /** Names a role. Built-in roles have the same ids in every tenant. */
  readonly id: RoleID;
  /** What a role is called in tokens and programs; it never changes, and no other role of the tenant has it. Small letters, digits, `_` and `-`, beginning with a letter. What begins with `lintel` is for built-in roles. */
  readonly key: RoleKey;
  /** What people call it. */
  readonly name: string;
  /** What it holds, sorted. */
  readonly permissions: readonly string[];
  /** When it was last changed; null for a built-in one. */
  readonly updated_at: string | null;
}

/** Names a role. Built-in roles have the same ids in every tenant. */
export type RoleID = string;

/** What a role is called in tokens and programs; it never changes, and no other role of the tenant has it. Small letters, digits, `_` and `-`, beginning with a letter. What begins with `lintel` is for built-in roles. */
export type RoleKey = string;

/** A part of the roles. */
export interface RolePage {
  /** The roles, built-in ones first, then oldest first. */
  readonly items: readonly Role[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** A merge patch of a role. */
export interface RoleUpdate {
  /** What it is for. */
  readonly description?: string;
  /** What people call it; one line. */
  readonly name?: string;
  /** What it holds, in the place of what it did. */
  readonly permissions?: readonly Permission[];
}

/** Somebody who has a role. */
export interface RoleUser {
  /** Since when. */
  readonly assigned_at: string;
  /** Names a user. */
  readonly user_id: UserID;
}

/** A part of those who have a role. */
export interface RoleUserPage {
  /** The users, by id. */
  readonly items: readonly RoleUser[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** One thing that an API key may do; every management operation says which one it needs. `all` is whatever there is, and will be. */
export type Scope = "all" | "api_keys:read" | "api_keys:write" | "applications:read" | "applications:write" | "audit:read" | "invitations:read" | "invitations:write" | "jobs:read" | "jobs:write" | "keys:read" | "keys:write" | "messages:read" | "messages:write" | "roles:read" | "roles:write" | "schemas:read" | "schemas:write" | "settings:read" | "settings:write" | "templates:read" | "templates:write" | "users:export" | "users:impersonate" | "users:read" | "users:write";

/** One signed-in browser or app. */
export interface Session {
  /** The authentication assurance level of NIST SP 800-63B that its proofs reach. */
  readonly acr: "aal0" | "aal1" | "aal2" | (string & {});
  /** How it was proven, in the words of RFC 8176. */
  readonly amr: readonly ("mfa" | "otp" | "pop" | "pwd" | "sms" | "user" | (string & {}))[];
  /** When the latest proof was given. */
  readonly auth_time: string;
  /** The application it was started with. */
  readonly client_id: string;
  /** When it began. */
  readonly created_at: string;
  /** Whether it is the one this request was made with. */
  readonly current: boolean;
  /** What can be told about where a session lives. */
  readonly device: Device;
  /** When it ends in any case. */
  readonly expires_at: string;
  /** Names a session. It is not the secret that proves it. */
  readonly id: SessionID;
  /** When it ends unless it is used before. */
  readonly idle_expires_at: string;
  /** When it was last used, give or take a twentieth of the idle limit. */
  readonly last_seen_at: string;
  /** How its token travels. */
  readonly transport: "cookie" | "token" | (string & {});
  /** Names a user. */
  readonly user_id: UserID;
  /** Who uses the session in its user's name (RFC 8693 §4.1); absent where it is the user. Such a session proves nothing, cannot be raised or extended, and `auth_time` is when it began. */
  readonly act?: SessionActor;
}

/** Who uses the session in its user's name (RFC 8693 §4.1); absent where it is the user. Such a session proves nothing, cannot be raised or extended, and `auth_time` is when it began. */
export interface SessionActor {
  /** Who it is, as their operator calls them. */
  readonly sub: string;
}

/** Names a session. It is not the secret that proves it. */
export type SessionID = string;

/** A page of sessions, newest first. */
export interface SessionPage {
  /** The sessions of this page. */
  readonly items: readonly Session[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** Who changed the settings. */
export interface SettingsChanger {
  /** What they are. */
  readonly kind: "api_key" | "user" | "system" | "anonymous" | (string & {});
  /** Who they are, where that has a name. */
  readonly id?: string;
}

/** Which settings are to be had again. */
export interface SettingsRestoration {
  /** The number of the change after which they were so. */
  readonly version: number;
}

/** The settings as they were chosen over this API. */
export interface SettingsValues {
  /** How many days audit entries are kept. Null is for ever. */
  readonly audit_retention_days: number | null;
  /** How many digits a code of a message has. Null is as the server has it, 6. */
  readonly code_length: number | null;
  /** How long a code of a message works. Null is as the server has it, 600. */
  readonly code_lifetime_seconds: number | null;
  /** How long to wait before a code or a link is sent once more. Null is as the server has it, 30. */
  readonly code_resend_seconds: number | null;
  /** How long somebody may think better of the deletion of their account. Null is as the server has it. */
  readonly deletion_grace_seconds: number | null;
  /** How long a flow may take. Null is as the server has it. */
  readonly flow_lifetime_seconds: number | null;
  /** How recent a proof has to be for what is sensitive. Null is as the server has it. */
  readonly fresh_for_seconds: number | null;
  /** How long a user who proved an address may undo that it was removed, with a link sent there, a day at least; 0 is not at all. Null is as the server has it, 604800. */
  readonly identifier_undo_seconds: number | null;
  /** How long a link of a message works. Null is as the server has it, 900. */
  readonly link_lifetime_seconds: number | null;
  /** The language of who has not said theirs. Null is as the server has it. */
  readonly locale: string | null;
  /** Countries that text messages go to, of those that the server sends them to. Null is all of these. */
  readonly message_countries: readonly string[] | null;
  /** How many characters a new password has at least. Null is as the server has it. */
  readonly password_min_length: number | null;
  /** Whether an address without an account is told so by mail when somebody signs in or recovers with it; else it gets nothing. */
  readonly unknown_address_notice: boolean;
}

/** One change of the settings. */
export interface SettingsVersion {
  /** The settings as they were chosen over this API. */
  readonly before: SettingsValues;
  /** When. */
  readonly changed_at: string;
  /** Who changed the settings. */
  readonly changed_by: SettingsChanger;
  /** The settings as they were chosen over this API. */
  readonly settings: SettingsValues;
  /** The number of the change. */
  readonly version: number;
}

/** Changes of the settings. */
export interface SettingsVersionPage {
  /** The changes, the newest first. */
  readonly items: readonly SettingsVersion[];
  /** Where the next page goes on; null on the last. */
  readonly next_cursor: string | null;
}

/** What tokens, requests or answers are signed with. */
export type SigningAlgorithm = "ES256" | "EdDSA" | "RS256" | "PS256";

/** What tokens, requests or answers are signed with. Null is the default. */
export type SigningAlgorithmUpdate = "ES256" | "EdDSA" | "RS256" | "PS256";

/** A key that the tenant signs with, without its private part. */
export interface SigningKey {
  /** From when it signs. */
  readonly activates_at: string;
  /** The only algorithm that it is used with. */
  readonly algorithm: "ES256" | "EdDSA" | "RS256" | "PS256" | (string & {});
  /** When it was made. */
  readonly created_at: string;
  /** Until when it is published; null while none follows it. */
  readonly expires_at: string | null;
  /** One public key, with the members of its type (RFC 7517 §4, RFC 7518 §6.2.1 and §6.3.1, RFC 8037 §2). */
  readonly jwk: Jwk;
  /** Names a signing key; it is its thumbprint (RFC 7638), which the header of a token has as `kid`. */
  readonly kid: SigningKeyThumbprint;
  /** Until when it signs; null while none follows it. */
  readonly retires_at: string | null;
  /** What it is for now: `waiting` is published, so that verifiers know it, and not used yet; `retired` is published for what it has signed; `expired` is published no longer, and about to be removed. */
  readonly state: "waiting" | "signing" | "retired" | "expired" | (string & {});
}

/** A part of the signing keys. */
export interface SigningKeyPage {
  /** The signing keys, oldest first. */
  readonly items: readonly SigningKey[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** How a signing key is followed by another one. */
export interface SigningKeyRotation {
  /** Whether the successor signs at once, although some verifiers may not know it yet. */
  readonly immediately?: boolean;
}

/** Names a signing key; it is its thumbprint (RFC 7638), which the header of a token has as `kid`. */
export type SigningKeyThumbprint = string;

/** What would satisfy a request that needs a more recent or stronger authentication. */
export interface StepUp {
  /** The journey to run, with the session at hand. */
  readonly journey: string;
  /** How recent the proof has to be. */
  readonly max_age_seconds: number;
  /** The proofs that count. */
  readonly methods: readonly ("password" | (string & {}))[];
}

/** Whether people have one subject for every application, or one of its own for each. */
export type SubjectType = "public" | "pairwise";

/** Whether people have one subject for every application, or one of its own for each. Null is the default. */
export type SubjectTypeUpdate = "public" | "pairwise";

/** The words of a kind of message that hold, on a channel and for a language. */
export interface Template {
  /** The application that is asked for; null for the tenant. */
  readonly application_id: string | null;
  /** How it reaches its reader. */
  readonly channel: "email" | "sms" | (string & {});
  /** What the message is about. */
  readonly kind: "test" | "login_code" | "login_link" | "registration_code" | "registration_link" | "recovery_code" | "recovery_link" | "verification_code" | "verification_link" | "step_up_code" | "step_up_link" | "no_account" | "password_changed" | "password_reset" | "identifier_added" | "identifier_removed" | "identifier_removed_undo" | "recovery_started" | "account_recovered" | "passkey_added" | "passkey_removed" | "invitation" | (string & {});
  /** The language that is asked for, as a tag. */
  readonly locale: string;
  /** What words of this kind may have placeholders for. */
  readonly placeholders: readonly TemplatePlaceholder[];
  /** Whose words they are. */
  readonly source: "application" | "tenant" | "built_in" | (string & {});
  /** When the tenant's words in exactly this language were set or removed; null where there have been none. */
  readonly updated_at: string | null;
  /** The version of the tenant's or the application's words in exactly this language, removed ones counted; 0 where there have been none. */
  readonly version: number;
  /** What a message says: a subject with a heading, a body and a footer, which fill the built-in layout, or with HTML and the same as text; what is not used is not there. An SMS has a text and nothing else. A name in braces stands for a value. */
  readonly words: TemplateWords;
  /** The language that they are in. */
  readonly words_locale: string;
}

/** Who changed words. */
export interface TemplateChanger {
  /** What they are. */
  readonly kind: "api_key" | "user" | "system" | "anonymous" | (string & {});
  /** Who they are, where that has a name. */
  readonly id?: string;
}

/** A message to preview. */
export interface TemplateDraft {
  /** How it would reach its reader. */
  readonly channel: string;
  /** What it is about. */
  readonly kind: string;
  /** The language, as a tag. */
  readonly locale: string;
  /** Names an application inside of Lintel; requests name it by its client id. */
  readonly application_id?: ApplicationID;
  /** What stands for placeholders, by their names. */
  readonly values?: TemplateValues;
  /** What a message says: a subject with a heading, a body and a footer, which fill the built-in layout, or with HTML and the same as text. An SMS has a text and nothing else. A name in braces stands for a value. */
  readonly words?: NewTemplateWords;
}

/** Whose the words of a kind of message are, on a channel and in a language. */
export interface TemplateHead {
  /** The application whose words they are; null for those of the tenant. */
  readonly application_id: string | null;
  /** How it reaches its reader. */
  readonly channel: "email" | "sms" | (string & {});
  /** What the message is about. */
  readonly kind: "test" | "login_code" | "login_link" | "registration_code" | "registration_link" | "recovery_code" | "recovery_link" | "verification_code" | "verification_link" | "step_up_code" | "step_up_link" | "no_account" | "password_changed" | "password_reset" | "identifier_added" | "identifier_removed" | "identifier_removed_undo" | "recovery_started" | "account_recovered" | "passkey_added" | "passkey_removed" | "invitation" | (string & {});
  /** The language, as a tag. */
  readonly locale: string;
  /** Whose words they are. */
  readonly source: "application" | "tenant" | "built_in" | (string & {});
  /** When the tenant's words were set; null where the built-in ones hold. */
  readonly updated_at: string | null;
  /** The version of the tenant's or the application's words; null where the built-in ones hold. */
  readonly version: number | null;
}

/** A part of the words that there are. */
export interface TemplatePage {
  /** Whose they are, by kind, channel and language. */
  readonly items: readonly TemplateHead[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** A name in braces that stands for a value. */
export interface TemplatePlaceholder {
  /** The name, without the braces. */
  readonly name: string;
  /** Whether words without it are refused. */
  readonly required: boolean;
}

/** A message as its reader would see it. */
export interface TemplatePreview {
  /** What it says, as HTML. */
  readonly html: string;
  /** The language of the words, as a tag. */
  readonly locale: string;
  /** Its subject. */
  readonly subject: string;
  /** What it says, as plain text. */
  readonly text: string;
}

/** What stands for placeholders, by their names. */
export type TemplateValues = { readonly [name: string]: unknown };

/** What the tenant's words were from some time on. */
export interface TemplateVersion {
  /** When. */
  readonly changed_at: string;
  /** Who changed words. */
  readonly changed_by: TemplateChanger;
  /** Whether the built-in words held from then on. */
  readonly removed: boolean;
  /** The number of the version. */
  readonly version: number;
  /** What a message says: a subject with a heading, a body and a footer, which fill the built-in layout, or with HTML and the same as text; what is not used is not there. An SMS has a text and nothing else. A name in braces stands for a value. */
  readonly words: TemplateWords;
}

/** When the tenant's words were changed, and by whom. */
export interface TemplateVersionHead {
  /** When. */
  readonly changed_at: string;
  /** Who changed words. */
  readonly changed_by: TemplateChanger;
  /** Whether the built-in words held from then on. */
  readonly removed: boolean;
  /** The number of the version. */
  readonly version: number;
}

/** A part of the versions. */
export interface TemplateVersionPage {
  /** The versions, the newest first. */
  readonly items: readonly TemplateVersionHead[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** What a message says: a subject with a heading, a body and a footer, which fill the built-in layout, or with HTML and the same as text; what is not used is not there. An SMS has a text and nothing else. A name in braces stands for a value. */
export interface TemplateWords {
  /** The subject, one line; empty for an SMS. */
  readonly subject: string;
  /** The sentences below it; an empty line begins another paragraph. */
  readonly body?: string;
  /** What stands below everything. */
  readonly footer?: string;
  /** The heading of the built-in layout. */
  readonly heading?: string;
  /** The whole message as HTML, in place of the built-in layout. */
  readonly html?: string;
  /** The same as plain text. */
  readonly text?: string;
}

/** A full separation of data and keys, as whoever runs the server sees it. */
export interface Tenant {
  /** Where its API is, which is also its issuer. */
  readonly base_url: string;
  /** When it was created. */
  readonly created_at: string;
  /** When it is destroyed; null where it is not to be. */
  readonly delete_at: string | null;
  /** The hosts it answers for, that of its base URL first. */
  readonly hosts: readonly string[];
  /** Names a tenant. */
  readonly id: TenantID;
  /** Where it is changed. */
  readonly managed_by: "configuration" | "api" | (string & {});
  /** What operators call it. */
  readonly name: string;
  /** Whether it answers. `deleting` is past all undoing. */
  readonly status: "active" | "suspended" | "deletion_scheduled" | "deleting" | (string & {});
  /** When it was last changed. */
  readonly updated_at: string;
}

/** Names a tenant. */
export type TenantID = string;

/** A part of the tenants. */
export interface TenantPage {
  /** The tenants, oldest first. */
  readonly items: readonly Tenant[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** What the tenant has otherwise than its server. */
export interface TenantSettings {
  /** How many days audit entries are kept. Null is for ever. */
  readonly audit_retention_days: number | null;
  /** How many digits a code of a message has. Null is as the server has it, 6. */
  readonly code_length: number | null;
  /** How long a code of a message works. Null is as the server has it, 600. */
  readonly code_lifetime_seconds: number | null;
  /** How long to wait before a code or a link is sent once more. Null is as the server has it, 30. */
  readonly code_resend_seconds: number | null;
  /** The settings that the configuration of the server declares. */
  readonly declared: readonly string[];
  /** How long somebody may think better of the deletion of their account. Null is as the server has it. */
  readonly deletion_grace_seconds: number | null;
  /** How long a flow may take. Null is as the server has it. */
  readonly flow_lifetime_seconds: number | null;
  /** How recent a proof has to be for what is sensitive. Null is as the server has it. */
  readonly fresh_for_seconds: number | null;
  /** How long a user who proved an address may undo that it was removed, with a link sent there, a day at least; 0 is not at all. Null is as the server has it, 604800. */
  readonly identifier_undo_seconds: number | null;
  /** How long a link of a message works. Null is as the server has it, 900. */
  readonly link_lifetime_seconds: number | null;
  /** The language of who has not said theirs. Null is as the server has it. */
  readonly locale: string | null;
  /** Countries that text messages go to, of those that the server sends them to. Null is all of these. */
  readonly message_countries: readonly string[] | null;
  /** How many characters a new password has at least. Null is as the server has it. */
  readonly password_min_length: number | null;
  /** Whether an address without an account is told so by mail when somebody signs in or recovers with it; else it gets nothing. */
  readonly unknown_address_notice: boolean;
}

/** A merge patch of the settings. */
export interface TenantSettingsUpdate {
  /** How many days audit entries are kept. Null is for ever. */
  readonly audit_retention_days?: number | null;
  /** How many digits a code of a message has. Null is as the server has it, 6. */
  readonly code_length?: number | null;
  /** How long a code of a message works. Null is as the server has it, 600. */
  readonly code_lifetime_seconds?: number | null;
  /** How long to wait before a code or a link is sent once more. Null is as the server has it, 30. */
  readonly code_resend_seconds?: number | null;
  /** How long somebody may think better of the deletion of their account. Null is as the server has it. */
  readonly deletion_grace_seconds?: number | null;
  /** How long a flow may take. Null is as the server has it. */
  readonly flow_lifetime_seconds?: number | null;
  /** How recent a proof has to be for what is sensitive. Null is as the server has it. */
  readonly fresh_for_seconds?: number | null;
  /** How long a user who proved an address may undo that it was removed, with a link sent there, a day at least; 0 is not at all. Null is as the server has it, 604800. */
  readonly identifier_undo_seconds?: number | null;
  /** How long a link of a message works. Null is as the server has it, 900. */
  readonly link_lifetime_seconds?: number | null;
  /** The language of who has not said theirs. Null is as the server has it. */
  readonly locale?: string | null;
  /** Countries that text messages go to, of those that the server sends them to. Null is all of these. */
  readonly message_countries?: readonly string[] | null;
  /** How many characters a new password has at least. Null is as the server has it. */
  readonly password_min_length?: number | null;
  /** Whether an address without an account is told so by mail when somebody signs in or recovers with it; else it gets nothing. Null is false. */
  readonly unknown_address_notice?: boolean | null;
}

/** A merge patch of a tenant. */
export interface TenantUpdate {
  /** Where its API is to be: https://host[:port]; http:// serves only on the loopback in development. */
  readonly base_url?: string;
  /** Hosts beside that of the base URL, in the place of those before. */
  readonly hosts?: readonly string[];
}

/** A test message to send. */
export interface TestMessage {
  /** How a message reaches its reader. `sms` is their phone, which the server may be set to reach over WhatsApp. */
  readonly channel: MessageChannel;
  /** The address; for sms a phone number with + and the country code. */
  readonly to: string;
  /** The language to write it in, as a tag; the tenant's own without. */
  readonly locale?: string;
}

/** How the application proves itself at the token endpoint. */
export type TokenEndpointAuthMethod = "none" | "client_secret_basic" | "client_secret_post" | "private_key_jwt";

/** Where the deletion of an account stands. */
export interface UserDeletion {
  /** When all that is held about the user is erased. */
  readonly delete_at: string;
  /** Whether it is still to come, or done. */
  readonly status: "deletion_scheduled" | "deleted" | (string & {});
}

/** Names a user. */
export type UserID = string;

/** A merge patch of an identifier of somebody else. */
export interface UserIdentifierUpdate {
  /** True makes it the first choice of its type. There is no false: another one takes its place the same way (`request_invalid`, rule `enum`). */
  readonly primary?: boolean;
  /** Whether it counts as proven. */
  readonly verified?: boolean;
}

/** Which user becomes part of another one. */
export interface UserMerge {
  /** Names a user. */
  readonly source_user_id: UserID;
  /** Whose claims and metadata stay where both users have some and they differ; the target's when left out. */
  readonly conflicts?: UserMergeConflicts;
}

/** Something that both users have. */
export interface UserMergeConflict {
  /** The claim, or the member of the metadata. */
  readonly name: string;
  /** Whose stays. */
  readonly stays: "target" | "source" | (string & {});
}

/** Whose claims and metadata stay where both users have some and they differ; the target's when left out. */
export type UserMergeConflicts = "keep_target" | "prefer_source";

/** What comes of the source's claims, or metadata, by name. What is the same in both is not in it. */
export interface UserMergeMembers {
  /** Both have it, and one of them stays. */
  readonly conflicts: readonly UserMergeConflict[];
  /** What goes with the source: the target had none, and cannot have it, because it does not fit the schema any more or there is no room for it. */
  readonly left: readonly string[];
  /** The target had none, and has the source's. */
  readonly taken: readonly string[];
}

/** What comes of the passwords. The source's never moves. */
export interface UserMergePassword {
  /** Whether the source has one, which goes. */
  readonly dropped: boolean;
  /** Whether the target has one, which stays. */
  readonly stays: boolean;
}

/** What merging two users does. */
export interface UserMergePreview {
  /** How many consents go, since the target has agreed to the same. */
  readonly consents_dropped: number;
  /** How many consents the target gets. */
  readonly consents_moved: number;
  /** When the target counts as made, which is when the older of both was. */
  readonly created_at: string;
  /** What moves, as the target will have it: proven or not as before, and the first choice only of a type that the target has none of. All of the source's identifiers do. */
  readonly identifiers: readonly Identifier[];
  /** When the target counts as last signed in, which is the later time of both. */
  readonly last_login_at: string | null;
  /** How many passkeys of the source go, since each names its user to the authenticator; the target's stay. */
  readonly passkeys_dropped: number;
  /** What comes of the passwords. The source's never moves. */
  readonly password: UserMergePassword;
  /** What comes of the source's claims, or metadata, by name. What is the same in both is not in it. */
  readonly private_metadata: UserMergeMembers;
  /** What comes of the source's claims, or metadata, by name. What is the same in both is not in it. */
  readonly profile: UserMergeMembers;
  /** What comes of the source's claims, or metadata, by name. What is the same in both is not in it. */
  readonly public_metadata: UserMergeMembers;
  /** The roles that the target gets. */
  readonly roles: readonly UserMergeRole[];
  /** How many sessions of the source end; the target's stay. */
  readonly sessions_ended: number;
  /** Names a user. */
  readonly source_user_id: UserID;
  /** Names a user. */
  readonly target_user_id: UserID;
}

/** A role that a user gets. */
export interface UserMergeRole {
  /** Names a role. Built-in roles have the same ids in every tenant. */
  readonly id: RoleID;
  /** What tokens call it. */
  readonly key: string;
  /** What people call it. */
  readonly name: string;
}

/** Which users come first. */
export type UserOrder = "created" | "created_descending";

/** A password to set for somebody. */
export interface UserPassword {
  /** The new password. */
  readonly password: string;
  /** Whether sessions go on. */
  readonly keep_sessions?: boolean;
  /** Whether another one has to be chosen at the next login. */
  readonly temporary?: boolean;
}

/** What somebody can do at the moment. */
export interface UserPermissions {
  /** Whether the user may sign in; who may not can nothing. */
  readonly active: boolean;
  /** What they hold together, sorted. */
  readonly permissions: readonly string[];
  /** The keys of the roles that count, sorted. */
  readonly roles: readonly string[];
}

/** A user as whoever manages the tenant sees them. */
export interface UserRecord {
  /** When the user was made. */
  readonly created_at: string;
  /** When all that is held about them is to be erased; null where that is not meant to happen. */
  readonly delete_at: string | null;
  /** Names a user. */
  readonly id: UserID;
  /** What finds this user, oldest first. */
  readonly identifiers: readonly Identifier[];
  /** When they last signed in, to the minute; null where that is not known to have happened. */
  readonly last_login_at: string | null;
  /** What whoever manages the tenant keeps about a user, at most 16 KiB. The private one is never the person's to see. */
  readonly private_metadata: Metadata;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile: Profile;
  /** What whoever manages the tenant keeps about a user, at most 16 KiB. The private one is never the person's to see. */
  readonly public_metadata: Metadata;
  /** Whether they may sign in. */
  readonly status: "active" | "suspended" | "deletion_scheduled" | (string & {});
  /** When the record last changed. */
  readonly updated_at: string;
  /** Whether they are a guest, who has nothing to sign in with and is erased when no session of theirs is left for a while; absent where not. */
  readonly guest?: boolean;
}

/** A page of users. */
export interface UserRecordPage {
  /** The users of this page. */
  readonly items: readonly UserRecord[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** A merge patch of a user. */
export interface UserRecordUpdate {
  /** A merge patch of metadata; a member set to null is removed. */
  readonly private_metadata?: MetadataUpdate;
  /** A merge patch of the profile; a claim set to null is removed. */
  readonly profile?: ProfileUpdate;
  /** A merge patch of metadata; a member set to null is removed. */
  readonly public_metadata?: MetadataUpdate;
}

/** A role that a user has. */
export interface UserRole {
  /** Since when. */
  readonly assigned_at: string;
  /** What somebody who has it may do. */
  readonly role: Role;
}

/** A part of the roles that a user has. */
export interface UserRolePage {
  /** The roles, built-in ones first, then oldest first. */
  readonly items: readonly UserRole[];
  /** For the next page; null: this was the last. */
  readonly next_cursor: string | null;
}

/** Whether a user may sign in. */
export type UserStatus = "active" | "suspended" | "deletion_scheduled";

/**
 * Add an identifier to a user.
 *
 * One more email address, phone number or username that finds the user. Adding what they have already changes nothing and answers alike. The user is sent no notice of it.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/identifiers`
 */
export const addUserIdentifier: Operation<{ readonly user_id: UserID; readonly body: NewUserIdentifier }, Identifier> = ["POST", "/admin/v1/users/{user_id}/identifiers", 15];

/**
 * Give a role to a user.
 *
 * Giving a role that the user has changes nothing. A role that holds more than the scopes of the API key which asks cannot be given: `403 scope_exceeded`. A user has 50 roles at most: `409 user_role_limit`.
 *
 * Needs the scope `roles:write`.
 *
 * `POST /admin/v1/users/{user_id}/roles`
 */
export const assignRole: Operation<{ readonly user_id: UserID; readonly body: NewUserRole }, UserRole> = ["POST", "/admin/v1/users/{user_id}/roles", 15];

/**
 * Cancel a job.
 *
 * It is not begun, or goes no farther, and leaves no result. One that has finished is `409 job_finished`; one that was cancelled stays so.
 *
 * Needs the scope `jobs:write`.
 *
 * `POST /admin/v1/jobs/{job_id}/cancel`
 */
export const cancelJob: Operation<{ readonly job_id: JobID }, Job> = ["POST", "/admin/v1/jobs/{job_id}/cancel", 13];

/**
 * Ask whether a user can do something.
 *
 * Tells for each permission whether the user has it by their roles. Permissions are compared as they are written; only `lintel:all` stands for more, which is everything that begins with `lintel:`. Who is suspended, or is to be deleted, can nothing.
 *
 * Needs the scope `roles:read`.
 *
 * `POST /admin/v1/users/{user_id}/can`
 */
export const checkUserPermissions: Operation<{ readonly user_id: UserID; readonly body: PermissionCheck }, PermissionAnswer> = ["POST", "/admin/v1/users/{user_id}/can", 12];

/**
 * Create an API key.
 *
 * A key for one program. Its secret is in the answer and nowhere else, ever. It may be given no scope that the key which asks does not have: `403 scope_exceeded`. Nor may it outlive the key which asks, where that one ends by itself: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys`
 */
export const createApiKey: Operation<{ readonly body: NewApiKey }, IssuedApiKey> = ["POST", "/admin/v1/api-keys", 15];

/**
 * Create an application.
 *
 * What is left out has its default. An application that is made here is `managed_by: api`: no start of a server changes it, unless the configuration declares its client id, which takes it over.
 *
 * Needs the scope `applications:write`.
 *
 * `POST /admin/v1/applications`
 */
export const createApplication: Operation<{ readonly body: NewApplication }, Application> = ["POST", "/admin/v1/applications", 15];

/**
 * Give an application a secret.
 *
 * The secret is in the answer and nowhere else, ever. With `overlap_seconds` the ones before it go on working for that long and then end, which is a rotation; without, they stay as they are. At most five are good at a time: `409 application_secret_limit`. An application that the configuration declares has its secrets here too.
 *
 * Needs the scope `applications:write`.
 *
 * `POST /admin/v1/applications/{application_id}/secrets`
 */
export const createApplicationSecret: Operation<{ readonly application_id: ApplicationID; readonly body: NewApplicationSecret }, IssuedApplicationSecret> = ["POST", "/admin/v1/applications/{application_id}/secrets", 15];

/**
 * Export what happened.
 *
 * Starts a job of the type `audit_export`: its result has, the oldest first, every entry up to now that fits all that is given, as `listAuditEntries` would. In `ndjson` each line is an `AuditEntry`. In `csv` a text that a spreadsheet would take for a formula has a `'` before it. When a user is erased, results that may tell of them are removed, and exports that are still running begin again.
 *
 * Needs the scope `audit:read`.
 *
 * `POST /admin/v1/audit/exports`
 */
export const createAuditExport: Operation<{ readonly body: NewAuditExport }, Job> = ["POST", "/admin/v1/audit/exports", 15];

/**
 * Invite somebody.
 *
 * Invites whoever has an address to become a user, or to sign in, at an application. With the delivery `message` the link goes there, and whoever brings it has proven the address; with `none` this answer alone has it, for the caller to deliver, and the address is proven like any other. The link leads to the first of the application's `link_uris`, with the token in its fragment as `invitation`; without such a page it is `409 link_uri_required`. A front end shows what `openInvitation` tells and starts a flow with the token. While another one is pending for the address at the application it is `409 invitation_exists`. An address that no message can be sent to is `422 message_recipient_invalid`, a channel without a provider `409 message_channel_unavailable`, and where as many messages were sent as may be it is `429 message_budget_spent`.
 *
 * Needs the scope `invitations:write`.
 *
 * `POST /admin/v1/invitations`
 */
export const createInvitation: Operation<{ readonly body: NewInvitation }, IssuedInvitation> = ["POST", "/admin/v1/invitations", 15];

/**
 * Create a role.
 *
 * A role of the tenant's own. Permissions that begin with `lintel:` are what this server itself asks for, and a role may hold one only if the API key which asks has that scope: `403 scope_exceeded`. All others are the tenant's own words.
 *
 * Needs the scope `roles:write`.
 *
 * `POST /admin/v1/roles`
 */
export const createRole: Operation<{ readonly body: NewRole }, Role> = ["POST", "/admin/v1/roles", 15];

/**
 * Create the next version of the profile schema.
 *
 * The document becomes the current version at once, and on other nodes within seconds. `If-Match` says which version it follows; `412 version_stale` where there is a newer one. One that is equal to the current version makes nothing new. It may be equal to an older one, which is how to go back. What cannot be a profile schema, or gives a claim another type than an earlier version, is `422 schema_invalid`. Profiles stay as they are: only what somebody changes from then on is checked. Where the configuration declares the schema of the tenant, it is `409 declared_in_configuration`.
 *
 * Needs the scope `schemas:write`.
 *
 * `POST /admin/v1/schemas`
 */
export const createSchema: Operation<{ readonly if_match: string; readonly body: NewProfileSchema }, ProfileSchemaVersion> = ["POST", "/admin/v1/schemas", 15, { if_match: "If-Match" }];

/**
 * Create a tenant.
 *
 * A full separation of data and keys, with a base URL of its own, which is its issuer. It answers at once, and has one API key, whose secret is in this answer and nowhere else.
 *
 * `POST /admin/v1/tenants`
 */
export const createTenant: Operation<{ readonly body: NewTenant }, CreatedTenant> = ["POST", "/admin/v1/tenants", 15];

/**
 * Give a tenant an API key.
 *
 * For a tenant whose own keys are lost: a key that may do all there. Its secret is in the answer and nowhere else. It is this key, not the one of an operator, that manages what is in a tenant.
 *
 * `POST /admin/v1/tenants/{tenant_id}/api-keys`
 */
export const createTenantApiKey: Operation<{ readonly tenant_id: TenantID; readonly body: NewTenantApiKey }, IssuedApiKey> = ["POST", "/admin/v1/tenants/{tenant_id}/api-keys", 15];

/**
 * Create a user.
 *
 * Somebody who can sign in from now on. Identifiers that are said to be verified count as proven. A password is hashed and held against the policy like one that its person chooses; without one the user has none. The profile may hold claims that people cannot write themselves. Creates once for an `Idempotency-Key`; `409 identifier_taken` where an identifier finds somebody else.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users`
 */
export const createUser: Operation<{ readonly body: NewUser }, UserRecord> = ["POST", "/admin/v1/users", 15];

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
 * Delete an application.
 *
 * Its sessions, flows and secrets are worth nothing from then on, and its client id is free. What the configuration declares is removed there first: `409 declared_in_configuration`.
 *
 * Needs the scope `applications:write`.
 *
 * `DELETE /admin/v1/applications/{application_id}`
 */
export const deleteApplication: Operation<{ readonly application_id: ApplicationID }, void> = ["DELETE", "/admin/v1/applications/{application_id}", 5];

/**
 * Delete a secret of an application.
 *
 * It is worth nothing from the next request on.
 *
 * Needs the scope `applications:write`.
 *
 * `DELETE /admin/v1/applications/{application_id}/secrets/{application_secret_id}`
 */
export const deleteApplicationSecret: Operation<{ readonly application_id: ApplicationID; readonly application_secret_id: ApplicationSecretID }, void> = ["DELETE", "/admin/v1/applications/{application_id}/secrets/{application_secret_id}", 5];

/**
 * Delete a role.
 *
 * Takes it away from everybody who has it. A role that holds more than the scopes of the API key which asks stays: `403 scope_exceeded`, and so does a built-in one: `409 role_built_in`.
 *
 * Needs the scope `roles:write`.
 *
 * `DELETE /admin/v1/roles/{role_id}`
 */
export const deleteRole: Operation<{ readonly role_id: RoleID }, void> = ["DELETE", "/admin/v1/roles/{role_id}", 5];

/**
 * Go back to the built-in words.
 *
 * The tenant's words in this language hold no longer; what they were stays among the versions. Where it has none it is `404 template_unknown`.
 *
 * Needs the scope `templates:write`.
 *
 * `DELETE /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const deleteTemplate: Operation<{ readonly template_kind: string; readonly template_channel: string; readonly template_locale: string; readonly if_match: string; readonly application_id?: ApplicationID }, void> = ["DELETE", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 5, { if_match: "If-Match" }];

/**
 * Delete a tenant.
 *
 * It answers nobody any more. When the grace period of 30 days is over, everything in it and its keys are destroyed for good; `at_once` leaves that out. Until then `restoreTenant` undoes it. The log of what happened stays, without what it tells of people.
 *
 * `DELETE /admin/v1/tenants/{tenant_id}`
 */
export const deleteTenant: Operation<{ readonly tenant_id: TenantID; readonly at_once?: boolean }, Tenant> = ["DELETE", "/admin/v1/tenants/{tenant_id}", 13];

/**
 * Delete a user.
 *
 * Every session ends and nobody signs in as the user any more. When the grace period is over, all that is held about them is erased for good; `at_once` leaves that out. Until then `restoreUser` undoes it, and so does the person by signing in.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}`
 */
export const deleteUser: Operation<{ readonly user_id: UserID; readonly at_once?: boolean }, UserDeletion> = ["DELETE", "/admin/v1/users/{user_id}", 13];

/**
 * End a session of a user.
 *
 * It is good for nothing from the next request on, on every node within a second.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/sessions/{session_id}`
 */
export const endUserSession: Operation<{ readonly user_id: UserID; readonly session_id: SessionID }, void> = ["DELETE", "/admin/v1/users/{user_id}/sessions/{session_id}", 5];

/**
 * End all sessions of a user.
 *
 * They are good for nothing from the next request on, on every node within a second.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/sessions`
 */
export const endUserSessions: Operation<{ readonly user_id: UserID }, void> = ["DELETE", "/admin/v1/users/{user_id}/sessions", 5];

/**
 * Have a user choose another password.
 *
 * The password is right as before, and whoever gives it at a login or a step-up is asked for another one, as the step `new_password`, before it comes to anything; all other sessions end with that. Who gives a wrong one is told nothing of it. A client that does not accept that step ends in `client_upgrade_required`. Without a password: `404 password_none`.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/password/expire`
 */
export const expireUserPassword: Operation<{ readonly user_id: UserID; readonly body: PasswordExpiry }, void> = ["POST", "/admin/v1/users/{user_id}/password/expire", 7];

/**
 * Export everything held about a user.
 *
 * Begins an export of everything that is held about a user of any status, but for secrets. It is the document that `getExportResult` describes, of the whole profile, with the section `audit` as well, and with the member `internal` in records that have more than the person may see: private metadata, versions, who did what and with which data. It is read with `getJobResult`, which needs this scope too. The user sees in their activity that it was asked for. A user who is erased meanwhile ends it as `user_unknown`.
 *
 * Needs the scope `users:export`.
 *
 * `POST /admin/v1/users/{user_id}/export`
 */
export const exportUser: Operation<{ readonly user_id: UserID }, Job> = ["POST", "/admin/v1/users/{user_id}/export", 15];

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
 * Read an application.
 *
 * All of its settings, defaults included, and whose they are to change.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications/{application_id}`
 */
export const getApplication: Operation<{ readonly application_id: ApplicationID }, Application> = ["GET", "/admin/v1/applications/{application_id}", 13];

/**
 * Read an entry.
 *
 * What happened, by its number. An entry that retention has removed is `audit_entry_unknown`.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit/entries/{number}`
 */
export const getAuditEntry: Operation<{ readonly number: string }, AuditEntry> = ["GET", "/admin/v1/audit/entries/{number}", 13];

/**
 * Read the end of the chain.
 *
 * The number and the hash of the last entry, which close all before. Note them where nobody who can change the database can change them too: whoever verifies against them later finds what was computed anew or cut off since. The number is 0 before anything has happened. Where the tenant keeps entries for some days only (`audit_retention_days`), `removed` tells which are gone.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit/head`
 */
export const getAuditHead: Operation<{}, AuditHead> = ["GET", "/admin/v1/audit/head", 13];

/**
 * Read the current version of the profile schema.
 *
 * The version that holds, with its document as operators see it.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas/current`
 */
export const getCurrentSchema: Operation<{}, ProfileSchemaVersion> = ["GET", "/admin/v1/schemas/current", 13];

/**
 * Read an invitation.
 *
 * Whom it is for, who invited them, and what became of it. Never its token.
 *
 * Needs the scope `invitations:read`.
 *
 * `GET /admin/v1/invitations/{invitation_id}`
 */
export const getInvitation: Operation<{ readonly invitation_id: InvitationID }, Invitation> = ["GET", "/admin/v1/invitations/{invitation_id}", 13];

/**
 * Read a job.
 *
 * How far it is, and how it ended.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs/{job_id}`
 */
export const getJob: Operation<{ readonly job_id: JobID }, Job> = ["GET", "/admin/v1/jobs/{job_id}", 13];

/**
 * Read the result of a job.
 *
 * A part of what a completed job has made; the parts in their order, one after the other, are the whole. It needs the scope that starting the job needed too (`scope` of the job), and is told as an event. Before the job is completed, and after the result was removed, it is `404 job_result_unknown`.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs/{job_id}/result`
 */
export const getJobResult: Operation<{ readonly job_id: JobID; readonly part?: number }, JobResult> = ["GET", "/admin/v1/jobs/{job_id}/result", 13];

/**
 * Read a message.
 *
 * Where it stands, and why the last attempt failed.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/messages/{message_id}`
 */
export const getMessage: Operation<{ readonly message_id: MessageID }, Message> = ["GET", "/admin/v1/messages/{message_id}", 13];

/**
 * Read a role.
 *
 * A role, built-in ones too.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles/{role_id}`
 */
export const getRole: Operation<{ readonly role_id: RoleID }, Role> = ["GET", "/admin/v1/roles/{role_id}", 13];

/**
 * Read a version of the profile schema.
 *
 * One version with its document, of whatever age.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas/versions/{schema_version}`
 */
export const getSchema: Operation<{ readonly schema_version: string }, ProfileSchemaVersion> = ["GET", "/admin/v1/schemas/versions/{schema_version}", 13];

/**
 * Read the settings of the tenant.
 *
 * What the tenant has otherwise than its server; null is as the server has it. What `declared` names is the configuration's to change.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings`
 */
export const getSettings: Operation<{}, TenantSettings> = ["GET", "/admin/v1/settings", 13];

/**
 * Read one change of the settings.
 *
 * What was before and after it.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings/history/{settings_version}`
 */
export const getSettingsVersion: Operation<{ readonly settings_version: string }, SettingsVersion> = ["GET", "/admin/v1/settings/history/{settings_version}", 13];

/**
 * Read a signing key.
 *
 * What it is for now, from when until when, and its public part. `404 signing_key_unknown` where the tenant has none of this `kid`.
 *
 * Needs the scope `keys:read`.
 *
 * `GET /admin/v1/keys/{kid}`
 */
export const getSigningKey: Operation<{ readonly kid: SigningKeyThumbprint }, SigningKey> = ["GET", "/admin/v1/keys/{kid}", 13];

/**
 * Read the words of a message.
 *
 * The words that a reader gets who wishes this language, and where they are from: the application's in it, or in the one that it is a form of (`pt` for `pt-BR`); then the tenant's; then the built-in ones in it; then all of them in the language of the tenant, and in that of the server; and in the end English. `version` is that of the application's or without one of the tenant's words in exactly this language, 0 where there have been none.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const getTemplate: Operation<{ readonly template_kind: string; readonly template_channel: string; readonly template_locale: string; readonly application_id?: ApplicationID }, Template> = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 13];

/**
 * Read an earlier version of the words of a message.
 *
 * What they were, to compare them or to set them again.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions/{template_version}`
 */
export const getTemplateVersion: Operation<{ readonly template_kind: string; readonly template_channel: string; readonly template_locale: string; readonly template_version: string; readonly application_id?: ApplicationID }, TemplateVersion> = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions/{template_version}", 13];

/**
 * Read a tenant.
 *
 * Where it is found, how it stands, and who manages it.
 *
 * `GET /admin/v1/tenants/{tenant_id}`
 */
export const getTenant: Operation<{ readonly tenant_id: TenantID }, Tenant> = ["GET", "/admin/v1/tenants/{tenant_id}", 13];

/**
 * Read a user.
 *
 * A user of any status but `deleted`, with all of the profile.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}`
 */
export const getUser: Operation<{ readonly user_id: UserID }, UserRecord> = ["GET", "/admin/v1/users/{user_id}", 13];

/**
 * Read what a user can do.
 *
 * The roles and permissions that count at the moment, sorted. Who is suspended, or is to be deleted, can nothing: both lists are empty.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/users/{user_id}/permissions`
 */
export const getUserPermissions: Operation<{ readonly user_id: UserID }, UserPermissions> = ["GET", "/admin/v1/users/{user_id}/permissions", 13];

/**
 * Read the recovery of a user.
 *
 * The last one that was started, however it ended. A user who never had one has none: `404 recovery_unknown`.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/recovery`
 */
export const getUserRecovery: Operation<{ readonly user_id: UserID }, Recovery> = ["GET", "/admin/v1/users/{user_id}/recovery", 13];

/**
 * Act in a user's name.
 *
 * Starts a session that its user can see, with the `act` claim of who uses it, here and in the tokens minted from it. Every event of it names the API key that asked in `actor.by`. It proves nothing: what needs a fresh authentication is `403 impersonated` in it, and so are a step-up and a refresh. It ends with its time, which is no later than the `expires_at` of the API key, with `endUserSession`, or when the user ends it; not when the key is deleted. Only where the server has `user.impersonation`: `403 impersonation_disabled`. Not for who runs the tenant: `403 impersonation_refused`; for who comes to run it later, the session is worth nothing while they do.
 *
 * Needs the scope `users:impersonate`.
 *
 * `POST /admin/v1/users/{user_id}/impersonate`
 */
export const impersonateUser: Operation<{ readonly user_id: UserID; readonly body: NewImpersonation }, Impersonation> = ["POST", "/admin/v1/users/{user_id}/impersonate", 15];

/**
 * Send to a stopped range again.
 *
 * Messages go to the numbers of the range again at once, and its new numbers are counted from the beginning. A range that is not stopped is `404 message_range_unknown`.
 *
 * Needs the scope `messages:write`.
 *
 * `DELETE /admin/v1/message-ranges/{range_prefix}`
 */
export const liftMessageRange: Operation<{ readonly range_prefix: string }, void> = ["DELETE", "/admin/v1/message-ranges/{range_prefix}", 5];

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
 * List the secrets of an application.
 *
 * Until when each is good, oldest first. Nothing shows a secret again.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications/{application_id}/secrets`
 */
export const listApplicationSecrets: Operation<{ readonly application_id: ApplicationID; readonly cursor?: string; readonly limit?: number }, ApplicationSecretPage> = ["GET", "/admin/v1/applications/{application_id}/secrets", 13];

/**
 * List the applications.
 *
 * All applications of the tenant, oldest first, disabled ones too.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications`
 */
export const listApplications: Operation<{ readonly cursor?: string; readonly limit?: number }, ApplicationPage> = ["GET", "/admin/v1/applications", 13];

/**
 * List what happened.
 *
 * What happened in the tenant and fits all that is given, in the order of its numbers. An entry follows what it tells of within about a second. An index answers each filter, and the rest is held against what it gives: a page may be short, or even empty, while `next_cursor` says that there is more to look at. Only what is listed here can be asked for. Whoever follows what happens asks for `order=oldest` and, as `after`, the last number seen: nothing slips behind it.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit`
 */
export const listAuditEntries: Operation<{ readonly actor_id?: string; readonly after?: number; readonly before?: string; readonly cursor?: string; readonly from?: string; readonly limit?: number; readonly order?: AuditOrder; readonly subject?: string; readonly type?: string; readonly user_id?: UserID }, AuditPage> = ["GET", "/admin/v1/audit", 13];

/**
 * List the invitations.
 *
 * Whom somebody has invited, and what became of that, the newest first. Nothing shows a token again. An invitation is known for a month after it has expired.
 *
 * Needs the scope `invitations:read`.
 *
 * `GET /admin/v1/invitations`
 */
export const listInvitations: Operation<{ readonly cursor?: string; readonly identifier?: string; readonly limit?: number; readonly status?: InvitationStatus }, InvitationPage> = ["GET", "/admin/v1/invitations", 13];

/**
 * List the jobs.
 *
 * The jobs of the tenant, the newest first. One that has finished is there until it expires.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs`
 */
export const listJobs: Operation<{ readonly cursor?: string; readonly limit?: number }, JobPage> = ["GET", "/admin/v1/jobs", 13];

/**
 * List the ranges of numbers that are stopped.
 *
 * Where many numbers of a range get a text message for the first time within minutes, somebody is making them up, and nothing is sent to the whole range for a while. These are the ranges that this holds for now.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/message-ranges`
 */
export const listMessageRanges: Operation<{ readonly cursor?: string; readonly limit?: number }, MessageRangePage> = ["GET", "/admin/v1/message-ranges", 13];

/**
 * List the messages.
 *
 * What the tenant has sent, is about to send or could not send, the newest first. What a message says is not shown: it may hold what lets its reader in.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/messages`
 */
export const listMessages: Operation<{ readonly cursor?: string; readonly limit?: number; readonly status?: MessageStatus; readonly to?: string }, MessagePage> = ["GET", "/admin/v1/messages", 13];

/**
 * List who has a role.
 *
 * The users who have the role, by their ids; suspended ones too.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles/{role_id}/users`
 */
export const listRoleUsers: Operation<{ readonly role_id: RoleID; readonly cursor?: string; readonly limit?: number }, RoleUserPage> = ["GET", "/admin/v1/roles/{role_id}/users", 13];

/**
 * List the roles.
 *
 * All roles of the tenant: the built-in ones first, then its own, oldest first. With `key` only the role that has it, if any.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles`
 */
export const listRoles: Operation<{ readonly cursor?: string; readonly key?: RoleKey; readonly limit?: number }, RolePage> = ["GET", "/admin/v1/roles", 13];

/**
 * List the versions of the profile schema.
 *
 * All versions without their documents, the newest first. The last in the list is the built-in one, which every tenant begins with.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas`
 */
export const listSchemas: Operation<{ readonly cursor?: string; readonly limit?: number }, ProfileSchemaPage> = ["GET", "/admin/v1/schemas", 13];

/**
 * List how the settings were changed.
 *
 * Every change over this API, the newest first: who made it, when, and what was before and after. The last thousand are kept. What the configuration declares is not among them.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings/history`
 */
export const listSettingsVersions: Operation<{ readonly cursor?: string; readonly limit?: number }, SettingsVersionPage> = ["GET", "/admin/v1/settings/history", 13];

/**
 * List the signing keys.
 *
 * The keys that the tenant signs with, oldest first: what each is for now, and from when until when. A tenant that has signed nothing yet has none; its first need makes the first one. An expired key is listed until a server has removed it, within minutes. Private parts are in no answer.
 *
 * Needs the scope `keys:read`.
 *
 * `GET /admin/v1/keys`
 */
export const listSigningKeys: Operation<{ readonly cursor?: string; readonly limit?: number }, SigningKeyPage> = ["GET", "/admin/v1/keys", 13];

/**
 * List how the words of a message were changed.
 *
 * Every version of the tenant's words in this language, the newest first: when it was made, by whom, and whether it removed them. The last hundred are kept.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions`
 */
export const listTemplateVersions: Operation<{ readonly template_kind: string; readonly template_channel: string; readonly template_locale: string; readonly application_id?: ApplicationID; readonly cursor?: string; readonly limit?: number }, TemplateVersionPage> = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions", 13];

/**
 * List the words of messages.
 *
 * For every kind of message, channel and language: whether the words are the tenant's own or built in. Languages without built-in words are listed where the tenant has words in them. With an application it is the words that it has of its own, and no others.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates`
 */
export const listTemplates: Operation<{ readonly application_id?: ApplicationID; readonly cursor?: string; readonly limit?: number }, TemplatePage> = ["GET", "/admin/v1/templates", 13];

/**
 * List the tenants.
 *
 * All tenants of the server, oldest first, suspended ones and those to be deleted too. Asked at any tenant, with an operator key.
 *
 * `GET /admin/v1/tenants`
 */
export const listTenants: Operation<{ readonly cursor?: string; readonly limit?: number }, TenantPage> = ["GET", "/admin/v1/tenants", 13];

/**
 * List the passkeys of a user.
 *
 * The user's passkeys, of every relying party, oldest first.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/passkeys`
 */
export const listUserPasskeys: Operation<{ readonly user_id: UserID; readonly cursor?: string; readonly limit?: number }, PasskeyPage> = ["GET", "/admin/v1/users/{user_id}/passkeys", 13];

/**
 * List the roles of a user.
 *
 * What was given to the user, whether or not they can use it at the moment; see `getUserPermissions`.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/users/{user_id}/roles`
 */
export const listUserRoles: Operation<{ readonly user_id: UserID; readonly cursor?: string; readonly limit?: number }, UserRolePage> = ["GET", "/admin/v1/users/{user_id}/roles", 13];

/**
 * List the sessions of a user.
 *
 * Where the user is signed in, newest first.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/sessions`
 */
export const listUserSessions: Operation<{ readonly user_id: UserID; readonly cursor?: string; readonly limit?: number }, SessionPage> = ["GET", "/admin/v1/users/{user_id}/sessions", 13];

/**
 * Find users.
 *
 * Users for whom all holds that is given, everybody but the deleted without any of it. An index gives them, and the rest is held against what it gives: a page may be short, or even empty, while `next_cursor` says that there is more to look at. What no index answers is `422 filter_not_indexed`.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users`
 */
export const listUsers: Operation<{ readonly claim?: string; readonly claim_value?: string; readonly created_before?: string; readonly created_from?: string; readonly cursor?: string; readonly identifier?: string; readonly identifier_prefix?: string; readonly last_login_before?: string; readonly last_login_from?: string; readonly limit?: number; readonly order?: UserOrder; readonly status?: UserStatus }, UserRecordPage> = ["GET", "/admin/v1/users", 13];

/**
 * Merge two users.
 *
 * Makes the source part of the user in the path, exactly as the preview has told whose `ETag` is in `If-Match`: `412 version_stale` when anything of either user has changed since. Identifiers, roles and consents move, the source's sessions end, and its password moves to nobody. Then the source is erased at once, and its id is `404 user_unknown`; the events `user.merged` and `user.merged_into`, and with them the audit log, say where it went. A role counts as given by whoever merges: `403 scope_exceeded` where the API key could not give it, or may less than the source. Nobody is merged with themselves (`422 merge_itself`), who is suspended (`409 merge_suspended`) or to be deleted (`409 merge_deletion_scheduled`), who runs the tenant (`409 merge_operator`), or in whose name somebody acts just now (`409 merge_impersonated`); nor beyond what one user may have (`409 identifier_limit`, `409 user_role_limit`).
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/merge`
 */
export const mergeUsers: Operation<{ readonly user_id: UserID; readonly if_match: string; readonly body: UserMerge }, UserRecord> = ["POST", "/admin/v1/users/{user_id}/merge", 15, { if_match: "If-Match" }];

/**
 * Preview a message.
 *
 * What a reader would see, with the given words or without them with those that hold, and with the given values or samples. Nothing is stored or sent. Words that could not be stored are `422 template_invalid` here too.
 *
 * Needs the scope `templates:read`.
 *
 * `POST /admin/v1/templates/preview`
 */
export const previewTemplate: Operation<{ readonly body: TemplateDraft }, TemplatePreview> = ["POST", "/admin/v1/templates/preview", 12];

/**
 * See what merging two users would do.
 *
 * Changes nothing, and refuses what `mergeUsers` refuses. The `ETag` names exactly this merge of the two users as they are: `mergeUsers` asks for it.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/merge/preview`
 */
export const previewUserMerge: Operation<{ readonly user_id: UserID; readonly body: UserMerge }, UserMergePreview> = ["POST", "/admin/v1/users/{user_id}/merge/preview", 12];

/**
 * Reactivate a tenant.
 *
 * A suspended tenant answers again.
 *
 * `POST /admin/v1/tenants/{tenant_id}/reactivate`
 */
export const reactivateTenant: Operation<{ readonly tenant_id: TenantID }, Tenant> = ["POST", "/admin/v1/tenants/{tenant_id}/reactivate", 13];

/**
 * Let a suspended user back in.
 *
 * Sessions that have not expired are good again. A deletion that was scheduled goes on.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/reactivate`
 */
export const reactivateUser: Operation<{ readonly user_id: UserID }, UserRecord> = ["POST", "/admin/v1/users/{user_id}/reactivate", 13];

/**
 * Take an identifier from a user.
 *
 * It is anybody's again. The oldest one left of its type takes the place of a primary one. The last one stays: `409 identifier_last`. The user is sent no notice of it, and has no way back.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/identifiers/{identifier_id}`
 */
export const removeUserIdentifier: Operation<{ readonly user_id: UserID; readonly identifier_id: IdentifierID }, void> = ["DELETE", "/admin/v1/users/{user_id}/identifiers/{identifier_id}", 5];

/**
 * Remove a passkey of a user.
 *
 * It proves nothing any more, be it the user's last way in or not. The user is sent no notice of it. What to tell the platform about it comes where the passkey is tried, and with the user's own list.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/passkeys/{passkey_id}`
 */
export const removeUserPasskey: Operation<{ readonly user_id: UserID; readonly passkey_id: PasskeyID }, void> = ["DELETE", "/admin/v1/users/{user_id}/passkeys/{passkey_id}", 5];

/**
 * Send an invitation again.
 *
 * Makes another token, for as long as the first one was good, and delivers it as the first one; the one before is worth nothing from now on. One that has expired is pending again. One that was accepted or revoked is `409 invitation_closed`, and one whose message was queued just now `422 code_sent_recently` with the time to wait.
 *
 * Needs the scope `invitations:write`.
 *
 * `POST /admin/v1/invitations/{invitation_id}/send`
 */
export const resendInvitation: Operation<{ readonly invitation_id: InvitationID }, IssuedInvitation> = ["POST", "/admin/v1/invitations/{invitation_id}/send", 15];

/**
 * Send a failed message again.
 *
 * Queues a message that was given up, with its attempts counted from the beginning. One that has not failed is `409 message_not_failed`, and one that is of no use to its reader any more `409 message_outdated`. It costs what another message would: `429 message_budget_spent`, and goes where another would: `422 message_country_not_allowed`.
 *
 * Needs the scope `messages:write`.
 *
 * `POST /admin/v1/messages/{message_id}/resend`
 */
export const resendMessage: Operation<{ readonly message_id: MessageID }, Message> = ["POST", "/admin/v1/messages/{message_id}/resend", 15];

/**
 * Have the settings of an earlier version again.
 *
 * Makes a new version with the settings that an earlier one had. What the configuration declares stays as it declares it.
 *
 * Needs the scope `settings:write`.
 *
 * `POST /admin/v1/settings/restore`
 */
export const restoreSettings: Operation<{ readonly if_match: string; readonly body: SettingsRestoration }, TenantSettings> = ["POST", "/admin/v1/settings/restore", 15, { if_match: "If-Match" }];

/**
 * Undo the deletion of a tenant.
 *
 * It is suspended then: look at it, and reactivate it. Once the grace period is over, nothing can be undone: `409 tenant_deleting`.
 *
 * `POST /admin/v1/tenants/{tenant_id}/restore`
 */
export const restoreTenant: Operation<{ readonly tenant_id: TenantID }, Tenant> = ["POST", "/admin/v1/tenants/{tenant_id}/restore", 13];

/**
 * Undo a scheduled deletion.
 *
 * The user is as before, without their sessions. It changes nothing where no deletion is scheduled.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/restore`
 */
export const restoreUser: Operation<{ readonly user_id: UserID }, UserRecord> = ["POST", "/admin/v1/users/{user_id}/restore", 13];

/**
 * Revoke an invitation.
 *
 * Its link is worth nothing from now on, and a flow that was begun with it ends in `invitation_invalid`. It stays visible. One that was accepted is `409 invitation_closed`; one that was revoked stays revoked.
 *
 * Needs the scope `invitations:write`.
 *
 * `DELETE /admin/v1/invitations/{invitation_id}`
 */
export const revokeInvitation: Operation<{ readonly invitation_id: InvitationID }, void> = ["DELETE", "/admin/v1/invitations/{invitation_id}", 5];

/**
 * Revoke a signing key.
 *
 * For a key that is trusted no longer: it is published no more and its private part is destroyed. Where it was the one that signs, its successor, or a new key, signs at once. What it has signed is refused by every verifier that has read the keys again, which takes five minutes at most; sessions are not touched, and front ends mint anew from them. There is no `If-Match`: a `kid` is one key for ever, and whatever became of it meanwhile, it is to be gone.
 *
 * Needs the scope `keys:write`.
 *
 * `DELETE /admin/v1/keys/{kid}`
 */
export const revokeSigningKey: Operation<{ readonly kid: SigningKeyThumbprint }, void> = ["DELETE", "/admin/v1/keys/{kid}", 5];

/**
 * Give an API key another secret.
 *
 * The new secret is in the answer and nowhere else. The one before goes on working for `overlap_seconds`, so that programs can be changed over one by one; secrets that were to end sooner still do. Ten secrets of a key work at the same time, no more: `409 api_key_secret_limit`. A key that ends by itself gives no secret to one that outlives it: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys/{api_key_id}/rotate`
 */
export const rotateApiKey: Operation<{ readonly api_key_id: ApiKeyID; readonly if_match: string; readonly body: ApiKeyRotation }, IssuedApiKey> = ["POST", "/admin/v1/api-keys/{api_key_id}/rotate", 15, { if_match: "If-Match" }];

/**
 * Have the signing key followed by another one.
 *
 * The successor is published now and signs once every verifier can know it (`jwks.publish_ahead`); the key before it stays published for as long as anything it signed is valid (`jwks.overlap`), so that no token is refused. The answer is the key that will sign. Where a successor waits already it is that one, and nothing changes. Servers do the same by themselves every `jwks.rotate_every`. With `immediately` the successor, the one that waits or else a new one, signs at once: for as long as verifiers keep a copy of the keys, five minutes, some may not know it. There is no `If-Match`: whatever was rotated meanwhile, the answer is the one successor that follows, and the `Idempotency-Key` keeps a repetition with `immediately` from making another one. Where twenty keys are published already it is `409 signing_key_limit`: wait until some have expired, or revoke them. To distrust a key, revoke it.
 *
 * Needs the scope `keys:write`.
 *
 * `POST /admin/v1/keys/rotate`
 */
export const rotateSigningKeys: Operation<{ readonly body: SigningKeyRotation }, SigningKey> = ["POST", "/admin/v1/keys/rotate", 15];

/**
 * Send a test message.
 *
 * Queues a message that says that it is a test, so that whoever sets up a provider can see whether it arrives; reading it again tells how it went. Where the channel has no provider it is `409 message_channel_unavailable`, and an address that no message can be sent to is `422 message_recipient_invalid`; one in a country that no text messages go to is `422 message_country_not_allowed`. Where as many were sent as may be it is `429 message_budget_spent`.
 *
 * Needs the scope `messages:write`.
 *
 * `POST /admin/v1/messages`
 */
export const sendTestMessage: Operation<{ readonly body: TestMessage }, Message> = ["POST", "/admin/v1/messages", 15];

/**
 * Set the words of a message.
 *
 * Makes the next version of the tenant's words, which holds on every node within seconds, on this one at once. The words are a subject with a heading, a body and a footer, which fill the built-in layout, or with `html` and the same as `text`. A value stands where its placeholder is, in HTML as text; nothing in them is executed. HTML has no scripts, forms, frames or comments and loads from https only: what it must not have, and a placeholder that the kind does not have or that is missing, is `422 template_invalid`. Start from `"0"` where there are none.
 *
 * Needs the scope `templates:write`.
 *
 * `PUT /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const setTemplate: Operation<{ readonly template_kind: string; readonly template_channel: string; readonly template_locale: string; readonly if_match: string; readonly application_id?: ApplicationID; readonly body: NewTemplateWords }, Template> = ["PUT", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 13, { if_match: "If-Match" }];

/**
 * Set the password of a user.
 *
 * In the place of whatever there was. It is held against the policy like one that its person chooses: `422 password_rejected`. Every session of the user ends with it, unless `keep_sessions` is said. The user is sent no notice of it. One that is `temporary` has expired already, see below.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/password`
 */
export const setUserPassword: Operation<{ readonly user_id: UserID; readonly body: UserPassword }, void> = ["POST", "/admin/v1/users/{user_id}/password", 7];

/**
 * Start the recovery of an account.
 *
 * For somebody who has lost every way into their account and has shown in another way who they are. Every address that the account has proven is told, with a link that stops it, and nothing happens until `opens_at`. From then until `expires_at` the new address is good for the journey `recovery`: whoever proves it there and chooses a password has the account. All its sessions end, the new address is its first choice, its other addresses count as proven no more, and they are told. Where the account has proven addresses and none of them can be told, nothing starts. Who runs the tenant is not recovered (`409 recovery_operator`). One at a time: `409 recovery_running`.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/recovery`
 */
export const startUserRecovery: Operation<{ readonly user_id: UserID; readonly body: RecoveryStart }, Recovery> = ["POST", "/admin/v1/users/{user_id}/recovery", 15];

/**
 * Stop the recovery of an account.
 *
 * What has not been completed never will be; stopping it again changes nothing. Where none was started: `404 recovery_unknown`.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/recovery`
 */
export const stopUserRecovery: Operation<{ readonly user_id: UserID }, void> = ["DELETE", "/admin/v1/users/{user_id}/recovery", 5];

/**
 * Suspend a tenant.
 *
 * It answers nobody, and loses nothing. Sessions and keys are as they were once it is reactivated.
 *
 * `POST /admin/v1/tenants/{tenant_id}/suspend`
 */
export const suspendTenant: Operation<{ readonly tenant_id: TenantID }, Tenant> = ["POST", "/admin/v1/tenants/{tenant_id}/suspend", 13];

/**
 * Suspend a user.
 *
 * Nobody signs in as the user, and their sessions are good for nothing, until `reactivateUser`. Suspending twice changes nothing.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/suspend`
 */
export const suspendUser: Operation<{ readonly user_id: UserID }, UserRecord> = ["POST", "/admin/v1/users/{user_id}/suspend", 13];

/**
 * Take a role from a user.
 *
 * Taking a role that the user does not have changes nothing. What holds more than the scopes of the API key which asks cannot be taken: `403 scope_exceeded`. Tokens that were minted before go on saying it until they expire.
 *
 * Needs the scope `roles:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/roles/{role_id}`
 */
export const unassignRole: Operation<{ readonly user_id: UserID; readonly role_id: RoleID }, void> = ["DELETE", "/admin/v1/users/{user_id}/roles/{role_id}", 5];

/**
 * Change an API key.
 *
 * Name, scopes and expiry. Scopes that are taken away are missing from the next request on. Neither the scopes that are given nor those that the key has may be more than those of the key which asks: `403 scope_exceeded`. A key that ends by itself gives no expiry after its own, not even to itself, and no scope to a key that outlives it: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `PATCH /admin/v1/api-keys/{api_key_id}`
 */
export const updateApiKey: Operation<{ readonly api_key_id: ApiKeyID; readonly if_match: string; readonly body: ApiKeyUpdate }, ApiKey> = ["PATCH", "/admin/v1/api-keys/{api_key_id}", 13, { if_match: "If-Match" }];

/**
 * Change an application.
 *
 * A setting that is set to null has its default again. A disabled application has no session, flow or token from then on. What the configuration declares is changed there: `409 declared_in_configuration`.
 *
 * Needs the scope `applications:write`.
 *
 * `PATCH /admin/v1/applications/{application_id}`
 */
export const updateApplication: Operation<{ readonly application_id: ApplicationID; readonly if_match: string; readonly body: ApplicationUpdate }, Application> = ["PATCH", "/admin/v1/applications/{application_id}", 13, { if_match: "If-Match" }];

/**
 * Change a role.
 *
 * Name, description and permissions; the key never changes. Whoever has the role has what it holds from now on, in tokens from the next one on. Neither the permissions that are given nor those that the role has may be more than the scopes of the API key which asks: `403 scope_exceeded`. A built-in role stays as it is: `409 role_built_in`.
 *
 * Needs the scope `roles:write`.
 *
 * `PATCH /admin/v1/roles/{role_id}`
 */
export const updateRole: Operation<{ readonly role_id: RoleID; readonly if_match: string; readonly body: RoleUpdate }, Role> = ["PATCH", "/admin/v1/roles/{role_id}", 13, { if_match: "If-Match" }];

/**
 * Change the settings of the tenant.
 *
 * They hold on every node within seconds, on this one at once. Null is as the server has it. What the configuration declares is changed there: `409 declared_in_configuration`.
 *
 * Needs the scope `settings:write`.
 *
 * `PATCH /admin/v1/settings`
 */
export const updateSettings: Operation<{ readonly if_match: string; readonly body: TenantSettingsUpdate }, TenantSettings> = ["PATCH", "/admin/v1/settings", 13, { if_match: "If-Match" }];

/**
 * Change a tenant.
 *
 * Base URL and hosts. The base URL is the issuer of all that the tenant signs: whoever checks that has to learn of the new one. A tenant of the configuration is changed there: `409 declared_in_configuration`.
 *
 * `PATCH /admin/v1/tenants/{tenant_id}`
 */
export const updateTenant: Operation<{ readonly tenant_id: TenantID; readonly if_match: string; readonly body: TenantUpdate }, Tenant> = ["PATCH", "/admin/v1/tenants/{tenant_id}", 13, { if_match: "If-Match" }];

/**
 * Change a user.
 *
 * A merge patch of the profile, with the claims too that people cannot see or write themselves. What it would make of the profile has to fit the schema: `422 profile_invalid`.
 *
 * Needs the scope `users:write`.
 *
 * `PATCH /admin/v1/users/{user_id}`
 */
export const updateUser: Operation<{ readonly user_id: UserID; readonly if_match: string; readonly body: UserRecordUpdate }, UserRecord> = ["PATCH", "/admin/v1/users/{user_id}", 13, { if_match: "If-Match" }];

/**
 * Change an identifier of a user.
 *
 * Says whether it counts as proven, and makes it the first choice of its type. The version is that of the user, who is sent no notice of it.
 *
 * Needs the scope `users:write`.
 *
 * `PATCH /admin/v1/users/{user_id}/identifiers/{identifier_id}`
 */
export const updateUserIdentifier: Operation<{ readonly user_id: UserID; readonly identifier_id: IdentifierID; readonly if_match: string; readonly body: UserIdentifierUpdate }, Identifier> = ["PATCH", "/admin/v1/users/{user_id}/identifiers/{identifier_id}", 13, { if_match: "If-Match" }];

/**
 * Try a profile schema without creating it.
 *
 * Changes nothing. Says whether the document could be the next version, what it would change, and, for an API key that has the scope `users:read` too, how many of the hundred newest users have a profile that would not fit if it were written anew. Their profiles stay as they are whatever is created.
 *
 * Needs the scope `schemas:read`.
 *
 * `POST /admin/v1/schemas/validate`
 */
export const validateSchema: Operation<{ readonly body: NewProfileSchema }, ProfileSchemaTrial> = ["POST", "/admin/v1/schemas/validate", 12];

/**
 * Verify the chain.
 *
 * Starts a job of the type `audit_verification`: every hash is computed anew and held against the head, the events, and a head that was noted earlier. The job is completed also where something does not hold; its result, a JSON object, says what was found. `first_number` and `removed` tell where the chain begins, as in the head. What retention removed is told by events of the type `audit.trimmed`, which are held against that; the fault `removed` means that all holds and that the entry whose head was noted is one of those.
 *
 * Needs the scope `audit:read`.
 *
 * `POST /admin/v1/audit/verify`
 */
export const verifyAudit: Operation<{ readonly body: NewAuditVerification }, Job> = ["POST", "/admin/v1/audit/verify", 15];
