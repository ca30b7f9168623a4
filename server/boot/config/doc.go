// Package config is all that an operator decides.
//
// It owns every key with its meaning, its default and its bounds, where values are
// read from (a file, then the environment), what a production server refuses, the
// reference that is made from all of that, and the root keys that the configuration
// names. A section is the Config of the room it configures, which judges its values.
//
// It does not own what is done with a value: boot hands each room its section.
package config
