// Package bundle joins the hand-written contract, split by capability, into the one
// document that everything else is made from.
//
// It owns loading, the naming of internalised components, the injection of problem codes,
// the event catalogue, the texts of every language, the 3.0.3 copy and the list of secret
// fields. It does not judge the contract (lint does) and writes no file (pipeline does).
package bundle
