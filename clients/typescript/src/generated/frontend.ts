// Made by clients/generator from the contract, version 0.1.0. Not to be edited.
import type { Operation } from "../core/operation.js";

/** Shows a notice and asks to say that it was seen. */
export interface AcknowledgeStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** Something to tell the person. */
  readonly notice: FlowMessage;
  /** The type of step. */
  readonly type: "acknowledge";
}

/** Says that the notice was seen. */
export interface AcknowledgeSubmission {
  /** The type of step. */
  readonly type: "acknowledge";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

/** One thing that happened to an account. What is not known is left out. */
export interface ActivityEntry {
  /** Names the event. */
  readonly id: string;
  /** When it happened. */
  readonly occurred_at: string;
  /** What happened. */
  readonly type: "user.created" | "user.upgraded" | "user.guest_signed_in" | "user.updated" | "user.suspended" | "user.reactivated" | "user.deletion_scheduled" | "user.deletion_cancelled" | "user.impersonated" | "user.merged" | "user.export_requested" | "user.identifier_added" | "user.identifier_removed" | "user.identifier_verified" | "user.identifier_unverified" | "user.identifier_primary_changed" | "password.set" | "password.changed" | "password.expired" | "passkey.added" | "passkey.renamed" | "passkey.removed" | "passkey.clone_suspected" | "recovery.started" | "recovery.stopped" | "recovery.completed" | "reversal.created" | "reversal.used" | "reversal.withdrawn" | "session.created" | "session.raised" | "session.ended" | "consent.given" | "role.assigned" | "role.unassigned" | (string & {});
  /** The network address it came from, with what began at one. */
  readonly address?: string;
  /** The application, where one was part of it and is still there. */
  readonly client_id?: string;
  /** A readable name of the device, with what began on one. */
  readonly device?: string;
  /** Whether somebody else did it in the user's name; absent where not. */
  readonly impersonated?: boolean;
  /** Names a session. It is not the secret that proves it. */
  readonly session_id?: SessionID;
}

/** A page of what happened, newest first. */
export interface ActivityPage {
  /** What happened. */
  readonly items: readonly ActivityEntry[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** One thing that is agreed to. */
export interface AgreedTerms {
  /** What it is, as offered. */
  readonly subject: string;
  /** The version that was read, as offered. */
  readonly version: string;
}

/** The Apple apps that belong to a domain. */
export interface AppleAppSiteAssociation {
  /** The Apple apps that may use passkeys and passwords of a domain. */
  readonly webcredentials: AppleWebCredentials;
}

/** The Apple apps that may use passkeys and passwords of a domain. */
export interface AppleWebCredentials {
  /** The apps, each by its team id, a dot and its bundle id. */
  readonly apps: readonly string[];
}

/** A statement that an app belongs to a domain. */
export interface AssetLink {
  /** What it may do there. */
  readonly relation: readonly ("delegate_permission/common.get_login_creds" | (string & {}))[];
  /** The Android app that a statement is about. */
  readonly target: AssetLinkTarget;
}

/** The Android app that a statement is about. */
export interface AssetLinkTarget {
  /** What sort of thing it is; always an Android app. */
  readonly namespace: "android_app" | (string & {});
  /** Its package name. */
  readonly package_name: string;
  /** SHA-256 of the certificates that it is signed with. */
  readonly sha256_cert_fingerprints: readonly string[];
}

/** What belongs to a domain, in statements (Digital Asset Links). */
export type AssetLinks = readonly AssetLink[];

/** The time that a server in test mode goes by. */
export interface Clock {
  /** The present, as the server sees it. */
  readonly current_time: string;
  /** How far it is ahead of the machine's clock, in whole seconds. */
  readonly offset_seconds: number;
}

/** How far to move the clock. */
export interface ClockAdvance {
  /** Seconds, up to ten years in either direction. */
  readonly seconds: number;
}

/** What time it is to be. */
export interface ClockSetting {
  /** The time, within a hundred years of the machine's. */
  readonly current_time: string;
}

/** What the codes of messages are. */
export interface CodeConfiguration {
  /** The ways to reach people that this server has; without any there are no codes and no links. `sms` is their phone, which may be reached over WhatsApp. */
  readonly channels: readonly ("email" | "sms" | (string & {}))[];
  /** How many digits a code has. */
  readonly length: number;
}

/** Asks for a code that was sent to an address. As long as `sent` is missing nothing was: an answer without a `one_time_code` has one sent, and later another one. */
export interface CodeStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "code";
  /** Who it is for, when that has been given; where nothing was sent and it is missing, the answer has to name an identifier. */
  readonly identifier?: string;
  /** What was sent, and where. It says nothing about whether anybody has the address. */
  readonly sent?: SentMessage;
}

/** Proves an address with the code that was sent to it. Without `one_time_code` one is sent, or another one. To whom is said once: by `identifier` where the step names nobody, or, in a flow of a signed-in user, by `identifier_id`. */
export interface CodeSubmission {
  /** The type of step. */
  readonly type: "code";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier?: IdentifierText;
  /** One of the signed-in user's own identifiers. */
  readonly identifier_id?: OwnIdentifierID;
  /** A code as it was typed; spaces and dashes do not matter, and any script's digits will do. */
  readonly one_time_code?: TypedCode;
}

/** Asks to agree. */
export interface ConsentStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** What is to be agreed to. */
  readonly terms: readonly Terms[];
  /** The type of step. */
  readonly type: "consent";
}

/** Agrees, or does not. */
export interface ConsentSubmission {
  /** What is agreed to, each at the version that was offered. */
  readonly agreed: readonly AgreedTerms[];
  /** The type of step. */
  readonly type: "consent";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
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

/** Where a journey stands and what may be done next. */
export interface Flow {
  /** Whether `rewindFlow` leads to the previous question. */
  readonly can_go_back: boolean;
  /** When the flow ends unless it is completed before. */
  readonly expires_at: string;
  /** Names a flow. It opens nothing without the flow token. */
  readonly id: FlowID;
  /** The journey it runs. */
  readonly journey: string;
  /** The language of what is for people here, as a BCP 47 tag. */
  readonly locale: Locale;
  /** What to tell the person, besides the steps. */
  readonly messages: readonly FlowMessage[];
  /** Rises with every change; see `revision` of `getFlow`. */
  readonly revision: number;
  /** Only an `active` flow takes submissions. */
  readonly status: "active" | "completed" | "denied" | "expired" | (string & {});
  /** What may be submitted now, any one of them. Leave out those of a type you do not know. */
  readonly steps: readonly Step[];
  /** How that language is written, left to right or right to left. */
  readonly text_direction: TextDirection;
  /** Why the last answer was refused. */
  readonly error?: FlowError;
  /** Proves that this client started the flow; only in the answer of `createFlow`, and only while it is active. */
  readonly flow_token?: string;
  /** What a completed flow has led to. */
  readonly outcome?: FlowOutcome;
  /** What to tell the platform, so that it offers the passkeys that there are, under the name that their person has now. Each object is what the method of the same name of `PublicKeyCredential` takes: `signalUnknownCredential`, `signalAllAcceptedCredentials` and `signalCurrentUserDetails`; call it for each, where the platform has it, and ignore its failures. */
  readonly passkey_signals?: PasskeySignals;
}

/** Why the last answer was refused. */
export interface FlowError {
  /** One of the problem codes. New ones may come. */
  readonly code: string;
  /** The reason, for people; in the flow's language. */
  readonly detail: string;
  /** The places in the answer that are wrong, with pointers into the step. */
  readonly errors?: readonly FieldError[];
  /** When another try makes sense. */
  readonly retry_after_seconds?: number;
}

/** Names a flow. It opens nothing without the flow token. */
export type FlowID = string;

/** Something to tell the person. */
export interface FlowMessage {
  /** The stable name of the message. New ones may come. */
  readonly code: string;
  /** The message; in the flow's language. */
  readonly detail: string;
}

/** What a completed flow has led to. */
export interface FlowOutcome {
  /** One signed-in browser or app. */
  readonly session: Session;
  /** A person who signs in. */
  readonly user: User;
  /** The session's secret, shown once, where the transport is `token`. */
  readonly session_token?: string;
}

/** Which journey to run, and optionally the first answer. */
export interface FlowStart {
  /** The journey: `login`, `registration`, `login_or_registration`, `guest`, `recovery`, `verification`, `step_up`, `enrolment`. By `enrolment` a signed-in user with a fresh proof adds a passkey; it is `403 step_up_required` without one. */
  readonly journey: string;
  /** How the session's token will travel: in a cookie that scripts cannot read, or in the outcome for an app to keep. */
  readonly transport: FlowTransport;
  /** The step types this client can show; all when left out. A journey that cannot go on without another one ends with `client_upgrade_required`. */
  readonly accepts?: readonly string[];
  /** The application. May be left out only where there is a default one. */
  readonly client_id?: string;
  /** What the link of an invitation has in its fragment, for the journeys `registration` and `login_or_registration` of its application. The flow is about the address that was invited, and no answer names another; where the link went there it is proven, and a step of type `link` that is `approved` goes on without anything. Completing the flow accepts the invitation. Whatever is wrong with it is `422 invitation_invalid`. */
  readonly invitation_token?: string;
  /** The language to speak to the person in, as a BCP 47 tag. Without it, or where there is no such language, the signed-in user's `locale` counts, then `Accept-Language`. What is sent is in the same; without this, to a user it is in what they say they read. */
  readonly locale?: string;
  /** The answer to one step. */
  readonly submit?: StepSubmission;
}

/** How the session's token will travel: in a cookie that scripts cannot read, or in the outcome for an app to keep. */
export type FlowTransport = "cookie" | "token";

/** Offers to go on as a guest, of whom nothing is asked. What is kept for them stays theirs when they register later, in a flow that their session starts. */
export interface GuestStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "guest";
}

/** Goes on as a guest. */
export interface GuestSubmission {
  /** The type of step. */
  readonly type: "guest";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

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

/** A page of identifiers, oldest first. */
export interface IdentifierPage {
  /** The identifiers of this page. */
  readonly items: readonly Identifier[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** Asks who is there. */
export interface IdentifierStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** What may be given. */
  readonly identifier_types: readonly ("email" | "phone" | "username" | (string & {}))[];
  /** The type of step. */
  readonly type: "identifier";
}

/** Says who is there. */
export interface IdentifierSubmission {
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier: IdentifierText;
  /** The type of step. */
  readonly type: "identifier";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

/** An email address, a phone number in E.164 form or a username. */
export type IdentifierText = string;

/** What sort of identifier the value is meant to be; told from the value when left out. */
export type IdentifierType = "email" | "phone" | "username";

/** A merge patch of an identifier. */
export interface IdentifierUpdate {
  /** True makes it the first choice of its type. There is no false: another one takes its place the same way (`request_invalid`, rule `enum`). */
  readonly primary?: boolean;
}

/** Whom an invitation is for. */
export interface InvitationAddress {
  /** What sort of address it is. */
  readonly type: "email" | "phone" | (string & {});
  /** The email address, or the phone number in E.164 form. */
  readonly value: string;
}

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

/** The link of an invitation that was opened. */
export interface InvitationOpening {
  /** What the link of an invitation has in its fragment. */
  readonly invitation_token: InvitationToken;
}

/** What the link of an invitation has in its fragment. */
export type InvitationToken = string;

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

/** Public keys (RFC 7517 §5). */
export interface JwkSet {
  /** The keys, in no particular order. */
  readonly keys: readonly Jwk[];
}

/** A language that details and messages come in. */
export interface Language {
  /** What its readers call it. */
  readonly name: string;
  /** The language of what is for people here, as a BCP 47 tag. */
  readonly tag: Locale;
  /** How that language is written, left to right or right to left. */
  readonly text_direction: TextDirection;
}

/** What the links of messages are. */
export interface LinkConfiguration {
  /** Whether there are any: the application has pages that open them (`link_uris`), and the server a way to send them. */
  readonly available: boolean;
  /** What a link does where it is opened elsewhere than where it was asked for: it shows a short code to type there, it may approve the flow that waits, or it does nothing. */
  readonly elsewhere: "code" | "approve" | "refuse" | (string & {});
}

/** A link that was opened. */
export interface LinkOpening {
  /** What the link has in its fragment as `link`. */
  readonly link_token: LinkToken;
}

/** Waits for a link that was sent to an address. As long as `sent` is missing nothing was: an empty answer has one sent, and later another one. The page that the link opens finds `flow` and `link` in its fragment; where it knows the flow it submits `link` as `link_token`, elsewhere it asks `openLink` what to do. */
export interface LinkStep {
  /** Whether the link was followed elsewhere and this flow was let go on; an empty answer does. Wait for it with `wait` of `getFlow`. */
  readonly approved: boolean;
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "link";
  /** Who it is for, when that has been given; where nothing was sent and it is missing, the answer has to name an identifier. */
  readonly identifier?: string;
  /** What was sent, and where. It says nothing about whether anybody has the address. */
  readonly sent?: SentMessage;
}

/** Proves an address with the link that was sent to it: `link_token` is what the link brings, `one_time_code` what it shows where it is opened elsewhere. Without either the flow goes on where the link was approved elsewhere; otherwise a link is sent, or another one. */
export interface LinkSubmission {
  /** The type of step. */
  readonly type: "link";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier?: IdentifierText;
  /** One of the signed-in user's own identifiers. */
  readonly identifier_id?: OwnIdentifierID;
  /** What the link has in its fragment as `link`. */
  readonly link_token?: LinkToken;
  /** The page that opens the link, one of the application's `link_uris`; the first of them when left out. */
  readonly link_uri?: string;
  /** A code as it was typed; spaces and dashes do not matter, and any script's digits will do. */
  readonly one_time_code?: TypedCode;
}

/** What the link has in its fragment as `link`. */
export type LinkToken = string;

/** The language of what is for people here, as a BCP 47 tag. */
export type Locale = string;

/** Names a message. */
export type MessageID = string;

/** What was put into the words, by name, so that a test need not look for it in them. */
export type MessageValues = { readonly [name: string]: unknown };

/** An invitation of the signed-in user. */
export interface MyInvitation {
  /** When it was accepted. */
  readonly accepted_at: string | null;
  /** When it was created. */
  readonly created_at: string;
  /** Until when it can be accepted. */
  readonly expires_at: string;
  /** Names an invitation. */
  readonly id: InvitationID;
  /** Whom an invitation is for. */
  readonly identifier: InvitationAddress;
  /** When it was revoked. */
  readonly revoked_at: string | null;
  /** When its message was queued, the last time. */
  readonly sent_at: string;
  /** Where it stands. */
  readonly status: "pending" | "accepted" | "revoked" | "expired" | (string & {});
}

/** A part of the user's invitations. */
export interface MyInvitationPage {
  /** The invitations, the newest first. */
  readonly items: readonly MyInvitation[];
  /** Where the next page goes on; null when this was the last. */
  readonly next_cursor: string | null;
}

/** A page of one's passkeys, oldest first. */
export interface MyPasskeyPage {
  /** The passkeys of this page. */
  readonly items: readonly Passkey[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
  /** What to tell the platform, so that it offers the passkeys that there are, under the name that their person has now. Each object is what the method of the same name of `PublicKeyCredential` takes: `signalUnknownCredential`, `signalAllAcceptedCredentials` and `signalCurrentUserDetails`; call it for each, where the platform has it, and ignore its failures. */
  readonly signals: PasskeySignals;
}

/** An identifier to add. */
export interface NewIdentifier {
  /** An email address, a phone number in E.164 form or a username. */
  readonly value: string;
  /** What sort of identifier the value is meant to be; told from the value when left out. */
  readonly type?: IdentifierType;
}

/** An invitation that a signed-in user asks for. */
export interface NewMyInvitation {
  /** Whom to invite. */
  readonly identifier: InvitationIdentifier;
  /** The language to write it in, as a tag; the tenant's own without. */
  readonly locale?: string;
}

/** Asks to make a passkey. Hand `options` to the platform as they are, and submit what it answers; only where `options.user.name` is empty put in what the person typed, and give the same as `identifier`. Where `conditional` is true make it without asking, with `mediation: "conditional"`, and submit `skip` where the platform does not. Code for the web, Android and iOS stands at the tag passkey. */
export interface NewPasskeyStep {
  /** Whether it may be made without asking, since the person has just signed in with a password. */
  readonly conditional: boolean;
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** What a platform needs to make a passkey. Hand it on as it is: on the web to `PublicKeyCredential.parseCreationOptionsFromJSON`, on Android as the `requestJson` of a `CreatePublicKeyCredentialRequest`. Only where `user.name` is empty put in what the person typed, there and in `user.displayName`. */
  readonly options: PasskeyCreationOptions;
  /** The type of step. */
  readonly type: "new_passkey";
  /** Who it is for, when that has been given; where it is missing and nobody is signed in, the answer has to name an identifier. */
  readonly identifier?: string;
}

/** Brings a new passkey, and may say at once who for, what it is called, and add a profile. */
export interface NewPasskeySubmission {
  /** What a platform answers when a passkey was made: on the web the `toJSON()` of the credential, on Android the `registrationResponseJson`. Members that are not listed are left alone. */
  readonly credential: PasskeyRegistration;
  /** The type of step. */
  readonly type: "new_passkey";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier?: IdentifierText;
  /** What the person calls a passkey. */
  readonly name?: PasskeyName;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile?: Profile;
}

/** A password to set. */
export interface NewPassword {
  /** The new password. */
  readonly password: string;
}

/** Asks to choose a password. */
export interface NewPasswordStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** What a new password has to meet. */
  readonly policy: PasswordPolicy;
  /** The type of step. */
  readonly type: "new_password";
  /** Who it is for, when that has been given; without it the answer has to name an identifier. */
  readonly identifier?: string;
}

/** Chooses a password, and may say at once who for and add a profile. */
export interface NewPasswordSubmission {
  /** The password to set. */
  readonly password: string;
  /** The type of step. */
  readonly type: "new_password";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier?: IdentifierText;
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile?: Profile;
}

/** What an invitation is for. */
export interface OpenedInvitation {
  /** How its address is written to. */
  readonly channel: "email" | "sms" | (string & {});
  /** The application that it is to; the `client_id` of the flow that accepts it. */
  readonly client_id: string;
  /** Until when it can be accepted. */
  readonly expires_at: string;
  /** Who invites, for people to read. */
  readonly inviter: string;
  /** The address, all but a few characters hidden. */
  readonly to: string;
}

/** What a link is for, for a page that does not have its flow. */
export interface OpenedLink {
  /** The network address that it was asked from. */
  readonly address: string;
  /** The application that it is for. */
  readonly client_id: string;
  /** Where it was asked for. Show it, so that whoever reads the mail can tell whether that was them. */
  readonly device: string;
  /** What can be done here. `code`: show the code, to be typed where the link was asked for. `approve`: after a question, `approveLink` lets that flow go on. `refuse`: nothing; the link has to be opened where it was asked for. */
  readonly elsewhere: "code" | "approve" | "refuse" | (string & {});
  /** Until when it serves. */
  readonly expires_at: string;
  /** The journey of the flow that it was asked for in. */
  readonly journey: string;
  /** The code to show, where `elsewhere` is `code`. */
  readonly one_time_code?: string;
}

/** What the link of a notice can stop. */
export interface OpenedRecovery {
  /** Until when it does. */
  readonly expires_at: string;
  /** The address that the account will open to, with most of it hidden. */
  readonly masked: string;
  /** From when the account opens to it. */
  readonly opens_at: string;
}

/** What a link undoes. */
export interface OpenedReversal {
  /** Until when that can be undone. */
  readonly expires_at: string;
  /** It, with most of it left out. */
  readonly identifier: string;
  /** What sort of identifier was removed. */
  readonly identifier_type: "email" | "phone" | (string & {});
  /** What happened. `identifier_removed`: an address of the account was removed. */
  readonly kind: "identifier_removed" | (string & {});
  /** When it was removed. */
  readonly removed_at: string;
}

/** One of the signed-in user's own identifiers. */
export type OwnIdentifierID = string;

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

/** All passkeys of a user at a relying party, as `signalAllAcceptedCredentials` takes them. */
export interface PasskeyAcceptedCredentials {
  /** The passkeys, as their authenticators call them; base64url. */
  readonly allAcceptedCredentialIds: readonly string[];
  /** The relying party. */
  readonly rpId: string;
  /** The user's handle there; base64url. */
  readonly userId: string;
}

/** The proof that a passkey was used. */
export interface PasskeyAssertion {
  /** What the authenticator says; base64url. */
  readonly authenticatorData: string;
  /** What the platform says it was asked, and from where; base64url. */
  readonly clientDataJSON: PasskeyClientText;
  /** The signature of both; base64url. */
  readonly signature: string;
  /** The user's handle, where the authenticator keeps it; base64url. */
  readonly userHandle?: string | null;
}

/** The passkey that was made, and what proves it. What stands in `attestationObject` counts; where the platform says it once more, that is left alone. */
export interface PasskeyAttestation {
  /** The passkey, and what its authenticator proves; base64url. */
  readonly attestationObject: string;
  /** What the platform says it was asked, and from where; base64url. */
  readonly clientDataJSON: PasskeyClientText;
  /** A part of that; base64url. */
  readonly authenticatorData?: string;
  /** The public key, where the platform can read it; base64url. */
  readonly publicKey?: string | null;
  /** Its algorithm's number in the IANA registry of COSE. */
  readonly publicKeyAlgorithm?: number;
  /** How its authenticator is reached. */
  readonly transports?: readonly string[];
}

/** What a platform answers when a passkey was used: on the web the `toJSON()` of the credential, on Android the `authenticationResponseJson`. Members that are not listed are left alone. */
export interface PasskeyAuthentication {
  /** The passkey, as its authenticator calls it; base64url. */
  readonly id: PasskeyCredentialText;
  /** The passkey, as its authenticator calls it; base64url. */
  readonly rawId: PasskeyCredentialText;
  /** The proof that a passkey was used. */
  readonly response: PasskeyAssertion;
  /** The type of credential. */
  readonly type: "public-key";
  /** Whether the authenticator is part of the device. */
  readonly authenticatorAttachment?: string | null;
  /** What the platform answered to what else it was asked. */
  readonly clientExtensionResults?: PasskeyExtensionOutputs;
}

/** Which authenticators will do. */
export interface PasskeyAuthenticatorSelection {
  /** The same for platforms that do not know `residentKey`. */
  readonly requireResidentKey: boolean;
  /** Whether the authenticator has to keep the passkey, so that it is found without saying who is there. */
  readonly residentKey: "discouraged" | "preferred" | "required" | (string & {});
  /** Whether the authenticator has to find out who is there. */
  readonly userVerification: "discouraged" | "preferred" | "required" | (string & {});
  /** Whether it has to be part of the device, or apart from it; either will do where it is missing. */
  readonly authenticatorAttachment?: "cross-platform" | "platform" | (string & {});
}

/** What the platform says it was asked, and from where; base64url. */
export type PasskeyClientText = string;

/** What the passkeys of the application are. */
export interface PasskeyConfiguration {
  /** Whether it has any. */
  readonly available: boolean;
  /** Whether a front end may make one without asking, after a login with a password. */
  readonly conditional_create: boolean;
  /** The relying party that they belong to; null where there are none. */
  readonly rp_id: string | null;
}

/** What else the platform is asked when it makes a passkey. */
export interface PasskeyCreationExtensions {
  /** Whether it should tell what it made. */
  readonly credProps: boolean;
}

/** What a platform needs to make a passkey. Hand it on as it is: on the web to `PublicKeyCredential.parseCreationOptionsFromJSON`, on Android as the `requestJson` of a `CreatePublicKeyCredentialRequest`. Only where `user.name` is empty put in what the person typed, there and in `user.displayName`. */
export interface PasskeyCreationOptions {
  /** Whether the authenticator should prove its make. */
  readonly attestation: "direct" | "enterprise" | "indirect" | "none" | (string & {});
  /** Which authenticators will do. */
  readonly authenticatorSelection: PasskeyAuthenticatorSelection;
  /** What is signed, once; base64url. */
  readonly challenge: string;
  /** The passkeys that the user has already; an authenticator that keeps one makes no other. */
  readonly excludeCredentials: readonly PasskeyDescriptor[];
  /** What else the platform is asked when it makes a passkey. */
  readonly extensions: PasskeyCreationExtensions;
  /** Which sort of authenticator to offer first, the likeliest one first. */
  readonly hints: readonly ("client-device" | "hybrid" | "security-key" | (string & {}))[];
  /** The algorithms that will do, the preferred one first. */
  readonly pubKeyCredParams: readonly PasskeyParameters[];
  /** Who a passkey is for. */
  readonly rp: PasskeyRelyingParty;
  /** How long the platform should wait, in milliseconds. */
  readonly timeout: number;
  /** Whose a passkey is. */
  readonly user: PasskeyUser;
}

/** The passkey, as its authenticator calls it; base64url. */
export type PasskeyCredentialText = string;

/** Names a passkey to the platform. */
export interface PasskeyDescriptor {
  /** The passkey, as its authenticator calls it; base64url. */
  readonly id: string;
  /** The type of credential. */
  readonly type: "public-key";
  /** How its authenticator is reached. */
  readonly transports?: readonly ("ble" | "cable" | "hybrid" | "internal" | "nfc" | "smart-card" | "usb" | (string & {}))[];
}

/** The pages of a relying party that has passkeys; one that is not told has no address. */
export interface PasskeyEndpoints {
  /** Where people make one. */
  readonly enroll?: string;
  /** Where people see those they have. */
  readonly manage?: string;
}

/** What the platform answered to what else it was asked. */
export type PasskeyExtensionOutputs = { readonly [name: string]: unknown };

/** Names a passkey; `id` of a credential is what its authenticator calls it. */
export type PasskeyID = string;

/** What the person calls a passkey. */
export type PasskeyName = string;

/** An algorithm of a passkey. */
export interface PasskeyParameters {
  /** The algorithm's number in the IANA registry of COSE. */
  readonly alg: number;
  /** The type of credential. */
  readonly type: "public-key";
}

/** What a platform answers when a passkey was made: on the web the `toJSON()` of the credential, on Android the `registrationResponseJson`. Members that are not listed are left alone. */
export interface PasskeyRegistration {
  /** The passkey, as its authenticator calls it; base64url. */
  readonly id: PasskeyCredentialText;
  /** The passkey, as its authenticator calls it; base64url. */
  readonly rawId: PasskeyCredentialText;
  /** The passkey that was made, and what proves it. What stands in `attestationObject` counts; where the platform says it once more, that is left alone. */
  readonly response: PasskeyAttestation;
  /** The type of credential. */
  readonly type: "public-key";
  /** Whether the authenticator is part of the device. */
  readonly authenticatorAttachment?: string | null;
  /** What the platform answered to what else it was asked. */
  readonly clientExtensionResults?: PasskeyExtensionOutputs;
}

/** Who a passkey is for. */
export interface PasskeyRelyingParty {
  /** The domain. */
  readonly id: string;
  /** What the application is called. */
  readonly name: string;
}

/** What a platform needs to use a passkey. Hand it on as it is: on the web to `PublicKeyCredential.parseRequestOptionsFromJSON`, on Android as the `requestJson` of a `GetPublicKeyCredentialOption`. */
export interface PasskeyRequestOptions {
  /** The passkeys that will do; with none the person chooses among all that are kept for the domain. */
  readonly allowCredentials: readonly PasskeyDescriptor[];
  /** What is signed, once; base64url. */
  readonly challenge: string;
  /** Which sort of authenticator to offer first, the likeliest one first. */
  readonly hints: readonly ("client-device" | "hybrid" | "security-key" | (string & {}))[];
  /** The domain whose passkeys are wanted. */
  readonly rpId: string;
  /** How long the platform should wait, in milliseconds. */
  readonly timeout: number;
  /** Whether the authenticator has to find out who is there. */
  readonly userVerification: "discouraged" | "preferred" | "required" | (string & {});
}

/** What to tell the platform, so that it offers the passkeys that there are, under the name that their person has now. Each object is what the method of the same name of `PublicKeyCredential` takes: `signalUnknownCredential`, `signalAllAcceptedCredentials` and `signalCurrentUserDetails`; call it for each, where the platform has it, and ignore its failures. */
export interface PasskeySignals {
  /** All passkeys that the user has, one entry for each relying party. */
  readonly all_accepted_credentials?: readonly PasskeyAcceptedCredentials[];
  /** What the user is called, one entry for each relying party. */
  readonly current_user_details?: readonly PasskeyUserDetails[];
  /** A passkey that the server does not have, as `signalUnknownCredential` takes it. */
  readonly unknown_credential?: PasskeyUnknownCredential;
}

/** Asks to use a passkey. Hand `options` to the platform as they are, and submit what it answers; a refused answer comes with another challenge. Where nobody is named yet a page can offer the person's passkeys in a form field as well: `mediation: "conditional"`. Code for the web, Android and iOS stands at the tag passkey. */
export interface PasskeyStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** What a platform needs to use a passkey. Hand it on as it is: on the web to `PublicKeyCredential.parseRequestOptionsFromJSON`, on Android as the `requestJson` of a `GetPublicKeyCredentialOption`. */
  readonly options: PasskeyRequestOptions;
  /** The type of step. */
  readonly type: "passkey";
  /** Who it is for, when that has been given; without it whoever's the passkey is. */
  readonly identifier?: string;
}

/** Proves who is there with a passkey. */
export interface PasskeySubmission {
  /** What a platform answers when a passkey was used: on the web the `toJSON()` of the credential, on Android the `authenticationResponseJson`. Members that are not listed are left alone. */
  readonly credential: PasskeyAuthentication;
  /** The type of step. */
  readonly type: "passkey";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

/** A passkey that the server does not have, as `signalUnknownCredential` takes it. */
export interface PasskeyUnknownCredential {
  /** The passkey, as its authenticator calls it; base64url. */
  readonly credentialId: string;
  /** The relying party. */
  readonly rpId: string;
}

/** What is to change of a passkey. */
export interface PasskeyUpdate {
  /** What the person calls a passkey. */
  readonly name: PasskeyName;
}

/** Whose a passkey is. */
export interface PasskeyUser {
  /** What the person is called; empty like `name`. */
  readonly displayName: string;
  /** The user's handle at the relying party, which says nothing of who they are; base64url. */
  readonly id: string;
  /** What tells the account from the person's others; empty where the server does not know it yet, put in what the person typed. */
  readonly name: string;
}

/** What a user is called at a relying party, as `signalCurrentUserDetails` takes it. */
export interface PasskeyUserDetails {
  /** What the person is called. */
  readonly displayName: string;
  /** What tells the account from the person's others. */
  readonly name: string;
  /** The relying party. */
  readonly rpId: string;
  /** The user's handle there; base64url. */
  readonly userId: string;
}

/** What a new password has to meet. */
export interface PasswordPolicy {
  /** The most characters. */
  readonly max_length: number;
  /** The fewest characters, counted after Unicode normalisation (NFC). */
  readonly min_length: number;
  /** The lowest accepted score of an estimate from 0 (guessed at once) to 4. */
  readonly min_strength: number;
}

/** Asks for the password. */
export interface PasswordStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "password";
  /** Who it is for, when that has been given; without it the answer has to name an identifier. */
  readonly identifier?: string;
}

/** Proves who is there with their password. */
export interface PasswordSubmission {
  /** The password. */
  readonly password: string;
  /** The type of step. */
  readonly type: "password";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
  /** An email address, a phone number in E.164 form or a username. */
  readonly identifier?: IdentifierText;
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

/** A JSON Schema (2020-12) that profiles are checked with. A claim that is `readOnly` cannot be written by its person. */
export type ProfileSchema = { readonly [name: string]: unknown };

/** Asks for claims of the profile. */
export interface ProfileStep {
  /** The claims that are needed, by name; the profile schema describes them. */
  readonly claims: readonly string[];
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "profile";
}

/** Gives claims of the profile. */
export interface ProfileSubmission {
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile: Profile;
  /** The type of step. */
  readonly type: "profile";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

/** A merge patch of the profile; a claim set to null is removed. */
export type ProfileUpdate = { readonly [name: string]: unknown };

/** What an application offers to somebody who is not signed in. */
export interface PublicConfiguration {
  /** The application. */
  readonly client_id: string;
  /** What the codes of messages are. */
  readonly code: CodeConfiguration;
  /** The identifiers that can be registered. */
  readonly identifier_types: readonly ("email" | "phone" | "username" | (string & {}))[];
  /** Whether signed-in users may invite others, with `createMyInvitation`. */
  readonly invitations_by_users: boolean;
  /** The journeys it runs. */
  readonly journeys: readonly string[];
  /** The same languages, as a choice to show. */
  readonly languages: readonly Language[];
  /** What the links of messages are. */
  readonly link: LinkConfiguration;
  /** The language of what is for people here, as a BCP 47 tag. */
  readonly locale: Locale;
  /** The languages that details and messages come in, by tag. */
  readonly locales: readonly string[];
  /** Its name, for people. */
  readonly name: string;
  /** Whether an address is proven before an account is made (nothing is told about taken ones), or later (`identifier_taken` is told). */
  readonly ownership_proof: "before_account" | "deferred" | (string & {});
  /** What the passkeys of the application are. */
  readonly passkeys: PasskeyConfiguration;
  /** What a new password has to meet. */
  readonly password_policy: PasswordPolicy;
  /** The claims that registration asks for: what the application wants and what the profile schema requires. */
  readonly profile_claims: readonly string[];
  /** A JSON Schema (2020-12) that profiles are checked with. A claim that is `readOnly` cannot be written by its person. */
  readonly profile_schema: ProfileSchema;
  /** The version of the profile schema; it rises with every change. */
  readonly profile_schema_version: number;
  /** Every step type its journeys can offer. */
  readonly step_types: readonly string[];
  /** What is to be agreed to when registering; empty when nothing is. */
  readonly terms: readonly Terms[];
  /** How that language is written, left to right or right to left. */
  readonly text_direction: TextDirection;
}

/** A message as its reader sees it. */
export interface ReadableMessage {
  /** How it reaches its reader. */
  readonly channel: "email" | "sms" | (string & {});
  /** When it was queued. */
  readonly created_at: string;
  /** What it says, as HTML; empty where the channel has none, as sms. */
  readonly html: string;
  /** Names a message. */
  readonly id: MessageID;
  /** What it is about. */
  readonly kind: "test" | "login_code" | "login_link" | "registration_code" | "registration_link" | "recovery_code" | "recovery_link" | "verification_code" | "verification_link" | "step_up_code" | "step_up_link" | "no_account" | "password_changed" | "password_reset" | "identifier_added" | "identifier_removed" | "identifier_removed_undo" | "recovery_started" | "account_recovered" | "passkey_added" | "passkey_removed" | "invitation" | (string & {});
  /** The language that it is written in, as a tag. */
  readonly locale: string;
  /** Its subject; empty where the channel has none, as sms. */
  readonly subject: string;
  /** What it says, as plain text. */
  readonly text: string;
  /** The address. */
  readonly to: string;
  /** What was put into the words, by name, so that a test need not look for it in them. */
  readonly values: MessageValues;
}

/** The link of a notice that was opened. */
export interface RecoveryLink {
  /** What the link has in its fragment as `recovery`. */
  readonly recovery_token: string;
}

/** The origins that may use the passkeys of a relying party although they are elsewhere (WebAuthn Level 3 §5.11). */
export interface RelatedOrigins {
  /** The origins, in order. */
  readonly origins: readonly string[];
}

/** A link that undoes something, as it was opened. */
export interface ReversalRequest {
  /** What the link has in its fragment as `undo`. */
  readonly undo_token: UndoToken;
}

/** What was sent, and where. It says nothing about whether anybody has the address. */
export interface SentMessage {
  /** How it was sent. */
  readonly channel: "email" | "sms" | (string & {});
  /** How many digits the code has; of a link, the one that it shows where it is opened elsewhere. */
  readonly code_length: number;
  /** Where it went, with most of it left out. */
  readonly destination: string;
  /** Until when it serves. */
  readonly expires_at: string;
  /** In how many seconds another one can be sent; missing where none will be, and the flow has to be started again. */
  readonly resend_after_seconds?: number;
}

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

/** A signed token that speaks for a session for a little while. */
export interface SessionJWT {
  /** Whom it is meant for. */
  readonly audience: string;
  /** When it is over. */
  readonly expires_at: string;
  /** The same in seconds from now. */
  readonly expires_in: number;
  /** The JWT in its compact form. */
  readonly token: string;
  /** How it is presented to the service, in the Authorization header. */
  readonly token_type: "Bearer" | (string & {});
}

/** A page of sessions, newest first. */
export interface SessionPage {
  /** The sessions of this page. */
  readonly items: readonly Session[];
  /** Asks for the next page; null on the last. */
  readonly next_cursor: string | null;
}

/** Lets the question be passed over. */
export interface SkipStep {
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id: StepID;
  /** The type of step. */
  readonly type: "skip";
}

/** Passes the question over. */
export interface SkipSubmission {
  /** The type of step. */
  readonly type: "skip";
  /** Names one offer of a step; a new one when the flow moves on. */
  readonly id?: StepID;
}

/** Something the flow offers to be answered. */
export type Step =
  | AcknowledgeStep
  | CodeStep
  | ConsentStep
  | GuestStep
  | IdentifierStep
  | LinkStep
  | NewPasskeyStep
  | NewPasswordStep
  | PasskeyStep
  | PasswordStep
  | ProfileStep
  | SkipStep
  | UnknownStep;

/** A kind of Step that this release of the client does not know yet. */
export interface UnknownStep {
  readonly type: Unknown.type;
  readonly [member: string]: unknown;
}

/** The kinds of Step that this release of the client knows. */
export type StepType =
  | "acknowledge"
  | "code"
  | "consent"
  | "guest"
  | "identifier"
  | "link"
  | "new_passkey"
  | "new_password"
  | "passkey"
  | "password"
  | "profile"
  | "skip";

/** The same at run time. */
export const stepTypes: readonly StepType[] = ["acknowledge", "code", "consent", "guest", "identifier", "link", "new_passkey", "new_password", "passkey", "password", "profile", "skip"];

/** Names one offer of a step; a new one when the flow moves on. */
export type StepID = string;

/** The answer to one step. */
export type StepSubmission =
  | AcknowledgeSubmission
  | CodeSubmission
  | ConsentSubmission
  | GuestSubmission
  | IdentifierSubmission
  | LinkSubmission
  | NewPasskeySubmission
  | NewPasswordSubmission
  | PasskeySubmission
  | PasswordSubmission
  | ProfileSubmission
  | SkipSubmission;

/** What would satisfy a request that needs a more recent or stronger authentication. */
export interface StepUp {
  /** The journey to run, with the session at hand. */
  readonly journey: string;
  /** How recent the proof has to be. */
  readonly max_age_seconds: number;
  /** The proofs that count. */
  readonly methods: readonly ("password" | (string & {}))[];
}

/** Something to agree to, at one version. */
export interface Terms {
  /** What it is. */
  readonly subject: "terms" | (string & {});
  /** Where it can be read. */
  readonly url: string;
  /** Which version of it. */
  readonly version: string;
}

/** What is in the test inbox, up to 50 messages. */
export interface TestInbox {
  /** The messages, the newest first. */
  readonly messages: readonly ReadableMessage[];
}

/** How that language is written, left to right or right to left. */
export type TextDirection = "ltr" | "rtl" | (string & {});

/** A code as it was typed; spaces and dashes do not matter, and any script's digits will do. */
export type TypedCode = string;

/** What the link has in its fragment as `undo`. */
export type UndoToken = string;

/** A person who signs in. */
export interface User {
  /** When the user was made. */
  readonly created_at: string;
  /** Names a user. */
  readonly id: UserID;
  /** What finds this user, oldest first. */
  readonly identifiers: readonly Identifier[];
  /** What is known about the user, by claim. The schema is in the configuration; the built-in one holds the standard claims of OpenID Connect. What was written under an earlier version of the schema stays until it is changed, and need not fit the newest one. */
  readonly profile: Profile;
  /** When the record last changed. */
  readonly updated_at: string;
  /** Whether they are a guest, who has nothing to sign in with and may register in a flow that this session starts; absent where not. */
  readonly guest?: boolean;
}

/** Where the deletion of an account stands. */
export interface UserDeletion {
  /** When all that is held about the user is erased. */
  readonly delete_at: string;
  /** Whether it is still to come, or done. */
  readonly status: "deletion_scheduled" | "deleted" | (string & {});
}

/** An export of everything held about the signed-in user, as it is begun by them. */
export interface UserExport {
  /** When it was asked for. */
  readonly created_at: string;
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
  /** Where it stands; from completed, failed and cancelled it does not move. */
  readonly status: "queued" | "running" | "completed" | "failed" | "cancelled" | (string & {});
}

/** Names a user. */
export type UserID = string;

/** A merge patch of the user's own record; what is not named stays as it is. */
export interface UserUpdate {
  /** A merge patch of the profile; a claim set to null is removed. */
  readonly profile?: ProfileUpdate;
}

/** What tells a variant that is not known yet from the others: a value that is never there. */
declare enum Unknown {
  type = "unknown type",
}

/**
 * Abandon a flow.
 *
 * Ends the flow; nothing it was told is kept. Abandoning one that has ended is no error.
 *
 * `DELETE /v1/flows/{flow_id}`
 */
export const abandonFlow: Operation<{ readonly flow_id: FlowID; readonly flow_token: string }, void> = ["DELETE", "/v1/flows/{flow_id}", 1, { flow_token: "Lintel-Flow" }];

/**
 * Add an identifier.
 *
 * One more email address, phone number or username to sign in with. It counts as unproven until its holder has proven it. Adding what one has already changes nothing and answers alike. Where the application wants addresses proven before there is an account, email addresses and phone numbers cannot be added yet: `422 identifier_unprovable`, taken or free. Every other address that the user has proven is told of it. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `POST /v1/me/identifiers`
 */
export const addIdentifier: Operation<{ readonly body: NewIdentifier }, Identifier> = ["POST", "/v1/me/identifiers", 12];

/**
 * Move the clock.
 *
 * Moves the clock by a number of seconds, backwards when it is negative. In test mode only: `404` otherwise.
 *
 * `POST /test/v1/clock`
 */
export const advanceClock: Operation<{ readonly body: ClockAdvance }, Clock> = ["POST", "/test/v1/clock", 8];

/**
 * Let the flow of a link go on.
 *
 * For a page that a link opened elsewhere than it was asked for, where the application's `link_elsewhere` is `approve`, and after whoever reads it was asked: the flow that waits for the link learns of it and goes on. Approving it again changes nothing. Whatever is wrong with the link is `link_invalid`.
 *
 * `POST /v1/flows/{flow_id}/link/approval`
 */
export const approveLink: Operation<{ readonly flow_id: FlowID; readonly body: LinkOpening }, void> = ["POST", "/v1/flows/{flow_id}/link/approval", 0];

/**
 * Export everything held about one.
 *
 * Begins an export of everything that is held about the signed-in user, but for secrets and what is for whoever manages the tenant alone; `getExport` tells how far it is. While one is waiting or running, that one is the answer. After a few within a day it is `429 export_limited`. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `POST /v1/me/export`
 */
export const createExport: Operation<{}, UserExport> = ["POST", "/v1/me/export", 13];

/**
 * Start a flow.
 *
 * Starts a journey and, with `submit`, answers its first question at once: one request for a login with a password or a registration that asks for no proof first. Answers 201 whenever a flow was made, also when the submitted answer was refused. Keep `flow_token` and send it as the `Lintel-Flow` header with everything that follows. The journey `step_up` needs a session. The journey `guest`, where the application has guests, makes a user who has nothing to sign in with; started with their session and transport, `registration` and `login_or_registration` make that very user a registered one, with the same id, a new session and what their profile held, while whoever turns out to have an account signs in to it and the guest's session ends. An `Idempotency-Key` counts where `submit` brings a credential; without one a repeat just starts another flow.
 *
 * `POST /v1/flows`
 */
export const createFlow: Operation<{ readonly body: FlowStart }, Flow> = ["POST", "/v1/flows", 15];

/**
 * Invite somebody as a user.
 *
 * Has a message sent to an address, with a link to the application of the session, as `createInvitation` does, and answers alike whoever has the address and whoever else has invited them. The message names the user: by the `name` of their profile where that can be nothing but a name, and by little of a proven address otherwise. Only where the application has `invitations_by_users`: `403 invitations_not_allowed`; not for a guest (`403 registration_required`), nor for who acts in somebody's name (`403 impersonated`). While one's own invitation is pending for the address it is `409 invitation_exists`. A user may invite twenty people a day: `429 too_many_invitations`.
 *
 * `POST /v1/me/invitations`
 */
export const createMyInvitation: Operation<{ readonly body: NewMyInvitation }, MyInvitation> = ["POST", "/v1/me/invitations", 12];

/**
 * Mint a signed token from the current session.
 *
 * A JWT that tells a service who is signed in, so that it can check that by itself with the keys of `/.well-known/jwks.json`. Its header has `typ` `JWT`, `alg` and `kid`; its claims are `iss`, `sub` (the user), `aud`, `exp`, `iat`, `jti`, `sid` (the session), `client_id`, `acr`, `amr`, `auth_time`, `roles` (their keys) and `permissions` (what the roles hold together; left out where it is more than 2 KiB, and then the management API has to be asked). The application decides on its audiences and its lifetime, and it never outlives the session. Who is given or loses a role sees that in the next token. Asking again gives another token; nothing is written and no event tells of it. It is no session: this API does not take it as one.
 *
 * `POST /v1/session/token`
 */
export const createSessionToken: Operation<{ readonly audience?: string }, SessionJWT> = ["POST", "/v1/session/token", 13];

/**
 * Delete one's own account.
 *
 * Ends every session, this one included, and has all that is held about the user erased after a grace period. Until then the identifiers stay taken, and whoever signs in with the right password is shown an `acknowledge` step with the notice `account_deletion_scheduled`; answering it keeps the account. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me`
 */
export const deleteMe: Operation<{}, UserDeletion> = ["DELETE", "/v1/me", 13];

/**
 * Sign out one device.
 *
 * Ends one session of the signed-in user. Needs a fresh authentication, unless it is the current one: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me/sessions/{session_id}`
 */
export const endMySession: Operation<{ readonly session_id: SessionID }, void> = ["DELETE", "/v1/me/sessions/{session_id}", 5];

/**
 * Sign out everywhere else.
 *
 * Ends every session of the signed-in user but the current one. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me/sessions`
 */
export const endOtherSessions: Operation<{}, void> = ["DELETE", "/v1/me/sessions", 5];

/**
 * Sign out.
 *
 * Ends the current session; its token is worth nothing from then on, on every node.
 *
 * `DELETE /v1/session`
 */
export const endSession: Operation<{}, void> = ["DELETE", "/v1/session", 5];

/**
 * Read which Apple apps belong here.
 *
 * What Apple reads before an app may use the passkeys and passwords of this domain. It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/apple-app-site-association`
 */
export const getAppleAppSiteAssociation: Operation<{}, AppleAppSiteAssociation> = ["GET", "/.well-known/apple-app-site-association", 9];

/**
 * Read which Android apps belong here.
 *
 * What Android reads before an app may use the passkeys and passwords of this domain (Digital Asset Links). It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/assetlinks.json`
 */
export const getAssetLinks: Operation<{}, AssetLinks> = ["GET", "/.well-known/assetlinks.json", 9];

/**
 * Read the clock.
 *
 * What time it is for this server. In test mode only: `404` otherwise.
 *
 * `GET /test/v1/clock`
 */
export const getClock: Operation<{}, Clock> = ["GET", "/test/v1/clock", 9];

/**
 * Read what an application offers.
 *
 * Public: journeys, identifiers, password policy, codes, links, passkeys and profile schema, so that a front end can render itself. `locale` is the language that suits the `Accept-Language` of this request.
 *
 * `GET /v1/configuration`
 */
export const getConfiguration: Operation<{ readonly client_id?: string }, PublicConfiguration> = ["GET", "/v1/configuration", 9];

/**
 * Read how far one's export is.
 *
 * The newest export that the signed-in user has begun: how far it is, how it ended, and when it is removed. `404 export_unknown` where there is none. Nothing that somebody else has begun is shown here, and whoever acts in the user's name is `403 impersonated`.
 *
 * `GET /v1/me/export`
 */
export const getExport: Operation<{}, UserExport> = ["GET", "/v1/me/export", 13];

/**
 * Read one's export.
 *
 * A part of the newest export that the signed-in user has begun; the parts in their order, one after the other, are the whole. That is one JSON object: `format_version` (1; a member or a section more does not raise it), `exported_at`, `user_id` and `sections`, an object with a list of records for each of `user`, `attributes` (what the search finds one by), `password` (since when there is one), `consents`, `roles`, `sessions`, `flows`, `jobs`, `messages`, `reversals` (which addresses can be taken back), `passkeys` (not what one is verified with), `passkey_handles` (what passkeys call the user, at each relying party), `activity` and `key` (whether there is one that seals what is told about the user). Times are RFC 3339. It holds no hash, token or key, no claim with `x-user-access` `none`, and no private metadata. Reading is told as an event. Before the export is completed, and after its result was removed, it is `404 job_result_unknown`. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `GET /v1/me/export/result`
 */
export const getExportResult: Operation<{ readonly part?: number }, JobResult> = ["GET", "/v1/me/export/result", 13];

/**
 * Read a flow.
 *
 * The current state. With `wait`, answers when the flow changes or the time is over, whichever is first. The outcome of a completed flow is told without secrets.
 *
 * `GET /v1/flows/{flow_id}`
 */
export const getFlow: Operation<{ readonly flow_id: FlowID; readonly revision?: number; readonly wait?: number; readonly flow_token: string }, Flow> = ["GET", "/v1/flows/{flow_id}", 9, { flow_token: "Lintel-Flow" }];

/**
 * Read the public signing keys.
 *
 * The keys that verify what this tenant has signed, as a JWK Set (RFC 7517). A key is here before it signs anything and stays until the last token it signed has expired, so a copy may be kept for as long as `Cache-Control` says. Who meets a `kid` that is not in its copy reads the set again, once.
 *
 * `GET /.well-known/jwks.json`
 */
export const getJwks: Operation<{}, JwkSet> = ["GET", "/.well-known/jwks.json", 9];

/**
 * Read one's own record.
 *
 * The signed-in user with identifiers and profile.
 *
 * `GET /v1/me`
 */
export const getMe: Operation<{}, User> = ["GET", "/v1/me", 13];

/**
 * Read where people make and manage their passkeys.
 *
 * What a password manager reads to lead people to these pages. A document without a member says that there are passkeys, and no more. It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/passkey-endpoints`
 */
export const getPasskeyEndpoints: Operation<{}, PasskeyEndpoints> = ["GET", "/.well-known/passkey-endpoints", 9];

/**
 * Read which other origins may use the passkeys.
 *
 * What a browser reads when a page elsewhere asks for a passkey of this relying party (WebAuthn Level 3 §5.11). It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/webauthn`
 */
export const getRelatedOrigins: Operation<{}, RelatedOrigins> = ["GET", "/.well-known/webauthn", 9];

/**
 * Read the current session.
 *
 * Who is signed in, how strongly and since when. Cheap enough to ask at every request.
 *
 * `GET /v1/session`
 */
export const getSession: Operation<{}, Session> = ["GET", "/v1/session", 13];

/**
 * Read the test inbox.
 *
 * What the tenant would have sent, the newest first, with all that a reader sees: in test mode nothing leaves the server unless a provider is configured. With `wait` the answer comes as soon as there is a message. In test mode only: `404` otherwise.
 *
 * `GET /test/v1/messages`
 */
export const getTestInbox: Operation<{ readonly after?: MessageID; readonly to?: string; readonly wait?: number }, TestInbox> = ["GET", "/test/v1/messages", 9];

/**
 * Read what happened to one's account.
 *
 * The signed-in user's own security log: sign-ins, changes of what finds or proves them, and the like, newest first.
 *
 * `GET /v1/me/activity`
 */
export const listActivity: Operation<{ readonly cursor?: string; readonly limit?: number }, ActivityPage> = ["GET", "/v1/me/activity", 13];

/**
 * List what finds one.
 *
 * The email addresses, phone numbers and usernames of the signed-in user, oldest first.
 *
 * `GET /v1/me/identifiers`
 */
export const listIdentifiers: Operation<{ readonly cursor?: string; readonly limit?: number }, IdentifierPage> = ["GET", "/v1/me/identifiers", 13];

/**
 * List whom one has invited.
 *
 * The invitations of the signed-in user to the application of their session, and what became of them, the newest first. An invitation is known for a month after it has expired.
 *
 * `GET /v1/me/invitations`
 */
export const listMyInvitations: Operation<{ readonly cursor?: string; readonly limit?: number }, MyInvitationPage> = ["GET", "/v1/me/invitations", 13];

/**
 * List one's passkeys.
 *
 * The passkeys of the signed-in user, of every relying party, oldest first. `signals` is what to tell the platform, so that it offers no other ones. The journey `enrolment` adds one.
 *
 * `GET /v1/me/passkeys`
 */
export const listMyPasskeys: Operation<{ readonly cursor?: string; readonly limit?: number }, MyPasskeyPage> = ["GET", "/v1/me/passkeys", 13];

/**
 * List the devices one is signed in on.
 *
 * All live sessions of the signed-in user, newest first.
 *
 * `GET /v1/me/sessions`
 */
export const listMySessions: Operation<{ readonly cursor?: string; readonly limit?: number }, SessionPage> = ["GET", "/v1/me/sessions", 13];

/**
 * Ask what an invitation is for.
 *
 * For a page that the link of an invitation opened: to which application, by whom, and which address, as much of it as whoever has it recognises. It changes nothing and spends nothing, so a program that opens every link does no harm. Start a flow with the token to accept it. Whatever is wrong with the invitation is `invitation_invalid`.
 *
 * `POST /v1/invitations/open`
 */
export const openInvitation: Operation<{ readonly body: InvitationOpening }, OpenedInvitation> = ["POST", "/v1/invitations/open", 8];

/**
 * Ask what a link is for.
 *
 * For a page that a link opened and that does not have the link's flow: what it was asked for, from where, and what can be done here. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with the link is `link_invalid`.
 *
 * `POST /v1/flows/{flow_id}/link`
 */
export const openLink: Operation<{ readonly flow_id: FlowID; readonly body: LinkOpening }, OpenedLink> = ["POST", "/v1/flows/{flow_id}/link", 8];

/**
 * Ask what the link of a recovery is for.
 *
 * For the page that the link in the notice of a recovery opens: when the account will open to somebody at another address. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with it, or the recovery is over: `recovery_link_invalid`.
 *
 * `POST /v1/recovery/open`
 */
export const openRecovery: Operation<{ readonly body: RecoveryLink }, OpenedRecovery> = ["POST", "/v1/recovery/open", 8];

/**
 * Ask what an undo is for.
 *
 * For a page that a link with `undo` in its fragment opened: what it would undo, to be shown before it is. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with the link is `undo_invalid`.
 *
 * `POST /v1/reversals/open`
 */
export const openReversal: Operation<{ readonly body: ReversalRequest }, OpenedReversal> = ["POST", "/v1/reversals/open", 8];

/**
 * Extend the current session.
 *
 * Moves the idle limit as far out as the absolute one allows. The token stays the same.
 *
 * `POST /v1/session/refresh`
 */
export const refreshSession: Operation<{}, Session> = ["POST", "/v1/session/refresh", 13];

/**
 * Remove an identifier.
 *
 * Frees it for anybody. The oldest one left of its type takes the place of a primary one; the last identifier of all stays (`409 identifier_last`). Where it was proven, every address that the user has proven is told of it, the removed one with a link that undoes it for `identifier_undo_seconds`, on a page of the application or, where that has no `link_uris`, of another that has. Where that link could not be sent for now nothing is removed: `429 message_budget_spent`. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `DELETE /v1/me/identifiers/{identifier_id}`
 */
export const removeIdentifier: Operation<{ readonly identifier_id: IdentifierID }, void> = ["DELETE", "/v1/me/identifiers/{identifier_id}", 5];

/**
 * Remove a passkey.
 *
 * It proves nothing any more, and every address that the user has proven is told of it. Tell the platform what the answer says, so that it stops offering the passkey. The last way in is removed only where `last_way_in` says so, after its person was asked: `409 last_way_in` otherwise. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `DELETE /v1/me/passkeys/{passkey_id}`
 */
export const removeMyPasskey: Operation<{ readonly passkey_id: PasskeyID; readonly last_way_in?: boolean }, PasskeySignals> = ["DELETE", "/v1/me/passkeys/{passkey_id}", 13];

/**
 * Name a passkey.
 *
 * Calls one of the signed-in user's passkeys something else, here alone: the platform keeps what it calls it. Whoever acts in the user's name cannot do this: `403 impersonated`.
 *
 * `PATCH /v1/me/passkeys/{passkey_id}`
 */
export const renameMyPasskey: Operation<{ readonly passkey_id: PasskeyID; readonly body: PasskeyUpdate }, Passkey> = ["PATCH", "/v1/me/passkeys/{passkey_id}", 13];

/**
 * Set the clock right.
 *
 * Goes back to the time of the machine. In test mode only: `404` otherwise.
 *
 * `DELETE /test/v1/clock`
 */
export const resetClock: Operation<{}, Clock> = ["DELETE", "/test/v1/clock", 9];

/**
 * Take an invitation back.
 *
 * Its link is worth nothing from now on, and a flow that was begun with it ends in `invitation_invalid`. One that was accepted is `409 invitation_closed`; one that was revoked stays revoked. Somebody else's is `404 invitation_unknown`. Not for who acts in somebody's name: `403 impersonated`.
 *
 * `DELETE /v1/me/invitations/{invitation_id}`
 */
export const revokeMyInvitation: Operation<{ readonly invitation_id: InvitationID }, void> = ["DELETE", "/v1/me/invitations/{invitation_id}", 5];

/**
 * Go back one question.
 *
 * Returns to the previous question, where the journey allows it (`can_go_back`); `409 step_not_offered` otherwise.
 *
 * `POST /v1/flows/{flow_id}/back`
 */
export const rewindFlow: Operation<{ readonly flow_id: FlowID; readonly flow_token: string }, Flow> = ["POST", "/v1/flows/{flow_id}/back", 8, { flow_token: "Lintel-Flow" }];

/**
 * Set the clock.
 *
 * Makes it the given time; from there the clock goes on. In test mode only: `404` otherwise.
 *
 * `PUT /test/v1/clock`
 */
export const setClock: Operation<{ readonly body: ClockSetting }, Clock> = ["PUT", "/test/v1/clock", 9];

/**
 * Change one's password.
 *
 * Sets a new password, ends every other session and tells every address that the user has proven. Needs a fresh authentication: `403 step_up_required` says which journey to run first.
 *
 * `PUT /v1/me/password`
 */
export const setPassword: Operation<{ readonly body: NewPassword }, void> = ["PUT", "/v1/me/password", 5];

/**
 * Object to a recovery.
 *
 * For the page that the link in the notice of a recovery opens, after whoever reads it was asked: the recovery goes no further, also when it has opened already. The link works once; whatever is wrong with it, or the recovery is over: `recovery_link_invalid`.
 *
 * `POST /v1/recovery/stop`
 */
export const stopRecovery: Operation<{ readonly body: RecoveryLink }, void> = ["POST", "/v1/recovery/stop", 0];

/**
 * Submit a step.
 *
 * Answers one of the offered steps. A wrong answer is a 200 with the flow, still active, and an `error`; 4xx is for what has no flow to show. `id` says which offer is answered: leave it out only where one offer of the type stands. An offer the flow no longer makes is `409 step_not_offered`.
 *
 * `POST /v1/flows/{flow_id}/steps`
 */
export const submitStep: Operation<{ readonly flow_id: FlowID; readonly flow_token: string; readonly body: StepSubmission }, Flow> = ["POST", "/v1/flows/{flow_id}/steps", 11, { flow_token: "Lintel-Flow" }];

/**
 * Make an identifier the primary one.
 *
 * Makes it the first choice of its type, in the place of the one that is. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `PATCH /v1/me/identifiers/{identifier_id}`
 */
export const updateIdentifier: Operation<{ readonly identifier_id: IdentifierID; readonly body: IdentifierUpdate }, Identifier> = ["PATCH", "/v1/me/identifiers/{identifier_id}", 13];

/**
 * Change one's own profile.
 *
 * A JSON Merge Patch (RFC 7396): a claim set to null is removed, what is not named stays. What is changed has to fit the profile schema; what an earlier version of it left stays as it is.
 *
 * `PATCH /v1/me`
 */
export const updateMe: Operation<{ readonly if_match?: string; readonly body: UserUpdate }, User> = ["PATCH", "/v1/me", 13, { if_match: "If-Match" }];

/**
 * Undo a change of one's account.
 *
 * For a page that a link with `undo` in its fragment opened, after whoever reads it was asked. The address that was removed is the user's again, proven by this, and primary where it was. As somebody who should not have may have changed the account, every session ends, the password is taken away, what was added or proven since goes, and with it every other way back; the user chooses a password with the journey `recovery`. An undo cannot be undone, and works once. Where somebody else has proven the address meanwhile: `409 identifier_taken`. Whatever else is wrong is `undo_invalid`.
 *
 * `POST /v1/reversals`
 */
export const useReversal: Operation<{ readonly body: ReversalRequest }, void> = ["POST", "/v1/reversals", 0];
