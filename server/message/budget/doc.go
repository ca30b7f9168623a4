// Package budget bounds what is sent, in count and in money, before it is queued.
//
// It owns the budgets, the countries that text messages go to, and the ranges of numbers
// that are stopped since too many new numbers were written to in them. All of them depend on
// the address and on who asks, and on no user: what a stranger sees says nothing about whether
// anybody has an account.
//
// A budget of a number range, domain, country, application or tenant, and the one in money, is
// kept by all nodes together: so much per window, in a row of the database. A node reserves a
// block of it in one guarded UPDATE of its own, never in its caller's unit of work, and spends
// from memory, so that no row is hot: an eighth of what is left, so that the blocks become
// smaller as it gets scarce, and one at a time in the end. Together the nodes never spend
// more than the budget. What a node does not use goes back after a minute or when it stops,
// and a window that ends takes with it what a node that died has held.
//
// An address is bounded by the limiter of the node and by the queue itself, which knows when
// the address was written to: one indexed read, and no row to write for each message. What
// two nodes are about to queue at the same moment the other one does not see, so that each
// may use the bound once in that moment, and never again afterwards. Who asks is bounded by
// the limiter of the node alone, which is what keeps strangers from making up rows here: a
// source that is spread over nodes gets the bound of each, and still no more than the budgets
// that the nodes share.
//
// A message that tells a user what happened to their account is not asked for by whoever
// causes it, who may be the last to want it sent. It has a budget of its address apart from the
// other messages, and pays what any message owes to the tenant, and nothing else: not as one of
// a source, range, domain, country or application, which strangers and thieves can spend, and it
// goes to a stopped range. One that brings a way back has another budget again, so that nobody
// spends it by making many changes. The limiter of the node alone counts these: nobody causes
// them but who is signed in. None of it counts for the messages that are asked for.
//
// A number is new where the queue, which remembers a message for message.keep_for, knows of
// none to it; that survives a restart. Each new number is counted in a row of its range.
// Where there are as many as may be, nobody in the range is written to for a while, whether
// known or not: who is left out of that would be told to strangers.
//
// It does not own the queue (server/message) or how often a wrong answer may be given
// (server/risk).
package budget
