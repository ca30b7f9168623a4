// Package assurance computes how strongly somebody has been authenticated.
//
// It is pure: facts in (what was proven, when, how), acr and amr out. It stores
// nothing and asks nobody; sessions keep the facts, everybody else asks here.
package assurance
