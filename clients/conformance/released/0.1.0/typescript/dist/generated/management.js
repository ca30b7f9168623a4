/**
 * Add an identifier to a user.
 *
 * One more email address, phone number or username that finds the user. Adding what they have already changes nothing and answers alike. The user is sent no notice of it.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/identifiers`
 */
export const addUserIdentifier = ["POST", "/admin/v1/users/{user_id}/identifiers", 15];
/**
 * Give a role to a user.
 *
 * Giving a role that the user has changes nothing. A role that holds more than the scopes of the API key which asks cannot be given: `403 scope_exceeded`. A user has 50 roles at most: `409 user_role_limit`.
 *
 * Needs the scope `roles:write`.
 *
 * `POST /admin/v1/users/{user_id}/roles`
 */
export const assignRole = ["POST", "/admin/v1/users/{user_id}/roles", 15];
/**
 * Cancel a job.
 *
 * It is not begun, or goes no farther, and leaves no result. One that has finished is `409 job_finished`; one that was cancelled stays so.
 *
 * Needs the scope `jobs:write`.
 *
 * `POST /admin/v1/jobs/{job_id}/cancel`
 */
export const cancelJob = ["POST", "/admin/v1/jobs/{job_id}/cancel", 13];
/**
 * Ask whether a user can do something.
 *
 * Tells for each permission whether the user has it by their roles. Permissions are compared as they are written; only `lintel:all` stands for more, which is everything that begins with `lintel:`. Who is suspended, or is to be deleted, can nothing.
 *
 * Needs the scope `roles:read`.
 *
 * `POST /admin/v1/users/{user_id}/can`
 */
export const checkUserPermissions = ["POST", "/admin/v1/users/{user_id}/can", 12];
/**
 * Create an API key.
 *
 * A key for one program. Its secret is in the answer and nowhere else, ever. It may be given no scope that the key which asks does not have: `403 scope_exceeded`. Nor may it outlive the key which asks, where that one ends by itself: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys`
 */
export const createApiKey = ["POST", "/admin/v1/api-keys", 15];
/**
 * Create an application.
 *
 * What is left out has its default. An application that is made here is `managed_by: api`: no start of a server changes it, unless the configuration declares its client id, which takes it over.
 *
 * Needs the scope `applications:write`.
 *
 * `POST /admin/v1/applications`
 */
export const createApplication = ["POST", "/admin/v1/applications", 15];
/**
 * Give an application a secret.
 *
 * The secret is in the answer and nowhere else, ever. With `overlap_seconds` the ones before it go on working for that long and then end, which is a rotation; without, they stay as they are. At most five are good at a time: `409 application_secret_limit`. An application that the configuration declares has its secrets here too.
 *
 * Needs the scope `applications:write`.
 *
 * `POST /admin/v1/applications/{application_id}/secrets`
 */
export const createApplicationSecret = ["POST", "/admin/v1/applications/{application_id}/secrets", 15];
/**
 * Export what happened.
 *
 * Starts a job of the type `audit_export`: its result has, the oldest first, every entry up to now that fits all that is given, as `listAuditEntries` would. In `ndjson` each line is an `AuditEntry`. In `csv` a text that a spreadsheet would take for a formula has a `'` before it. When a user is erased, results that may tell of them are removed, and exports that are still running begin again.
 *
 * Needs the scope `audit:read`.
 *
 * `POST /admin/v1/audit/exports`
 */
export const createAuditExport = ["POST", "/admin/v1/audit/exports", 15];
/**
 * Invite somebody.
 *
 * Invites whoever has an address to become a user, or to sign in, at an application. With the delivery `message` the link goes there, and whoever brings it has proven the address; with `none` this answer alone has it, for the caller to deliver, and the address is proven like any other. The link leads to the first of the application's `link_uris`, with the token in its fragment as `invitation`; without such a page it is `409 link_uri_required`. A front end shows what `openInvitation` tells and starts a flow with the token. While another one is pending for the address at the application it is `409 invitation_exists`. An address that no message can be sent to is `422 message_recipient_invalid`, a channel without a provider `409 message_channel_unavailable`, and where as many messages were sent as may be it is `429 message_budget_spent`.
 *
 * Needs the scope `invitations:write`.
 *
 * `POST /admin/v1/invitations`
 */
export const createInvitation = ["POST", "/admin/v1/invitations", 15];
/**
 * Create a role.
 *
 * A role of the tenant's own. Permissions that begin with `lintel:` are what this server itself asks for, and a role may hold one only if the API key which asks has that scope: `403 scope_exceeded`. All others are the tenant's own words.
 *
 * Needs the scope `roles:write`.
 *
 * `POST /admin/v1/roles`
 */
export const createRole = ["POST", "/admin/v1/roles", 15];
/**
 * Create the next version of the profile schema.
 *
 * The document becomes the current version at once, and on other nodes within seconds. `If-Match` says which version it follows; `412 version_stale` where there is a newer one. One that is equal to the current version makes nothing new. It may be equal to an older one, which is how to go back. What cannot be a profile schema, or gives a claim another type than an earlier version, is `422 schema_invalid`. Profiles stay as they are: only what somebody changes from then on is checked. Where the configuration declares the schema of the tenant, it is `409 declared_in_configuration`.
 *
 * Needs the scope `schemas:write`.
 *
 * `POST /admin/v1/schemas`
 */
export const createSchema = ["POST", "/admin/v1/schemas", 15, { if_match: "If-Match" }];
/**
 * Create a tenant.
 *
 * A full separation of data and keys, with a base URL of its own, which is its issuer. It answers at once, and has one API key, whose secret is in this answer and nowhere else.
 *
 * `POST /admin/v1/tenants`
 */
export const createTenant = ["POST", "/admin/v1/tenants", 15];
/**
 * Give a tenant an API key.
 *
 * For a tenant whose own keys are lost: a key that may do all there. Its secret is in the answer and nowhere else. It is this key, not the one of an operator, that manages what is in a tenant.
 *
 * `POST /admin/v1/tenants/{tenant_id}/api-keys`
 */
export const createTenantApiKey = ["POST", "/admin/v1/tenants/{tenant_id}/api-keys", 15];
/**
 * Create a user.
 *
 * Somebody who can sign in from now on. Identifiers that are said to be verified count as proven. A password is hashed and held against the policy like one that its person chooses; without one the user has none. The profile may hold claims that people cannot write themselves. Creates once for an `Idempotency-Key`; `409 identifier_taken` where an identifier finds somebody else.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users`
 */
export const createUser = ["POST", "/admin/v1/users", 15];
/**
 * Delete an API key.
 *
 * It is worth nothing from the next request on, and so is whatever its secret was. A key may delete itself.
 *
 * Needs the scope `api_keys:write`.
 *
 * `DELETE /admin/v1/api-keys/{api_key_id}`
 */
export const deleteApiKey = ["DELETE", "/admin/v1/api-keys/{api_key_id}", 5];
/**
 * Delete an application.
 *
 * Its sessions, flows and secrets are worth nothing from then on, and its client id is free. What the configuration declares is removed there first: `409 declared_in_configuration`.
 *
 * Needs the scope `applications:write`.
 *
 * `DELETE /admin/v1/applications/{application_id}`
 */
export const deleteApplication = ["DELETE", "/admin/v1/applications/{application_id}", 5];
/**
 * Delete a secret of an application.
 *
 * It is worth nothing from the next request on.
 *
 * Needs the scope `applications:write`.
 *
 * `DELETE /admin/v1/applications/{application_id}/secrets/{application_secret_id}`
 */
export const deleteApplicationSecret = ["DELETE", "/admin/v1/applications/{application_id}/secrets/{application_secret_id}", 5];
/**
 * Delete a role.
 *
 * Takes it away from everybody who has it. A role that holds more than the scopes of the API key which asks stays: `403 scope_exceeded`, and so does a built-in one: `409 role_built_in`.
 *
 * Needs the scope `roles:write`.
 *
 * `DELETE /admin/v1/roles/{role_id}`
 */
export const deleteRole = ["DELETE", "/admin/v1/roles/{role_id}", 5];
/**
 * Go back to the built-in words.
 *
 * The tenant's words in this language hold no longer; what they were stays among the versions. Where it has none it is `404 template_unknown`.
 *
 * Needs the scope `templates:write`.
 *
 * `DELETE /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const deleteTemplate = ["DELETE", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 5, { if_match: "If-Match" }];
/**
 * Delete a tenant.
 *
 * It answers nobody any more. When the grace period of 30 days is over, everything in it and its keys are destroyed for good; `at_once` leaves that out. Until then `restoreTenant` undoes it. The log of what happened stays, without what it tells of people.
 *
 * `DELETE /admin/v1/tenants/{tenant_id}`
 */
export const deleteTenant = ["DELETE", "/admin/v1/tenants/{tenant_id}", 13];
/**
 * Delete a user.
 *
 * Every session ends and nobody signs in as the user any more. When the grace period is over, all that is held about them is erased for good; `at_once` leaves that out. Until then `restoreUser` undoes it, and so does the person by signing in.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}`
 */
export const deleteUser = ["DELETE", "/admin/v1/users/{user_id}", 13];
/**
 * End a session of a user.
 *
 * It is good for nothing from the next request on, on every node within a second.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/sessions/{session_id}`
 */
export const endUserSession = ["DELETE", "/admin/v1/users/{user_id}/sessions/{session_id}", 5];
/**
 * End all sessions of a user.
 *
 * They are good for nothing from the next request on, on every node within a second.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/sessions`
 */
export const endUserSessions = ["DELETE", "/admin/v1/users/{user_id}/sessions", 5];
/**
 * Have a user choose another password.
 *
 * The password is right as before, and whoever gives it at a login or a step-up is asked for another one, as the step `new_password`, before it comes to anything; all other sessions end with that. Who gives a wrong one is told nothing of it. A client that does not accept that step ends in `client_upgrade_required`. Without a password: `404 password_none`.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/password/expire`
 */
export const expireUserPassword = ["POST", "/admin/v1/users/{user_id}/password/expire", 7];
/**
 * Export everything held about a user.
 *
 * Begins an export of everything that is held about a user of any status, but for secrets. It is the document that `getExportResult` describes, of the whole profile, with the section `audit` as well, and with the member `internal` in records that have more than the person may see: private metadata, versions, who did what and with which data. It is read with `getJobResult`, which needs this scope too. The user sees in their activity that it was asked for. A user who is erased meanwhile ends it as `user_unknown`.
 *
 * Needs the scope `users:export`.
 *
 * `POST /admin/v1/users/{user_id}/export`
 */
export const exportUser = ["POST", "/admin/v1/users/{user_id}/export", 15];
/**
 * Read an API key.
 *
 * What it is called, what it may do, until when, and when it was last used. Never its secret.
 *
 * Needs the scope `api_keys:read`.
 *
 * `GET /admin/v1/api-keys/{api_key_id}`
 */
export const getApiKey = ["GET", "/admin/v1/api-keys/{api_key_id}", 13];
/**
 * Read an application.
 *
 * All of its settings, defaults included, and whose they are to change.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications/{application_id}`
 */
export const getApplication = ["GET", "/admin/v1/applications/{application_id}", 13];
/**
 * Read an entry.
 *
 * What happened, by its number. An entry that retention has removed is `audit_entry_unknown`.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit/entries/{number}`
 */
export const getAuditEntry = ["GET", "/admin/v1/audit/entries/{number}", 13];
/**
 * Read the end of the chain.
 *
 * The number and the hash of the last entry, which close all before. Note them where nobody who can change the database can change them too: whoever verifies against them later finds what was computed anew or cut off since. The number is 0 before anything has happened. Where the tenant keeps entries for some days only (`audit_retention_days`), `removed` tells which are gone.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit/head`
 */
export const getAuditHead = ["GET", "/admin/v1/audit/head", 13];
/**
 * Read the current version of the profile schema.
 *
 * The version that holds, with its document as operators see it.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas/current`
 */
export const getCurrentSchema = ["GET", "/admin/v1/schemas/current", 13];
/**
 * Read an invitation.
 *
 * Whom it is for, who invited them, and what became of it. Never its token.
 *
 * Needs the scope `invitations:read`.
 *
 * `GET /admin/v1/invitations/{invitation_id}`
 */
export const getInvitation = ["GET", "/admin/v1/invitations/{invitation_id}", 13];
/**
 * Read a job.
 *
 * How far it is, and how it ended.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs/{job_id}`
 */
export const getJob = ["GET", "/admin/v1/jobs/{job_id}", 13];
/**
 * Read the result of a job.
 *
 * A part of what a completed job has made; the parts in their order, one after the other, are the whole. It needs the scope that starting the job needed too (`scope` of the job), and is told as an event. Before the job is completed, and after the result was removed, it is `404 job_result_unknown`.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs/{job_id}/result`
 */
export const getJobResult = ["GET", "/admin/v1/jobs/{job_id}/result", 13];
/**
 * Read a message.
 *
 * Where it stands, and why the last attempt failed.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/messages/{message_id}`
 */
export const getMessage = ["GET", "/admin/v1/messages/{message_id}", 13];
/**
 * Read a role.
 *
 * A role, built-in ones too.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles/{role_id}`
 */
export const getRole = ["GET", "/admin/v1/roles/{role_id}", 13];
/**
 * Read a version of the profile schema.
 *
 * One version with its document, of whatever age.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas/versions/{schema_version}`
 */
export const getSchema = ["GET", "/admin/v1/schemas/versions/{schema_version}", 13];
/**
 * Read the settings of the tenant.
 *
 * What the tenant has otherwise than its server; null is as the server has it. What `declared` names is the configuration's to change.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings`
 */
export const getSettings = ["GET", "/admin/v1/settings", 13];
/**
 * Read one change of the settings.
 *
 * What was before and after it.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings/history/{settings_version}`
 */
export const getSettingsVersion = ["GET", "/admin/v1/settings/history/{settings_version}", 13];
/**
 * Read a signing key.
 *
 * What it is for now, from when until when, and its public part. `404 signing_key_unknown` where the tenant has none of this `kid`.
 *
 * Needs the scope `keys:read`.
 *
 * `GET /admin/v1/keys/{kid}`
 */
export const getSigningKey = ["GET", "/admin/v1/keys/{kid}", 13];
/**
 * Read the words of a message.
 *
 * The words that a reader gets who wishes this language, and where they are from: the application's in it, or in the one that it is a form of (`pt` for `pt-BR`); then the tenant's; then the built-in ones in it; then all of them in the language of the tenant, and in that of the server; and in the end English. `version` is that of the application's or without one of the tenant's words in exactly this language, 0 where there have been none.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const getTemplate = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 13];
/**
 * Read an earlier version of the words of a message.
 *
 * What they were, to compare them or to set them again.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions/{template_version}`
 */
export const getTemplateVersion = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions/{template_version}", 13];
/**
 * Read a tenant.
 *
 * Where it is found, how it stands, and who manages it.
 *
 * `GET /admin/v1/tenants/{tenant_id}`
 */
export const getTenant = ["GET", "/admin/v1/tenants/{tenant_id}", 13];
/**
 * Read a user.
 *
 * A user of any status but `deleted`, with all of the profile.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}`
 */
export const getUser = ["GET", "/admin/v1/users/{user_id}", 13];
/**
 * Read what a user can do.
 *
 * The roles and permissions that count at the moment, sorted. Who is suspended, or is to be deleted, can nothing: both lists are empty.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/users/{user_id}/permissions`
 */
export const getUserPermissions = ["GET", "/admin/v1/users/{user_id}/permissions", 13];
/**
 * Read the recovery of a user.
 *
 * The last one that was started, however it ended. A user who never had one has none: `404 recovery_unknown`.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/recovery`
 */
export const getUserRecovery = ["GET", "/admin/v1/users/{user_id}/recovery", 13];
/**
 * Act in a user's name.
 *
 * Starts a session that its user can see, with the `act` claim of who uses it, here and in the tokens minted from it. Every event of it names the API key that asked in `actor.by`. It proves nothing: what needs a fresh authentication is `403 impersonated` in it, and so are a step-up and a refresh. It ends with its time, which is no later than the `expires_at` of the API key, with `endUserSession`, or when the user ends it; not when the key is deleted. Only where the server has `user.impersonation`: `403 impersonation_disabled`. Not for who runs the tenant: `403 impersonation_refused`; for who comes to run it later, the session is worth nothing while they do.
 *
 * Needs the scope `users:impersonate`.
 *
 * `POST /admin/v1/users/{user_id}/impersonate`
 */
export const impersonateUser = ["POST", "/admin/v1/users/{user_id}/impersonate", 15];
/**
 * Send to a stopped range again.
 *
 * Messages go to the numbers of the range again at once, and its new numbers are counted from the beginning. A range that is not stopped is `404 message_range_unknown`.
 *
 * Needs the scope `messages:write`.
 *
 * `DELETE /admin/v1/message-ranges/{range_prefix}`
 */
export const liftMessageRange = ["DELETE", "/admin/v1/message-ranges/{range_prefix}", 5];
/**
 * List the API keys.
 *
 * All API keys of the tenant, oldest first, expired ones too. Nothing shows a secret again.
 *
 * Needs the scope `api_keys:read`.
 *
 * `GET /admin/v1/api-keys`
 */
export const listApiKeys = ["GET", "/admin/v1/api-keys", 13];
/**
 * List the secrets of an application.
 *
 * Until when each is good, oldest first. Nothing shows a secret again.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications/{application_id}/secrets`
 */
export const listApplicationSecrets = ["GET", "/admin/v1/applications/{application_id}/secrets", 13];
/**
 * List the applications.
 *
 * All applications of the tenant, oldest first, disabled ones too.
 *
 * Needs the scope `applications:read`.
 *
 * `GET /admin/v1/applications`
 */
export const listApplications = ["GET", "/admin/v1/applications", 13];
/**
 * List what happened.
 *
 * What happened in the tenant and fits all that is given, in the order of its numbers. An entry follows what it tells of within about a second. An index answers each filter, and the rest is held against what it gives: a page may be short, or even empty, while `next_cursor` says that there is more to look at. Only what is listed here can be asked for. Whoever follows what happens asks for `order=oldest` and, as `after`, the last number seen: nothing slips behind it.
 *
 * Needs the scope `audit:read`.
 *
 * `GET /admin/v1/audit`
 */
export const listAuditEntries = ["GET", "/admin/v1/audit", 13];
/**
 * List the invitations.
 *
 * Whom somebody has invited, and what became of that, the newest first. Nothing shows a token again. An invitation is known for a month after it has expired.
 *
 * Needs the scope `invitations:read`.
 *
 * `GET /admin/v1/invitations`
 */
export const listInvitations = ["GET", "/admin/v1/invitations", 13];
/**
 * List the jobs.
 *
 * The jobs of the tenant, the newest first. One that has finished is there until it expires.
 *
 * Needs the scope `jobs:read`.
 *
 * `GET /admin/v1/jobs`
 */
export const listJobs = ["GET", "/admin/v1/jobs", 13];
/**
 * List the ranges of numbers that are stopped.
 *
 * Where many numbers of a range get a text message for the first time within minutes, somebody is making them up, and nothing is sent to the whole range for a while. These are the ranges that this holds for now.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/message-ranges`
 */
export const listMessageRanges = ["GET", "/admin/v1/message-ranges", 13];
/**
 * List the messages.
 *
 * What the tenant has sent, is about to send or could not send, the newest first. What a message says is not shown: it may hold what lets its reader in.
 *
 * Needs the scope `messages:read`.
 *
 * `GET /admin/v1/messages`
 */
export const listMessages = ["GET", "/admin/v1/messages", 13];
/**
 * List who has a role.
 *
 * The users who have the role, by their ids; suspended ones too.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles/{role_id}/users`
 */
export const listRoleUsers = ["GET", "/admin/v1/roles/{role_id}/users", 13];
/**
 * List the roles.
 *
 * All roles of the tenant: the built-in ones first, then its own, oldest first. With `key` only the role that has it, if any.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/roles`
 */
export const listRoles = ["GET", "/admin/v1/roles", 13];
/**
 * List the versions of the profile schema.
 *
 * All versions without their documents, the newest first. The last in the list is the built-in one, which every tenant begins with.
 *
 * Needs the scope `schemas:read`.
 *
 * `GET /admin/v1/schemas`
 */
export const listSchemas = ["GET", "/admin/v1/schemas", 13];
/**
 * List how the settings were changed.
 *
 * Every change over this API, the newest first: who made it, when, and what was before and after. The last thousand are kept. What the configuration declares is not among them.
 *
 * Needs the scope `settings:read`.
 *
 * `GET /admin/v1/settings/history`
 */
export const listSettingsVersions = ["GET", "/admin/v1/settings/history", 13];
/**
 * List the signing keys.
 *
 * The keys that the tenant signs with, oldest first: what each is for now, and from when until when. A tenant that has signed nothing yet has none; its first need makes the first one. An expired key is listed until a server has removed it, within minutes. Private parts are in no answer.
 *
 * Needs the scope `keys:read`.
 *
 * `GET /admin/v1/keys`
 */
export const listSigningKeys = ["GET", "/admin/v1/keys", 13];
/**
 * List how the words of a message were changed.
 *
 * Every version of the tenant's words in this language, the newest first: when it was made, by whom, and whether it removed them. The last hundred are kept.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions`
 */
export const listTemplateVersions = ["GET", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}/versions", 13];
/**
 * List the words of messages.
 *
 * For every kind of message, channel and language: whether the words are the tenant's own or built in. Languages without built-in words are listed where the tenant has words in them. With an application it is the words that it has of its own, and no others.
 *
 * Needs the scope `templates:read`.
 *
 * `GET /admin/v1/templates`
 */
export const listTemplates = ["GET", "/admin/v1/templates", 13];
/**
 * List the tenants.
 *
 * All tenants of the server, oldest first, suspended ones and those to be deleted too. Asked at any tenant, with an operator key.
 *
 * `GET /admin/v1/tenants`
 */
export const listTenants = ["GET", "/admin/v1/tenants", 13];
/**
 * List the passkeys of a user.
 *
 * The user's passkeys, of every relying party, oldest first.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/passkeys`
 */
export const listUserPasskeys = ["GET", "/admin/v1/users/{user_id}/passkeys", 13];
/**
 * List the roles of a user.
 *
 * What was given to the user, whether or not they can use it at the moment; see `getUserPermissions`.
 *
 * Needs the scope `roles:read`.
 *
 * `GET /admin/v1/users/{user_id}/roles`
 */
export const listUserRoles = ["GET", "/admin/v1/users/{user_id}/roles", 13];
/**
 * List the sessions of a user.
 *
 * Where the user is signed in, newest first.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users/{user_id}/sessions`
 */
export const listUserSessions = ["GET", "/admin/v1/users/{user_id}/sessions", 13];
/**
 * Find users.
 *
 * Users for whom all holds that is given, everybody but the deleted without any of it. An index gives them, and the rest is held against what it gives: a page may be short, or even empty, while `next_cursor` says that there is more to look at. What no index answers is `422 filter_not_indexed`.
 *
 * Needs the scope `users:read`.
 *
 * `GET /admin/v1/users`
 */
export const listUsers = ["GET", "/admin/v1/users", 13];
/**
 * Merge two users.
 *
 * Makes the source part of the user in the path, exactly as the preview has told whose `ETag` is in `If-Match`: `412 version_stale` when anything of either user has changed since. Identifiers, roles and consents move, the source's sessions end, and its password moves to nobody. Then the source is erased at once, and its id is `404 user_unknown`; the events `user.merged` and `user.merged_into`, and with them the audit log, say where it went. A role counts as given by whoever merges: `403 scope_exceeded` where the API key could not give it, or may less than the source. Nobody is merged with themselves (`422 merge_itself`), who is suspended (`409 merge_suspended`) or to be deleted (`409 merge_deletion_scheduled`), who runs the tenant (`409 merge_operator`), or in whose name somebody acts just now (`409 merge_impersonated`); nor beyond what one user may have (`409 identifier_limit`, `409 user_role_limit`).
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/merge`
 */
export const mergeUsers = ["POST", "/admin/v1/users/{user_id}/merge", 15, { if_match: "If-Match" }];
/**
 * Preview a message.
 *
 * What a reader would see, with the given words or without them with those that hold, and with the given values or samples. Nothing is stored or sent. Words that could not be stored are `422 template_invalid` here too.
 *
 * Needs the scope `templates:read`.
 *
 * `POST /admin/v1/templates/preview`
 */
export const previewTemplate = ["POST", "/admin/v1/templates/preview", 12];
/**
 * See what merging two users would do.
 *
 * Changes nothing, and refuses what `mergeUsers` refuses. The `ETag` names exactly this merge of the two users as they are: `mergeUsers` asks for it.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/merge/preview`
 */
export const previewUserMerge = ["POST", "/admin/v1/users/{user_id}/merge/preview", 12];
/**
 * Reactivate a tenant.
 *
 * A suspended tenant answers again.
 *
 * `POST /admin/v1/tenants/{tenant_id}/reactivate`
 */
export const reactivateTenant = ["POST", "/admin/v1/tenants/{tenant_id}/reactivate", 13];
/**
 * Let a suspended user back in.
 *
 * Sessions that have not expired are good again. A deletion that was scheduled goes on.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/reactivate`
 */
export const reactivateUser = ["POST", "/admin/v1/users/{user_id}/reactivate", 13];
/**
 * Take an identifier from a user.
 *
 * It is anybody's again. The oldest one left of its type takes the place of a primary one. The last one stays: `409 identifier_last`. The user is sent no notice of it, and has no way back.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/identifiers/{identifier_id}`
 */
export const removeUserIdentifier = ["DELETE", "/admin/v1/users/{user_id}/identifiers/{identifier_id}", 5];
/**
 * Remove a passkey of a user.
 *
 * It proves nothing any more, be it the user's last way in or not. The user is sent no notice of it. What to tell the platform about it comes where the passkey is tried, and with the user's own list.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/passkeys/{passkey_id}`
 */
export const removeUserPasskey = ["DELETE", "/admin/v1/users/{user_id}/passkeys/{passkey_id}", 5];
/**
 * Send an invitation again.
 *
 * Makes another token, for as long as the first one was good, and delivers it as the first one; the one before is worth nothing from now on. One that has expired is pending again. One that was accepted or revoked is `409 invitation_closed`, and one whose message was queued just now `422 code_sent_recently` with the time to wait.
 *
 * Needs the scope `invitations:write`.
 *
 * `POST /admin/v1/invitations/{invitation_id}/send`
 */
export const resendInvitation = ["POST", "/admin/v1/invitations/{invitation_id}/send", 15];
/**
 * Send a failed message again.
 *
 * Queues a message that was given up, with its attempts counted from the beginning. One that has not failed is `409 message_not_failed`, and one that is of no use to its reader any more `409 message_outdated`. It costs what another message would: `429 message_budget_spent`, and goes where another would: `422 message_country_not_allowed`.
 *
 * Needs the scope `messages:write`.
 *
 * `POST /admin/v1/messages/{message_id}/resend`
 */
export const resendMessage = ["POST", "/admin/v1/messages/{message_id}/resend", 15];
/**
 * Have the settings of an earlier version again.
 *
 * Makes a new version with the settings that an earlier one had. What the configuration declares stays as it declares it.
 *
 * Needs the scope `settings:write`.
 *
 * `POST /admin/v1/settings/restore`
 */
export const restoreSettings = ["POST", "/admin/v1/settings/restore", 15, { if_match: "If-Match" }];
/**
 * Undo the deletion of a tenant.
 *
 * It is suspended then: look at it, and reactivate it. Once the grace period is over, nothing can be undone: `409 tenant_deleting`.
 *
 * `POST /admin/v1/tenants/{tenant_id}/restore`
 */
export const restoreTenant = ["POST", "/admin/v1/tenants/{tenant_id}/restore", 13];
/**
 * Undo a scheduled deletion.
 *
 * The user is as before, without their sessions. It changes nothing where no deletion is scheduled.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/restore`
 */
export const restoreUser = ["POST", "/admin/v1/users/{user_id}/restore", 13];
/**
 * Revoke an invitation.
 *
 * Its link is worth nothing from now on, and a flow that was begun with it ends in `invitation_invalid`. It stays visible. One that was accepted is `409 invitation_closed`; one that was revoked stays revoked.
 *
 * Needs the scope `invitations:write`.
 *
 * `DELETE /admin/v1/invitations/{invitation_id}`
 */
export const revokeInvitation = ["DELETE", "/admin/v1/invitations/{invitation_id}", 5];
/**
 * Revoke a signing key.
 *
 * For a key that is trusted no longer: it is published no more and its private part is destroyed. Where it was the one that signs, its successor, or a new key, signs at once. What it has signed is refused by every verifier that has read the keys again, which takes five minutes at most; sessions are not touched, and front ends mint anew from them. There is no `If-Match`: a `kid` is one key for ever, and whatever became of it meanwhile, it is to be gone.
 *
 * Needs the scope `keys:write`.
 *
 * `DELETE /admin/v1/keys/{kid}`
 */
export const revokeSigningKey = ["DELETE", "/admin/v1/keys/{kid}", 5];
/**
 * Give an API key another secret.
 *
 * The new secret is in the answer and nowhere else. The one before goes on working for `overlap_seconds`, so that programs can be changed over one by one; secrets that were to end sooner still do. Ten secrets of a key work at the same time, no more: `409 api_key_secret_limit`. A key that ends by itself gives no secret to one that outlives it: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys/{api_key_id}/rotate`
 */
export const rotateApiKey = ["POST", "/admin/v1/api-keys/{api_key_id}/rotate", 15, { if_match: "If-Match" }];
/**
 * Have the signing key followed by another one.
 *
 * The successor is published now and signs once every verifier can know it (`jwks.publish_ahead`); the key before it stays published for as long as anything it signed is valid (`jwks.overlap`), so that no token is refused. The answer is the key that will sign. Where a successor waits already it is that one, and nothing changes. Servers do the same by themselves every `jwks.rotate_every`. With `immediately` the successor, the one that waits or else a new one, signs at once: for as long as verifiers keep a copy of the keys, five minutes, some may not know it. There is no `If-Match`: whatever was rotated meanwhile, the answer is the one successor that follows, and the `Idempotency-Key` keeps a repetition with `immediately` from making another one. Where twenty keys are published already it is `409 signing_key_limit`: wait until some have expired, or revoke them. To distrust a key, revoke it.
 *
 * Needs the scope `keys:write`.
 *
 * `POST /admin/v1/keys/rotate`
 */
export const rotateSigningKeys = ["POST", "/admin/v1/keys/rotate", 15];
/**
 * Send a test message.
 *
 * Queues a message that says that it is a test, so that whoever sets up a provider can see whether it arrives; reading it again tells how it went. Where the channel has no provider it is `409 message_channel_unavailable`, and an address that no message can be sent to is `422 message_recipient_invalid`; one in a country that no text messages go to is `422 message_country_not_allowed`. Where as many were sent as may be it is `429 message_budget_spent`.
 *
 * Needs the scope `messages:write`.
 *
 * `POST /admin/v1/messages`
 */
export const sendTestMessage = ["POST", "/admin/v1/messages", 15];
/**
 * Set the words of a message.
 *
 * Makes the next version of the tenant's words, which holds on every node within seconds, on this one at once. The words are a subject with a heading, a body and a footer, which fill the built-in layout, or with `html` and the same as `text`. A value stands where its placeholder is, in HTML as text; nothing in them is executed. HTML has no scripts, forms, frames or comments and loads from https only: what it must not have, and a placeholder that the kind does not have or that is missing, is `422 template_invalid`. Start from `"0"` where there are none.
 *
 * Needs the scope `templates:write`.
 *
 * `PUT /admin/v1/templates/{template_kind}/{template_channel}/{template_locale}`
 */
export const setTemplate = ["PUT", "/admin/v1/templates/{template_kind}/{template_channel}/{template_locale}", 13, { if_match: "If-Match" }];
/**
 * Set the password of a user.
 *
 * In the place of whatever there was. It is held against the policy like one that its person chooses: `422 password_rejected`. Every session of the user ends with it, unless `keep_sessions` is said. The user is sent no notice of it. One that is `temporary` has expired already, see below.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/password`
 */
export const setUserPassword = ["POST", "/admin/v1/users/{user_id}/password", 7];
/**
 * Start the recovery of an account.
 *
 * For somebody who has lost every way into their account and has shown in another way who they are. Every address that the account has proven is told, with a link that stops it, and nothing happens until `opens_at`. From then until `expires_at` the new address is good for the journey `recovery`: whoever proves it there and chooses a password has the account. All its sessions end, the new address is its first choice, its other addresses count as proven no more, and they are told. Where the account has proven addresses and none of them can be told, nothing starts. Who runs the tenant is not recovered (`409 recovery_operator`). One at a time: `409 recovery_running`.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/recovery`
 */
export const startUserRecovery = ["POST", "/admin/v1/users/{user_id}/recovery", 15];
/**
 * Stop the recovery of an account.
 *
 * What has not been completed never will be; stopping it again changes nothing. Where none was started: `404 recovery_unknown`.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/recovery`
 */
export const stopUserRecovery = ["DELETE", "/admin/v1/users/{user_id}/recovery", 5];
/**
 * Suspend a tenant.
 *
 * It answers nobody, and loses nothing. Sessions and keys are as they were once it is reactivated.
 *
 * `POST /admin/v1/tenants/{tenant_id}/suspend`
 */
export const suspendTenant = ["POST", "/admin/v1/tenants/{tenant_id}/suspend", 13];
/**
 * Suspend a user.
 *
 * Nobody signs in as the user, and their sessions are good for nothing, until `reactivateUser`. Suspending twice changes nothing.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/suspend`
 */
export const suspendUser = ["POST", "/admin/v1/users/{user_id}/suspend", 13];
/**
 * Take a role from a user.
 *
 * Taking a role that the user does not have changes nothing. What holds more than the scopes of the API key which asks cannot be taken: `403 scope_exceeded`. Tokens that were minted before go on saying it until they expire.
 *
 * Needs the scope `roles:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/roles/{role_id}`
 */
export const unassignRole = ["DELETE", "/admin/v1/users/{user_id}/roles/{role_id}", 5];
/**
 * Change an API key.
 *
 * Name, scopes and expiry. Scopes that are taken away are missing from the next request on. Neither the scopes that are given nor those that the key has may be more than those of the key which asks: `403 scope_exceeded`. A key that ends by itself gives no expiry after its own, not even to itself, and no scope to a key that outlives it: `403 expiry_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `PATCH /admin/v1/api-keys/{api_key_id}`
 */
export const updateApiKey = ["PATCH", "/admin/v1/api-keys/{api_key_id}", 13, { if_match: "If-Match" }];
/**
 * Change an application.
 *
 * A setting that is set to null has its default again. A disabled application has no session, flow or token from then on. What the configuration declares is changed there: `409 declared_in_configuration`.
 *
 * Needs the scope `applications:write`.
 *
 * `PATCH /admin/v1/applications/{application_id}`
 */
export const updateApplication = ["PATCH", "/admin/v1/applications/{application_id}", 13, { if_match: "If-Match" }];
/**
 * Change a role.
 *
 * Name, description and permissions; the key never changes. Whoever has the role has what it holds from now on, in tokens from the next one on. Neither the permissions that are given nor those that the role has may be more than the scopes of the API key which asks: `403 scope_exceeded`. A built-in role stays as it is: `409 role_built_in`.
 *
 * Needs the scope `roles:write`.
 *
 * `PATCH /admin/v1/roles/{role_id}`
 */
export const updateRole = ["PATCH", "/admin/v1/roles/{role_id}", 13, { if_match: "If-Match" }];
/**
 * Change the settings of the tenant.
 *
 * They hold on every node within seconds, on this one at once. Null is as the server has it. What the configuration declares is changed there: `409 declared_in_configuration`.
 *
 * Needs the scope `settings:write`.
 *
 * `PATCH /admin/v1/settings`
 */
export const updateSettings = ["PATCH", "/admin/v1/settings", 13, { if_match: "If-Match" }];
/**
 * Change a tenant.
 *
 * Base URL and hosts. The base URL is the issuer of all that the tenant signs: whoever checks that has to learn of the new one. A tenant of the configuration is changed there: `409 declared_in_configuration`.
 *
 * `PATCH /admin/v1/tenants/{tenant_id}`
 */
export const updateTenant = ["PATCH", "/admin/v1/tenants/{tenant_id}", 13, { if_match: "If-Match" }];
/**
 * Change a user.
 *
 * A merge patch of the profile, with the claims too that people cannot see or write themselves. What it would make of the profile has to fit the schema: `422 profile_invalid`.
 *
 * Needs the scope `users:write`.
 *
 * `PATCH /admin/v1/users/{user_id}`
 */
export const updateUser = ["PATCH", "/admin/v1/users/{user_id}", 13, { if_match: "If-Match" }];
/**
 * Change an identifier of a user.
 *
 * Says whether it counts as proven, and makes it the first choice of its type. The version is that of the user, who is sent no notice of it.
 *
 * Needs the scope `users:write`.
 *
 * `PATCH /admin/v1/users/{user_id}/identifiers/{identifier_id}`
 */
export const updateUserIdentifier = ["PATCH", "/admin/v1/users/{user_id}/identifiers/{identifier_id}", 13, { if_match: "If-Match" }];
/**
 * Try a profile schema without creating it.
 *
 * Changes nothing. Says whether the document could be the next version, what it would change, and, for an API key that has the scope `users:read` too, how many of the hundred newest users have a profile that would not fit if it were written anew. Their profiles stay as they are whatever is created.
 *
 * Needs the scope `schemas:read`.
 *
 * `POST /admin/v1/schemas/validate`
 */
export const validateSchema = ["POST", "/admin/v1/schemas/validate", 12];
/**
 * Verify the chain.
 *
 * Starts a job of the type `audit_verification`: every hash is computed anew and held against the head, the events, and a head that was noted earlier. The job is completed also where something does not hold; its result, a JSON object, says what was found. `first_number` and `removed` tell where the chain begins, as in the head. What retention removed is told by events of the type `audit.trimmed`, which are held against that; the fault `removed` means that all holds and that the entry whose head was noted is one of those.
 *
 * Needs the scope `audit:read`.
 *
 * `POST /admin/v1/audit/verify`
 */
export const verifyAudit = ["POST", "/admin/v1/audit/verify", 15];
