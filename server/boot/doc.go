// Package boot knows everything, so that no other package has to.
//
// It owns the wiring of stores and services, the public and the operations listener,
// the workers beside them, and the order in which all of that starts and stops.
//
// It does not own rules, requests or SQL: it makes the parts and hands each what it
// asked for. Its chambers are config, which says what an operator decides, and
// observe, which shows how the server is. Above it stands cli, below it everything
// else.
//
// How a server stops: /readyz turns 503, the public listener closes, requests that
// were accepted are finished until the deadline, the workers end and write what
// they hold, the operations listener closes, then the database.
package boot
