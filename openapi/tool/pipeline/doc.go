// Package pipeline makes every generated file from the contract.
//
// It owns what is generated, where it goes, and whether the files of the working tree are
// current. The document itself comes from bundle, the changed templates from template;
// judging the contract is lint's.
package pipeline
