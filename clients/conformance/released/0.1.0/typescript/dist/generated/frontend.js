/** The same at run time. */
export const stepTypes = ["acknowledge", "code", "consent", "guest", "identifier", "link", "new_passkey", "new_password", "passkey", "password", "profile", "skip"];
/**
 * Abandon a flow.
 *
 * Ends the flow; nothing it was told is kept. Abandoning one that has ended is no error.
 *
 * `DELETE /v1/flows/{flow_id}`
 */
export const abandonFlow = ["DELETE", "/v1/flows/{flow_id}", 1, { flow_token: "Lintel-Flow" }];
/**
 * Add an identifier.
 *
 * One more email address, phone number or username to sign in with. It counts as unproven until its holder has proven it. Adding what one has already changes nothing and answers alike. Where the application wants addresses proven before there is an account, email addresses and phone numbers cannot be added yet: `422 identifier_unprovable`, taken or free. Every other address that the user has proven is told of it. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `POST /v1/me/identifiers`
 */
export const addIdentifier = ["POST", "/v1/me/identifiers", 12];
/**
 * Move the clock.
 *
 * Moves the clock by a number of seconds, backwards when it is negative. In test mode only: `404` otherwise.
 *
 * `POST /test/v1/clock`
 */
export const advanceClock = ["POST", "/test/v1/clock", 8];
/**
 * Let the flow of a link go on.
 *
 * For a page that a link opened elsewhere than it was asked for, where the application's `link_elsewhere` is `approve`, and after whoever reads it was asked: the flow that waits for the link learns of it and goes on. Approving it again changes nothing. Whatever is wrong with the link is `link_invalid`.
 *
 * `POST /v1/flows/{flow_id}/link/approval`
 */
export const approveLink = ["POST", "/v1/flows/{flow_id}/link/approval", 0];
/**
 * Export everything held about one.
 *
 * Begins an export of everything that is held about the signed-in user, but for secrets and what is for whoever manages the tenant alone; `getExport` tells how far it is. While one is waiting or running, that one is the answer. After a few within a day it is `429 export_limited`. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `POST /v1/me/export`
 */
export const createExport = ["POST", "/v1/me/export", 13];
/**
 * Start a flow.
 *
 * Starts a journey and, with `submit`, answers its first question at once: one request for a login with a password or a registration that asks for no proof first. Answers 201 whenever a flow was made, also when the submitted answer was refused. Keep `flow_token` and send it as the `Lintel-Flow` header with everything that follows. The journey `step_up` needs a session. The journey `guest`, where the application has guests, makes a user who has nothing to sign in with; started with their session and transport, `registration` and `login_or_registration` make that very user a registered one, with the same id, a new session and what their profile held, while whoever turns out to have an account signs in to it and the guest's session ends. An `Idempotency-Key` counts where `submit` brings a credential; without one a repeat just starts another flow.
 *
 * `POST /v1/flows`
 */
export const createFlow = ["POST", "/v1/flows", 15];
/**
 * Invite somebody as a user.
 *
 * Has a message sent to an address, with a link to the application of the session, as `createInvitation` does, and answers alike whoever has the address and whoever else has invited them. The message names the user: by the `name` of their profile where that can be nothing but a name, and by little of a proven address otherwise. Only where the application has `invitations_by_users`: `403 invitations_not_allowed`; not for a guest (`403 registration_required`), nor for who acts in somebody's name (`403 impersonated`). While one's own invitation is pending for the address it is `409 invitation_exists`. A user may invite twenty people a day: `429 too_many_invitations`.
 *
 * `POST /v1/me/invitations`
 */
export const createMyInvitation = ["POST", "/v1/me/invitations", 12];
/**
 * Mint a signed token from the current session.
 *
 * A JWT that tells a service who is signed in, so that it can check that by itself with the keys of `/.well-known/jwks.json`. Its header has `typ` `JWT`, `alg` and `kid`; its claims are `iss`, `sub` (the user), `aud`, `exp`, `iat`, `jti`, `sid` (the session), `client_id`, `acr`, `amr`, `auth_time`, `roles` (their keys) and `permissions` (what the roles hold together; left out where it is more than 2 KiB, and then the management API has to be asked). The application decides on its audiences and its lifetime, and it never outlives the session. Who is given or loses a role sees that in the next token. Asking again gives another token; nothing is written and no event tells of it. It is no session: this API does not take it as one.
 *
 * `POST /v1/session/token`
 */
export const createSessionToken = ["POST", "/v1/session/token", 13];
/**
 * Delete one's own account.
 *
 * Ends every session, this one included, and has all that is held about the user erased after a grace period. Until then the identifiers stay taken, and whoever signs in with the right password is shown an `acknowledge` step with the notice `account_deletion_scheduled`; answering it keeps the account. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me`
 */
export const deleteMe = ["DELETE", "/v1/me", 13];
/**
 * Sign out one device.
 *
 * Ends one session of the signed-in user. Needs a fresh authentication, unless it is the current one: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me/sessions/{session_id}`
 */
export const endMySession = ["DELETE", "/v1/me/sessions/{session_id}", 5];
/**
 * Sign out everywhere else.
 *
 * Ends every session of the signed-in user but the current one. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `DELETE /v1/me/sessions`
 */
export const endOtherSessions = ["DELETE", "/v1/me/sessions", 5];
/**
 * Sign out.
 *
 * Ends the current session; its token is worth nothing from then on, on every node.
 *
 * `DELETE /v1/session`
 */
export const endSession = ["DELETE", "/v1/session", 5];
/**
 * Read which Apple apps belong here.
 *
 * What Apple reads before an app may use the passkeys and passwords of this domain. It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/apple-app-site-association`
 */
export const getAppleAppSiteAssociation = ["GET", "/.well-known/apple-app-site-association", 9];
/**
 * Read which Android apps belong here.
 *
 * What Android reads before an app may use the passkeys and passwords of this domain (Digital Asset Links). It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/assetlinks.json`
 */
export const getAssetLinks = ["GET", "/.well-known/assetlinks.json", 9];
/**
 * Read the clock.
 *
 * What time it is for this server. In test mode only: `404` otherwise.
 *
 * `GET /test/v1/clock`
 */
export const getClock = ["GET", "/test/v1/clock", 9];
/**
 * Read what an application offers.
 *
 * Public: journeys, identifiers, password policy, codes, links, passkeys and profile schema, so that a front end can render itself. `locale` is the language that suits the `Accept-Language` of this request.
 *
 * `GET /v1/configuration`
 */
export const getConfiguration = ["GET", "/v1/configuration", 9];
/**
 * Read how far one's export is.
 *
 * The newest export that the signed-in user has begun: how far it is, how it ended, and when it is removed. `404 export_unknown` where there is none. Nothing that somebody else has begun is shown here, and whoever acts in the user's name is `403 impersonated`.
 *
 * `GET /v1/me/export`
 */
export const getExport = ["GET", "/v1/me/export", 13];
/**
 * Read one's export.
 *
 * A part of the newest export that the signed-in user has begun; the parts in their order, one after the other, are the whole. That is one JSON object: `format_version` (1; a member or a section more does not raise it), `exported_at`, `user_id` and `sections`, an object with a list of records for each of `user`, `attributes` (what the search finds one by), `password` (since when there is one), `consents`, `roles`, `sessions`, `flows`, `jobs`, `messages`, `reversals` (which addresses can be taken back), `passkeys` (not what one is verified with), `passkey_handles` (what passkeys call the user, at each relying party), `activity` and `key` (whether there is one that seals what is told about the user). Times are RFC 3339. It holds no hash, token or key, no claim with `x-user-access` `none`, and no private metadata. Reading is told as an event. Before the export is completed, and after its result was removed, it is `404 job_result_unknown`. Needs a fresh authentication: `403 step_up_required` otherwise. A guest's session is enough.
 *
 * `GET /v1/me/export/result`
 */
export const getExportResult = ["GET", "/v1/me/export/result", 13];
/**
 * Read a flow.
 *
 * The current state. With `wait`, answers when the flow changes or the time is over, whichever is first. The outcome of a completed flow is told without secrets.
 *
 * `GET /v1/flows/{flow_id}`
 */
export const getFlow = ["GET", "/v1/flows/{flow_id}", 9, { flow_token: "Lintel-Flow" }];
/**
 * Read the public signing keys.
 *
 * The keys that verify what this tenant has signed, as a JWK Set (RFC 7517). A key is here before it signs anything and stays until the last token it signed has expired, so a copy may be kept for as long as `Cache-Control` says. Who meets a `kid` that is not in its copy reads the set again, once.
 *
 * `GET /.well-known/jwks.json`
 */
export const getJwks = ["GET", "/.well-known/jwks.json", 9];
/**
 * Read one's own record.
 *
 * The signed-in user with identifiers and profile.
 *
 * `GET /v1/me`
 */
export const getMe = ["GET", "/v1/me", 13];
/**
 * Read where people make and manage their passkeys.
 *
 * What a password manager reads to lead people to these pages. A document without a member says that there are passkeys, and no more. It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/passkey-endpoints`
 */
export const getPasskeyEndpoints = ["GET", "/.well-known/passkey-endpoints", 9];
/**
 * Read which other origins may use the passkeys.
 *
 * What a browser reads when a page elsewhere asks for a passkey of this relying party (WebAuthn Level 3 §5.11). It tells what active applications say of the relying party that is the host of the request, or else of the only one that the tenant has.
 *
 * `GET /.well-known/webauthn`
 */
export const getRelatedOrigins = ["GET", "/.well-known/webauthn", 9];
/**
 * Read the current session.
 *
 * Who is signed in, how strongly and since when. Cheap enough to ask at every request.
 *
 * `GET /v1/session`
 */
export const getSession = ["GET", "/v1/session", 13];
/**
 * Read the test inbox.
 *
 * What the tenant would have sent, the newest first, with all that a reader sees: in test mode nothing leaves the server unless a provider is configured. With `wait` the answer comes as soon as there is a message. In test mode only: `404` otherwise.
 *
 * `GET /test/v1/messages`
 */
export const getTestInbox = ["GET", "/test/v1/messages", 9];
/**
 * Read what happened to one's account.
 *
 * The signed-in user's own security log: sign-ins, changes of what finds or proves them, and the like, newest first.
 *
 * `GET /v1/me/activity`
 */
export const listActivity = ["GET", "/v1/me/activity", 13];
/**
 * List what finds one.
 *
 * The email addresses, phone numbers and usernames of the signed-in user, oldest first.
 *
 * `GET /v1/me/identifiers`
 */
export const listIdentifiers = ["GET", "/v1/me/identifiers", 13];
/**
 * List whom one has invited.
 *
 * The invitations of the signed-in user to the application of their session, and what became of them, the newest first. An invitation is known for a month after it has expired.
 *
 * `GET /v1/me/invitations`
 */
export const listMyInvitations = ["GET", "/v1/me/invitations", 13];
/**
 * List one's passkeys.
 *
 * The passkeys of the signed-in user, of every relying party, oldest first. `signals` is what to tell the platform, so that it offers no other ones. The journey `enrolment` adds one.
 *
 * `GET /v1/me/passkeys`
 */
export const listMyPasskeys = ["GET", "/v1/me/passkeys", 13];
/**
 * List the devices one is signed in on.
 *
 * All live sessions of the signed-in user, newest first.
 *
 * `GET /v1/me/sessions`
 */
export const listMySessions = ["GET", "/v1/me/sessions", 13];
/**
 * Ask what an invitation is for.
 *
 * For a page that the link of an invitation opened: to which application, by whom, and which address, as much of it as whoever has it recognises. It changes nothing and spends nothing, so a program that opens every link does no harm. Start a flow with the token to accept it. Whatever is wrong with the invitation is `invitation_invalid`.
 *
 * `POST /v1/invitations/open`
 */
export const openInvitation = ["POST", "/v1/invitations/open", 8];
/**
 * Ask what a link is for.
 *
 * For a page that a link opened and that does not have the link's flow: what it was asked for, from where, and what can be done here. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with the link is `link_invalid`.
 *
 * `POST /v1/flows/{flow_id}/link`
 */
export const openLink = ["POST", "/v1/flows/{flow_id}/link", 8];
/**
 * Ask what the link of a recovery is for.
 *
 * For the page that the link in the notice of a recovery opens: when the account will open to somebody at another address. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with it, or the recovery is over: `recovery_link_invalid`.
 *
 * `POST /v1/recovery/open`
 */
export const openRecovery = ["POST", "/v1/recovery/open", 8];
/**
 * Ask what an undo is for.
 *
 * For a page that a link with `undo` in its fragment opened: what it would undo, to be shown before it is. It changes nothing and spends nothing, so a program that opens every link does no harm. Whatever is wrong with the link is `undo_invalid`.
 *
 * `POST /v1/reversals/open`
 */
export const openReversal = ["POST", "/v1/reversals/open", 8];
/**
 * Extend the current session.
 *
 * Moves the idle limit as far out as the absolute one allows. The token stays the same.
 *
 * `POST /v1/session/refresh`
 */
export const refreshSession = ["POST", "/v1/session/refresh", 13];
/**
 * Remove an identifier.
 *
 * Frees it for anybody. The oldest one left of its type takes the place of a primary one; the last identifier of all stays (`409 identifier_last`). Where it was proven, every address that the user has proven is told of it, the removed one with a link that undoes it for `identifier_undo_seconds`, on a page of the application or, where that has no `link_uris`, of another that has. Where that link could not be sent for now nothing is removed: `429 message_budget_spent`. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `DELETE /v1/me/identifiers/{identifier_id}`
 */
export const removeIdentifier = ["DELETE", "/v1/me/identifiers/{identifier_id}", 5];
/**
 * Remove a passkey.
 *
 * It proves nothing any more, and every address that the user has proven is told of it. Tell the platform what the answer says, so that it stops offering the passkey. The last way in is removed only where `last_way_in` says so, after its person was asked: `409 last_way_in` otherwise. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `DELETE /v1/me/passkeys/{passkey_id}`
 */
export const removeMyPasskey = ["DELETE", "/v1/me/passkeys/{passkey_id}", 13];
/**
 * Name a passkey.
 *
 * Calls one of the signed-in user's passkeys something else, here alone: the platform keeps what it calls it. Whoever acts in the user's name cannot do this: `403 impersonated`.
 *
 * `PATCH /v1/me/passkeys/{passkey_id}`
 */
export const renameMyPasskey = ["PATCH", "/v1/me/passkeys/{passkey_id}", 13];
/**
 * Set the clock right.
 *
 * Goes back to the time of the machine. In test mode only: `404` otherwise.
 *
 * `DELETE /test/v1/clock`
 */
export const resetClock = ["DELETE", "/test/v1/clock", 9];
/**
 * Take an invitation back.
 *
 * Its link is worth nothing from now on, and a flow that was begun with it ends in `invitation_invalid`. One that was accepted is `409 invitation_closed`; one that was revoked stays revoked. Somebody else's is `404 invitation_unknown`. Not for who acts in somebody's name: `403 impersonated`.
 *
 * `DELETE /v1/me/invitations/{invitation_id}`
 */
export const revokeMyInvitation = ["DELETE", "/v1/me/invitations/{invitation_id}", 5];
/**
 * Go back one question.
 *
 * Returns to the previous question, where the journey allows it (`can_go_back`); `409 step_not_offered` otherwise.
 *
 * `POST /v1/flows/{flow_id}/back`
 */
export const rewindFlow = ["POST", "/v1/flows/{flow_id}/back", 8, { flow_token: "Lintel-Flow" }];
/**
 * Set the clock.
 *
 * Makes it the given time; from there the clock goes on. In test mode only: `404` otherwise.
 *
 * `PUT /test/v1/clock`
 */
export const setClock = ["PUT", "/test/v1/clock", 9];
/**
 * Change one's password.
 *
 * Sets a new password, ends every other session and tells every address that the user has proven. Needs a fresh authentication: `403 step_up_required` says which journey to run first.
 *
 * `PUT /v1/me/password`
 */
export const setPassword = ["PUT", "/v1/me/password", 5];
/**
 * Object to a recovery.
 *
 * For the page that the link in the notice of a recovery opens, after whoever reads it was asked: the recovery goes no further, also when it has opened already. The link works once; whatever is wrong with it, or the recovery is over: `recovery_link_invalid`.
 *
 * `POST /v1/recovery/stop`
 */
export const stopRecovery = ["POST", "/v1/recovery/stop", 0];
/**
 * Submit a step.
 *
 * Answers one of the offered steps. A wrong answer is a 200 with the flow, still active, and an `error`; 4xx is for what has no flow to show. `id` says which offer is answered: leave it out only where one offer of the type stands. An offer the flow no longer makes is `409 step_not_offered`.
 *
 * `POST /v1/flows/{flow_id}/steps`
 */
export const submitStep = ["POST", "/v1/flows/{flow_id}/steps", 11, { flow_token: "Lintel-Flow" }];
/**
 * Make an identifier the primary one.
 *
 * Makes it the first choice of its type, in the place of the one that is. Needs a fresh authentication: `403 step_up_required` otherwise.
 *
 * `PATCH /v1/me/identifiers/{identifier_id}`
 */
export const updateIdentifier = ["PATCH", "/v1/me/identifiers/{identifier_id}", 13];
/**
 * Change one's own profile.
 *
 * A JSON Merge Patch (RFC 7396): a claim set to null is removed, what is not named stays. What is changed has to fit the profile schema; what an earlier version of it left stays as it is.
 *
 * `PATCH /v1/me`
 */
export const updateMe = ["PATCH", "/v1/me", 13, { if_match: "If-Match" }];
/**
 * Undo a change of one's account.
 *
 * For a page that a link with `undo` in its fragment opened, after whoever reads it was asked. The address that was removed is the user's again, proven by this, and primary where it was. As somebody who should not have may have changed the account, every session ends, the password is taken away, what was added or proven since goes, and with it every other way back; the user chooses a password with the journey `recovery`. An undo cannot be undone, and works once. Where somebody else has proven the address meanwhile: `409 identifier_taken`. Whatever else is wrong is `undo_invalid`.
 *
 * `POST /v1/reversals`
 */
export const useReversal = ["POST", "/v1/reversals", 0];
