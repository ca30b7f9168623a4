/**
 * Add an identifier to a user.
 *
 * One more email address, phone number or username that finds the user. Adding what they have already changes nothing and answers alike.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/identifiers`
 */
export const addUserIdentifier = ["POST", "/admin/v1/users/{user_id}/identifiers", 15];
/**
 * Create an API key.
 *
 * A key for one program. Its secret is in the answer and nowhere else, ever. It may be given no scope that the key which asks does not have: `403 scope_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys`
 */
export const createApiKey = ["POST", "/admin/v1/api-keys", 15];
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
 * It is anybody's again. The oldest one left of its type takes the place of a primary one. The last one stays: `409 identifier_last`.
 *
 * Needs the scope `users:write`.
 *
 * `DELETE /admin/v1/users/{user_id}/identifiers/{identifier_id}`
 */
export const removeUserIdentifier = ["DELETE", "/admin/v1/users/{user_id}/identifiers/{identifier_id}", 5];
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
 * Give an API key another secret.
 *
 * The new secret is in the answer and nowhere else. The one before goes on working for `overlap_seconds`, so that programs can be changed over one by one; secrets that were to end sooner still do.
 *
 * Needs the scope `api_keys:write`.
 *
 * `POST /admin/v1/api-keys/{api_key_id}/rotate`
 */
export const rotateApiKey = ["POST", "/admin/v1/api-keys/{api_key_id}/rotate", 15, { if_match: "If-Match" }];
/**
 * Set the password of a user.
 *
 * In the place of whatever there was. It is held against the policy like one that its person chooses: `422 password_rejected`. Every session of the user ends with it, unless `keep_sessions` is said.
 *
 * Needs the scope `users:write`.
 *
 * `POST /admin/v1/users/{user_id}/password`
 */
export const setUserPassword = ["POST", "/admin/v1/users/{user_id}/password", 7];
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
 * Change an API key.
 *
 * Name, scopes and expiry. Scopes that are taken away are missing from the next request on. Neither the scopes that are given nor those that the key has may be more than those of the key which asks: `403 scope_exceeded`.
 *
 * Needs the scope `api_keys:write`.
 *
 * `PATCH /admin/v1/api-keys/{api_key_id}`
 */
export const updateApiKey = ["PATCH", "/admin/v1/api-keys/{api_key_id}", 13, { if_match: "If-Match" }];
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
